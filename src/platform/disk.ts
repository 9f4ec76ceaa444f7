import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { Fault } from "../diagnostic.ts";
import { type Disk, FileExists } from "../io.ts";

/** Reasons in plain words, with what to do; other errors are shown by their code. */
const reasons: Record<string, [reason: string, remedy: string]> = {
  EACCES: ["permission denied", "give this user the right to it, or run as its owner"],
  EPERM: ["permission denied", "give this user the right to it, or run as its owner"],
  EROFS: ["the file system is read-only", "use a folder that can be written"],
  ENOSPC: ["no space left on the disk", "make room and run again"],
  EDQUOT: ["the disk quota is used up", "make room and run again"],
  ENOENT: ["no such file or folder", "check that the folder exists"],
  ENOTDIR: ["a part of the path is a file, not a folder", "move that file away or choose another path"],
  EEXIST: ["a file of that name is in the way", "move that file away or choose another path"],
  EISDIR: ["it is a folder, not a file", "move that folder away or choose another path"],
  ELOOP: ["its symbolic links lead in a circle", "remove the links"],
  EMFILE: ["too many open files", "raise the limit of open files (ulimit -n)"],
  EIO: ["the disk reports an error", "check the disk, then run again"],
};

/** The machine's files. New files have mode 0600 and new folders 0700 unless a mode is given. Errors are Faults that name the path. */
export const systemDisk: Disk = {
  read: (path) => systemDisk.readFrom(path, 0),
  readFrom: (path, start) => absentAs(undefined, "read", path, () => withFile(path, "r", (file) => tail(file, start))),
  size: (path) => absentAs(undefined, "look at", path, async () => (await stat(path)).size),
  list: (folder) => absentAs([], "list", folder, async () => (await readdir(folder)).sort()),
  isLink: (path) => absentAs(false, "look at", path, async () => (await lstat(path)).isSymbolicLink()),
  makeFolder: (folder) => named("make the folder", folder, () => makeFolder(folder)),
  write: (path, bytes, options = {}) =>
    named("write", path, async () => {
      const file = await open(path, options.exclusive ? "wx" : "w", options.mode ?? 0o600).catch((error: unknown) => {
        throw codeOf(error) === "EEXIST" ? new FileExists(`${path} exists already`) : error;
      });
      await closing(file, () => file.writeFile(bytes));
    }),
  append: (path, bytes) => named("write", path, () => withFile(path, "a", (file) => file.appendFile(bytes))),
  truncate: (path, length) => named("shorten", path, () => truncate(path, length)),
  syncFile: (path) => named("make durable", path, () => withFile(path, "r", (file) => file.sync())),
  syncFolder: (folder) => named("make durable", folder, () => withFile(folder, "r", (file) => file.sync())),
  rename: (from, to) => named("put in place", to, () => rename(from, to)),
  remove: (path) => named("remove", path, () => rm(path, { force: true })),
};

/** Folders whose names, up to the root, we made durable. */
const settledFolders = new Set<string>();

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  // Also names that were there already: a process that was killed may have made and not synced them.
  let ours = first !== undefined;
  for (let each = folder; (ours || !settledFolders.has(each)) && each !== dirname(each); each = dirname(each)) {
    const sync = withFile(dirname(each), "r", (file) => file.sync());
    // Folders above that we may not open are not ours, and older than this run.
    await (ours ? sync : sync.catch(() => {}));
    if (each === first) ours = false;
    settledFolders.add(each);
  }
}

async function tail(file: FileHandle, start: number): Promise<Uint8Array> {
  if (start === 0) return file.readFile();
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.max(0, size - start));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

async function withFile<T>(path: string, flags: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags, 0o600);
  return closing(file, () => work(file));
}

async function closing<T>(file: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await file.close();
  }
}

async function absentAs<T>(absent: T, doing: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return absent;
    throw asFault(error, doing, path, "no");
  }
}

async function named<T>(doing: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asFault(error, doing, path, "unknown");
  }
}

function asFault(error: unknown, doing: string, path: string, happened: "no" | "unknown"): unknown {
  const code = codeOf(error);
  if (error instanceof Fault || code === undefined) return error;
  const [reason, remedy] = reasons[code] ?? [code, "look at the path and run again"];
  return new Fault(`cannot ${doing} ${path}: ${reason}`, { happened, at: path, remedy, code });
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}
