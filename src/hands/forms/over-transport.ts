import { Fault } from "../../diagnostic.ts";
import type { Transport } from "../../io.ts";
import { consolePageCharactersMax, requestTimeoutMs } from "../../limits.ts";
import type { ConsoleRequest, ConsoleResponse, SendRequest } from "./wire.ts";

interface OverTransportOptions {
  /** Whole time of one request; 30 s by default. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** A console that is served over HTTP. `origin` is `http://host:port`, without a path. Throws the transport's Faults. */
export function sendOver(transport: Transport, origin: string, options: OverTransportOptions = {}): SendRequest {
  const { timeoutMs = requestTimeoutMs, signal } = options;
  return async ({ method, path, headers: given, body }: ConsoleRequest): Promise<ConsoleResponse> => {
    // The transport names the host itself, by the URL.
    const { host: _host, ...headers } = given;
    const content = method === "POST" ? { body } : {};
    const bounds = { timeoutMs, bytesMax: consolePageCharactersMax, ...(signal ? { signal } : {}) };
    try {
      return await transport.send({ method, url: origin + path, headers, ...content, ...bounds });
    } catch (error) {
      // Looking at a page changes nothing, even when the answer is lost.
      if (method === "GET" && error instanceof Fault)
        throw new Fault(error.message, { ...error.details, happened: "no" });
      throw error;
    }
  };
}
