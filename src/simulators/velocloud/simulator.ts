import { loginPage, plain, truncate } from "../answers.ts";
import { type FaultRule, FaultSchedule } from "../faults.ts";
import { type SimRequest, type SimResponse, SimulatedCut } from "../wire.ts";
import type { MethodDefinition, Principal } from "./call.ts";
import { unknownMethod, VcoError } from "./envelope.ts";
import type { VelocloudStore } from "./foreign-edits.ts";
import { methods } from "./methods.ts";
import { defaultSettings, type SimulatorSettings, type VelocloudSimulatorOptions } from "./options.ts";
import { penaltyMsDefault, RateLimiter } from "./rate-limit.ts";
import { authenticate, endSession, login, logout } from "./session.ts";
import { answerError, answerResult, type Routed, route } from "./transport.ts";
import { makeWorld, type World } from "./world.ts";

type Work = { routed: Exclude<Routed, { kind: "rejected" }>; request: SimRequest };
type Parts = {
  store: VelocloudStore;
  world: World;
  faults: FaultSchedule;
  limiter: RateLimiter;
  pending: PendingCall[];
};
/** A call that was accepted, whose connection is gone, and that is performed later. */
type PendingCall = { dueAt: number; work: Work; principal: Principal | undefined };

const sleepReally = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const marked = (response: SimResponse): SimResponse => ({
  ...response,
  headers: { ...response.headers, "x-steward-simulator": "velocloud" },
});

/** The switches among the options, without those left undefined. */
function settingsIn(options: VelocloudSimulatorOptions): Partial<SimulatorSettings> {
  const given = Object.entries(options).filter(([key, value]) => key in defaultSettings && value !== undefined);
  return Object.fromEntries(given);
}

/**
 * A VeloCloud Orchestrator in memory: `handle` is its whole outside. It is this project's reading of public documents,
 * not the vendor's product; each answer says so in `x-steward-simulator`.
 */
export class VelocloudSimulator {
  readonly world: World;
  /** Inspect it, edit it behind Steward's back, read its counters. */
  readonly store: VelocloudStore;
  /** Add or clear rules at any time. */
  readonly faults: FaultSchedule;
  readonly settings: SimulatorSettings;
  private readonly options: VelocloudSimulatorOptions;
  private readonly limiter: RateLimiter;
  private readonly sleep: (ms: number) => Promise<void>;
  private pending: PendingCall[];

  constructor(options: VelocloudSimulatorOptions = {}, parts?: Parts) {
    const seed = options.seed ?? 1;
    const made = parts ?? makeWorld(seed, options.users ?? 0, options.now ?? Date.now);
    this.options = options;
    this.settings = { ...defaultSettings, ...settingsIn(options) };
    this.store = made.store;
    this.world = made.world;
    this.faults = parts?.faults ?? new FaultSchedule([], seed);
    if (!parts) for (const rule of options.faults ?? []) this.faults.add(rule);
    this.limiter = parts?.limiter ?? new RateLimiter(options.rateLimit);
    this.pending = [...(parts?.pending ?? [])];
    this.sleep = options.sleep ?? sleepReally;
  }

  /** Answers one request. Throws `SimulatedCut` where a server would destroy the connection. */
  async handle(request: SimRequest): Promise<SimResponse> {
    this.settlePending();
    const routed = route(request);
    if (routed.kind === "rejected") return marked(routed.response);
    const { method } = routed;
    this.store.calls.set(method, this.store.countOf(method) + 1);
    if (!this.limiter.enter(this.store.now())) {
      this.logAttempt(method);
      return marked(plain(429, "simulated: too many requests"));
    }
    try {
      if (this.options.latencyMs) await this.sleep(this.options.latencyMs);
      return marked(await this.answer({ routed, request }));
    } finally {
      this.limiter.leave();
    }
  }

