import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runChild } from "../src/platform/child.ts";
import { type Bench, bringUp, makeBench } from "./commands-fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await makeBench();
});
afterEach(() => bench.close());

/** Every value that is secret in this world, also those that the sink would hold. */
function secretsOf({ simulator, environmentVariables }: Bench): string[] {
  const { users, world } = { users: simulator.store.users.values(), world: simulator.world };
  const passwords = users.map(({ password }) => password).filter((password) => password !== null);
  return [...passwords, world.enterprise.token, environmentVariables.STEWARD_AGE_IDENTITY!.trim()];
}

const mutations = () => bench.simulator.store.mutatingCalls.length;

describe("reading commands", () => {
  const commands = ["doctor", "dump velocloud", "tokens", "state list", "validate", "drift", "plan"];

  test.each(commands)("%s makes no mutating call and prints no secret, in text and JSON", async (words) => {
    await bringUp(bench);
    const before = mutations();
    for (const format of ["text", "json"]) {
      const { code, out, err } = await bench.steward(`${words} --env test --debug --format ${format}`);
      expect([words, code, err.includes("Steward has a bug")]).toEqual([words, 0, false]);
      for (const secret of secretsOf(bench)) expect(out + err).not.toContain(secret);
      expect(out + err).not.toMatch(/eyJ[\w-]{10,}\.|AGE-SECRET-KEY-1/);
      if (format === "json") expect(JSON.parse(out).formatVersion).toBe(1);
    }
    expect(mutations()).toBe(before);
  });
});

describe("doctor", () => {
  const doctor = async (words = "") => {
    const { code, out } = await bench.steward(`doctor ${words} --env test --format json`);
    const examined = JSON.parse(out).examined as {
      about: string;
      name: string;
      findings: { level: string; message: string; remedy?: string }[];
    }[];
    return { code, findings: examined.flatMap(({ findings }) => findings), examined };
  };

  test("before anything is trusted it asks no system and says how to trust", async () => {
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    expect(findings.filter(({ level }) => level === "error").map(({ remedy }) => remedy)).toEqual([
      "check it, then pin it: steward trust --env test velocloud",
      "check it, then pin it: steward trust --env test local",
    ]);
    expect(bench.transport.sent).toEqual([]);
  });

  test("says whom it runs as, what can be read, keys, places and secrets when all is well", async () => {
    await bringUp(bench);
    const { code, findings } = await doctor();
    expect(code).toBe(0);
    const said = findings.map(({ message }) => message).join("\n");
    expect(said).toContain("runs as admin@customer.example");
    expect(said).toContain("belongs to one of the recipients");
    expect(said).toContain("all 2 recorded secrets are there");
    expect(said).toContain("not locked");
    expect(said).toMatch(/clock/);
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(["ok"]));
  });

  test("finds credentials that are refused, with a remedy", async () => {
    await bringUp(bench);
    bench.environmentVariables.VCO_TOKEN = "canary-no-token";
    const { code, findings } = await doctor("velocloud");
    expect(code).toBe(1);
    expect(findings.find(({ level }) => level === "error")?.remedy).toBeTruthy();
    expect(JSON.stringify(findings)).not.toContain("canary-no-token");
    delete bench.environmentVariables.VCO_TOKEN;
    expect((await doctor()).findings.find(({ level }) => level === "error")?.message).toContain("VCO_TOKEN is not set");
  });

  test("finds a missing, a foreign and a broken identity", async () => {
    await bringUp(bench);
    const own = bench.environmentVariables.STEWARD_AGE_IDENTITY;
    delete bench.environmentVariables.STEWARD_AGE_IDENTITY;
    expect((await doctor()).findings.filter(({ level }) => level === "warning")).toHaveLength(1);
    bench.environmentVariables.STEWARD_AGE_IDENTITY = "AGE-SECRET-KEY-nonsense";
    expect((await doctor()).findings.some(({ message }) => message.includes("cannot be used"))).toBe(true);
    const other = await makeBench();
    bench.environmentVariables.STEWARD_AGE_IDENTITY = other.environmentVariables.STEWARD_AGE_IDENTITY;
    other.close();
    const foreign = await doctor();
    expect(foreign.code).toBe(1);
    expect(foreign.findings.some(({ message }) => message.includes("none of the recipients"))).toBe(true);
    expect(own).not.toBe(bench.environmentVariables.STEWARD_AGE_IDENTITY);
  });

  test("finds a secret that left its sink", async () => {
    await bringUp(bench);
    await rm(join(bench.folder, "secrets", "test", "velocloud", "ci-token.age.json"));
    const { code, findings } = await doctor();
    expect(code).toBe(1);
    expect(findings.find(({ level }) => level === "error")).toMatchObject({
      message: "the value of velocloud_api_token.ci is not at local:velocloud/ci-token",
      remedy: expect.stringContaining("--replace velocloud_api_token.ci"),
    });
  });

  test("finds a clock that is far off", async () => {
    await bringUp(bench);
    const send = bench.transport.send.bind(bench.transport);
    bench.transport.send = async (request) => {
      const answer = await send(request);
      const date = new Date(bench.clock.now() - 3_600_000).toUTCString();
      return { ...answer, headers: { ...answer.headers, date } };
    };
    const { code, findings } = await doctor();
    expect(code).toBe(0);
    expect(findings.find(({ level }) => level === "warning")?.message).toContain("3600 s ahead of the orchestrator's");
  });

  test("says so when the state cannot be read, and asks nobody", async () => {
    await bringUp(bench);
    const log = join(bench.folder, ".steward", "state", "test");
    const file = readdirSync(log).find((name) => name.endsWith(".jsonl") || name.startsWith("log"))!;
    const text = readFileSync(join(log, file), "utf8").split("\n");
    text[1] = text[1]!.replace(/.$/, "x");
    writeFileSync(join(log, file), text.join("\n"));
    const sent = bench.transport.sent.length;
    const { code, examined } = await doctor();
    expect(code).toBe(1);
    expect(examined.map(({ about }) => about)).toEqual(["state"]);
    expect(bench.transport.sent).toHaveLength(sent);
    await chmod(join(log, file), 0o600);
  });

  test("knows the systems of the manifest", async () => {
    const { code, err } = await bench.steward("doctor velocould --env test");
    expect([code, err.includes("did you mean velocloud?")]).toEqual([64, true]);
  });
});

