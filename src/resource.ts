/**
 * The nouns of a resource: what is desired (manifest), actual (system) and recorded (our state).
 * Everything here is plain JSON, so that plans and state can hold it as it is.
 */

/** `kind.name`, for example `velocloud_api_token.ci`. */
export type Address = string;

export type Scalar = string | number | boolean;
export type Plain = Scalar | null | Plain[] | { [name: string]: Plain };

/** A reference to another resource. `attribute` is "" for the object itself: its natural key is meant. */
export interface Ref {
  $ref: { address: Address; attribute: string };
}
/** A secret by reference: `sink` has the name SINK:PATH, `env` a variable's name, `file` a path inside the manifest's folder. */
export interface SecretRef {
  $secret: { from: "sink" | "env" | "file"; name: string };
}
/** Text with references inside it. */
export interface Template {
  $template: (string | Ref)[];
}
/** The written word `!clear`: empty this attribute on the system. */
export interface Clear {
  $clear: true;
}
/** What an attribute may hold before references are resolved. A user's own map never has a key that begins with `$`. */
export type Value = Scalar | Ref | SecretRef | Template | Clear | Value[] | { [name: string]: Value };

export const isRef = (value: unknown): value is Ref => hasKey(value, "$ref");
export const isSecretRef = (value: unknown): value is SecretRef => hasKey(value, "$secret");
export const isTemplate = (value: unknown): value is Template => hasKey(value, "$template");
export const isClear = (value: unknown): value is Clear => hasKey(value, "$clear");

function hasKey(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}

/** A place in the user's text; `length` is what the caret underlines. Lines and columns count from 1. */
export interface Source {
  file: string;
  line: number;
  column: number;
  length?: number;
  /** Path of the construct that wrote this place, as in `stack/team/role`, where the text was made by code. */
  construct?: string;
}

/** What the manifest says about a resource beyond its attributes. */
export interface Lifecycle {
  preventDestroy: boolean;
  ignoreChanges: string[];
  /** Take over an object of the same identity that the state does not know. */
  adopt: boolean;
  /** What becomes of the object when its block leaves the manifest. "default": delete what we created, forget what we adopted. */
  onRemove: "default" | "delete" | "forget";
}

/** Desired. */
export interface Resource {
  address: Address;
  kind: string;
  name: string;
  /** Name of the configured system. */
  system: string;
  attributes: Record<string, Value>;
  /** Written `depends_on` and the references inside `attributes`, sorted, without repeats. */
  dependsOn: Address[];
  lifecycle: Lifecycle;
  source: Source;
}

/** How we know: read from the system, or told by a person on a date (ISO 8601). */
export type Seen = { how: "read" } | { how: "attested"; on: string };

/** Whether a credential works, as its data plane answered. */
export type Health = "working" | "refused" | "inconclusive" | "unchecked";

/** Actual: one object as the system shows it, in the words of our schema. */
export interface Actual {
  id: string;
  /** Attributes of the schema, computed ones too. An attribute that the system leaves empty is `null`. */
  attributes: Record<string, Plain>;
  /** Attributes that this system cannot show; they are compared by generation or with what is recorded. */
  unobservable: string[];
  seen: Seen;
  health: Health;
}

/** Where a secret of a resource lies, and how far it came. `issueId` names one issue of it for ever. */
export interface SecretEntry {
  sink: string;
  path: string;
  issueId: string;
  generation: number;
  /** In the sink. */
  delivered: boolean;
  /** Accepted by the data plane, or chosen by us and accepted with the write. */
  proven: boolean;
  /** It counts as the system took it: from where Steward ran nobody could ask the data plane. A later probe proves it. */
  proofOpen?: true;
  /** ISO 8601. */
  issuedAt: string;
}

/** Recorded: what our state knows about one object. */
export interface StateEntry {
  address: Address;
  kind: string;
  system: string;
  id: string;
  /** What was last written or read of the managed attributes. Never a secret. */
  attributes: Record<string, Plain>;
  managed: string[];
  secrets: Record<string, SecretEntry>;
  /** Objects that this one replaced and that still have to go: Terraform calls them deposed. */
  deposed: { id: string; generation: number }[];
  generation: number;
  dependsOn: Address[];
  origin: "created" | "adopted" | "imported";
  preventDestroy: boolean;
  onRemove: Lifecycle["onRemove"];
  /** Tainted: a run did not finish with it. */
  status: "ready" | "tainted";
  /** Why it is tainted. */
  because?: string;
  /** When a person last told us what `attributes` say; ISO 8601. Absent where the system was read. */
  attested?: string;
  /** What a person saw when they looked again, where it differs from `attributes`: drift that nobody has repaired yet. */
  told?: Record<string, Plain>;
  /** When a person who looked again said that the object is not there any more; ISO 8601. */
  gone?: string;
  /** Secrets that we tried to receive, as our own log proves, and that did not reach a sink (law 5). */
  lost?: string[];
}

/** Splits `kind.name`. */
export function splitAddress(address: Address): { kind: string; name: string } {
  const dot = address.indexOf(".");
  return { kind: address.slice(0, dot), name: address.slice(dot + 1) };
}
