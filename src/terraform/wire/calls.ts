import type { Log } from "./log.ts";
import type { Call } from "./service.ts";

/** By then the last answer is on its way. */
const sendingMs = 10;

/** The requests that are under way, so that stopping reaches each of them. */
export class Calls {
  readonly #running = new Set<RunningCall>();
  #whenNone: (() => void) | undefined;

  begin(log: Log): RunningCall {
    const call = new RunningCall(log, () => {
      this.#running.delete(call);
      if (this.#running.size === 0 && this.#whenNone) setTimeout(this.#whenNone, sendingMs);
    });
    this.#running.add(call);
    return call;
  }

  /** Tells all that are under way, and calls `then` when none is left: at once, or `atMostMs` later in any case. */
  finish(atMostMs: number, then: () => void): void {
    this.#whenNone = then;
    this.stop();
    if (this.#running.size === 0) then();
    else setTimeout(then, atMostMs);
  }

  /** Tells all that are under way now; later ones are not stopped. */
  stop(): void {
    for (const call of this.#running) call.giveUp();
  }
}

/** One request under way. Most never look at their signal, and none is made for those: it would be a tenth of a request's work. */
class RunningCall implements Call {
  readonly log: Log;
  readonly end: () => void;
  #isGivenUp = false;
  #controller: AbortController | undefined;

  constructor(log: Log, end: () => void) {
    this.log = log;
    this.end = end;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isGivenUp) this.#controller.abort();
    return this.#controller.signal;
  }

  giveUp(): void {
    this.#isGivenUp = true;
    this.#controller?.abort();
  }
}
