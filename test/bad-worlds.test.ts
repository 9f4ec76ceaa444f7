import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Answer, type Bench, bringUp, makeBench, origin, userAndToken } from "./commands-fixture.ts";
import { testCertificate, testKey } from "./world/test-certificate.ts";

let bench: Bench;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  bench = await makeBench();
});
afterEach(async () => {
  bench.close();
  for (const close of closing.splice(0)) await close();
});

const log = () => bench.read(".steward/state/test/log.jsonl");
const writes = () => bench.simulator.store.mutatingCalls.length;
const reading = [
  "plan --env test",
  "drift --env test",
  "refresh --env test --out actual.json",
  "apply --env test --auto-approve",
];

/** Runs a command on the real network; the clock and the disk are the real ones, too. */
const onNetwork = (words: string): Promise<Answer> => bench.steward(words, { world: {} });

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A port that nobody listens on any more. */
async function closedPort(): Promise<number> {
  const port = await listen(createTcpServer());
  await closing.pop()!();
  return port;
}

/** Trusts a manifest whose system lies elsewhere, then runs a command; nothing may be recorded by it. */
async function askedAt(url: string, more = ""): Promise<{ plan: Answer; json: Answer }> {
  const text = bench.read("steward.yaml");
  bench.write(
    "steward.yaml",
    text.replace(origin, url).replace("enterprise: Acme", `enterprise: Acme, request_timeout: 1s${more}`),
  );
  expect((await onNetwork("trust --all --env test")).code).toBe(0);
  const before = log();
  const plan = await onNetwork("plan --env test");
  const json = await onNetwork("apply --env test --auto-approve --format json");
  expect(log()).toBe(before);
  return { plan, json };
}

function expectFault({ plan, json }: { plan: Answer; json: Answer }, says: RegExp, way: RegExp): void {
  expect(plan).toMatchObject({ code: 1, out: "" });
  expect(plan.err).toMatch(says);
  expect(plan.err).toMatch(way);
  expect(plan.err).toContain("velocloud");
  expect(plan.err).not.toMatch(/at .*\.ts:|undici|ECONN|UND_ERR/);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({ error: "failed" });
}

