import type { Value } from "../../resource.ts";
import type { Act, Ask, Label, Screen, ScreenField, ScreenResult } from "../../screen.ts";
import type { Step } from "../../step.ts";
import { recordIn } from "../inputs.ts";
import { groupBox, type VesonLabel, type VesonLabels } from "./labels.ts";
import {
  cannotSee,
  done,
  failed,
  fillActs,
  flagBox,
  flagFields,
  flagNames,
  goToList,
  lookInto,
  namesOfInput,
  notDone,
  note,
  observeScreen,
  openRow,
  role,
  type ScreenOf,
  save,
  shown,
  textOfInput,
} from "./screens.ts";

/** What is done about users on the Security List, one function for each operation. */

/** Text fields of User Details, in the order of the document. */
const textLabels = {
  full_name: "fullName",
  initials: "initials",
  email: "email",
  phone: "phone",
} as const satisfies Record<string, VesonLabel>;
const textNames = Object.keys(textLabels) as (keyof typeof textLabels)[];

/** Attributes that stand on the tab Profile and can be changed there. */
export const profileNames: readonly string[] = [...textNames, "inactive", "external_access_only", "groups"];

/** Is it there? */
export const observeUserScreen = observeScreen("user", "user_name");

/** New User, with everything but its rights: External Access Only comes last (VES-11). */
export const createUserScreen: ScreenOf = (label, step, system) => {
  const settings = recordIn(step, "settings");
  const secret = { secret: "password" };
  const fields: ScreenField[] = [
    { label: label("userName"), value: shown(settings.user_name) },
    ...profileFields(label, settings),
    { label: label("password"), value: secret },
    { label: label("newPasswordConfirm"), value: secret },
  ];
  return {
    role,
    url: system.url,
    acts: [
      goToList(label),
      { act: "press", button: label("newUser"), menu: label("add") },
      { act: "shows", labels: [label("userDetails")], text: "A panel opens with empty fields" },
      ...fillActs(fields),
      note(
        `${label("externalAccessOnly").text} stays clear for now: rights can be set only while the user counts (VES-07).`,
      ),
      save(label),
      ...ifRefused(step),
    ],
    results: [
      done(`${shown(settings.user_name)} is made`),
      { result: "found", means: `${shown(settings.user_name)} was there already: nothing was changed`, asks: [] },
      notDone,
      failed,
    ],
  };
};

/** A license that was counted as free can be gone, or the count was wrong: the question before is answered anew (VES-09). */
function ifRefused({ hand, address, needs }: Step): Act[] {
  const question = `${address}/licenses`;
  if (hand !== "person" || !needs.includes(question)) return [];
  return [
    note(
      `Is the save refused because no license is free? Then tell that it is not done yet, and answer ${question} again: all licenses are taken.`,
    ),
  ];
}

/** Changes of the tab Profile, or of a flag alone. */
export const changeUserScreen: ScreenOf = (label, step, system) => {
  const name = textOfInput(step, "user_name");
  const before = profileFields(label, recordIn(step, "before")).flatMap(({ label: one, value }) =>
    typeof value === "object" ? [] : [{ label: one, value }],
  );
  return {
    role,
    url: system.url,
    acts: [
      ...(mayBeUnmade(step) ? rowOrNothing(label, name) : openRow(label, name, "user")),
      ...fillActs(profileFields(label, recordIn(step, "changes")), before),
      save(label),
      ...ifRefused(step),
    ],
    results: [done("it is saved"), ...(mayBeUnmade(step) ? [neverMade(name)] : []), notDone, failed],
  };
};

/** Who closes a user for somebody who stopped half-way cannot know whether it was made. A browser has looked. */
const mayBeUnmade = ({ hand, always }: Step): boolean => hand === "person" && always === true;
function rowOrNothing(label: VesonLabels, name: string): Act[] {
  const nothing = note(`Is ${name} not in the list? Then there is nothing to close: tell that.`);
  return openRow(label, name, "user").flatMap((act) => (act.act === "open" ? [nothing, act] : [act]));
}
const neverMade = (name: string): ScreenResult => {
  return { result: "absent", means: `there is no ${name}: it was never made`, asks: [] };
};

/** Another password, for users with IMOS Authentication. */
export const passwordScreen: ScreenOf = (label, step, system) => {
  const secret = { secret: "password" };
  const isRead = step.hand === "browser";
  return {
    role,
    url: system.url,
    acts: [
      ...openRow(label, textOfInput(step, "user_name"), "user"),
      { act: "press", button: label("changePassword") },
      ...fillActs([
        { label: label("newPassword"), value: secret },
        { label: label("confirm"), value: secret },
      ]),
      save(label),
      ...(isRead
        ? [{ act: "read" as const, ask: passwordStays, present: label("newPassword"), silent: true as const }]
        : []),
    ],
    results: [done("it is saved", isRead ? [{ name: passwordStays, label: passwordStays }] : []), notDone, failed],
  };
};

/** What a browser tells of a password: whether its fields are open after the save. */
export const passwordStays = "stays_open";

/** Deactivates somebody for a while, and gives it back (VES-08). Stop when it is somebody who must not be touched. */
export const parkScreen: ScreenOf = (label, step, system) => {
  const name = textOfInput(step, "user_name");
  const before = flagNames.map((flag) => ({ label: flagBox(label, flag), value: false }));
  return {
    role,
    url: system.url,
    acts: [
      ...openRow(label, name, "user"),
      note(`Tell ${name} first: they cannot work until the last step of this change is done.`),
      ...fillActs([{ label: flagBox(label, "inactive"), value: true }], before),
      save(label),
    ],
    results: [done(`${name} is inactive`), notDone, failed],
  };
};

