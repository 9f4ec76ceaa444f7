import type { Secret } from "../secret.ts";

/** Which of the two values of a secret: `next` was put and is not proven yet, `current` is what consumers use. */
export type Slot = "next" | "current";

/** What stands in clear beside a secret. */
export interface SecretMeta {
  slot: Slot;
  issueId: string;
}

/**
 * Where secrets go. `put` keeps a value as `next`; `promote` makes it `current`. Both are durable when they return, and both
 * may be repeated. Each value bears environment and issueId in clear; a put for another environment's path is refused (law 9).
 * Failures are `Fault`s with `on` = the sink's name; they never contain a value.
 */
export interface Sink {
  readonly name: string;
  readonly type: string;
  /** Where values go and for whom: what `steward trust` pins. Equal settings give equal text. */
  readonly target: Record<string, string | string[]>;
  /** Whether `read` can work here (for `age`: whether an identity is at hand). */
  readonly readable: boolean;
  put(path: string, issueId: string, secret: Secret): Promise<void>;
  /** The slot that holds this issue, `current` first; undefined when it is in neither. Needs no private key. */
  has(path: string, issueId: string): Promise<Slot | undefined>;
  /** Makes `next` current when it holds this issue; nothing when `current` holds it already; else a Fault. */
  promote(path: string, issueId: string): Promise<void>;
  /** Undefined when the slot is empty. Throws a Fault when the sink cannot be read here. */
  read(path: string, slot: Slot): Promise<Secret | undefined>;
  /** What lies at a path, without values. */
  inspect(path: string): Promise<SecretMeta[]>;
}
