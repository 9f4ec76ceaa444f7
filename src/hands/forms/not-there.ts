import { Fault } from "../../diagnostic.ts";
import { vendorMessageCharactersMax } from "../../limits.ts";
import { type Element, textOf } from "./element.ts";
import { fieldRoles, nameOf, withRole } from "./page.ts";

/** What is said when a page is not as expected: what was looked for, and what was there instead. */

export interface Sought {
  /** A role, or `field` for whatever can be filled in. */
  role: string;
  name: string;
  /** The row or part that was searched; the whole page when absent. */
  within?: Element;
}

export interface PagePlace {
  page: Element;
  /** Without the query. */
  path: string;
  /** Address of the console, when there is one. */
  origin: string | undefined;
  /** Name of the configured system. */
  on: string | undefined;
}

const namesShownMax = 12;
const nameCharactersMax = 60;
/** Names of these are words of the screen. A cell can hold a key, so cells are only counted. */
const tellingRoles = new Set([
  ...["link", "button", "menuitem", "tab", "heading", "rowheader", "columnheader", "navigation", "field"],
  ...["textbox", "searchbox", "combobox", "checkbox", "term", "option", "region"],
]);

const quoted = (text: string, charactersMax = nameCharactersMax): string =>
  `"${text.length > charactersMax ? `${text.slice(0, charactersMax)}…` : text}"`;

function named(role: string, within: Element): Element[] {
  const roles = role === "field" ? fieldRoles : [role];
  return roles.flatMap((one) => withRole(within, one));
}

function whatIsThere({ role, within }: Sought, page: Element): string {
  const there = named(role, within ?? page);
  if (there.length === 0) return `there is no ${role} at all`;
  if (!tellingRoles.has(role)) return `there are ${there.length} of role ${role}`;
  const names = [...new Set(there.map(nameOf))].filter((name) => name !== "");
  const shown = names.slice(0, namesShownMax).map((name) => quoted(name));
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  return `there is ${shown.join(", ")}${more}`;
}

/** The page by its heading, and what it says is wrong. */
function describePage({ page, path }: PagePlace): string {
  const [heading] = withRole(page, "heading");
  const [alert] = withRole(page, "alert");
  const said = alert ? `, which says ${quoted(textOf(alert), vendorMessageCharactersMax)}` : "";
  return `${heading ? `${quoted(textOf(heading))} (${path})` : `the page ${path}`}${said}`;
}

/** The Fault for a control that is not there, or that is there `count` times. Nothing was sent. */
export function notThere(place: PagePlace, sought: Sought, count: number): Fault {
  const { role, name, within } = sought;
  const what = `${role} ${quoted(name)}`;
  const [header] = within ? withRole(within, "rowheader") : [];
  const where = header ? `in the row ${quoted(nameOf(header))} of ${describePage(place)}` : `on ${describePage(place)}`;
  const problem = count === 0 ? `there is no ${what}` : `there are ${count} of ${what}`;
  const there = count === 0 ? `; ${whatIsThere(sought, place.page)}` : "";
  return screenFault(place, `${problem} ${where}${there}`);
}

/** A Fault about what a screen shows or takes. Nothing was sent. */
export function screenFault({ on, origin, path }: Omit<PagePlace, "page">, message: string): Fault {
  return new Fault(message, {
    ...{ happened: "no", code: "screen", at: `${origin ?? ""}${path}`, ...(on === undefined ? {} : { on }) },
    remedy: "open the console and compare; a label that reads otherwise there belongs into schemas/SYSTEM/labels.json",
  });
}
