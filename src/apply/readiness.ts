import { decide, decidersOf, hasEnded, isGood, isLeftOut, loanHolder, wasRefused } from "../run.ts";
import { isStepInDoubt, type OpenRun } from "../state.ts";
import { isOwed, type Step, type StepReport, type When } from "../step.ts";
import type { Workspace } from "../workspace.ts";

/** Which steps of a run may begin, which never will, and what those that did not begin wait for. Looks at runs only, never at a system. */

/** What is done about what a crash lost. */
export const lostRemedy = "the next plan revokes it and issues it anew";

/** What earlier executions of this run made of a step; undefined while there is something to do about it. */
export function reportBefore(run: OpenRun, step: Step): StepReport | undefined {
  const before = run.steps[step.id];
  if (before?.state === "done") return { step, result: "done" };
  if (before?.state === "not-done" && wasRefused(run, step))
    return { step, result: "refused", because: before.because };
  if (before?.state === "lost") return { step, result: "lost", because: before.because, remedy: lostRemedy };
  // A branch that is not taken any more is not needed, whatever was said of it.
  if (isLeftOut(run, step)) return undefined;
  // Whoever said that it cannot be done is not asked again: only a new plan leads on. What is owed stays owed.
  if (before?.state === "not-done" && step.hand === "person" && !isOwed(step))
    return { step, result: "failed", because: before.because };
  if (run.abandoned && !step.always) return { step, result: "skipped", because: "the run was abandoned" };
  if (isStepInDoubt(run, step)) return { step, result: "in-doubt", because: "it is not known whether it happened" };
  return undefined;
}

export type Reports = ReadonlyMap<string, StepReport>;

/** Whether a step may begin now, or never will in this run. */
export function readinessOf(step: Step, run: OpenRun, reports: Reports): "run" | "skip" | "wait" | "not-needed" {
  const branch = step.when ? branchOf(step, step.when, run, reports) : "taken";
  if (branch !== "taken") return branch;
  const needs = step.needs.map((need) => reports.get(need)?.result);
  if (step.always) {
    if (!needs.every(hasEnded)) return "wait";
    return step.when || step.needs.some((need) => run.steps[need]) ? "run" : "not-needed";
  }
  if (needs.some((result) => hasEnded(result) && !isGood(result))) return "skip";
  if (step.needs.some((need) => endsAt(run, need) !== undefined)) return "skip";
  return needs.every(isGood) ? "run" : "wait";
}

/** Branches that hang on what became of a step, not on an answer. */
const byProgress: ReadonlySet<When["is"]> = new Set(["borrowed", "refused", "failed"]);

function branchOf(step: Step, when: When, run: OpenRun, reports: Reports): "taken" | "not-needed" | "skip" | "wait" {
  const deciding = decidersOf(when, run).map(({ id }) => reports.get(id)?.result);
  // What was not done in an earlier execution may be done in this one.
  if (isLeftOut(run, step)) return byProgress.has(when.is) && !deciding.every(hasEnded) ? "wait" : "not-needed";
  // What began to borrow is brought to its end.
  if (decide(when, run) !== undefined) return "taken";
  if (!deciding.every(hasEnded)) return deciding.includes("in-doubt") && !step.always ? "skip" : "wait";
  // Whoever never got to borrow has nothing to give back.
  return step.always ? "not-needed" : "skip";
}

/** A step that is done can end its branch: why. */
function endsAt(run: OpenRun, id: string): string | undefined {
  const progress = run.steps[id];
  return progress?.state === "done" ? progress.ends : undefined;
}

/** Why a step never ran. */
export function whySkipped(step: Step, run: OpenRun, reports: Reports): string {
  const needs = step.needs.map((need) => reports.get(need));
  if (needs.some((need) => need?.because === "the run was abandoned")) return "the run was abandoned";
  const ending = step.needs.find((need) => endsAt(run, need) !== undefined);
  const isAllDone = needs.every((need) => !hasEnded(need?.result) || isGood(need?.result));
  return ending !== undefined && isAllDone
    ? `${ending} was done, and ended its branch: ${endsAt(run, ending)}`
    : "a step that it needs was not done";
}

/** Somebody else has borrowed what this step wants to borrow: one at a time for each system. */
export function whyNotLent(
  workspace: Workspace,
  run: OpenRun,
  step: Step,
  inFlight: readonly { step: Step }[] = [],
): string | undefined {
  const { loan } = step;
  if (loan?.part !== "take") return undefined;
  const rival = inFlight.find(
    (other) =>
      other.step.loan?.part === "take" && other.step.loan.name === loan.name && other.step.system === step.system,
  );
  if (rival) return `${rival.step.address} borrows it first`;
  const holder = loanHolder(workspace.state, run, step);
  return holder && `${holder.address} has borrowed it in run ${holder.run.id} and not given it back yet`;
}

/** What a step that did not begin waits for. */
export function reportLeft(workspace: Workspace, run: OpenRun, step: Step, reports: Reports): StepReport {
  const because = readinessOf(step, run, reports) === "run" ? whyNotLent(workspace, run, step) : undefined;
  return because === undefined ? { step, result: "untouched" } : { step, result: "waiting", because };
}
