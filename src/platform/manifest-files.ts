import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from "node:fs";
import type { ReadFiles } from "../manifest/files.ts";

/** The files of this machine. */
export const nodeFiles: ReadFiles = {
  kind(path) {
    const stat = quietly(() => statSync(path));
    if (!stat) return undefined;
    return stat.isFile() ? "file" : stat.isDirectory() ? "folder" : "other";
  },
  real: (path) => quietly(() => realpathSync.native(path)),
  list: (folder) => readdirSync(folder),
  read: readBounded,
};

function quietly<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** Opens first and asks then, so that the file cannot become another one in between; a pipe does not block. */
function readBounded(path: string, bytesMax: number): Uint8Array | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > bytesMax) return undefined;
    const bytes = Buffer.alloc(stat.size);
    let length = 0;
    while (length < bytes.length) {
      const count = readSync(file, bytes, length, bytes.length - length, length);
      if (count === 0) break;
      length += count;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
