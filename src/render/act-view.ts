import type { Act, Label, LookAct, ReadAct, Screen } from "../screen.ts";
import type { CommandPlace } from "./command-line.ts";
import { exactText, type FieldLine, fieldLines, nameOf } from "./field-lines.ts";
import { capital, phrase } from "./visible.ts";

/** A piece of a sentence, by what it is; each renderer shows it in its own way. All text is fit for a screen. */
export type Piece =
  /** Our own words. */
  | { is: "words"; text: string }
  /** Something on the vendor's screen. */
  | { is: "label"; text: string }
  /** Exactly this, as it is typed or seen. */
  | { is: "value"; text: string }
  /** Words of a connector, which may hold names from a manifest. */
  | { is: "said"; text: string }
  | { is: "address"; text: string }
  | { is: "command"; text: string };

/** One numbered thing to do. */
export interface Item {
  pieces: Piece[];
  fields: FieldLine[];
  /** What comes after the fields. */
  after: Piece[];
  /** A look before anything is changed. */
  stops?: true;
}

/** Labels that no document of the vendor prints. */
export interface AssumedLabels {
  /** Heading of the window where they stand; absent for the pages. */
  window?: string;
  labels: string[];
}

/** An act as a person is told it. */
type PersonAct = Exclude<Act, { act: "choose" | "reach" }>;

/** The acts of a screen as numbered items: paths and the button at their end are one, and so are a button and what it shows. */
export function viewActs(acts: readonly Act[], step: string, place: CommandPlace): Item[] {
  const items: Item[] = [];
  /** A path that the next act may lengthen. */
  let open: Item | undefined;
  for (const act of acts.flatMap(asPersonDoes)) {
    const last = items.at(-1);
    if (open && isButtonAlone(act)) open.pieces.splice(-1, 1, words(" › "), label(act.button), words("."));
    else if (open && act.act === "go") open.pieces.splice(-1, 1, words(" › "), ...path(act.path), words("."));
    else if (act.act === "shows" && last && continues(last)) goOn(last, act);
    else items.push(itemOf(act, step, place));
    open = act.act === "go" ? items.at(-1) : undefined;
  }
  return items.filter(({ pieces }) => pieces.length > 0);
}

/** Assumed labels by where they stand, each once. */
export function assumedLabels(acts: readonly Act[]): AssumedLabels[] {
  const groups = new Map<string | undefined, Set<string>>();
  for (const act of acts.flatMap(asPersonDoes)) {
    const window = act.act === "prompt" ? nameOf(act.heading) : undefined;
    const assumed = labelsOf(act).filter(({ mark }) => mark === "assumed");
    if (assumed.length === 0) continue;
    const group = groups.get(window) ?? new Set();
    groups.set(window, group);
    for (const one of assumed) group.add(nameOf(one));
  }
  return [...groups].map(([window, labels]) => {
    return window === undefined ? { labels: [...labels] } : { window, labels: [...labels] };
  });
}

/** "Sign in to URL as ROLE."; nothing where no console is involved. */
export function signIn({ url, role }: Screen): Item[] {
  if (url === undefined) return [];
  const pieces = [words("Sign in to "), piece("address", url), words(" as "), piece("said", role), words(".")];
  return [{ pieces, fields: [], after: [] }];
}

/** Our own words. */
export const words = (text: string): Piece => ({ is: "words", text });

const piece = (is: "said" | "address", text: string): Piece => ({ is, text: phrase(text) });
const label = (one: Label): Piece => ({ is: "label", text: nameOf(one) });
const value = (text: string): Piece => ({ is: "value", text: exactText(text).text });

