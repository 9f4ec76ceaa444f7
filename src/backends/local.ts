import { join } from "node:path";
import { Fault, Refusal } from "../diagnostic.ts";
import { oneAtATime } from "../durable.ts";
import type { Clock, Disk } from "../io.ts";
import type { Plain } from "../resource.ts";
import type { Lock, LockOwner, LogContents, LogRecord, StateLog } from "./backend.ts";
import {
  emptyLog,
  formatHeader,
  formatRecords,
  type ParsedLog,
  type Position,
  parseLog,
  parseRecords,
} from "./local-format.ts";
import { breakLock, type HostInfo, lockOwner, takeLock } from "./local-lock.ts";
import { readSnapshotFile, writeSnapshotFile } from "./local-snapshot.ts";

export interface LocalLogOptions {
  /** Absolute. It is made with the first append or lock. */
  folder: string;
  disk: Disk;
  /** For waiting out a lock file that is just being written. */
  clock: Clock;
  host: HostInfo;
}

/** State in a folder of this machine: `log.jsonl` is the ledger, `snapshot.json` its cache, `lock` says who is at work. */
export function openLocalLog(options: LocalLogOptions): StateLog {
  return new LocalLog(options);
}

/** One call of `append` that waits for its turn. */
interface Waiting {
  serial: number | "any";
  records: LogRecord[];
  lineage: string;
  check?: () => void;
  resolve: (serial: number) => void;
  reject: (error: unknown) => void;
}

/** What we know of the log file: its last good line, and how long the file was when we looked. */
interface Known {
  at: Position;
  fileSize: number;
}

class LocalLog implements StateLog {
  readonly place: string;
  readonly #options: LocalLogOptions;
  readonly #disk: Disk;
  readonly #logPath: string;
  readonly #snapshotPath: string;
  #known: Known | undefined;
  #waiting: Waiting[] = [];
  #pumping = false;
  /** We made content and name of the log durable ourselves; a killed predecessor may have left both undone. */
  #settled = false;
  #broken = false;

  constructor(options: LocalLogOptions) {
    this.place = options.folder;
    this.#options = options;
    this.#disk = options.disk;
    this.#logPath = join(options.folder, "log.jsonl");
    this.#snapshotPath = join(options.folder, "snapshot.json");
  }

  read(): Promise<LogContents> {
    return this.#alone(() => this.#load());
  }

