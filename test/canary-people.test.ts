import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Console } from "../src/commands/command.ts";
import { CanaryWorld, peopleManifest } from "./world/canary-world.ts";

/** Secrets that people bring: through `confirm`, through `do`, right ones and wrong ones, and what `do` shows on a terminal. */

let world: CanaryWorld;
beforeEach(() => {
  world = new CanaryWorld();
  world.write("steward.yaml", peopleManifest);
});
afterEach(() => world.close());

type Options = Partial<Console> & { answers?: string[] };

async function run(words: string, code: number, options?: Options): Promise<string> {
  const answer = await world.steward(words, options);
  const said = answer.out + answer.err;
  expect({ words, code: answer.code, said: answer.code === code ? "" : said }).toEqual({ words, code, said: "" });
  return said;
}

const lines = (...values: string[]): Options => ({ readInput: async () => `${values.join("\n")}\n` });

async function inBothFormats(words: string, code: number, options?: Options): Promise<void> {
  for (const format of ["text", "json"]) await run(`${words} --format ${format} --debug`, code, options);
}

/** Somebody makes an API user at the console. */
function make(id: string): { secret: string; key: string } {
  const { store } = world.venue;
  const isMoco = id === "MOCO-SERV";
  store.addApiUser("prod", {
    ...{ id, displayName: isMoco ? "Momentus Connect" : "Shell" },
    ...{ isInternal: isMoco, hasLicenseSpecialAccess: true, enforceAccessPrivileges: !isMoco },
  });
  store.addKey("prod", id);
  const { secret, key } = store.credentialsOf("prod", id);
  return { secret, key };
}

const moco = "momentus_api_user.moco";
const shell = "momentus_api_user.shell";
/** From nothing to an approval, with every answer that holds a secret given wrong first. */
async function walk(): Promise<string> {
  await run("trust --all", 0);
  await run("plan --out plan.json --runbook other-runbook.html", 0);
  await run("apply plan.json --debug", 3);
  await inBothFormats("status", 0);
  await run(`confirm ${moco}/observe --result absent --field rights=support --field licensed=no --debug`, 0);
  await run(`do ${moco}/license_request --show`, 0);
  await run(`confirm ${moco}/license_request --result done`, 0);
  await run(`confirm ${moco}/license_wait --result done`, 0);
  const made = make("MOCO-SERV");
  const told = `confirm ${moco}/create --result done --secret secret --secret key`;
  await inBothFormats(told, 4, lines(made.key, made.secret));
  await inBothFormats(told, 4, lines(made.secret, `${made.key}0`));
  await inBothFormats(told, 64, lines(made.secret));
  await inBothFormats(`${told} --field key=${"x"}`, 4, lines(made.secret, made.key));
  await run(`${told} --debug`, 0, lines(made.secret, made.key));
  await run(`confirm ${shell}/observe --result absent --field rights=support --field licensed=yes`, 0);
  const other = make("SHELL");
  const answers = ["1", other.key, other.secret, "done", other.secret, other.key];
  await run(`do ${shell}/create`, 0, { answers, canAsk: true, isTerminal: true });
  const further = world.venue.store.addKey("prod", "MOCO-SERV").id;
  await run("confirm momentus_api_key.more/add --result done --secret key --debug", 0, lines(further));
  await run("confirm momentus_app_approval.signage/observe --result absent --field status=requested", 0);
  const shown = { answers: ["", "", "", "", "not-done"], canAsk: true, isTerminal: true };
  const seen = world.steward("do momentus_app_approval.signage/approve --debug", shown);
  return (await seen).asked.join("\n");
}

describe("canary secrets of people", () => {
  test("stand in no output, file or state, whatever was told and however wrong", async () => {
    const asked = await walk();
    expect(world.leaks()).toEqual([]);
    expect(world.secrets().size).toBeGreaterThan(10);
    // What a person needs is shown to that person, by the question on the terminal alone.
    const { secret, key } = world.venue.store.credentialsOf("prod", "MOCO-SERV");
    expect(asked).toContain(secret);
    expect([...world.venue.store.prod.keys.values()].some(({ id }) => asked.includes(id))).toBe(true);
    expect(key).not.toBe("");
  });

  test("are found when a step prints what it was told", async () => {
    await walk();
    world.plant = { note: (text) => `${text}${world.venue.store.credentialsOf("prod", "SHELL").secret}` };
    await run(`confirm ${shell}/create --result done`, 4);
    expect(world.leaks().map(({ channel }) => channel)).toContain("stderr");
  });

  test("are found when the log keeps what was told", async () => {
    await walk();
    const { secret } = world.venue.store.credentialsOf("prod", "SHELL");
    world.plant = { bytes: (_path, bytes) => Buffer.concat([bytes, Buffer.from(`${secret}\n`)]) };
    await run("confirm momentus_app_approval.signage/approve --result not-done", 3);
    expect(world.leaks().map(({ channel }) => channel)).toContain("state");
  });
});
