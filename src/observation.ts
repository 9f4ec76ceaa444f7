import type { Facts, Listing, Probe } from "./connectors/connector.ts";
import type { Address } from "./resource.ts";

/** What one system showed. A kind that is not in `kinds` was not read: that proves nothing about its objects. */
export interface SystemObservation {
  fingerprint: string;
  facts: Facts;
  kinds: Record<string, Listing>;
}

/** Actual, of everything that a refresh read. Holds no secret. */
export interface Observation {
  /** ISO 8601. */
  at: string;
  environment: string;
  systems: Record<string, SystemObservation>;
  /** Answers of the data planes, by address. */
  probes: Record<Address, Probe>;
}
