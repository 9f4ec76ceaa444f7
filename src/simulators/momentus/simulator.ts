import { loginPage, plain, truncate } from "../answers.ts";
import { type FaultRule, FaultSchedule } from "../faults.ts";
import { type SimRequest, type SimResponse, SimulatedCut } from "../wire.ts";
import { type ApiRoute, authenticateApi, performApi, routeApi } from "./api.ts";
import { Unauthorized } from "./api-errors.ts";
import { assetOf, type ConsoleMoment, type ConsoleRoute, performConsole, routeConsole } from "./console/console.ts";
import { defaultLabels, type Labels } from "./console/labels.ts";
import { sessionOf } from "./console/session.ts";
import type { ApiPrincipal } from "./jwt.ts";
import { defaultSettings, type MomentusSettings, type MomentusSimulatorOptions } from "./options.ts";
import type { SessionRecord } from "./records.ts";
import type { MomentusStore } from "./store.ts";
import { type MomentusWorld, makeWorld } from "./world.ts";

type Route = ApiRoute | ConsoleRoute;
type Work = { route: Route; request: SimRequest };
/** Whoever was let in when the call arrived. */
type Accepted = { principal?: ApiPrincipal; session?: SessionRecord };
/** A call that was accepted, whose connection is gone, and that is performed later. */
type PendingCall = { dueAt: number; work: Work; accepted: Accepted };
type Parts = {
  store: MomentusStore;
  world: MomentusWorld;
  faults?: FaultSchedule;
  pending?: PendingCall[];
  closedUntil?: number;
};

const penaltyMsDefault = 5000;
const sleepReally = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const marked = (response: SimResponse): SimResponse => ({
  ...response,
  headers: { ...response.headers, "x-steward-simulator": "momentus" },
});

function settingsIn(options: MomentusSimulatorOptions): MomentusSettings {
  const given = Object.entries(options).filter(([key, value]) => key in defaultSettings && value !== undefined);
  return { ...defaultSettings, ...Object.fromEntries(given) };
}

function makeParts(options: MomentusSimulatorOptions): Parts {
  const { seed = 1, users = 0, modules = ["Basic API"], now = Date.now } = options;
  return makeWorld({ seed, users, modules, now });
}

/** An API call or a page that changes something; a search of the API or a list of the console. */
function natureOf({ route, request }: Work): { isWrite: boolean; isList: boolean } {
  const target = route.kind === "api" ? route.endpoint : route.page;
  const isSession = route.method.startsWith("console/sign");
  return { isWrite: request.method !== "GET" && !isSession, isList: target?.isList ?? false };
}

/**
 * Momentus Enterprise with two environments, its v1 API, its admin console and Momentus Connect, in memory. It is this
 * project's reading of public documents, not the vendor's product; each answer says so in `x-steward-simulator`.
 */
export class MomentusSimulator {
  readonly world: MomentusWorld;
  /** Inspect it, edit it behind Steward's back, read its counters. */
  readonly store: MomentusStore;
  /** Add or clear rules at any time. */
  readonly faults: FaultSchedule;
  readonly settings: MomentusSettings;
  readonly labels: Labels;
  private readonly options: MomentusSimulatorOptions;
  private readonly sleep: (ms: number) => Promise<void>;
  private pending: PendingCall[];
  /** Until then every call is answered 429. */
  private closedUntil: number;

  constructor(options: MomentusSimulatorOptions = {}, parts?: Parts) {
    const made = parts ?? makeParts(options);
    this.options = options;
    this.settings = settingsIn(options);
    this.labels = { ...defaultLabels, ...options.labels };
    this.store = made.store;
    this.world = made.world;
    this.faults = made.faults ?? new FaultSchedule([], options.seed ?? 1);
    if (!parts) for (const rule of options.faults ?? []) this.faults.add(rule);
    this.pending = [...(made.pending ?? [])];
    this.closedUntil = made.closedUntil ?? 0;
    this.sleep = options.sleep ?? sleepReally;
  }

  /** Answers one request. Throws `SimulatedCut` where a server would destroy the connection. */
  async handle(request: SimRequest): Promise<SimResponse> {
    this.settlePending();
    const asset = assetOf(request);
    if (asset) return marked(asset);
    const route = routeApi(request) ?? routeConsole(request);
    // A wrong base path reaches the site, not the API: it answers with a page.
    if (route.kind === "console" && !route.page && request.path.includes("/api/")) return marked(loginPage());
    this.store.calls.set(route.method, this.store.countOf(route.method) + 1);
    if (this.options.latencyMs) await this.sleep(this.options.latencyMs);
    if (this.store.now() < this.closedUntil) {
      this.log({ route, request }, null, false);
      return marked(plain(429, "simulated: too many requests"));
    }
    return marked(await this.answer({ route, request }));
  }

