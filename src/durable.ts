import { dirname } from "node:path";
import type { Disk } from "./io.ts";

/**
 * Replaces a whole file so that a crash leaves the old or the new content, and the new one once this returns. Its folder must
 * exist. The temporary name beside it is fixed: a piece that a crash left is overwritten by the next writer.
 */
export async function replaceFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  // A left-over may bear another mode than 0600, and `mode` is only for new files.
  await disk.remove(temporary);
  await disk.write(temporary, bytes, { mode: 0o600 });
  await disk.syncFile(temporary);
  await disk.rename(temporary, path);
  await disk.syncFolder(dirname(path));
}

const turns = new WeakMap<Disk, Map<string, Promise<unknown>>>();

/** Runs work on one file after all work that was given before it, whoever in this process gave it. */
export function oneAtATime<T>(disk: Disk, path: string, work: () => Promise<T>): Promise<T> {
  const files = turns.get(disk) ?? new Map<string, Promise<unknown>>();
  turns.set(disk, files);
  const before = files.get(path) ?? Promise.resolve();
  const result = before.then(work, work);
  const settled = result.then(
    () => {},
    () => {},
  );
  files.set(path, settled);
  settled.then(() => {
    if (files.get(path) === settled) files.delete(path);
  });
  return result;
}
