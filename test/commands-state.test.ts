import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import { type Bench, bringUp, makeBench, origin, userAndToken } from "./commands-fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await makeBench();
});
afterEach(() => bench.close());

const writes = () => bench.simulator.store.mutatingCalls.length;
const log = () => bench.read(".steward/state/test/log.jsonl");

describe("a run that does not get through", () => {
  const cutDownload = () => bench.simulator.faults.add("500:enterprise/downloadApiToken:1");

  test("ends with an honest table, and the same plan file goes on with it", async () => {
    await bench.steward("trust --all --env test");
    await bench.steward("plan --env test --out plan.json");
    cutDownload();
    const first = await bench.steward("apply plan.json");
    expect(first.code).toBe(1);
    expect(first.out).toMatch(/done +2 .*velocloud_admin_user\.ci/);
    expect(first.out).toMatch(/(failed|in doubt|lost) +1 .*velocloud_api_token\.ci › download/);
    expect(first.out).toMatch(/skipped +1 .*velocloud_api_token\.ci › prove/);
    expect(first.out).toContain("Run it again:  steward apply plan.json");
    expect(await bench.steward("state").then((answer) => answer.code)).toBe(64);
    const reserved = await bench.steward("plan --env test");
    expect(reserved.out).toMatch(/velocloud_api_token\.ci .*left out: run [0-9a-f]+ of .* has not finished it/);
    expect(reserved.out).toContain(
      "without one:  steward apply --env test; to close it only:  steward recover --env test",
    );
    const second = await bench.steward("apply plan.json");
    expect(second.out + second.err).toContain("velocloud_api_token.ci/prove");
    expect(second.code).toBe(0);
    expect((await bench.steward("plan --env test")).out).toContain("No changes.");
  });

  test("a token that was downloaded and lost ends the run: the next plan revokes it and issues it anew (law 5)", async () => {
    await bench.steward("trust --all --env test");
    await bench.steward("plan --env test --out plan.json");
    bench.simulator.faults.add("cut-after-commit:enterprise/downloadApiToken:1");
    const lost = await bench.steward("apply plan.json");
    expect(lost.code).toBe(1);
    expect(lost.out).toMatch(/lost +1 .*the next plan revokes it and issues it anew/);
    expect(lost.out).toContain("Go on with a new plan:  steward plan --env test --out plan.json");
    expect((await bench.steward("apply plan.json")).err).toContain("the plan is stale: ");
    const plan = await bench.steward("plan --env test --out plan.json");
    expect(plan.out).toContain("its value never reached the sink");
    expect((await bench.steward("apply plan.json")).code).toBe(0);
    expect((await bench.steward("plan --env test")).out).toContain("No changes.");
    const { store } = bench.simulator;
    const tokens = store.tokensOf(store.userNamed("ci@acme.example")!.id);
    expect(tokens.map((token) => token.isRevoked)).toEqual([true, false]);
  });

  test("recover closes it, and the next plan goes on from there", async () => {
    await bench.steward("trust --all --env test");
    cutDownload();
    expect((await bench.steward("apply --env test --auto-approve")).code).toBe(1);
    const recovered = await bench.steward("recover --env test");
    expect(recovered.code).toBe(0);
    expect(recovered.out).toMatch(/Run [0-9a-f]+ is closed\./);
    expect((await bench.steward("recover --env test")).out).toContain("there is nothing to recover");
    expect((await bench.steward("apply --env test --auto-approve")).code).toBe(0);
    expect((await bench.steward("plan --env test")).out).toContain("No changes.");
    const { store } = bench.simulator;
    const tokens = store.tokensOf(store.userNamed("ci@acme.example")!.id);
    expect(tokens.filter((token) => !token.isRevoked)).toHaveLength(1);
  });

  test("Ctrl-C before the first step changes nothing; during the run it can be resumed", async () => {
    await bench.steward("trust --all --env test");
    await bench.steward("plan --env test --out plan.json");
    const early = new AbortController();
    early.abort(new Fault("stopped", { happened: "no" }));
    const before = log();
    expect((await bench.steward("apply plan.json", { stop: early.signal })).code).toBe(1);
    expect(log()).toBe(before);
    const late = new AbortController();
    const stopped = await bench.steward("apply plan.json", {
      stop: late.signal,
      note: (text) => (text.includes("1/4") ? late.abort(new Fault("stopped", { happened: "no" })) : undefined),
    });
    expect(stopped.code).toBe(1);
    expect(stopped.out).toContain("apply stopped: by Ctrl-C");
    expect(stopped.out).toMatch(/untouched +3/);
    expect(writes()).toBe(1);
    expect((await bench.steward("apply plan.json")).out).toContain("Apply complete: 4 steps done.");
  });
});

