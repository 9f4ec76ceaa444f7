import { join } from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openLocalLog } from "../src/backends/local.ts";
import { commandEntries } from "../src/commands/all.ts";
import { systemDisk } from "../src/platform/disk.ts";
import type { Plain } from "../src/resource.ts";
import { Secret } from "../src/secret.ts";
import { loadState } from "../src/workspace.ts";
import { CanaryWorld, type Channel, chosen, manifest, type Plant } from "./world/canary-world.ts";
import { TestHost } from "./world/dead-or-alive.ts";
import { encodings, findLeaks } from "./world/leaks.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

let world: CanaryWorld;
beforeEach(() => {
  world = new CanaryWorld();
});
afterEach(() => world.close());

/** Runs a command and expects this exit code: a command that fails early proves nothing. */
async function run(words: string, code: number, options?: Parameters<CanaryWorld["steward"]>[1]): Promise<void> {
  const answer = await world.steward(words, options);
  expect({ words, code: answer.code, err: answer.code === code ? "" : answer.out + answer.err }).toEqual({
    words,
    code,
    err: "",
  });
}

async function inEveryFormat(words: string, code: number, formats = ["text", "json"]): Promise<void> {
  for (const format of formats) await run(`${words} --format ${format} --debug`, code);
}

/** The log is far too short for a snapshot of its own accord. */
async function writeSnapshot(): Promise<void> {
  const folder = join(world.folder, ".steward/state/default");
  const log = openLocalLog({ folder, disk: systemDisk, clock: new VirtualClock(), host: new TestHost() });
  const { state } = await loadState(log);
  await log.writeSnapshot(state.serial, state as unknown as Plain);
}

/** The main path, every command in every format. */
async function walkMainPath(): Promise<void> {
  await inEveryFormat("trust", 0);
  await inEveryFormat("trust --all", 0);
  await inEveryFormat("validate", 0);
  await inEveryFormat("graph", 0);
  await inEveryFormat("plan", 0, ["text", "json", "markdown"]);
  await inEveryFormat("plan --out plan.json", 0, ["text", "json", "markdown"]);
  await inEveryFormat("show plan.json", 0, ["text", "json", "markdown"]);
  await run("apply plan.json --debug", 0);
  await writeSnapshot();
  await inEveryFormat("refresh --out actual.json", 0);
  await inEveryFormat("plan --actual actual.json", 0, ["text", "json", "markdown"]);
  await inEveryFormat("drift --probe", 0);
  await inEveryFormat("doctor", 0);
  await inEveryFormat("tokens", 0);
  await inEveryFormat("dump one", 0);
  await run("dump two --out dump.txt", 0);
  await inEveryFormat("state list", 0);
  await inEveryFormat("state show velocloud_api_token.ci", 0);
  await inEveryFormat("state unlock", 0);
  await inEveryFormat("recover", 0);
  await run("kinds", 0);
  await run("schema --terraform", 0);
  await run("completion bash", 0);
  await run("init elsewhere", 0);
}

/** Secrets in the hands of commands that pass them on, and changes of what is there. */
async function walkSecretsAndChanges(): Promise<void> {
  await inEveryFormat("secret get velocloud_api_token.ci", 4);
  await run(`secret exec velocloud_api_token.ci=TOKEN -- node -e process.exit(process.env.TOKEN.length>99?0:9)`, 0);
  await run("apply --auto-approve --replace velocloud_api_token.ci --format json --debug", 0);
  await run("apply --replace velocloud_api_token.two --debug", 0, { answers: ["yes"] });
  await run("forget velocloud_admin_user.env --format json --debug", 0);
  const { id } = world.one.store.userNamed("env@acme.example")!;
  await run(`import velocloud_admin_user.env ${id} --debug`, 0);
  await run("destroy --auto-approve --debug", 4);
  await run("destroy --auto-approve --allow-deletions 5 --debug", 0);
}

