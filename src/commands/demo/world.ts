import { type ServedSimulator, serveSimulator } from "../../simulators/server.ts";
import { VelocloudSimulator } from "../../simulators/velocloud/simulator.ts";
import type { SimRequest } from "../../simulators/wire.ts";

/** The simulated orchestrator of the demo, with a moment between a token's download and its answer. */
export interface DemoWorld {
  readonly simulator: VelocloudSimulator;
  readonly served: ServedSimulator;
  /** Called once, after the next download was carried out and before its answer goes out. */
  afterDownload: (() => Promise<void>) | undefined;
}

/** Starts the orchestrator on 127.0.0.1. */
export async function startWorld(): Promise<DemoWorld> {
  const simulator = new VelocloudSimulator({ users: 2 });
  const handle = async (request: SimRequest) => {
    const answer = await simulator.handle(request);
    const { afterDownload } = world;
    if (afterDownload && request.path.endsWith("/downloadApiToken")) {
      world.afterDownload = undefined;
      await afterDownload();
    }
    return answer;
  };
  const world: DemoWorld = { simulator, served: await serveSimulator({ handle }), afterDownload: undefined };
  return world;
}