function itemOf(act: PersonAct, step: string, place: CommandPlace): Item {
  const item = (...pieces: Piece[]): Item => ({ pieces, fields: [], after: [] });
  switch (act.act) {
    case "go":
      return item(words("Go to "), ...path(act.path), words("."));
    case "search":
      return item(...search(act));
    case "open":
      return item(...opening(act));
    case "press":
      return item(...press(act), words("."));
    case "fill":
      return { ...item(words("Fill in")), fields: fieldLines(act.fields, step, place) };
    case "expect":
      return {
        ...item(words("Change nothing yet. Stop if you see other than")),
        ...{ fields: fieldLines(act.fields, step, place), stops: true },
      };
    case "prompt":
      return prompt(act, step, place);
    case "shows":
      return item(...shows(act));
    case "read":
      return item(...read(act));
    case "look":
      return item(...look(act));
    case "note":
      return item(sentence(act.text));
  }
}

function opening({ row, by, menu }: Extract<Act, { act: "open" }>): Piece[] {
  if (!by) return [words("Open "), value(row), words(" in the list.")];
  return [...press({ act: "press", button: by, row, ...(menu ? { menu } : {}) }), words(".")];
}

function search({ field, text, filters = [] }: Extract<Act, { act: "search" }>): Piece[] {
  const chosen = filters.map((filter): Piece[] => [label(filter.label), words(" "), value(filter.value)]);
  const choices = chosen.flatMap((one, index) => (index === 0 ? one : [words(", "), ...one]));
  const choose = chosen.length === 0 ? [] : [words("Choose "), ...choices, words(text === "" ? "." : ", and search")];
  if (text === "" && chosen.length > 0) return choose;
  const begin = chosen.length === 0 ? [words("Search")] : choose;
  return [...begin, words(" for "), value(text), words(" in the field "), label(field), words(".")];
}

function press({ button, row, menu, optional }: Extract<Act, { act: "press" }>): Piece[] {
  const where = row === undefined ? [] : [words("In the row "), value(row), words(", ")];
  const verb = row === undefined ? "Press " : "press ";
  const end = optional ? [words(", if it is there")] : [];
  if (menu === undefined) return [...where, words(verb), label(button), ...end];
  return [...where, words(verb), label(menu), words(" and choose "), label(button), ...end];
}

function prompt({ heading, fields, button }: Extract<Act, { act: "prompt" }>, step: string, place: CommandPlace): Item {
  const window = [words("If a window "), label(heading)];
  const end = [label(button), words(". If none comes up, go on.")];
  if (fields.length === 0) return { pieces: [...window, words(" comes up: press "), ...end], fields: [], after: [] };
  return {
    pieces: [...window, words(" comes up: fill in")],
    fields: fieldLines(fields, step, place),
    after: [words("and press "), ...end],
  };
}

function read(act: ReadAct): Piece[] {
  if ("ticked" in act) {
    return [words("Note the boxes under "), label(act.ticked), words(act.all ? "." : " that are on.")];
  }
  if ("field" in act) return [words("Copy what "), label(act.field), words(" shows.")];
  if ("present" in act) return [words("Look whether "), label(act.present), words(" is there.")];
  if ("inRow" in act) return [words("Copy what stands beside "), value(act.inRow), words(".")];
  const { column, row, begins } = act;
  if (row !== undefined)
    return [words("Copy what the row "), value(row), words(" shows under "), label(column), words(".")];
  if (begins === undefined) return [words("Copy the last one under "), label(column), words(".")];
  return [words("Copy the one under "), label(column), words(" that begins with "), value(begins), words(".")];
}

function look(act: LookAct): Piece[] {
  const end = act.ends ? ". Change nothing. If not, that is the answer." : ". Change nothing.";
  if ("column" in act) {
    const begins = [words(" begins with "), value(act.begins)];
    return [words("Look whether one under "), label(act.column), ...begins, words(end)];
  }
  const begin = [words("Look whether the list has "), value(act.row)];
  if (!act.among) return [...begin, words(end)];
  const said = joined(act.among.words.map(label), ", ");
  return [...begin, words(" with "), label(act.among.column), words(" "), ...said, words(end)];
}

/** What a person is told: other acts say how a person does what is silent, and a page that is tried is gone to. */
function asPersonDoes(act: Act): PersonAct[] {
  if (act.act === "choose") return [];
  if (act.act === "reach") return act.silent ? [] : [{ act: "go", path: act.path }];
  return "silent" in act && act.silent ? [] : [act];
}

