import type { Clock } from "../../src/io.ts";

/** Time that the test decides. A sleep takes no real time: it yields once, and then the clock has moved to its end. */
export class VirtualClock implements Clock {
  #now: number;

  constructor(startMs: number = Date.parse("2026-11-20T12:00:00Z")) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  /** Sleepers side by side share the time: the clock moves to the latest end, not to the sum. */
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const end = this.#now + ms;
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    this.#now = Math.max(this.#now, end);
  }
}
