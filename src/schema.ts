/**
 * The schema of a kind: JSON Schema 2020-12 with our keywords. The files under schemas/ are the one source of each kind.
 */

/** What removing an object of this kind means on its system. */
export type Removal = "delete" | "retire" | "revoke" | "never";

/** Which direction of a change opens access: to true, to false, more entries, fewer entries, or any change (law 11). */
type Widens = "true" | "false" | "more" | "less" | "any";

export interface AttributeSchema {
  type?: string | string[];
  description?: string;
  enum?: (string | number | boolean)[];
  const?: string | number | boolean;
  /** What holds when a setting of a system or of a part of it is left out. Not used for attributes of kinds. */
  default?: string | number | boolean;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  uniqueItems?: boolean;
  items?: AttributeSchema;
  properties?: Record<string, AttributeSchema>;
  required?: string[];
  additionalProperties?: boolean;
  examples?: unknown[];
  /** Computed by the system: shown, never written in a manifest. */
  readOnly?: boolean;
  /** Cannot be read back from the system. */
  writeOnly?: boolean;
  /** A change of it needs a new object. */
  "x-immutable"?: boolean;
  /** `chosen`: we or the user choose the value. `issued`: the system makes it, and `deliver_to` says where it goes. */
  "x-secret"?: "chosen" | "issued";
  /** Holds the attribute of another kind; a reference to the object means that attribute. */
  "x-ref"?: { kind: string; attribute: string };
  /** What the vendor's document calls it. */
  "x-label"?: string;
  "x-widens"?: Widens;
  /** Steers Steward only: neither sent nor compared. */
  "x-local"?: boolean;
  /** `!clear` is possible. */
  "x-clearable"?: boolean;
  /** Text such as `90d`, `12h`, `30m`, `45s`. */
  "x-duration"?: boolean;
  /** Entries of this list count one by one in the guard. */
  "x-relation"?: boolean;
  /** A setting that says where something goes: part of what `steward trust` pins of a system. */
  "x-pinned"?: boolean;
  /** No two resources of the kind on one system have the same. Attributes of the identity need not say so. */
  "x-unique"?: boolean;
  /** Compared without regard to letter case. */
  "x-caseless"?: boolean;
  /** A value that is met by whatever the system has. */
  "x-wildcard"?: string;
  /** Computed, and changed by what is done to other objects. */
  "x-derived"?: boolean;
}

export interface KindSchema {
  $schema: string;
  $id: string;
  title: string;
  description: string;
  type: "object";
  properties: Record<string, AttributeSchema>;
  required?: string[];
  additionalProperties: false;
  /** Attributes that name the object for people; unique on the system unless `x-unique` is false. */
  "x-identity": string[];
  "x-unique"?: boolean;
  "x-removal": Removal;
  "x-label": string;
  /** `found`: create and adopt are two printed branches. */
  "x-adopt"?: "found";
  /** The name of the connector type, for example `velocloud`. */
  "x-system": string;
  /** A whole manifest fragment for docs and editors. */
  examples?: unknown[];
}

/** What `systems.NAME` of one type may say beside what every system may, for the reader, for editors and for people. */
export interface SystemSettings {
  /** What a system of this type is, in one or two sentences. */
  description?: string;
  /** One such system as it may stand under `systems`. */
  example?: Record<string, unknown>;
  properties: Record<string, AttributeSchema>;
  required: string[];
  credentials: Record<string, AttributeSchema>;
  /** What holds of the shared settings when they are left out, where it depends on the type. */
  sharedDefaults?: Record<string, string | number | boolean>;
}

/** Text of a duration in milliseconds; undefined when it is not one. Days are 24 hours. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text);
  if (!match) return undefined;
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as "ms"];
  return Number(match[1]) * unit;
}
