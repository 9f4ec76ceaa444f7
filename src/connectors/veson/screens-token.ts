import type { Ask, Screen } from "../../screen.ts";
import type { VesonLabels } from "./labels.ts";
import {
  cannotSee,
  done,
  failed,
  lookInto,
  notDone,
  note,
  openRow,
  role,
  type ScreenOf,
  save,
  textOfInput,
} from "./screens.ts";

/** The one API token of a user, on the panel of its owner. */

export const askToken: Ask = { name: "token", label: "API Token", secret: true };

/** Requests a token, which replaces the one before at the save (VES-14, VES-16). */
export const requestScreen: ScreenOf = (label, step, system) => {
  const former = step.input.former !== undefined;
  return {
    role,
    url: system.url,
    acts: [
      ...openRow(label, textOfInput(step, "owner"), "user"),
      ...(former ? [note("The token that it has stops working with the save (VES-16).")] : []),
      { act: "press", button: label("requestToken") },
      save(label),
      { act: "shows", labels: [label("apiToken")], text: "The token shows" },
      { act: "read", ask: askToken.name, field: label("apiToken") },
      ...(step.hand === "person" ? [note(testedLater(label))] : []),
    ],
    results: [done("a new token was requested and saved", [askToken]), notDone, failed],
  };
};

/** Whoever copies it should know that a slip shows only later (VES-11, VES-14). */
const testedLater = (label: VesonLabels): string =>
  `Copy it whole. It can be used, and is tested, only when its user is ${label("externalAccessOnly").text}: if it does not work then, you are asked for it again.`;

/** Clears the token; nothing can be read with it any more. How the button reads is assumed. */
export const clearScreen: ScreenOf = (label, step, system) => ({
  role,
  url: system.url,
  acts: [
    ...openRow(label, textOfInput(step, "owner"), "user"),
    { act: "press", button: label("clearToken") },
    save(label),
  ],
  results: [done("there is no token any more"), notDone, failed],
});

/** Whether a user has a token, and what it is where it shows: in one look, for where it shows only once. */
export function tokenPanel(label: VesonLabels, system: { url: string }, owner: string): Screen {
  return {
    role,
    url: system.url,
    acts: [
      ...lookInto(label, owner, "user", true),
      { act: "read", ask: "has_token", present: label("clearToken"), silent: true },
      { act: "read", ask: askToken.name, field: label("apiToken"), optional: true, silent: true },
    ],
    results: [
      {
        result: "found",
        means: `${owner} is there`,
        asks: [
          { name: "has_token", label: "has_token", choices: ["on", "off"] },
          { ...askToken, optional: true },
        ],
      },
      { result: "absent", means: `${owner} is not there`, asks: [] },
      cannotSee,
    ],
  };
}

/** A person looks again whether there is a token. */
export const inspectTokenScreen: ScreenOf = (label, step, system) => {
  const owner = textOfInput(step, "owner");
  return {
    role,
    url: system.url,
    acts: [
      ...lookInto(label, owner, "user"),
      note(`Look whether ${owner} has an API token. Change nothing, and tell nothing of its value.`),
    ],
    results: [
      { result: "found", means: `${owner} has a token`, asks: [] },
      { result: "absent", means: `${owner} has none any more`, asks: [] },
      cannotSee,
    ],
  };
};
