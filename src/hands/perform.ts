import { assert, Fault } from "../diagnostic.ts";
import type {
  Act,
  Ask,
  Given,
  Label,
  ListRow,
  ListScreen,
  LookAct,
  ReachAct,
  ReadAct,
  Screen,
  ScreenField,
} from "../screen.ts";
import { Secret } from "../secret.ts";
import type { ConsolePage, Control, Evidence, Where } from "./console.ts";
import { Hearing } from "./hearing.ts";
import { listPages } from "./list-pages.ts";
import { beginsSo, cellMeant, inOurWords, secretMeant, wordInRow } from "./read-act.ts";
import { isBarred, quoted } from "./screen-fault.ts";
import { Way, type Ways } from "./ways.ts";

export interface PerformOptions {
  /** The value behind a field that is filled from a secret of the step's input. */
  secret(value: { secret: string; part?: string }): Promise<Secret>;
  /** Signs in, where the console asks for it. */
  signIn?(): Promise<void>;
  /** What is known beforehand of what a result asks for. */
  known?: Readonly<Record<string, string>>;
  evidence?: Evidence;
  /** Where menus led before, in this command: a list that was found once is opened at its address. */
  ways?: Ways;
  /** The screen only looks: whatever is pressed on the way, nothing can have happened, and it may be begun anew. */
  readsOnly?: true;
}

/** One to begin with, and one when the session ends on the way. */
const signInsMax = 2;

/**
 * Carries a screen out and answers as a person would. Where the session ends before anything was sent, it signs in again and
 * begins anew. Throws a Fault when the console is otherwise than the screen says or refuses something: `happened` is "no" only
 * when nothing was sent that may have changed something. A question is answered with `found`, with `absent` where everything
 * that this result asks for is known, else with `cannot-see`.
 */
export function performScreen(page: ConsolePage, screen: Screen, options: PerformOptions): Promise<Given> {
  return signedIn(page, screen, options, (performance) => performance.whole());
}

/** The rows of a list, all pages of it. Signs in as `performScreen` does, and throws as that does. */
export function readList(page: ConsolePage, list: ListScreen, options: PerformOptions): Promise<ListRow[]> {
  const screen: Screen = { role: "", results: [], ...list };
  return signedIn(page, screen, options, async (performance) => {
    await performance.whole();
    performance.assertReached();
    const rows: ListRow[] = [];
    for await (const more of listPages(page, list)) rows.push(...more);
    return rows;
  });
}

async function signedIn<T>(
  page: ConsolePage,
  screen: Screen,
  options: PerformOptions,
  work: (performance: Performance) => Promise<T>,
): Promise<T> {
  for (let signIns = 0; ; signIns += 1) {
    const performance = new Performance(page, screen, options);
    try {
      return await work(performance);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const fault = performance.judged(error);
      const { code, happened } = fault.details;
      const mayBeginAnew = code === "unauthorized" && happened === "no" && signIns < signInsMax;
      if (!options.signIn || !mayBeginAnew) throw await performance.pictured(fault);
      await options.signIn().catch(async (refused: unknown) => {
        throw refused instanceof Fault ? await performance.pictured(page.unsaid.cleanFault(refused)) : refused;
      });
    }
  }
}

const onlyLooks: ReadonlySet<Act["act"] | undefined> = new Set(["shows", "expect", "look", "read"]);

/** One try of a screen. */
class Performance {
  readonly #page: ConsolePage;
  readonly #screen: Screen;
  readonly #options: PerformOptions;
  readonly #sentBefore: number;
  readonly #fields: Record<string, string>;
  readonly #secrets: Record<string, Secret> = {};
  readonly #hearing: Hearing;
  #isFound: boolean | undefined;
  /** Why a page could not be got to. */
  #barred: Fault | undefined;

  constructor(page: ConsolePage, screen: Screen, options: PerformOptions) {
    this.#page = page;
    this.#screen = screen;
    this.#options = options;
    this.#hearing = new Hearing(page);
    this.#sentBefore = page.sent;
    this.#fields = { ...screen.known, ...options.known };
  }

