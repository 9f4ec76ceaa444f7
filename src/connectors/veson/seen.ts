import type { Actual, Plain } from "../../resource.ts";
import type { ListRow } from "../../screen.ts";
import { seenNow } from "../listing.ts";
import type { VesonLabel, VesonLabels } from "./labels.ts";

/** What the console shows of users and groups, in the words of our schemas. */

/** API permissions from the weakest to the strongest; each includes those before it (VES-15). */
export const permissions = ["read", "write", "imos_message"] as const;
export type Permission = (typeof permissions)[number];

/** A user or a group as far as it was seen: what no column or field showed is not there. */
export type Seen = Record<string, Plain>;

interface SeenRow {
  isUser: boolean;
  attributes: Seen;
}

/** Columns of flags, by our attribute. Only Name and Status are printed anywhere, so each may be missing (VES-10). */
const flagColumns: Readonly<Record<string, VesonLabel>> = {
  security_admin: "securityAdmin",
  external_access_only: "externalAccessOnly",
  authentication_only: "authenticationOnly",
  has_token: "apiToken",
};

/** One row of the Security List. `groups` are the names of all groups of the list. */
export function seenRow(label: VesonLabels, row: ListRow, groups: readonly string[]): SeenRow {
  const cell = (key: VesonLabel): string | undefined => row.cells[label(key).text];
  const isUser = cell("type") !== label("group").text;
  const attributes: Seen = { inactive: cell("status") !== label("active").text };
  for (const [name, key] of Object.entries(flagColumns)) {
    const said = cell(key);
    if (said === label("yes").text || said === label("no").text) attributes[name] = said === label("yes").text;
  }
  const fullName = cell("fullName");
  if (!isUser) {
    const { has_token: _token, external_access_only: _external, ...own } = attributes;
    const description = fullName === undefined ? {} : { description: fullName || null };
    return { isUser, attributes: { ...own, group_name: row.header, ...description } };
  }
  attributes.user_name = row.header;
  if (fullName !== undefined) attributes.full_name = fullName || null;
  const email = cell("email");
  if (email !== undefined) attributes.email = email || null;
  const memberships = cell("groupMembership");
  if (memberships !== undefined) attributes.groups = namesIn(memberships, groups);
  return { isUser, attributes };
}

/** A name may hold the comma that stands between names. */
function namesIn(text: string, names: readonly string[]): string[] {
  return names.filter((name) => `, ${text}, `.includes(`, ${name}, `)).sort();
}

/** Attributes that were seen, as an object of its kind. */
export function actualOf(attributes: Seen, identity: "user_name" | "group_name"): Actual {
  return seenNow(String(attributes[identity]), attributes, ["password"]);
}

/** Whether a user takes a license; undefined where it was not seen (VES-09). A group can make its members not count. */
export function takesLicense(user: Seen, groups: readonly Seen[]): boolean | undefined {
  if (user.inactive === true) return false;
  const flags = [user.external_access_only, user.authentication_only];
  if (flags.includes(true)) return false;
  const own = Array.isArray(user.groups) ? user.groups : undefined;
  const isExempt = groups.some(({ group_name: name, authentication_only: only }) => {
    return only === true && own?.includes(name ?? null);
  });
  if (isExempt) return false;
  const isKnown = !flags.includes(undefined as never) && own !== undefined;
  return isKnown && groups.every((group) => group.authentication_only !== undefined) ? true : undefined;
}

/** Whether a user is a Security Admin, by itself or by a group; undefined where it was not seen. */
export function isSecurityAdmin(user: Seen, groups: readonly Seen[]): boolean | undefined {
  if (user.security_admin === true) return true;
  const own = Array.isArray(user.groups) ? user.groups : undefined;
  const found = groups.filter(({ group_name: name }) => own?.includes(name ?? null));
  if (found.some((group) => group.security_admin === true)) return true;
  const isKnown = user.security_admin === false && own !== undefined;
  return isKnown && found.every((group) => group.security_admin === false) ? false : undefined;
}
