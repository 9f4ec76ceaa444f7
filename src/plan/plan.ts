import { digestOf } from "../canonical.ts";
import type { Kind, Verdict, View } from "../connectors/connector.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { markOwner } from "../mark.ts";
import type { Observation } from "../observation.ts";
import { type Address, type Resource, type StateEntry, splitAddress } from "../resource.ts";
import { askedSteps, closingCommand, isWaiting, reservedAddresses } from "../run.ts";
import type { OpenRun, State } from "../state.ts";
import type { AttributeChange, Change, Consents, Plan, Step } from "../step.ts";
import { withImplicitNeeds } from "./implicit-needs.ts";
import { type Judgement, judge } from "./judge.ts";
import { lookAgain, lowerChange } from "./lower.ts";
import { findMoves } from "./moves.ts";
import { noticesOf } from "./notices.ts";
import { inOrder, orderSteps } from "./order.ts";
import { isWorthSaying, makeView, type Planned, type ViewSource } from "./view.ts";
import { Declared, Worlds } from "./world.ts";

/** Everything that a plan is made from. Planning looks at nothing else: no clock, no random, no file, no network. */
export interface PlanInput {
  manifest: Manifest;
  kinds: ReadonlyMap<string, Kind>;
  state: State;
  observation: Observation;
  /** Milliseconds since 1970. */
  now: number;
  consents: Consents;
  destroy: boolean;
  version: string;
  /**
   * Plans this address alone, where somebody else keeps the order: what is declared `beside` it is known and not planned, nothing is taken
   * for moved, and nothing is said of the rest.
   */
  only?: { address: Address; beside: Declared };
}

/** A plan, and what in the manifest stands against it. With errors the plan must not be used. */
export interface PlanResult {
  plan: Plan;
  errors: Diagnostic[];
  /** Why an object must never lose what this plan takes from it; the guard refuses. */
  protections: { address: Address; because: string }[];
}

/** Makes the plan: pure, and byte-equal for equal input in whatever order it comes. */
export function makePlan(input: PlanInput): PlanResult {
  const planner = new Planner(input);
  const planned = planner.planAll();
  const changes = planned.filter(isWorthSaying).map(({ change }) => change);
  const unordered = planned.flatMap(({ steps }) => steps);
  const { manifest, state, consents, observation } = input;
  const body: Omit<Plan, "digest"> = {
    formatVersion: 1,
    environment: manifest.environment,
    now: new Date(input.now).toISOString(),
    basis: {
      manifest: manifest.digest,
      lineage: state.lineage,
      targets: Object.fromEntries(Object.entries(observation.systems).map(([name, seen]) => [name, seen.fingerprint])),
      version: input.version,
    },
    scope: { destroy: input.destroy },
    consents,
    serial: state.serial,
    declared: planner.resources.length,
    changes,
    steps: orderSteps(changes, unordered, state.entries),
    notices: input.only === undefined ? noticesOf(input, planned) : [],
  };
  const errors = [
    ...planned.flatMap((item) => item.errors),
    ...sinkErrors(input, changes),
    ...placeErrors(input, changes, unordered),
  ];
  const protections = planned.flatMap(({ protection, change }) =>
    protection ? [{ address: change.address, because: protection }] : [],
  );
  return { plan: { ...body, digest: digestOf(body) }, errors, protections };
}

/** A sink that still holds secrets of recorded resources cannot leave the manifest before they do. */
function sinkErrors({ manifest, state }: PlanInput, changes: readonly Change[]): Diagnostic[] {
  const leaving = new Set(
    changes.filter(({ action }) => action === "delete" || action === "forget").map(({ address }) => address),
  );
  return Object.values(state.entries).flatMap((entry) => {
    if (leaving.has(entry.address)) return [];
    const gone = Object.values(entry.secrets).filter((secret) => secret.delivered && !manifest.sinks[secret.sink]);
    return gone.map((secret) => ({
      severity: "error" as const,
      message: `the secret of ${entry.address} lies in sink ${secret.sink}, which the manifest does not declare any more`,
      hint: `declare ${secret.sink} again; to move the secret, deliver it elsewhere first and apply that`,
      address: entry.address,
    }));
  });
}