  async whole(): Promise<Given> {
    const { url, acts } = this.#screen;
    assert(url !== undefined, "a screen without a console is carried out by a person");
    const way = new Way(this.#page, url, acts[0], this.#options.ways);
    const isThere = await way.open();
    await this.#hearing.begin();
    await this.#options.evidence?.keep("start");
    for (const [index, act] of acts.entries()) {
      if (index === 0 && isThere) continue;
      if (!(await this.#perform(act))) continue;
      if (index === 0) way.remember();
      // What is only looked at on one page makes one picture with what led there.
      const ends = (act.act === "look" && act.ends === true && !this.#isFound) || this.#barred !== undefined;
      if (ends || !onlyLooks.has(acts[index + 1]?.act)) await this.#options.evidence?.keep(act.act);
      if (ends) break;
    }
    return this.#answer();
  }

  /** Throws a Fault with the code `privilege` where the page could not be got to. */
  assertReached(): void {
    if (this.#barred) throw new Fault(this.#barred.message, { ...this.#barred.details, code: "privilege" });
  }

  /** A fault as this whole try sees it, without a secret. */
  judged(fault: Fault): Fault {
    const { message, details } = this.#page.unsaid.cleanFault(fault);
    return new Fault(message, {
      ...details,
      ...(this.#mayHaveChanged() ? { happened: "unknown" } : this.#options.readsOnly ? { happened: "no" } : {}),
    });
  }

  #mayHaveChanged(): boolean {
    return !this.#options.readsOnly && this.#page.sent > this.#sentBefore;
  }

  /** A fault that ends it, with a picture of the page. */
  async pictured(fault: Fault): Promise<Fault> {
    const { message, details } = fault;
    const picture = await this.#options.evidence?.keep("stopped");
    if (picture === undefined) return fault;
    const remedy = [details.remedy, `the page as it was: ${picture}`].filter(Boolean).join("; ");
    return new Fault(message, { ...details, remedy });
  }

  /** Carries one act out; false for one that is passed over. */
  async #perform(act: Act): Promise<boolean> {
    switch (act.act) {
      case "go":
        await this.#go(act.path);
        break;
      case "search":
        await this.#search(act);
        break;
      case "open":
        await this.#open(act);
        await this.#hearing.after(act.row);
        break;
      case "press":
        return this.#press(act);
      case "fill":
        await this.#fill(act.fields);
        break;
      case "expect":
        await this.#expect(act.fields);
        break;
      case "prompt":
        return this.#prompt(act);
      case "shows":
        for (const label of act.labels) await this.#page.waitFor([label]);
        break;
      case "read":
        await this.#read(act);
        break;
      case "look":
        this.#isFound = await this.#look(act);
        break;
      case "choose":
        await this.#choose(act.field);
        break;
      case "reach":
        return this.#reach(act);
      case "note":
        if (act.toPerson) throw this.#leftToPerson(act.text);
        return false;
    }
    return true;
  }

  async #go(path: readonly Label[]): Promise<void> {
    let within: Control | undefined;
    for (const control of path) {
      if (control.role === "navigation") within = control;
      else {
        for (const text of control.via ?? []) await this.#follow(text, within);
        const where = within ? { within } : {};
        // A tab that is selected shows already what it leads to.
        if (control.role !== "tab" || !(await this.#page.isSelected(control, where))) {
          await this.#page.press(control, where);
          await this.#hearing.after(control.text);
        }
        within = undefined;
      }
    }
  }

  /** What a system has on the way to a control, by its word alone. */
  async #follow(text: string, within: Control | undefined, row?: string): Promise<void> {
    const roles = ["link", "button", "menuitem", "tab"];
    const found = await this.#page.waitFor(roles.map((role) => ({ role, text })));
    await this.#page.press(found, { ...(within ? { within } : {}), ...(row === undefined ? {} : { row }) });
    await this.#hearing.after(text);
  }

  async #search({ field, text, filters = [] }: Extract<Act, { act: "search" }>): Promise<void> {
    for (const { label, value } of filters) await this.#page.fill(label, value);
    await this.#page.fill(field, text);
    const button = { role: "button", text: field.text };
    if (await this.#page.has(button)) await this.#page.press(button);
    else await this.#page.enter(field);
    await this.#hearing.after(field.text);
  }

  async #open({ row, by, menu }: Extract<Act, { act: "open" }>): Promise<void> {
    if (!by) return this.#page.openRow(row);
    await this.#page.press(by, { row, ...(menu ? { menu } : {}) });
  }

  async #press({ button, row, menu, copies, optional }: Extract<Act, { act: "press" }>): Promise<boolean> {
    if (copies) return false;
    // A way that the system has of its own counts in place of the menu.
    const isElsewhere = button.via !== undefined;
    const where: Where = { ...(row === undefined ? {} : { row }), ...(menu && !isElsewhere ? { menu } : {}) };
    for (const text of button.via ?? []) await this.#follow(text, undefined, row);
    if (optional && !(await this.#page.has(where.menu ?? button, row === undefined ? {} : { row }))) return false;
    await this.#page.press(button, where);
    await this.#hearing.after(button.text);
    return true;
  }

  async #fill(fields: readonly ScreenField[]): Promise<void> {
    for (const { label, value } of fields) {
      const input = typeof value === "object" ? await this.#options.secret(value) : value;
      if (input instanceof Secret) this.#page.unsaid.add(input);
      await this.#page.fill(label, input);
    }
  }

  async #expect(fields: Extract<Act, { act: "expect" }>["fields"]): Promise<void> {
    const different: string[] = [];
    for (const { label, value } of fields) {
      const shown = await this.#page.value(label);
      if (shown === value) continue;
      const clean = typeof shown === "string" ? this.#page.unsaid.clean(shown) : shown;
      const instead = `${say(clean)} instead of ${say(value)}`;
      different.push(`${label.text} is ${label.secret ? "another one" : instead}`);
    }
    if (different.length === 0) return;
    throw new Fault(`the console shows other than expected: ${different.join(", ")}`, {
      ...{ happened: "no", code: "changed", remedy: "plan again" },
    });
  }

  async #prompt({ heading, fields, button }: Extract<Act, { act: "prompt" }>): Promise<boolean> {
    if (!(await this.#page.comesUp(heading))) return false;
    await this.#fill(fields);
    await this.#options.evidence?.keep("prompt");
    await this.#page.press(button);
    await this.#hearing.after(button.text);
    if (!(await this.#page.has(heading))) return true;
    const message = `the window ${quoted(heading.text)} is still there after ${quoted(button.text)} was pressed`;
    throw new Fault(message, { happened: "no", code: "screen" });
  }

  async #look(act: LookAct): Promise<boolean> {
    if ("column" in act) {
      const cells = (await this.#page.has(act.column)) ? await this.#page.secrets(act.column) : [];
      return cells.some((cell) => beginsSo(cell, act.begins));
    }
    const { row, among } = act;
    for await (const rows of listPages(this.#page, act)) {
      const found = rows.find(({ header }) => header === row);
      if (found) return !among || among.words.some(({ text }) => text === found.cells[among.column.text]);
    }
    return false;
  }

  async #choose(field: Label): Promise<void> {
    const choices = await this.#page.choices(field);
    if (choices.includes(String(await this.#page.value(field)))) return;
    const [first] = choices;
    if (first !== undefined) await this.#page.fill(field, first);
    if (first !== undefined && (await this.#page.value(field)) === first) return;
    const problem =
      first === undefined
        ? "has nothing to choose from"
        : `does not show ${quoted(this.#page.unsaid.clean(first))} after it was chosen`;
    throw new Fault(`the field ${quoted(field.text)} ${problem}`, { ...screenTrouble });
  }

  async #reach({ path, shows, asks, unlessFound }: ReachAct): Promise<boolean> {
    if (unlessFound && this.#isFound) return false;
    const [first] = path;
    // Where even the menu is missing, something else is wrong.
    if (first?.role === "navigation") await this.#page.waitFor([first]);
    const sentBefore = this.#page.sent;
    try {
      await this.#go(path);
    } catch (error) {
      if (!(error instanceof Fault) || this.#page.sent > sentBefore || !isBarred(error, this.#page.status)) throw error;
      this.#barred = error;
    }
    if (shows && !this.#barred) await this.#page.waitFor([shows]);
    if (asks !== undefined) this.#fields[asks] = this.#barred ? "no" : "yes";
    return true;
  }

  async #read(act: ReadAct): Promise<void> {
    const ask = this.#asks().find(({ name }) => name === act.ask);
    assert(ask, `no result of the screen asks for ${act.ask}`);
    if ("field" in act && act.optional && !(await this.#page.has(act.field))) return;
    if (ask.secret) {
      assert("field" in act || "column" in act, "the name of a check box and a word of ours are no secrets");
      const secret =
        "field" in act ? await this.#page.secret(act.field) : secretMeant(act, await this.#page.secrets(act.column));
      this.#page.unsaid.add(secret);
      this.#secrets[ask.name] = secret;
    } else {
      const told = await this.#told(act);
      if (told !== "") this.#fields[ask.name] = told;
    }
  }

  async #told(act: ReadAct): Promise<string> {
    if ("ticked" in act) return (await this.#page.ticked(act.ticked, act.all)).join("\n");
    if ("present" in act) return say(await this.#page.has(act.present));
    if ("inRow" in act) return wordInRow(this.#page, act);
    if ("column" in act) return cellMeant(act, await this.#page.rows(), this.#page.unsaid);
    const shown = await this.#page.value(act.field);
    return typeof shown === "boolean" ? say(shown) : inOurWords(act, shown, this.#page.unsaid);
  }

  #leftToPerson(text: string): Fault {
    return new Fault(`only a person can do this: ${text}`, {
      ...{ happened: "no", code: "screen" },
      remedy: "say in the system's settings what a person would choose, or have it done by a person: hand: person",
    });
  }

  #asks(): Ask[] {
    return this.#screen.results.flatMap(({ asks }) => asks);
  }

  #answer(): Given {
    const { results } = this.#screen;
    const done = results.find(({ result }) => result === "done");
    const absent = results.find(({ result }) => result === "absent");
    const knows = (ask: Ask) => ask.optional || ask.name in (ask.secret ? this.#secrets : this.#fields);
    const isAbsent = this.#isFound === false && absent?.asks.every(knows);
    const result = done ? "done" : this.#isFound ? "found" : isAbsent ? "absent" : "cannot-see";
    const asks = results.find((one) => one.result === result)?.asks ?? [];
    const asked = <T>(told: Record<string, T>): Record<string, T> =>
      Object.fromEntries(Object.entries(told).filter(([name]) => asks.some((ask) => ask.name === name)));
    return { result, fields: asked(this.#fields), secrets: asked(this.#secrets) };
  }
}

const screenTrouble = { happened: "no", code: "screen", remedy: "open the console and look" } as const;

function say(value: string | boolean): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : quoted(value);
}
