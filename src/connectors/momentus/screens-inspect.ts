import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Ask, Screen, ScreenResult } from "../../screen.ts";
import { type Setting, settingLabels, settingNames } from "./api-user-settings.ts";
import type { MomentusLabels } from "./labels.ts";
import { consoleRights, knownRights } from "./rights.ts";
import {
  askRights,
  connectUrl,
  findApiUser,
  hiddenNote,
  lookForApiUser,
  openApiUser,
  openRow,
  roleFor,
  roles,
  roleWith,
  type ScreenOf,
  shows,
  textOfInput,
} from "./screens.ts";
import { askSetting, readSetting } from "./screens-api-user.ts";
import { askApiUser, askStatus, lookForApp, openApps } from "./screens-app-approval.ts";

/** How a person looks once more at what is recorded, one function for each kind. Nothing is changed, and no secret is told. */

const cannotSee: ScreenResult = { result: "cannot-see", means: "it cannot be seen", asks: [] };

/** Boxes that only support users see (MOM-02). */
const supportOnly: ReadonlySet<Setting> = new Set(["internal", "license_special_access"]);

/** An API user, with its settings as its screen shows them. */
export const inspectUserScreen: ScreenOf = (label, step, system) =>
  apiUserScreen(label, system, textOfInput(step, "user_id"), step.input.internal === true);

/** The same for a user that is known by its ID alone. */
export function apiUserScreen(
  label: MomentusLabels,
  system: SystemConfig,
  userId: string,
  isInternal: boolean,
): Screen {
  const shown = settingsShown(system, isInternal);
  const asked = settingNames.filter((name) => name !== "user_id");
  const asks = asked.map((name): Ask => {
    const ask = askSetting(label, name);
    return shown.includes(name) ? ask : { ...ask, optional: true };
  });
  return {
    role: roleWith(isInternal),
    url: system.url,
    acts: [
      ...findApiUser(label, userId),
      { act: "note", text: `Look whether ${userId} is in the list. Change nothing.` },
      ...(isInternal ? [{ act: "note" as const, text: hiddenNote }] : []),
      { act: "note", text: "If it is not there, that is the answer: it is gone." },
      { ...lookForApiUser(label, userId), ends: true },
      ...openRow(label, userId),
      shows("It shows its settings as they are", ...shown.map((name) => label(settingLabels[name]))),
      ...shown.filter((name) => name !== "user_id").map((name) => readSetting(label, name)),
    ],
    results: [
      { result: "found", means: `${userId} is there, and this is what it shows`, asks },
      { result: "absent", means: `${userId} is gone`, asks: [askRights] },
      cannotSee,
    ],
    ...knownRights(system),
  };
}

/** What the screen of an API user shows to whoever looks: a person who may see the user, or the account of a browser. */
export function settingsShown(system: SystemConfig, isInternal: boolean): Setting[] {
  const seesAll = system.hand === "browser" ? consoleRights(system) === "support" : isInternal;
  return settingNames.filter((name) => seesAll || !supportOnly.has(name));
}

/** A Key, by the beginning that is recorded of it. */
export const inspectKeyScreen: ScreenOf = (label, step, system) => {
  const [userId, prefix] = [textOfInput(step, "api_user"), textOfInput(step, "key_prefix")];
  return {
    role: roleFor(step),
    url: system.url,
    acts: [
      ...openApiUser(label, userId),
      { act: "go", path: [label("keys")] },
      { act: "note", text: `Look whether a Key that begins with ${prefix} is in the list. Change nothing.` },
      { act: "look", column: label("keyColumn"), begins: prefix, silent: true },
    ],
    results: [
      { result: "found", means: `the Key ${prefix}… is listed`, asks: [] },
      { result: "absent", means: `the Key ${prefix}… is not listed any more`, asks: [] },
      cannotSee,
    ],
  };
};

/** An approval, with the status of its app. */
export const inspectAppScreen: ScreenOf = (label, step, system) => {
  const app = textOfInput(step, "app");
  return {
    role: roles.connect,
    url: connectUrl(system),
    acts: [...openApps(label, system), ...lookForApp(label, app)],
    results: [
      { result: "found", means: `${app} is still approved`, asks: [askStatus(label), askApiUser] },
      { result: "absent", means: `${app} is not approved any more: requested, declined or not listed`, asks: [] },
      cannotSee,
    ],
  };
};
