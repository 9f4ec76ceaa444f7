import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Answer, type Bench, bringUp, makeBench, manifestText, userAndToken } from "./commands-fixture.ts";
import { role as anyRole, withRole as withAnyRole } from "./terraform-json-bad.ts";
import { type Synthesized, synthesized } from "./terraform-json-fixture.ts";

/** With a privilege that the orchestrator offers. */
const role = { ...anyRole, privileges: ["Global Settings Enterprise Read Only"] };
const withRole = (more: Record<string, unknown>) => withAnyRole({ ...role, ...more });

let bench: Bench;
beforeEach(async () => {
  bench = await makeBench("");
  bench.environmentVariables.PATH = process.env.PATH;
  write("steward.yaml", bench.read("steward.yaml").replace(/resources:\n$/, ""));
});
afterEach(() => bench.close());

function write(path: string, text: string): void {
  mkdirSync(dirname(join(bench.folder, path)), { recursive: true });
  writeFileSync(join(bench.folder, path), text);
}

/** Writes stacks as an app does, with the list of them. */
function synthesize(stacks: Record<string, Synthesized>): void {
  for (const [name, parts] of Object.entries(stacks))
    write(`cdktf.out/stacks/${name}/cdk.tf.json`, synthesized(parts, name));
  const listed = Object.fromEntries(Object.keys(stacks).map((name) => [name, { name }]));
  write("cdktf.out/manifest.json", JSON.stringify({ stacks: listed, version: "0.21.0" }));
}

/** The user and the token of the other command tests, as code has them; `prefix` is that of a construct that holds them. */
const serviceAccount = (prefix = "", more: Synthesized = {}): Synthesized => ({
  ...more,
  resource: {
    velocloud_admin_user: {
      [`${prefix}ci`]: {
        username: "ci@acme.example",
        role: "Enterprise Standard Admin",
        password: { generate: true, deliver_to: "local:velocloud/ci-password" },
      },
    },
    velocloud_api_token: {
      [`${prefix}ci`]: {
        ...{
          owner: `\${velocloud_admin_user.${prefix}ci.username}`,
          name: "ci",
          lifetime: "90d",
          rotate_before: "14d",
        },
        deliver_to: "local:velocloud/ci-token",
      },
    },
  },
});

async function expectDone(words: string): Promise<Answer> {
  const answer = await bench.steward(words);
  expect(answer, answer.err).toMatchObject({ code: 0 });
  return answer;
}

/** Calls that changed something on the orchestrator since the last time. */
function writes(): string[] {
  const { calls } = bench.simulator.store;
  const changing = [...calls.keys()].filter((name) => /insert|create|update|delete|revoke|download/i.test(name));
  calls.clear();
  return changing;
}

