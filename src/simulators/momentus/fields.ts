import { invalid } from "./api-errors.ts";
import type { FieldValue } from "./records.ts";

/** Fields of a subject and their bounds, as public client code has them. */
type FieldRule = {
  readonly type: "text" | "flag" | "integer";
  /** Characters. */
  readonly lengthMax?: number;
  /** Set by the product; ignored in what a client sends. */
  readonly isReadOnly?: boolean;
  readonly initial?: FieldValue;
};
export type FieldRules = Readonly<Record<string, FieldRule>>;

const text = (lengthMax: number): FieldRule => ({ type: "text", lengthMax });
const flag: FieldRule = { type: "flag", initial: "N" };
const integer: FieldRule = { type: "integer" };
const stamp: FieldRule = { type: "text", isReadOnly: true };
const stamps = { EnteredBy: stamp, EnteredOn: stamp, ChangedBy: stamp, ChangedOn: stamp };

/** `I` for a user who was never activated is assumed; `A` is activated. */
export const userFields: FieldRules = {
  ID: text(10),
  DisplayName: text(30),
  Organization: text(2),
  Email: text(255),
  LoginID: text(128),
  Initials: text(3),
  Group: text(10),
  Retire: flag,
  Hold: flag,
  Locked: flag,
  ActivationStatus: { ...text(1), initial: "I" },
  AuthConfiguration: text(10),
  AccessLevel: integer,
  RemoteAccess: flag,
  MobileAccess: flag,
  Theme: integer,
  Locale: integer,
  Dashboard: integer,
  PasswordEstablished: { ...flag, isReadOnly: true },
  ...stamps,
};

export const roleFields: FieldRules = {
  ID: text(10),
  DisplayName: text(30),
  AccessLevel: integer,
  AccessLevelDefault: integer,
  ...stamps,
};

function checked(name: string, rule: FieldRule, value: unknown): FieldValue {
  if (rule.type === "integer") {
    if (typeof value === "number" && Number.isInteger(value)) return value;
    throw invalid(`${name} must be a whole number`);
  }
  if (typeof value !== "string") throw invalid(`${name} must be a text`);
  if (rule.type === "flag" && value !== "Y" && value !== "N") throw invalid(`${name} must be Y or N`);
  if (rule.lengthMax !== undefined && value.length > rule.lengthMax) {
    throw invalid(`${name} has at most ${rule.lengthMax} characters`);
  }
  return value;
}

/** What a body sets. Nulls, fields that are read-only and fields that nobody knows are ignored; the last is assumed. */
export function changesIn(rules: FieldRules, body: Readonly<Record<string, unknown>>): Record<string, FieldValue> {
  const changes: Record<string, FieldValue> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const value = Object.hasOwn(body, name) ? body[name] : null;
    if (value !== null && value !== undefined && !rule.isReadOnly) changes[name] = checked(name, rule, value);
  }
  return changes;
}

/** The fields of a new row before anybody sets one. */
export function initialFields(rules: FieldRules): Record<string, FieldValue> {
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, rule.initial ?? null]));
}
