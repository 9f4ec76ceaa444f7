import type { Kind } from "../connector.ts";
import type { VelocloudReader } from "./reader.ts";
import type { VelocloudWriter } from "./writer.ts";

/** A kind without its schema, which comes out of schemas/velocloud when the connector is made. */
export type VelocloudKind = Omit<Kind<VelocloudReader, VelocloudWriter>, "schema">;
