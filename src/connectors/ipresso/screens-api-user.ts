import { isClear, type Value } from "../../resource.ts";
import type { Act, Label, ScreenField } from "../../screen.ts";
import type { Step } from "../../step.ts";
import { recordIn } from "../inputs.ts";
import { passwordSecret } from "../password.ts";
import { isEverywhere } from "./addresses.ts";
import { typedText, type UserField, userColumns, userFieldNames, userFields } from "./api-user-fields.ts";
import { waysOf } from "./console-ways.ts";
import type { IpressoLabels } from "./labels.ts";
import {
  administrator,
  asksAfter,
  cannotSee,
  failed,
  findRow,
  goneWord,
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
  toUsers,
} from "./screens.ts";
import { askField, openUser, readFields } from "./screens-look.ts";

/** What is done about an API user at the subsection API Users, one function for each operation. */

/** Is it there? Asked only of people: for a browser the list says it. */
export const observeUserScreen: ScreenOf = (label, step, system) => {
  const [login, email] = [textOfInput(step, "login"), textOfInput(step, "email")];
  return {
    role: administrator,
    url: system.url,
    acts: [
      toUsers(label),
      { act: "note", text: `Look on every page of the list whether ${login} is there. Change nothing.` },
      {
        act: "note",
        text: `Has another user the e-mail address ${email}? Then it cannot be made: cannot-see (IPR-05).`,
      },
      { act: "look", row: login, next: label("next"), silent: true },
    ],
    results: [
      { result: "found", means: `${login} is in the list`, asks: [] },
      { result: "absent", means: `neither ${login} nor ${email} is in the list`, asks: [] },
      cannotSee,
    ],
  };
};

/** Adds the user. Steward chose its password, or the manifest says where it lies. */
export const createUserScreen: ScreenOf = (label, step, system) => {
  const fields = recordIn(step, "fields");
  const login = textOfInput(step, "login");
  return {
    role: administrator,
    url: system.url,
    acts: [
      toUsers(label),
      { act: "press", button: label("addUser") },
      { act: "shows", text: "An empty form opens", labels: [label("login"), label("password")] },
      { act: "fill", fields: [{ label: label("login"), value: login }, password(label)] },
      ...fillActs(label, step, system, fields),
      ...save(label, "The user is in the list", label("addUser")),
      ...seenRow(label, step, label("loginColumn"), login),
    ],
    results: [
      { result: "done", means: `${login} is made`, asks: asksAfter(step, [seen]) },
      { result: "found", means: `${login} was there already: nothing was changed`, asks: [] },
      notDone,
      failed,
    ],
  };
};

/** Copies what is there; nothing is changed. */
export const adoptUserScreen: ScreenOf = (label, step, system) => ({
  role: administrator,
  url: system.url,
  acts: [
    ...openUser(label, textOfInput(step, "login")),
    { act: "note", text: "Change nothing. The password is not shown and not asked for (IPR-07)." },
    ...readFields(label, system),
  ],
  results: [
    { result: "done", means: "this is what it shows", asks: userFieldNames.map((field) => askField(label, field)) },
    notDone,
    failed,
  ],
});

/** Opens the user, and changes what is to be changed. */
export const changeUserScreen: ScreenOf = (label, step, system) => {
  const changes = recordIn(step, "changes");
  const before = recordIn(step, "before");
  const { login } = changes;
  const { groups: way } = waysOf(system);
  const known = Object.entries(before).flatMap(([name, value]) => {
    if (name === "groups" && way === "several") return [];
    const control = name === "login" ? label("login") : label(userFields[name as UserField]);
    return typeof value === "string" ? [{ label: control, value }] : [];
  });
  const renamed: ScreenField[] = login === undefined ? [] : [{ label: label("login"), value: shown(login) }];
  // Where the form wants the password each time, it gets the one that Steward set (IPR-07).
  const wanted = step.input[passwordSecret] === undefined ? [] : [password(label)];
  const first = [...renamed, ...wanted];
  const changed = userFieldNames.filter((name) => changes[name] !== undefined);
  return {
    role: administrator,
    url: system.url,
    acts: [
      ...openUser(label, textOfInput(step, "login")),
      ...seenBefore(known),
      ...(first.length > 0 ? [{ act: "fill" as const, fields: first }] : []),
      ...fillActs(label, step, system, changes),
      ...save(label, "The user is in the list", label("addUser")),
      ...seenFields(label, step, login === undefined ? textOfInput(step, "login") : shown(login), changed),
    ],
    results: [{ result: "done", means: "it is saved", asks: asksAfter(step, [seen, ...changed]) }, notDone, failed],
  };
};

