import type { Value } from "../../resource.ts";
import type { Act, Ask, Label, ScreenField } from "../../screen.ts";
import type { Step } from "../../step.ts";
import { recordIn } from "../inputs.ts";
import { anyOrganization, boxes, type Setting, settingLabels, settingNames } from "./api-user-settings.ts";
import type { MomentusLabels } from "./labels.ts";
import { pathText } from "./labels.ts";
import { knownRights } from "./rights.ts";
import {
  apiUsersPath,
  askKey,
  askRights,
  askSecret,
  failed,
  goToKey,
  hiddenNote,
  lookForApiUser,
  notDone,
  openApiUser,
  readCredentials,
  readKey,
  readSecret,
  roleFor,
  type ScreenOf,
  searchApiUser,
  shown,
  shows,
  textOfInput,
} from "./screens.ts";

/** What is done about an API user at the screen API Users, one function for each operation. */

/** Is it there? Asked before anything is made (MOM-05). */
export const observeScreen: ScreenOf = (label, step, system) => {
  const userId = textOfInput(step, "user_id");
  const license = `Not licensed: ${label("apiUsers").text} or its button ${label("add").text} is missing or does not work, or the contract says so.`;
  return {
    role: roleFor(step),
    url: system.url,
    acts: [
      { act: "reach", path: apiUsersPath(label), asks: "licensed" },
      searchApiUser(label, userId),
      { act: "note", text: `Look whether ${userId} is in the list. Change nothing.` },
      lookForApiUser(label, userId),
      { act: "note", text: hiddenNote },
      { act: "note", text: license },
      // The form that opens is left as it is: nothing is saved.
      { act: "reach", path: [label("add")], shows: label("addApiUser"), asks: "licensed", ...onlyForAbsent },
    ],
    results: [
      { result: "found", means: `${userId} is in the list`, asks: [] },
      {
        result: "absent",
        means: `${userId} is not in the list`,
        asks: [askRights, { name: "licensed", label: "Is the API licensed here", choices: ["yes", "no"] }],
      },
      {
        result: "cannot-see",
        means: "the list cannot be seen",
        asks: [{ name: "licensed", label: "Is the API licensed here", choices: ["yes", "no"], optional: true }],
      },
    ],
    ...knownRights(system),
  };
};

const onlyForAbsent = { unlessFound: true, silent: true } as const;

/** Adds the user with all settings, the unchecked boxes too. */
export const createScreen: ScreenOf = (label, step, system) => {
  const settings = recordIn(step, "settings");
  const userId = shown(settings.user_id);
  return {
    role: roleFor(step),
    url: system.url,
    acts: [
      { act: "go", path: apiUsersPath(label) },
      { act: "press", button: label("add") },
      shows("An empty form opens", label("addApiUser")),
      ...fillActs(label, seenBy(step, settings)),
      { act: "press", button: label("ok") },
      shows("The Secret is filled, and the tab Keys has one entry", label("secret"), label("keys")),
      ...readCredentials(label, "one"),
    ],
    results: [
      { result: "done", means: `${userId} is made`, asks: [askSecret, askKey] },
      { result: "found", means: `${userId} was there already: nothing was changed`, asks: [] },
      notDone,
      failed,
    ],
  };
};

/** Copies what is there; nothing is changed, and no Secret is renewed (MOM-05). */
export const adoptScreen: ScreenOf = (label, step, system) => {
  const userId = textOfInput(step, "user_id");
  const told = settingNames.filter((name) => name !== "user_id").map((name) => askSetting(label, name));
  return {
    role: roleFor(step),
    url: system.url,
    acts: [
      ...openApiUser(label, userId),
      shows("It shows its settings as they are", ...settingNames.map((name) => label(settingLabels[name]))),
      { act: "note", text: `Change nothing. Above all do not use ${label("regenerateSecret").text} (MOM-05).` },
      ...told.map(({ name }) => readSetting(label, name)),
      ...readCredentials(label, "several"),
    ],
    results: [
      {
        result: "done",
        means: "this is what it shows",
        asks: [askSecret, askKey, ...told],
      },
      notDone,
      failed,
    ],
  };
};

/** A killed command or an abandoned run may have lost the answer to what was done. */
const changedBefore: Act = {
  act: "note",
  text: "Where a field shows already what is to be filled in, it was changed before and not told: go on all the same.",
};

