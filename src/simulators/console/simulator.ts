import { loginPage } from "../answers.ts";
import { FaultPlayer, type PlayerParts } from "../fault-player.ts";
import { type FaultRule, FaultSchedule, type FaultTarget } from "../faults.ts";
import type { SimRequest, SimResponse } from "../wire.ts";

/** What the simulators of systems with a console and an API have in common: faults, late calls, counters, copies. */

/** Where a request goes; a console's path that leads nowhere has no page. */
type Route = { readonly kind: "api" | "console"; readonly method: string; readonly page?: unknown };

/** One request and where it goes. */
export type Work<R> = { readonly route: R; readonly request: SimRequest };

type Store = {
  readonly calls: Map<string, number>;
  countOf(method: string): number;
  now(): number;
};

/** An answer, who it went to, and whether the call changed something. */
export type Performed = { response: SimResponse; actor: string | null; committed: boolean };

type Options = {
  seed?: number;
  sleep?: (ms: number) => Promise<void>;
  latencyMs?: number;
  faults?: readonly (FaultRule | string)[];
};

/** What a simulator is made of; a copy gets what is left of the player's past. */
export type SimulatorParts<S, World, R, Accepted> = {
  store: S;
  world: World;
  player?: PlayerParts<Work<R>, Accepted>;
};

const sleepReally = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The options that are settings; what was left out has its default. */
export function settingsIn<Settings extends object>(options: Partial<Settings>, defaults: Settings): Settings {
  const given = Object.entries(options).filter(([key, value]) => key in defaults && value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}

function schedule({ seed = 1, faults = [] }: Options): FaultSchedule {
  const made = new FaultSchedule([], seed);
  for (const rule of faults) made.add(rule);
  return made;
}

/** Whether a form was accepted: it leads on to another page, and not to signing in, nor to where `but` says. */
export function ledOn({ status, headers: { location } }: SimResponse, but?: RegExp): boolean {
  const isElsewhere = (to = ""): boolean => !to.startsWith("/signin") && !but?.test(to);
  return status === 303 && [location].flat().every(isElsewhere);
}

/** One system with its console and its API. Each answer says in `x-steward-simulator` what it comes from. */
export abstract class ConsoleSimulator<S extends Store, World, R extends Route, Accepted> {
  readonly world: World;
  /** Inspect it, edit it behind Steward's back, read its counters. */
  readonly store: S;
  /** Add or clear rules at any time. */
  readonly faults: FaultSchedule;
  /** Of the simulator, for the header of its answers. */
  protected abstract readonly name: string;
  /** A part of the API's paths: where the base path is wrong, such a call reaches the console and is answered with a page. */
  protected abstract readonly apiPath: string;
  protected readonly player: FaultPlayer<Work<R>, Accepted>;
  private readonly sleep: (ms: number) => Promise<void>;
  private readonly latencyMs: number;

  constructor(options: Options, { store, world, player }: SimulatorParts<S, World, R, Accepted>) {
    this.store = store;
    this.world = world;
    this.sleep = options.sleep ?? sleepReally;
    this.latencyMs = options.latencyMs ?? 0;
    this.player = this.playerOf(player ?? { faults: schedule(options) });
    this.faults = this.player.faults;
  }

  /** The style sheet, the script or the icon. */
  protected abstract assetOf(request: SimRequest): SimResponse | undefined;
  protected abstract routeOf(request: SimRequest): R;
  protected abstract natureOf(work: Work<R>): FaultTarget;
  /** Whoever is let in now; undefined when nobody is. */
  protected abstract accept(work: Work<R>): Accepted | undefined;
  /** Lists are read as of `lagMs` ago. */
  protected abstract perform(work: Work<R>, accepted: Accepted | undefined, lagMs: number): Performed;
  protected abstract endSession(work: Work<R>): void;
  /** Keeps a call that may change something: who tried, and whether it did. */
  protected abstract log(work: Work<R>, principal: string | null, committed: boolean): void;

  /** Answers one request. Throws `SimulatedCut` where a server would destroy the connection. */
  async handle(request: SimRequest): Promise<SimResponse> {
    this.settlePending();
    const asset = this.assetOf(request);
    if (asset) return this.marked(asset);
    const route = this.routeOf(request);
    const isLost = route.kind === "console" && !route.page && request.path.includes(this.apiPath);
    if (isLost) return this.marked(loginPage());
    this.store.calls.set(route.method, this.store.countOf(route.method) + 1);
    if (this.latencyMs > 0) await this.sleep(this.latencyMs);
    return this.marked(await this.player.play({ route, request }));
  }

  /** Performs what `commit-after` put off and what is due now; call it before looking into the store. */
  settlePending(): void {
    this.player.settlePending();
  }

  /** How many accepted calls are still to be performed. */
  get pendingCount(): number {
    return this.player.pendingCount;
  }

  private playerOf(parts: PlayerParts<Work<R>, Accepted>): FaultPlayer<Work<R>, Accepted> {
    const performer = {
      now: () => this.store.now(),
      sleep: this.sleep,
      natureOf: (work: Work<R>) => this.natureOf(work),
      perform: (work: Work<R>, accepted: Accepted | undefined, lagMs: number) => {
        const { response, actor, committed } = this.perform(work, accepted, lagMs);
        this.note(work, actor, committed);
        return response;
      },
      accept: (work: Work<R>) => this.accept(work),
      endSession: (work: Work<R>) => this.endSession(work),
      logRefused: (work: Work<R>) => this.note(work, null, false),
    };
    return new FaultPlayer(performer, parts);
  }

  private note(work: Work<R>, principal: string | null, committed: boolean): void {
    if (this.natureOf(work).isWrite) this.log(work, principal, committed);
  }

  private marked(response: SimResponse): SimResponse {
    return { ...response, headers: { ...response.headers, "x-steward-simulator": this.name } };
  }
}
