import type { LogRecord } from "./backends/backend.ts";
import { assert } from "./diagnostic.ts";
import { finishedPlansMax } from "./limits.ts";
import type { Address, Plain, StateEntry } from "./resource.ts";
import type { Answer } from "./screen.ts";
import type { Change, Consents, Plan, Step } from "./step.ts";

/**
 * State: what our log says. The log is the ledger; `fold` turns its records into this picture one by one.
 * A record holds the whole entry that it leaves behind, so that folding needs no rules of any kind.
 */
export interface State {
  lineage: string;
  serial: number;
  entries: Record<Address, StateEntry>;
  /** Runs that were opened and not closed. */
  runs: Record<string, OpenRun>;
  /** The highest generation that was ever intended for an address, kept when the object is gone: issue ids are never used twice. */
  generations: Record<Address, number>;
  pins: Pins;
  /** `system/kind` of every kind that an apply finished with: the guard is stricter before the first. */
  appliedKinds: string[];
  /** When a credential was last refused, by address; ISO 8601. */
  refusedAt: Record<Address, string>;
  /** Digests of the plans that were carried out whole, newest last: applying one again is no mistake, and nothing is left to do. */
  finished?: string[];
  /** The journal of Terraform providers: what is declared stands in Terraform's configuration, and nothing is planned from a manifest. */
  isJournal?: true;
  /**
   * What people last answered to a question, by the id of its step, once its run is closed without having done anything there. For
   * people; it decides nothing.
   */
  answers?: Record<string, Answer>;
}

/** What `steward trust` pinned. A system's or sink's pin is compared with what the manifest says today. */
export interface Pins {
  systems: Record<string, Plain>;
  sinks: Record<string, Plain>;
}

/** A plan as a run keeps it: enough to resume, settle and give back without the plan file. */
type RunPlan = Pick<Plan, "environment" | "now" | "basis" | "scope" | "digest"> & {
  consents: Consents;
  changes: Change[];
  steps: Step[];
  /** Digest of what each address, and what it references, declared when the run was opened. */
  resources: Record<Address, string>;
};

export type StepProgress =
  | { state: "intended"; at: string }
  /** A person was asked. */
  | { state: "asked"; at: string }
  /** `ends`: done, and what needs it must not go on. */
  | { state: "done"; at: string; ends?: string }
  /** `refused`: the system did not do it, and the plan has a branch for that. */
  | { state: "not-done"; at: string; because: string; refused?: true }
  | { state: "lost"; at: string; because: string };

/** The process that carries a run out, where several may be at work on one log. */
export interface RunCarrier {
  host: string;
  pidSpace: string;
  pid: number;
  /** When that process began, in the machine's own words. */
  started: string;
}

export interface OpenRun {
  id: string;
  openedAt: string;
  by: string;
  carrier?: RunCarrier;
  plan: RunPlan;
  steps: Record<string, StepProgress>;
  /** What people last said about a step, by its id. */
  answers: Record<string, Answer>;
  /** Nothing of it waits any more, and not all of it is done. */
  ended?: true;
  /** Only what it borrowed is still given back. */
  abandoned?: true;
}

export type Event =
  | { type: "run"; at: string; run: string; event: "opened"; by: string; carrier?: RunCarrier; plan: RunPlan }
  | { type: "run"; at: string; run: string; event: "closed"; how: "done" | "recovered" | "abandoned"; kinds: string[] }
  | { type: "run"; at: string; run: string; event: "ended" | "abandoned"; by: string }
  /** Another process goes on with it. */
  | { type: "run"; at: string; run: string; event: "taken"; carrier: RunCarrier }
  | { type: "asked"; at: string; run: string; step: string; address: Address; generation: number }
  /** What a person said that does not finish the step. */
  | { type: "answer"; at: string; run: string; step: string; address: Address; answer: Answer }
  | { type: "intent"; at: string; run: string; step: string; address: Address; generation: number }
  | {
      type: "outcome";
      at: string;
      run: string;
      step: string;
      address: Address;
      entry: StateEntry | null;
      from?: Address;
      answer?: Answer;
      ends?: string;
    }
  | {
      type: "nothing";
      at: string;
      run: string;
      step: string;
      address: Address;
      because: string;
      refused?: true;
      entry?: StateEntry;
      answer?: Answer;
    }
  | { type: "lost"; at: string; run: string; step: string; address: Address; because: string; entry: StateEntry | null }
  | { type: "entry"; at: string; by: string; address: Address; entry: StateEntry | null; why: "import" | "forget" }
  /** `journal`: the log is the journal of providers, and what is declared stands elsewhere. */
  | { type: "pin"; at: string; by: string; of: "systems" | "sinks"; name: string; pin: Plain; journal?: true }
  | { type: "probe"; at: string; address: Address; health: "working" | "refused"; entry?: StateEntry };

/** The state of a lineage before anything was recorded. */
export function emptyState(lineage: string): State {
  return {
    lineage,
    serial: 0,
    entries: {},
    runs: {},
    generations: {},
    pins: { systems: {}, sinks: {} },
    appliedKinds: [],
    refusedAt: {},
  };
}

/** An event as the backend keeps it. */
export function toRecord(event: Event): LogRecord {
  return event as unknown as LogRecord;
}

/** Folds records into a state, in place. */
export function foldRecords(state: State, records: readonly LogRecord[]): State {
  for (const record of records) {
    fold(state, record as unknown as Event);
    state.serial++;
  }
  return state;
}