export const unparkScreen: ScreenOf = (label, step, system) => {
  const name = textOfInput(step, "user_name");
  return {
    role,
    url: system.url,
    acts: [
      ...openRow(label, name, "user"),
      note(`Is ${name} active already, or changed by somebody else? Then change nothing, and go on.`),
      ...fillActs([{ label: flagBox(label, "inactive"), value: false }]),
      save(label),
    ],
    results: [
      done(`${name} is active again, or somebody else has changed them`),
      notDone,
      { result: "failed", means: `it cannot be done now: ${name} cannot work, and it is asked for again`, asks: [] },
    ],
  };
};

/** Whether all licenses are taken. A browser counts the rows of the list. */
export const licensesScreen: ScreenOf = (label, step, system) => {
  const limit = shown(step.input.limit);
  const of = limit === "" ? "the license limit of the site" : `the limit, which is ${limit}`;
  const exempt = `${label("externalAccessOnly").text} nor ${label("authenticationOnly").text}`;
  return {
    role,
    url: system.url,
    acts: [
      goToList(label),
      note(`Count the users who are active and neither ${exempt}, and compare with ${of}. Change nothing.`),
    ],
    results: [
      { result: "found", means: "a license is free", asks: [] },
      { result: "absent", means: "all licenses are taken", asks: [] },
      cannotSee,
    ],
  };
};

/** All that the panel of a user shows; of groups those that are named. */
export function userPanel(
  label: VesonLabels,
  system: { url: string },
  name: string,
  { groups, rights }: { groups: readonly string[]; rights: boolean },
): Screen {
  const boxes: [string, Label][] = [
    ...flagNames.map((flag): [string, Label] => [flag, flagBox(label, flag)]),
    ...groups.map((group, index): [string, Label] => [`group_${index}`, groupBox(label, group)]),
  ];
  const texts = textNames.map((text): [string, Label] => [text, label(textLabels[text])]);
  const asks = [
    ...texts.map(([ask]): Ask => ({ name: ask, label: ask, optional: true })),
    ...boxes.map(([ask]): Ask => ({ name: ask, label: ask, choices: ["on", "off"] })),
    { name: "has_token", label: "has_token", choices: ["on", "off"] },
    ...(rights ? rightAsks(label) : []),
  ];
  return {
    role,
    url: system.url,
    acts: [
      ...lookInto(label, name, "user", true),
      ...[...texts, ...boxes].map(([ask, field]): Act => ({ act: "read", ask, field, silent: true })),
      { act: "read", ask: "has_token", present: label("clearToken"), silent: true },
      ...(rights ? [goToRights(label), ...readRights(label)] : []),
    ],
    results: [
      { result: "found", means: `${name} is there, and this is what it shows`, asks },
      { result: "absent", means: `${name} is not there`, asks: [] },
      cannotSee,
    ],
  };
}

/** Names of rights as the screen says them, and that of a right which does not show. */
export const rightWords = {
  delete: "rightDelete",
  write: "rightWrite",
  read: "rightRead",
  denied: "rightDenied",
  none: "rightNone",
  mixed: "rightMixed",
} as const satisfies Record<string, VesonLabel>;
export const notShown = "not shown";

/** Labels of the API permissions, with the control that opens the menu beside each. */
export const rightLabels = {
  read: { box: "apiRead", menu: "rightsOfApiRead" },
  write: { box: "apiWrite", menu: "rightsOfApiWrite" },
  imos_message: { box: "apiImosMessage", menu: "rightsOfApiImosMessage" },
} as const satisfies Record<string, { box: VesonLabel; menu: VesonLabel }>;

/** To the API permissions of an open panel. */
export function goToRights(label: VesonLabels): Act {
  return { act: "go", path: [label("accessRights"), label("expandVeslink")] };
}

/** What each API permission shows, in words: the look of a right selector alone does not tell a grant from a denial (VES-06). */
export function readRights(label: VesonLabels): Act[] {
  const words = Object.fromEntries(Object.entries(rightWords).map(([word, key]) => [word, label(key)]));
  return Object.entries(rightLabels).map(([name, { box }]) => {
    return { act: "read", ask: `api_${name}`, inRow: label(box).text, missing: notShown, words, silent: true };
  });
}

/** What is told of each API permission. */
export function rightAsks(label: VesonLabels): Ask[] {
  return Object.entries(rightLabels).map(([name, { box }]) => {
    return { name: `api_${name}`, label: label(box).text, choices: [...Object.keys(rightWords), notShown] };
  });
}

/** Fields of the tab Profile. Of groups only those that are named, with whether the user belongs to them. */
function profileFields(label: VesonLabels, values: Record<string, Value>): ScreenField[] {
  const texts = textNames.flatMap((name): ScreenField[] =>
    name in values ? [{ label: label(textLabels[name]), value: clearedOr(values[name]) }] : [],
  );
  const flags = flagFields(label, values, flagNames);
  const boxes = (list: Value | undefined, value: boolean): ScreenField[] =>
    (Array.isArray(list) ? list : []).map((name) => ({ label: groupBox(label, shown(name)), value }));
  return [...texts, ...flags, ...boxes(values.groups, true), ...boxes(values.groups_left, false)];
}

function clearedOr(value: Value | undefined): string {
  return typeof value === "object" && value !== null && "$clear" in value ? "" : shown(value);
}

/** Users whom a person looks at again. */
export const inspectUserScreen: ScreenOf = (label, step, system) =>
  userPanel(label, system, textOfInput(step, "user_name"), { groups: namesOfInput(step, "groups"), rights: true });
