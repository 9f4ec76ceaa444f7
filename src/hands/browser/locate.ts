import type { Locator, Page } from "playwright-core";
import type { Control } from "../console.ts";

/** Controls on a page of a browser: by accessible role and whole name, never by how the page is built. */

const fieldRoles = [
  ...["textbox", "searchbox", "combobox", "checkbox", "switch"],
  ...["spinbutton", "radiogroup", "listbox"],
] as const;

type Role = Parameters<Page["getByRole"]>[0];

/** Everything that a control's words fit, on a page or within a part of it. */
export function locate(scope: Page | Locator, { role, text }: Control): Locator {
  const named = (one: string): Locator => scope.getByRole(one as Role, { name: text, exact: true });
  if (role === "term") return scope.getByRole("term").filter({ hasText: wholeText(text) });
  if (role !== "field") return named(role);
  const [first, ...others] = fieldRoles;
  return others.reduce((found, one) => found.or(named(one)), named(first));
}

/** Whatever is one of these. */
export function locateAny(scope: Page | Locator, [first, ...others]: readonly [Control, ...Control[]]): Locator {
  return others.reduce((found, one) => found.or(locate(scope, one)), locate(scope, first));
}

/** What its words are, as a term has no name of its own. */
function wholeText(text: string): RegExp {
  const words = text.trim().split(/\s+/);
  return new RegExp(`^\\s*${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+")}\\s*$`);
}

/** The rows that a row header names. */
export function locateRow(scope: Page | Locator, page: Page, name: string): Locator {
  return scope.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
}

/** `- role "name" [state]: text` of an accessibility snapshot; the line is quoted as a whole where YAML needs it. */
const snapshotLine = /^\s*- '?([a-z]+)(?: "((?:[^"\\]|\\.)*)")?/;

/** Names of the check boxes that are on, or of all, as a person hears them. */
export async function tickedIn(scope: Locator, isAll: boolean): Promise<string[]> {
  const snapshot = await scope.ariaSnapshot();
  return snapshot.split("\n").flatMap((line) => {
    const [all = "", role, name] = snapshotLine.exec(line) ?? [];
    const isMeant = role === "checkbox" && (isAll || line.slice(all.length).startsWith(" [checked]"));
    return isMeant && name !== undefined ? [unquoted(name)] : [];
  });
}

const unquoted = (name: string): string => name.replace(/\\(.)/g, "$1").replaceAll("''", "'");

/** Names of everything with this role. Values are left out: a snapshot shows them, and they may be secrets. */
export async function namesOf(scope: Locator, role: string): Promise<string[]> {
  const roles: readonly string[] = role === "field" ? fieldRoles : [role];
  const snapshot = await scope.ariaSnapshot();
  return snapshot.split("\n").flatMap((line) => {
    const [, found, name = ""] = snapshotLine.exec(line) ?? [];
    return found !== undefined && roles.includes(found) ? [unquoted(name)] : [];
  });
}
