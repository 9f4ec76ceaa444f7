import { Fault } from "../diagnostic.ts";
import type { Act, Label, ListRow, Screen, SignIn } from "../screen.ts";
import type { ConsolePage } from "./console.ts";
import { type PerformOptions, performScreen } from "./perform.ts";
import { keyOf, WatchedPage } from "./watched-page.ts";

/** Walks through pages of a console without changing anything, and says which controls are where its labels say. */

/** A page, the way there, and what it must show. */
interface WalkedPage extends Pick<Screen, "url" | "acts"> {
  name: string;
  /** Not every console has it: what is not there on the way to it is not missing. */
  isOptional?: true;
  shows: readonly Label[];
  /** What shows only sometimes. */
  perhaps?: readonly Label[];
  /** Goes on with the first row of the page's list that this is about: what is done there, and what must show then. */
  first?: {
    isMeant?(row: ListRow): boolean;
    /** What is said where no row is. */
    whyNone?: string;
    acts(row: ListRow): Act[];
    shows: readonly Label[];
    perhaps?: readonly Label[];
  };
}

/** What became of one label. */
type LabelFinding =
  | { label: Label; is: "found"; on: string }
  /** `because` says what was looked for and what was there. */
  | { label: Label; is: "missing"; on: string; because: string; picture?: string }
  /** Behind something that is missing or cannot be had there. */
  | { label: Label; is: "not-reached"; on: string; because: string }
  /** It shows only after something was changed, or was asked to be. */
  | { label: Label; is: "needs-write" };

/** What is looked at. */
interface WalkedConsole {
  how: SignIn;
  pages: readonly WalkedPage[];
  labels: readonly Label[];
}

/** Answers for each label, in their order. Throws a Fault when the console cannot be used at all. */
export async function walkConsole(
  page: ConsolePage,
  { how, pages, labels }: WalkedConsole,
  options: PerformOptions,
): Promise<LabelFinding[]> {
  const walked: Walked = { findings: new Map(), missed: new Map(), labels };
  const { findings } = walked;
  const isIn = await signInWatched(page, how, pages[0], options, walked);
  for (const one of isIn ? pages : []) await new Walk(page, one, options, walked).go();
  return labels.map((label) => {
    const found = findings.get(label.key);
    if (found) return { ...found, label };
    if (!isIn) return { label, is: "not-reached", on: signInPage, because: "nobody could sign in" };
    if (label.afterWrite) return { label, is: "needs-write" };
    return { label, is: "not-reached", on: label.where ?? "", because: "no page that is opened shows it" };
  });
}

/** What is known so far. */
interface Walked {
  findings: Map<string, LabelFinding>;
  /** Controls that were waited for in vain, each with what was said of it: nobody waits for them once more. */
  missed: Map<string, Fault>;
  /** All that the system has words for. */
  labels: readonly Label[];
  /** The way that led to the page that is open, while nothing was done there. */
  at?: string;
}

const signInPage = "sign-in page";

/**
 * Opens the first page and signs in where that is asked for. False where the sign-in page shows, and some of its controls have
 * other words: it does not look like one then.
 */
async function signInWatched(
  page: ConsolePage,
  how: SignIn,
  first: WalkedPage | undefined,
  options: PerformOptions,
  walked: Walked,
): Promise<boolean> {
  const controls = [how.userName, how.password, how.button];
  const walk = new Walk(page, { name: signInPage, acts: [], shows: controls }, options, walked);
  const signIn = options.signIn && {
    signIn: async () => {
      for (const label of [...controls, ...(how.code ? [how.code.field, how.code.button] : [])]) {
        if (await page.has(label)) walk.found(label);
      }
      await options.signIn?.();
    },
  };
  const screen: Screen = { ...(first?.url === undefined ? {} : { url: first.url }), role: "", acts: [], results: [] };
  await performScreen(page, screen, { ...options, ...signIn });
  const shown = await Promise.all(controls.map((label) => page.has(label)));
  const shownCount = shown.filter(Boolean).length;
  const begins = first && [...labelsOf(first.acts), ...first.shows][0];
  if (shownCount === 0 || !begins || (await page.has(begins))) return true;
  await walk.look(controls);
  return false;
}

const rank = { "not-reached": 0, missing: 1, found: 2 } as const;

/** The walk through one page and what its list leads to. */
class Walk {
  readonly #page: ConsolePage;
  readonly #view: WalkedPage;
  readonly #options: PerformOptions;
  readonly #walked: Walked;

  constructor(page: ConsolePage, view: WalkedPage, options: PerformOptions, walked: Walked) {
    this.#page = page;
    this.#view = view;
    this.#options = options;
    this.#walked = walked;
  }

