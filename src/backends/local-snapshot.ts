import { dirname } from "node:path";
import { replaceFile } from "../durable.ts";
import type { Disk } from "../io.ts";
import type { Plain } from "../resource.ts";
import { formatVersion, type Position, shortHash } from "./local-format.ts";

/** The fold of the log up to a position. It is only a cache: whatever is wrong with it, the log is read instead. */
interface Snapshot {
  at: Position;
  state: Plain;
}

/** Two lines: what the snapshot is of, with the sum of the second line, which is the state. */
export async function writeSnapshotFile(disk: Disk, path: string, snapshot: Snapshot): Promise<void> {
  const body = JSON.stringify(snapshot.state);
  const head = JSON.stringify({ steward: "snapshot", formatVersion, at: snapshot.at, sum: shortHash(body) });
  await disk.makeFolder(dirname(path));
  await replaceFile(disk, path, Buffer.from(`${head}\n${body}\n`));
}

/** Undefined when there is none that can be used. */
export async function readSnapshotFile(disk: Disk, path: string): Promise<Snapshot | undefined> {
  const bytes = await disk.read(path);
  if (!bytes) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const end = text.indexOf("\n");
  const head = text.slice(0, end);
  const body = text.slice(end + 1, text.endsWith("\n") ? -1 : undefined);
  try {
    const { steward, formatVersion: version, at, sum } = JSON.parse(head);
    if (steward !== "snapshot" || version !== formatVersion || sum !== shortHash(body) || !isPosition(at))
      return undefined;
    return { at, state: JSON.parse(body) };
  } catch {
    return undefined;
  }
}

function isPosition(at: Partial<Position> | undefined): at is Position {
  if (typeof at !== "object" || at === null) return false;
  const numbers = [at.serial, at.size, at.lineStart];
  const texts = [at.lineage, at.sum, at.before];
  return numbers.every(Number.isSafeInteger) && at.serial! > 0 && texts.every((text) => typeof text === "string");
}