/** Opens the user, looks whether it is as planned, and changes what is to be changed. */
export const changeScreen: ScreenOf = (label, step, system) => {
  const changes = recordIn(step, "changes");
  const before = recordIn(step, "before");
  const expected = fieldsOf(label, before);
  return {
    role: roleFor(step),
    url: system.url,
    acts: [
      ...openApiUser(label, textOfInput(step, "user_id")),
      ...(expected.length > 0 ? [changedBefore, { act: "expect" as const, fields: expected }] : []),
      ...fillActs(label, changes),
      { act: "press", button: label("ok") },
      // What was saved is shown again.
      { act: "expect", fields: fieldsOf(label, changes), silent: true },
    ],
    results: [{ result: "done", means: "it is saved", asks: [] }, notDone, failed],
  };
};

function fieldsOf(label: MomentusLabels, values: Record<string, Value>): { label: Label; value: string | boolean }[] {
  return settingNames.flatMap((name) => {
    const value = values[name];
    if (name === "organization" && value === anyOrganization) return [];
    return typeof value === "string" || typeof value === "boolean"
      ? [{ label: label(settingLabels[name]), value }]
      : [];
  });
}

/** Reads Secret and Key once more, for another place. */
export const deliverScreen: ScreenOf = (label, step, system) => ({
  role: roleFor(step),
  url: system.url,
  acts: [
    ...openApiUser(label, textOfInput(step, "user_id")),
    { act: "note", text: `Change nothing. Above all do not use ${label("regenerateSecret").text} (MOM-05).` },
    ...readCredentials(label, "several"),
  ],
  results: [{ result: "done", means: "Secret and Key are copied", asks: [askSecret, askKey] }, notDone, failed],
});

/** Renews the Secret. Every Key of the user signs with the new one from then on (MOM-10). */
export const regenerateScreen: ScreenOf = (label, step, system) => ({
  role: roleFor(step),
  url: system.url,
  acts: [
    ...openApiUser(label, textOfInput(step, "user_id")),
    { act: "note", text: "Everything that signs with the present Secret stops at once, whatever its Key (MOM-10)." },
    { act: "press", button: label("regenerateSecret"), menu: label("tools") },
    { act: "prompt", heading: label("regenerateQuestion"), fields: [], button: label("regenerateConfirm") },
    ...readSecret(label),
    ...goToKey(label, "several"),
    // The Key that was delivered goes on with the new Secret.
    ...(step.input.bundle === undefined ? [readKey(label)] : []),
  ],
  results: [
    {
      result: "done",
      means: "the Secret is a new one",
      asks: [askSecret, { ...askKey, label: "Key (left out: the one that was delivered before)", optional: true }],
    },
    notDone,
    failed,
  ],
});

/** Who is no support user is not shown these boxes, and leaves them unchecked by that (MOM-02). */
function seenBy(step: Step, settings: Record<string, Value>): Record<string, Value> {
  if (step.input.internal === true) return settings;
  const { internal, license_special_access: special, ...rest } = settings;
  return {
    ...rest,
    ...(internal === true ? { internal } : {}),
    ...(special === true ? { license_special_access: special } : {}),
  };
}

/** A setting as it is told: what its screen calls it. */
export function askSetting(label: MomentusLabels, name: Setting): Ask & { name: Setting } {
  const { text } = label(settingLabels[name]);
  if (boxes.has(name)) return { name, label: text, choices: ["on", "off"] };
  return name === "description" ? { name, label: text, optional: true } : { name, label: text };
}

/** How a setting is read off its screen. */
export function readSetting(label: MomentusLabels, name: Setting): Act {
  return { act: "read", ask: name, field: label(settingLabels[name]), silent: true };
}

/** Fields in the order of the vendor's document. Where any organization will do, a person chooses. */
function fillActs(label: MomentusLabels, values: Record<string, Value>): Act[] {
  const isAny = values.organization === anyOrganization;
  const fields = settingNames.flatMap((name): ScreenField[] => {
    const value = values[name];
    if (value === undefined || (isAny && name === "organization")) return [];
    return [{ label: label(settingLabels[name]), value: typeof value === "boolean" ? value : shown(value) }];
  });
  const fill: Act[] = fields.length > 0 ? [{ act: "fill", fields }] : [];
  if (!isAny) return fill;
  const text = `${pathText(label("organization"))}: choose any, it makes no difference (MOM-06)`;
  return [...fill, { act: "note", text }, { act: "choose", field: label("organization") }];
}
