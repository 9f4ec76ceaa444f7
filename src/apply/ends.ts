import type { Outcome } from "../connectors/connector.ts";
import type { Fault } from "../diagnostic.ts";
import { recordOutcome } from "../record.ts";
import { resolveAll } from "../resolve.ts";
import type { Address, StateEntry } from "../resource.ts";
import { isFinished } from "../run.ts";
import type { Answer } from "../screen.ts";
import type { Event, OpenRun } from "../state.ts";
import { groupSteps, type Step, type StepReport } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { lookupRecorded, operationOf } from "./context.ts";

/** How a step ends in the log, whoever carried it out. */

/** The highest generation that a step makes; 0 when it makes none. */
export function generationOf(step: Step): number {
  const made = "generation" in step.records ? step.records.generation : 0;
  return Math.max(made, ...Object.values(step.delivers ?? {}).map((target) => target.generation));
}

/** It happened: what it proved becomes current, and the log learns of it. */
export async function done(workspace: Workspace, run: OpenRun, step: Step, outcome: Outcome): Promise<StepReport> {
  await promoteAll(workspace, step);
  await workspace.append([outcomeEvent(workspace, run.id, step, outcome)]);
  return { step, result: "done", ...(outcome.says === undefined ? {} : { because: outcome.says }) };
}

/** It provably did not happen. */
export async function notDone(workspace: Workspace, run: OpenRun, step: Step, fault: Fault): Promise<StepReport> {
  const because = fault.message;
  const event = nothingEvent(workspace, run.id, step, because);
  if (hasBranchFor(workspace, run, step, fault)) {
    await workspace.append([{ ...event, refused: true }]);
    return { step, result: "refused", because };
  }
  const bringer = fault.details.code === "refused" ? bringerOf(workspace, run, step) : undefined;
  if (bringer) return askedAnew(workspace, run, step, bringer, event);
  await workspace.append([event]);
  return { step, result: "failed", because, ...aboutFault(fault) };
}

/** The step with which a person brought what `proof` proves, where that could not be tested when it was told. */
function bringerOf(workspace: Workspace, { plan, steps }: OpenRun, proof: Step): Step | undefined {
  const { records, address } = proof;
  if (records.is !== "proven") return undefined;
  return plan.steps.find((step) => {
    const brings = step.address === address && step.hand === "person" && step.delivers?.[records.secret] !== undefined;
    return brings && steps[step.id]?.state === "done" && operationOf(workspace, step).testedLater === true;
  });
}

/** What does not work was mistyped: whoever brought it is asked once more, and the run waits for them. */
async function askedAnew(
  workspace: Workspace,
  run: OpenRun,
  proof: Step,
  { id, address }: Step,
  event: Event,
): Promise<StepReport> {
  const asked = { type: "asked" as const, at: workspace.timestamp(), run: run.id, step: id, address, generation: 0 };
  await workspace.append([event, asked]);
  const because = `${"because" in event ? event.because : ""}; ${id} is asked for again: it may have been mistyped`;
  return { step: proof, result: "waiting", because };
}

/** Whether what a person brought with a step may be brought again: it is not proven yet. */
export function mayBringAgain(workspace: Workspace, { plan, steps }: OpenRun, step: Step): boolean {
  if (steps[step.id]?.state !== "done" || step.hand !== "person") return false;
  if (operationOf(workspace, step).testedLater !== true) return false;
  const isOpen = ({ id }: Step): boolean => steps[id] === undefined || steps[id].state === "not-done";
  return plan.steps.some((other) => {
    return other.address === step.address && other.records.is === "proven" && isOpen(other);
  });
}

/** What a report says of a fault beside its words. */
export function aboutFault({ details: { remedy, code } }: Fault): Pick<StepReport, "remedy" | "code"> {
  return { ...(remedy ? { remedy } : {}), ...(code ? { code } : {}) };
}

/** Whether the plan says what is done when the system refuses this step so. */
function hasBranchFor(workspace: Workspace, run: OpenRun, step: Step, fault: Fault): boolean {
  const hasBranch = run.plan.steps.some(({ when }) => when?.is === "refused" && when.of === step.id);
  return hasBranch && operationOf(workspace, step).isRefusal?.(fault, step) === true;
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
  const entry = recordsNothing(step, before) ? (before ?? null) : recordOutcome(before, resolved, outcome, at);
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

/** What is only closed or given back may never have been recorded: nobody told that it was made. */
function recordsNothing({ records, always }: Step, before: StateEntry | undefined): boolean {
  return records.is === "nothing" || (records.is === "updated" && always === true && before === undefined);
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
  const wasIntended = state.runs[run]?.steps[step.id]?.state === "intended";
  const wasTried = answer?.result === "failed" || (wasIntended && !operationOf(workspace, step).creates);
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
