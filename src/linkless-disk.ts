import { join, relative, sep } from "node:path";
import { Refusal } from "./diagnostic.ts";
import type { Disk } from "./io.ts";

const linkless = new WeakMap<Disk, Map<string, Disk>>();

/**
 * The same disk for what lies below `folder` (absolute): any call on a path with a symbolic link between the folder and its
 * end throws a Refusal and does nothing. State and sinks are pinned by their path; a link that somebody commits would make
 * the path mean another place. Equal arguments give the same object, so that whoever takes turns on a disk still does.
 */
export function linklessDisk(disk: Disk, folder: string): Disk {
  const known = linkless.get(disk) ?? new Map<string, Disk>();
  linkless.set(disk, known);
  const made = known.get(folder) ?? wrap(disk, (path) => assertNoLink(disk, folder, path));
  known.set(folder, made);
  return made;
}

function wrap(disk: Disk, check: (path: string) => Promise<void>): Disk {
  const checked =
    <R extends unknown[], T>(call: (path: string, ...rest: R) => Promise<T>) =>
    async (path: string, ...rest: R): Promise<T> => {
      await check(path);
      return call(path, ...rest);
    };
  return {
    read: checked((path) => disk.read(path)),
    readFrom: checked((path, start: number) => disk.readFrom(path, start)),
    size: checked((path) => disk.size(path)),
    list: checked((path) => disk.list(path)),
    isLink: (path) => disk.isLink(path),
    makeFolder: checked((path) => disk.makeFolder(path)),
    write: checked((path, bytes: Uint8Array, options?: Parameters<Disk["write"]>[2]) =>
      disk.write(path, bytes, options),
    ),
    append: checked((path, bytes: Uint8Array) => disk.append(path, bytes)),
    truncate: checked((path, length: number) => disk.truncate(path, length)),
    syncFile: checked((path) => disk.syncFile(path)),
    syncFolder: checked((path) => disk.syncFolder(path)),
    rename: checked(async (from, to: string) => {
      await check(to);
      await disk.rename(from, to);
    }),
    remove: checked((path) => disk.remove(path)),
  };
}

/** Throws a Refusal when a link stands between `folder` and the end of `path`. Both are absolute. */
export async function assertNoLink(disk: Disk, folder: string, path: string): Promise<void> {
  const parts = relative(folder, path).split(sep).filter(Boolean);
  let at = folder;
  for (const part of parts) {
    at = join(at, part);
    if (part !== ".." && !(await disk.isLink(at))) continue;
    const message = `${at} is a link: where state or secrets go is trusted by its path, and a link makes it another place`;
    const remedy = "see who brought the link; take it away, or name in the manifest a folder that is none";
    throw new Refusal([{ message, remedy }]);
  }
}
