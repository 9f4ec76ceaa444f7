import type { SystemConfig } from "../../manifest/manifest.ts";
import { isSecretRef } from "../../resource.ts";
import type { Act, Ask, Label, Screen } from "../../screen.ts";
import type { Step } from "../../step.ts";
import { mocoServId } from "./api-user-settings.ts";
import { type MomentusLabels, pathText } from "./labels.ts";
import { connectUrl, failed, notDone, roles, type ScreenOf, shows, textOfInput } from "./screens.ts";

/** What is done about an app in Momentus Connect, one function for each operation. */

/** The user that an approval made. */
export const askApiUser: Ask = {
  name: "api_user",
  label: "ID of the API user that the approval made, where one shows",
  optional: true,
  pattern: { matches: "[A-Za-z0-9-]{1,10}", says: "an ID of at most 10 letters, digits and hyphens" },
};

/** The status of an app that is approved. */
export const askStatus = (label: MomentusLabels): Ask => ({
  name: "status",
  label: label("status").text,
  choices: ["approved", "active", "disabled"],
});

/** Where is the app? Asked before anything is approved. */
export const observeAppScreen: ScreenOf = (label, step, system) => {
  const app = textOfInput(step, "app");
  return {
    role: roles.connect,
    url: connectUrl(system),
    acts: [...openApps(label, system), ...lookForApp(label, app)],
    results: [
      {
        result: "found",
        means: `${app} stands under ${label("approved").text}, is ${label("active").text} or ${label("disabled").text}${step.input.adopt === true ? "" : ": Steward did not ask for it and stops here"}`,
        asks: [],
      },
      {
        result: "absent",
        means: `${app} is not approved`,
        asks: [
          {
            name: "status",
            label: `${label("status").text} (requested: under ${label("requested").text}; declined: ${label("deleted").text})`,
            choices: ["requested", "declined", "not listed"],
          },
        ],
      },
      { result: "cannot-see", means: "the list cannot be seen", asks: [] },
    ],
  };
};

/** Any user may request an app. */
export const requestScreen: ScreenOf = (label, step, system) => {
  const app = textOfInput(step, "app");
  return {
    role: roles.requester,
    url: connectUrl(system),
    acts: [
      { act: "go", path: [label("marketplace")] },
      ...chooseTenant(label, system),
      { act: "press", button: label("request"), row: app },
    ],
    results: [{ result: "done", means: `${app} is requested`, asks: [] }, notDone, failed],
  };
};

/** Approves a requested app. The first approval of an Enterprise database asks for MOCO-SERV, once (MOM-04). */
export const approveScreen: ScreenOf = (label, step, system) => {
  const app = textOfInput(step, "app");
  const again = `${pathText(label("moreOptions"), label("remove"))}, then ${pathText(label("marketplace"), label("request"))}`;
  return {
    role: roles.connect,
    url: connectUrl(system),
    acts: [
      ...openApps(label, system),
      { act: "note", text: `Was ${app} declined (${label("deleted").text})? First ${again}.` },
      { act: "press", button: label("approve"), row: app },
      promptAct(label, step),
      shows(`${app} stands under ${label("approved").text} now`, label("approved")),
    ],
    results: [
      { result: "done", means: `${app} is approved`, asks: [askApiUser] },
      { result: "found", means: `${app} was approved already: nothing was changed`, asks: [] },
      notDone,
      failed,
    ],
  };
};

/** Takes over what somebody approved. */
export const adoptAppScreen: ScreenOf = (label, step, system) => ({
  role: roles.connect,
  url: connectUrl(system),
  acts: [
    ...openApps(label, system),
    { act: "note", text: `Look at ${textOfInput(step, "app")}. Change nothing.` },
    readStatus(label, textOfInput(step, "app")),
  ],
  results: [
    {
      result: "done",
      means: "this is what it shows",
      asks: [askStatus(label), askApiUser],
    },
    notDone,
    failed,
  ],
});

