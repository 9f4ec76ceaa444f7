import { faultsOf, type MethodNames } from "./fault-methods.ts";
import type { FaultRule } from "./faults.ts";
import type { MailSource } from "./mail-source.ts";
import { endpointNames } from "./momentus/api.ts";
import { consoleMethodNames } from "./momentus/console/console.ts";
import { LicensingTeam } from "./momentus/mail.ts";
import type { MomentusSettings } from "./momentus/options.ts";
import { MomentusSimulator } from "./momentus/simulator.ts";
import { type ServedSimulator, type Simulator, serveSimulator } from "./server.ts";
import { methods as velocloudMethods } from "./velocloud/methods.ts";
import type { SimulatorSettings } from "./velocloud/options.ts";
import { sessionPaths } from "./velocloud/session.ts";
import { VelocloudSimulator } from "./velocloud/simulator.ts";

export type SimulateOptions = {
  /** 1 by default; equal seeds give equal worlds. */
  seed?: number;
  /** Extra users of the first enterprise and of each Momentus environment, 0 by default. */
  users?: number;
  /** Added to every call, milliseconds, 0 by default. */
  latencyMs?: number;
  /** Rules or their text, see `parseFault`. A rule goes to each system that has a method which it names. */
  faults?: readonly (FaultRule | string)[];
  /** The first simulator listens here, the next on the port after it. 0, the default: any free ports. */
  portBase?: number;
  /** Switches of the VeloCloud simulator. */
  velocloud?: Partial<SimulatorSettings>;
  /** Switches of the Momentus simulator. */
  momentus?: Partial<MomentusSettings>;
  /** Momentus without an API module: the licensing team adds it when it is asked by mail. */
  isUnlicensed?: boolean;
  /** Milliseconds until the licensing team answers, by `now`. 0 by default. */
  licensingAnswerMs?: number;
  /** Opens the receiver of mails on the port after the last simulator's. Without it nobody can send any. */
  openMailSource?: (port: number) => Promise<MailSource>;
  now?: () => number;
};

/** What `steward simulate --json` prints, by system. */
export type SimulatorsReady = {
  /** The credentials and the token belong to one super user. */
  velocloud: {
    url: string;
    enterprise_id: number;
    credentials: { username: string; password: string };
    token: string;
  };
  /** URL, serial number and credentials are those of production; `test_url` is the other environment. */
  momentus: {
    url: string;
    test_url: string;
    serial_number: string;
    credentials: { api_user_id: string; secret: string; key: string };
    /** Of Enterprise support. */
    console: { url: string; username: string; password: string };
    /** Where mails to the licensing team are handed in, when anywhere. */
    smtp_url?: string;
  };
};

export type RunningSimulators = {
  readonly ready: SimulatorsReady;
  readonly velocloud: VelocloudSimulator;
  readonly momentus: MomentusSimulator;
  close(): Promise<void>;
};

const methodNames: MethodNames<"velocloud" | "momentus"> = {
  velocloud: [...velocloudMethods.keys(), ...Object.values(sessionPaths)],
  momentus: [...endpointNames, ...consoleMethodNames],
};

/** What was opened, in the order of ports, so that all of it is closed when one cannot be. */
class Opened {
  private readonly parts: { close(): Promise<void> }[] = [];
  private readonly portBase: number;

  constructor(portBase: number) {
    this.portBase = portBase;
  }

  /** Opens on the next port. An error names the port that it is about. */
  async next<T extends { close(): Promise<void> }>(open: (port: number) => Promise<T>): Promise<T> {
    const port = this.portBase === 0 ? 0 : this.portBase + this.parts.length;
    try {
      const part = await open(port);
      this.parts.push(part);
      return part;
    } catch (error) {
      await this.close();
      throw Object.assign(error as Error, { port });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.parts.map((part) => part.close()));
  }
}

function readyOf(
  velocloud: VelocloudSimulator,
  momentus: MomentusSimulator,
  urls: { velocloud: string; momentus: string },
): SimulatorsReady {
  const { enterprise, enterpriseId } = velocloud.world;
  const { apiUser, support } = momentus.world;
  const { id, secret, key } = apiUser.prod;
  return {
    velocloud: {
      ...{ url: urls.velocloud, enterprise_id: enterpriseId },
      credentials: { username: enterprise.username, password: enterprise.password },
      token: enterprise.token,
    },
    momentus: {
      ...{ url: `${urls.momentus}/prod`, test_url: `${urls.momentus}/test` },
      serial_number: momentus.store.serialNumbers.prod,
      credentials: { api_user_id: id, secret, key },
      console: { url: `${urls.momentus}/`, username: support.username, password: support.password },
    },
  };
}

/** The licensing team reads its mails whenever somebody uses the system, so that no clock has to run for it. */
function withLicensing(momentus: MomentusSimulator, team: () => LicensingTeam | undefined): Simulator {
  return {
    handle: (request) => {
      team()?.work();
      return momentus.handle(request);
    },
  };
}

/** Starts every simulator on 127.0.0.1. Throws when a fault's text is wrong or a port is taken; then nothing is left open. */
export async function startSimulators(options: SimulateOptions = {}): Promise<RunningSimulators> {
  const { portBase = 0, faults = [], isUnlicensed = false, licensingAnswerMs, openMailSource, ...rest } = options;
  const { velocloud: velocloudSettings = {}, momentus: momentusSettings = {}, ...world } = rest;
  const rules = faultsOf(faults, methodNames);
  const velocloud = new VelocloudSimulator({ ...world, ...velocloudSettings, faults: rules.velocloud });
  const modules = isUnlicensed ? { modules: [] } : {};
  const momentus = new MomentusSimulator({ ...world, ...momentusSettings, ...modules, faults: rules.momentus });
  const opened = new Opened(portBase);
  let team: LicensingTeam | undefined;
  const first: ServedSimulator = await opened.next((port) => serveSimulator(velocloud, { port }));
  const second = await opened.next((port) =>
    serveSimulator(
      withLicensing(momentus, () => team),
      { port },
    ),
  );
  const ready = readyOf(velocloud, momentus, { velocloud: first.url, momentus: second.url });
  const urls = { prod: ready.momentus.url, test: ready.momentus.test_url };
  team = new LicensingTeam(momentus.store, {
    urls,
    ...(licensingAnswerMs === undefined ? {} : { answerMs: licensingAnswerMs }),
  });
  if (openMailSource) {
    const source = await opened.next(openMailSource);
    ready.momentus.smtp_url = source.url;
    source.deliverTo((mail) => {
      momentus.store.sendMail(mail);
      team.work();
    });
  }
  return { ready, velocloud, momentus, close: () => opened.close() };
}