describe("dump", () => {
  const adopted = async (words = "dump velocloud --env test") => {
    const { code, out } = await bench.steward(words);
    expect(code).toBe(0);
    bench.declare(out.replace(/^[\s\S]*?\nresources:\n/, ""));
    return out;
  };

  test("what it writes is valid, is adopted without a change to the system, and then there is nothing to do", async () => {
    const { store, world } = bench.simulator;
    for (const username of [
      "a.b@x.example",
      "a-b@x.example",
      "7up",
      "Ünï@x.example",
      'q"$' + "{x}@y.example",
      "true",
    ]) {
      store.addUser({ username, roleName: "Enterprise Support", tenantId: world.enterpriseId });
    }
    bench.declare("  {}");
    await bench.steward("trust --all --env test");
    const text = await adopted();
    expect(text).toContain("a_b_x_example:");
    expect(text).toContain("n_7up:");
    const valid = await bench.steward("validate --env test");
    expect([valid.code, valid.err]).toEqual([0, ""]);
    const before = mutations();
    const applied = await bench.steward("apply --env test --auto-approve");
    expect([applied.code, applied.err.includes("failed")]).toEqual([0, false]);
    expect(mutations()).toBe(before);
    expect((await bench.steward("plan --env test")).out).toContain("No changes.");
    const again = await bench.steward("dump velocloud --env test");
    expect(again.out).toContain("that Steward manages already");
    expect(again.out).not.toContain("\nresources:");
  });

  test("refers to what it dumps, redacts values that nobody can read, and protects whom it runs as", async () => {
    bench.declare("  {}");
    await bench.steward("trust --all --env test");
    const { out } = await bench.steward("dump velocloud --env test");
    expect(out).toContain("#   owner: ${velocloud_admin_user.admin}");
    expect(out).toContain("#   deliver_to: !redacted");
    expect(out).toMatch(/# Steward runs as this one\n {4}admin:[^#]*prevent_destroy: true/);
    expect(out).toContain("environments: [test]");
    bench.declare(out.replace(/^[\s\S]*?\nresources:\n/, "").replaceAll(/^( *)# (?=( *)[a-z_]+:($| [^t]))/gm, "$1"));
    const valid = await bench.steward("validate --env test");
    expect(valid.code).toBe(65);
    expect(valid.err).toContain("redacted");
  });

  test("writes one kind into a new file and overwrites none", async () => {
    await bench.steward("trust --all --env test");
    const words = "dump velocloud --env test --kind velocloud_admin_user --out users.yaml";
    expect((await bench.steward(words)).code).toBe(0);
    const text = bench.read("users.yaml");
    expect(text).not.toContain("velocloud_api_token");
    expect((await bench.steward(words)).code).toBe(4);
    expect((await bench.steward(`${words} --force`)).code).toBe(0);
    expect((await bench.steward("dump velocloud --kind velocloud_user --env test")).code).toBe(64);
  });
});

describe("tokens", () => {
  test("shows state, expiry, next rotation and place, soonest expiry first", async () => {
    await bringUp(bench);
    const { out } = await bench.steward("tokens --env test");
    expect(out).toMatch(/^ADDRESS +SYSTEM +STATE +EXPIRES +NEXT ROTATION +SINK +LAST USED$/m);
    const row =
      /^velocloud_api_token\.ci +velocloud +enabled +2027-02-18 +in 7[56] days +local:velocloud\/ci-token +–$/m;
    expect(out).toMatch(row);
    expect(out).toContain("1 more live token on velocloud");
  });

  test("says what was revoked, what is gone, what is due and what was never issued", async () => {
    const { store } = bench.simulator;
    await bench.steward("trust --all --env test");
    expect((await bench.steward("tokens --env test")).out).toContain("not issued yet");
    await bringUp(bench);
    bench.clock.advance(80 * 24 * 3_600_000);
    expect((await bench.steward("tokens --env test")).out).toMatch(/enabled +2027-02-18 +due/);
    const token = store.tokens.values().find(({ name }) => name === "ci")!;
    store.revokeToken(token.id);
    const { tokens } = JSON.parse((await bench.steward("tokens --env test --format json")).out);
    expect(tokens).toMatchObject([{ address: "velocloud_api_token.ci", state: "revoked", former: 0 }]);
    store.deleteUser(store.userNamed("ci@acme.example")!.id);
    expect((await bench.steward("tokens --env test")).out).toMatch(/ci +velocloud +(gone|revoked)/);
  });
});

describe("secret", () => {
  const tokenFile = () => join(bench.folder, "taken");
  const taken = () => readFileSync(tokenFile(), "utf8");

  test("get prints to a terminal only, into a pipe with --force", async () => {
    await bringUp(bench);
    const words = "secret get velocloud_api_token.ci --env test";
    const refused = await bench.steward(words);
    expect([refused.code, refused.out]).toEqual([4, ""]);
    const shown = await bench.steward(words, { isTerminal: true });
    expect(shown.out).toMatch(/^eyJ[\w.-]+\n$/);
    expect((await bench.steward(`${words} --force`)).out).toBe(shown.out);
  });

  test("exec gives the value to the program's environment alone and passes its exit code on", async () => {
    await bringUp(bench);
    const script = `printf '%s %s %s' "$TOK" "$VELOCLOUD_ADMIN_USER_CI" "\${STEWARD_AGE_IDENTITY-none}" > ${tokenFile()}; exit 7`;
    const argv = ["secret", "exec", "velocloud_api_token.ci=TOK", "velocloud_admin_user.ci", "--env", "test", "--"];
    const ran = await bench.steward("", {
      environmentVariables: { ...bench.environmentVariables, PATH: process.env.PATH },
    });
    expect(ran.code).toBe(64);
    const { main } = await import("../src/main.ts");
    const { makeConsole } = await import("./commands-fixture.ts");
    const answer = { code: 0, out: "", err: "", asked: [] };
    const environmentVariables = { ...bench.environmentVariables, PATH: process.env.PATH };
    const console = { ...makeConsole(answer, []), folder: bench.folder, environmentVariables };
    const io = { clock: bench.clock, transport: bench.transport, mailer: bench.outbox } as const;
    const { systemDisk } = await import("../src/platform/disk.ts");
    const { systemRandom } = await import("../src/platform/random.ts");
    const world = { io: { ...io, disk: systemDisk, random: systemRandom } };
    expect(await main([...argv, "sh", "-c", script], { ...console, world })).toBe(7);
    const [token = "", password = "", identity] = taken().split(" ");
    expect(token).toMatch(/^eyJ/);
    expect(password).toBe(bench.simulator.store.userNamed("ci@acme.example")!.password);
    expect(identity).toBe("none");
    expect(answer.out + answer.err).not.toContain(token);
    expect(await main([...argv, "no-such-program-here"], { ...console, world })).toBe(127);
    expect(await main([...argv, "sh", "-c", "kill -TERM $$"], { ...console, world })).toBe(143);
  });

  test("exec withholds what the manifest reads from the environment, unless it is asked for by name", async () => {
    bench.write(
      "steward.yaml",
      bench
        .read("steward.yaml")
        .replace("prod: {", 'prod: { systems: { velocloud: { credentials: { token: "${env.PROD_TOKEN}" } } },'),
    );
    await bringUp(bench);
    Object.assign(bench.environmentVariables, { PATH: process.env.PATH, PROD_TOKEN: "canary-prod", MINE: "mine" });
    const script = join(bench.folder, "say.sh");
    writeFileSync(script, `printf '%s %s %s' "\${VCO_TOKEN-none}" "\${PROD_TOKEN-none}" "$MINE" > ${tokenFile()}`);
    expect(await bench.steward(`secret exec velocloud_api_token.ci --env test -- sh ${script}`)).toMatchObject({
      code: 0,
    });
    expect(taken()).toBe("none none mine");
    await bench.steward(`secret exec velocloud_api_token.ci=VCO_TOKEN --env test -- sh ${script}`);
    expect(taken()).toMatch(/^eyJ\S+ none mine$/);
  });

  test("says in plain words what is not there", async () => {
    await bringUp(bench);
    const codeOf = async (words: string) => (await bench.steward(`${words} --env test`, { isTerminal: true })).code;
    expect(await codeOf("secret get velocloud_api_token.cj")).toBe(4);
    expect(await codeOf("secret get velocloud_api_token.ci --name other")).toBe(4);
    expect((await bench.steward("secret exec velocloud_api_token.ci true")).code).toBe(64);
    delete bench.environmentVariables.STEWARD_AGE_IDENTITY;
    expect(await codeOf("secret get velocloud_api_token.ci")).toBe(1);
  });
});

describe("state", () => {
  test("lists and shows what is recorded, without secrets", async () => {
    await bringUp(bench);
    const list = await bench.steward("state list --env test");
    expect(list.out).toMatch(/^velocloud_api_token\.ci +velocloud +\d+ +created +ready$/m);
    const shown = await bench.steward("state show velocloud_api_token.ci --env test");
    expect(shown.out).toContain("(secret → local:velocloud/ci-token)  generation 1, delivered and proven");
    expect((await bench.steward("state show velocloud_api_token.cj --env test")).err).toContain("did you mean");
  });

  test("unlock shows the owner and asks; without a terminal it needs --force", async () => {
    const folder = join(bench.folder, ".steward", "state", "test");
    mkdirSync(folder, { recursive: true });
    const owner = {
      who: "somebody",
      host: "elsewhere",
      pid: 7,
      command: "apply",
      since: "2026-11-20T10:00:00Z",
      id: "x",
    };
    const lock = join(folder, "lock");
    writeFileSync(lock, JSON.stringify({ owner, pidSpace: "", started: "" }));
    const words = "state unlock --env test";
    const refused = await bench.steward(words);
    expect([refused.code, refused.err.includes("somebody on elsewhere")]).toEqual([4, true]);
    expect((await bench.steward(words, { answers: ["y"] })).code).toBe(4);
    expect(existsSync(lock)).toBe(true);
    const freed = await bench.steward(words, { answers: ["yes"] });
    expect([freed.code, existsSync(lock)]).toEqual([0, false]);
    expect((await bench.steward(`${words} --force`)).out).toContain("not locked");
  });
});

describe("a program with secrets", () => {
  test("gets the signals that Steward gets, and Steward's own listeners rest meanwhile", async () => {
    const heard: string[] = [];
    const own = () => heard.push("steward");
    process.on("SIGTERM", own);
    try {
      const options = { folder: bench.folder, environment: { PATH: process.env.PATH }, terminal: false };
      const script = "trap 'exit 9' TERM; : > ready; while :; do sleep 0.05; done";
      const ended = runChild("sh", ["-c", script], options);
      for (let waited = 0; waited < 200 && !existsSync(join(bench.folder, "ready")); waited++) await sleep(25);
      process.emit("SIGTERM", "SIGTERM");
      expect(await ended).toEqual({ code: 9 });
      expect(heard).toEqual([]);
      process.emit("SIGTERM", "SIGTERM");
      expect(heard).toEqual(["steward"]);
    } finally {
      process.off("SIGTERM", own);
    }
  });
});

describe("dump of a partner and an operator", () => {
  test.each(["partner", "operator"] as const)("what it writes for scope %s is valid and adopted", async (scope) => {
    const { world } = bench.simulator;
    bench.environmentVariables.VCO_TOKEN = world[scope].token;
    const declare = (resources: string) => {
      bench.declare(resources);
      bench.write("steward.yaml", bench.read("steward.yaml").replace("enterprise: Acme", `scope: ${scope}`));
    };
    declare("  {}");
    await bench.steward("trust --all --env test");
    const { out } = await bench.steward("dump velocloud --env test");
    expect(out).toContain("\nresources:");
    declare(out.replace(/^[\s\S]*?\nresources:\n/, ""));
    const before = mutations();
    const applied = await bench.steward("apply --env test --auto-approve");
    expect([applied.code, mutations()]).toEqual([0, before]);
    expect((await bench.steward("plan --env test")).out).toContain("No changes.");
  });
});
