import { screenWordsCharactersMax } from "../limits.ts";
import type { AttributeSchema } from "../schema.ts";
import type { Label } from "../screen.ts";
import { type Entry, entryOf } from "./node.ts";
import type { Reading } from "./place.ts";

/** `screens` of a system: the words that its console has for a control, by the key of the label. */

/** Between the controls of a path, the last of which is the one that is meant: `Menu > Words`. */
const arrow = " > ";
const partsOf = (words: string): string[] => words.split(arrow).map((part) => part.trim());
/** What can be followed or pressed, so that a path may lead to it. */
const followed = new Set(["link", "button", "menuitem", "tab"]);

/** The settings under `screens`, one for each label of a type. */
export function screensSchema(labels: readonly Label[]): AttributeSchema {
  const properties = labels.map(({ key, text, role }): [string, AttributeSchema] => [
    key,
    {
      type: "string",
      minLength: 1,
      maxLength: screenWordsCharactersMax,
      pattern: "^[^\\p{Cc}\\p{Zl}\\p{Zp}]+$",
      description: `What the console has for ${JSON.stringify(text)} (${role}).`,
      examples: followed.has(role) ? ["Words", "Menu > Words"] : ["Words"],
    },
  ]);
  return {
    ...{ type: "object", properties: Object.fromEntries(properties), additionalProperties: false },
    description:
      "What the console of this system calls its controls, where it differs: words, or the way with the words.",
  };
}

/**
 * What the schema cannot say, of all words; `read` are those that could be read without an error: a path leads to what can be pressed, and has no blank parts; two controls of one role that had
 * different words before still have different ones.
 */
export function checkScreens(
  entry: Entry,
  read: Record<string, string>,
  labels: readonly Label[],
  { report }: Reading,
): void {
  const nodeOf = (key: string) => (entry.value.type === "map" ? entryOf(entry.value, key)?.value : undefined);
  const screens = { ...wordsIn(entry), ...read };
  for (const [key, words] of Object.entries(screens)) {
    const label = labels.find((one) => one.key === key);
    if (!label) continue;
    const node = nodeOf(key);
    const twin = twinOf(label, labels, screens);
    if (twin) {
      const both = `screens.${key} is what ${JSON.stringify(twin.text)} (${twin.key}) has too, another ${label.role}`;
      report.error(both, node, { hint: wayOut(twin, words) });
    }
    if (!/>/.test(words)) continue;
    const parts = partsOf(words);
    if (parts.length > 1 && !followed.has(label.role)) {
      const hint = `write the words of the ${label.role} alone; a path leads to links, buttons, tabs and items of menus`;
      report.error(`screens.${key} is a path, and ${JSON.stringify(label.text)} is a ${label.role}`, node, { hint });
    } else if (parts.length > 1 && parts.includes("")) {
      report.error(`screens.${key} has a blank part`, node, { hint: "write it as: Menu > Words" });
    }
  }
}

/** What is written there as text, also beside what is wrong. */
function wordsIn({ value }: Entry): Record<string, string> {
  const entries = value.type === "map" ? value.entries : [];
  return Object.fromEntries(
    entries.flatMap(({ key, value: node }) =>
      node.type === "scalar" && typeof node.value === "string" && node.value !== "" ? [[key, node.value]] : [],
    ),
  );
}

/** What these say or hold decides something: two of them with the same words cannot be told apart on one page. */
const telling = new Set(["checkbox", "switch", "cell", "option"]);

/**
 * Another control that has the words of this one and did not before. Where both may be read on pages of their own, saying the
 * words of both means it.
 */
function twinOf(label: Label, labels: readonly Label[], screens: Record<string, string>): Label | undefined {
  const wordsOf = ({ key, text }: Label): string => {
    const words = Object.hasOwn(screens, key) ? screens[key] : undefined;
    return words === undefined ? text : partsOf(words).join(arrow);
  };
  return labels.find((other) => {
    if (other.role !== label.role || other.text === label.text || wordsOf(other) !== wordsOf(label)) return false;
    return telling.has(label.role) || !(other.key in screens);
  });
}

function wayOut({ key, role }: Label, words: string): string {
  if (telling.has(role)) return "give each its own words";
  return `give each its own words; where both read so, each on its own page, add ${key}: ${JSON.stringify(words)}`;
}
