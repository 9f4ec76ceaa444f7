import { screenWordsCharactersMax } from "../limits.ts";
import type { Plain } from "../resource.ts";
import type { AttributeSchema } from "../schema.ts";
import type { Label } from "../screen.ts";
import { type Entry, entryOf } from "./node.ts";
import type { Reading } from "./place.ts";

/** `screens` of a system: the words that its console has for a control, by the key of the label. */

/** Between the controls of a path, the last of which is the one that is meant: `Menu > Words`. */
const arrow = " > ";
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

/** What the schema cannot say: a path leads to what can be pressed, and has no blank parts. */
export function checkScreens(
  entry: Entry,
  screens: Record<string, Plain>,
  labels: readonly Label[],
  { report }: Reading,
): void {
  for (const [key, words] of Object.entries(screens)) {
    const label = labels.find((one) => one.key === key);
    const node = entry.value.type === "map" ? entryOf(entry.value, key)?.value : undefined;
    if (!label || typeof words !== "string" || !/>/.test(words)) continue;
    const parts = words.split(arrow).map((part) => part.trim());
    if (parts.length > 1 && !followed.has(label.role)) {
      const hint = `write the words of the ${label.role} alone; a path leads to links, buttons, tabs and items of menus`;
      report.error(`screens.${key} is a path, and ${JSON.stringify(label.text)} is a ${label.role}`, node, { hint });
    } else if (parts.length > 1 && parts.includes("")) {
      report.error(`screens.${key} has a blank part`, node, { hint: "write it as: Menu > Words" });
    }
  }
}