describe("a folder with steward.yaml and what code synthesised", () => {
  test("is planned as its twin in YAML is: equal changes and equal steps", async () => {
    synthesize({ access: serviceAccount() });
    const recipient = /recipients: \[(\S+)\]/.exec(bench.read("steward.yaml"))![1]!;
    write("twin.yaml", manifestText(recipient, userAndToken));
    await expectDone("trust --all --env test");
    await expectDone("plan --env test --manifest twin.yaml --out twin.json");
    await expectDone("plan . --env test --out code.json");
    const [twin, code] = ["twin.json", "code.json"].map((name) => JSON.parse(bench.read(name)));
    expect(code.changes).toHaveLength(2);
    expect(code.changes).toEqual(twin.changes);
    expect(code.steps).toEqual(twin.steps);
  });

  test("goes all the way: validate, plan, apply of the plan, and then there is nothing to do", async () => {
    synthesize({ access: serviceAccount() });
    expect((await expectDone("validate --env test --manifest .")).out).toContain(
      "2 resources, 1 system, 1 sink, 2 files",
    );
    await expectDone("trust --all --env test");
    const planned = await expectDone("plan . --env test --out plan.json");
    expect(planned.out).toContain("Apply it with:  steward apply --manifest . plan.json");
    await expectDone("apply plan.json --manifest .");
    expect((await expectDone("plan . --env test")).out).toContain("\nNo changes.\n");
    expect((await expectDone("plan --env test")).out).toContain("\nNo changes.\n");
    expect((await expectDone("graph --env test")).out).toContain("velocloud_api_token.ci");
  });

  test("may be one cdk.tf.json without an output folder, and is found when the file beside it is named", async () => {
    write("cdk.tf.json", synthesized(withRole({})));
    for (const words of ["validate --env test", "validate --env test --manifest steward.yaml"])
      expect((await expectDone(words)).out).toContain("1 resource, 1 system");
  });

  test("in another place is named by its folder, and hints name it too", async () => {
    write("access/steward.yaml", bench.read("steward.yaml"));
    write("access/cdk.tf.json", synthesized(withRole({})));
    const refused = await bench.steward("plan access --env test");
    expect(refused).toMatchObject({ code: 4 });
    expect(refused.err).toContain("steward trust --manifest access --env test velocloud");
    await expectDone("trust --all --env test --manifest access");
    const { out } = await expectDone("plan access --env test");
    expect(out).toContain("steward plan --manifest access --env test --out plan.json");
    const twice = await bench.steward("plan access --manifest access --env test");
    expect(twice).toMatchObject({ code: 64, err: "error: name the folder once: alone or as --manifest\n" });
  });

  test("of YAML alone is read as ever: all files below it", async () => {
    write("yaml/a.yaml", bench.read("steward.yaml"));
    write("yaml/b.yaml", `resources: { velocloud_role: { a: ${JSON.stringify(role)} } }\n`);
    expect((await expectDone("validate --env test --manifest yaml")).out).toContain(
      "1 resource, 1 system, 1 sink, 2 files",
    );
  });

  test("whose YAML declares resources is refused when the folder is named, and is YAML when the file is", async () => {
    synthesize({ access: serviceAccount() });
    write(
      "steward.yaml",
      `${bench.read("steward.yaml")}resources: { velocloud_role: { a: ${JSON.stringify(role)} } }\n`,
    );
    expect((await expectDone("validate --env test")).out).toContain("1 resource");
    const refused = await bench.steward("validate --env test --manifest .");
    expect(refused).toMatchObject({ code: 65 });
    expect(refused.err).toContain("resources are declared in YAML and in code");
  });

  test("other YAML of a project is no manifest", async () => {
    synthesize({ access: serviceAccount() });
    write("pnpm-lock.yaml", "lockfileVersion: 9\n");
    write("twin.yaml", "resources: {}\n");
    expect((await expectDone("validate --env test --manifest .")).out).toContain("2 files");
  });

  test("warns of arguments that are ignored, on standard error", async () => {
    synthesize({ access: serviceAccount("", { provider: { velocloud: [{ url: "https://x" }] } }) });
    await expectDone("trust --all --env test");
    const { err, out } = await expectDone("plan . --env test --format json");
    expect(err).toContain("warning  ignored in the provider velocloud: url");
    expect(JSON.parse(out)).toMatchObject({ formatVersion: 1 });
  });
});

test("what exists already is told at its place in the JSON, with its construct and the word for code", async () => {
  const { username } = bench.simulator.world.enterprise;
  synthesize({ access: { resource: { velocloud_admin_user: { me: { username, role: "Enterprise Support" } } } } });
  await expectDone("trust --all --env test");
  const { code, err } = await bench.steward("plan . --env test");
  expect(code).toBe(65);
  expect(err).toMatch(
    /cdktf\.out\/stacks\/access\/cdk\.tf\.json:\d+:7 {2}error {2}velocloud_admin_user\.me exists already/,
  );
  expect(err).toContain("write adopt: true to take it over at apply");
  expect(err).toContain("= construct access/team/me\n");
});

