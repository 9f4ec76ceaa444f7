import { randomBytes } from "node:crypto";
import type { Random } from "../io.ts";

/** The machine's cryptographic generator. */
export const systemRandom: Random = { bytes: (count) => new Uint8Array(randomBytes(count)) };
