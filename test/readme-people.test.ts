import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Credentials, type Entered, SupportPerson } from "../src/commands/demo/person.ts";
import { Transports } from "../src/platform/transport.ts";
import { Secret } from "../src/secret.ts";
import type { RunningSimulators } from "../src/simulators/simulate.ts";
import { makeFolder, simulated } from "./commands2-console.ts";
import { type Block, blocksOf, chapterOf, commandsOf, Reader, steady } from "./readme-reader.ts";

/** The README's work of people, followed literally: at the simulated console and at the terminal. */

const shown = blocksOf(chapterOf("A step for a person"));
const resources = shown[0]!.text.slice(shown[0]!.text.indexOf("resources:"));

/** What the starter manifest becomes: another system, and resources at its end. */
async function declare({ manifest }: Reader, systems: string): Promise<void> {
  const text = await readFile(manifest, "utf8");
  await writeFile(manifest, `${text.replace(/(?<=\nsystems:\n)[\s\S]*?(?=\nsinks:)/, () => systems)}\n${resources}`);
}

test("the step for a person has the plan and the instruction that the README shows", async () => {
  const reader = new Reader(await makeFolder());
  await reader.follow("steward init");
  await declare(reader, shown[0]!.text.split("\nresources:")[0]!.replace("systems:\n", ""));
  await reader.follow("steward trust --all");
  const [plan, instruction] = shown.filter(({ language }) => language === "");
  expect(steady((await reader.follow("steward plan --out plan.json")).out)).toContain(steady(plan!.text));
  await reader.follow("steward apply plan.json", 3);
  const observe = "momentus_api_user.moco_serv/observe";
  const absent = "--result absent --field rights=support --field licensed=yes";
  await reader.follow(`steward confirm ${observe} ${absent}`);
  // What was asked for already is only named.
  const create = "steward do momentus_api_user.moco_serv/create";
  expect((await reader.follow("steward apply plan.json", 3)).out).toContain(`Still waiting:  ${create}`);
  expect(steady((await reader.follow(`${create} --show`)).out)).toContain(steady(instruction!.text));
});