describe("canary secrets", () => {
  test("stand in no output, trace or file of any command in any format", async () => {
    await walkMainPath();
    await walkSecretsAndChanges();
    expect(world.leaks()).toEqual([]);
    expect(world.secrets().size).toBeGreaterThan(20);
    const called = new Set(world.commands.map((words) => words.split(" ")[0]));
    const missing = commandEntries.map(({ name }) => name).filter((name) => !called.has(name));
    // Steps of people and consoles have canaries of their own: test/canary-people.test.ts, test/console-apply.test.ts, test/console-login.test.ts. `terraform` knows no secret.
    const elsewhere = ["simulate", "demo", "status", "do", "confirm", "console", "terraform"];
    expect(missing.filter((name) => !elsewhere.includes(name))).toEqual([]);
    const heard = world.heard();
    for (const channel of ["stdout", "stderr", "debug", "state", "snapshot", "plan", "actual", "dump"])
      expect({ channel, heard: (heard[channel] ?? 0) > 200 }).toEqual({ channel, heard: true });
  });
});

const clear = chosen["written in clear"];
const login = `credentials: { username: "\${env.VCO_USER}", password: "\${env.VCO_PASSWORD}" }`;
const envPassword = `password: { value: "\${env.CANARY}" }`;
/** Manifests that are wrong, with a secret in clear where the mistake is. */
const clearManifests: Record<string, string> = {
  "as the password": manifest.replace(envPassword, `password: '${clear}'`),
  "as the value of the password": manifest.replace(envPassword, `password: { value: '${clear}' }`),
  "in a list of passwords": manifest.replace(envPassword, `password: { value: ['${clear}'] }`),
  "behind a reference": manifest.replace(envPassword, `password: { value: '${clear}\${env.CANARY}' }`),
  "under a misspelled key": manifest.replace(envPassword, `pasword: '${clear}'`),
  twice: manifest.replace(envPassword, `password: { value: '${clear}' }, password: { value: '${clear}' }`),
  "as a credential": manifest.replace(login, `credentials: { token: '${clear}' }`),
  "as a misspelled credential": manifest.replace(login, `credentials: { tokn: '${clear}' }`),
  "as all the credentials": manifest.replace(login, `credentials: '${clear}'`),
  "in the URL": manifest.replace("https://one.", `https://me:${encodeURIComponent(clear)}@one.`),
  "in the URL of a proxy": manifest.replace(
    login,
    `proxy: 'http://me:${encodeURIComponent(clear)}@proxy.example', ${login}`.replace(", ", "\n    "),
  ),
  "in a text that does not end": manifest.replace(envPassword, `password: { value: "${clear} }`),
  "in a block that does not fit": manifest.replace(envPassword, `password: { value: |\n ${clear}\n }`),
  "as a system type": manifest.replace(
    `type: velocloud\n    url`,
    `type: velocloud\n    password: '${clear}'\n    url`,
  ),
  "as an identity of a sink": manifest.replace("path: secrets/age,", `path: secrets/age, identity: '${clear}',`),
  "as the token": manifest.replace("name: ci, lifetime", `name: ci, token: '${clear}', lifetime`),
  "under a key of no section": `${manifest}secrets: { password: '${clear}' }\n`,
  "on the next line": manifest.replace(envPassword, `password: { value:\n ${clear}\n      generation: 2 }`),
  "over several lines": manifest.replace(envPassword, `password: { value: "\n ${clear}\n more }`),
};

