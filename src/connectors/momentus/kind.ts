import type { Kind, Listing } from "../connector.ts";
import { seenListing } from "../listing.ts";
import type { Subject } from "./client.ts";
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

/** What only a person can do, only a person can see: such a kind is not listed, and nothing is known but what people told. */
export const toldByPeople: Pick<MomentusKind, "hand" | "list"> = {
  hand: () => "person",
  list: async () => ({ objects: [], complete: false, because: "no API shows them", attested: true }),
};
