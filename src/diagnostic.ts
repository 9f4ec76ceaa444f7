import type { Address, Source } from "./resource.ts";

/** The user's text is wrong. All of them are reported at once. */
export interface Diagnostic {
  severity: "error" | "warning";
  /** What is wrong, lower case, without a full stop. */
  message: string;
  /** The way out: what is allowed, "did you mean", the flag. */
  hint?: string;
  source?: Source;
  address?: Address;
  /** The line that `source` stands on, secrets hidden, control characters as they are. The caret's place counts from 0. */
  excerpt?: { line: string; from: number; length: number };
}

/** The user's text cannot be used: carries every diagnostic (exit 65). */
export class InvalidManifest extends Error {
  readonly diagnostics: Diagnostic[];
  /** How far the command came: the last sentence. */
  readonly effect: "nothing was read from any system" | "nothing was changed";

  constructor(diagnostics: Diagnostic[], effect: InvalidManifest["effect"] = "nothing was read from any system") {
    super(`${diagnostics.length} errors in the manifest`);
    this.diagnostics = diagnostics;
    this.effect = effect;
  }
}

/** Whether a write that failed can have happened. */
export type Happened = "no" | "unknown";

export interface FaultDetails {
  /** "unknown" when a request may have been carried out although no answer came. */
  happened: Happened;
  /** Name of the configured system, sink or backend that failed. */
  on?: string;
  /** Address of the machine that was asked, without credentials or query. */
  at?: string;
  address?: Address;
  /** What to do next. */
  remedy?: string;
  /** Worth another try without a change by anybody. */
  transient?: boolean;
  /** A stable word that code may decide by, for example "unauthorized", "privilege", "absent". */
  code?: string;
}

/** The world failed (exit 1). */
export class Fault extends Error {
  readonly details: FaultDetails;

  constructor(message: string, details: FaultDetails) {
    super(message);
    this.details = details;
  }
}

/** Unsafe, stale, tampered, locked or not trusted (exit 4). `remedy` names the flag or step that leads on. */
export class Refusal extends Error {
  readonly reasons: { message: string; remedy: string }[];

  constructor(reasons: { message: string; remedy: string }[]) {
    super(reasons.map((reason) => reason.message).join("\n"));
    this.reasons = reasons;
  }
}

/** We are wrong (exit 70). */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Steward has a bug: ${message}`);
}

export const exitCodes = {
  done: 0,
  fault: 1,
  changes: 2,
  waiting: 3,
  refused: 4,
  usage: 64,
  invalid: 65,
  bug: 70,
} as const;
