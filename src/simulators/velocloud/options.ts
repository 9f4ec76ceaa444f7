import type { FaultRule } from "../faults.ts";
import type { RateLimitPolicy } from "./rate-limit.ts";

/** Where documents leave open how an orchestrator behaves, a switch says what this one does. */
export type SimulatorSettings = {
  /** HTTP status of a successful login; a failed one is always 302. Both are documented. */
  loginStatus: 200 | 302;
  /** Milliseconds, 24 hours by default. */
  sessionLifetimeMs: number;
  /** Wire spelling of a token's `state` is not documented. `absent` leaves it out. */
  tokenStateSpelling: "upper" | "capitalized" | "absent";
  /** A list of exactly one token is answered as that token alone, as the published schema has it. */
  singleTokenAsObject: boolean;
  /** False: only the owner or an operator super user revokes a token (5.1 documents say so, others do not). */
  superuserRevokesForOthers: boolean;
  /** True: download and revoke refuse token authentication (one reading of an unexplained annotation). */
  sessionOnlyTokenCalls: boolean;
  /** What creating an operator user answers: the published schema says the user, test code says `{id, rows}`. */
  operatorInsertResult: "user" | "rows";
  /** `documented`: 400 and 500 for REST errors. `always-200`: the envelope alone tells. JSON-RPC is always 200. */
  errorStatus: "documented" | "always-200";
};

export const defaultSettings: SimulatorSettings = {
  loginStatus: 200,
  sessionLifetimeMs: 24 * 60 * 60 * 1000,
  tokenStateSpelling: "upper",
  singleTokenAsObject: false,
  superuserRevokesForOthers: true,
  sessionOnlyTokenCalls: false,
  operatorInsertResult: "user",
  errorStatus: "documented",
};

export type VelocloudSimulatorOptions = Partial<SimulatorSettings> & {
  /** Decides every id, password and token value. 1 by default. */
  seed?: number;
  /** The clock, milliseconds since 1970. */
  now?: () => number;
  /** How `slow` and `latencyMs` wait. A test with its own clock advances that instead. */
  sleep?: (ms: number) => Promise<void>;
  /** Extra users of the first enterprise. */
  users?: number;
  /** Added to every call, milliseconds. */
  latencyMs?: number;
  faults?: readonly (FaultRule | string)[];
  /** Off when absent. */
  rateLimit?: RateLimitPolicy;
};
