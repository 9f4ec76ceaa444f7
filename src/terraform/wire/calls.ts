import type { Log } from "./log.ts";
import type { Call } from "./service.ts";

/** The requests that are under way, so that stopping reaches each of them. */
export class Calls {
  readonly #running = new Set<RunningCall>();

  begin(log: Log): RunningCall {
    const call = new RunningCall(log, () => this.#running.delete(call));
    this.#running.add(call);
    return call;
  }

  /** Tells all that are under way now; later ones are not stopped. */
  stop(): void {
    for (const call of this.#running) call.giveUp();
  }
}

/** One request under way. Most never look at their signal, and none is made for those: it would be a tenth of a request's work. */
export class RunningCall implements Call {
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
