import { Fault } from "../diagnostic.ts";
import type { Actual, Plain } from "../resource.ts";
import type { Listing } from "./connector.ts";

/** A list that the missing of a privilege makes incomplete instead of failing: such a list proves no absence. */
export function listingOf(list: () => Promise<Actual[]>): Promise<Listing> {
  return seenListing(async () => ({ objects: await list(), complete: true }));
}

/** The same for a list that knows by itself whether it is complete. */
export async function seenListing(list: () => Promise<Listing>): Promise<Listing> {
  try {
    return await list();
  } catch (error) {
    if (!(error instanceof Fault) || error.details.code !== "privilege") throw error;
    return { objects: [], complete: false, because: error.message };
  }
}

/** An object as it was just read. */
export function seenNow(id: string, attributes: Record<string, Plain>, unobservable: string[]): Actual {
  return { id, attributes, unobservable, seen: { how: "read" }, health: "unchecked" };
}