/** Takes the app off the list; it can be requested again. */
export const removeScreen: ScreenOf = (label, step, system) => menuScreen(label, step, system, "remove");

/** Gives a disabled app back, with the configuration that was kept. */
export const enableScreen: ScreenOf = (label, step, system) => menuScreen(label, step, system, "enable");

function menuScreen(label: MomentusLabels, step: Step, system: SystemConfig, item: "remove" | "enable"): Screen {
  const app = textOfInput(step, "app");
  const means = item === "remove" ? `${app} is off the list` : `${app} is enabled`;
  // A killed command or an abandoned run may have lost the answer.
  const before = `Is it so already: ${means}? Then it was done and not told: change nothing, and answer that it is so.`;
  return {
    role: roles.connect,
    url: connectUrl(system),
    acts: [
      ...openApps(label, system),
      { act: "note", text: before },
      { act: "press", button: label(item), menu: label("moreOptions"), row: app },
    ],
    results: [{ result: "done", means, asks: [] }, notDone, failed],
  };
}

/** Settings that name the place of the apps and are missing. */
export function unnamedPlace({ settings }: SystemConfig): string[] {
  return ["connect_url", "customer", "tenant"].filter((name) => settings[name] === undefined);
}

/** From the first page of Connect to the apps of the tenant. */
export function openApps(label: MomentusLabels, system: SystemConfig): Act[] {
  const { customer } = system.settings;
  return [
    shows("The first page of support in Connect opens", label("customersPage")),
    typeof customer === "string"
      ? { act: "open", row: customer }
      : { act: "note", text: "Search for the customer and select it.", toPerson: true },
    shows("The page of the customer opens", label("customerDashboard")),
    { act: "go", path: [label("apps")] },
    ...chooseTenant(label, system),
  ];
}

/** Apps are requested, approved and configured for one tenant. */
function chooseTenant(label: MomentusLabels, { settings: { tenant } }: SystemConfig): Act[] {
  if (typeof tenant !== "string") {
    const text = `Select the ${label("tenant").text} and press ${label("show").text}.`;
    return [{ act: "note", text, toPerson: true }];
  }
  return [
    { act: "fill", fields: [{ label: label("tenant"), value: tenant }], narrows: true },
    { act: "press", button: label("show"), optional: true, narrows: true },
  ];
}

/** Whether an app is approved, and its status. */
export function lookForApp(label: MomentusLabels, app: string): Act[] {
  const words = Object.values(approvedWords(label));
  const among = { column: label("status"), words };
  return [
    { act: "note", text: `Look for ${app} and its ${label("status").text}. Change nothing.` },
    { act: "look", row: app, among, on: label("approved"), silent: true },
    readStatus(label, app),
  ];
}

/** How the list says that somebody approved an app, by our words for it. */
function approvedWords(label: MomentusLabels): Record<string, Label> {
  return { approved: label("approved"), active: label("active"), disabled: label("disabled") };
}

/** Every word that the list has for an app, by ours. */
export function statusWords(label: MomentusLabels): Record<string, Label> {
  return { ...approvedWords(label), requested: label("requested"), declined: label("deleted") };
}

function readStatus(label: MomentusLabels, app: string): Act {
  const words = statusWords(label);
  const where = { column: label("status"), row: app, missing: "not listed" };
  return { act: "read", ask: "status", ...where, words, silent: true };
}

/** Comes up once for each Enterprise database. */
function promptAct(label: MomentusLabels, step: Step): Act {
  if (!isSecretRef(step.input.credentials)) {
    const text = `If ${label("connectApiUser").text} is asked for: Steward has no credentials of ${mocoServId}; look them up at its own screen (MOM-04).`;
    return { act: "note", text };
  }
  return {
    act: "prompt",
    heading: label("connectApiUser"),
    fields: [
      { label: label("promptId"), value: mocoServId },
      { label: label("promptSecret"), value: { secret: "credentials", part: "secret" } },
      { label: label("promptKey"), value: { secret: "credentials", part: "key" } },
    ],
    button: label("promptSave"),
  };
}
