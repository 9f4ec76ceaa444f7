import type { Diagnostic } from "../../diagnostic.ts";
import type { Plain, Value } from "../../resource.ts";
import type { AttributeChange } from "../../step.ts";
import type { View } from "../connector.ts";
import { errorAt } from "../drafts.ts";
import type { MomentusLabel } from "./labels.ts";
import { sameId } from "./wire.ts";

/** The settings on the screen of an API user, in the order of the vendor's document. */
export const settingLabels = {
  display_name: "displayName",
  description: "description",
  organization: "organization",
  user_id: "id",
  enforce_access_privileges: "enforceAccessPrivileges",
  allow_proxy_user: "allowProxyUser",
  retired: "retire",
  internal: "internal",
  license_special_access: "licenseSpecialAccess",
} as const satisfies Record<string, MomentusLabel>;

export type Setting = keyof typeof settingLabels;

/** All settings that the screen has. */
export const settingNames = Object.keys(settingLabels) as Setting[];

/** The check boxes among them; the others are texts. */
export const boxes: ReadonlySet<string> = new Set([
  "enforce_access_privileges",
  "allow_proxy_user",
  "retired",
  "internal",
  "license_special_access",
]);

/** ID of the API user that Momentus Connect works with; one per Enterprise database (MOM-01). */
export const mocoServId = "MOCO-SERV";

/** The word that says: whichever organization, it is never compared (MOM-06). */
export const anyOrganization = "any";

/** What the vendor's document prescribes, word for word (MOM-06). */
const mocoServ: Readonly<Record<Setting, Plain>> = {
  display_name: "Momentus Connect",
  description: "Internal Momentus Connect API User",
  organization: anyOrganization,
  user_id: mocoServId,
  enforce_access_privileges: false,
  allow_proxy_user: false,
  retired: false,
  internal: true,
  license_special_access: true,
};

/** Whether an ID is that of MOCO-SERV, in whatever letter case. */
export function isMocoServ(userId: Value | Plain | undefined): boolean {
  return typeof userId === "string" && sameId(userId, mocoServId);
}

/** Everything that is entered when the user is made: what is declared, and for the rest what the vendor prescribes or unchecked. */
export function settingsToEnter(desired: Record<string, Value>): Record<string, Value> {
  const entered: Record<string, Value> = {};
  for (const name of settingNames) {
    const value = desired[name] ?? (isMocoServ(desired.user_id) ? (mocoServ[name] as Value) : undefined);
    if (value !== undefined) entered[name] = value;
    else if (boxes.has(name)) entered[name] = false;
  }
  return entered;
}

/** Settings of MOCO-SERV that are declared otherwise than the vendor says (MOM-06). Any organization will do. */
export function mocoServErrors(view: View): Diagnostic[] {
  const { desired } = view;
  if (!desired || !isMocoServ(desired.user_id)) return [];
  return settingNames.flatMap((name) => {
    const value = desired[name];
    if (value === undefined || name === "organization" || value === mocoServ[name]) return [];
    const message = `${name} of ${mocoServId} must be ${JSON.stringify(mocoServ[name])} and is declared as ${JSON.stringify(value)} (MOM-06)`;
    return [errorAt(view, name, message, "write the vendor's value, or leave the line out")];
  });
}

/** What people told of MOCO-SERV and is otherwise than the vendor says, although nobody declared it (MOM-06). */
export function mocoServChanges({ desired, actual, recorded }: View): AttributeChange[] {
  if (!desired || !actual || !isMocoServ(desired.user_id)) return [];
  return settingNames.flatMap((path) => {
    const before = actual.attributes[path];
    const after = mocoServ[path];
    if (path in desired || path === "organization" || path === "user_id" || path === "retired") return [];
    if (before === undefined || actual.unobservable.includes(path) || before === after) return [];
    const drift = recorded?.attributes[path] === after ? { drift: true as const, recorded: after } : {};
    return [{ path, before, after: after as Value, ...drift, note: "as the vendor says (MOM-06)" }];
  });
}

/** The settings as a person told them, in our words: what is checked, and texts. What was not told is left out. */
export function settingsTold(fields: Readonly<Record<string, string>>): Record<string, Plain> {
  const told: Record<string, Plain> = {};
  for (const name of settingNames) {
    const value = fields[name];
    if (value !== undefined) told[name] = boxes.has(name) ? value === "on" : value === "" ? null : value;
  }
  return told;
}
