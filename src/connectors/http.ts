import { Fault, type FaultDetails } from "../diagnostic.ts";
import type { HttpRequest, HttpResponse, Io } from "../io.ts";
import { readRetryMs, readTriesMax, responseBytesMax } from "../limits.ts";
import type { SystemConfig } from "../manifest/manifest.ts";
import type { Secret } from "../secret.ts";
import type { SystemAccess } from "./connector.ts";

/** What the client of one system must know and must not exceed. */
export interface HttpOptions {
  /** Name of the configured system, for faults. */
  system: string;
  /** Base URL with path, without a trailing slash. */
  url: string;
  io: Io;
  trace(line: string): void;
  /** Told when every call rests until `untilMs` of the clock. */
  onPause?(untilMs: number): void;
  signal: AbortSignal;
  /** Whole time of one request, waiting for our turn not counted. */
  requestTimeoutMs: number;
  /** Requests in flight at most. */
  concurrencyMax: number;
  /** Every call of the system waits this long after an HTTP 429. Constant. */
  penaltyMs: number;
  /** Answers 429 in a row after which one call gives up. */
  penaltyTriesMax: number;
}

/** The client of one configured system; what the manifest says of its bounds counts. */
export function httpFor(
  { name, url, requestTimeoutMs, concurrency }: SystemConfig,
  { io, trace, onPause, signal }: Pick<SystemAccess, "io" | "trace" | "onPause" | "signal">,
  bounds: Pick<HttpOptions, "concurrencyMax" | "penaltyMs" | "penaltyTriesMax"> & { url?: string },
): HttpClient {
  return new HttpClient({
    ...{ system: name, url, io, trace, signal, requestTimeoutMs, ...bounds },
    ...(onPause ? { onPause } : {}),
    concurrencyMax: concurrency ?? bounds.concurrencyMax,
  });
}

export interface HttpCall {
  method: HttpRequest["method"];
  /** Appended to the base URL. Never holds a query: traces and faults show it. */
  path: string;
  /** The end of the path where that is a secret: sent encoded, and shown nowhere. */
  secretPart?: Secret;
  /** Sent after `?` and shown nowhere. */
  query?: string;
  /** A function is asked anew for each try, for headers that do not keep while a call waits. */
  headers: Record<string, string> | (() => Record<string, string>);
  body?: string;
  /** A read changes nothing worth mentioning: it may be tried again, and its faults always say that nothing happened. */
  effect: "read" | "write";
}

/** An answer whose body was JSON. */
export interface JsonAnswer {
  status: number;
  headers: HttpResponse["headers"];
  value: unknown;
}

/**
 * The HTTP client that connectors share. It bounds the calls in flight, makes all of them wait out a 429, tries failed reads
 * again, never a write, and turns everything that is not an answer into a Fault that judges whether a write can have happened.
 */
export class HttpClient {
  readonly #options: HttpOptions;
  #running = 0;
  #waiting: (() => void)[] = [];
  #penaltyUntil = Number.NEGATIVE_INFINITY;
  /** How far our clock is ahead of the system's, by the `date` of its last answer, in milliseconds. */
  clockSkewMs: number | undefined;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /** The answer, whatever its status. Throws a Fault when there is none or when it is 429 for too long. */
  async send(call: HttpCall): Promise<HttpResponse> {
    return this.#tried(call, () => this.#inTurn(call));
  }

  /** The answer as JSON. Throws a Fault when it is none: a page, a cut body, a redirect, a failure without a body. */
  async sendJson(call: HttpCall): Promise<JsonAnswer> {
    return this.sendJudged(call, (response) => {
      return { status: response.status, headers: response.headers, value: this.#parse(call, response) };
    });
  }

  /** What `judge` makes of the answer. A read that it judges transient is tried again. */
  async sendJudged<T>(call: HttpCall, judge: (response: HttpResponse) => T): Promise<T> {
    return this.#tried(call, async () => judge(await this.#inTurn(call)));
  }

  /** A fault about one call. `unknown` becomes `no` for a read. */
  fault(call: HttpCall, message: string, details: FaultDetails): Fault {
    const happened = call.effect === "read" ? "no" : details.happened;
    return new Fault(message, { ...details, happened, on: this.#options.system, at: this.#address(call) });
  }

  async #tried<T>(call: HttpCall, attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        const again = call.effect === "read" && error instanceof Fault && error.details.transient;
        if (!again || error.details.code === "rate-limited" || tries >= readTriesMax) throw error;
        await this.#sleep(call, readRetryMs);
      }
    }
  }