/** Sets another password. Whatever authorizes with the former one stops. */
export const passwordScreen: ScreenOf = (label, step, system) => ({
  role: administrator,
  url: system.url,
  acts: [
    ...openUser(label, textOfInput(step, "login")),
    { act: "note", text: "Change nothing but the password. Whatever authorizes with the former one stops." },
    { act: "fill", fields: [password(label)] },
    ...save(label, "The user is in the list", label("addUser")),
  ],
  results: [{ result: "done", means: "the password is set", asks: [] }, notDone, failed],
});

/** Deletes the user; a window asks first, and its words are not documented (IPR-09, IPR-26). */
export const deleteUserScreen: ScreenOf = (label, step, system) => {
  const login = textOfInput(step, "login");
  return {
    role: administrator,
    url: system.url,
    acts: [
      toUsers(label),
      { act: "note", text: `${login} cannot use the API from then on (IPR-09).` },
      findRow(label, login),
      { act: "press", row: login, menu: label("moreOptions"), button: label("deleteUser") },
      { act: "prompt", heading: label("deleteUserHeading"), fields: [], button: label("confirm") },
      { act: "shows", text: "The user is not in the list any more", labels: [label("addUser")] },
      ...seenRow(label, step, label("loginColumn"), login),
    ],
    results: [{ result: "done", means: `${login} is gone`, asks: asksAfter(step, [seen]) }, notDone, failed],
  };
};

/** What the row shows of what was changed. A column that is not there shows nothing. */
function seenFields(label: IpressoLabels, step: Step, login: string, changed: readonly UserField[]): Act[] {
  const reads = changed.map((name): Act => {
    const column = label(userColumns[name]);
    return { act: "read", ask: name, column, row: login, missing: goneWord, silent: true };
  });
  return [...seenRow(label, step, label("loginColumn"), login), ...seenAfter(step, reads)];
}

const password = (label: IpressoLabels): ScreenField => ({
  label: label("password"),
  value: { secret: passwordSecret },
});

type System = Parameters<ScreenOf>[2];

/** Fields in the order of the vendor's document. Everywhere is an empty field (IPR-08), said to people in words. */
function fillActs(label: IpressoLabels, step: Step, system: System, values: Record<string, Value>): Act[] {
  const ways = waysOf(system);
  const fields = userFieldNames.flatMap((name): ScreenField[] => {
    const value = values[name];
    if (value === undefined) return [];
    if (name === "groups") return groupFields(label, step, value, ways.groups);
    return [{ label: label(userFields[name]), value: typedText(name, value, ways.addresses) }];
  });
  const everywhere = values.allowed_addresses !== undefined && isEverywhere(values.allowed_addresses);
  const text = `${label("allowedAddresses").text} stays empty: everywhere is allowed (IPR-08)`;
  return [
    ...(fields.length > 0 ? [{ act: "fill" as const, fields }] : []),
    ...(everywhere ? [{ act: "note" as const, text }] : []),
  ];
}

/** One group is chosen; of several each has a check box (IPR-14). */
function groupFields(label: IpressoLabels, step: Step, value: Value, way: "one" | "several"): ScreenField[] {
  const control = label(userFields.groups);
  const wanted = isClear(value) ? [] : textsOfInput(value);
  if (way === "one") return wanted.slice(0, 1).map((name) => ({ label: control, value: name }));
  const box = (name: string): Label => ({ ...control, text: name, role: "checkbox", mark: "assumed" });
  const removed = textsOfInput(step.input.groups_before).filter((name) => !wanted.includes(name));
  return [
    ...wanted.map((name) => ({ label: box(name), value: true })),
    ...removed.map((name) => ({ label: box(name), value: false })),
  ];
}
