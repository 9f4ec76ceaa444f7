import type { FaultRule } from "../faults.ts";
import type { Labels } from "./console/labels.ts";
import type { ApiModule } from "./licensing.ts";

/** Where documents leave open how the product behaves, a switch says what this one does. */
export type MomentusSettings = {
  /** What an unlicensed API module closes: the whole screen API Users, or only adding to it. */
  licenseGate: "menu" | "add";
  /** Endpoints name a module: reads Basic, writes Standard. `one`: any module opens all of them. */
  licenseTiers: "one" | "by-endpoint";
  /** Milliseconds by which the clocks of both sides may differ. 0, the strictest, by default. */
  clockToleranceMs: number;
  /** Milliseconds from `iat` to `exp`; the server's maximum is unknown, so none by default. */
  jwtLifetimeMsMax: number;
  /** True: a further page of a search is only found with the load balancer's cookie. */
  stickyPages: boolean;
  /** Rows of a page when a search does not say, and the most that it may ask for. */
  pageSizeDefault: number;
  pageSizeMax: number;
  /** Rows of one page of the console's lists. */
  consolePageSize: number;
  /** Milliseconds, 30 minutes by default. */
  sessionLifetimeMs: number;
  /** A removed membership: 204, which has no body, or 200 with a message. */
  removalAnswer: "204" | "200-message";
};

export const defaultSettings: MomentusSettings = {
  licenseGate: "menu",
  licenseTiers: "one",
  clockToleranceMs: 0,
  jwtLifetimeMsMax: Number.POSITIVE_INFINITY,
  stickyPages: true,
  pageSizeDefault: 100,
  pageSizeMax: 1000,
  consolePageSize: 20,
  sessionLifetimeMs: 30 * 60 * 1000,
  removalAnswer: "204",
};

export type MomentusSimulatorOptions = Partial<MomentusSettings> & {
  /** Decides every secret, key, password and id. 1 by default. */
  seed?: number;
  /** The clock, milliseconds since 1970. */
  now?: () => number;
  /** How `slow` and `latencyMs` wait. A test with its own clock advances that instead. */
  sleep?: (ms: number) => Promise<void>;
  /** Extra ordinary users of each environment. */
  users?: number;
  /** Added to every call, milliseconds. */
  latencyMs?: number;
  faults?: readonly (FaultRule | string)[];
  /** API modules that are on in both environments at the start. Basic API by default. */
  modules?: readonly ApiModule[];
  /** Other words on the console: sites are localized and change. */
  labels?: Partial<Labels>;
};
