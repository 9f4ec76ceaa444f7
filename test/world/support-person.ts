import { ConsoleDriver } from "../../src/hands/forms/driver.ts";
import { textOf } from "../../src/hands/forms/element.ts";
import type { AnswerResult, Ask, Screen, ScreenResult } from "../../src/screen.ts";
import type { Secret } from "../../src/secret.ts";
import type { ConsoleAccount } from "../../src/simulators/momentus/records.ts";
import type { SimRequest, SimResponse } from "../../src/simulators/wire.ts";
import { type Reveal, type Seen, workThrough } from "./screen-work.ts";

/** What a person tells of a step. */
export interface Told {
  result: AnswerResult;
  fields: Record<string, string>;
  secrets: Record<string, string>;
}

/** A step as a person gets it: its instruction, and the values that `steward do` would show. */
export interface Task {
  run: string;
  step: string;
  screen: Screen;
  reveal: Reveal;
  /** The text of the mail that is to be sent, where the step is one. */
  mail?: string;
}

/** Where the person works: the console, and a mailbox. */
export interface Desk {
  handle(request: SimRequest): Promise<SimResponse>;
  accounts: { support: ConsoleAccount; customer: ConsoleAccount };
  /** Sends the text of an `.eml` file. */
  send(mail: string): void;
  /** The subject and text of the last mail that came, such as the public note of a ticket. */
  inbox(): string | undefined;
}

const origin = "https://venue.test";
/** How the status of an app is called in answers. */
const statuses: Readonly<Record<string, string>> = {
  ...{ Requested: "requested", Deleted: "declined", Approved: "approved", Active: "active", Disabled: "disabled" },
};
const isApproved = (status: string | undefined): boolean => /^(approved|active|disabled)$/.test(status ?? "");

/**
 * A person of Enterprise support, or with the rights of a customer. Everything that is done comes out of the Screen of a step:
 * nothing here knows the kinds. What was done and not taken in yet is remembered, and told again.
 */
export class SupportPerson {
  readonly #desk: Desk;
  readonly #consoles = new Map<SupportPerson["rights"], ConsoleDriver>();
  /** With whose account: `customer` is shown no internal API user. */
  rights: "support" | "customer" = "support";
  /** Answers that were worked for and not taken in by Steward, by task. */
  readonly remembered = new Map<string, Told>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Does what the instruction says, and answers honestly. */
  async work(task: Task): Promise<Told> {
    const before = this.remembered.get(nameOf(task)) ?? this.#untold(task);
    if (before) return before;
    const told = await this.#workAnew(task);
    // Looking costs nothing and may show something else tomorrow: only work is remembered.
    if (told.result === "done") this.remembered.set(nameOf(task), told);
    return told;
  }

  /** Steward has taken in that it is done. */
  forget(task: Pick<Task, "run" | "step">): void {
    for (const name of this.remembered.keys()) if (name.endsWith(` ${task.step}`)) this.remembered.delete(name);
  }

  /** Where the instruction says so, what was done for an earlier run and not told is told now. */
  #untold({ step, screen }: Task): Told | undefined {
    const asks = screen.acts.some((act) => act.act === "note" && /already and not told/.test(act.text));
    return asks ? [...this.remembered].find(([name]) => name.endsWith(` ${step}`))?.[1] : undefined;
  }

  async #workAnew({ screen, reveal, mail }: Task): Promise<Told> {
    if (mail !== undefined) {
      this.#desk.send(mail);
      return { result: "done", fields: {}, secrets: {} };
    }
    if (screen.url === undefined) return this.#waitForMail(screen);
    const driver = await this.#sit();
    const seen = await workThrough(driver, screen, reveal);
    const isQuestion = screen.results.some(({ result }) => result === "absent");
    return isQuestion ? this.#answerQuestion(driver, screen, seen) : this.#answerWork(screen, seen);
  }

  /** The console, signed in with the account that is meant; a session that lives goes on. */
  async #sit(): Promise<ConsoleDriver> {
    const rights = this.rights;
    const driver = this.#consoles.get(rights) ?? new ConsoleDriver((request) => this.#desk.handle(request), { origin });
    this.#consoles.set(rights, driver);
    await driver.goto("/");
    if (driver.all("button", "Sign out").length === 0) await driver.signIn(this.#desk.accounts[rights]);
    return driver;
  }

  #waitForMail({ results }: Screen): Told {
    const mail = this.#desk.inbox() ?? "";
    const result = /was added to/.test(mail) ? "done" : /declined/.test(mail) ? "failed" : "not-done";
    return { result: results.some((one) => one.result === result) ? result : "not-done", fields: {}, secrets: {} };
  }

  async #answerQuestion(driver: ConsoleDriver, screen: Screen, seen: Seen): Promise<Told> {
    const status = statusIn(seen.rows[subjectOf(seen)] ?? []);
    const [, prefix] = /^a Key that begins with (\w+)$/.exec(subjectOf(seen)) ?? [];
    const isThere = prefix
      ? driver.all("cell").some((cell) => textOf(cell).startsWith(prefix))
      : subjectOf(seen) in seen.rows && (status === undefined || isApproved(status));
    // What is not in the list cannot be opened: that is the answer.
    const isMissing = seen.stopped?.why === "missing" && subjectOf(seen) !== "" && !(subjectOf(seen) in seen.rows);
    const result: AnswerResult = isMissing ? "absent" : seen.stopped ? "cannot-see" : isThere ? "found" : "absent";
    // Who is not asked does not try Add: on a list of Keys that would make one.
    const asksLicense = screen.results.some(({ asks }) => asks.some(({ name }) => name === "licensed"));
    const licensed = !asksLicense || (await isLicensed(driver, seen)) ? "yes" : "no";
    const found = screen.results.find((one) => one.result === "found");
    const known: Record<string, string> = {
      ...{ rights: this.rights, licensed, status: status ?? "not listed" },
      ...settingsIn(found, seen),
    };
    return { result, fields: fieldsFor(screen, result, known), secrets: {} };
  }

  #answerWork(screen: Screen, seen: Seen): Told {
    const { results } = screen;
    if (seen.stopped && wasDoneBefore(screen, seen)) return { result: "done", fields: {}, secrets: {} };
    if (seen.stopped) {
      const isThereAlready = /already/.test(seen.stopped.text) && results.some(({ result }) => result === "found");
      const result = isThereAlready ? "found" : /not licensed/.test(seen.stopped.text) ? "not-done" : "failed";
      return { result, fields: {}, secrets: {} };
    }
    const done = results.find(({ result }) => result === "done");
    const status = statusIn(seen.rows[subjectOf(seen)] ?? []);
    const known = { ...settingsIn(done, seen), ...(status === undefined ? {} : { status }) };
    return { result: "done", fields: fieldsFor(screen, "done", known), secrets: secretsFor(done, seen) };
  }
}

