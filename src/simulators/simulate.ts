import type { FaultRule } from "./faults.ts";
import { type ServedSimulator, serveSimulator } from "./server.ts";
import type { SimulatorSettings } from "./velocloud/options.ts";
import { VelocloudSimulator } from "./velocloud/simulator.ts";

export type SimulateOptions = {
  /** 1 by default; equal seeds give equal worlds. */
  seed?: number;
  /** Extra users of the first enterprise, 0 by default. */
  users?: number;
  /** Added to every call, milliseconds, 0 by default. */
  latencyMs?: number;
  /** Rules or their text, see `parseFault`. */
  faults?: readonly (FaultRule | string)[];
  /** The first simulator listens here, the next on the port after it. 0, the default: any free ports. */
  portBase?: number;
  /** Switches of the VeloCloud simulator. */
  velocloud?: Partial<SimulatorSettings>;
  now?: () => number;
};

/** What `steward simulate --json` prints, by system. The credentials and the token belong to one super user. */
export type SimulatorsReady = {
  velocloud: {
    url: string;
    enterprise_id: number;
    credentials: { username: string; password: string };
    token: string;
  };
};

export type RunningSimulators = {
  readonly ready: SimulatorsReady;
  readonly velocloud: VelocloudSimulator;
  close(): Promise<void>;
};

/** Starts every simulator on 127.0.0.1. Throws when a fault's text is wrong or a port is taken. */
export async function startSimulators(options: SimulateOptions = {}): Promise<RunningSimulators> {
  const { portBase = 0, velocloud: settings = {}, ...rest } = options;
  const velocloud = new VelocloudSimulator({ ...rest, ...settings });
  const served: ServedSimulator = await serveSimulator(velocloud, { port: portBase });
  const { enterprise, enterpriseId } = velocloud.world;
  const credentials = { username: enterprise.username, password: enterprise.password };
  const ready = { velocloud: { url: served.url, enterprise_id: enterpriseId, credentials, token: enterprise.token } };
  return { ready, velocloud, close: () => served.close() };
}
