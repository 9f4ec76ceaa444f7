import type { FieldValue, Label, ScreenField } from "../screen.ts";
import { type CommandPlace, doCommand } from "./command-line.ts";
import { phrase, visible } from "./visible.ts";

/** One line under "Fill in" or "Stop if you see other than". */
export interface FieldLine {
  /** One label, or those of several check boxes that stay clear. */
  labels: string[];
  /** "clear" and "checked" are check boxes; "hint" is a remark of ours in place of a value. */
  is: "text" | "checked" | "clear" | "hint";
  /** What is to be typed, `☑` or `☐`, or the remark. */
  text: string;
  /** How to read `text`, where it cannot stand as it is. */
  remark?: string;
}

/** Longest value that an instruction prints; a longer one says how long it is. */
const valueCharactersMax = 1_000;

/** What to type into a form, or to see in it. Check boxes that stay clear are one line at the end, as nothing is done about them. */
export function fieldLines(fields: readonly ScreenField[], step: string, place: CommandPlace): FieldLine[] {
  const clear = fields.filter(({ value }) => value === false);
  const lines = fields.filter(({ value }) => value !== false).map((field) => lineOf(field, step, place));
  if (clear.length === 0) return lines;
  return [...lines, { labels: clear.map(({ label }) => nameOf(label)), is: "clear", text: "☐" }];
}

/** A value as it is to be typed: without quotes where nothing about it can be misread, else quoted and with a remark. */
export function exactText(value: string): { text: string; remark?: string } {
  const length = [...value].length;
  if (length > valueCharactersMax) {
    return { text: phrase(value), remark: "cut here: the whole text stands in the manifest" };
  }
  const shown = visible(value);
  const plain = shown === value && value.trim() === value && !value.includes("  ") && !/^["“(☑☐]/u.test(value);
  if (plain) return { text: shown };
  const remark =
    shown === value
      ? "without the outer quotes"
      : "without the outer quotes; \\n is a line break, \\u… a character that does not show";
  return { text: `"${shown}"`, remark };
}

/** The words of a label, fit for a screen. */
export function nameOf(label: Label): string {
  return phrase(label.text);
}

function lineOf({ label, value }: ScreenField, step: string, place: CommandPlace): FieldLine {
  return { labels: [nameOf(label)], ...shownValue(value, step, place) };
}

function shownValue(value: FieldValue, step: string, place: CommandPlace): Omit<FieldLine, "labels"> {
  if (typeof value === "object") return { is: "hint", text: `(secret; ${doCommand(step, place)} shows it)` };
  if (typeof value === "boolean") return value ? { is: "checked", text: "☑" } : { is: "clear", text: "☐" };
  if (value === "") return { is: "hint", text: "(empty)" };
  return { is: "text", ...exactText(value) };
}
