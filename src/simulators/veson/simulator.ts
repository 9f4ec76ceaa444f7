import type { SessionRecord } from "../console/session.ts";
import {
  ConsoleSimulator,
  ledOn,
  type Performed,
  type SimulatorParts,
  settingsIn,
  type Work,
} from "../console/simulator.ts";
import type { FaultTarget } from "../faults.ts";
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

type Route = ApiRoute | ConsoleRoute;
/** Whoever was let in when the call arrived. */
type Accepted = { user?: UserRecord; session?: SessionRecord };
type Parts = SimulatorParts<VesonStore, VesonWorld, Route, Accepted>;

function makeParts({ seed = 1, users = 0, seatsFree = 1, now = Date.now }: VesonSimulatorOptions): Parts {
  return makeWorld({ seed, users, seatsFree, now });
}

/**
 * One site of the Veson IMOS Platform with its admin console, and the data plane of api.veslink.com under /v1, in memory. It is
 * this project's reading of public documents, not the vendor's product; each answer says so in `x-steward-simulator`.
 */
export class VesonSimulator extends ConsoleSimulator<VesonStore, VesonWorld, Route, Accepted> {
  readonly settings: VesonSettings;
  readonly labels: Labels;
  protected readonly name = "veson";
  protected readonly apiPath = "/v1/";
  private readonly options: VesonSimulatorOptions;

  constructor(options: VesonSimulatorOptions = {}, parts: Parts = makeParts(options)) {
    super(options, parts);
    this.options = options;
    this.settings = settingsIn(options, defaultSettings);
    this.labels = { ...defaultLabels, ...options.labels };
  }

  /** An independent copy: same store, faults, pending calls and future ids. Give it its own clock if it needs one. */
  clone(overrides: Pick<VesonSimulatorOptions, "now" | "sleep"> = {}): VesonSimulator {
    const { world, player } = this;
    const parts = { world, player: player.parts(), store: this.store.clone(overrides.now) };
    return new VesonSimulator({ ...this.options, ...overrides }, parts);
  }

  protected assetOf(request: SimRequest): SimResponse | undefined {
    return assetOf(request);
  }

  protected routeOf(request: SimRequest): Route {
    return routeApi(request) ?? routeConsole(request);
  }

  protected natureOf({ route, request }: Work<Route>): FaultTarget {
    if (route.kind === "api") return { method: route.method, isWrite: request.method !== "GET", isList: false };
    return { method: route.method, isWrite: route.page?.isWrite ?? false, isList: route.page?.isList ?? false };
  }

  protected endSession({ request }: Work<Route>): void {
    sessions.end(this.store, request);
  }

  protected accept({ route, request }: Work<Route>): Accepted | undefined {
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

  protected perform({ route, request }: Work<Route>, accepted: Accepted = {}, lagMs: number): Performed {
    const moment = this.moment(lagMs);
    if (route.kind === "api") {
      const performed = performApi(moment, route, request, accepted.user);
      return { ...performed, committed: performed.response.status < 300 };
    }
    const performed = performConsole(moment, route, request, accepted.session);
    return { ...performed, committed: ledOn(performed.response) };
  }

  protected log({ route: { method } }: Work<Route>, principal: string | null, committed: boolean): void {
    this.store.mutatingCalls.push({ method, at: this.store.now(), principal, committed });
  }

  private moment(lagMs = 0): ConsoleMoment {
    const at = this.store.now();
    return { store: this.store, settings: this.settings, labels: this.labels, at, listsAt: at - lagMs };
  }
}
