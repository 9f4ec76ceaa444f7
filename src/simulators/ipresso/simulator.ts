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
import { type ApiRoute, isAuthorization, performApi, routeApi } from "./api.ts";
import { ApiRefusal } from "./api-call.ts";
import { assetOf, type ConsoleMoment, type ConsoleRoute, performConsole, routeConsole } from "./console/console.ts";
import { defaultLabels, type Labels } from "./console/labels.ts";
import { sessions } from "./console/session.ts";
import { defaultSettings, type IpressoSettings, type IpressoSimulatorOptions } from "./options.ts";
import type { ApiUserRecord } from "./records.ts";
import type { IpressoStore } from "./store.ts";
import { authenticate, tokenIn } from "./tokens.ts";
import { type IpressoWorld, makeWorld } from "./world.ts";

type Route = ApiRoute | ConsoleRoute;
/** Whoever was let in when the call arrived. */
type Accepted = { user?: ApiUserRecord; session?: SessionRecord };
type Parts = SimulatorParts<IpressoStore, IpressoWorld, Route, Accepted>;

function makeParts({ seed = 1, users = 0, now = Date.now }: IpressoSimulatorOptions): Parts {
  return makeWorld({ seed, users, now });
}

/**
 * One installation of iPresso: the part of its admin console that is about API users, and its API 2.0, in memory. It is this
 * project's reading of public documents, not the vendor's product; each answer says so in `x-steward-simulator`.
 */
export class IpressoSimulator extends ConsoleSimulator<IpressoStore, IpressoWorld, Route, Accepted> {
  readonly settings: IpressoSettings;
  readonly labels: Labels;
  protected readonly name = "ipresso";
  protected readonly apiPath = "/api/";
  private readonly options: IpressoSimulatorOptions;

  constructor(options: IpressoSimulatorOptions = {}, parts: Parts = makeParts(options)) {
    super(options, parts);
    this.options = options;
    this.settings = settingsIn(options, defaultSettings);
    this.labels = { ...defaultLabels, ...options.labels };
  }

  /** An independent copy: same store, faults, pending calls and future ids. Give it its own clock if it needs one. */
  clone(overrides: Pick<IpressoSimulatorOptions, "now" | "sleep"> = {}): IpressoSimulator {
    const { world, player } = this;
    const parts = { world, player: player.parts(), store: this.store.clone(overrides.now) };
    return new IpressoSimulator({ ...this.options, ...overrides }, parts);
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

  /** A token of the API is a session too. */
  protected endSession({ route, request }: Work<Route>): void {
    if (route.kind === "console") sessions.end(this.store, request);
    else this.store.tokens.delete(tokenIn(this.moment(), request));
  }

  protected accept({ route, request }: Work<Route>): Accepted | undefined {
    const moment = this.moment();
    if (route.kind === "console") {
      const session = sessions.of(moment, request);
      return session && { session };
    }
    // Who authorizes has no token yet; login and password are looked at when it is performed.
    if (isAuthorization(route)) return {};
    try {
      return { user: authenticate(moment, request) };
    } catch (error) {
      if (error instanceof ApiRefusal) return undefined;
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
