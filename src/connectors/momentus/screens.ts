import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Value } from "../../resource.ts";
import type { Act, Ask, Label, LookAct, Screen, ScreenResult } from "../../screen.ts";
import type { Step } from "../../step.ts";

import { expectOpened } from "../opened.ts";
import type { MomentusLabels } from "./labels.ts";

/** What the screens of all kinds have in common. */

/** How a person does one operation, or looks. */
export type ScreenOf = (label: MomentusLabels, step: Step, system: SystemConfig) => Screen;

/** Who may do what (MOM-02, MOM-04). */
export const roles = {
  support: "an Enterprise support user",
  administrator: "an administrator of Enterprise",
  connect: "a Support User or Super User of Momentus Connect",
  requester: "any user of Momentus Connect",
  licensing: "Licensing of the vendor, then whoever gets their note",
} as const;

/** Internal users are seen by support users only (MOM-02). */
export const roleWith = (isInternal: boolean): string => (isInternal ? roles.support : roles.administrator);

/** Who may do a step. */
export const roleFor = (step: Step): string => roleWith(step.input.internal === true);

/** Why an absence must be told with the rights of whoever looked. */
export const hiddenNote =
  "Internal users are hidden from customers: only a list made with support rights proves absence (MOM-02).";

/** With which rights somebody looked. */
export const askRights: Ask = {
  name: "rights",
  label: "Rights of the account that looked",
  choices: ["support", "customer"],
};

const guid = {
  matches: "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
  says: "a GUID: 8-4-4-4-12 hex digits (MOM-12)",
};

/** The Secret, as a person copies it. */
export const askSecret: Ask = { name: "secret", label: "Secret", secret: true, pattern: guid };

/** A Key, as a person copies it. */
export const askKey: Ask = { name: "key", label: "Key", secret: true, pattern: guid };

export const notDone: ScreenResult = { result: "not-done", means: "it is not done yet", asks: [] };
export const failed: ScreenResult = { result: "failed", means: "it cannot be done", asks: [] };

/** Where apps are approved: Connect's own address where it is known. */
export function connectUrl({ settings, url }: SystemConfig): string {
  return typeof settings.connect_url === "string" ? settings.connect_url : url;
}

/** A text of a step's input for people. What only an apply tells is shown by its address. */
export function shown(value: Value | undefined): string {
  if (typeof value === "object" && !Array.isArray(value) && "$ref" in value) {
    return `the ID of ${(value as { $ref: { address: string } }).$ref.address}`;
  }
  return value === undefined ? "" : String(value);
}

/** A text of a step's input. */
export function textOfInput(step: Step, name: string): string {
  return shown(step.input[name]);
}

/** From the Main Menu to one API user. */
export function openApiUser(label: MomentusLabels, userId: string): Act[] {
  return [...findApiUser(label, userId), ...openRow(label, userId)];
}

/** Opens the page of a row; one that is another user's is neither changed nor read (MOM-34). */
export function openRow(label: MomentusLabels, userId: string): Act[] {
  return [{ act: "open", row: userId }, expectOpened(label("id"), userId)];
}

/** From the Main Menu to the search for an API user. */
export function findApiUser(label: MomentusLabels, userId: string): Act[] {
  return [{ act: "go", path: apiUsersPath(label) }, searchApiUser(label, userId)];
}

/** The way to the screen API Users. */
export const apiUsersPath = (label: MomentusLabels): Label[] => [label("mainMenu"), label("apiUsers")];

/** On that screen. */
export const searchApiUser = (label: MomentusLabels, userId: string): Act => ({
  ...{ act: "search", field: label("search"), text: userId },
});

/** Whether the list has the user; the search field stands above the list, whatever it found. */
export const lookForApiUser = (label: MomentusLabels, userId: string): LookAct => ({
  ...{ act: "look", row: userId, next: label("next"), on: label("search"), silent: true },
});

/** How Secret and Key are read: both can be read again at any time. A user that is just made has one Key, others may have several. */
export function readCredentials(label: MomentusLabels, keys: "one" | "several"): Act[] {
  return [...readSecret(label), ...goToKey(label, keys), readKey(label)];
}

/** How the Secret is read, on the page of the API user. */
export function readSecret(label: MomentusLabels): Act[] {
  return [
    { act: "press", button: label("copySecret"), menu: label("tools"), copies: true },
    { act: "read", ask: askSecret.name, field: label("secret"), silent: true },
  ];
}

/** Where a Key is read, and what a person does there. */
export function goToKey(label: MomentusLabels, keys: "one" | "several"): Act[] {
  const which = keys === "one" ? "the Key" : "the Key, or on any of them where there are several";
  return [
    { act: "go", path: [label("keys")] },
    { act: "note", text: `Right-click on ${which}, then ${label("copyKey").text}` },
  ];
}

/** The newest Key, or the one that begins so. That the newest stands last is assumed: nothing else is said of their order. */
export function readKey(label: MomentusLabels, begins?: string): Act {
  const which = begins === undefined ? {} : { begins };
  return { act: "read", ask: askKey.name, column: label("keyColumn"), ...which, silent: true };
}

/** A screen that shows these labels when it is right. */
export function shows(text: string, ...labels: Label[]): Act {
  return { act: "shows", labels, text };
}
