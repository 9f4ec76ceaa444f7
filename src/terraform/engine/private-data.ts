import type { Address, StateEntry } from "../../resource.ts";

/**
 * What Terraform keeps beside a state for us: the record of the object. It holds no secret, only where secrets lie. Where the journal was
 * lost, or is another machine's, it stands in for the journal.
 */

export interface PrivateData {
  address: Address;
  /** The journal, and how far it had come, when this was written. */
  lineage: string;
  serial: number;
  /** Absent before anything was recorded. */
  entry?: StateEntry;
}

const formatVersion = 1;

/** As Terraform keeps it. */
export const writePrivate = (data: PrivateData): Uint8Array =>
  Buffer.from(JSON.stringify({ steward: formatVersion, ...data }));

/** Undefined when there is none. Throws for what a later version wrote, or something else. */
export function readPrivate(bytes: Uint8Array): PrivateData | undefined {
  if (bytes.length === 0) return undefined;
  const read = JSON.parse(Buffer.from(bytes).toString("utf8")) as PrivateData & { steward?: number };
  if (read.steward !== formatVersion) throw new Error("the private data of this resource is of a later version");
  const { steward: _version, ...data } = read;
  return data;
}

/** Whether this is what we keep: another provider of the same kinds keeps something else. */
export function isPrivate(bytes: Uint8Array): boolean {
  try {
    return readPrivate(bytes) !== undefined;
  } catch {
    return false;
  }
}