  /** Performs what `commit-after` put off and what is due now; call it before looking into the store. */
  settlePending(): void {
    const at = this.store.now();
    const due = this.pending.filter((call) => call.dueAt <= at).sort((a, b) => a.dueAt - b.dueAt);
    if (due.length === 0) return;
    this.pending = this.pending.filter((call) => call.dueAt > at);
    for (const call of due) this.perform(call.work, call.accepted);
  }

  /** How many accepted calls are still to be performed. */
  get pendingCount(): number {
    return this.pending.length;
  }

  /** An independent copy: same store, faults, pending calls and future ids. Give it its own clock if it needs one. */
  clone(overrides: Pick<MomentusSimulatorOptions, "now" | "sleep"> = {}): MomentusSimulator {
    const { world, pending, closedUntil } = this;
    const parts = { world, pending, closedUntil, store: this.store.clone(overrides.now), faults: this.faults.clone() };
    return new MomentusSimulator({ ...this.options, ...overrides }, parts);
  }

  private async answer(work: Work): Promise<SimResponse> {
    this.settlePending();
    const rule = this.faults.take({ method: work.route.method, ...natureOf(work) });
    const instead = rule && this.answerInstead(rule, work);
    if (instead) return instead;
    if (rule?.fault === "slow") await this.sleep(rule.ms!);
    const lagMs = rule?.fault === "list-lags" ? rule.ms! : 0;
    const response = this.perform(work, {}, lagMs);
    if (rule?.fault === "cut-after-commit") throw new SimulatedCut(rule.fault);
    return rule?.fault === "truncated" ? truncate(response) : response;
  }

  /** Faults that keep the call from being performed now. Throws where the connection is cut. */
  private answerInstead(rule: FaultRule, work: Work): SimResponse | undefined {
    const at = this.store.now();
    if (rule.fault === "commit-after") {
      this.postpone(work, at + rule.ms!);
      throw new SimulatedCut(rule.fault);
    }
    if (!["cut-before", "429", "500", "html"].includes(rule.fault)) return undefined;
    this.log(work, null, false);
    if (rule.fault === "cut-before") throw new SimulatedCut(rule.fault);
    if (rule.fault === "html") return loginPage();
    if (rule.fault === "500") return plain(500, "simulated: internal server error");
    this.closedUntil = at + (rule.ms ?? penaltyMsDefault);
    return plain(429, "simulated: too many requests");
  }

  /** Credentials count as of now: a token that expires on the way does not stop what was accepted. */
  private postpone(work: Work, dueAt: number): void {
    const { route, request } = work;
    const moment = this.moment();
    if (route.kind === "console") {
      const session = sessionOf(moment, request);
      if (session) this.pending.push({ dueAt, work, accepted: { session } });
      return;
    }
    try {
      this.pending.push({ dueAt, work, accepted: { principal: authenticateApi(moment, route, request) } });
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error;
    }
  }

  private moment(lagMs = 0): ConsoleMoment {
    const at = this.store.now();
    return { store: this.store, settings: this.settings, labels: this.labels, at, listsAt: at - lagMs };
  }

  private perform(work: Work, accepted: Accepted, lagMs = 0): SimResponse {
    const { route, request } = work;
    const moment = this.moment(lagMs);
    const { response, actor } =
      route.kind === "api"
        ? performApi(moment, route, request, accepted.principal)
        : performConsole(moment, route, request, accepted.session);
    // A form that was accepted leads on to another page; the prompt for MOCO-SERV and the sign-in page change nothing.
    const leadsOn = ![response.headers.location].flat().some((to) => /\/credentials$|^\/signin/.test(to ?? ""));
    const committed = route.kind === "api" ? response.status < 300 : response.status === 303 && leadsOn;
    this.log(work, actor, committed);
    return response;
  }

  private log(work: Work, principal: string | null, committed: boolean): void {
    if (!natureOf(work).isWrite) return;
    const { method, environment } = work.route;
    this.store.mutatingCalls.push({ method, environment, at: this.store.now(), principal, committed });
  }
}