describe("a system that cannot be reached", () => {
  test("refuses connections", async () => {
    expectFault(await askedAt(`https://127.0.0.1:${await closedPort()}`), /refuses connections/, /steward doctor/);
  }, 30_000);

  test("takes the connection and says nothing", async () => {
    const port = await listen(createTcpServer());
    expectFault(await askedAt(`http://127.0.0.1:${port}`), /did not answer within 1 s/, /run again/);
  }, 30_000);

  test("shows a certificate that nobody vouches for", async () => {
    const port = await listen(createTlsServer({ cert: testCertificate, key: testKey }) as unknown as Server);
    expectFault(await askedAt(`https://localhost:${port}`), /the certificate of localhost:\d+ is/, /ca/);
  }, 30_000);

  test("lies behind a proxy that refuses", async () => {
    const proxy = createServer();
    proxy.on("connect", (_request, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
    const port = await listen(proxy);
    const answers = await askedAt("https://vco.example.net", `, proxy: "http://127.0.0.1:${port}"`);
    expectFault(answers, /the proxy on the way to vco\.example\.net answered 403/, /check the proxy/);
  }, 30_000);
});

describe("a system that answers with something else", () => {
  const faults: [fault: string, says: RegExp][] = [
    ["html:*", /page|HTML|JSON/],
    ["truncated:*", /cut/],
    ["500:*", /500/],
    ["cut-before:*", /cut/],
  ];

  test.each(faults)("%s: it says so, and records nothing", async (fault, says) => {
    await bringUp(bench);
    bench.simulator.faults.add(fault);
    const before = [log(), writes()];
    for (const words of reading) {
      const { code, err } = await bench.steward(words);
      expect({ words, code }).toEqual({ words, code: 1 });
      expect(err).toMatch(says);
      expect(err).toContain("velocloud");
    }
    expect([log(), writes()]).toEqual(before);
    bench.simulator.faults.clear();
    expect((await bench.steward("plan --env test")).out).toContain("No changes.");
  });

  test.each(["html", "truncated", "500", "cut-before", "cut-after-commit"])(
    "%s to each write in turn: what is recorded happened, and the next apply goes on",
    async (fault) => {
      for (const method of [
        "enterprise/insertEnterpriseUser",
        "enterprise/createApiToken",
        "enterprise/downloadApiToken",
      ]) {
        bench.close();
        bench = await makeBench();
        await bench.steward("trust --all --env test");
        bench.simulator.faults.add(`${fault}:${method}:1`);
        const first = await bench.steward("apply --env test --auto-approve --format json");
        // A cut create is read back at once; what a download gave cannot be had again.
        const settled = ["truncated", "cut-after-commit"].includes(fault) && method !== "enterprise/downloadApiToken";
        expect({ method, code: first.code, sent: bench.simulator.store.countOf(method) }).toEqual({
          ...{ method, code: settled ? 0 : 1, sent: 1 },
        });
        const results = JSON.parse(first.out).results as { result: string }[];
        expect(results.every(({ result }) => result === "done")).toBe(settled);
        await expectTruth();
        await expectMended();
      }
    },
  );
});

/** Every recorded object exists as it is recorded. */
async function expectTruth(): Promise<void> {
  const { out } = await bench.steward("state list --env test --format json");
  const { store } = bench.simulator;
  for (const { kind, id } of JSON.parse(out).entries as { kind: string; id: string }[]) {
    const known = kind === "velocloud_api_token" ? store.tokens.get(Number(id)) : store.users.get(Number(id));
    expect({ kind, id, known: known !== undefined }).toEqual({ kind, id, known: true });
  }
}

/** A few more runs bring everything to where it was to go: one live token, whose value is in the sink and works. */
async function expectMended(): Promise<void> {
  let last: Answer | undefined;
  for (let tries = 0; tries < 3 && last?.code !== 0; tries++)
    last = await bench.steward("apply --env test --auto-approve");
  expect(last).toMatchObject({ code: 0 });
  expect((await bench.steward("plan --env test")).out).toContain("No changes.");
  const { store } = bench.simulator;
  const live = store.tokensOf(store.userNamed("ci@acme.example")!.id).filter((token) => !token.isRevoked);
  expect(live).toHaveLength(1);
  const value = (await bench.steward("secret get velocloud_api_token.ci --env test --force")).out.trim();
  expect(store.tokenValues.get(value)).toBe(live[0]!.id);
  expect(store.ownerOfWorkingToken(value)?.username).toBe("ci@acme.example");
}

describe("credentials", () => {
  test("that are wrong are named by system, and nothing is recorded", async () => {
    await bringUp(bench);
    bench.environmentVariables.VCO_TOKEN = "not-a-token";
    const before = [log(), writes()];
    for (const words of reading) {
      const { code, err } = await bench.steward(words);
      expect({ words, code }).toEqual({ words, code: 1 });
      expect(err).toContain("velocloud");
      expect(err).toMatch(/token/i);
    }
    expect([log(), writes()]).toEqual(before);
  });

  test("that are not set are named by variable", async () => {
    await bench.steward("trust --all --env test");
    bench.environmentVariables.VCO_TOKEN = undefined;
    const { code, err } = await bench.steward("plan --env test");
    expect(code).toBe(1);
    expect(err).toContain("the environment variable VCO_TOKEN is not set");
    expect(err).toContain("set VCO_TOKEN");
    expect(bench.transport.sent).toEqual([]);
  });

  test("without the right: what cannot be seen is left out and nothing is written", async () => {
    await bringUp(bench);
    const { store, world } = bench.simulator;
    const low = store.addUser({
      username: "low@acme.example",
      roleName: "Enterprise Standard Admin",
      tenantId: world.enterpriseId,
    });
    bench.environmentVariables.VCO_TOKEN = store.addEnabledToken({ ownerId: low.id, name: "low" });
    bench.declare(userAndToken.replace("lifetime: 90d", "lifetime: 60d"));
    const before = writes();
    const plan = await bench.steward("plan --env test");
    expect(plan.out).toMatch(/left out|not complete/);
    expect(plan.out).toMatch(/super user|privilege/);
    await bench.steward("apply --env test --auto-approve");
    expect(writes()).toBe(before);
    await expectTruth();
  });
});

describe("a state", () => {
  beforeEach(() => bringUp(bench));
  const put = (text: string) => bench.write(".steward/state/test/log.jsonl", text);
  const expectRefused = async (says: RegExp, way: RegExp) => {
    const before = [log(), writes()];
    bench.transport.sent.length = 0;
    for (const words of reading) {
      const { code, err } = await bench.steward(words);
      expect({ words, code }).toEqual({ words, code: 4 });
      expect(err).toMatch(says);
      expect(err).toMatch(way);
    }
    expect([log(), writes(), bench.transport.sent]).toEqual([...before, []]);
  };

  test("whose last line is torn is recovered", async () => {
    put(`${log()}{"n":99,"sum":"ab`);
    expect((await bench.steward("plan --env test")).out).toContain("No changes.");
    expect((await bench.steward("apply --env test --auto-approve")).code).toBe(0);
  });

  test("with a damaged line is refused, with the line", async () => {
    const lines = log().split("\n");
    put([...lines.slice(0, 2), lines[2]!.replace("ci@", "c1@").replace("pin", "pim"), ...lines.slice(3)].join("\n"));
    await expectRefused(/log\.jsonl.*line 3|line 3.*log\.jsonl/s, /restore|backup|version control/);
  });

  test("with a line taken out is refused", async () => {
    put(log().split("\n").toSpliced(3, 1).join("\n"));
    await expectRefused(/line 4/, /restore|backup|version control/);
  });

  test("of a newer format is refused", async () => {
    put(log().replace('"formatVersion":1', '"formatVersion":2'));
    await expectRefused(/newer|format 2/, /Steward/);
  });

  test("of another lineage refuses the plan file of this one, and names both", async () => {
    await bench.steward("plan --env test --replace velocloud_api_token.ci --out plan.json");
    const other = await makeBench();
    closing.push(async () => other.close());
    await bringUp(other);
    put(other.read(".steward/state/test/log.jsonl"));
    const before = [log(), writes()];
    const { code, err } = await bench.steward("apply plan.json");
    expect(code).toBe(4);
    expect(err).toMatch(/lineage|not trusted|changed since/);
    expect([log(), writes()]).toEqual(before);
  });

  test("that somebody holds on another machine is refused with the name, and nothing is asked", async () => {
    const owner = {
      who: "ann",
      host: "build-7",
      pid: 4711,
      command: "apply",
      since: "2026-11-20T11:00:00.000Z",
      id: "x",
    };
    bench.write(".steward/state/test/lock", `${JSON.stringify({ owner, pidSpace: "", started: "1" })}\n`);
    bench.transport.sent.length = 0;
    const { code, err } = await bench.steward("apply --env test --auto-approve");
    expect(code).toBe(4);
    expect(err).toMatch(/locked by ann on build-7 \(process 4711, `steward apply`, since 2026-11-20T11/);
    expect(err).toContain("steward state unlock");
    expect(bench.transport.sent).toEqual([]);
    expect((await bench.steward("plan --env test")).code).toBe(0);
  });
});

describe("a plan file of another target", () => {
  test("is refused with the difference", async () => {
    await bench.steward("trust --all --env test");
    await bench.steward("plan --env test --out plan.json");
    const { simulator } = bench;
    bench.write(
      "steward.yaml",
      bench.read("steward.yaml").replace("enterprise: Acme", `enterprise_id: ${simulator.world.enterpriseId}`),
    );
    const before = [log(), writes()];
    const { code, err } = await bench.steward("apply plan.json");
    expect(code).toBe(4);
    expect(err).toMatch(/stale|target|differs/);
    expect([log(), writes()]).toEqual(before);
  });
});

describe("a step that fails half-way", () => {
  const other = `    ann: { username: ann@acme.example, role: Enterprise Support, password: { generate: true, deliver_to: local:velocloud/ann } }\n`;

  test("skips what needs it, lets the rest go on, tells so, and the next apply finishes", async () => {
    bench.declare(userAndToken.replace("  velocloud_api_token:", `${other}  velocloud_api_token:`));
    await bench.steward("trust --all --env test");
    const { store, faults } = bench.simulator;
    faults.add("500:enterprise/createApiToken:1");
    const { code, out } = await bench.steward("apply --env test --auto-approve");
    expect(code).toBe(1);
    expect(store.userNamed("ann@acme.example")).toBeDefined();
    expect(store.userNamed("ci@acme.example")).toBeDefined();
    expect(out).toMatch(/done +2 .*ann/s);
    expect(out).toMatch(/(failed|in doubt) +1 .*velocloud_api_token\.ci › create/);
    expect(out).toMatch(/skipped +2 .*velocloud_api_token\.ci/s);
    expect(out).toMatch(/Run it again:|To go on:/);
    await expectTruth();
    await expectMended();
  });
});
