import type { ConsoleDriver } from "../../src/hands/forms/driver.ts";
import { closestOf, descendants, type Element, textOf } from "../../src/hands/forms/element.ts";
import { fieldRoles } from "../../src/hands/forms/page.ts";
import type { Act, FieldValue, Label, Screen, ScreenField } from "../../src/screen.ts";
import type { Secret } from "../../src/secret.ts";

/**
 * Works through a Screen at a console of forms, act by act, as a person does who reads the instruction: by role, name and
 * label, and by the words of its notes. It stops where the console shows something else than the instruction says.
 */

/** What came of it. */
export interface Seen {
  /** Why the work stopped before its end: what the page says, or what is not there. */
  stopped?: { why: "alert" | "missing" | "unexpected"; text: string };
  /** What was copied, by the label of the control: the last one counts. */
  copied: Record<string, Secret>;
  /** Fields as an act pointed them out, by label. */
  fields: Record<string, string | boolean>;
  /** Names of the rows of the last list, with the words of their cells. */
  rows: Record<string, string[]>;
  notes: string[];
}

/** The value behind a secret that a field asks for. */
export type Reveal = (secret: string, part: string | undefined) => Promise<Secret>;

class Stop extends Error {
  readonly why: NonNullable<Seen["stopped"]>["why"];
  constructor(why: Stop["why"], text: string) {
    super(text);
    this.why = why;
  }
}

/** Performs every act, or as far as the console lets. What it throws is a mistake of the screen: a label that is not there. */
export async function workThrough(driver: ConsoleDriver, screen: Screen, reveal: Reveal): Promise<Seen> {
  const seen: Seen = { copied: {}, fields: {}, rows: {}, notes: [] };
  if (screen.url !== undefined) await driver.goto(new URL(screen.url).pathname);
  try {
    for (const act of screen.acts) {
      if (act.act === "note" && (await prepare(driver, act.text, seen))) return workThrough(driver, screen, reveal);
      await perform(driver, act, screen, seen, reveal);
      const alert = driver.alert();
      if (alert !== undefined) throw new Stop("alert", alert);
      seen.rows = rowsOf(driver) ?? seen.rows;
    }
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    seen.stopped = { why: error.why, text: error.message };
  }
  return seen;
}

async function perform(driver: ConsoleDriver, act: Act, screen: Screen, seen: Seen, reveal: Reveal): Promise<void> {
  switch (act.act) {
    case "go":
      for (const label of act.path) await go(driver, label);
      return;
    case "reach":
      if (!act.silent) for (const label of act.path) await go(driver, label);
      return;
    case "search":
      driver.fill(act.field.text, act.text);
      return driver.submit(formOf(driver.find(act.field.role, act.field.text)));
    case "open":
      return driver.click("link", act.row, rowOf(driver, act.row));
    case "press":
      return press(driver, act, seen);
    case "fill":
      await fill(driver, act.fields, reveal);
      return choose(driver, act.fields);
    case "prompt":
      if (driver.title() !== act.heading.text) return;
      await fill(driver, act.fields, reveal);
      return driver.click(act.button.role, act.button.text);
    case "expect":
      if (act.silent) return;
      return expectFields(driver, act.fields, screen, seen);
    case "shows":
      return look(driver, act.labels, seen);
    case "note":
      seen.notes.push(act.text);
      return copyWhatIsNamed(driver, act.text, seen);
  }
}

/** A note that says what comes first when the row of a list says so: "Was APP declined (STATUS)? First A › B, then C › D." */
async function prepare(driver: ConsoleDriver, text: string, seen: Seen): Promise<boolean> {
  const [, row = "", status = "", ...path] =
    /^Was (.+) declined \((.+)\)\? First (.+) › (.+), then (.+) › (.+)\.$/.exec(text) ?? [];
  if (!seen.rows[row]?.includes(status)) return false;
  const [menu = "", item = "", page = "", button = ""] = path;
  await driver.click("button", menu, driver.row(row));
  await driver.click("menuitem", item, driver.row(row));
  await driver.click("link", page);
  await driver.click("button", button, driver.row(row));
  return true;
}

/** A landmark is looked for; everything else of a path is followed. */
async function go(driver: ConsoleDriver, { role, text }: Label): Promise<void> {
  if (role === "navigation") driver.find(role, text);
  else await driver.click(role, text);
}