function fold(state: State, event: Event): void {
  switch (event.type) {
    case "run":
      foldRun(state, event);
      return;
    case "intent":
      state.generations[event.address] = Math.max(state.generations[event.address] ?? 0, event.generation);
      progress(state, event.run, event.step, { state: "intended", at: event.at });
      return;
    case "asked":
      state.generations[event.address] = Math.max(state.generations[event.address] ?? 0, event.generation);
      progress(state, event.run, event.step, { state: "asked", at: event.at });
      delete runOf(state, event.run).ended;
      return;
    case "answer":
      runOf(state, event.run).answers[event.step] = event.answer;
      return;
    case "outcome":
      forgetRefusals(state, event);
      if (event.from !== undefined) forgetAddress(state, event.from, event.address);
      setEntry(state, event.address, event.entry);
      foldEnd(state, event, { state: "done", at: event.at, ...(event.ends ? { ends: event.ends } : {}) });
      return;
    case "nothing":
      if (event.entry) setEntry(state, event.address, event.entry);
      foldEnd(state, event, {
        ...{ state: "not-done", at: event.at, because: event.because },
        ...(event.refused ? { refused: true } : {}),
      });
      return;
    case "lost":
      setEntry(state, event.address, event.entry);
      progress(state, event.run, event.step, { state: "lost", at: event.at, because: event.because });
      return;
    case "entry":
      setEntry(state, event.address, event.entry);
      return;
    case "pin":
      state.pins[event.of][event.name] = event.pin;
      if (event.journal) state.isJournal = true;
      return;
    case "probe":
      if (event.health === "refused") state.refusedAt[event.address] = event.at;
      else delete state.refusedAt[event.address];
      if (event.entry) setEntry(state, event.address, event.entry);
      return;
  }
}

function foldRun(state: State, event: Extract<Event, { type: "run" }>): void {
  if (event.event === "opened") {
    const { run: id, at: openedAt, by, plan, carrier } = event;
    state.runs[id] = { id, openedAt, by, plan, steps: {}, answers: {}, ...(carrier && { carrier }) };
    return;
  }
  if (event.event === "taken") {
    runOf(state, event.run).carrier = event.carrier;
    return;
  }
  if (event.event !== "closed") {
    runOf(state, event.run)[event.event] = true;
    return;
  }
  const closing = state.runs[event.run];
  if (closing) keepAnswers(state, closing);
  const digest = closing?.plan.digest;
  if (event.how === "done" && digest !== undefined) {
    state.finished = [...(state.finished ?? []).filter((one) => one !== digest), digest].slice(-finishedPlansMax);
  }
  delete state.runs[event.run];
  state.appliedKinds = [...new Set([...state.appliedKinds, ...event.kinds])].sort();
}

/** What people answered is told again until something was done because of it: it may be otherwise then. */
function keepAnswers(state: State, { plan, steps, answers }: OpenRun): void {
  const acted = new Set(
    plan.steps.filter(({ id, asks }) => !asks && hasActed(steps[id])).map(({ address }) => address),
  );
  for (const { id, asks, hand, address } of plan.steps) {
    const answer = answers[id];
    if (!asks || !answer) continue;
    const { [id]: _before, ...others } = state.answers ?? {};
    state.answers = hand === "person" && !acted.has(address) ? { ...others, [id]: answer } : others;
  }
}

function hasActed(progress: StepProgress | undefined): boolean {
  return progress !== undefined && progress.state !== "asked" && progress.state !== "not-done";
}

/** What was just proven is not refused any more, and what was just changed, or what needs that, may work again: it is asked anew. */
function forgetRefusals(state: State, { run, step, address }: { run: string; step: string; address: Address }): void {
  const done = state.runs[run]?.plan.steps.find((one) => one.id === step);
  if (!done || done.asks) return;
  delete state.refusedAt[address];
  for (const refused of Object.keys(state.refusedAt)) {
    if (state.entries[refused]?.dependsOn.includes(address)) delete state.refusedAt[refused];
  }
}

function foldEnd(state: State, event: { run: string; step: string; answer?: Answer }, now: StepProgress): void {
  progress(state, event.run, event.step, now);
  if (event.answer) runOf(state, event.run).answers[event.step] = event.answer;
}

function progress(state: State, run: string, step: string, now: StepProgress): void {
  runOf(state, run).steps[step] = now;
}

function runOf(state: State, id: string): OpenRun {
  const run = state.runs[id];
  assert(run, `the log speaks of run ${id}, which is not open`);
  return run;
}

function setEntry(state: State, address: Address, entry: StateEntry | null): void {
  // A new issue of a credential has nothing to do with the refusal of the old one.
  if (issuesOf(entry) !== issuesOf(state.entries[address])) delete state.refusedAt[address];
  if (entry === null) delete state.entries[address];
  else state.entries[address] = entry;
  if (entry) state.generations[address] = Math.max(state.generations[address] ?? 0, entry.generation);
}

function issuesOf(entry: StateEntry | null | undefined): string {
  return Object.values(entry?.secrets ?? {})
    .map((secret) => secret.issueId)
    .join();
}

function forgetAddress(state: State, from: Address, to: Address): void {
  state.generations[to] = Math.max(state.generations[to] ?? 0, state.generations[from] ?? 0);
  delete state.entries[from];
}

/** Whether nobody knows of a step whether it happened: it was intended, and has no outcome. A mail is sent again as the same mail. */
export function isStepInDoubt(run: OpenRun, step: Step): boolean {
  return run.steps[step.id]?.state === "intended" && step.hand !== "mail";
}

/** Steps of open runs that may have happened, and since when. */
export function stepsInDoubt(state: State): { run: OpenRun; step: Step; intendedAt: string }[] {
  return Object.values(state.runs).flatMap((run) =>
    run.plan.steps.flatMap((step) => {
      const now = run.steps[step.id];
      return now && isStepInDoubt(run, step) ? [{ run, step, intendedAt: now.at }] : [];
    }),
  );
}