/** A place that still holds another resource's secret: a new value there would destroy the only copy of it. */
function placeErrors(
  { state, manifest, only }: PlanInput,
  changes: readonly Change[],
  steps: readonly Step[],
): Diagnostic[] {
  // What is neither declared nor changed has moved to another address in this plan.
  const staying = new Set(manifest.resources.map(({ address }) => address));
  for (const { address, action } of changes) {
    if (action === "delete" || action === "forget") staying.delete(address);
    else staying.add(address);
  }
  if (!steps.some(({ delivers }) => delivers)) return [];
  const tenants = new Map<string, Address>();
  for (const entry of Object.values(state.entries)) {
    if (!staying.has(entry.address) && !only?.beside.get(entry.address)) continue;
    for (const secret of Object.values(entry.secrets)) tenants.set(`${secret.sink}:${secret.path}`, entry.address);
  }
  return steps.flatMap((step) =>
    Object.values(step.delivers ?? {}).flatMap(({ sink, path }) => {
      const tenant = tenants.get(`${sink}:${path}`);
      if (tenant === undefined || tenant === step.address) return [];
      return [
        {
          severity: "error" as const,
          message: `${step.address} would deliver to ${sink}:${path}, where the secret of ${tenant} still lies`,
          hint: `deliver it to a free place, or move the secret of ${tenant} away first and apply that`,
          address: step.address,
        },
      ];
    }),
  );
}

class Planner {
  readonly resources: readonly Resource[];
  readonly #input: PlanInput;
  readonly #source: ViewSource;
  readonly #moves: ReadonlyMap<Address, StateEntry>;
  readonly #movedAway: ReadonlySet<Address>;
  readonly #planned = new Map<Address, Planned>();

  constructor(input: PlanInput) {
    this.#input = input;
    const declared = input.destroy ? [] : input.manifest.resources;
    const isWhole = input.only === undefined;
    const known = input.only?.beside ?? new Declared(input.kinds, declared);
    const worlds = new Worlds(input.kinds, input.state, input.observation, known);
    this.resources = isWhole ? declared.map((resource) => withImplicitNeeds(resource, input.kinds, worlds)) : declared;
    this.#moves = isWhole ? findMoves(this.resources, input.state, input.kinds, input.manifest.moved) : new Map();
    this.#movedAway = new Set([...this.#moves.values()].map((entry) => entry.address));
    this.#source = { ...input, worlds, moves: this.#moves, planned: this.#planned };
  }