const nameOf = ({ run, step }: Pick<Task, "run" | "step">): string => `${run} ${step}`;

/** What a question is about: its note says for what to look. */
function subjectOf({ notes }: Seen): string {
  const [subject = ""] = notes.flatMap(
    (text) => /^Look (?:whether|for|at) (.+?)(?: is in the list| and its |\. )/.exec(text)?.[1] ?? [],
  );
  return subject;
}

/** Where the instruction says that it may have been done and not told: whether the console shows that. */
function wasDoneBefore({ acts }: Screen, { rows }: Seen): boolean {
  const notes = acts.flatMap((act) => (act.act === "note" ? [act.text] : []));
  const asked = notes.flatMap((text) =>
    [/^Is it so already: (.+) is (off the list|enabled)\?/.exec(text) ?? []].flat(),
  );
  const [, app = "", state] = asked;
  if (state === "off the list") return !(app in rows);
  return state === "enabled" && /^(approved|active)$/.test(statusIn(rows[app] ?? []) ?? "");
}

function statusIn(cells: readonly string[]): string | undefined {
  const word = cells.find((cell) => cell in statuses);
  return word === undefined ? undefined : statuses[word];
}

/** Whether the screen opens and its button Add works; a form that is opened changes nothing. */
async function isLicensed(driver: ConsoleDriver, { stopped }: Seen): Promise<boolean> {
  if (stopped) return !/not licensed/.test(stopped.text);
  if (driver.all("button", "Add").length !== 1) return true;
  await driver.click("button", "Add");
  return driver.alert() === undefined;
}

function fieldsFor({ results }: Screen, result: AnswerResult, known: Record<string, string>): Record<string, string> {
  const asks = results.find((one) => one.result === result)?.asks ?? [];
  const wanted = asks.filter(({ name, secret }) => !secret && known[name] !== undefined && known[name] !== "");
  return Object.fromEntries(wanted.map(({ name }) => [name, known[name] ?? ""]));
}

/** Values of fields that the instruction pointed out, for what is asked under the same label. */
function settingsIn(done: ScreenResult | undefined, { fields }: Seen): Record<string, string> {
  const shown = (done?.asks ?? []).filter(({ label }) => label in fields);
  const word = (value: string | boolean | undefined): string =>
    typeof value === "boolean" ? (value ? "on" : "off") : (value ?? "");
  return Object.fromEntries(shown.map(({ name, label }) => [name, word(fields[label])]));
}

/** What was copied, for the secrets that are asked: Copy Secret … for Secret, Copy Key … for Key. */
function secretsFor(done: ScreenResult | undefined, { copied }: Seen): Record<string, string> {
  const value = ({ label }: Ask): Secret | undefined => {
    const [word = ""] = label.split(" ");
    return Object.entries(copied).find(([name]) => name.includes(word))?.[1];
  };
  const asked = (done?.asks ?? []).filter(({ secret }) => secret);
  return Object.fromEntries(
    asked.flatMap((ask) => {
      const found = value(ask);
      return found ? [[ask.name, found.reveal()]] : [];
    }),
  );
}
