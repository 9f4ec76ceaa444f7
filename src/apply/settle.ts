import type { Operation, Outcome, Settled, StepContext } from "../connectors/connector.ts";
import { assert, Fault } from "../diagnostic.ts";
import { recordOutcome } from "../record.ts";
import { type Lookup, referencesIn, resolveAll } from "../resolve.ts";
import type { Address, StateEntry, Value } from "../resource.ts";
import { isFinished } from "../run.ts";
import type { Answer } from "../screen.ts";
import { type Event, foldRecords, type OpenRun, stepsInDoubt, toRecord } from "../state.ts";
import { groupSteps, type Step } from "../step.ts";
import type { Workspace } from "../workspace.ts";

/** A step that may have happened, and what reading back said. */
export interface Doubt {
  run: OpenRun;
  step: Step;
  settled: Settled;
}

export interface SettleOptions {
  /** `memory`: only this command's picture changes, as for `plan`. `log`: what is found becomes durable. */
  into: "memory" | "log";
  /** Wait for a late commit of a cut create instead of leaving it unknown. */
  wait: boolean;
  onWait?(step: Step, untilMs: number): void;
}

/** Settles every step in doubt by reading back. Never writes to a system. Throws a Refusal when anything is not trusted. */
export async function settleDoubts(workspace: Workspace, options: SettleOptions): Promise<Doubt[]> {
  workspace.assertTrusted();
  const doubts: Doubt[] = [];
  for (const { run, step, intendedAt } of stepsInDoubt(workspace.state)) {
    const settled = await settleStep(workspace, step, Date.parse(intendedAt), options);
    doubts.push({ run, step, settled });
    const event = await eventOf(workspace, run.id, step, settled, options.into);
    if (!event) continue;
    if (options.into === "log") await workspace.append([event]);
    else foldRecords(workspace.state, [toRecord(event)]);
  }
  return doubts;
}

/** Asks the operation; an absence of something that was being created is believed only after the commit grace (law 4). */
export async function settleStep(
  workspace: Workspace,
  step: Step,
  intendedAtMs: number,
  options: Pick<SettleOptions, "wait" | "onWait">,
): Promise<Settled> {
  const operation = operationOf(workspace, step);
  const ask = async (): Promise<Settled> => {
    assert(operation.settle, `${step.kind} cannot read back ${step.operation}`);
    try {
      return await operation.settle(await contextOf(workspace, step), workspace.system(step.system).reader);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { verdict: "unknown", because: error.message };
    }
  };
  const first = await ask();
  if (first.verdict !== "not-done" || !operation.creates) return first;
  const { requestTimeoutMs, commitGraceMs } = workspace.config(step.system);
  const clock = workspace.io.clock;
  // An intent from the future is one of a clock that was set back: the wait is never longer than from now.
  const believedAtMs = Math.min(intendedAtMs, clock.now()) + requestTimeoutMs + commitGraceMs;
  if (clock.now() >= believedAtMs) return first;
  if (!options.wait) {
    return { verdict: "unknown", because: `it may still be committed until ${new Date(believedAtMs).toISOString()}` };
  }
  options.onWait?.(step, believedAtMs);
  await clock.sleep(believedAtMs - clock.now(), workspace.signal);
  return ask();
}

/** What the log learns from a settled step; nothing while it is unknown. */
async function eventOf(
  workspace: Workspace,
  run: string,
  step: Step,
  settled: Settled,
  into: SettleOptions["into"],
): Promise<Event | undefined> {
  if (settled.verdict === "unknown") return undefined;
  if (settled.verdict === "not-done") return nothingEvent(workspace, run, step, "it was cut off and did not happen");
  if (settled.verdict === "lost") return lostEvent(workspace, run, step, settled.because);
  if (into === "log") await promoteAll(workspace, step);
  return outcomeEvent(workspace, run, step, settled.outcome);
}

/** Makes current what a step that is done has proven. */
export async function promoteAll(workspace: Workspace, step: Step): Promise<void> {
  for (const target of step.promotes ?? []) await workspace.secrets.promote(target);
}

/** The event that says that a step is done, with the whole entry that it leaves behind. `answer`: a person said so. */
export function outcomeEvent(
  workspace: Workspace,
  run: string,
  step: Step,
  outcome: Outcome,
  answer?: Answer,
): Extract<Event, { type: "outcome" }> {
  const { state } = workspace;
  const moved = step.records.is === "moved" ? step.records.from : undefined;
  const before = state.entries[moved ?? step.address];
  const at = workspace.timestamp();
  const resolved = { ...step, records: resolvedRecords(workspace, step) };
  const entry = step.records.is === "nothing" ? (before ?? null) : recordOutcome(before, resolved, outcome, at);
  const base = { type: "outcome" as const, at, run, step: step.id, address: step.address };
  const said = { ...(answer ? { answer } : {}), ...(outcome.ends ? { ends: outcome.ends } : {}) };
  // Who only looks finishes nothing that an earlier run left.
  const isLook = step.records.is === "inspected";
  const event = {
    ...base,
    ...said,
    entry: entry && !isLook ? withStatus(entry, state.runs[run], step, answer) : entry,
  };
  return moved === undefined ? event : { ...event, from: moved };
}

