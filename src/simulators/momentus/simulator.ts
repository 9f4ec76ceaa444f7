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
import { Unauthorized } from "./api-errors.ts";
import { assetOf, type ConsoleMoment, type ConsoleRoute, performConsole, routeConsole } from "./console/console.ts";
import { defaultLabels, type Labels } from "./console/labels.ts";
import { sessions } from "./console/session.ts";
import type { ApiPrincipal } from "./jwt.ts";
import { defaultSettings, type MomentusSettings, type MomentusSimulatorOptions } from "./options.ts";
import type { MomentusStore } from "./store.ts";
import { type MomentusWorld, makeWorld } from "./world.ts";

type Route = ApiRoute | ConsoleRoute;
/** Whoever was let in when the call arrived. */
type Accepted = { principal?: ApiPrincipal; session?: SessionRecord };
type Parts = SimulatorParts<MomentusStore, MomentusWorld, Route, Accepted>;

function makeParts(options: MomentusSimulatorOptions): Parts {
  const { seed = 1, users = 0, modules = ["Basic API"], now = Date.now } = options;
  return makeWorld({ seed, users, modules, now });
}

/**
 * Momentus Enterprise with two environments, its v1 API, its admin console and Momentus Connect, in memory. It is this
 * project's reading of public documents, not the vendor's product; each answer says so in `x-steward-simulator`.
 */
export class MomentusSimulator extends ConsoleSimulator<MomentusStore, MomentusWorld, Route, Accepted> {
  readonly settings: MomentusSettings;
  readonly labels: Labels;
  protected readonly name = "momentus";
  protected readonly apiPath = "/api/";
  private readonly options: MomentusSimulatorOptions;

  constructor(options: MomentusSimulatorOptions = {}, parts: Parts = makeParts(options)) {
    super(options, parts);
    this.options = options;
    this.settings = settingsIn(options, defaultSettings);
    this.labels = { ...defaultLabels, ...options.labels };
  }

  /** An independent copy: same store, faults, pending calls and future ids. Give it its own clock if it needs one. */
  clone(overrides: Pick<MomentusSimulatorOptions, "now" | "sleep"> = {}): MomentusSimulator {
    const { world, player } = this;
    const parts = { world, player: player.parts(), store: this.store.clone(overrides.now) };
    return new MomentusSimulator({ ...this.options, ...overrides }, parts);
  }

  protected assetOf(request: SimRequest): SimResponse | undefined {
    return assetOf(request);
  }

  protected routeOf(request: SimRequest): Route {
    return routeApi(request) ?? routeConsole(request);
  }

  /** An API call or a page that changes something; a search of the API or a list of the console. */
  protected natureOf({ route, request }: Work<Route>): FaultTarget {
    const target = route.kind === "api" ? route.endpoint : route.page;
    const isSession = route.method.startsWith("console/sign");
    return {
      ...{ method: route.method, isWrite: request.method !== "GET" && !isSession },
      isList: target?.isList ?? false,
    };
  }

  protected endSession({ request }: Work<Route>): void {
    sessions.end(this.store, request);
  }

  /** A token that expires on the way does not stop what was accepted. */
  protected accept({ route, request }: Work<Route>): Accepted | undefined {
    const moment = this.moment();
    if (route.kind === "console") {
      const session = sessions.of(moment, request);
      return session && { session };
    }
    try {
      return { principal: authenticateApi(moment, route, request) };
    } catch (error) {
      if (error instanceof Unauthorized) return undefined;
      throw error;
    }
  }

  protected perform({ route, request }: Work<Route>, accepted: Accepted = {}, lagMs: number): Performed {
    const moment = this.moment(lagMs);
    if (route.kind === "api") {
      const performed = performApi(moment, route, request, accepted.principal);
      return { ...performed, committed: performed.response.status < 300 };
    }
    // The prompt for MOCO-SERV changes nothing.
    const performed = performConsole(moment, route, request, accepted.session);
    return { ...performed, committed: ledOn(performed.response, /\/credentials$/) };
  }

  protected log({ route: { method, environment } }: Work<Route>, principal: string | null, committed: boolean): void {
    this.store.mutatingCalls.push({ method, environment, at: this.store.now(), principal, committed });
  }

  private moment(lagMs = 0): ConsoleMoment {
    const at = this.store.now();
    return { store: this.store, settings: this.settings, labels: this.labels, at, listsAt: at - lagMs };
  }
}