/** Labels that are named beside words which do not hold them. */
const namedMax = 3;

/** What the screen shows: a sentence as it is, anything less as what is seen, with the labels that tell where. */
function shows({ labels, text }: Extract<Act, { act: "shows" }>): Piece[] {
  const trimmed = text.trim();
  if (trimmed === "" && labels.length === 0) return [];
  if (trimmed === "") return [words("You see "), ...joined(labels.map(label), ", "), words(".")];
  const unsaid = labels.filter((one) => !trimmed.includes(one.text));
  const where = unsaid.length === 0 || unsaid.length > namedMax ? [] : joined(unsaid.map(label), ", ");
  const begin = /^\p{Ll}/u.test(trimmed) ? [words("You see: ")] : [];
  const said: Piece = { is: "said", text: phrase(trimmed.replace(/\.$/, "")) };
  return [...begin, said, ...(where.length > 0 ? [words(" ("), ...where, words(").")] : [words(".")])];
}

/** Words of a connector as a sentence of their own. */
function sentence(text: string): Piece {
  const trimmed = phrase(text.trim());
  const begun = /^[a-z][a-z]* /.test(trimmed) ? capital(trimmed) : trimmed;
  return { is: "said", text: /[.!?:…]$/.test(begun) ? begun : `${begun}.` };
}

/** Menus, links and tabs in the order in which they are followed. */
function path(labels: readonly Label[]): Piece[] {
  const parts = labels.flatMap((one): Piece[][] => {
    const before = (one.via ?? []).map((text): Piece[] => [{ is: "label", text: phrase(text) }]);
    return [...before, one.role === "tab" ? [words("tab "), label(one)] : [label(one)]];
  });
  return parts.flatMap((part, index) => (index === 0 ? part : [words(" › "), ...part]));
}

function joined(pieces: Piece[], between: string): Piece[] {
  return pieces.flatMap((one, index) => (index === 0 ? [one] : [words(between), one]));
}

function isButtonAlone(act: PersonAct): act is Extract<Act, { act: "press" }> {
  return act.act === "press" && act.row === undefined && act.menu === undefined && !act.optional;
}

/** What an act shows is said with the act, unless a list of fields stands between. */
function continues(item: Item): boolean {
  return item.fields.length === 0 || item.after.length > 0;
}

function goOn(item: Item, act: Extract<Act, { act: "shows" }>): void {
  const more = shows(act);
  if (more.length === 0) return;
  (item.fields.length === 0 ? item.pieces : item.after).push(words(" "), ...more);
}

function labelsOf(act: PersonAct): Label[] {
  switch (act.act) {
    case "go":
      return act.path;
    case "search":
      return [act.field, ...(act.filters ?? []).map((filter) => filter.label)];
    case "open":
      return [act.menu ?? [], act.by ?? []].flat();
    case "press":
      return [...(act.menu ? [act.menu] : []), act.button];
    case "fill":
    case "expect":
      return act.fields.map((field) => field.label);
    case "prompt":
      return [act.heading, ...act.fields.map((field) => field.label), act.button];
    case "shows":
      return act.labels;
    case "read":
      return readLabels(act);
    case "look":
      if ("column" in act) return [act.column];
      return act.among ? [act.among.column, ...act.among.words] : [];
    default:
      return [];
  }
}

function readLabels(act: ReadAct): Label[] {
  if ("present" in act) return [act.present];
  if ("inRow" in act) return Object.values(act.words ?? {});
  if ("ticked" in act) return [act.ticked];
  return ["field" in act ? act.field : act.column];
}

/** "Label assumed, may read otherwise: Search." for each place; nothing when all are documented. */
export function sayAssumed(groups: readonly AssumedLabels[]): string[] {
  return groups.map(({ window, labels }) => {
    const where = window === undefined ? "" : ` in the window ${window}`;
    return `${labels.length === 1 ? "Label" : "Labels"} assumed, may read otherwise${where}: ${labels.join(", ")}`;
  });
}
