import { setMaxListeners } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../io.ts";

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    // Many sleepers of one run share its signal; Node would warn of a leak from the eleventh on.
    if (signal) setMaxListeners(0, signal);
    try {
      await wait(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      // Node rejects with an AbortError of its own; the port promises the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
