import { Fault } from "../../diagnostic.ts";
import type { Plain } from "../../resource.ts";
import type { Expectation } from "../../step.ts";
import type { Kind, Listing, UsedObjects, View } from "../connector.ts";
import { seenListing } from "../listing.ts";
import type { Subject } from "./client.ts";
import type { MomentusConsole } from "./console-reader.ts";
import type { MomentusReader } from "./reader.ts";
import { actualOf, type Fields, type Row } from "./wire.ts";
import type { MomentusWriter } from "./writer.ts";

/** A kind without its schema, which comes out of schemas/momentus when the connector is made. */
export type MomentusKind = Omit<Kind<MomentusReader, MomentusWriter>, "schema">;

/** All rows of a subject as objects. What may not be read proves no absence. */
export function listRows(
  reader: MomentusReader,
  subject: Subject,
  fields: Fields,
  idOf: (row: Row) => string,
): Promise<Listing> {
  return seenListing(async () => {
    const { rows, complete, because } = await reader.all(subject);
    const objects = rows.map((row) => actualOf(fields, row, idOf(row)));
    return because === undefined ? { objects, complete } : { objects, complete, because };
  });
}

/**
 * What making something expects. Where a browser answers whether it is there, that decides, also when the run goes on later: what
 * is found is taken over.
 */
export function notYet({ system }: View, identity: Record<string, Plain>): Expectation {
  return system.hand === "browser" ? { is: "anything" } : { is: "absent", identity };
}

const unread = (because: string): Listing => ({ objects: [], complete: false, because, attested: true });

/**
 * What no API shows. A browser reads it, unless nothing of these kinds is in use or the console does not show it; otherwise what
 * is recorded counts, as where people work. Throws a Fault.
 */
export async function consoleListing(
  { console }: MomentusReader,
  used: UsedObjects | undefined,
  kinds: readonly string[],
  list: (console: MomentusConsole) => Promise<Listing>,
): Promise<Listing> {
  if (!console) return unread("no API shows them");
  const isUsed = ({ kind }: { kind: string }): boolean => kinds.includes(kind);
  if (used && ![...used.resources, ...used.entries].some(isUsed)) return unread("nothing of it is in use");
  try {
    return await list(console);
  } catch (error) {
    if (!(error instanceof Fault) || error.details.code !== "privilege") throw error;
    return unread(error.message);
  }
}
