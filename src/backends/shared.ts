import { Refusal } from "../diagnostic.ts";
import type { Clock } from "../io.ts";
import type { Plain } from "../resource.ts";
import type { Lock, LockOwner, LogContents, LogRecord, StateLog } from "./backend.ts";

/** A log that several processes append to at the same time: the lock is held for one write and not for a whole command. */

interface SharedLogOptions {
  log: StateLog;
  clock: Clock;
  /** Made anew for each time the lock is taken. */
  owner(): LockOwner;
  /** Told what others appended, before anything of ours comes after it. */
  onOthers(records: readonly LogRecord[]): void;
}

/** How long somebody else may hold the lock, and how long we look away in between. */
const lockWaitMs = 60_000;
const lockPollMs = { least: 5, most: 100 };

/** What was written is written. That the lock is still there is told to whoever wants it next. */
const leaveLocked = (): void => undefined;

/** The same log, taking the lock by itself for each write. Calls of one moment are written under one lock. */
export function sharedLog(options: SharedLogOptions): StateLog {
  return new SharedLog(options);
}

class SharedLog implements StateLog {
  readonly place: string;
  readonly #options: SharedLogOptions;
  #waiting: ((hasLock: boolean, error?: unknown) => Promise<unknown>)[] = [];
  #pumping = false;
  #snapshotting = false;

  constructor(options: SharedLogOptions) {
    this.place = options.log.place;
    this.#options = options;
  }

  read(): Promise<LogContents> {
    return this.#options.log.read();
  }

  /** What others appended is told to `onOthers`, always in order; nothing is left to answer. */
  async follow(): Promise<LogRecord[]> {
    await this.#options.log.follow().then((others) => this.#options.onOthers(others));
    return [];
  }

  append(serial: number | "any", records: LogRecord[], lineage: string, check?: () => void): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push((hasLock, error) => {
        if (!hasLock) return Promise.resolve(reject(error));
        return this.#options.log.append(serial, records, lineage, check).then(resolve, reject);
      });
      void this.#pump();
    });
  }

  /**
   * Only the holder of the lock knows that the log does not grow meanwhile: `state` is what `onOthers` folds into, and is written as it
   * is then. One that cannot be written now is written another time.
   */
  async writeSnapshot(_serial: number, state: Plain): Promise<void> {
    if (this.#snapshotting) return;
    this.#snapshotting = true;
    try {
      const lock = await this.#takeLock();
      try {
        await this.follow();
        const { serial } = state as { serial: number };
        await this.#options.log.writeSnapshot(serial, state);
      } finally {
        await lock.release().catch(leaveLocked);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    } finally {
      this.#snapshotting = false;
    }
  }

  lock(owner: LockOwner): Promise<Lock> {
    return this.#options.log.lock(owner);
  }

  lockOwner(): Promise<LockOwner | undefined> {
    return this.#options.log.lockOwner();
  }

  breakLock(): Promise<LockOwner | undefined> {
    return this.#options.log.breakLock();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#writeWaiting();
    this.#pumping = false;
  }

  async #writeWaiting(): Promise<void> {
    let lock: Lock | undefined;
    try {
      lock = await this.#takeLock();
      await this.follow();
    } catch (error) {
      for (const each of this.#waiting.splice(0)) await each(false, error);
      await lock?.release().catch(leaveLocked);
      return;
    }
    await Promise.all(this.#waiting.splice(0).map((each) => each(true)));
    await lock.release().catch(leaveLocked);
  }

  async #takeLock(): Promise<Lock> {
    const { log, clock, owner } = this.#options;
    const giveUpAtMs = clock.now() + lockWaitMs;
    for (let waitMs = lockPollMs.least; ; waitMs = Math.min(2 * waitMs, lockPollMs.most)) {
      try {
        return await log.lock(owner());
      } catch (error) {
        if (!(error instanceof Refusal) || clock.now() >= giveUpAtMs) throw error;
      }
      await clock.sleep(waitMs);
    }
  }
}
