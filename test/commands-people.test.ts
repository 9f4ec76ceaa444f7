import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Console } from "../src/commands/command.ts";
import type { Answer } from "./commands-fixture.ts";
import { CanaryWorld, peopleManifest } from "./world/canary-world.ts";

/** Commands around the work of people: exit codes, files, prompts, and secrets on a terminal. */

let world: CanaryWorld;
beforeEach(() => {
  world = new CanaryWorld();
});
afterEach(() => world.close());

type Options = Partial<Console> & { answers?: string[] };

async function run(words: string, code: number, options?: Options): Promise<Answer> {
  const answer = await world.steward(words, options);
  expect([words, answer.code, answer.code === code ? "" : answer.err]).toEqual([words, code, ""]);
  return answer;
}

const serial = async (): Promise<number> => JSON.parse((await run("state list --format json", 0)).out).serial;

const moco = "momentus_api_user.moco";
const approve = "momentus_app_approval.signage/approve";
const linesOf = (text: string, kept: RegExp): string =>
  text
    .split("\n")
    .filter((line) => !/^ {4}\w+: \{ system/.test(line) || kept.test(line))
    .filter((line) => !/^ {2}momentus_api_key:/.test(line))
    .join("\n");
/** MOCO-SERV alone, and with an approval that needs its credentials. */
const mocoAlone = linesOf(peopleManifest, /moco:/).replace("  momentus_app_approval:\n", "");
const withApproval = linesOf(peopleManifest, /moco:|signage:/);

/** Somebody makes MOCO-SERV at the console. */
function make(): { secret: string; key: string } {
  const { store } = world.venue;
  store.addApiUser("prod", {
    ...{ id: "MOCO-SERV", displayName: "Momentus Connect", isInternal: true, hasLicenseSpecialAccess: true },
  });
  store.addKey("prod", "MOCO-SERV");
  return store.credentialsOf("prod", "MOCO-SERV");
}

/** A run in which MOCO-SERV is asked for. */
async function begin(manifest: string): Promise<void> {
  world.write("steward.yaml", manifest);
  await run("trust --all", 0);
  await run("plan --out plan.json", 0);
  await run("apply plan.json", 3);
}

/** The same with MOCO-SERV made and told. */
async function beginWithMoco(manifest: string): Promise<{ secret: string; key: string }> {
  await begin(manifest);
  await run(`confirm ${moco}/observe --result absent --field rights=support --field licensed=yes`, 0);
  const { secret, key } = make();
  const readInput = async () => `${secret}\n${key}\n`;
  await run(`confirm ${moco}/create --result done --secret secret --secret key`, 0, { readInput });
  return { secret, key };
}

describe("a pipeline", () => {
  test("is told by steward plan --detailed-exitcode whether something is to be done, people are at work, or neither", async () => {
    world.write("steward.yaml", mocoAlone);
    await run("trust --all", 0);
    await run("plan --detailed-exitcode", 2);
    await begin(mocoAlone);
    await run("plan --detailed-exitcode", 3);
    world.write("steward.yaml", withApproval.replace("app: Lobby Signage", "app: Event Portal"));
    await run("plan --detailed-exitcode", 3);
    const other =
      'other: { system: venue, user_id: OTHER, display_name: O, organization: "10", enforce_access_privileges: true, deliver_to: shell:OTHER }';
    world.write("steward.yaml", `${mocoAlone.trimEnd()}\n    ${other}\n`);
    await run("plan --detailed-exitcode", 2);
    await run("plan", 0);
  });

  test("may apply a plan file again that was carried out: nothing is left to do, and exit 0 says so", async () => {
    await beginWithMoco(mocoAlone);
    await run("plan --detailed-exitcode", 0);
    const before = await serial();
    const { out } = await run("apply plan.json", 0);
    expect(out).toContain(`Nothing is left to do: everything in this plan was carried out. State serial ${before}.`);
    expect(JSON.parse((await run("apply plan.json --format json", 0)).out)).toMatchObject({ outcome: "done-before" });
    expect(await serial()).toBe(before);
  });
});

describe("credentials that were refused", () => {
  test("are not called refused any more once they are proven, although the refusal is young", async () => {
    await begin(mocoAlone);
    await run(`confirm ${moco}/observe --result absent --field rights=support --field licensed=yes`, 0);
    const { secret, key } = make();
    const readInput = async () => `${secret}\n${key}\n`;
    world.venue.faults.add("500:sdk/initialize");
    await run(`confirm ${moco}/create --result done --secret secret --secret key`, 1, { readInput });
    world.venue.faults.clear();
    world.venue.store.changeApiUser("prod", "MOCO-SERV", { isRetired: true });
    await run("apply --auto-approve", 0);
    world.venue.store.changeApiUser("prod", "MOCO-SERV", { isRetired: false });
    const saysRefused = async (): Promise<boolean[]> => {
      const said = [await run("plan", 0), await run("drift", 0)];
      return said.map(({ out }) => out.includes("refused"));
    };
    expect(await saysRefused()).toEqual([true, true]);
    await run("apply plan.json", 0);
    expect(await saysRefused()).toEqual([false, false]);
    await run("drift --detailed-exitcode", 0);
  });
});

describe("files that commands write", () => {
  const outbox = (): string => join(world.folder, ".steward", "outbox");
  const elsewhere = (): string => join(world.folder, "elsewhere");

  async function beginLoan(): Promise<void> {
    await begin(mocoAlone);
    await run(`confirm ${moco}/observe --result absent --field rights=support --field licensed=no`, 0);
    const { out } = await run(`do ${moco}/license_request --show`, 0);
    expect(out).toMatch(/The mail is in \.steward\/outbox\/.*\.eml/);
    mkdirSync(elsewhere());
  }

  test("a mail is not written through a link in place of the outbox", async () => {
    await beginLoan();
    rmSync(outbox(), { recursive: true });
    symlinkSync(elsewhere(), outbox());
    const { err } = await run(`do ${moco}/license_request --show`, 4);
    expect(err).toMatch(/outbox is a link/);
    expect(readdirSync(elsewhere())).toEqual([]);
  });

  test("a mail is not written through a link in place of its file", async () => {
    await beginLoan();
    const [name = ""] = readdirSync(outbox(), { recursive: true, encoding: "utf8" }).filter((one) =>
      one.endsWith(".eml"),
    );
    const file = join(outbox(), name);
    rmSync(file);
    world.write("elsewhere/theirs", "theirs");
    symlinkSync(join(elsewhere(), "theirs"), file);
    expect((await run(`do ${moco}/license_request --show`, 4)).err).toMatch(/\.eml is a link/);
    expect(world.read("elsewhere/theirs")).toBe("theirs");
    // Nor is the link itself taken away: somebody is to look at it.
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
  });

  test.each(["plan.md", "./plan.md", "other/../plan.md"])(
    "--out plan.md and --runbook %s are one file, and refused",
    async (name) => {
      world.write("steward.yaml", mocoAlone);
      await run("trust --all", 0);
      const { err } = await run(`plan --out plan.md --runbook ${name}`, 64);
      expect(err).toContain("--out and --runbook name the same file");
      expect(existsSync(join(world.folder, "plan.md"))).toBe(false);
      await run("plan --out plan.json --runbook plan.md", 0);
      expect(world.read("plan.md")).not.toBe(world.read("plan.json"));
    },
  );
});

describe("steward confirm", () => {
  test.each(["secret=hunter2-canary", "=hunter2-canary", "hunter2-canary="])(
    "refuses a secret on its command line, and does not repeat it: --secret %s",
    async (word) => {
      await begin(mocoAlone);
      const before = await serial();
      const { out, err } = await run(`confirm ${moco}/observe --result absent --secret ${word}`, 64);
      expect(err).toContain("a secret never stands on the command line");
      expect(out + err).not.toContain("hunter2");
      expect(await serial()).toBe(before);
    },
  );

  test.each([0, 1])("records nothing when its prompt is stopped, or input ends, after %i secrets", async (told) => {
    await begin(mocoAlone);
    await run(`confirm ${moco}/observe --result absent --field rights=support --field licensed=yes`, 0);
    const { secret } = make();
    const before = await serial();
    const answers = [secret].slice(0, told);
    const said = await run(`confirm ${moco}/create --result done --secret secret --secret key`, 1, {
      answers,
      canAsk: true,
    });
    expect(said.err).toContain("it was stopped before anything was told");
    expect(said.asked).toHaveLength(told + 1);
    expect(await serial()).toBe(before);
    expect((await run("status", 0)).out).toContain(`${moco}/create`);
  });
});

/** A terminal as commands see it, which remembers everything that reached it, in order. */
class Terminal {
  shown = "";
  readonly stop = new AbortController();
  readonly console: Options;

  /** `type` gives the answer to each question; undefined ends the input. */
  constructor(type: (question: string, terminal: Terminal) => string | undefined, more: Partial<Console> = {}) {
    const show = (text: string): void => {
      this.shown += text;
    };
    this.console = {
      ...{ isTerminal: true, notesAreTerminal: true, canAsk: true, write: show, note: show, stop: this.stop.signal },
      ask: async (question) => {
        show(question);
        return this.stop.signal.aborted ? undefined : type(question, this);
      },
      ...more,
    };
  }

  /** What stays on the screen and in the scrollback: the second screen of a terminal is gone when it is put away. */
  get left(): string {
    const [first = "", ...others] = this.shown.split("\u001b[?1049h");
    return [first, ...others.map((one) => one.split("\u001b[?1049l")[1] ?? one)].join("");
  }

  /** The rows of the screen at the end, where a terminal has no second one and is high enough. */
  get rows(): string[] {
    const rows: string[] = [];
    let row = 0;
    for (const [piece] of this.shown.replaceAll("\u001b", "␛").matchAll(/␛\[[?\d]*[A-Za-z]|\n|[^␛\n]+/g)) {
      if (piece === "␛[H") row = 0;
      else if (piece === "␛[2K") rows[row] = "";
      else if (piece === "\n" || piece === "␛[B") row++;
      else if (!piece.startsWith("␛")) rows[row] = `${rows[row] ?? ""}${piece}`;
    }
    return rows;
  }
}

describe("steward do", () => {
  const isShown = (question: string): boolean => question.includes("Press Enter when you have it");

  async function beginApproval(): Promise<{ secret: string; key: string }> {
    const made = await beginWithMoco(withApproval);
    await run("apply plan.json", 3);
    await run("confirm momentus_app_approval.signage/observe --result absent --field status=requested", 0);
    return made;
  }

  test("shows each secret on a screen of its own, which is put away after Enter", async () => {
    const { secret, key } = await beginApproval();
    const terminal = new Terminal((question) => (question.includes("1 to ") ? "not-done" : ""));
    await run(`do ${approve}`, 3, terminal.console);
    for (const value of [secret, key]) {
      expect(terminal.shown.split(value)).toHaveLength(2);
      expect(terminal.left).not.toContain(value);
    }
    expect(terminal.left).toContain("press Enter to see it once");
    expect(terminal.left).not.toContain("\u001b[?1049");
  });

  test("leaves no secret on a terminal that has no second screen", async () => {
    const { secret, key } = await beginApproval();
    const terminal = new Terminal((question) => (question.includes("1 to ") ? "not-done" : ""));
    await run(`do ${approve}`, 3, terminal.console);
    const rows = terminal.rows.join("\n");
    expect(rows).toContain("approve");
    for (const value of [secret, key]) expect(rows).not.toContain(value);
  });

  test("puts the secret away when it is stopped there, shows no other, and records nothing", async () => {
    const { secret, key } = await beginApproval();
    const before = await serial();
    const terminal = new Terminal((question, { stop }) => {
      if (!isShown(question)) return "";
      stop.abort();
      return undefined;
    });
    await run(`do ${approve}`, 3, terminal.console);
    const seen = [secret, key].filter((value) => terminal.shown.includes(value));
    expect(seen).toHaveLength(1);
    expect(terminal.shown).not.toContain("Key: press Enter");
    for (const value of [secret, key]) expect(terminal.left).not.toContain(value);
    expect(terminal.left).toContain("Nothing was recorded; the step goes on waiting.");
    expect(await serial()).toBe(before);
  });

  test("puts the secret away also when the terminal breaks", async () => {
    const { secret, key } = await beginApproval();
    const terminal = new Terminal((question) => {
      if (isShown(question)) throw new Error("EIO");
      return "";
    });
    await world.steward(`do ${approve}`, terminal.console);
    expect([secret, key].some((value) => terminal.shown.includes(value))).toBe(true);
    for (const value of [secret, key]) expect(terminal.left).not.toContain(value);
  });

  test("shows no secret to whoever skips it", async () => {
    const { secret, key } = await beginApproval();
    const terminal = new Terminal((question) => (question.includes("1 to ") ? "not-done" : "s"));
    await run(`do ${approve}`, 3, terminal.console);
    for (const value of [secret, key]) expect(terminal.shown).not.toContain(value);
  });

  test.each(["canAsk", "isTerminal", "notesAreTerminal"] as const)(
    "is refused where a stream is no terminal, with nothing shown or asked: %s",
    async (stream) => {
      await beginApproval();
      const terminal = new Terminal(() => "", { [stream]: false });
      await run(`do ${approve}`, 4, terminal.console);
      expect(terminal.shown).toContain("this is no terminal");
      expect(terminal.shown).toContain(`steward do ${approve} --show`);
      expect(terminal.shown).not.toContain("MOCO-SERV");
    },
  );

  test("records nothing when input ends at any of its questions", async () => {
    await begin(mocoAlone);
    const before = await serial();
    for (const answers of [[], ["2"], ["2", "yes"]]) {
      const left = [...answers];
      const terminal = new Terminal(() => left.shift());
      await run(`do ${moco}/observe`, 3, terminal.console);
      expect(terminal.shown).toContain("Nothing was recorded; the step goes on waiting.");
    }
    expect(await serial()).toBe(before);
  });
});
