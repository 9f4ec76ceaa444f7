import type { Plain, Value } from "../../resource.ts";
import { isClear } from "../../resource.ts";
import { addressesIn, addressesText } from "./addresses.ts";
import type { IpressoLabel } from "./labels.ts";

/** The fields on the form of an API user beside login and password, in the order of the vendor's document. */

export const userFields = {
  name: "name",
  surname: "surname",
  email: "email",
  groups: "groupsOfUser",
  allowed_addresses: "allowedAddresses",
} as const satisfies Record<string, IpressoLabel>;

export type UserField = keyof typeof userFields;

/** The columns of the list that show them, where there are such (IPR-22). */
export const userColumns = {
  name: "nameColumn",
  surname: "surnameColumn",
  email: "emailColumn",
  groups: "groupsColumn",
  allowed_addresses: "addressesColumn",
} as const satisfies Record<UserField, IpressoLabel>;

export const userFieldNames = Object.keys(userFields) as UserField[];

/** What a field or a cell shows, in our words. Several groups stand between commas, or one on each line. */
export function fieldValue(field: UserField, text: string, groups: "one" | "several"): Plain {
  if (field === "allowed_addresses") return addressesIn(text);
  if (field !== "groups") return text === "" ? null : text;
  const names = groups === "several" ? text.split(/,|\n/) : [text];
  return names
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .sort();
}

/** What is typed for a value. Groups are chosen otherwise. */
export function typedText(field: Exclude<UserField, "groups">, value: Value, way: "line" | "lines"): string {
  if (field === "allowed_addresses") return addressesText(value, way);
  return isClear(value) ? "" : String(value);
}
