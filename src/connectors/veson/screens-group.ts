import type { Value } from "../../resource.ts";
import type { Act, Ask, Screen, ScreenField } from "../../screen.ts";
import { recordIn } from "../inputs.ts";
import type { VesonLabels } from "./labels.ts";
import {
  cannotSee,
  done,
  failed,
  fillActs,
  flagBox,
  flagFields,
  flagLabels,
  goToList,
  lookInto,
  notDone,
  observeScreen,
  openRow,
  role,
  type ScreenOf,
  save,
  shown,
  textOfInput,
} from "./screens.ts";

/** What is done about groups on the Security List. */

const groupFlags = ["inactive", "security_admin", "authentication_only"] as const;

/** Is it there? */
export const observeGroupScreen = observeScreen("group", "group_name");

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
    ...groupFlags.map((flag): Ask => ({ name: flag, label: label(flagLabels[flag]).text, choices: ["on", "off"] })),
  ];
  return {
    role,
    url: system.url,
    acts: [
      ...lookInto(label, name, "group", true),
      { act: "read", ask: "description", field: label("description"), silent: true },
      ...groupFlags.map(
        (flag): Act => ({ act: "read", ask: flag, field: flagBox(label, flag, "groupDetails"), silent: true }),
      ),
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
  const flags = flagFields(label, values, groupFlags, "groupDetails");
  return [...texts, ...flags];
}
