import type { StoredJson } from "./json.ts";
import type { Log } from "./log.ts";
import type { IdentitySchema, VersionedSchema } from "./schema.ts";
import type { ObjectValue } from "./value.ts";

/**
 * What a provider does, in our words: the one interface between the wire and whatever stands behind it. Implement `ProviderService` and
 * hand it to `runProvider` (run.ts). The wire has read, checked and typed what arrives here, and takes care of what is the same for every
 * provider:
 *
 * - Schemas are in the Terraform form (form.ts), compiled once when they are first needed. One that Terraform would refuse is our bug.
 * - Values are of the type of the schema: every attribute is there, null where it is not set, `Unknown` where it is known after apply.
 *   A sensitive or write-only text is a `Secret`.
 * - Write-only values stand in `config` alone. They are taken out of `proposed` and of every state that is answered.
 * - `private` is opaque and not secret: Terraform keeps it in its state. Who answers without one keeps what was there; the same holds
 *   for an identity.
 * - A state of the present version of its schema is read without asking; `upgrade` gets older ones only.
 * - What is optional here and not there is answered as Terraform expects of a provider that does not offer it.
 *
 * A problem of the user or of the world is a diagnostic, with the path of the attribute where there is one. Whatever is thrown is our
 * bug: Terraform is told "Plugin error" with its message, and the process goes on. Requests come side by side, ten by default.
 * Which answers Terraform's core accepts is written down in its `docs/resource-instance-change-lifecycle.md`.
 */
export interface ProviderService {
  provider: ProviderPart;
  resources: ResourcePart;
  dataSources?: DataSourcePart;
  ephemerals?: EphemeralPart;
  /** Ends what is open on systems, before the process does. Nothing is asked after it. */
  close?(): Promise<void>;
}

/** A request under way. */
export interface Call {
  /** Aborted when the user stops Terraform (its StopProvider), or when the request is given up. What began is to be finished soon. */
  signal: AbortSignal;
  log: Log;
}

/** From an attribute inwards: a name, a position in a list, a key of a map. Into a set there is no way: end at the set. */
export type AttributePath = readonly (string | number | { key: string })[];

export interface TerraformDiagnostic {
  severity: "error" | "warning";
  /** One line, as a heading. */
  summary: string;
  /** What is to be done, in sentences. */
  detail?: string;
  path?: AttributePath;
}

/** Every answer may carry diagnostics; with an error among them the rest may be left out. */
export type Answer<T = object> = Promise<T & { diagnostics?: readonly TerraformDiagnostic[] }>;

/** The provider block. */
interface ProviderPart {
  schema(): VersionedSchema;
  /** Parts of it may be unknown. */
  validate?(request: { config: ObjectValue }, call: Call): Answer;
  /** Once in a process before anything but validation. Parts may be unknown while planning; then contact nobody. */
  configure(request: { config: ObjectValue; terraformVersion: string }, call: Call): Answer;
}

export interface ResourceSchema extends VersionedSchema {
  /** What names an object for good (Terraform 1.12). */
  identity?: IdentitySchema;
}

/** Resources by kind: the type of the resource, as `velocloud_api_token`. */
export interface ResourcePart {
  schemas(): Readonly<Record<string, ResourceSchema>>;
  validate?(request: { kind: string; config: ObjectValue }, call: Call): Answer;
  /** The present form of a state that an older version of the schema wrote. */
  upgrade?(request: { kind: string; version: number; state: StoredJson }, call: Call): Answer<{ state?: ObjectValue }>;
  upgradeIdentity?(
    request: { kind: string; version: number; identity: StoredJson },
    call: Call,
  ): Answer<{ identity?: ObjectValue }>;
  /** The object as it is now; null when it is gone. */
  read(request: Kept & { kind: string; state: ObjectValue }, call: Call): Answer<ResourceState>;
  /** What applying would make of it. To destroy, `proposed` and `config` are null and so is the answer. Same question, same answer. */
  plan(request: PlanRequest, call: Call): Answer<ResourceState & { replaces?: readonly AttributePath[] }>;
  /**
   * Carries the plan out. With an error among the diagnostics, a state tells what was reached: null for a create that Terraform shall
   * plan again, an object for one that it shall replace.
   */
  apply(request: ApplyRequest, call: Call): Answer<ResourceState>;
  /** The object of an id, or of an identity; `read` follows. */
  import?(request: ImportRequest, call: Call): Answer<ResourceState>;
  /** The state of a resource of another kind, or of another provider, as one of `kind`. What was private there is not kept. */
  move?(request: MoveRequest, call: Call): Answer<ResourceState>;
}

/** What Terraform keeps beside a state. */
export interface Kept {
  /** Empty when there is none. */
  private: Uint8Array;
  /** Null when there is none. */
  identity: ObjectValue | null;
}

export interface ResourceState {
  state?: ObjectValue | null;
  private?: Uint8Array;
  identity?: ObjectValue;
}

export interface PlanRequest extends Kept {
  kind: string;
  /** Null for a create, and for the second plan of a replacement. */
  prior: ObjectValue | null;
  /** The configuration, with what the prior state computed; without write-only values. */
  proposed: ObjectValue | null;
  config: ObjectValue | null;
}

export interface ApplyRequest extends Kept {
  kind: string;
  prior: ObjectValue | null;
  planned: ObjectValue | null;
  config: ObjectValue | null;
}

export interface ImportRequest {
  kind: string;
  /** Empty when an identity is given instead. */
  id: string;
  identity: ObjectValue | null;
}

export interface MoveRequest {
  kind: string;
  /** As `steward.example/steward/velocloud`. */
  sourceProvider: string;
  sourceKind: string;
  sourceVersion: number;
  state: StoredJson;
  private: Uint8Array;
}

interface DataSourcePart {
  schemas(): Readonly<Record<string, VersionedSchema>>;
  validate?(request: { kind: string; config: ObjectValue }, call: Call): Answer;
  read(request: { kind: string; config: ObjectValue }, call: Call): Answer<{ state?: ObjectValue }>;
}

/** What is opened for one walk of Terraform, plan and apply each, and kept nowhere. */
interface EphemeralPart {
  schemas(): Readonly<Record<string, VersionedSchema>>;
  validate?(request: { kind: string; config: ObjectValue }, call: Call): Answer;
  open(request: { kind: string; config: ObjectValue }, call: Call): Answer<Lease & { result?: ObjectValue }>;
  renew?(request: { kind: string; private: Uint8Array }, call: Call): Answer<Lease>;
  close?(request: { kind: string; private: Uint8Array }, call: Call): Answer;
}

export interface Lease {
  /** Comes back when it is renewed or closed. */
  private?: Uint8Array;
  /** When Terraform is to renew it, if it is still open. */
  renewAt?: Date;
}