describe("an output folder", () => {
  test("whose list does not name a stack any more leaves that stack out", async () => {
    synthesize({ access: withRole({}) });
    write("cdktf.out/stacks/old/cdk.tf.json", synthesized(withRole({ name: "Old" }), "old"));
    const { out, err } = await expectDone("validate --env test --manifest .");
    expect(out).toContain("1 resource");
    expect(err).toContain("the stack old is left out: the app does not synthesise it any more");
  });

  test.each<[string, () => void, string]>([
    [
      "lacks a stack that the list names",
      () => write("cdktf.out/manifest.json", '{"stacks":{"access":{},"b":{}}}'),
      "the stack b is not here",
    ],
    [
      "has a list that cannot be read",
      () => write("cdktf.out/manifest.json", "{"),
      "this list of stacks cannot be read",
    ],
    [
      "holds HCL",
      () => {
        write("cdktf.out/manifest.json", '{"stacks":{"access":{},"b":{}}}');
        write("cdktf.out/stacks/b/cdk.tf", "");
      },
      "the stack b was synthesised as HCL",
    ],
    ["lies beside a cdk.tf.json", () => write("cdk.tf.json", "{}"), "the stacks of cdktf.out lie here too"],
  ])("that %s is an error", async (_, spoil, message) => {
    synthesize({ access: withRole({}) });
    spoil();
    const { code, err } = await bench.steward("validate --env test --manifest .");
    expect(code).toBe(65);
    expect(err).toContain(message);
  });

  test("without a list is read with a warning", async () => {
    write("cdktf.out/stacks/access/cdk.tf.json", synthesized(withRole({}), "access"));
    const { out, err } = await expectDone("validate --env test --manifest .");
    expect(out).toContain("1 resource");
    expect(err).toContain("cdktf.out has no manifest.json");
  });

  test("without steward.yaml beside it is an error that says what belongs there", async () => {
    write("app/cdk.tf.json", synthesized(withRole({})));
    const { code, err } = await bench.steward("plan app --env test");
    expect(code).toBe(65);
    expect(err).toContain("steward.yaml:1:1  error  this file is missing");
  });
});

describe("a construct that was moved", () => {
  test("changes its addresses, and no object is touched", async () => {
    synthesize({ access: serviceAccount("old_") });
    await bringUp(bench);
    expect(writes()).not.toEqual([]);
    synthesize({ access: serviceAccount("team_new_") });
    const { out } = await expectDone("plan . --env test");
    expect(out).toContain("velocloud_admin_user.team_new_ci");
    expect(out).toContain("Plan: 0 to create, 0 to update, 2 to move, 0 to delete.");
    await expectDone("apply --env test --auto-approve");
    expect(writes()).toEqual([]);
    expect((await expectDone("plan . --env test")).out).toContain("\nNo changes.\n");
  });

  test("is found by a moved block also where several objects have one identity", async () => {
    const token = (name: string) => ({
      ...{ owner: "${velocloud_admin_user.ci.username}", name: "ci", lifetime: "90d" },
      deliver_to: `local:velocloud/${name}`,
    });
    const twins = (names: Record<string, string>, more: Synthesized = {}): Synthesized => {
      const { resource } = serviceAccount();
      const tokens = Object.entries(names).map(([name, place]) => [name, token(place)] as const);
      return { ...more, resource: { ...resource, velocloud_api_token: Object.fromEntries(tokens) } };
    };
    synthesize({ access: twins({ a: "one", b: "two" }) });
    await bringUp(bench);
    expect(writes()).not.toEqual([]);
    synthesize({ access: twins({ c: "one", d: "two" }) });
    expect((await bench.steward("plan . --env test --allow-deletions 2")).out).toContain(
      "2 to create, 0 to update, 2 to delete",
    );
    const moved = ["a c", "b d"].map((pair) => {
      const [from, to] = pair.split(" ").map((name) => `velocloud_api_token.${name}`);
      return { from, to };
    });
    synthesize({ access: twins({ c: "one", d: "two" }, { moved }) });
    expect((await expectDone("plan . --env test")).out).toContain("2 to move, 0 to delete.");
    await expectDone("apply --env test --auto-approve");
    expect(writes()).toEqual([]);
    // The blocks may stay, and may go.
    expect((await expectDone("plan . --env test")).out).toContain("\nNo changes.\n");
    synthesize({ access: twins({ c: "one", d: "two" }) });
    expect((await expectDone("plan . --env test")).out).toContain("\nNo changes.\n");
  });
});

/** A program that synthesises, and says on both streams what it sees. */
function writeApp(body: string): void {
  write("app.mjs", `#!/usr/bin/env node\nimport { mkdirSync, writeFileSync } from "node:fs";\n${body}\n`);
  chmodSync(join(bench.folder, "app.mjs"), 0o755);
}

