import type { Operation, Outcome, StepContext } from "../connectors/connector.ts";
import { assert, Fault } from "../diagnostic.ts";
import { stepsConcurrencyMax } from "../limits.ts";
import { decide } from "../run.ts";
import type { Answer } from "../screen.ts";
import type { OpenRun, StepProgress } from "../state.ts";
import type { Step, StepReport, StepResult } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { LentMeanwhile, noteBegin } from "./begin.ts";
import { performStep } from "./console-step.ts";
import { contextOf, operationOf } from "./context.ts";
import { aboutFault, done, generationOf, lostEvent, notDone, outcomeEvent } from "./ends.ts";
import { whyNotExpected } from "./expects.ts";
import { askPerson, sendMail } from "./people.ts";
import { lostRemedy, readinessOf, reportBefore, reportLeft, whyNotLent, whySkipped } from "./readiness.ts";
import { settleStep } from "./settle.ts";

/** The steps of a run, several at a time: which begins when, and what one write leaves behind (laws 3 and 4). */

export interface ExecuteOptions {
  /** Only these steps may begin; the others stay as they are. */
  only?(step: Step): boolean;
  /** Aborted by Ctrl-C: no new step begins, those in flight are awaited. */
  stop?: AbortSignal;
  onStep?(event: { step: Step; state: "started" | StepResult; because?: string }): void;
  onWait?(step: Step, untilMs: number): void;
}

/**
 * Carries out the unfinished steps of an open run. Independent branches go on when one fails or waits for a person; what needs
 * a failed step is skipped, `always` steps run once everything that they need has ended in any way. Of an abandoned run only
 * those are left. Only what is not a Fault is thrown.
 */
export async function executeRun(
  workspace: Workspace,
  run: OpenRun,
  options: ExecuteOptions = {},
): Promise<StepReport[]> {
  const reports = new Map<string, StepReport>();
  const left = new Map(run.plan.steps.map((step) => [step.id, step]));
  for (const step of run.plan.steps) {
    const before = reportBefore(run, step);
    if (before) settleAs(before);
  }
  const inFlight = new Map<string, { step: Step; ended: Promise<void> }>();

  function settleAs(report: StepReport): void {
    reports.set(report.step.id, report);
    left.delete(report.step.id);
  }

  function start(step: Step): void {
    left.delete(step.id);
    options.onStep?.({ step, state: "started" });
    const ended = runStep(workspace, run, step, options).then((report) => {
      inFlight.delete(step.id);
      settleAs(report);
      options.onStep?.({ step, state: report.result, ...(report.because ? { because: report.because } : {}) });
    });
    inFlight.set(step.id, { step, ended });
  }

  const mayStart = (step: Step): boolean =>
    (options.only?.(step) ?? true) && whyNotLent(workspace, run, step, [...inFlight.values()]) === undefined;
  for (;;) {
    const before = left.size;
    for (const step of left.values()) {
      // With thousands of steps, looking at each of them after each of them would be most of the work.
      if (inFlight.size >= stepsConcurrencyMax) break;
      const readiness = options.stop?.aborted ? "wait" : readinessOf(step, run, reports);
      if (readiness === "skip") settleAs({ step, result: "skipped", because: whySkipped(step, run, reports) });
      if (readiness === "not-needed") settleAs({ step, result: "not-needed" });
      if (readiness === "run" && mayStart(step)) start(step);
    }
    if (inFlight.size === 0 && left.size === before) break;
    // What was left out may be what a step waited for that stands before it.
    if (inFlight.size === 0) continue;
    await Promise.race([...inFlight.values()].map(({ ended }) => ended));
  }
  for (const step of left.values()) reports.set(step.id, reportLeft(workspace, run, step, reports));
  return run.plan.steps.map((step) => reports.get(step.id) ?? { step, result: "untouched" });
}

async function runStep(workspace: Workspace, run: OpenRun, step: Step, options: ExecuteOptions): Promise<StepReport> {
  try {
    if (step.hand === "state") return await recordOnly(workspace, run, step);
    if (step.hand === "person") return await askPerson(workspace, run, step);
    if (step.hand === "mail") return await sendMail(workspace, run, step);
    if (step.hand === "browser" && step.asks) return await look(workspace, run, step);
    const changed = await changedSincePlan(workspace, step);
    if (changed)
      return await notDone(workspace, run, step, new Fault(changed, { happened: "no", remedy: "plan again" }));
    return await writeStep(workspace, run, step, options);
  } catch (error) {
    if (error instanceof LentMeanwhile) return { step, result: "waiting", because: error.message };
    if (!(error instanceof Fault)) throw error;
    const result = resultOfFault(run.steps[step.id]);
    return { step, result, because: error.message, ...aboutFault(error) };
  }
}

