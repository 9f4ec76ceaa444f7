import type { Plain } from "../resource.ts";

/** One line of the log. The backend knows nothing of its meaning. */
export type LogRecord = { [name: string]: Plain };

/** Who holds the lock, for people. */
export interface LockOwner {
  /** User name. */
  who: string;
  host: string;
  pid: number;
  /** What runs, for example `apply`. */
  command: string;
  /** ISO 8601. */
  since: string;
  /** Tells this holder apart from a later process with the same pid. */
  id: string;
}

export interface LogContents {
  /** Undefined while nothing was ever appended. */
  lineage: string | undefined;
  /** Number of records; 0 for an empty log. */
  serial: number;
  /** The cached fold and the serial it was made at, when there is a usable one. */
  snapshot?: { serial: number; state: Plain };
  /** The records after the snapshot, or all of them. */
  records: LogRecord[];
  /** A torn last line was found and left out; the next append cuts it off. */
  torn: boolean;
}

/**
 * Where state lives: an append-only log with compare-and-swap. The log is the ledger; a snapshot is only its cache.
 * Failures are `Fault`s that name the place; damage that is not a torn last line, a newer format, and a serial that moved are `Refusal`s.
 */
export interface StateLog {
  /** For people: where it is. */
  readonly place: string;
  read(): Promise<LogContents>;
  /**
   * Appends after `serial` and resolves with the new serial when the records are durable. Calls that are made while another
   * is being written are written together (group commit); each passes the serial that it expects or "any" under the lock.
   * `lineage` is fixed by the first append. `check` is called when nothing can come between any more; what it throws is the answer, and
   * nothing is appended.
   */
  append(serial: number | "any", records: LogRecord[], lineage: string, check?: () => void): Promise<number>;
  /**
   * The records that others appended since this object last read or wrote; it appends after them from then on. For logs that several
   * processes keep, each under the lock. Throws a Refusal when what was there before is not there any more.
   */
  follow(): Promise<LogRecord[]>;
  /** Replaces the snapshot; losing it is harmless. */
  writeSnapshot(serial: number, state: Plain): Promise<void>;
  /** Takes the lock or throws a Refusal that names its owner. A lock of a dead process on this host is taken over. */
  lock(owner: LockOwner): Promise<Lock>;
  lockOwner(): Promise<LockOwner | undefined>;
  /** Takes the lock away from whoever holds it (`state unlock`). */
  breakLock(): Promise<LockOwner | undefined>;
}

export interface Lock {
  readonly owner: LockOwner;
  release(): Promise<void>;
}
