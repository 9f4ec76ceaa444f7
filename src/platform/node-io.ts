import type { Io } from "../io.ts";
import { systemClock } from "./clock.ts";
import { systemDisk } from "./disk.ts";
import { nodeMailer } from "./mailer.ts";
import { systemRandom } from "./random.ts";
import { type Environment, type Route, Transports } from "./transport.ts";

export interface NodeIoOptions extends Route {
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are looked up; nowhere when it is left out. */
  env?: Environment;
  /** Connections to share with other systems and to close at the end. */
  transports?: Transports;
}

/** The real world, for one system's route. */
export function nodeIo({ env, transports = new Transports(env), proxy, ca }: NodeIoOptions = {}): Io {
  const route = { ...(proxy !== undefined && { proxy }), ...(ca !== undefined && { ca }) };
  const transport = transports.route(route);
  return { clock: systemClock, random: systemRandom, disk: systemDisk, transport, mailer: nodeMailer() };
}
