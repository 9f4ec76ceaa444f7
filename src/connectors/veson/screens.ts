import type { SystemConfig } from "../../manifest/manifest.ts";
import { isRef, type Plain, type Value } from "../../resource.ts";
import type { Act, Ask, Label, ListScreen, Screen, ScreenField, ScreenResult } from "../../screen.ts";
import type { Step } from "../../step.ts";
import { expectOpened } from "../opened.ts";
import type { VesonLabel, VesonLabels } from "./labels.ts";

/** What the screens of all kinds have in common. */

/** How one operation is done, or looked at. */
export type ScreenOf = (label: VesonLabels, step: Step, system: SystemConfig) => Screen;

/** Who does everything (VES-01). Being made a Security Admin by a group is not enough to change other users. */
export const role = "an IMOS administrator who is a Security Admin by themselves";

export const done = (means: string, asks: Ask[] = []): ScreenResult => ({ result: "done", means, asks });
export const notDone: ScreenResult = { result: "not-done", means: "it is not done yet", asks: [] };
export const failed: ScreenResult = { result: "failed", means: "it cannot be done", asks: [] };
export const cannotSee: ScreenResult = { result: "cannot-see", means: "it cannot be seen", asks: [] };

export const note = (text: string): Act => ({ act: "note", text });

/** Flags of User Details and Group Details. External Access Only is one of users alone. */
export const flagLabels = {
  inactive: "inactive",
  security_admin: "securityAdmin",
  external_access_only: "externalAccessOnly",
  authentication_only: "authenticationOnly",
} as const satisfies Record<string, VesonLabel>;
type Flag = keyof typeof flagLabels;
export const flagNames = Object.keys(flagLabels) as Flag[];

/** The box of a flag. A group may be called as it is, and stands in another part of a user's panel (VES-10). */
export function flagBox(label: VesonLabels, name: Flag, part: FlagPart = "userDetails"): Label {
  return { ...label(flagLabels[name]), part: label(part) };
}

/** The part of a panel where its flags stand. */
type FlagPart = "userDetails" | "groupDetails";

/** The boxes of the flags that are to be on or off. */
export function flagFields(
  label: VesonLabels,
  values: Record<string, Value>,
  names: readonly Flag[],
  part?: FlagPart,
): ScreenField[] {
  return names.flatMap((name): ScreenField[] =>
    typeof values[name] === "boolean" ? [{ label: flagBox(label, name, part), value: values[name] }] : [],
  );
}

/** The Security List with everything that fits, the inactive ones too: by itself it shows only who is active (VES-10). */
function findIn(label: VesonLabels, text: string, type: "user" | "group" | "all"): Act[] {
  const filters = [
    { label: label("status"), value: label("all").text },
    { label: label("type"), value: label(type).text },
  ];
  return [goToList(label), { act: "search", field: label("search"), text, filters }];
}

/** To the Security List. */
export function goToList(label: VesonLabels): Act {
  return { act: "go", path: [label("mainMenu"), label("security")] };
}

/** All users and groups of the site. */
export function wholeList(label: VesonLabels, url: string): ListScreen {
  return { url, acts: findIn(label, "", "all"), next: label("next") };
}

/** From the main menu to the row of a user or a group. `ends`: where it is not there, that is the answer. */
export function findRow(label: VesonLabels, name: string, type: "user" | "group", ends = false): Act[] {
  return [
    ...findIn(label, name, type),
    { act: "look", row: name, next: label("next"), silent: true, ...(ends ? { ends } : {}) },
  ];
}

/** From the main menu to the open panel. `ends`: where the row is not there, that is the answer. */
export function lookInto(label: VesonLabels, name: string, type: "user" | "group", ends = false): Act[] {
  return [...findRow(label, name, type, ends), { act: "open", row: name }];
}

/** The same for whoever changes something there: only where it is the panel of this row (VES-22). */
export function openRow(label: VesonLabels, name: string, type: "user" | "group"): Act[] {
  return [...lookInto(label, name, type), expectOpened(nameField(label, type), name)];
}

/** Is it there? Asked of a person before anything is made; a browser sees the whole list. */
export function observeScreen(type: "user" | "group", identity: string): ScreenOf {
  return (label, step, { url }) => {
    const name = textOfInput(step, identity);
    return {
      ...{ role, url },
      acts: [...findRow(label, name, type), note(`Look whether ${name} is in the list. Change nothing.`)],
      results: [
        { result: "found", means: `${name} is in the list`, asks: [] },
        { result: "absent", means: `${name} is not in the list, not as an inactive one either`, asks: [] },
        cannotSee,
      ],
    };
  };
}

/** Where a panel shows whose it is. */
export function nameField(label: VesonLabels, type: "user" | "group"): Label {
  return label(type === "user" ? "userName" : "groupName");
}

/** A save, and nothing that says so: what confirms it is not documented. */
export const save = (label: VesonLabels): Act => ({ act: "press", button: label("save") });

/** Fields, and what must be seen before anything is changed. */
export function fillActs(fields: ScreenField[], before: { label: Label; value: string | boolean }[] = []): Act[] {
  const expected: Act[] = before.length > 0 ? [{ act: "expect", fields: before }] : [];
  return [...expected, ...(fields.length > 0 ? [{ act: "fill" as const, fields }] : [])];
}

/** A text of a step's input. What only an apply tells is shown by its address. */
export function shown(value: Value | Plain | undefined): string {
  if (isRef(value)) return `the name of ${value.$ref.address}`;
  return value === undefined || value === null ? "" : String(value);
}

/** A text of a step's input, by its name. */
export function textOfInput(step: Step, name: string): string {
  return shown(step.input[name]);
}

/** Names in a list of a step's input. */
export function namesOfInput(step: Step, name: string): string[] {
  const value = step.input[name];
  return Array.isArray(value) ? value.map(shown) : [];
}