  async #inTurn(call: HttpCall): Promise<HttpResponse> {
    if (this.#running >= this.#options.concurrencyMax) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await this.#withPenalty(call);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  async #withPenalty(call: HttpCall): Promise<HttpResponse> {
    const { io, penaltyMs, penaltyTriesMax } = this.#options;
    for (let tries = 1; tries <= penaltyTriesMax; tries++) {
      await this.#waitOutPenalty(call);
      const response = await this.#once(call);
      if (response.status !== 429) return response;
      this.#penaltyUntil = io.clock.now() + penaltyMs;
      this.#options.onPause?.(this.#penaltyUntil);
    }
    throw this.fault(call, `it answered "too many requests" (HTTP 429) ${penaltyTriesMax} times in a row`, {
      happened: "no",
      transient: true,
      code: "rate-limited",
      remedy: "wait for what else calls this system to end, or set concurrency: 1 on the system",
    });
  }

  async #waitOutPenalty(call: HttpCall): Promise<void> {
    const { clock } = this.#options.io;
    for (let left = this.#penaltyUntil - clock.now(); left > 0; left = this.#penaltyUntil - clock.now()) {
      await this.#sleep(call, left);
    }
  }

  async #sleep(call: HttpCall, ms: number): Promise<void> {
    const { io, signal } = this.#options;
    await io.clock.sleep(ms, signal).catch(() => {
      throw this.#aborted(call);
    });
  }

  #aborted(call: HttpCall): Fault {
    return this.fault(call, "it was not asked, because the run was stopped", { happened: "no", code: "aborted" });
  }

  async #once(call: HttpCall): Promise<HttpResponse> {
    const { io, requestTimeoutMs: timeoutMs, signal } = this.#options;
    if (signal.aborted) throw this.#aborted(call);
    const { method, body, query } = call;
    const headers = typeof call.headers === "function" ? call.headers() : call.headers;
    const part = call.secretPart ? encodeURIComponent(call.secretPart.reveal()) : "";
    const url = `${this.#address(call)}${part}${query === undefined ? "" : `?${query}`}`;
    const request = { method, url, headers, timeoutMs, bytesMax: responseBytesMax, signal };
    const startedAt = io.clock.now();
    try {
      const response = await io.transport.send(body === undefined ? request : { ...request, body });
      this.#trace(call, String(response.status), startedAt);
      this.#noteClock(response);
      return response;
    } catch (error) {
      this.#trace(call, "no answer", startedAt);
      throw error instanceof Fault ? this.#broken(call, error) : error;
    }
  }

  /** The transport's fault with the names that only we know. */
  #broken(call: HttpCall, cause: Fault): Fault {
    const stopped = this.#options.signal.aborted;
    const transient = !stopped && (cause.details.transient ?? cause.details.happened === "unknown");
    return this.fault(call, cause.message, { ...cause.details, transient });
  }

  #trace(call: HttpCall, outcome: string, startedAt: number): void {
    const { io, trace } = this.#options;
    trace(`${call.method} ${this.#address(call)} ${outcome} ${io.clock.now() - startedAt} ms`);
  }

  #noteClock(response: HttpResponse): void {
    const date = response.headers.date;
    const at = typeof date === "string" ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(at)) this.clockSkewMs = this.#options.io.clock.now() - at;
  }

  #parse(call: HttpCall, response: HttpResponse): unknown {
    const { status, body } = response;
    if (status >= 300 && status < 400) throw this.#misplaced(call, `it redirects elsewhere (HTTP ${status})`);
    try {
      return JSON.parse(body);
    } catch {
      throw this.#notJson(call, response);
    }
  }

  #notJson(call: HttpCall, { status, body }: HttpResponse): Fault {
    if (status >= 500) {
      return this.fault(call, `it failed (HTTP ${status})`, { happened: "unknown", transient: true, code: "broken" });
    }
    if (status === 401 || status === 403) {
      const remedy = "check the credentials of the system, and whether a proxy stands before it";
      return this.fault(call, `it refused (HTTP ${status})`, { happened: "no", code: "unauthorized", remedy });
    }
    if (status >= 400) return this.#misplaced(call, `it has no such path (HTTP ${status})`, "no");
    if (/^\s*</.test(body)) return this.#misplaced(call, "it answered with a page instead of JSON");
    const what = body.trim() === "" ? "an empty answer" : "an answer that is cut off or is not JSON";
    return this.fault(call, `it gave ${what}`, { happened: "unknown", transient: true, code: "broken" });
  }

  #misplaced(call: HttpCall, message: string, happened: "no" | "unknown" = "unknown"): Fault {
    const remedy = "check the url of the system: another path, a sign-in page or a proxy answers there";
    return this.fault(call, message, { happened, code: "misplaced", remedy });
  }

  #address(call: HttpCall): string {
    return `${this.#options.url}${call.path}`;
  }
}
