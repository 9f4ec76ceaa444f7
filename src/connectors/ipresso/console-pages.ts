import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Act, Label, ListRow } from "../../screen.ts";
import type { ConsoleView } from "../console.ts";
import { bookOf } from "../labels.ts";
import { waysOf } from "./console-ways.ts";
import { areas, type IpressoLabels, verbs } from "./labels.ts";
import { boxOf } from "./permissions.ts";
import { toGroups, toUsers } from "./screens.ts";
import { lookIntoRow, slider, toSettings } from "./screens-look.ts";

/**
 * The pages that `console check` walks through: the lists, the settings, and the forms of what is new or there already, which are
 * looked at and left. Nothing counts there before Save, which is not pressed (API Users, API Users Groups).
 */
export function ipressoPages(all: readonly Label[], label: IpressoLabels, system: SystemConfig): ConsoleView[] {
  const seen = bookOf(all);
  const many = (...keys: string[]): Label[] => keys.map(seen);
  const [, ...toSection] = many("modules", "system", "systemAccesses", "apiUsersSection");
  return [
    {
      ...{ name: "module System", url: system.url },
      acts: [{ act: "go", path: [label("modules"), label("system"), label("systemAccesses")] }],
      shows: [label("modules"), ...toSection, ...many("signOut")],
    },
    ...userPages(many, label, system),
    ...groupPages(many, label, system),
    {
      ...{ name: "API Users - Settings", url: system.url, acts: toSettings(label, system) },
      shows: [...settingsHeading(many, system), ...many("apiKey", "validity"), slider(label), label("save")],
      // A list has its words only once it is open.
      perhaps: many("yes", "no"),
    },
  ];
}

type Many = (...keys: string[]) => Label[];

/** The link that leads to the page of the settings, or what stands over them in the list of users. */
function settingsHeading(many: Many, system: SystemConfig): Label[] {
  if (waysOf(system).settings === "page") return many("settingsHeading", "cancel");
  return many("settings").map((one) => ({ ...one, role: "heading" }));
}

const userFields = ["login", "password", "name", "surname", "email", "allowedAddresses", "save", "cancel"] as const;
const columns = ["nameColumn", "surnameColumn", "emailColumn", "groupsColumn", "addressesColumn"] as const;
const turns = ["search", "previous", "next"] as const;

function userPages(many: Many, label: IpressoLabels, system: SystemConfig): ConsoleView[] {
  const { url } = system;
  const isSeveral = waysOf(system).groups === "several";
  const groups = isSeveral ? { ...label("groupsOfUser"), role: "group" } : label("groupsOfUser");
  const acts = [toUsers(label)];
  const menu = label("moreOptions");
  return [
    {
      ...{ name: "API Users", url, acts },
      shows: many("apiUsers", "userGroups", "loginColumn", "actions", "addUser"),
      // Of the columns only Actions is documented, and a list of one page is not turned.
      perhaps: many(...columns, ...turns),
      first: {
        acts: ({ header }: ListRow) => [{ act: "press", button: menu, row: header }],
        shows: many("editUser", "deleteUser"),
      },
    },
    {
      name: "API Users, its second page",
      url,
      acts: [...acts, onto(label("next"))],
      shows: [],
      perhaps: many(...turns),
    },
    {
      ...{ name: "Add an API user", url, acts: [...acts, { act: "go", path: [label("addUser")] }] },
      shows: [...many("addUserHeading", ...userFields), groups],
    },
    {
      ...{ name: "Form of an API user", url, acts, shows: [] },
      first: {
        acts: ({ header }: ListRow) => [{ act: "open", row: header, by: label("editUser"), menu }],
        shows: [...many("editUserHeading", ...userFields), groups],
      },
    },
  ];
}

function groupPages(many: Many, label: IpressoLabels, system: SystemConfig): ConsoleView[] {
  const { url } = system;
  const acts = [toGroups(label)];
  const isMenu = waysOf(system).group_actions === "menu";
  const boxes = verbs.flatMap((verb) => areas.map((area) => boxOf(label, `${verb} ${area}`)));
  const form = many("groupName", "permissions", "get", "post", "put", "delete", "save", "cancel");
  return [
    {
      ...{ name: "User groups", url, acts, shows: many("groupNameColumn", "addGroup"), perhaps: many("usersColumn") },
      first: { acts: () => [], shows: isMenu ? many("moreOptions") : many("editGroup", "deleteGroup") },
    },
    {
      ...{ name: "Add a user group", url, acts: [...acts, { act: "go", path: [label("addGroup")] }] },
      shows: [...many("addGroupHeading"), ...form],
      // Which accesses there are is not documented (IPR-13).
      perhaps: boxes,
    },
    {
      ...{ name: "Form of a user group", url, acts, shows: [] },
      first: {
        acts: ({ header }: ListRow) => lookIntoRow(label, system, header),
        shows: [...many("editGroupHeading"), ...form],
      },
    },
  ];
}

/** Turns the page where there is another one. */
const onto = (button: Label): Act => ({ act: "press", button, optional: true });