const synthesizing = (parts: Synthesized) => `
const folder = process.env.CDKTF_OUTDIR + "/stacks/access";
mkdirSync(folder, { recursive: true });
writeFileSync(folder + "/cdk.tf.json", ${JSON.stringify(synthesized(parts, "access"))});
writeFileSync(process.env.CDKTF_OUTDIR + "/manifest.json", '{"stacks":{"access":{}}}');
`;

describe("--app", () => {
  test("runs the app first, and plans what it wrote; its output goes to standard error", async () => {
    writeApp(`${synthesizing(serviceAccount())}console.log("to out"); console.error("to err");`);
    await expectDone("trust --all --env test");
    const { out, err } = await expectDone("plan --app ./app.mjs --env test");
    expect(out).toContain("Plan: 2 to create");
    expect(out).not.toContain("to out");
    expect(err).toContain("to out\n");
    expect(err).toContain("to err\n");
    expect(readFileSync(join(bench.folder, "cdktf.out/manifest.json"), "utf8")).toContain("access");
  });

  test("hands on what an app needs, and no secret", async () => {
    bench.environmentVariables.GITHUB_TOKEN = "ghp_x";
    bench.environmentVariables.HTTPS_PROXY = "http://user:pass@proxy";
    bench.environmentVariables.LC_ALL = "C.UTF-8";
    write("cdktf.json", JSON.stringify({ context: { allowSepCharsInLogicalIds: "true" } }));
    writeApp(`${synthesizing(withRole({}))}writeFileSync("seen.json", JSON.stringify(process.env));`);
    await expectDone("trust --all --env test");
    await expectDone("plan --app ./app.mjs --env test");
    const seen = JSON.parse(bench.read("seen.json"));
    expect(seen).toMatchObject({
      PATH: process.env.PATH,
      LC_ALL: "C.UTF-8",
      CDKTF_OUTDIR: "cdktf.out",
      CDKTF_CONTEXT_JSON: '{"allowSepCharsInLogicalIds":"true"}',
    });
    for (const name of ["VCO_TOKEN", "STEWARD_AGE_IDENTITY", "GITHUB_TOKEN", "HTTPS_PROXY"])
      expect(seen).not.toHaveProperty(name);
  });

  test("is refused under --untrusted before anything runs, with the way out", async () => {
    writeApp('writeFileSync("ran", "");');
    const { code, err } = await bench.steward("plan --app ./app.mjs --env test --untrusted");
    expect(code).toBe(4);
    expect(err).toContain("--app runs code that the manifest's folder brings along");
    expect(err).toContain("steward plan FOLDER --untrusted");
    expect(existsSync(join(bench.folder, "ran"))).toBe(false);
  });

  test("that fails is a fault, and what it printed is shown", async () => {
    writeApp('console.error("no such thing"); process.exit(7);');
    const { code, err } = await bench.steward("plan --app ./app.mjs --env test");
    expect(code).toBe(1);
    expect(err).toContain("no such thing\n");
    expect(err).toContain("the app ended with code 7");
  });

  test("that writes nothing is a fault: what lies there is of an earlier run", async () => {
    synthesize({ access: serviceAccount() });
    writeApp('console.log("nothing to do");');
    const { code, err } = await bench.steward("plan --app ./app.mjs --env test");
    expect(code).toBe(1);
    expect(err).toContain("the app ended well and wrote nothing to cdktf.out");
  });

  test("that is stopped by Ctrl-C ends with everything that it started", async () => {
    const stop = new AbortController();
    writeApp(`
import { spawn } from "node:child_process";
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
writeFileSync("pids.json", JSON.stringify([process.pid, child.pid]));
console.log("waiting");
setInterval(() => {}, 1000);`);
    const note = (text: string) => {
      if (text.includes("waiting")) stop.abort(new Error("stopped by the test"));
    };
    const { code } = await bench.steward("plan --app ./app.mjs --env test", { stop: stop.signal, note });
    expect(code).not.toBe(0);
    const pids: number[] = JSON.parse(bench.read("pids.json"));
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that ended and that nobody has asked about yet is still listed.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