describe("planning from a file", () => {
  beforeEach(async () => {
    await bringUp(bench);
    const kept = await bench.steward("refresh --env test --out actual.json");
    expect(kept.code).toBe(0);
    expect(kept.out).toContain("steward plan --env test --actual actual.json");
    bench.environmentVariables.VCO_TOKEN = undefined;
    bench.environmentVariables.STEWARD_AGE_IDENTITY = undefined;
    bench.transport.sent.length = 0;
    rmSync(join(bench.folder, ".steward"), { recursive: true });
  });
  const plan = (more = "") => bench.steward(`plan --env test --actual actual.json ${more}`);

  test("needs no credentials, no network and no state, and states its age", async () => {
    bench.clock.advance(3 * 3_600_000);
    const same = await plan();
    expect(same).toMatchObject({ code: 0, err: "" });
    expect(same.out).toContain("No changes.");
    expect(same.out).toMatch(/actual is as of 2026-.*Z, 3 h ago/);
    bench.declare(userAndToken.replace("Standard Admin", "Support"));
    const changed = await plan("--format markdown");
    expect(changed.out).toContain("Enterprise Support");
    expect(changed.out).toContain("3 h ago");
    expect(bench.transport.sent).toEqual([]);
  });

  test("what the file did not read is left out, never created", async () => {
    const text = bench.read("steward.yaml");
    const second = `systems:\n  other: { type: velocloud, url: "https://other.example.net", credentials: { token: "\${env.X}" } }`;
    const user =
      "\n    there: { system: other, username: there@acme.example, role: Enterprise Support, password: { generate: true, deliver_to: local:velocloud/there } }";
    bench.write(
      "steward.yaml",
      text.replace("systems:", second).replace("velocloud_admin_user:", `velocloud_admin_user:${user}`),
    );
    const answer = await plan();
    expect(answer.code).toBe(0);
    expect(answer.out).toContain("left out: velocloud_admin_user was not read on other");
    expect(answer.out).toContain("system other is new");
    expect(answer.out).toContain("No changes; 1 left out.");
  });

  test.each([
    [
      "another address",
      (text: string) => text.replace(origin, "https://vco.evil.example"),
      "changed since it was trusted",
    ],
    [
      "another tenant",
      (text: string) => text.replace("enterprise: Acme", "enterprise: Umbrella"),
      "mean another place",
    ],
    [
      "another proxy",
      (text: string) => text.replace("enterprise: Acme", "enterprise: Acme, proxy: http://evil.example:3128"),
      "changed since",
    ],
    [
      "another reader of the sink",
      (text: string) =>
        text.replace("recipients: [", "recipients: [age1l7fyp7tvdztwe34ewz2r6z8kxenz4v75w23ka3a87rj9tfmqqyzqj2mdsq, "),
      "sink local changed",
    ],
    ["another folder of the sink", (text: string) => text.replace("secrets/", "public/"), "sink local changed"],
  ])("a pull request with %s is refused", async (_what, edit, because) => {
    bench.write("steward.yaml", edit(bench.read("steward.yaml")));
    const answer = await plan();
    expect(answer.err).toContain(because);
    expect(answer).toMatchObject({ code: 4, out: "" });
  });

  test("a file that was edited, is empty, of another environment or from the future is refused", async () => {
    const text = bench.read("actual.json");
    bench.write("actual.json", text.replace("Enterprise Standard Admin", "Enterprise Support"));
    expect((await plan()).err).toContain("was edited");
    bench.write("actual.json", "");
    expect((await plan()).err).toContain("is empty");
    bench.write("actual.json", text.slice(0, 100));
    expect((await plan()).err).toContain("is damaged");
    bench.write("actual.json", text);
    expect((await bench.steward("plan --env prod --actual actual.json")).err).toContain("was read in environment test");
    bench.clock.advance(-3_600_000);
    expect((await plan()).err).toContain("comes from the future");
  });

  test("it holds no secret", () => {
    const text = bench.read("actual.json");
    const { enterprise } = bench.simulator.world;
    for (const secret of [enterprise.token, enterprise.password, "AGE-SECRET-KEY"]) expect(text).not.toContain(secret);
    expect(JSON.parse(text).state.pins.systems.velocloud.url).toBe(origin);
  });
});

describe("import and forget", () => {
  const user = `  velocloud_admin_user:
    ops: { username: ops@acme.example, role: Enterprise Support, password: { generate: true, deliver_to: local:velocloud/ops } }
`;

  test("import records an object as it is, and forget leaves it there", async () => {
    bench.declare(user);
    const { simulator } = bench;
    const record = { username: "ops@acme.example", roleName: "Enterprise Support", email: "ops@acme.example" };
    simulator.store.addUser({ ...record, tenantId: simulator.world.enterpriseId, password: "Passw0rd-canary" });
    await bench.steward("trust --all --env test");
    const clash = await bench.steward("plan --env test");
    expect(clash.code).toBe(65);
    const command = /steward (import --env test velocloud_admin_user\.ops \d+)/.exec(clash.err)![1]!;
    const imported = await bench.steward(command);
    expect(imported.code).toBe(0);
    expect(writes()).toBe(0);
    expect((await bench.steward(command)).err).toContain("is recorded already");
    const twice = await bench.steward("import velocloud_admin_user.twin ops@acme.example --env test");
    expect(twice.err).toContain("velocloud_admin_user.ops is this object already");
    expect((await bench.steward("import velocloud_admin_user.nobody 99999 --env test")).code).toBe(4);
    const forgotten = await bench.steward("forget velocloud_admin_user.ops --env test");
    expect(forgotten.code).toBe(0);
    expect(forgotten.err).toContain("is still declared");
    expect(simulator.store.userNamed("ops@acme.example")).toBeDefined();
    expect(log()).not.toContain("canary");
  });
});
