import type { Act, Ask } from "../../screen.ts";
import type { Step } from "../../step.ts";
import { type MomentusLabels, pathText } from "./labels.ts";
import {
  askKey,
  askSecret,
  failed,
  notDone,
  openApiUser,
  readKey,
  readSecret,
  roleFor,
  type ScreenOf,
  textOfInput,
} from "./screens.ts";

/** Adds a further Key; those before it stay live (MOM-10). */
export const addKeyScreen: ScreenOf = (label, step, system) => {
  const userId = textOfInput(step, "api_user");
  const former = textOfInput(step, "former");
  const notes = [
    `Was it added already and not told? Then add none, and take that one.`,
    ...(former === "" ? [] : [`The Key that begins with ${former} is the former one; leave it as it is.`]),
  ];
  return {
    role: roleFor(step),
    url: system.url,
    acts: [
      ...openApiUser(label, userId),
      ...seenSecret(label, step),
      { act: "go", path: [label("keys")] },
      ...notes.map((text) => ({ act: "note" as const, text })),
      { act: "press", button: label("add") },
      { act: "note", text: `Right-click on the new Key${apart(step)}, then ${label("copyKey").text}` },
      readKey(label),
      ...secretActs(label, step),
    ],
    results: [{ result: "done", means: "the Key is there", asks: asksOf(step) }, notDone, failed],
  };
};

/** Reads the Key once more, for another place. */
export const deliverKeyScreen: ScreenOf = (label, step, system) => {
  const prefix = textOfInput(step, "key_prefix");
  return {
    role: roleFor(step),
    url: system.url,
    acts: [
      ...openApiUser(label, textOfInput(step, "api_user")),
      ...seenSecret(label, step),
      { act: "go", path: [label("keys")] },
      {
        act: "note",
        text: `It is the Key that begins with ${prefix}: right-click on it, then ${label("copyKey").text}`,
      },
      readKey(label, prefix),
      ...secretActs(label, step),
    ],
    results: [{ result: "done", means: "the Key is copied", asks: asksOf(step) }, notDone, failed],
  };
};

/** Only the values tell Keys apart (MOM-26): those that Steward knows are not the new one. */
function apart({ input: { known } }: Step): string {
  const prefixes = (Array.isArray(known) ? known : []).filter((prefix) => typeof prefix === "string");
  if (prefixes.length === 0) return "";
  return `, the one that does not begin with ${prefixes.map((prefix) => `${prefix} …`).join(" or ")}`;
}

const hasSecret = (step: Step): boolean => step.input.bundle !== undefined;

/** The Secret is asked for only where Steward does not have it. */
function asksOf(step: Step): Ask[] {
  return hasSecret(step) ? [askKey] : [askKey, askSecret];
}

/** Where it is seen, before the page is left for the Keys. */
function seenSecret(label: MomentusLabels, step: Step): Act[] {
  return hasSecret(step) ? [] : readSecret(label).filter(({ act }) => act === "read");
}

function secretActs(label: MomentusLabels, step: Step): Act[] {
  if (hasSecret(step)) return [];
  return [{ act: "note", text: `Then ${pathText(label("tools"), label("copySecret"))}` }];
}