/** What the README types into `steward do`: as its transcript shows it, or as its words say before it. */
function answersIn(block: Block, next: Block | undefined): string[] {
  const [, words] = /answer ((?:`[^`]+`(?:, )?)+)/i.exec(block.before) ?? [];
  if (words !== undefined) return [...words.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
  const transcript = next?.language === "" ? next.text : "";
  return [...transcript.matchAll(/^ {2}\S.*: (\S+)$/gm)].map(([, word = ""]) => word);
}

/** The form of an API user as an instruction says it. */
function formIn(instruction: string): Entered {
  const rows = [...instruction.matchAll(/^ {8}(\S.*?) {3,}(\S.*)$/gm)].map(([, label = "", value = ""]) => ({
    label,
    value,
  }));
  const texts = rows.filter(({ value }) => value !== "☑" && value !== "☐");
  return {
    texts: Object.fromEntries(texts.map(({ label, value }) => [label, value])),
    checked: rows.filter(({ value }) => value === "☑").map(({ label }) => label),
  };
}

/** Who follows the chapter: reads the screen, works at the console, and types. */
class Follower {
  readonly #reader: Reader;
  readonly #simulators: RunningSimulators;
  readonly #person: SupportPerson;
  credentials: Credentials | undefined;
  /** Whether Connect asked for the credentials of MOCO-SERV. */
  wasAsked = false;

  constructor(reader: Reader, simulators: RunningSimulators, person: SupportPerson) {
    this.#reader = reader;
    this.#simulators = simulators;
    this.#person = person;
  }

  /** `steward do`, answered as the README says. Returns what the terminal shows at the end. */
  async do(line: string, answers: string[], code: number): Promise<string> {
    const screen: string[] = [];
    const seen: string[] = [];
    const onAsk = async (question: string): Promise<string> => {
      const [, value] = /\n {2}(\S+)\n\n {2}Press Enter when you have it/.exec(question) ?? [];
      if (value !== undefined) seen.push(value);
      if (/press enter/i.test(question)) return "";
      if (question.includes("1 to ")) await this.#work(line, screen.join(""), seen);
      if (question.includes("(not shown)"))
        return this.credentials![question.includes("Secret") ? "secret" : "key"].reveal();
      const answer = answers.shift() ?? "";
      if (question.includes("Status")) expect(answer).toBe(this.appIn("prod")?.status);
      return answer;
    };
    const onScreen = (text: string) => void screen.push(text);
    await this.#reader.follow(line, code, { terminal: true, onAsk, onScreen });
    expect(answers, line).toEqual([]);
    return screen.join("");
  }

  /** The app of the chapter, as Connect has it. */
  appIn(tenant: string) {
    const apps = this.#simulators.momentus.store.apps.values();
    return apps.find((app) => app.tenant === tenant && app.name === "Floor Plan Studio");
  }

  /** What the person does before telling how it ended. */
  async #work(line: string, instruction: string, seen: string[]): Promise<void> {
    const { store } = this.#simulators.momentus;
    if (line.endsWith("moco_serv/observe")) {
      const isLicensed = store.licensing.isLicensed("prod");
      expect(await this.#person.look("prod", "MOCO-SERV")).toBe(isLicensed ? "absent" : "not licensed");
    }
    if (line.endsWith("/create")) this.credentials = await this.#person.addApiUser("prod", formIn(instruction));
    if (!line.endsWith("/approve")) return;
    const [secret = "", key = ""] = seen;
    const told = { id: "MOCO-SERV", secret: new Secret(secret), key: new Secret(key) };
    this.wasAsked = await this.#person.approve(store.customerName, "prod", "Floor Plan Studio", told);
  }
}

test("ten minutes of Momentus in the README work literally against the simulator, with a person in them", async () => {
  const simulators = await simulated({ isUnlicensed: true });
  const { momentus } = simulators.ready;
  const transports = new Transports({});
  const person = new SupportPerson(transports.route({}), momentus.url.replace("/prod", ""));
  await person.signIn(momentus.console);
  const reader = new Reader(await makeFolder());
  const follower = new Follower(reader, simulators, person);
  const blocks = blocksOf(chapterOf("Momentus in ten minutes"));
  const { store } = simulators.momentus;
  const licensed: boolean[] = [];
  const isTold = ["steward simulate --unlicensed --port-base 7070", "mkdir people && cd people"];
  for (const [index, block] of blocks.entries()) {
    // The ports that the README chooses may be taken here.
    const here = block.text
      .replace("http://127.0.0.1:7071/prod", momentus.url)
      .replace("smtp://127.0.0.1:7072", momentus.smtp_url);
    if (block.language === "yaml") await declare(reader, here);
    for (const line of block.language === "sh" ? commandsOf(here) : []) {
      if (line === isTold[0]) isTold.shift();
      else if (line.startsWith("steward do ")) {
        const next = blocks[index + 1];
        const code = next?.text.includes("it goes on waiting") ? 3 : 0;
        const screen = await follower.do(line, answersIn(block, next), code);
        if (next?.language === "") expect(steady(screen)).toContain(steady(next.text));
      } else {
        const { out } = await reader.follow(line, line === "steward apply plan.json" ? 3 : 0);
        if (line === "steward plan") expect(out).toContain("No changes.");
      }
      licensed.push(store.licensing.isLicensed("prod"));
    }
  }
  await transports.close();
  expect(isTold).toEqual([]);
  expect(licensed.slice(licensed.indexOf(true), licensed.lastIndexOf(true) + 1)).not.toContain(false);
  expect(licensed.at(-1)).toBe(false);
  expect(follower.wasAsked).toBe(true);
  expect(store.prod.apiUsers.values().filter(({ id }) => id === "MOCO-SERV")).toHaveLength(1);
  expect(follower.appIn("prod")?.status).toBe("approved");
  expect(follower.appIn("test")?.status).toBe("requested");
  const runbook = await readFile(join(reader.folder, "runbook.html"), "utf8");
  expect(runbook).toContain("MOCO-SERV");
  for (const secret of ["secret", "key"] as const)
    expect(runbook).not.toContain(follower.credentials![secret].reveal());
});
