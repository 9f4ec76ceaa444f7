import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Value } from "../../resource.ts";
import type { Act, Ask, Label, Screen, ScreenResult } from "../../screen.ts";
import type { Step } from "../../step.ts";
import type { IpressoLabels } from "./labels.ts";

/** What the screens of all kinds have in common. */

/** How one operation is done, or how somebody looks. */
export type ScreenOf = (label: IpressoLabels, step: Step, system: SystemConfig) => Screen;

/** Which rights it takes is not documented (IPR-25). */
export const administrator = "an administrator of the panel";

export const notDone: ScreenResult = { result: "not-done", means: "it is not done yet", asks: [] };
export const failed: ScreenResult = { result: "failed", means: "it cannot be done", asks: [] };
export const cannotSee: ScreenResult = { result: "cannot-see", means: "it cannot be seen", asks: [] };

/** The subsection API Users, the way of the document (IPR-01). */
export function toUsers(label: IpressoLabels): Act {
  return { act: "go", path: [...toSection(label), label("apiUsers")] };
}

/** The subsection User groups (IPR-01). */
export function toGroups(label: IpressoLabels): Act {
  return { act: "go", path: [...toSection(label), label("userGroups")] };
}

function toSection(label: IpressoLabels): Label[] {
  return [label("modules"), label("system"), label("systemAccesses"), label("apiUsersSection")];
}

/** Turns the pages of a list until the row is there; whoever reads a list does so without being told. */
export function findRow(label: IpressoLabels, row: string): Act {
  return { act: "look", row, next: label("next"), silent: true };
}

/** Look before anything is changed. */
export function seenBefore(fields: { label: Label; value: string | boolean }[]): Act[] {
  if (fields.length === 0) return [];
  return [
    { act: "note", text: changedBefore },
    { act: "expect", fields },
  ];
}

/** A killed command or an abandoned run may have lost the answer to what was done. */
const changedBefore =
  "Where a field shows already what is to be filled in, it was changed before and not told: go on all the same.";

/** What a browser reads once more on the page that follows, so that a save counts only when it shows (IPR-26). */
export function seenAfter(step: Step, acts: Act[]): Act[] {
  return step.hand === "browser" ? acts : [];
}

/** Where a row should be, or should not be any more: what its column of names shows. */
export function seenRow(label: IpressoLabels, step: Step, column: Label, row: string): Act[] {
  const read: Act = { act: "read", ask: seen, column, row, missing: goneWord, silent: true };
  return seenAfter(step, [findRow(label, row), read]);
}

/** What a browser tells of a row. */
export const seen = "seen";
/** What it tells of one that is not there. */
export const goneWord = "(not there)";

/** A browser's answer to what it read there. A person is not asked. */
export function asksAfter(step: Step, names: readonly string[]): Ask[] {
  return step.hand === "browser" ? names.map((name): Ask => ({ name, label: name, optional: true })) : [];
}

/** Saves a form, and waits for what is on the page that follows. */
export function save(label: IpressoLabels, then: string, ...shown: Label[]): Act[] {
  return [
    { act: "press", button: label("save") },
    { act: "shows", text: then, labels: shown },
  ];
}

/** A text of a step's input for people. What only an apply tells is shown by its address. */
export function shown(value: Value | undefined): string {
  if (typeof value === "object" && !Array.isArray(value) && "$ref" in value) {
    return `the name of ${(value as { $ref: { address: string } }).$ref.address}`;
  }
  return value === undefined || typeof value === "object" ? "" : String(value);
}

/** A text of a step's input. */
export function textOfInput(step: Step, name: string): string {
  return shown(step.input[name]);
}

/** The texts of a list in a step's input, or of what stands in a map there. */
export function textsOfInput(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.map(shown) : [];
}
