import {
  type Clear,
  isClear,
  isRef,
  isSecretRef,
  isTemplate,
  type Plain,
  type Ref,
  type SecretRef,
  type Template,
  type Value,
} from "../resource.ts";
import { shorten, visible } from "./visible.ts";

/** Characters of one printed text; longer ones are cut and say how long they are. */
const textCharactersMax = 120;
/** Entries of a printed list or map; the rest are counted. */
const entriesMax = 12;
/** How much of the equal beginning of two long texts stays in front of their difference. */
const leadCharacters = 20;

/** A value as people read it: never a secret, always on one line. */
export function formatValue(value: Value | Plain | undefined): string {
  if (value === undefined) return "(not set)";
  if (value === null) return "(empty)";
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object") return String(value);
  if (isRef(value)) return formatRef(value);
  if (isSecretRef(value)) return formatSecretRef(value);
  if (isTemplate(value)) return formatTemplate(value);
  if (isClear(value)) return "(cleared)";
  if (Array.isArray(value)) return `[${entries(value, formatValue)}]`;
  return `{ ${entries(Object.entries(value as Record<string, Value>), ([name, entry]) => `${visible(name)}: ${formatValue(entry)}`)} }`;
}

/** Two values of one attribute. Long texts are cut so that their difference stays in sight. */
export function formatPair(before: Plain | undefined, after: Value | Plain | undefined): [string, string] {
  if (typeof before !== "string" || typeof after !== "string") return [formatValue(before), formatValue(after)];
  const skip = Math.max(0, equalStart(before, after) - leadCharacters);
  if (skip === 0 || Math.max(before.length, after.length) <= textCharactersMax) return [quote(before), quote(after)];
  return [`…${quote(dropStart(before, skip))}`, `…${quote(dropStart(after, skip))}`];
}

/** Whether a value is a list whose entries can be told apart by their text. */
export function isFlatList(
  value: Value | Plain | undefined,
): value is (string | number | boolean | Ref | SecretRef | Clear)[] {
  return Array.isArray(value) && value.every((entry) => typeof entry !== "object" || isRef(entry));
}

/** `(known after apply: velocloud_role.x.id)`. */
function formatRef(ref: Ref): string {
  const { address, attribute } = ref.$ref;
  return `(known after apply: ${visible(attribute === "" ? address : `${address}.${attribute}`)})`;
}

function formatTemplate({ $template }: Template): string {
  const parts = $template.map((part) => (typeof part === "string" ? visible(JSON.stringify(part)) : formatRef(part)));
  return shorten(parts.join(" + "), 4 * textCharactersMax);
}

function formatSecretRef(ref: SecretRef): string {
  const { from, name } = ref.$secret;
  return `(secret ← ${from === "sink" ? "" : `${from} `}${visible(name)})`;
}

/** JSON's quotes and escapes, with what JSON leaves invisible spelled out too. */
function quote(text: string): string {
  const characters = [...text];
  const kept = characters.slice(0, textCharactersMax).join("");
  const rest = characters.length > textCharactersMax ? `… (${characters.length} characters)` : "";
  return `${visible(JSON.stringify(kept))}${rest}`;
}

function entries<T>(list: T[], format: (entry: T) => string): string {
  const shown = list.slice(0, entriesMax).map(format);
  if (list.length > entriesMax) shown.push(`… ${list.length - entriesMax} more`);
  return shorten(shown.join(", "), 4 * textCharactersMax);
}

function equalStart(one: string, other: string): number {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index++;
  return index;
}

/** Cuts at a whole character. */
function dropStart(text: string, count: number): string {
  const low = text.charCodeAt(count);
  return text.slice(low >= 0xdc00 && low <= 0xdfff ? count - 1 : count);
}
