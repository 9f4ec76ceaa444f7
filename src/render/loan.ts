import type { Address } from "../resource.ts";
import { sayAgo, sayMoment } from "./moment.ts";
import { phrase } from "./visible.ts";

/** What is borrowed and not given back. `address` is the resource for which it was borrowed. */
export interface Loan {
  system: string;
  name: string;
  /** Who goes without it meanwhile. */
  from?: string;
  /** ISO 8601. */
  since: string;
  address: Address;
  /** Somebody was asked to take it, and nobody has told that it was taken. */
  unsure?: true;
}

/** Who cannot work since when, or may not be able to; or what is borrowed of nobody. */
export function sayLoan({ system, name, from, since, unsure }: Loan, nowMs: number): string {
  const on = phrase(system);
  const moment = `${sayAgo(since, nowMs)} (${sayMoment(since)})`;
  if (from === undefined) {
    return unsure
      ? `May be borrowed: ${phrase(name)} on ${on}, asked for ${moment}`
      : `Borrowed and not given back: ${phrase(name)} on ${on}, ${moment}`;
  }
  return unsure
    ? `${phrase(from)} may be unable to work on ${on}: parking them was asked for ${moment}`
    : `${phrase(from)} cannot work on ${on}: parked ${moment}`;
}
