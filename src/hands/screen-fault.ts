import { Fault } from "../diagnostic.ts";
import { vendorMessageCharactersMax } from "../limits.ts";

/** What is said when a page is not as expected, in the same words whichever member of the port is used. */

/** Where a page is. */
export interface PageAddress {
  /** Without the query. */
  path: string;
  /** Address of the console, when there is one. */
  origin: string | undefined;
  /** Name of the configured system. */
  on: string | undefined;
}

/** A page as it looked when something was missed on it. */
export interface SeenPage extends PageAddress {
  heading: string | undefined;
  alerts: readonly string[];
}

/** What was looked for. */
export interface Sought {
  /** A role, or `field` for whatever can be filled in. */
  role: string;
  name: string;
  /** Header of the row that was searched; the whole page when absent. */
  row?: string;
}

const namesShownMax = 12;
const nameCharactersMax = 60;
/** Names of these are words of the screen. A cell can hold a key, so cells are only counted. */
const tellingRoles = new Set([
  ...["link", "button", "menuitem", "tab", "heading", "rowheader", "columnheader", "navigation", "field"],
  ...["textbox", "searchbox", "combobox", "checkbox", "term", "option", "region", "switch", "radiogroup"],
]);

/** Text of a page between quotes, on one line and cut. */
export function quoted(text: string, charactersMax = nameCharactersMax): string {
  const line = text.replace(/[\p{Cc}\p{Cf}]+/gu, " ");
  return `"${line.length > charactersMax ? `${line.slice(0, charactersMax)}…` : line}"`;
}

/** A Fault about what a screen shows or takes. Nothing was sent. */
export function screenFault({ on, origin, path }: PageAddress, message: string): Fault {
  return new Fault(message, {
    ...{ happened: "no", code: "screen", at: `${origin ?? ""}${path}`, ...(on === undefined ? {} : { on }) },
    remedy:
      "open the console and compare; what the manifest names and the console has not is mended in the manifest, and a label of Steward's that reads otherwise there is told to it with `screens:` of the system (steward console check)",
  });
}

/** The Fault for a control that is not there, or that is there `count` times. `names` are those of its role. Nothing was sent. */
export function notThereFault(page: SeenPage, sought: Sought, count: number, names: readonly string[]): Fault {
  const { role, name, row } = sought;
  const what = `${role} ${quoted(name)}`;
  const where = row === undefined ? `on ${describePage(page)}` : `in the row ${quoted(row)} of ${describePage(page)}`;
  const problem = count === 0 ? `there is no ${what}` : `there are ${count} of ${what}`;
  return screenFault(page, `${problem} ${where}${count === 0 ? `; ${sayThere(role, names)}` : ""}`);
}

/** The Fault for the sign-in page instead of what was asked for; it may stand on another site. */
export function signedOutFault({ on, origin, path }: PageAddress, elsewhere?: string): Fault {
  const where = elsewhere === undefined ? (path === "" ? "" : ` (${path})`) : ` at ${elsewhere}`;
  return new Fault(`the console asks to sign in${where}`, {
    ...{ happened: "no", code: "unauthorized", at: `${origin ?? ""}${path}`, ...(on === undefined ? {} : { on }) },
    remedy: "check the account that Steward signs in with, and whether it may see this page",
  });
}

function sayThere(role: string, names: readonly string[]): string {
  if (names.length === 0) return `there is no ${role} at all`;
  if (!tellingRoles.has(role)) return `there are ${names.length} of role ${role}`;
  const different = [...new Set(names)].filter((name) => name !== "");
  if (different.length === 0) return `there are ${names.length} of role ${role}, without a name`;
  const shown = different.slice(0, namesShownMax).map((name) => quoted(name));
  const more = different.length > shown.length ? ` and ${different.length - shown.length} more` : "";
  return `there is ${shown.join(", ")}${more}`;
}

/** The page by its heading, and what it says is wrong. */
function describePage({ heading, alerts, path }: SeenPage): string {
  const said = alerts.length === 0 ? "" : `, which says ${quoted(alerts.join("; "), vendorMessageCharactersMax)}`;
  return `${heading === undefined ? `the page ${path}` : `${quoted(heading)} (${path})`}${said}`;
}

/** Whether the console does not let one there, or has no way there. One that fails or asks for patience says neither. */
export function isBarred({ details: { code } }: Fault, status: number): boolean {
  return (code === "screen" || code === "refused") && status !== 429 && status < 500;
}
