import { setMaxListeners } from "node:events";
import type { Dispatcher, Pool } from "undici";
import { Fault } from "../diagnostic.ts";
import type { HttpRequest, HttpResponse, Transport } from "../io.ts";
import { wireFault } from "./wire-fault.ts";

/** The way to a system. */
export interface Route {
  /** URL of an HTTP proxy; without it the environment's proxy is used. */
  proxy?: string;
  /** PEM text of certificate authorities beside the usual ones. */
  ca?: string;
}

/** The variables that are looked at: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, upper or lower case. */
export type Environment = Record<string, string | undefined>;

/** Never sent to the environment's proxy: it could not reach our own machine. */
const loopback = "localhost,127.0.0.1,[::1]";

/** Transports over undici: one set of connections for each route. */
export class Transports {
  readonly #env: Environment;
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();

  constructor(env: Environment = {}) {
    this.#env = env;
  }

  route(route: Route): Transport {
    const key = JSON.stringify([route.proxy ?? "", route.ca ?? ""]);
    return {
      send: async (request) => {
        const dispatcher = this.#dispatchers.get(key) ?? connect(route, this.#env);
        this.#dispatchers.set(key, dispatcher);
        return exchange(await dispatcher, request);
      },
    };
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const open = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    // One that could not be made has nothing to end.
    for (const made of await Promise.allSettled(open)) if (made.status === "fulfilled") await made.value.destroy();
  }
}

/** The inner file is no promise of undici's: where a release closes it, the whole library serves as well. */
async function agentClass(): Promise<typeof import("undici").Agent> {
  try {
    return (await import("undici/lib/dispatcher/agent.js")).default;
  } catch {
    return (await import("undici")).Agent;
  }
}

async function connect({ proxy, ca }: Route, env: Environment): Promise<Dispatcher> {
  // Node takes a list of authorities instead of its own ones, not beside them.
  const trust = ca === undefined ? {} : { ca: [...(await import("node:tls")).rootCertificates, ca] };
  // The deadline of a request is kept here in one piece, not by undici's three timeouts.
  const options = { headersTimeout: 0, bodyTimeout: 0, connect: { ...trust, timeout: 0 } };
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY ?? "";
  const httpsProxy = env.https_proxy ?? env.HTTPS_PROXY ?? "";
  if (proxy === undefined && httpProxy === "" && httpsProxy === "") {
    // All of undici, with fetch, caches and mocks, costs more CPU than starting Node (docs/benchmarks.md).
    const Agent = await agentClass();
    return new Agent(options);
  }
  const undici = await import("undici");
  const clientFactory = (origin: URL, settings: object) => oneTry(new undici.Pool(origin, settings));
  const throughProxy = { ...options, requestTls: trust, proxyTls: trust, clientFactory };
  try {
    if (proxy !== undefined) return new undici.ProxyAgent({ ...throughProxy, uri: proxy });
    const others = env.no_proxy ?? env.NO_PROXY ?? "";
    const noProxy = others.trim() === "*" ? "*" : `${loopback},${others}`;
    return new undici.EnvHttpProxyAgent({ ...throughProxy, httpProxy, httpsProxy, noProxy });
  } catch {
    // The text of the error may hold the URL with its password.
    const remedy = "write it as http://HOST:PORT, in the system's `proxy` or in HTTPS_PROXY";
    throw new Fault("the URL of the proxy cannot be used", { happened: "no", remedy, code: "proxy" });
  }
}

/** undici asks for a tunnel again and again, without a pause, when the proxy cuts the connection. One failure is enough for us. */
function oneTry(proxy: Pool): Pool {
  const tunnel = proxy.connect.bind(proxy) as (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;
  const once = (options: Dispatcher.ConnectOptions) =>
    tunnel(options).catch((error: { code?: string }) => {
      throw error.code === "UND_ERR_SOCKET" ? Object.assign(new Error("no tunnel"), { code: "PROXY_CUT" }) : error;
    });
  return Object.assign(proxy, { connect: once as typeof proxy.connect });
}

function exchange(dispatcher: Dispatcher, request: HttpRequest): Promise<HttpResponse> {
  const url = new URL(request.url);
  return new Promise((resolve, reject) => {
    const exchanged = new Exchange(request, url, resolve, reject);
    const { method, headers, body = null } = request;
    try {
      dispatcher.dispatch({ origin: url.origin, path: url.pathname + url.search, method, headers, body }, exchanged);
    } catch (error) {
      exchanged.fail(error);
    }
  });
}

/** Why we ended an exchange ourselves. */
type Ending = "deadline" | "aborted" | "too-large";

/** One request on its way. It is started when undici hands it to a connection; before that it has surely not happened. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #url: URL;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: Fault) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = () => this.#end("aborted");
  #controller: Dispatcher.DispatchController | undefined;
  #ending: Ending | undefined;
  #status = 0;
  #headers: HttpResponse["headers"] = {};
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(
    request: HttpRequest,
    url: URL,
    resolve: (response: HttpResponse) => void,
    reject: (error: Fault) => void,
  ) {
    this.#request = request;
    this.#url = url;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#end("deadline"), request.timeoutMs);
    // Many requests of one run share its signal; Node would warn of a leak from the eleventh on.
    if (request.signal) setMaxListeners(0, request.signal);
    request.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (request.signal?.aborted) this.#onAbort();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // We gave up while it waited for a connection: it must not be written any more.
    if (this.#ending) controller.abort(new Error(this.#ending));
    else this.#controller = controller;
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) this.#headers[name] = value;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.#request.bytesMax) this.#end("too-large");
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#settle();
    const body = new TextDecoder().decode(Buffer.concat(this.#chunks));
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_: Dispatcher.DispatchController, error: unknown): void {
    this.fail(error);
  }

  fail(error: unknown): void {
    this.#settle();
    const started = this.#controller !== undefined;
    this.#reject(
      wireFault(
        this.#url,
        { started, timeoutMs: this.#request.timeoutMs, bytesMax: this.#request.bytesMax },
        this.#ending ?? error,
      ),
    );
  }

  #end(ending: Ending): void {
    this.#ending ??= ending;
    this.fail(ending);
    this.#controller?.abort(new Error(ending));
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#request.signal?.removeEventListener("abort", this.#onAbort);
  }
}
