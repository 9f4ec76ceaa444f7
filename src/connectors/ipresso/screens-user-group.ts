import type { Act, Ask, ScreenField } from "../../screen.ts";
import type { Step } from "../../step.ts";
import { recordIn } from "../inputs.ts";
import { waysOf } from "./console-ways.ts";
import type { IpressoLabels } from "./labels.ts";
import { boxOf } from "./permissions.ts";
import {
  administrator,
  asksAfter,
  cannotSee,
  failed,
  findRow,
  notDone,
  type ScreenOf,
  save,
  seen,
  seenAfter,
  seenBefore,
  seenRow,
  shown,
  textOfInput,
  textsOfInput,
  toGroups,
} from "./screens.ts";
import { openGroup, openRow, readPermissions } from "./screens-look.ts";

/** What is done about a group at the subsection User groups, one function for each operation. */

/** Several permissions are told on one line, with commas between. */
export const askPermissionsTold: Ask = {
  name: "permissions",
  label: "Permissions that are on, with commas between them, such as GET contact, POST contact",
  optional: true,
};

/** Is it there? Asked only of people: for a browser the list says it. */
export const observeGroupScreen: ScreenOf = (label, step, system) => {
  const name = textOfInput(step, "name");
  return {
    role: administrator,
    url: system.url,
    acts: [
      toGroups(label),
      { act: "note", text: `Look on every page of the list whether ${name} is there. Change nothing.` },
      { act: "look", row: name, next: label("next"), silent: true },
    ],
    results: [
      { result: "found", means: `${name} is in the list`, asks: [] },
      { result: "absent", means: `${name} is not in the list`, asks: [] },
      cannotSee,
    ],
  };
};

/** A new form has no permission on; what is declared is switched on. */
export const createGroupScreen: ScreenOf = (label, step, system) => {
  const name = textOfInput(step, "name");
  return {
    role: administrator,
    url: system.url,
    acts: [
      toGroups(label),
      { act: "press", button: label("addGroup") },
      { act: "shows", text: "An empty form opens", labels: [label("groupName"), label("permissions")] },
      {
        act: "fill",
        fields: [{ label: label("groupName"), value: name }, ...boxes(label, step.input.permissions, true)],
      },
      ...save(label, "The group is in the list", label("addGroup")),
      ...seenRow(label, step, label("groupNameColumn"), name),
    ],
    results: [
      { result: "done", means: `${name} is made`, asks: asksAfter(step, [seen]) },
      { result: "found", means: `${name} was there already: nothing was changed`, asks: [] },
      notDone,
      failed,
    ],
  };
};

/** Copies what is there; nothing is changed. */
export const adoptGroupScreen: ScreenOf = (label, step, system) => ({
  role: administrator,
  url: system.url,
  acts: [
    ...openGroup(label, system, textOfInput(step, "name")),
    { act: "shows", text: "It shows its permissions as they are", labels: [label("permissions")] },
    { act: "note", text: "Change nothing. Note every permission that is on." },
    readPermissions(label),
  ],
  results: [{ result: "done", means: "this is what it shows", asks: [askPermissionsTold] }, notDone, failed],
});

/** Opens the group, and changes what is to be changed. */
export const changeGroupScreen: ScreenOf = (label, step, system) => {
  const { name: renamed } = recordIn(step, "changes");
  const name = textOfInput(step, "name");
  const after = renamed === undefined ? name : shown(renamed);
  const { added, removed } = switched(step);
  const before = [
    ...(renamed === undefined ? [] : [{ label: label("groupName"), value: name }]),
    ...added.map((one) => ({ label: boxOf(label, one), value: false })),
    ...removed.map((one) => ({ label: boxOf(label, one), value: true })),
  ];
  const fields: ScreenField[] = [
    ...(renamed === undefined ? [] : [{ label: label("groupName"), value: shown(renamed) }]),
    ...boxes(label, added, true),
    ...boxes(label, removed, false),
  ];
  return {
    role: administrator,
    url: system.url,
    acts: [
      ...openGroup(label, system, name),
      ...seenBefore(before),
      { act: "fill", fields },
      ...save(label, "The group is in the list", label("addGroup")),
      ...seenAfter(step, [...openRow(label, system, after), { ...readPermissions(label), ask: seen }]),
    ],
    results: [{ result: "done", means: "it is saved", asks: asksAfter(step, [seen]) }, notDone, failed],
  };
};

/** Deletes the group. Whether a window asks first is not documented (IPR-26). */
export const deleteGroupScreen: ScreenOf = (label, step, system) => {
  const name = textOfInput(step, "name");
  const isMenu = waysOf(system).group_actions === "menu";
  const press: Act = isMenu
    ? { act: "press", row: name, menu: label("moreOptions"), button: label("deleteUser") }
    : { act: "press", row: name, button: label("deleteGroup") };
  return {
    role: administrator,
    url: system.url,
    acts: [
      toGroups(label),
      { act: "note", text: `${name} cannot be had again, and cannot be deleted while it has a user (IPR-11).` },
      findRow(label, name),
      press,
      { act: "prompt", heading: label("deleteGroupHeading"), fields: [], button: label("confirm") },
      { act: "shows", text: "The group is not in the list any more", labels: [label("addGroup")] },
      ...seenRow(label, step, label("groupNameColumn"), name),
    ],
    results: [{ result: "done", means: `${name} is gone`, asks: asksAfter(step, [seen]) }, notDone, failed],
  };
};

/** Permissions that a change switches on, and those that it switches off. */
function switched({ input }: Step): { added: string[]; removed: string[] } {
  const { permissions } = recordIn({ input }, "changes");
  if (permissions === undefined) return { added: [], removed: [] };
  const [after, before] = [textsOfInput(permissions), textsOfInput(input.permissions_before)];
  return {
    added: after.filter((one) => !before.includes(one)),
    removed: before.filter((one) => !after.includes(one)),
  };
}

function boxes(label: IpressoLabels, permissions: Step["input"][string] | undefined, value: boolean): ScreenField[] {
  return textsOfInput(permissions).map((permission) => ({ label: boxOf(label, permission), value }));
}
