import type { Page, Request, Response } from "playwright-core";
import type { Happened } from "../../diagnostic.ts";

/** What went wrong with the page itself. */
interface Trouble {
  message: string;
  happened: Happened;
  transient: boolean;
}

/** They stay open while a page is used, or nobody waits for them. */
const endless = new Set(["eventsource", "websocket", "media", "ping", "manifest"]);
const looks = new Set(["GET", "HEAD", "OPTIONS"]);
/** After these the request never left, or nobody at the other end could read it. */
const neverArrived =
  /ERR_(?:CONNECTION_REFUSED|NAME_NOT_RESOLVED|ADDRESS_UNREACHABLE|INTERNET_DISCONNECTED|BLOCKED_BY_CLIENT|UNSAFE_PORT|CERT_\w+|SSL_\w+|PROXY_CONNECTION_FAILED|TUNNEL_CONNECTION_FAILED)/;

/** To another site, which we do not allow. */
const isBlocked = /ERR_(?:BLOCKED_BY_CLIENT|NAME_NOT_RESOLVED)/;

const isWrite = (request: Request): boolean => !looks.has(request.method());

/** Watches what a page asks the system for: what is on its way, what may have changed something, and what went wrong. */
export class Traffic {
  sent = 0;
  /** Of the present document. */
  status = 0;
  /** Origins of the document that was asked for last, also when it did not come: where that began, and where redirects led. */
  document: { from: string; to: string } | undefined;
  /** Whether the page began to be left since `begin`. */
  isLeft = false;
  /** A change that the page itself asked for and that was refused, since this was taken last. */
  #refused: string | undefined;
  #trouble: Trouble | undefined;
  readonly #onWay = new Set<Request>();
  /** What was on its way already when the present act began, such as a request that waits for news. */
  #before: ReadonlySet<Request> = new Set();
  /** Called when something arrives. */
  #whenArrived: (() => void)[] = [];
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    page.on("request", (request) => this.#begin(request));
    page.on("response", (response) => this.#answer(response));
    page.on("requestfinished", (request) => this.#end(request));
    page.on("requestfailed", (request) => this.#fail(request));
  }

  /** An act begins: what acts before it left behind is forgotten. */
  begin(): void {
    this.#trouble = undefined;
    this.#refused = undefined;
    this.isLeft = false;
    this.#before = new Set(this.#onWay);
  }

  /** What went wrong with the document since `begin`. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** A request of a script that was to change something and was answered with an error since `begin`. */
  get refused(): string | undefined {
    return this.#refused;
  }

  /**
   * Waits until everything that the act led to has arrived and the page has taken it in: pages and changes for `boundMs`, and what
   * scripts only ask for no longer than `askedMs`, as they may ask for news without an end. What is late then is trouble.
   */
  async settle(boundMs: number, askedMs: number): Promise<void> {
    const begunMs = performance.now();
    for (;;) {
      const elapsedMs = performance.now() - begunMs;
      const awaited = this.#awaited();
      const restMs = (awaited.some((request) => this.#matters(request)) ? boundMs : askedMs) - elapsedMs;
      if (awaited.length > 0 && restMs > 0) await this.#arrival(restMs);
      else if (awaited.length > 0 || elapsedMs > boundMs) break;
      else if ((await this.#takenIn(boundMs - elapsedMs)) && this.#awaited().length === 0) break;
    }
    const late = this.#awaited().find((request) => this.#matters(request));
    if (!late) return;
    const message = `did not come within ${Math.round(boundMs / 1000)} s`;
    this.#trouble = { message, happened: happened(late, true), transient: true };
  }

  /** What the present act led to and is still on its way. */
  #awaited(): Request[] {
    return [...this.#onWay].filter((request) => !this.#before.has(request));
  }

  #matters(request: Request): boolean {
    return isWrite(request) || this.#isDocument(request);
  }

  /** The next thing that arrives, or the end of the time. */
  #arrival(withinMs: number): Promise<void> {
    return within(withinMs, new Promise((resolve) => this.#whenArrived.push(resolve)));
  }

  /** One turn of the page's own loop: what a script does with an answer is done then. False when another page came meanwhile. */
  async #takenIn(withinMs: number): Promise<boolean> {
    const turn = async (): Promise<void> => {
      await this.#page.waitForLoadState("domcontentloaded", { timeout: Math.max(1, withinMs) });
      await this.#page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
    };
    try {
      await within(withinMs, turn());
      return true;
    } catch {
      return this.#page.isClosed();
    }
  }

  #begin(request: Request): void {
    if (endless.has(request.resourceType())) return;
    this.#onWay.add(request);
    if (isWrite(request)) this.sent += 1;
    if (!this.#isDocument(request)) return;
    this.isLeft = true;
    const [from, to] = [firstOf(request), request].map((one) => new URL(one.url()).origin) as [string, string];
    this.document = { from, to };
  }

  #answer(response: Response): void {
    const request = response.request();
    if (!this.#onWay.has(request)) return;
    const status = response.status();
    const wrote = isWrite(request);
    // Refused for haste, it was not performed.
    if (wrote && status === 429) this.sent -= 1;
    if (!this.#isDocument(request)) {
      if (wrote && status >= 400) this.#refused = `${request.method()} was answered with HTTP ${status}`;
      return;
    }
    if (status >= 300 && status < 400) return;
    this.status = status;
    this.#trouble = undefined;
    const isPage = /^text\/html\b|^application\/xhtml/i.test(response.headers()["content-type"] ?? "");
    if (isPage) return;
    this.#trouble = {
      message: `was answered with HTTP ${status} and no page`,
      happened: happened(request, status !== 429),
      transient: status === 429 || status >= 500,
    };
  }

  #end(request: Request): void {
    this.#onWay.delete(request);
    for (const resolve of this.#whenArrived.splice(0)) resolve();
  }

  #fail(request: Request): void {
    if (!this.#onWay.has(request)) return;
    const why = request.failure()?.errorText ?? "it failed";
    const arrived = !neverArrived.test(why);
    if (isWrite(request) && !arrived) this.sent -= 1;
    if (this.#isDocument(request)) {
      this.status = 0;
      this.#trouble = {
        message: `did not come: ${why}`,
        happened: happened(request, arrived),
        transient: true,
      };
    } else if (isWrite(request) && !isBlocked.test(why)) this.#refused = `${request.method()} was not answered: ${why}`;
    this.#end(request);
  }

  #isDocument(request: Request): boolean {
    return request.isNavigationRequest() && request.frame() === this.#page.mainFrame();
  }
}

/** The request that redirects began with. */
function firstOf(request: Request): Request {
  const before = request.redirectedFrom();
  return before ? firstOf(before) : request;
}

/** A form leads on to another page: where that did not come, the form was taken all the same. */
function happened(request: Request, wasTaken: boolean): Happened {
  if (isWrite(request) && wasTaken) return "unknown";
  const before = request.redirectedFrom();
  return before ? happened(before, true) : "no";
}

/** What comes first: it, or the end of the time. */
async function within(boundMs: number, it: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, boundMs));
  });
  try {
    await Promise.race([it, end]);
  } finally {
    clearTimeout(timer);
  }
}
