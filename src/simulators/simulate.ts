import { faultsOf, type MethodNames } from "./fault-methods.ts";
import type { FaultRule } from "./faults.ts";
import { endpointNames as ipressoEndpoints } from "./ipresso/api.ts";
import { consoleMethodNames as ipressoPages } from "./ipresso/console/console.ts";
import type { IpressoSettings } from "./ipresso/options.ts";
import { IpressoSimulator } from "./ipresso/simulator.ts";
import { type IncomingMail, type OpenMailSource, openSmtp } from "./mail-source.ts";
import { endpointNames } from "./momentus/api.ts";
import { consoleMethodNames } from "./momentus/console/console.ts";
import { LicensingTeam } from "./momentus/mail.ts";
import type { MomentusSettings } from "./momentus/options.ts";
import { MomentusSimulator } from "./momentus/simulator.ts";
import { type Simulator, serveSimulator } from "./server.ts";
import { methods as velocloudMethods } from "./velocloud/methods.ts";
import type { SimulatorSettings } from "./velocloud/options.ts";
import { sessionPaths } from "./velocloud/session.ts";
import { VelocloudSimulator } from "./velocloud/simulator.ts";
import { endpointNames as vesonEndpointNames } from "./veson/api.ts";
import { consoleMethodNames as vesonConsoleNames } from "./veson/console/console.ts";
import type { VesonSettings } from "./veson/options.ts";
import { VesonSimulator } from "./veson/simulator.ts";

export type SimulateOptions = {
  /** 1 by default; equal seeds give equal worlds. */
  seed?: number;
  /** Extra users of the first enterprise, of each Momentus environment, of the iPresso panel and of the Veson site, 0 by default. */
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
  /** Switches of the iPresso simulator. */
  ipresso?: Partial<IpressoSettings>;
  /** Switches of the Veson simulator. */
  veson?: Partial<VesonSettings>;
  /** Momentus without an API module: the licensing team adds it when it is asked by mail. */
  isUnlicensed?: boolean;
  /** Milliseconds until the licensing team answers, by `now`. 0 by default. */
  licensingAnswerMs?: number;
  /** Opens the receiver of mails, on the port after that of Momentus. SMTP by default. */
  openMailSource?: OpenMailSource;
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
  /** URL, serial number and credentials are those of production; `test_…` is the other environment. */
  momentus: {
    url: string;
    test_url: string;
    serial_number: string;
    test_serial_number: string;
    /** As Momentus Connect lists it. Its tenants are called like the environments. */
    customer: string;
    credentials: { api_user_id: string; secret: string; key: string };
    /** Of Enterprise support. */
    console: { url: string; username: string; password: string };
    /** Where mails to the licensing team are handed in. */
    smtp_url: string;
  };
  /** Its console and its API have one address. */
  ipresso: {
    url: string;
    /** An administrator; `totp` is what an authenticator makes codes from, where the panel is told to ask for one. */
    console: { username: string; password: string; totp: string };
    customer_key: string;
  };
  /** The account is a Security Admin. All licenses are taken; `borrow_from` is somebody who has one. */
  veson: {
    url: string;
    api_url: string;
    credentials: { username: string; password: string };
    license: { limit: number; borrow_from: string[] };
  };
};

export type RunningSimulators = {
  readonly ready: SimulatorsReady;
  readonly velocloud: VelocloudSimulator;
  readonly momentus: MomentusSimulator;
  readonly ipresso: IpressoSimulator;
  readonly veson: VesonSimulator;
  close(): Promise<void>;
};

const methodNames: MethodNames<"velocloud" | "momentus" | "ipresso" | "veson"> = {
  velocloud: [...velocloudMethods.keys(), ...Object.values(sessionPaths)],
  momentus: [...endpointNames, ...consoleMethodNames],
  ipresso: [...ipressoEndpoints, ...ipressoPages],
  veson: [...vesonEndpointNames, ...vesonConsoleNames],
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

type Urls = { velocloud: string; momentus: string; ipresso: string; smtp: string; veson: string };
type Simulators = Omit<RunningSimulators, "ready" | "close">;

function readyOf({ velocloud, momentus, ipresso, veson }: Simulators, urls: Urls): SimulatorsReady {
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
      test_serial_number: momentus.store.serialNumbers.test,
      customer: momentus.store.customerName,
      credentials: { api_user_id: id, secret, key },
      console: { url: `${urls.momentus}/`, username: support.username, password: support.password },
      smtp_url: urls.smtp,
    },
    ipresso: ipressoReady(ipresso, urls.ipresso),
    veson: vesonReady(veson, urls.veson),
  };
}

function ipressoReady({ world }: IpressoSimulator, url: string): SimulatorsReady["ipresso"] {
  const { username, password, totpSecret: totp } = world.admin;
  return { url, console: { username, password, totp }, customer_key: world.customerKey };
}

function vesonReady({ world, store }: VesonSimulator, url: string): SimulatorsReady["veson"] {
  const { username, password } = world.admin;
  const license = { limit: store.licenseLimit, borrow_from: [world.business.username] };
  return { url, api_url: url, credentials: { username, password }, license };
}

function simulatorsOf(options: SimulateOptions): Simulators {
  const { seed, users, latencyMs, now, isUnlicensed = false } = options;
  const { velocloud = {}, momentus = {}, ipresso = {}, veson = {} } = options;
  const given = Object.entries({ seed, users, latencyMs, now }).filter(([, value]) => value !== undefined);
  const world: Pick<SimulateOptions, "seed" | "users" | "latencyMs" | "now"> = Object.fromEntries(given);
  const faults = faultsOf(options.faults ?? [], methodNames);
  const modules = isUnlicensed ? { modules: [] } : {};
  return {
    velocloud: new VelocloudSimulator({ ...world, ...velocloud, faults: faults.velocloud }),
    momentus: new MomentusSimulator({ ...world, ...momentus, ...modules, faults: faults.momentus }),
    ipresso: new IpressoSimulator({ ...world, ...ipresso, faults: faults.ipresso }),
    veson: new VesonSimulator({ ...world, seatsFree: 0, ...veson, faults: faults.veson }),
  };
}

/** Starts every simulator on 127.0.0.1. Throws when a fault's text is wrong or a port is taken; then nothing is left open. */
export async function startSimulators(options: SimulateOptions = {}): Promise<RunningSimulators> {
  const { portBase = 0, licensingAnswerMs = 0, openMailSource = openSmtp } = options;
  const simulators = simulatorsOf(options);
  const { velocloud, momentus, ipresso, veson } = simulators;
  const opened = new Opened(portBase);
  let team: LicensingTeam | undefined;
  // The team reads its mails whenever somebody uses the system, so that no clock has to run for it.
  const handle: Simulator["handle"] = (request) => {
    team?.work();
    return momentus.handle(request);
  };
  const first = await opened.next((port) => serveSimulator(velocloud, { port }));
  const second = await opened.next((port) => serveSimulator({ handle }, { port }));
  const third = await opened.next((port) => serveSimulator(ipresso, { port }));
  const urls = { prod: `${second.url}/prod`, test: `${second.url}/test` };
  team = new LicensingTeam(momentus.store, { urls, answerMs: licensingAnswerMs });
  const take = (mail: IncomingMail): void => {
    momentus.store.sendMail(mail);
    team.work();
  };
  const mail = await opened.next((port) => openMailSource(port, take));
  const last = await opened.next((port) => serveSimulator(veson, { port }));
  const at = { velocloud: first.url, momentus: second.url, ipresso: third.url, smtp: mail.url, veson: last.url };
  return { ready: readyOf(simulators, at), ...simulators, close: () => opened.close() };
}