/** What goes wrong in the world, each with a secret at hand that the words could repeat. */
const badWorlds: Record<string, { prepare: () => void; words: string; code: number }> = {
  "a wrong password": { prepare: () => setVariable("VCO_PASSWORD", chosen["wrong password"]), words: "plan", code: 1 },
  "a wrong token": { prepare: () => setVariable("VCO_TOKEN", chosen["wrong password"]), words: "plan", code: 1 },
  "a password in place of the identity": {
    prepare: () => setVariable("STEWARD_AGE_IDENTITY", chosen["wrong password"]),
    words: "secret get velocloud_api_token.ci --force",
    code: 1,
  },
  "a secret in place of the name of a key file": {
    prepare: () => {
      setVariable("STEWARD_AGE_IDENTITY", "");
      setVariable("STEWARD_AGE_IDENTITY_FILE", chosen["wrong password"]);
    },
    words: "drift",
    code: 1,
  },
  "a variable that is not set": { prepare: () => setVariable("VCO_PASSWORD", ""), words: "drift", code: 1 },
  "a user without the right": {
    prepare: () => {
      const person = { username: "low@acme.example", roleName: "Enterprise Support", email: "low@acme.example" };
      world.one.store.addUser({ ...person, tenantId: 1, password: chosen["wrong password"] });
      setVariable("VCO_USER", person.username);
      setVariable("VCO_PASSWORD", chosen["wrong password"]);
    },
    words: "apply --auto-approve --replace velocloud_api_token.ci",
    code: 0,
  },
  "a page in place of an answer": { prepare: () => world.one.faults.add("html:*"), words: "plan", code: 1 },
  "answers that are cut": { prepare: () => world.one.faults.add("truncated:*"), words: "drift", code: 1 },
  "an orchestrator that fails": {
    prepare: () => world.two.faults.add("500:*"),
    words: "refresh --out actual.json",
    code: 1,
  },
  "a download that is cut": {
    prepare: () => world.one.faults.add("truncated:enterprise/downloadApiToken:1"),
    words: "apply --auto-approve --replace velocloud_api_token.ci",
    code: 1,
  },
  "a connection that ends before the login": {
    prepare: () => world.one.faults.add("cut-before:*"),
    words: "doctor",
    code: 1,
  },
  "a file of a sink that is damaged": {
    prepare: () => world.write("secrets/age/token.age.json", world.read("secrets/age/token.age.json").slice(0, 200)),
    words: "secret get velocloud_api_token.ci --force",
    code: 4,
  },
  "an env file that somebody edited": {
    prepare: () => world.write("secrets/shell.env", `${world.read("secrets/shell.env")}TOKEN=\n`),
    words: "secret get velocloud_api_token.two --force",
    code: 4,
  },
  "a secret as an address": { prepare: () => {}, words: "state show velocloud_api_token.cj", code: 4 },
  "an unknown sink": {
    prepare: () =>
      world.write("steward.yaml", manifest.replaceAll("local:", "nowhere:").replace("nowhere: {", "local: {")),
    words: "validate",
    code: 65,
  },
  "a file that is not there": {
    prepare: () => world.write("steward.yaml", manifest.replace('canary.txt}" }', 'other.txt}", generation: 2 }')),
    words: "apply --auto-approve",
    code: 1,
  },
};

function setVariable(name: string, value: string): void {
  world.variables[name] = value;
}

describe("canary secrets stand in no error", () => {
  test.each(Object.entries(clearManifests))("of a manifest that has one in clear %s", async (_where, text) => {
    expect(text).not.toBe(manifest);
    expect(findLeaks(text, new Map([["clear", clear]]))).not.toEqual([]);
    world.write("steward.yaml", text);
    await inEveryFormat("validate", 65);
    await inEveryFormat("plan", 65, ["text", "json", "markdown"]);
    expect(world.leaks()).toEqual([]);
  });

  test.each(Object.entries(badWorlds))("of %s", async (_what, { prepare, words, code }) => {
    await run("trust --all", 0);
    await run("apply --auto-approve", 0);
    prepare();
    await run(`${words} --debug`, code);
    prepare();
    await run(`${words} --debug --format json`, code);
    expect(world.leaks()).toEqual([]);
  });
});

