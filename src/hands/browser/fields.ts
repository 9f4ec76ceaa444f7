import type { Locator, Page } from "playwright-core";
import { Secret } from "../../secret.ts";
import { quoted } from "../screen-fault.ts";

/** What kind of control a field is, and what it takes. */
interface Field {
  kind: "text" | "select" | "tick" | "custom tick" | "choice" | "radios" | "other";
  isLocked: boolean;
  /** Characters; absent without a bound. */
  lengthMax?: number;
  isOneLine: boolean;
  /** Words of a select, and of what is chosen there. */
  options: string[];
  /** Those of them that are a choice. */
  choices: string[];
  chosen: string;
}

const optionsShownMax = 12;
/** A custom control is pressed until it shows what it should; one with five values goes around once. */
const pressesMax = 6;

/** Why a field does not take a value: the end of a sentence about it. */
export class NotTaken extends Error {}

export type FieldInput = string | boolean | Secret;

/** What happens around an action on a page: waits for what comes of it. */
export type Act = (action: () => Promise<unknown>) => Promise<void>;

/**
 * Fills in a field. Plain controls take what they are given; of every other one is read back what it shows. Throws a `NotTaken`
 * when the field does not take the value or shows otherwise.
 */
export async function fillField(page: Page, field: Locator, input: FieldInput, act: Act): Promise<void> {
  const seen = await look(field);
  if (seen.isLocked) throw new NotTaken("cannot be changed");
  const isTick = seen.kind === "tick" || seen.kind === "custom tick";
  if (isTick !== (typeof input === "boolean")) {
    throw new NotTaken(isTick ? "is a check box: on or off" : "is no check box");
  }
  const text = input instanceof Secret ? input.reveal() : String(input);
  switch (seen.kind) {
    case "tick":
      return field.setChecked(input === true);
    case "custom tick":
      return tick(field, input === true, act);
    case "select":
      return select(field, seen, input);
    case "radios":
      await take(field.getByRole("radio", { name: text, exact: true }), input, act);
      return readBack(field, input);
    case "choice":
      await choose(page, field, input, act);
      return readBack(field, input);
    default:
      return fillText(field, seen, text);
  }
}

/** What a field shows: on or off for a check box, the words of what is chosen, else the text. */
export async function fieldValue(field: Locator): Promise<string | boolean> {
  const { kind, chosen } = await look(field);
  switch (kind) {
    case "tick":
      return field.isChecked();
    case "custom tick": {
      const state = (await field.getAttribute("aria-checked")) ?? "";
      return state === "mixed" ? state : state === "true";
    }
    case "radios":
      return shownRadio(field);
    case "select":
      return chosen;
    case "text":
      return field.inputValue();
    default:
      return oneLine(await field.innerText());
  }
}