async function press(driver: ConsoleDriver, act: Extract<Act, { act: "press" }>, seen: Seen): Promise<void> {
  const { button, menu, row } = act;
  const within = row === undefined ? undefined : rowOf(driver, row);
  if (menu) await driver.click(menu.role, menu.text, within);
  if (driver.all(button.role, button.text, within).length === 0) {
    throw new Stop("missing", `there is no ${button.text}`);
  }
  await driver.click(button.role, button.text, within);
  if (driver.copied) seen.copied[button.text] = driver.copied;
  // A page that asks once more bears the name of what was pressed, and has one button for it.
  else if (driver.title() === button.text) await driver.click("button", button.text);
}

async function fill(driver: ConsoleDriver, fields: readonly ScreenField[], reveal: Reveal): Promise<void> {
  for (const { label, value } of fields) driver.fill(label.text, await inputOf(value, reveal));
}

async function inputOf(value: FieldValue, reveal: Reveal): Promise<string | boolean | Secret> {
  return typeof value === "object" ? reveal(value.secret, value.part) : value;
}

/** A choice that only decides what the page shows has a button of its own beside it. */
async function choose(driver: ConsoleDriver, fields: readonly ScreenField[]): Promise<void> {
  const [field] = fields;
  if (!field || fields.length > 1 || field.label.role !== "combobox") return;
  const form = formOf(driver.field(field.label.text));
  const only = descendants(form).filter(({ tag }) => ["input", "select", "textarea"].includes(tag)).length === 1;
  if (only && form.attributes.get("method") === "get") await driver.submit(form);
}

/** What is to be filled in may stand there already, where the instruction says that this is as good. */
function expectFields(
  driver: ConsoleDriver,
  fields: Extract<Act, { act: "expect" }>["fields"],
  { acts }: Screen,
  seen: Seen,
): void {
  const mayBeDone = seen.notes.some((text) => /changed before and not told: go on/.test(text));
  const wanted = acts.flatMap((act) => (act.act === "fill" && mayBeDone ? act.fields : []));
  for (const { label, value } of fields) {
    const shown = driver.value(label.text);
    const isDone = wanted.some((field) => field.label.text === label.text && field.value === shown);
    if (shown !== value && !isDone) {
      throw new Stop("unexpected", `${label.text} is ${String(shown)}, not ${String(value)}`);
    }
  }
}

function look(driver: ConsoleDriver, labels: readonly Label[], seen: Seen): void {
  for (const { role, text } of labels) {
    if (driver.all(role, text).length === 0) throw new Error(`${driver.path.split("?")[0]} shows no ${role} "${text}"`);
    if (fieldRoles.includes(role)) seen.fields[text] = driver.value(text);
  }
}

interface Offer {
  item: Element;
  /** The entry of a list that it belongs to. */
  cell?: Element;
}

/** A note that names what a menu offers to copy: it is used, on the entry that the note means. */
async function copyWhatIsNamed(driver: ConsoleDriver, text: string, seen: Seen): Promise<void> {
  const copying = (within?: Element): Element[] =>
    driver.all("menuitem", undefined, within).filter(({ attributes }) => attributes.has("data-copy"));
  const listed = driver.all("cell").flatMap((cell) => copying(cell).map((item): Offer => ({ cell, item })));
  const others = copying().filter((item) => !listed.some((offer) => offer.item === item));
  const offers: Offer[] = [...listed, ...others.map((item) => ({ item }))];
  const [prefix] = /(?<=^It is the Key that begins with )\w+/.exec(text) ?? [];
  const meant = prefix
    ? listed.filter(({ cell }) => cell && textOf(cell).startsWith(prefix))
    : offers.filter(({ item }) => text.includes(textOf(item)));
  // What was added last stands at the end; where any will do, the first is as good.
  const chosen = /\bnew\b/.test(text) ? meant.at(-1) : meant[0];
  if (!chosen) return;
  const name = textOf(chosen.item);
  await driver.click("menuitem", name, chosen.cell);
  if (driver.copied) seen.copied[name] = driver.copied;
}

function rowOf(driver: ConsoleDriver, name: string): Element {
  const found = driver.all("rowheader", name);
  if (found.length === 0) throw new Stop("missing", `there is no ${name} in the list`);
  return driver.row(name);
}

function rowsOf(driver: ConsoleDriver): Seen["rows"] | undefined {
  if (driver.all("searchbox").length === 0 && driver.all("table").length === 0) return undefined;
  const headers = driver.all("rowheader").map(textOf);
  return Object.fromEntries(headers.map((name) => [name, driver.all("cell", undefined, driver.row(name)).map(textOf)]));
}

function formOf(field: Element): Element {
  const form = closestOf(field, ({ tag }) => tag === "form");
  if (!form) throw new Error("the field is in no form");
  return form;
}
