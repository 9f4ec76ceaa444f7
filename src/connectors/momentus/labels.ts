import type { Label } from "../../screen.ts";
import type { LabelBook } from "../labels.ts";

/** Controls that the screens name; the words stand in schemas/momentus/labels.json. */
export type MomentusLabel =
  | "userName"
  | "password"
  | "signIn"
  | "mainMenu"
  | "apiUsers"
  | "search"
  | "next"
  | "add"
  | "addApiUser"
  | "displayName"
  | "id"
  | "description"
  | "organization"
  | "enforceAccessPrivileges"
  | "allowProxyUser"
  | "retire"
  | "internal"
  | "licenseSpecialAccess"
  | "ok"
  | "secret"
  | "keys"
  | "keyColumn"
  | "copyKey"
  | "tools"
  | "copySecret"
  | "regenerateSecret"
  | "regenerateQuestion"
  | "regenerateConfirm"
  | "customersPage"
  | "customerDashboard"
  | "apps"
  | "tenant"
  | "show"
  | "status"
  | "requested"
  | "approved"
  | "active"
  | "disabled"
  | "deleted"
  | "approve"
  | "moreOptions"
  | "enable"
  | "remove"
  | "connectApiUser"
  | "promptId"
  | "promptSecret"
  | "promptKey"
  | "promptSave"
  | "marketplace"
  | "request";

/** The label behind a key. */
export type MomentusLabels = LabelBook<MomentusLabel>;

/** A path of labels as people write it: Tools › Copy Secret to Clipboard. */
export function pathText(...labels: Label[]): string {
  return labels.map(({ text }) => text).join(" › ");
}