describe("the scan", () => {
  const encoded = Object.entries(encodings);
  const plants: { channel: Channel; words: string; plant: (leak: () => string) => Plant }[] = [
    { channel: "stdout", words: "plan", plant: (leak) => ({ write: (text) => text + leak() }) },
    { channel: "stdout", words: "validate --format json", plant: (leak) => ({ write: (text) => text + leak() }) },
    {
      channel: "stderr",
      words: "state show velocloud_role.none",
      plant: (leak) => ({ note: (text) => `${text}${leak()}\n` }),
    },
    {
      channel: "stderr",
      words: "show nowhere.json",
      plant: (leak) => ({ note: (text) => text.replace("nowhere", leak()) }),
    },
    {
      channel: "debug",
      words: "drift --debug",
      plant: (leak) => ({ note: (text) => text.replace("POST", leak().replace(/\n/g, "")) }),
    },
    { channel: "state", words: "apply --auto-approve", plant: inFile("log.jsonl") },
    { channel: "plan", words: "plan --out plan.json", plant: inFile("plan.json") },
    { channel: "actual", words: "refresh --out actual.json", plant: inFile("actual.json") },
    { channel: "dump", words: "dump one --out dump.txt", plant: inFile("dump.txt") },
    { channel: "snapshot", words: "plan", plant: () => ({}) },
  ];

  test.each(plants)(
    "catches a leak that is planted in $channel of $words, in every encoding",
    async ({ channel, words, plant }) => {
      await run("trust --all", 0);
      for (const [name, encode] of encoded) {
        const leak = () => encode(chosen["password in a file"]);
        world.plant = plant(leak);
        if (channel === "snapshot") world.write(".steward/state/default/snapshot.json", leak());
        await world.steward(words);
        const caught = world.leaks().some((one) => one.channel === channel && one.secret === "password in a file");
        expect({ name, caught }).toEqual({ name, caught: true });
        world.forgetHeard();
      }
    },
  );

  test.each(encoded)("finds a secret that is written %s", (_name, encode) => {
    for (const [secret, value] of Object.entries(chosen))
      expect(findLeaks(`before ${encode(value)} after`, new Map([[secret, value]]))).toHaveLength(1);
  });

  test("finds nothing where nothing is", () => {
    expect(findLeaks(manifest + "x".repeat(1_000), new Map(Object.entries(chosen)))).toEqual([]);
  });

  test("hears what is allowed to come out: secret get on a terminal and with --force", async () => {
    await run("trust --all", 0);
    await run("apply --auto-approve", 0);
    expect(world.leaks()).toEqual([]);
    await run("secret get velocloud_api_token.ci", 0, { isTerminal: true });
    expect(world.leaks()).toMatchObject([{ channel: "stdout", as: "plain" }]);
    world.forgetHeard();
    await run("secret get velocloud_api_token.two --force --format json", 0);
    expect(world.leaks()).toMatchObject([{ channel: "stdout" }]);
  });
});

describe("a Secret", () => {
  test("shows nothing of any value by text, JSON, inspection, template, keys or clone", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 20, maxLength: 60, unit: "grapheme" }), (value) => {
        const secret = new Secret(value);
        const thrown = new Error(`with ${secret}`, { cause: secret });
        const shown = [
          ...[String(secret), `${secret}`, ["a", secret, "b"].join(""), secret.toString()],
          ...[
            JSON.stringify(secret),
            JSON.stringify({ deep: [secret] }),
            JSON.stringify(Object.entries({ ...secret })),
          ],
          ...[inspect(secret), inspect({ deep: [secret] }, { showHidden: true, depth: 9 }), inspect(thrown)],
          ...[JSON.stringify(structuredClone({ ...secret })), Object.getOwnPropertyNames(secret).join()],
        ].join("\n");
        expect(findLeaks(shown, new Map([["value", value]]))).toEqual([]);
        expect(secret.reveal()).toBe(value);
      }),
      { numRuns: 300 },
    );
  });
});

function inFile(name: string): (leak: () => string) => Plant {
  return (leak) => ({
    bytes: (path, bytes) => (path.includes(name) ? Buffer.concat([bytes, Buffer.from(leak())]) : bytes),
  });
}