  planAll(): Planned[] {
    const reserved = reservedAddresses(this.#input.state);
    const resources = new Map(this.resources.map((resource) => [resource.address, resource]));
    const addresses = new Map(this.#addresses().map((address) => [address, address]));
    const needs = (address: Address): readonly string[] => resources.get(address)?.dependsOn ?? [];
    for (const address of inOrder(addresses, needs)) {
      const run = reserved.get(address);
      const system = resources.get(address)?.system ?? this.#input.state.entries[address]?.system ?? "";
      const planned = run ? reservedBy(address, system, run) : this.#planOne(address, resources.get(address));
      if (planned) this.#planned.set(address, planned);
    }
    const all = [...this.#planned.values()];
    blockLeavers(all, this.#input.state.entries);
    return all.sort((a, b) => (a.change.address < b.change.address ? -1 : 1));
  }

  #addresses(): Address[] {
    if (this.#input.only !== undefined) return [this.#input.only.address];
    const addresses = new Set(this.resources.map((resource) => resource.address));
    for (const address of Object.keys(this.#input.state.entries)) {
      if (!this.#movedAway.has(address)) addresses.add(address);
    }
    for (const address of Object.keys(this.#input.state.generations)) {
      if (this.#movedAway.has(address) || addresses.has(address)) continue;
      if (this.#strayAt(address).length > 0) addresses.add(address);
    }
    return [...addresses];
  }

  #strayAt(address: Address): { system: string }[] {
    return this.#source.worlds.markedBy(splitAddress(address).kind, markOwner(this.#input.state.lineage, address));
  }

  #planOne(address: Address, resource: Resource | undefined): Planned | undefined {
    const entry = this.#moves.get(address) ?? this.#input.state.entries[address];
    const system = resource?.system ?? entry?.system ?? this.#strayAt(address)[0]?.system ?? "";
    const kind = this.#input.kinds.get(splitAddress(address).kind);
    const config = this.#input.manifest.systems[system];
    if (!kind || !config) return quiet(address, system, `the manifest has no system ${system} any more`);
    const view = makeView(this.#source, { address, resource, entry, system: config, kind });
    const listing = this.#source.worlds.listing(system, kind.name);
    const question = listing?.attested ? this.#questionAbout(view, kind) : undefined;
    return question ?? this.#decide(view, kind, judge(view, kind, listing));
  }

  /** What somebody is to look at again is not judged by what was told before: the next plan says what follows. */
  #questionAbout(view: View, kind: Kind): Planned | undefined {
    const { address, recorded } = view;
    if (recorded?.address !== address || !this.#input.consents.ask?.includes(address)) return undefined;
    const steps = lookAgain(view, kind)?.map((step) => this.#withLastAnswer(step));
    const change = this.#change(view, { action: "none", attributes: [], notes: [] }, [], undefined);
    return steps && { change: { ...change, after: [] }, steps, errors: [], view };
  }

  #decide(view: View, kind: Kind, judged: Judgement): Planned {
    if (judged.blocked !== undefined) return quiet(view.address, view.system.name, judged.blocked);
    const moved = this.#moves.get(view.address)?.address;
    const assessed = kind.assess?.({ ...view }, judged.verdict);
    const verdict: Verdict = { ...judged.verdict, ...assessed?.verdict };
    if (this.#input.consents.restore.includes(view.address)) delete verdict.held;
    if (moved !== undefined && (verdict.action === "none" || verdict.action === "update")) verdict.action = "move";
    const records = verdict.action === "forget" ? [] : (judged.records ?? []);
    if (verdict.action === "none" && records.length > 0) verdict.action = "update";
    const change = this.#change(view, verdict, records, moved);
    if (change.action !== "none") this.#blockDependant(change, view);
    // What is left out anyway may look wrong only because of what it waits for.
    const errors = change.blocked ? [] : [...judged.errors, ...(assessed?.errors ?? [])];
    const idle = errors.length > 0 || change.held || change.blocked || change.action === "none";
    const steps = idle
      ? []
      : lowerChange(view, kind, verdict, records, moved).map((step) => this.#withLastAnswer(step));
    const protection = idle ? undefined : kind.protects?.(view, verdict);
    return { change, steps, errors, view, ...(protection === undefined ? {} : { protection }) };
  }

  #withLastAnswer(step: Step): Step {
    const last = step.asks && step.hand === "person" && this.#input.state.answers?.[step.id];
    return last ? { ...step, answered: { result: last.result, on: last.at } } : step;
  }

  #change(view: View, verdict: Verdict, records: AttributeChange[], moved: Address | undefined): Change {
    const because = moved === undefined ? verdict.because : (verdict.because ?? `it was ${moved}`);
    return {
      address: view.address,
      kind: view.kind,
      system: view.system.name,
      action: verdict.action,
      ...(because === undefined ? {} : { because }),
      ...(verdict.held ? { held: verdict.held } : {}),
      attributes: [...verdict.attributes, ...records],
      ...(view.actual ? { id: view.actual.id } : {}),
      after: view.resource?.dependsOn ?? [],
      notes: verdict.notes,
    };
  }

  #isAskedAbout(address: Address): boolean {
    return this.#planned.get(address)?.steps.some(({ records }) => records.is === "inspected") ?? false;
  }

  /** What needs something held or blocked must wait with it; what goes away need not. */
  #blockDependant(change: Change, view: View): void {
    if (change.action === "delete" || change.action === "forget") return;
    for (const needed of view.resource?.dependsOn ?? []) {
      const other = this.#planned.get(needed)?.change;
      if (other?.held) change.blocked = { because: `it needs ${needed}, which is held` };
      else if (other?.blocked) change.blocked = { because: `it needs ${needed}: ${other.blocked.because}` };
      else if (this.#isAskedAbout(needed)) change.blocked = { because: `it needs ${needed}, which is looked at first` };
      if (change.blocked) return;
    }
  }
}

/** What goes away must wait for its dependants that cannot go yet. */
function blockLeavers(all: Planned[], entries: Readonly<Record<Address, StateEntry>>): void {
  const neededBy = new Map<Address, Address>();
  for (const { change } of all) {
    if (!change.held && !change.blocked) continue;
    for (const needed of entries[change.address]?.dependsOn ?? []) neededBy.set(needed, change.address);
  }
  for (const item of all) {
    const dependant = neededBy.get(item.change.address);
    if (item.change.action !== "delete" || dependant === undefined) continue;
    item.change.blocked = { because: `${dependant} still needs it` };
    item.steps = [];
  }
}

function reservedBy(address: Address, system: string, run: OpenRun): Planned {
  const [owed] = run.abandoned ? askedSteps(run) : [];
  const because = owed
    ? `run ${run.id} was given up, and ${owed.step.id} waits for a person`
    : `run ${run.id} of ${run.openedAt} has not finished it`;
  const planned = quiet(address, system, because, [reservedNote(run)]);
  if (planned.change.blocked && (owed || isWaiting(run))) planned.change.blocked.waits = true;
  return planned;
}

function reservedNote(run: OpenRun): string {
  if (run.abandoned && askedSteps(run).length > 0) return `What it owes comes first:  ${closingCommand(run)}`;
  if (!isWaiting(run))
    return "To go on apply its plan file again or, without one:  steward apply; to close it only:  steward recover";
  return `It waits for a person:  steward status; to go on apply its plan file again; to give it up:  ${closingCommand(run)}`;
}

function quiet(address: Address, system: string, because: string, notes: string[] = []): Planned {
  const { kind } = splitAddress(address);
  const change: Change = {
    address,
    kind,
    system,
    action: "none",
    blocked: { because },
    attributes: [],
    after: [],
    notes,
  };
  return { change, steps: [], errors: [] };
}