  append(serial: number | "any", records: LogRecord[], lineage: string, check?: () => void): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ serial, records, lineage, ...(check && { check }), resolve, reject });
      void this.#pump();
    });
  }

  follow(): Promise<LogRecord[]> {
    return this.#alone(async () => {
      const { at, fileSize } = this.#known ?? { at: emptyLog, fileSize: 0 };
      if (((await this.#disk.size(this.#logPath)) ?? 0) === fileSize) return [];
      if (at.serial === 0) return this.#loadWhole();
      const tail = await this.#readTail({ ...at, open: false });
      if (!tail) throw movedLog(this.#logPath);
      this.#known = { at: tail.at, fileSize: tail.fileSize };
      return tail.records.slice(1);
    });
  }

  /** A snapshot of another serial than the log's last one is not kept. */
  writeSnapshot(serial: number, state: Plain): Promise<void> {
    return this.#alone(async () => {
      if (this.#known?.at.serial !== serial || serial === 0) return;
      // Else a power cut could leave a snapshot that is ahead of its log.
      if (!this.#settled) await this.#settle();
      await writeSnapshotFile(this.#disk, this.#snapshotPath, { at: { ...this.#known.at, open: false }, state });
    });
  }

  lock(owner: LockOwner): Promise<Lock> {
    return takeLock(this.#options, owner);
  }

  lockOwner(): Promise<LockOwner | undefined> {
    return lockOwner(this.#options);
  }

  breakLock(): Promise<LockOwner | undefined> {
    return breakLock(this.#options);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    return oneAtATime(this.#disk, this.#logPath, work);
  }

  async #loadWhole(): Promise<LogRecord[]> {
    const bytes = (await this.#disk.read(this.#logPath)) ?? new Uint8Array();
    const log = parseLog(this.#logPath, bytes);
    this.#known = { at: log.at, fileSize: bytes.length };
    return log.records;
  }

  async #load(): Promise<LogContents> {
    const snapshot = await readSnapshotFile(this.#disk, this.#snapshotPath);
    const tail = snapshot && (await this.#readTail(snapshot.at));
    if (snapshot && tail) {
      this.#known = { at: tail.at, fileSize: tail.fileSize };
      const { lineage, serial } = tail.at;
      const kept = { serial: snapshot.at.serial, state: snapshot.state };
      return { lineage, serial, snapshot: kept, records: tail.records.slice(1), torn: tail.torn };
    }
    const bytes = (await this.#disk.read(this.#logPath)) ?? new Uint8Array();
    const log = parseLog(this.#logPath, bytes);
    if (snapshot) refuseOlder(this.#logPath, this.#snapshotPath, log.at, snapshot.at);
    this.#known = { at: log.at, fileSize: bytes.length };
    return { lineage: log.at.lineage, serial: log.at.serial, records: log.records, torn: log.torn };
  }

  /** The log from the last line before a position; undefined when that line is not there as the position knows it. */
  async #readTail(at: Position): Promise<(ParsedLog & { fileSize: number }) | undefined> {
    const bytes = await this.#disk.readFrom(this.#logPath, at.lineStart);
    if (!bytes || bytes.length < at.size - at.lineStart) return undefined;
    const line = Buffer.from(bytes.buffer, bytes.byteOffset, at.size - at.lineStart);
    const from = { ...at, serial: at.serial - 1, size: at.lineStart, sum: at.before, open: false };
    try {
      if (parseRecords(this.#logPath, line, from).at.sum !== at.sum) return undefined;
      return { ...parseRecords(this.#logPath, bytes, from), fileSize: at.lineStart + bytes.length };
    } catch (error) {
      // The full read finds the damage too, and names the right line.
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    // Calls of the same moment are written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#alone(() => this.#commit(batch));
      } catch (error) {
        for (const each of batch) each.reject(error);
      }
    }
    this.#pumping = false;
  }

  async #commit(batch: Waiting[]): Promise<void> {
    if (this.#broken) throw brokenLog(this.#logPath);
    if (!this.#known) await this.#load();
    const known = this.#known!;
    const found = (await this.#disk.size(this.#logPath)) ?? 0;
    if (found !== known.fileSize) throw movedLog(this.#logPath);
    let at = known.at;
    let text = "";
    const done: { each: Waiting; serial: number }[] = [];
    for (const each of batch) {
      const problem = problemOf(this.#logPath, at, each) ?? thrownBy(each.check);
      if (problem) {
        each.reject(problem);
        continue;
      }
      if (at.lineage === undefined && each.records.length > 0) {
        const header = formatHeader(each.lineage);
        text += header.text;
        at = header.at;
      }
      const lines = formatRecords(at, each.records);
      if (each.records.length > 0) text += lines.text;
      if (each.records.length > 0) at = lines.at;
      done.push({ each, serial: at.serial });
    }
    if (text !== "") await this.#write(known, Buffer.from(text), at);
    for (const { each, serial } of done) each.resolve(serial);
  }

  async #write(known: Known, bytes: Uint8Array, at: Position): Promise<void> {
    if (known.fileSize === 0) await this.#disk.makeFolder(this.#options.folder);
    try {
      if (known.fileSize > known.at.size) await this.#disk.truncate(this.#logPath, known.at.size);
      await this.#disk.append(this.#logPath, bytes);
    } catch (error) {
      await this.#takeBack(known);
      throw error instanceof Fault ? new Fault(error.message, { ...error.details, happened: "no" }) : error;
    }
    await this.#settle();
    this.#known = { at, fileSize: at.size };
  }

  /** A failed write may have left a part of itself. When it cannot be cut off, nothing more is written by this process. */
  async #takeBack(known: Known): Promise<void> {
    this.#broken = true;
    if ((await this.#disk.size(this.#logPath)) !== undefined) {
      await this.#disk.truncate(this.#logPath, known.at.size);
      await this.#disk.syncFile(this.#logPath);
    }
    this.#known = { at: known.at, fileSize: known.at.size };
    this.#broken = false;
  }

  async #settle(): Promise<void> {
    // After a failed sync nobody can say what is on the disk: a second one that succeeds proves nothing.
    this.#broken = true;
    await this.#disk.syncFile(this.#logPath);
    if (!this.#settled) await this.#disk.syncFolder(this.#options.folder);
    this.#settled = true;
    this.#broken = false;
  }
}

function thrownBy(check: (() => void) | undefined): unknown {
  try {
    check?.();
    return undefined;
  } catch (error) {
    return error;
  }
}

function problemOf(path: string, at: Position, { serial, lineage }: Waiting): Refusal | undefined {
  if (at.lineage !== undefined && at.lineage !== lineage) {
    const message = `${path} belongs to another lineage (${at.lineage}) than this run (${lineage})`;
    return new Refusal([
      { message, remedy: "point `state` at the log of this lineage; `steward state show` tells which one it is" },
    ]);
  }
  if (serial === "any" || serial === at.serial) return undefined;
  const message = `${path} is at serial ${at.serial}, not at ${serial}: somebody else appended to it`;
  return new Refusal([{ message, remedy: "run the command again, so that it reads the state anew" }]);
}

function movedLog(path: string): Refusal {
  const message = `${path} changed since this run read it: somebody else appended to it or put another file in its place`;
  return new Refusal([{ message, remedy: "see who it was with `steward state show`, then run the command again" }]);
}

function brokenLog(path: string): Fault {
  const remedy = "check the disk, then run the command again: it reads what was kept";
  return new Fault(`nothing more is written to ${path}: an earlier write failed half-way`, {
    happened: "no",
    at: path,
    remedy,
  });
}

function refuseOlder(logPath: string, snapshotPath: string, log: Position, snapshot: Position): void {
  if (log.serial >= snapshot.serial || (log.lineage ?? snapshot.lineage) !== snapshot.lineage) return;
  const message = `${logPath} ends at serial ${log.serial}, but ${snapshotPath} was made at ${snapshot.serial}: records are missing`;
  const remedy = `restore log.jsonl from version control or a backup; if the older log is the right one, delete ${snapshotPath}`;
  throw new Refusal([{ message, remedy }]);
}
