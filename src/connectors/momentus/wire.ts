import type { Actual, Plain, Value } from "../../resource.ts";
import { seenNow } from "../listing.ts";

/** How a field of the wire reads: text, `Y` or `N`, or a whole number. */
type FieldType = "text" | "flag" | "integer";
export type Fields = Readonly<Record<string, readonly [wire: string, type: FieldType]>>;
export type Row = Record<string, unknown>;

/** Our names of a user's attributes, and the wire's (MOM-15). */
export const userFields: Fields = {
  id: ["ID", "text"],
  display_name: ["DisplayName", "text"],
  organization: ["Organization", "text"],
  email: ["Email", "text"],
  login_id: ["LoginID", "text"],
  initials: ["Initials", "text"],
  group: ["Group", "text"],
  retired: ["Retire", "flag"],
  hold: ["Hold", "flag"],
  access_level: ["AccessLevel", "integer"],
  locked: ["Locked", "flag"],
  activation_status: ["ActivationStatus", "text"],
  password_established: ["PasswordEstablished", "flag"],
};

export const roleFields: Fields = {
  id: ["ID", "text"],
  display_name: ["DisplayName", "text"],
  access_level: ["AccessLevel", "integer"],
  access_level_default: ["AccessLevelDefault", "integer"],
};

export const userRoleFields: Fields = { user: ["User", "text"], role: ["Role", "text"] };

/** A row in our words. What the answer does not have at all cannot be seen; what it has empty is null. */
export function actualOf(fields: Fields, row: Row, id: string): Actual {
  const attributes: Record<string, Plain> = {};
  const unobservable: string[] = [];
  for (const [name, [wire, type]] of Object.entries(fields)) {
    attributes[name] = read(type, row[wire]);
    if (row[wire] === undefined) unobservable.push(name);
  }
  return seenNow(id, attributes, unobservable);
}

/** Attributes as a body. Nulls would be ignored (MOM-16), so none is ever sent. */
export function bodyOf(fields: Fields, attributes: Record<string, Value>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const [wire, type] = fields[name] ?? [];
    if (wire !== undefined) body[wire] = type === "flag" ? (value === true ? "Y" : "N") : value;
  }
  return body;
}

/** Text of a row, "" when there is none. */
export function textOf(row: Row, wire: string): string {
  const value = row[wire];
  return typeof value === "string" ? value : "";
}

/** IDs that differ only in letter case count as one (MOM-15). */
export function sameId(a: unknown, b: unknown): boolean {
  return String(a).toLowerCase() === String(b).toLowerCase();
}

function read(type: FieldType, value: unknown): Plain {
  if (type === "flag") return value === undefined ? null : value === "Y" || value === "y" || value === true;
  if (type === "integer") {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isSafeInteger(number) ? number : null;
  }
  return typeof value === "string" && value !== "" ? value : null;
}