  /** Performs what `commit-after` put off and what is due now; call it before looking into the store. */
  settlePending(): void {
    const at = this.store.now();
    const due = this.pending.filter((call) => call.dueAt <= at).sort((a, b) => a.dueAt - b.dueAt);
    if (due.length === 0) return;
    this.pending = this.pending.filter((call) => call.dueAt > at);
    for (const call of due) this.perform(call.work, call.principal);
  }

  /** How many accepted calls are still to be performed. */
  get pendingCount(): number {
    return this.pending.length;
  }

  /** An independent copy: same store, faults, pending calls and future ids. Give it its own clock if it needs one. */
  clone(overrides: Pick<VelocloudSimulatorOptions, "now" | "sleep"> = {}): VelocloudSimulator {
    const options = { ...this.options, ...overrides };
    const store = this.store.clone(overrides.now);
    const parts = { store, world: this.world, faults: this.faults.clone(), limiter: this.limiter.clone() };
    return new VelocloudSimulator(options, { ...parts, pending: this.pending });
  }

  private async answer(work: Work): Promise<SimResponse> {
    this.settlePending();
    const definition = methods.get(work.routed.method);
    const { isWrite = false, isList = false } = definition ?? {};
    const rule = this.faults.take({ method: work.routed.method, isWrite, isList });
    const instead = rule && this.answerInstead(rule, work);
    if (instead) return instead;
    if (rule?.fault === "session-ends") endSession(this.store, work.request);
    if (rule?.fault === "slow") await this.sleep(rule.ms!);
    const lagMs = rule?.fault === "list-lags" ? rule.ms! : 0;
    const response = this.perform(work, undefined, lagMs);
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
    this.logAttempt(work.routed.method);
    if (rule.fault === "cut-before") throw new SimulatedCut(rule.fault);
    if (rule.fault === "html") return loginPage();
    if (rule.fault === "500") return plain(500, "simulated: internal server error");
    this.limiter.punish(at, rule.ms ?? penaltyMsDefault);
    return plain(429, "simulated: too many requests");
  }

  /** The credentials count as of now: a logout on the way does not stop what was accepted. */
  private postpone(work: Work, dueAt: number): void {
    let principal: Principal | undefined;
    try {
      if (work.routed.kind !== "session") principal = authenticate(this.moment(), work.request);
    } catch {
      return;
    }
    this.pending.push({ dueAt, work, principal });
  }

  private moment(): { store: VelocloudStore; settings: SimulatorSettings; at: number } {
    return { store: this.store, settings: this.settings, at: this.store.now() };
  }

  private perform({ routed, request }: Work, accepted: Principal | undefined, lagMs = 0): SimResponse {
    if (routed.kind === "session") {
      return routed.method === "logout"
        ? logout(this.store, request)
        : login(this.moment(), routed.method, request.body);
    }
    const definition = methods.get(routed.method);
    let principal = accepted;
    try {
      principal ??= authenticate(this.moment(), request);
      if (!definition) throw unknownMethod(routed.method);
      const moment = this.moment();
      const call = { ...moment, method: routed.method, params: routed.params, principal, listsAt: moment.at - lagMs };
      const result = definition.run(call);
      if (definition.isWrite) this.log(definition, principal, true);
      return answerResult(routed, result);
    } catch (error) {
      if (!(error instanceof VcoError)) throw error;
      if (definition?.isWrite) this.log(definition, principal, false);
      return answerError(routed, error, this.settings.errorStatus);
    }
  }

  /** A mutating call that was turned away before anybody asked who makes it. */
  private logAttempt(method: string): void {
    const definition = methods.get(method);
    if (definition?.isWrite) this.log(definition, undefined, false);
  }

  private log(definition: MethodDefinition, principal: Principal | undefined, committed: boolean): void {
    const entry = {
      method: definition.name,
      at: this.store.now(),
      principal: principal?.user.username ?? null,
      committed,
    };
    this.store.mutatingCalls.push(entry);
  }
}
