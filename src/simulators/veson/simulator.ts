import { loginPage } from "../answers.ts";
import type { SessionRecord } from "../console/session.ts";
import { FaultPlayer, type PlayerParts } from "../fault-player.ts";
import { FaultSchedule, type FaultTarget } from "../faults.ts";
import type { SimRequest, SimResponse } from "../wire.ts";
import { type ApiRoute, authenticateApi, performApi, routeApi } from "./api.ts";
import { ApiError } from "./api-call.ts";
import { assetOf, type ConsoleMoment, type ConsoleRoute, performConsole, routeConsole } from "./console/console.ts";
import { defaultLabels, type Labels } from "./console/labels.ts";
import { sessions } from "./console/session.ts";
import { defaultSettings, type VesonSettings, type VesonSimulatorOptions } from "./options.ts";
import type { UserRecord } from "./records.ts";
import type { VesonStore } from "./store.ts";
import { makeWorld, type VesonWorld } from "./world.ts";

type Work = { route: ApiRoute | ConsoleRoute; request: SimRequest };
/** Whoever was let in when the call arrived. */
type Accepted = { user?: UserRecord; session?: SessionRecord };
type Parts = { store: VesonStore; world: VesonWorld; player?: PlayerParts<Work, Accepted> };

const sleepReally = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const marked = (response: SimResponse): SimResponse => ({
  ...response,
  headers: { ...response.headers, "x-steward-simulator": "veson" },
});

function settingsIn(options: VesonSimulatorOptions): VesonSettings {
  const given = Object.entries(options).filter(([key, value]) => key in defaultSettings && value !== undefined);
  return { ...defaultSettings, ...Object.fromEntries(given) };
}

function makeParts({ seed = 1, users = 0, seatsFree = 1, now = Date.now }: VesonSimulatorOptions): Parts {
  return makeWorld({ seed, users, seatsFree, now });
}

function schedule({ seed = 1, faults = [] }: VesonSimulatorOptions): FaultSchedule {
  const made = new FaultSchedule([], seed);
  for (const rule of faults) made.add(rule);
  return made;
}

function natureOf({ route, request }: Work): FaultTarget {
  if (route.kind === "api") return { method: route.method, isWrite: request.method !== "GET", isList: false };
  return { method: route.method, isWrite: route.page?.isWrite ?? false, isList: route.page?.isList ?? false };
}

/**
 * One site of the Veson IMOS Platform with its admin console, and the data plane of api.veslink.com under /v1, in memory. It is
 * this project's reading of public documents, not the vendor's product; each answer says so in `x-steward-simulator`.
 */
export class VesonSimulator {
  readonly world: VesonWorld;
  /** Inspect it, edit it behind Steward's back, read its counters. */
  readonly store: VesonStore;
  /** Add or clear rules at any time. */
  readonly faults: FaultSchedule;
  readonly settings: VesonSettings;
  readonly labels: Labels;
  private readonly options: VesonSimulatorOptions;
  private readonly sleep: (ms: number) => Promise<void>;
  private readonly player: FaultPlayer<Work, Accepted>;

  constructor(options: VesonSimulatorOptions = {}, parts: Parts = makeParts(options)) {
    this.options = options;
    this.settings = settingsIn(options);
    this.labels = { ...defaultLabels, ...options.labels };
    this.store = parts.store;
    this.world = parts.world;
    this.sleep = options.sleep ?? sleepReally;
    this.player = this.playerOf(parts.player ?? { faults: schedule(options) });
    this.faults = this.player.faults;
  }

  /** Answers one request. Throws `SimulatedCut` where a server would destroy the connection. */
  async handle(request: SimRequest): Promise<SimResponse> {
    this.settlePending();
    const asset = assetOf(request);
    if (asset) return marked(asset);
    const route = routeApi(request) ?? routeConsole(request);
    // A wrong base path reaches the site, not the API: it answers with a page.
    if (route.kind === "console" && !route.page && request.path.includes("/v1/")) return marked(loginPage());
    this.store.calls.set(route.method, this.store.countOf(route.method) + 1);
    if (this.options.latencyMs) await this.sleep(this.options.latencyMs);
    return marked(await this.player.play({ route, request }));
  }

  /** Performs what `commit-after` put off and what is due now; call it before looking into the store. */
  settlePending(): void {
    this.player.settlePending();
  }

  /** How many accepted calls are still to be performed. */
  get pendingCount(): number {
    return this.player.pendingCount;
  }

  /** An independent copy: same store, faults, pending calls and future ids. Give it its own clock if it needs one. */
  clone(overrides: Pick<VesonSimulatorOptions, "now" | "sleep"> = {}): VesonSimulator {
    const { world, player } = this;
    const parts = { world, player: player.parts(), store: this.store.clone(overrides.now) };
    return new VesonSimulator({ ...this.options, ...overrides }, parts);
  }

  private playerOf(parts: PlayerParts<Work, Accepted>): FaultPlayer<Work, Accepted> {
    const performer = {
      now: () => this.store.now(),
      sleep: this.sleep,
      natureOf,
      perform: (work: Work, accepted: Accepted | undefined, lagMs: number) => this.perform(work, accepted ?? {}, lagMs),
      accept: (work: Work) => this.accept(work),
      endSession: ({ request }: Work) => sessions.end(this.store, request),
      logRefused: (work: Work) => this.log(work, null, false),
    };
    return new FaultPlayer(performer, parts);
  }

  private accept({ route, request }: Work): Accepted | undefined {
    const moment = this.moment();
    if (route.kind === "console") {
      const session = sessions.of(moment, request);
      return session && { session };
    }
    try {
      return { user: authenticateApi(moment, request) };
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }

  private moment(lagMs = 0): ConsoleMoment {
    const at = this.store.now();
    return { store: this.store, settings: this.settings, labels: this.labels, at, listsAt: at - lagMs };
  }

  private perform(work: Work, accepted: Accepted, lagMs: number): SimResponse {
    const { route, request } = work;
    const moment = this.moment(lagMs);
    const { response, actor } =
      route.kind === "api"
        ? performApi(moment, route, request, accepted.user)
        : performConsole(moment, route, request, accepted.session);
    // A form that was accepted leads on to another page, but not to signing in.
    const leadsOn = ![response.headers.location].flat().some((to) => to?.startsWith("/signin"));
    const committed = route.kind === "api" ? response.status < 300 : response.status === 303 && leadsOn;
    this.log(work, actor, committed);
    return response;
  }

  private log(work: Work, principal: string | null, committed: boolean): void {
    if (!natureOf(work).isWrite) return;
    this.store.mutatingCalls.push({ method: work.route.method, at: this.store.now(), principal, committed });
  }
}