const grouped = new WeakMap<readonly Step[], ReadonlyMap<Address, Step[]>>();

function stepsAt({ plan: { steps } }: OpenRun, address: Address): readonly Step[] {
  const groups = grouped.get(steps) ?? groupSteps(steps);
  grouped.set(steps, groups);
  return groups.get(address) ?? [];
}

/** Tainted until every step of the address is done or not needed. What is only given back says nothing of the object. */
function withStatus(entry: StateEntry, run: OpenRun | undefined, done: Step, answer?: Answer): StateEntry {
  if (run?.abandoned) return entry;
  const answered = run && answer ? { ...run, answers: { ...run.answers, [done.id]: answer } } : run;
  const left =
    answered &&
    stepsAt(answered, done.address).find((step) => step.id !== done.id && !step.always && !isFinished(answered, step));
  const { because: _because, ...rest } = entry;
  return left ? { ...rest, status: "tainted", because: `${left.id} is not done` } : { ...rest, status: "ready" };
}

/**
 * The event that says that a step did not happen. When it was to receive a secret, the entry remembers that we tried: should
 * the system turn out to have given it away later all the same, it was to us (law 5).
 */
export function nothingEvent(
  workspace: Workspace,
  run: string,
  step: Step,
  because: string,
  answer?: Answer,
): Extract<Event, { type: "nothing" }> {
  const { state } = workspace;
  const event = {
    type: "nothing" as const,
    at: workspace.timestamp(),
    run,
    step: step.id,
    address: step.address,
    because,
    ...(answer ? { answer } : {}),
  };
  const before = state.entries[step.address];
  const isLostByPerson = answer?.result === "failed";
  const wasIntended = state.runs[run]?.steps[step.id]?.state === "intended" || isLostByPerson;
  const wasTried = wasIntended && !operationOf(workspace, step).creates;
  if (!before || !step.delivers || !wasTried) return event;
  return { ...event, entry: { ...before, lost: withLost(before, step) } };
}

function withLost(before: StateEntry | undefined, step: Step): string[] {
  return [...new Set([...(before?.lost ?? []), ...Object.keys(step.delivers ?? {})])];
}

/** The event that says that a step happened and what it gave cannot be had again. */
export function lostEvent(workspace: Workspace, run: string, step: Step, because: string): Event {
  const before = workspace.state.entries[step.address];
  const lost = withLost(before, step);
  const entry: StateEntry | null = before ? { ...before, status: "tainted", because, lost } : null;
  return { type: "lost", at: workspace.timestamp(), run, step: step.id, address: step.address, because, entry };
}

function resolvedRecords(workspace: Workspace, step: Step): Step["records"] {
  const { records } = step;
  if (!("attributes" in records)) return records;
  return { ...records, attributes: resolveAll(records.attributes, lookupRecorded(workspace)) };
}

/** References at run time: what is recorded by now. */
function lookupRecorded(workspace: Workspace): Lookup {
  return (address, attribute) => {
    const entry = workspace.state.entries[address];
    if (!entry) return undefined;
    if (attribute === "id") return entry.id;
    const name = attribute || workspace.kinds.get(entry.kind)?.schema["x-identity"][0] || "id";
    return entry.attributes[name];
  };
}

/** The input of a step with references resolved; throws a Fault when one is still open. Asks no system. */
export function inputOf(workspace: Workspace, step: Step): Record<string, Value> {
  const input: Record<string, Value> = resolveAll(step.input, lookupRecorded(workspace));
  const open = referencesIn(input)[0];
  if (!open) return input;
  throw new Fault(`${open.address} has no ${open.attribute || "identity"} yet`, {
    happened: "no",
    address: step.address,
    remedy: "plan again: what it refers to was not made",
  });
}

/** What an operation gets. Throws a Fault when a reference in its input is still open. */
export async function contextOf(workspace: Workspace, step: Step): Promise<StepContext> {
  const facts = await workspace.system(step.system).facts();
  const input = inputOf(workspace, step);
  const entry = workspace.state.entries[step.address];
  return {
    step,
    system: workspace.config(step.system),
    facts,
    input,
    ...(entry ? { entry } : {}),
    now: () => workspace.io.clock.now(),
    secrets: workspace.secrets,
  };
}

/** The operation of the kind that carries this step out. */
export function operationOf(workspace: Workspace, step: Step): Operation {
  // Only connectors of systems that the manifest declares are loaded: without the system there may be no kind either.
  workspace.config(step.system);
  const operation = workspace.kinds.get(step.kind)?.operations[step.operation];
  assert(operation, `${step.kind} has no operation ${step.operation}`);
  return operation;
}