  async go(): Promise<void> {
    const { acts, shows, perhaps = [], first, name } = this.#view;
    const behind = first
      ? [...labelsOf(first.acts({ header: "", cells: {} })), ...first.shows, ...(first.perhaps ?? [])]
      : [];
    if (!(await this.#follow(acts, shows, perhaps, behind))) return;
    if (!first) return;
    const rows = await this.#page.rows();
    const row = rows.find((one) => one.header !== "" && (first.isMeant?.(one) ?? true));
    if (row) await this.#follow([...acts, ...first.acts(row)], first.shows, first.perhaps ?? [], []);
    else this.#notReached(behind, first.whyNone ?? `${name} lists nothing that shows it`);
  }

  /** The way to a page, and what shows there. `behind` is what is not reached either when the way is not there. */
  async #follow(
    acts: Act[],
    shows: readonly Label[],
    perhaps: readonly Label[],
    behind: readonly Label[],
  ): Promise<boolean> {
    const watched = new WatchedPage(this.#page, this.#walked.missed);
    const way = labelsOf(acts);
    const twin = way.flatMap((label) => twinOf(label, this.#walked.labels) ?? [])[0];
    if (twin) {
      this.#notReached([...way, ...shows, ...perhaps, ...behind], twin);
      return false;
    }
    const stopped = await this.#reach(watched, acts);
    for (const label of way) if (watched.hasSeen(label)) this.found(label);
    if (!stopped) {
      await this.look(shows);
      for (const label of perhaps) if (await this.#page.has(label)) this.found(label);
      this.#notReached([...way, ...perhaps], "it does not show there now");
      return true;
    }
    const culprit = way.find((label) => watched.hasMissed(label));
    if (culprit && !this.#view.isOptional) await this.#missing(culprit, stopped);
    const because = culprit ? `${culprit.key} is missing on the way` : stopped.message;
    this.#notReached([...way, ...shows, ...perhaps, ...behind], because);
    return false;
  }

  /** Goes there, unless it is open already. */
  async #reach(page: ConsolePage, acts: Act[]): Promise<Fault | undefined> {
    const { url } = this.#view;
    const way = JSON.stringify([url, acts]);
    if (this.#walked.at === way) return undefined;
    delete this.#walked.at;
    const stopped = await this.#perform(page, { ...(url === undefined ? {} : { url }), role: "", acts, results: [] });
    if (!stopped) this.#walked.at = way;
    return stopped;
  }

  /** The Fault of a page that is otherwise than its labels say; any other one is thrown. */
  async #perform(page: ConsolePage, screen: Screen): Promise<Fault | undefined> {
    const { evidence: _one, ...options } = this.#options;
    try {
      await performScreen(page, screen, options);
      return undefined;
    } catch (error) {
      if (error instanceof Fault && error.details.code === "screen") return error;
      throw error;
    }
  }

  /** Looks for controls on the page as it is now. Only the first that is not there is waited for: all others had that time too. */
  async look(labels: readonly Label[]): Promise<void> {
    let isSettled = false;
    for (const label of labels) {
      if (this.#walked.findings.get(label.key)?.is === "found") continue;
      const known = this.#walked.missed.has(keyOf(label));
      const missing = await this.#missed(label, isSettled || known ? 0 : undefined);
      if (!missing) continue;
      isSettled ||= !known;
      this.#walked.missed.set(keyOf(label), missing);
      await this.#missing(label, missing);
    }
  }

  async #missed(label: Label, withinMs: number | undefined): Promise<Fault | undefined> {
    try {
      await this.#page.waitFor([label], withinMs);
      this.found(label);
      return undefined;
    } catch (error) {
      if (error instanceof Fault && error.details.code === "screen") return error;
      throw error;
    }
  }

  found(label: Label): void {
    this.#note({ label, is: "found", on: this.#view.name });
  }

  async #missing(label: Label, { message }: Fault): Promise<void> {
    const picture = await this.#options.evidence?.keep("stopped");
    this.#note({ label, is: "missing", on: this.#view.name, because: message, ...(picture ? { picture } : {}) });
  }

  #notReached(labels: readonly Label[], because: string): void {
    for (const label of labels) this.#note({ label, is: "not-reached", on: this.#view.name, because });
  }

  /** Another page may know better. */
  #note(finding: Exclude<LabelFinding, { is: "needs-write" }>): void {
    const before = this.#walked.findings.get(finding.label.key);
    if (before && before.is !== "needs-write" && rank[before.is] >= rank[finding.is]) return;
    this.#walked.findings.set(finding.label.key, finding);
  }
}

/** The controls that acts name, in their order. */
export function labelsOf(acts: readonly Act[]): Label[] {
  return acts.flatMap((act): Label[] => {
    switch (act.act) {
      case "go":
      case "reach":
        return act.path;
      case "search":
        return [act.field];
      case "open":
        return [...(act.menu ? [act.menu] : []), ...(act.by ? [act.by] : [])];
      case "press":
        return [...(act.menu ? [act.menu] : []), act.button];
      case "fill":
        return act.fields.map(({ label }) => label);
      case "shows":
        return act.labels;
      default:
        return [];
    }
  });
}

/** Why a control is not pressed: a button has its words too, as `screens` of the system has them, and that may change something. */
function twinOf({ key, role, text, via = [] }: Label, labels: readonly Label[]): string | undefined {
  const words = [...via, ...(role === "button" ? [text] : [])];
  const twin = labels.find((other) => other.key !== key && other.role === "button" && words.includes(other.text));
  return twin && `${key} has words of ${twin.key}, and pressing that may change something: it is not pressed`;
}
