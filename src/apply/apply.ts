import { type Diagnostic, Fault, InvalidManifest, Refusal } from "../diagnostic.ts";
import { assertSafe } from "../guard.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Observation } from "../observation.ts";
import { assertFresh, assertSamePlan } from "../plan/file.ts";
import { makePlan, type PlanInput, type PlanResult } from "../plan/plan.ts";
import { probeEvents } from "../probe-events.ts";
import { type RefreshOptions, type RefreshWatch, refresh } from "../refresh.ts";
import { isGood, isWaiting, loansOut } from "../run.ts";
import type { OpenRun } from "../state.ts";
import type { Consents, Plan, StepReport } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { assertDeliverable } from "./deliverable.ts";
import { type ExecuteOptions, executeRun } from "./execute.ts";
import { assertResumable } from "./resume.ts";
import {
  cannotGoOn,
  closeRun,
  currentRun,
  giveBack,
  isInDoubt,
  isWaitingReport,
  onlyWaits,
  openRun,
  openRunNamed,
  recover,
  settleOptions,
} from "./runs.ts";
import { type Doubt, settleDoubts } from "./settle.ts";

/** From a plan to a run: planned again and compared, refused or resumed, carried out, and what became of it as a whole. */

export interface PlanRequest {
  consents: Consents;
  destroy: boolean;
  version: string;
  /** Milliseconds since 1970; an input of the plan. */
  now: number;
}

export interface ApplyOptions extends ExecuteOptions {
  /** Id of an open run to go on with when its plan file is not at hand: the run keeps its plan. */
  resume?: string;
  /** Told about each list that is read. */
  watch?: RefreshWatch;
  /** Asked with the plan before the first write when there is no plan file; false ends without a change. */
  confirm?(plan: Plan): Promise<boolean>;
  onPlan?(plan: Plan): void;
  /** Called when something was in doubt and was settled. */
  onDoubts?(doubts: Doubt[]): void;
}

export interface ApplyReport {
  plan: Plan;
  /** What was in doubt when the command began, and how it was settled. */
  doubts: Doubt[];
  steps: StepReport[];
  /** "waiting": nothing is missing but answers of people. "done-before": a run has carried this very plan out already. */
  outcome: "nothing-to-do" | "done-before" | "done" | "waiting" | "unfinished" | "declined";
  resumed: boolean;
}

/** Plans from a fresh look at the world. Throws InvalidManifest or Refusal; never writes. */
export function planNow(workspace: Workspace, observation: Observation, request: PlanRequest): PlanResult {
  assertNoJournal(workspace);
  const { manifest, kinds, state } = workspace;
  return planSafely({ manifest, kinds, state, observation, ...request });
}

/** What a journal records is declared elsewhere: to a manifest all of it would look as if it had been taken out. */
function assertNoJournal({ state, log }: Workspace): void {
  if (!state.isJournal) return;
  const message = `${log.place} is the journal of Terraform providers, and what it records is declared there`;
  throw new Refusal([{ message, remedy: "plan and apply with terraform" }]);
}

/** A plan that the guard lets pass. Pure. Throws InvalidManifest, each error with its line, or Refusal. */
export function planSafely(input: PlanInput): PlanResult {
  const { manifest, state, observation, kinds } = input;
  const result = makePlan(input);
  if (result.errors.length > 0)
    throw new InvalidManifest(
      result.errors.map((error) => withExcerpt(error, manifest)),
      "nothing was changed",
    );
  assertSafe({ result, state, observation, guard: manifest.guard, kinds });
  return result;
}

function withExcerpt(error: Diagnostic, manifest: Manifest): Diagnostic {
  const excerpt = error.excerpt ?? (error.source && manifest.excerpt?.(error.source));
  return excerpt ? { ...error, excerpt } : error;
}

/**
 * Applies a plan file, or what is planned now. The caller holds the lock. A plan file is a proposal: the plan is derived again
 * and must be the same; an open run with the same digest is resumed instead.
 */
export async function applyPlan(
  workspace: Workspace,
  file: Plan | undefined,
  request: PlanRequest,
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  assertNoJournal(workspace);
  const open = runToResume(workspace, file, options);
  if (open) return resume(workspace, file ?? planOf(workspace, open), open, options);
  if (file && workspace.state.finished?.includes(file.digest)) {
    return { plan: file, doubts: [], resumed: false, steps: [], outcome: "done-before" };
  }
  if (file) assertFresh(file, workspace.io.clock.now());
  const doubts = await recover(workspace, options);
  if (doubts.length > 0) options.onDoubts?.(doubts);
  const observation = await refresh(workspace, { probe: "harmless", ...watching(options) });
  await recordProbes(workspace, observation);
  const planned = file
    ? { ...request, now: Date.parse(file.now), consents: file.consents, destroy: file.scope.destroy }
    : request;
  const fresh = planNow(workspace, observation, planned).plan;
  if (file) assertSamePlan(file, fresh);
  // Notices may differ; the run must bear the digest of the file, so that the same file resumes it.
  const plan = file ?? fresh;
  options.onPlan?.(plan);
  const base = { plan, doubts, resumed: false };
  if (plan.steps.length === 0) return { ...base, steps: [], outcome: "nothing-to-do" };
  if (!file && options.confirm && !(await options.confirm(plan))) return { ...base, steps: [], outcome: "declined" };
  assertNotStopped(options);
  await assertDeliverable(workspace, plan);
  return { ...base, ...(await runToEnd(workspace, await openRun(workspace, plan), options)) };
}

