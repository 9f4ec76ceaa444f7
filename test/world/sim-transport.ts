import { Fault } from "../../src/diagnostic.ts";
import type { HttpRequest, HttpResponse, Transport } from "../../src/io.ts";
import { type SimRequest, type SimResponse, SimulatedCut } from "../../src/simulators/wire.ts";

/** What a simulator is to a transport. */
export interface Simulated {
  handle(request: SimRequest): Promise<SimResponse>;
}

/** A transport to simulators in process, one for each origin. What they cut becomes a Fault that cannot tell what happened. */
export class SimTransport implements Transport {
  readonly #simulators: ReadonlyMap<string, Simulated>;
  /** Every request that was sent, for tests that look for what must not be in one. */
  readonly sent: HttpRequest[] = [];

  constructor(simulators: Record<string, Simulated>) {
    this.#simulators = new Map(Object.entries(simulators));
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    this.sent.push(request);
    const { origin, pathname, search } = new URL(request.url);
    const simulator = this.#simulators.get(origin);
    if (!simulator) throw new Fault("connection refused", { happened: "no", at: origin });
    const { method, headers, body = "" } = request;
    try {
      return whole(await simulator.handle({ method, path: pathname + search, headers, body }));
    } catch (error) {
      if (!(error instanceof SimulatedCut)) throw error;
      throw new Fault("the connection was cut", { happened: "unknown", at: origin });
    }
  }
}

/** A body that is shorter than it says was cut on the way. */
function whole(response: SimResponse): SimResponse {
  const length = Number(response.headers["content-length"] ?? Buffer.byteLength(response.body));
  if (length <= Buffer.byteLength(response.body)) return response;
  throw new Fault("the answer was cut off", { happened: "unknown" });
}
