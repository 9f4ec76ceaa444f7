import type { Plain, Value } from "../../resource.ts";
import { textsIn } from "./addresses.ts";
import { fieldValue, userFieldNames } from "./api-user-fields.ts";

/** What people tell, in our words. Lists are told with commas between. */

type Fields = Readonly<Record<string, string>>;

/** What was told of a group. */
export function permissionsTold({ permissions = "" }: Fields): Record<string, Plain> {
  const told = permissions.split(/[,\n]/).map((one) => one.trim());
  return { permissions: told.filter((one) => one !== "").sort() };
}

/** What was told of a user. */
export function fieldsTold(fields: Fields): Record<string, Plain> {
  return Object.fromEntries(userFieldNames.map((field) => [field, fieldValue(field, fields[field] ?? "", "several")]));
}

/** What was told, or read, of the settings. */
export function settingsTold({ validity_seconds: validity = "", returns_different_token: different }: Fields) {
  const seconds = Number(validity);
  return {
    validity_seconds: /^\d+$/.test(validity) && Number.isSafeInteger(seconds) ? seconds : null,
    returns_different_token: different === undefined ? null : different === "on",
  };
}

/** Whether two lists hold the same, in whatever order. */
export function sameTexts(a: Plain | Value | undefined, b: Plain | Value | undefined): boolean {
  return JSON.stringify([...textsIn(a)].sort()) === JSON.stringify([...textsIn(b)].sort());
}
