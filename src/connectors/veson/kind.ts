import type { Kind } from "../connector.ts";
import type { VesonReader } from "./reader.ts";

/** A kind without its schema, which comes out of schemas/veson when the connector is made. */
export type VesonKind = Omit<Kind<VesonReader, unknown>, "schema">;

/** Everything is done on the console, by whom the system says. */
export const onConsole: Pick<VesonKind, "hand"> = { hand: ({ hand }) => hand };
