import type { Value } from "../../resource.ts";
import type { Act, Ask, Screen, ScreenField } from "../../screen.ts";
import { recordIn } from "../inputs.ts";
import type { VesonLabel, VesonLabels } from "./labels.ts";
import {
  cannotSee,
  done,
  failed,
  fillActs,
  findRow,
  goToList,
  lookInto,
  notDone,
  note,
  openRow,
  role,
  type ScreenOf,
  save,
  shown,
  textOfInput,
} from "./screens.ts";

/** What is done about groups on the Security List. */

const flagLabels = {
  inactive: "inactive",
  security_admin: "securityAdmin",
  authentication_only: "authenticationOnly",
} as const satisfies Record<string, VesonLabel>;
const flagNames = Object.keys(flagLabels) as (keyof typeof flagLabels)[];

export const observeGroupScreen: ScreenOf = (label, step, system) => {
  const name = textOfInput(step, "group_name");
  return {
    role,
    url: system.url,
    acts: [...findRow(label, name, "group"), note(`Look whether ${name} is in the list. Change nothing.`)],
    results: [
      { result: "found", means: `${name} is in the list`, asks: [] },
      { result: "absent", means: `${name} is not in the list, not as an inactive one either`, asks: [] },
      cannotSee,
    ],
  };
};

export const createGroupScreen: ScreenOf = (label, step, system) => {
  const settings = recordIn(step, "settings");
  const name = shown(settings.group_name);
  return {
    role,
    url: system.url,
    acts: [
      goToList(label),
      { act: "press", button: label("newGroup"), menu: label("add") },
      { act: "shows", labels: [label("groupDetails")], text: "A panel opens with empty fields" },
      ...fillActs([{ label: label("groupName"), value: name }, ...groupFields(label, settings)]),
      save(label),
    ],
    results: [
      done(`${name} is made`),
      { result: "found", means: `${name} was there already: nothing was changed`, asks: [] },
      notDone,
      failed,
    ],
  };
};

export const changeGroupScreen: ScreenOf = (label, step, system) => {
  const before = groupFields(label, recordIn(step, "before")).flatMap(({ label: one, value }) =>
    typeof value === "object" ? [] : [{ label: one, value }],
  );
  return {
    role,
    url: system.url,
    acts: [
      ...openRow(label, textOfInput(step, "group_name"), "group"),
      ...fillActs(groupFields(label, recordIn(step, "changes")), before),
      save(label),
    ],
    results: [done("it is saved"), notDone, failed],
  };
};

/** All that the panel of a group shows. */
export function groupPanel(label: VesonLabels, system: { url: string }, name: string): Screen {
  const asks: Ask[] = [
    { name: "description", label: label("description").text, optional: true },
    ...flagNames.map((flag): Ask => ({ name: flag, label: label(flagLabels[flag]).text, choices: ["on", "off"] })),
  ];
  return {
    role,
    url: system.url,
    acts: [
      ...lookInto(label, name, "group", true),
      { act: "read", ask: "description", field: label("description"), silent: true },
      ...flagNames.map((flag): Act => ({ act: "read", ask: flag, field: label(flagLabels[flag]), silent: true })),
    ],
    results: [
      { result: "found", means: `${name} is there, and this is what it shows`, asks },
      { result: "absent", means: `${name} is not there`, asks: [] },
      cannotSee,
    ],
  };
}

export const inspectGroupScreen: ScreenOf = (label, step, system) =>
  groupPanel(label, system, textOfInput(step, "group_name"));

function groupFields(label: VesonLabels, values: Record<string, Value>): ScreenField[] {
  const { description } = values;
  const isCleared = typeof description === "object" && "$clear" in description;
  const texts: ScreenField[] =
    description === undefined ? [] : [{ label: label("description"), value: isCleared ? "" : shown(description) }];
  const flags = flagNames.flatMap((name): ScreenField[] =>
    typeof values[name] === "boolean" ? [{ label: label(flagLabels[name]), value: values[name] }] : [],
  );
  return [...texts, ...flags];
}
