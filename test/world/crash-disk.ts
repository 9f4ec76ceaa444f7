import { basename, dirname } from "node:path";
import { type Disk, FileExists } from "../../src/io.ts";

/** Thrown by a test's `onPoint`: the process is gone from here on. */
export class Crash extends Error {}

/** What one file holds now, and what of it a power cut would leave. */
interface Inode {
  content: Buffer;
  durable: Buffer;
  /** So many bytes at the beginning were durable and were not touched since; no crash takes them. */
  untouched: number;
}

/** One atomic change of names: each path now means that file, or none. */
type NameChange = [path: string, file: Inode | undefined][];

export interface CrashDiskOptions {
  /** Called `before`, `during` (half of the bytes are there) and `after` each mutating call, for example `during append log.jsonl`. */
  onPoint?: (name: string) => void;
  /**
   * Syncs that do nothing although they say so: `syncFile:log.jsonl`, `syncFolder:state`; `*` at the end stands for anything.
   * `sync#3` is the third sync of any kind on this disk; the disk after a crash does not inherit it.
   */
  ignore?: string[];
  /** Awaited before each call, so that a test decides how processes on one disk take turns. */
  turn?: () => Promise<void>;
}

export interface CrashOptions {
  /**
   * What of the unsynced survives. "nothing": a power cut that loses all of it (the default). "some": a power cut after the
   * system had written a part: a prefix of the name changes of each folder, and torn contents. "everything": only the
   * process was killed; what was not durable stays so until somebody syncs it.
   */
  keep?: "nothing" | "some" | "everything";
  /** Chooses what "some" keeps. */
  seed?: number;
}

/**
 * A disk in memory that forgets on a crash whatever was not made durable: content without `syncFile`, and names without
 * `syncFolder`. A `Crash` thrown in `onPoint` kills the process: every later call on this disk throws the same. Anything else
 * that is thrown there is an error of that one call.
 */
export class CrashDisk implements Disk {
  onPoint: (name: string) => void;
  readonly ignore: string[];
  readonly #turn: (() => Promise<void>) | undefined;
  #live = new Map<string, Inode>();
  #durable = new Map<string, Inode>();
  #pending = new Map<string, NameChange[]>();
  #folders = new Set<string>(["/"]);
  #death: unknown;
  #syncs = 0;

  constructor(options: CrashDiskOptions = {}) {
    this.onPoint = options.onPoint ?? (() => {});
    this.ignore = options.ignore ?? [];
    this.#turn = options.turn;
  }

  /** The disk as the next process finds it. This one is dead from now on. */
  crash(options: CrashOptions = {}): CrashDisk {
    const next = new CrashDisk({
      ignore: this.ignore.filter((each) => !each.includes("#")),
      ...(this.#turn && { turn: this.#turn }),
    });
    const keep = options.keep ?? "nothing";
    const random = seeded(options.seed ?? 1);
    const copies = new Map<Inode, Inode>();
    const copy = (file: Inode): Inode => {
      const known = copies.get(file);
      if (known) return known;
      const content = keep === "everything" ? file.content : keep === "some" ? torn(file, random) : file.durable;
      const made = keep === "everything" ? { ...file } : { content, durable: content, untouched: content.length };
      copies.set(file, made);
      return made;
    };
    const names = keep === "everything" ? this.#live : new Map(this.#durable);
    if (keep === "some")
      for (const changes of this.#pending.values())
        for (const change of changes.slice(0, random(changes.length + 1))) rename(names, change);
    for (const [path, file] of names) next.#live.set(path, copy(file));
    for (const [path, file] of keep === "everything" ? this.#durable : names) next.#durable.set(path, copy(file));
    if (keep === "everything")
      for (const [folder, changes] of this.#pending)
        next.#pending.set(
          folder,
          changes.map((change) => change.map(([path, file]) => [path, file && copy(file)])),
        );
    next.#folders = new Set(this.#folders);
    this.#death ??= new Crash("this disk belongs to a process that crashed");
    return next;
  }

  /** How many syncs were asked for so far. */
  get syncs(): number {
    return this.#syncs;
  }

  /** Every file as it is now, for assertions. */
  files(): Record<string, string> {
    return Object.fromEntries([...this.#live].map(([path, file]) => [path, file.content.toString("utf8")]));
  }

  /** Puts a file there durably, around the code under test. */
  plant(path: string, content: string | Uint8Array): void {
    const bytes = Buffer.from(content);
    const file = { content: bytes, durable: bytes, untouched: bytes.length };
    this.#live.set(path, file);
    this.#durable.set(path, file);
    for (let folder = dirname(path); folder !== "/"; folder = dirname(folder)) this.#folders.add(folder);
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.readFrom(path, 0);
  }

  async readFrom(path: string, start: number): Promise<Uint8Array | undefined> {
    await this.#enter();
    const file = this.#live.get(path);
    return file && Uint8Array.prototype.slice.call(file.content, start);
  }

  async size(path: string): Promise<number | undefined> {
    await this.#enter();
    return this.#live.get(path)?.content.length;
  }

  async list(folder: string): Promise<string[]> {
    await this.#enter();
    const prefix = folder.endsWith("/") ? folder : `${folder}/`;
    const below = [...this.#live.keys(), ...this.#folders].filter((path) => path.startsWith(prefix) && path !== prefix);
    return [...new Set(below.map((path) => path.slice(prefix.length).split("/")[0]!))].sort();
  }

  /** There are no links on this disk. */
  async isLink(): Promise<boolean> {
    await this.#enter();
    return false;
  }

  async makeFolder(folder: string): Promise<void> {
    await this.#change(`makeFolder ${basename(folder)}`, () => {
      for (let each = folder; each !== "/"; each = dirname(each)) this.#folders.add(each);
    });
  }

  async write(path: string, bytes: Uint8Array, options: { mode?: number; exclusive?: boolean } = {}): Promise<void> {
    await this.#enter();
    this.#point(`before write ${basename(path)}`);
    if (options.exclusive && this.#live.has(path)) throw new FileExists(path);
    const file = this.#open(path);
    file.content = Buffer.alloc(0);
    file.untouched = 0;
    await this.#pour(`write ${basename(path)}`, file, bytes);
  }

  async append(path: string, bytes: Uint8Array): Promise<void> {
    await this.#enter();
    this.#point(`before append ${basename(path)}`);
    await this.#pour(`append ${basename(path)}`, this.#open(path), bytes);
  }

  async truncate(path: string, length: number): Promise<void> {
    await this.#change(`truncate ${basename(path)}`, () => {
      const file = this.#need(path);
      file.content = file.content.subarray(0, length);
      file.untouched = Math.min(file.untouched, length);
    });
  }

  async syncFile(path: string): Promise<void> {
    await this.#change(`syncFile ${basename(path)}`, () => {
      const file = this.#need(path);
      if (this.#ignored(`syncFile:${basename(path)}`)) return;
      file.durable = file.content;
      file.untouched = file.content.length;
    });
  }

  async syncFolder(folder: string): Promise<void> {
    await this.#change(`syncFolder ${basename(folder)}`, () => {
      if (!this.#folders.has(folder)) throw new Error(`no such folder: ${folder}`);
      if (this.#ignored(`syncFolder:${basename(folder)}`)) return;
      for (const change of this.#pending.get(folder) ?? []) rename(this.#durable, change);
      this.#pending.delete(folder);
    });
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#change(`rename ${basename(from)}`, () =>
      this.#rename(dirname(to), [
        [from, undefined],
        [to, this.#need(from)],
      ]),
    );
  }

  async remove(path: string): Promise<void> {
    await this.#change(`remove ${basename(path)}`, () => {
      if (this.#live.has(path)) this.#rename(dirname(path), [[path, undefined]]);
    });
  }

