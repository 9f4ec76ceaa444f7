import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Act, Ask, Label, Screen } from "../../screen.ts";
import { expectOpened, lookingAt } from "../opened.ts";
import { type UserField, userFieldNames, userFields } from "./api-user-fields.ts";
import { waysOf } from "./console-ways.ts";
import type { IpressoLabels } from "./labels.ts";
import { administrator, findRow, toGroups, toUsers } from "./screens.ts";

/** What is read on the console beside its lists. Nothing is changed. */

/** The key of the installation, as an answer tells it. */
export const askKey: Ask = { name: "customer_key", label: "API key (CUSTOMER_KEY)", secret: true };

/** The settings, as an answer tells them. */
export const askSettings: readonly Ask[] = [
  {
    ...{ name: "validity_seconds", label: "Validity in seconds" },
    pattern: { matches: "[1-9][0-9]{0,8}", says: "a whole number of seconds" },
  },
  { name: "returns_different_token", label: "Authorization returns different token", choices: ["on", "off"] },
];

/** Where the settings are, on a page of their own or above the list of users (IPR-24). */
export function toSettings(label: IpressoLabels, system: SystemConfig): Act[] {
  const isPage = waysOf(system).settings === "page";
  return [toUsers(label), ...(isPage ? [{ act: "go" as const, path: [label("settings")] }] : [])];
}

/** How the settings are read. A slider shows on or off, a choice its words (IPR-24). */
export function readSettings(label: IpressoLabels): Act[] {
  const words = { on: label("yes"), off: label("no") };
  return [
    { act: "read", ask: "validity_seconds", field: label("validity"), silent: true },
    { act: "read", ask: "returns_different_token", field: slider(label), words, silent: true },
  ];
}

/** The slider, however it is made (IPR-24). */
export const slider = (label: IpressoLabels) => ({ ...label("differentToken"), role: "field" });

/** How the key is read (IPR-02). */
export function readKey(label: IpressoLabels): Act {
  return { act: "read", ask: askKey.name, field: label("apiKey"), silent: true };
}

/** The settings as they are. */
export function settingsScreen(label: IpressoLabels, system: SystemConfig): Screen {
  return {
    role: administrator,
    url: system.url,
    acts: [...toSettings(label, system), ...readSettings(label)],
    results: [{ result: "done", means: "this is what it shows", asks: [...askSettings] }],
  };
}

/** The key of the installation. */
export function keyScreen(label: IpressoLabels, system: SystemConfig): Screen {
  return {
    role: administrator,
    url: system.url,
    acts: [...toSettings(label, system), readKey(label)],
    results: [{ result: "done", means: "the key is copied", asks: [askKey] }],
  };
}

/** Opens the form of a user (IPR-07), for whoever changes something there: only where it is that of this row. */
export function openUser(label: IpressoLabels, login: string): Act[] {
  return [...lookIntoUser(label, login), expectOpened(label("login"), login)];
}

/** The same for whoever only looks. */
function lookIntoUser(label: IpressoLabels, login: string): Act[] {
  const open: Act = { act: "open", row: login, by: label("editUser"), menu: label("moreOptions") };
  return [toUsers(label), findRow(label, login), open];
}

/** Opens the form of a group, for whoever changes something there: only where it is that of this row. */
export function openGroup(label: IpressoLabels, system: SystemConfig, name: string): Act[] {
  return [toGroups(label), ...openRow(label, system, name)];
}

/** The same from its list. */
export function openRow(label: IpressoLabels, system: SystemConfig, name: string): Act[] {
  return [...lookIntoRow(label, system, name), expectOpened(label("groupName"), name)];
}

/** The same for whoever only looks. */
export function lookIntoRow(label: IpressoLabels, system: SystemConfig, name: string): Act[] {
  const isMenu = waysOf(system).group_actions === "menu";
  const by = isMenu ? { by: label("editUser"), menu: label("moreOptions") } : { by: label("editGroup") };
  return [findRow(label, name), { act: "open", row: name, ...by }];
}

/** The permissions that are on; several are told line by line. */
const askPermissions: Ask = { name: "permissions", label: "Permissions that are on", optional: true };

/** How the permissions of a group are read. */
export function readPermissions(label: IpressoLabels): Extract<Act, { act: "read" }> & { ticked: Label } {
  return { act: "read", ask: askPermissions.name, ticked: label("permissions"), silent: true };
}

/** What a group can be allowed, as the empty form of a new one has it: it is opened and left. */
export function offeredScreen(label: IpressoLabels, system: SystemConfig): Screen {
  return {
    role: administrator,
    url: system.url,
    acts: [toGroups(label), { act: "go", path: [label("addGroup")] }, { ...readPermissions(label), all: true }],
    results: [{ result: "done", means: "this is what it shows", asks: [askPermissions] }],
  };
}

/** A group as its form shows it. */
export function groupScreen(label: IpressoLabels, system: SystemConfig, name: string): Screen {
  const screen: Screen = {
    role: administrator,
    url: system.url,
    acts: [toGroups(label), ...lookIntoRow(label, system, name), readPermissions(label)],
    results: [{ result: "done", means: "this is what it shows", asks: [askPermissions] }],
  };
  return lookingAt(screen, label("groupName"), name);
}

/** How a field of a user is told. */
export function askField(label: IpressoLabels, field: UserField): Ask {
  return { name: field, label: label(userFields[field]).text, optional: true };
}

/** The fields of a user's form, its login and password left out. */
export function readFields(label: IpressoLabels, system: SystemConfig): Act[] {
  const several = waysOf(system).groups === "several";
  return userFieldNames.map((field): Act => {
    const control = label(userFields[field]);
    if (field === "groups" && several) {
      return { act: "read", ask: field, ticked: { ...control, role: "group" }, silent: true };
    }
    return { act: "read", ask: field, field: control, silent: true };
  });
}

/** A user as its form shows it. */
export function userScreen(label: IpressoLabels, system: SystemConfig, login: string): Screen {
  const asks = userFieldNames.map((field) => askField(label, field));
  const screen: Screen = {
    role: administrator,
    url: system.url,
    acts: [...lookIntoUser(label, login), ...readFields(label, system)],
    results: [{ result: "done", means: "this is what it shows", asks }],
  };
  return lookingAt(screen, label("login"), login);
}