function runToResume(workspace: Workspace, file: Plan | undefined, { resume }: ApplyOptions): OpenRun | undefined {
  if (resume !== undefined) return openRunNamed(workspace, resume);
  return file && Object.values(workspace.state.runs).find((run) => run.plan.digest === file.digest);
}

/** The plan that a run keeps. What it does not keep was for people. */
function planOf({ state, manifest }: Workspace, { plan }: OpenRun): Plan {
  const { resources: _resources, ...kept } = plan;
  return { formatVersion: 1, ...kept, serial: state.serial, declared: manifest.resources.length, notices: [] };
}

/** A refusal, and its end, is remembered: what was refused is not asked again for a day. */
async function recordProbes(workspace: Workspace, observation: Observation): Promise<void> {
  const events = probeEvents(workspace, observation);
  if (events.length > 0) await workspace.append(events);
}

function watching({ watch }: ApplyOptions): Pick<RefreshOptions, "watch"> {
  return watch ? { watch } : {};
}

/** Whoever stops the command before its run was opened finds nothing to be resumed. */
function assertNotStopped({ stop }: ExecuteOptions): void {
  if (!stop?.aborted) return;
  throw new Fault("it was stopped before anything was changed", { happened: "no", remedy: "run the command again" });
}

async function resume(workspace: Workspace, file: Plan, run: OpenRun, options: ApplyOptions): Promise<ApplyReport> {
  const doubts = await settleDoubts(workspace, settleOptions(options));
  if (doubts.length > 0) options.onDoubts?.(doubts);
  // Giving back needs nothing of what was planned.
  if (!run.abandoned) await assertOrGiveBack(workspace, run, options);
  options.onPlan?.(file);
  return { plan: file, doubts, resumed: true, ...(await runToEnd(workspace, currentRun(workspace, run), options)) };
}

/** A run that cannot be resumed gives back what it borrowed before it is refused: nobody would come back for that. */
async function assertOrGiveBack(workspace: Workspace, run: OpenRun, options: ApplyOptions): Promise<void> {
  try {
    assertResumable(workspace, run, await refresh(workspace, { probe: "none", ...watching(options) }));
  } catch (error) {
    const owes = loansOut(workspace.state).some((loan) => loan.run.id === run.id);
    // People at work are not cut off by a slip in the manifest: they finish, or somebody abandons the run.
    if (error instanceof Refusal && owes && !isWaiting(run) && !isInDoubt(run))
      await giveBack(workspace, run, "abandoned", options);
    throw error;
  }
}

/** Carries an open run out as far as it goes, and closes it when nothing is left that could go on. */
export async function runToEnd(
  workspace: Workspace,
  run: OpenRun,
  options: ExecuteOptions,
): Promise<{ steps: StepReport[]; outcome: "done" | "waiting" | "unfinished" }> {
  if (run.abandoned) {
    const steps = await giveBack(workspace, run, "abandoned", options);
    const owed = steps.filter(({ step }) => step.always);
    return { steps, outcome: onlyWaits(owed, options) ? "waiting" : "unfinished" };
  }
  const steps = await executeRun(workspace, run, options);
  const outcome = outcomeOf(steps, options);
  if (outcome === "done") await closeRun(workspace, run, "done");
  else if (cannotGoOn(steps)) await closeRun(workspace, run, "recovered");
  else if (!options.stop?.aborted && !steps.some(isWaitingReport) && isWaiting(run)) {
    // People have done their part, and something else failed: from now on it is a failed run like any other.
    await workspace.append([
      { type: "run", at: workspace.timestamp(), run: run.id, event: "ended", by: workspace.who },
    ]);
  }
  await workspace.writeSnapshot();
  return { steps, outcome };
}

function outcomeOf(steps: readonly StepReport[], options: ExecuteOptions): "done" | "waiting" | "unfinished" {
  if (steps.every(({ result }) => isGood(result))) return "done";
  return onlyWaits(steps, options) ? "waiting" : "unfinished";
}