  async #enter(): Promise<void> {
    await this.#turn?.();
    if (this.#death) throw this.#death;
  }

  #point(name: string): void {
    if (this.#death) throw this.#death;
    try {
      this.onPoint(name);
    } catch (error) {
      if (error instanceof Crash) this.#death = error;
      throw error;
    }
  }

  async #change(name: string, work: () => void): Promise<void> {
    await this.#enter();
    this.#point(`before ${name}`);
    work();
    this.#point(`after ${name}`);
  }

  async #pour(name: string, file: Inode, bytes: Uint8Array): Promise<void> {
    const half = bytes.length >> 1;
    file.content = Buffer.concat([file.content, bytes.subarray(0, half)]);
    this.#point(`during ${name}`);
    if (this.#turn) await this.#enter();
    file.content = Buffer.concat([file.content, bytes.subarray(half)]);
    this.#point(`after ${name}`);
  }

  #open(path: string): Inode {
    const known = this.#live.get(path);
    if (known) return known;
    const file = { content: Buffer.alloc(0), durable: Buffer.alloc(0), untouched: 0 };
    this.#rename(dirname(path), [[path, file]]);
    return file;
  }

  #need(path: string): Inode {
    const file = this.#live.get(path);
    if (!file) throw new Error(`no such file: ${path}`);
    return file;
  }

  #rename(folder: string, change: NameChange): void {
    if (!this.#folders.has(folder)) throw new Error(`no such folder: ${folder}`);
    rename(this.#live, change);
    this.#pending.set(folder, [...(this.#pending.get(folder) ?? []), change]);
  }

  #ignored(sync: string): boolean {
    const numbered = `sync#${++this.#syncs}`;
    return this.ignore.some(
      (each) => each === numbered || (each.endsWith("*") ? sync.startsWith(each.slice(0, -1)) : each === sync),
    );
  }
}

function rename(names: Map<string, Inode>, change: NameChange): void {
  for (const [path, file] of change)
    if (file) names.set(path, file);
    else names.delete(path);
}

/** What a power cut may leave of a file that was being written: old, a prefix of what was added, or its length in zeros. */
function torn(file: Inode, random: (below: number) => number): Buffer {
  const { content, durable, untouched } = file;
  if (content.equals(durable)) return durable;
  const grew = content.length >= durable.length && content.subarray(0, durable.length).equals(durable);
  if (!grew) return random(2) ? durable : content.subarray(0, untouched + random(content.length - untouched + 1));
  const length = durable.length + random(content.length - durable.length + 1);
  if (random(4)) return content.subarray(0, length);
  return Buffer.concat([durable, Buffer.alloc(length - durable.length)]);
}

/** Small numbers out of a seed (mulberry32): enough to choose what a crash keeps. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