/** Whoever was asked is still at work, whatever could not be looked up meanwhile. */
function resultOfFault(progress: StepProgress | undefined): StepResult {
  return progress?.state === "intended" ? "in-doubt" : progress?.state === "asked" ? "waiting" : "failed";
}

async function recordOnly(workspace: Workspace, run: OpenRun, step: Step): Promise<StepReport> {
  await workspace.append([outcomeEvent(workspace, run.id, step, {})]);
  return { step, result: "done" };
}

/** A by-id read just before an update or a delete, where the system has one. */
async function changedSincePlan(workspace: Workspace, step: Step): Promise<string | undefined> {
  if (step.expects.is !== "present") return undefined;
  const kind = workspace.kinds.get(step.kind);
  if (!kind?.read) return undefined;
  const actual = await kind.read(workspace.system(step.system).reader, step.expects.id);
  const why = whyNotExpected(kind, step, actual);
  return why && `it changed since the plan: ${why}`;
}

/** Intent, write, outcome: each durable before the next (laws 3 and 4). */
async function writeStep(workspace: Workspace, run: OpenRun, step: Step, options: ExecuteOptions): Promise<StepReport> {
  const context = await contextOf(workspace, step);
  const intendedAtMs = workspace.io.clock.now();
  const generation = generationOf(step);
  const at = new Date(intendedAtMs).toISOString();
  await noteBegin(workspace, run, step, {
    type: "intent",
    at,
    run: run.id,
    step: step.id,
    address: step.address,
    generation,
  });
  const operation = operationOf(workspace, step);
  let outcome: Outcome;
  try {
    outcome = await carryOut(workspace, run, operation, context);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (provablyNotDone(step, operation, error)) return notDone(workspace, run, step, error);
    return readBack(workspace, run, step, error, options);
  }
  return done(workspace, run, step, outcome);
}

async function carryOut(
  workspace: Workspace,
  run: OpenRun,
  operation: Operation,
  context: StepContext,
): Promise<Outcome> {
  const { hand, kind, operation: name, system } = context.step;
  if (hand === "browser") return (await performStep(workspace, run, operation, context)).outcome;
  assert(operation.run, `${kind} cannot do ${name} by itself`);
  return operation.run(context, workspace.system(system).writer());
}

/** A question that a browser answers: it changes nothing, so that it can be asked again after a crash. */
async function look(workspace: Workspace, run: OpenRun, step: Step): Promise<StepReport> {
  const context = await contextOf(workspace, step);
  try {
    const { outcome, answer } = await performStep(workspace, run, operationOf(workspace, step), context);
    if (answer.result === "cannot-see") return await leftOpen(workspace, run, step, answer);
    await workspace.append([outcomeEvent(workspace, run.id, step, outcome, answer)]);
    return { step, result: "done" };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return notDone(workspace, run, step, error);
  }
}

/** What could not be seen is looked at again when a branch is done that opens it: until then the question waits. */
async function leftOpen(workspace: Workspace, run: OpenRun, step: Step, answer: Answer): Promise<StepReport> {
  const { id, address } = step;
  await workspace.append([{ type: "answer", at: answer.at, run: run.id, step: id, address, answer }]);
  const opens = run.plan.steps.find(({ when }) => when?.of === id && decide(when, run) === true);
  const because = `${id}: the console does not show whether it is so`;
  if (opens) return { step, result: "waiting", because: `${because}; it is looked at again after ${opens.id}` };
  const remedy = "open the console and look; hand: person has a person do it";
  return notDone(workspace, run, step, new Fault(because, { happened: "no", remedy }));
}

/** A step that receives a secret can fail at the sink after the system gave it away: only reading back tells. */
function provablyNotDone(step: Step, operation: Operation, fault: Fault): boolean {
  const receives = step.delivers !== undefined && !operation.creates;
  return fault.details.happened === "no" && !receives;
}

async function readBack(
  workspace: Workspace,
  run: OpenRun,
  step: Step,
  fault: Fault,
  options: ExecuteOptions,
): Promise<StepReport> {
  const onWait = options.onWait;
  // Not since the intent: pauses that a system asked for may lie between it and the request that was cut.
  const cutAtMs = workspace.io.clock.now();
  const isAnswered = fault.details.code === "refused";
  const settled = await settleStep(workspace, step, cutAtMs, { wait: true, isAnswered, ...(onWait ? { onWait } : {}) });
  switch (settled.verdict) {
    case "done":
      return done(workspace, run, step, settled.outcome);
    case "not-done":
      return notDone(workspace, run, step, fault);
    case "lost":
      await workspace.append([lostEvent(workspace, run.id, step, settled.because)]);
      return { step, result: "lost", because: settled.because, remedy: lostRemedy };
    case "unknown":
      return { step, result: "in-doubt", because: `${fault.message}; ${settled.because}` };
  }
}
