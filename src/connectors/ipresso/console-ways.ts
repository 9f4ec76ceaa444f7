import type { SystemConfig } from "../../manifest/manifest.ts";
import type { AttributeSchema } from "../../schema.ts";

/** How a console is made where the documents leave it open: what `console` of a system says. */
export const consoleWays = {
  settings: {
    type: "string",
    enum: ["page", "list"],
    default: "page",
    description: "Where the settings are: on a page of their own, or above the list of API users (IPR-24).",
  },
  different_token: {
    type: "string",
    enum: ["slider", "choice"],
    default: "slider",
    description: "How Authorization returns different token is set: on or off, or a choice of Yes and No (IPR-24).",
  },
  groups: {
    type: "string",
    enum: ["one", "several"],
    default: "one",
    description: "Whether the form of a user takes one group, or has a check box for each (IPR-14).",
  },
  group_actions: {
    type: "string",
    enum: ["buttons", "menu"],
    default: "buttons",
    description: "How a row of the list of groups offers edit and delete: buttons, or a menu as with users.",
  },
  addresses: {
    type: "string",
    enum: ["line", "lines"],
    default: "line",
    description: "How several allowed addresses are typed: with commas on one line, or one on each line (IPR-15).",
  },
  password_on_edit: {
    type: "string",
    enum: ["optional", "required"],
    default: "optional",
    description:
      "Whether the form of a user that exists can be saved without its password. `required`: Steward fills in the one that it set (IPR-07).",
  },
} as const satisfies Record<string, AttributeSchema>;

type Ways = { readonly [Name in keyof typeof consoleWays]: (typeof consoleWays)[Name]["enum"][number] };

/** The ways of one system, defaults filled in. */
export function waysOf({ settings }: Pick<SystemConfig, "settings">): Ways {
  const written = typeof settings.console === "object" && !Array.isArray(settings.console) ? settings.console : {};
  const defaults = Object.entries(consoleWays).map(([name, way]) => [name, way.default]);
  return { ...Object.fromEntries(defaults), ...written } as Ways;
}