/** What can be chosen in a field, without what stands for no choice. */
export async function fieldChoices(page: Page, field: Locator, act: Act): Promise<string[]> {
  const { kind, choices } = await look(field);
  if (kind !== "choice") return choices;
  if ((await field.getAttribute("aria-expanded")) !== "true") await act(() => field.click());
  return (await page.getByRole("option", { disabled: false }).allInnerTexts()).map(oneLine);
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

async function shownRadio(field: Locator): Promise<string> {
  const radios = await field.getByRole("radio", { checked: true }).all();
  const [first] = radios;
  if (!first) return "";
  // The name as a person hears it: of its label, or of itself.
  const [line = ""] = (await first.ariaSnapshot()).split("\n");
  return /radio "((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replace(/\\(.)/g, "$1") ?? "";
}

async function fillText(field: Locator, { lengthMax, isOneLine }: Field, text: string): Promise<void> {
  // A person could not type more either, and the system would cut it or refuse it.
  if (lengthMax !== undefined && text.length > lengthMax) throw new NotTaken(`takes at most ${lengthMax} characters`);
  if (isOneLine && /[\r\n]/.test(text)) throw new NotTaken("takes one line");
  await field.fill(text);
}

async function select(field: Locator, { options }: Field, input: FieldInput): Promise<void> {
  const matching = options.filter((option) => !(input instanceof Secret) && option === input);
  if (matching.length === 1) {
    await field.selectOption({ index: options.indexOf(matching[0]!) });
    return;
  }
  const shown = options.slice(0, optionsShownMax).map((option) => quoted(option));
  const more = options.length > shown.length ? ` and ${options.length - shown.length} more` : "";
  const wanted = input instanceof Secret ? "for a secret" : quoted(String(input));
  const has = matching.length > 1 ? "several options" : "no option";
  throw new NotTaken(`has ${has} ${wanted}; there are ${shown.join(", ")}${more}`);
}

/** Presses are never counted: what it shows decides. */
async function tick(field: Locator, wanted: boolean, act: Act): Promise<void> {
  const seen = new Set<string>();
  for (let presses = 0; presses < pressesMax; presses += 1) {
    const shown = await fieldValue(field);
    if (shown === wanted) return;
    seen.add(String(shown));
    await act(() => field.click());
  }
  const shown = await fieldValue(field);
  if (shown === wanted) return;
  throw new NotTaken(`never shows ${wanted ? "on" : "off"}, only ${[...seen].join(", ")}`);
}

/** A list that opens: its options may stand anywhere on the page. */
async function choose(page: Page, field: Locator, input: FieldInput, act: Act): Promise<void> {
  const text = input instanceof Secret ? input.reveal() : String(input);
  if ((await field.getAttribute("aria-expanded")) !== "true") await act(() => field.click());
  if (await field.evaluate((element) => "value" in (element as object))) await act(() => field.fill(text));
  await take(page.getByRole("option", { name: text, exact: true }), input, act);
}

async function take(choice: Locator, input: FieldInput, act: Act): Promise<void> {
  const isThere = await choice.waitFor().then(
    () => true,
    () => false,
  );
  const wanted = input instanceof Secret ? "for a secret" : quoted(String(input));
  if (!isThere) throw new NotTaken(`has no option ${wanted}`);
  await act(() => choice.click());
}

async function readBack(field: Locator, input: FieldInput): Promise<void> {
  const shown = await fieldValue(field);
  if (shown === (input instanceof Secret ? input.reveal() : input)) return;
  const what = input instanceof Secret ? "something else" : quoted(String(shown));
  throw new NotTaken(`shows ${what} after it was set`);
}

/** Runs in the page. */
function look(field: Locator): Promise<Field> {
  return field.evaluate((element): Field => {
    interface Seen {
      readonly tagName: string;
      readonly type?: string;
      readonly readOnly?: boolean;
      readonly disabled?: boolean;
      readonly maxLength?: number;
      readonly isContentEditable?: boolean;
      readonly options?: Iterable<{ text: string; value: string; disabled: boolean }>;
      readonly selectedOptions?: Iterable<{ text: string }>;
      getAttribute(name: string): string | null;
    }
    const seen = element as unknown as Seen;
    const tag = seen.tagName.toLowerCase();
    const type = tag === "input" ? (seen.type ?? "text") : "";
    const role = seen.getAttribute("role") ?? "";
    const isAria = (name: string): boolean => seen.getAttribute(name) === "true";
    const kindOf = (): Field["kind"] => {
      if (tag === "select") return "select";
      if (type === "checkbox" || type === "radio") return "tick";
      if (role === "checkbox" || role === "switch") return "custom tick";
      if (role === "radiogroup" || tag === "fieldset") return "radios";
      if (role === "combobox" || role === "listbox") return "choice";
      return tag === "input" || tag === "textarea" || seen.isContentEditable ? "text" : "other";
    };
    const options = tag === "select" ? [...(seen.options ?? [])] : [];
    const bound = seen.maxLength ?? -1;
    return {
      kind: kindOf(),
      isLocked: Boolean(seen.readOnly || seen.disabled || isAria("aria-disabled") || isAria("aria-readonly")),
      isOneLine: tag === "input",
      options: options.map(({ text }) => text),
      choices: options.filter(({ value, disabled }) => value !== "" && !disabled).map(({ text }) => text),
      chosen: [...(seen.selectedOptions ?? [])].map(({ text }) => text).join(", "),
      ...(bound >= 0 ? { lengthMax: bound } : {}),
    };
  });
}
