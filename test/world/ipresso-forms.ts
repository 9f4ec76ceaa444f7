import type { IpressoSettings } from "../../src/simulators/ipresso/options.ts";

/** Consoles as they may be made where no document says it: what the simulator is told, and what the manifest says. */
export interface ConsoleForm {
  name: string;
  simulator: Partial<IpressoSettings>;
  /** Lines of the system. */
  system: string[];
  /** Whether a user may be in several groups. */
  several: boolean;
}

/** The usual form. */
export const usualForm: ConsoleForm = { name: "the usual console", simulator: {}, system: [], several: false };

export const consoleForms: readonly ConsoleForm[] = [
  usualForm,
  {
    name: "a console of choices, menus and short lists",
    simulator: {
      ...{ settingsPlace: "list", differentTokenControl: "choice", groupsPerUser: "several", addressesField: "lines" },
      ...{ groupActions: "menu", listColumns: "narrow", emptyPasswordOnEdit: "refused", groupDeletionAsks: false },
      consolePageSize: 2,
    },
    system: [
      "console: { settings: list, different_token: choice, groups: several, group_actions: menu, addresses: lines, password_on_edit: required }",
    ],
    several: true,
  },
  {
    name: "a console with a switch that counts at once, and a second factor",
    simulator: { differentTokenControl: "switch", signInMode: "mfa", consolePageSize: 3 },
    system: [],
    several: false,
  },
];
