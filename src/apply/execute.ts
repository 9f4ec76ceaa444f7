import type { Operation, Outcome } from "../connectors/connector.ts";
import { assert, Fault } from "../diagnostic.ts";
import { stepsConcurrencyMax } from "../limits.ts";
import { decide, hasEnded, isGood, isLeftOut, loanHolder } from "../run.ts";
import type { OpenRun } from "../state.ts";
import type { Step, StepReport, StepResult, When } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { whyNotExpected } from "./expects.ts";
import { mailOf } from "./mail.ts";
import {
  contextOf,
  inputOf,
  lostEvent,
  nothingEvent,
  operationOf,
  outcomeEvent,
  promoteAll,
  settleStep,
} from "./settle.ts";

const lostRemedy = "the next plan revokes it and issues it anew";

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
    for (const step of left.values()) {
      // With thousands of steps, looking at each of them after each of them would be most of the work.
      if (inFlight.size >= stepsConcurrencyMax) break;
      const readiness = options.stop?.aborted ? "wait" : readinessOf(step, run, reports);
      if (readiness === "skip") settleAs({ step, result: "skipped", because: whySkipped(step, reports) });
      if (readiness === "not-needed") settleAs({ step, result: "not-needed" });
      if (readiness === "run" && mayStart(step)) start(step);
    }
    if (inFlight.size === 0) break;
    await Promise.race([...inFlight.values()].map(({ ended }) => ended));
  }
  for (const step of left.values()) reports.set(step.id, reportLeft(workspace, run, step, reports));
  return run.plan.steps.map((step) => reports.get(step.id) ?? { step, result: "untouched" });
}

/** What earlier executions of this run made of a step; undefined while there is something to do about it. */
function reportBefore(run: OpenRun, step: Step): StepReport | undefined {
  const before = run.steps[step.id];
  if (before?.state === "done") return { step, result: "done" };
  if (before?.state === "lost") return { step, result: "lost", because: before.because, remedy: lostRemedy };
  // Whoever said that it cannot be done is not asked again: only a new plan leads on.
  if (before?.state === "not-done" && step.hand === "person")
    return { step, result: "failed", because: before.because };
  if (run.abandoned && !step.always) return { step, result: "skipped", because: "the run was abandoned" };
  // A mail that was cut off is sent again, as the same mail.
  if (before?.state === "intended" && step.hand !== "mail")
    return { step, result: "in-doubt", because: "it is not known whether it happened" };
  return undefined;
}

type Reports = ReadonlyMap<string, StepReport>;

function readinessOf(step: Step, run: OpenRun, reports: Reports): "run" | "skip" | "wait" | "not-needed" {
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

function branchOf(step: Step, when: When, run: OpenRun, reports: Reports): "taken" | "not-needed" | "skip" | "wait" {
  if (isLeftOut(run, step)) return "not-needed";
  // What began to borrow is brought to its end.
  if (decide(when, run) !== undefined) return "taken";
  const deciding = reports.get(when.of)?.result;
  if (!hasEnded(deciding)) return deciding === "in-doubt" && !step.always ? "skip" : "wait";
  // Whoever never got to borrow has nothing to give back.
  return step.always ? "not-needed" : "skip";
}

/** A step that is done can end its branch: why. */
function endsAt(run: OpenRun, id: string): string | undefined {
  const progress = run.steps[id];
  return progress?.state === "done" ? progress.ends : undefined;
}

function whySkipped(step: Step, reports: Reports): string {
  const abandoned = [...step.needs].some((need) => reports.get(need)?.because === "the run was abandoned");
  return abandoned ? "the run was abandoned" : "a step that it needs was not done";
}

/** Somebody else has borrowed what this step wants to borrow: one at a time for each system. */
function whyNotLent(
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
function reportLeft(workspace: Workspace, run: OpenRun, step: Step, reports: Reports): StepReport {
  const because = readinessOf(step, run, reports) === "run" ? whyNotLent(workspace, run, step) : undefined;
  return because === undefined ? { step, result: "untouched" } : { step, result: "waiting", because };
}

async function runStep(workspace: Workspace, run: OpenRun, step: Step, options: ExecuteOptions): Promise<StepReport> {
  try {
    if (step.hand === "state") return await recordOnly(workspace, run, step);
    if (step.hand === "person") return await askPerson(workspace, run, step);
    if (step.hand === "mail") return await sendMail(workspace, run, step);
    const changed = await changedSincePlan(workspace, step);
    if (changed)
      return await notDone(workspace, run, step, new Fault(changed, { happened: "no", remedy: "plan again" }));
    return await writeStep(workspace, run, step, options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const result: StepResult = run.steps[step.id]?.state === "intended" ? "in-doubt" : "failed";
    return { step, result, because: error.message, ...(error.details.remedy ? { remedy: error.details.remedy } : {}) };
  }
}

async function recordOnly(workspace: Workspace, run: OpenRun, step: Step): Promise<StepReport> {
  await workspace.append([outcomeEvent(workspace, run.id, step, {})]);
  return { step, result: "done" };
}

/** A person is asked once; the answer comes by `steward do` or `steward confirm`. */
async function askPerson(workspace: Workspace, run: OpenRun, step: Step): Promise<StepReport> {
  if (run.steps[step.id]?.state === "asked") {
    if (await wasKept(workspace, step)) return done(workspace, run, step, {});
  } else {
    inputOf(workspace, step);
    const at = workspace.timestamp();
    const { id, address } = step;
    await workspace.append([{ type: "asked", at, run: run.id, step: id, address, generation: generationOf(step) }]);
  }
  return { step, result: "waiting" };
}

/**
 * An answer that was cut off after its secret was kept: the value may never be had again, so it is not asked for again where
 * reading back says that the step is done.
 */
async function wasKept(workspace: Workspace, step: Step): Promise<boolean> {
  const { settle } = operationOf(workspace, step);
  const targets = Object.values(step.delivers ?? {});
  if (!settle || targets.length === 0) return false;
  const kept = await Promise.all(targets.map((target) => workspace.secrets.has(target)));
  if (!kept.every(Boolean)) return false;
  return (await settle(await contextOf(workspace, step), workspace.system(step.system).reader)).verdict === "done";
}

/** The manifest had one when it was planned. */
function noServer({ id, system }: Step): Fault {
  const remedy = `declare the mail server of ${system} again`;
  return new Fault(`${id} is a mail, and ${system} has no mail server any more`, { happened: "no", remedy });
}

/** Intent, mail, outcome. One that was cut off is sent again with the same Message-ID: whoever gets it twice has one mail. */
async function sendMail(workspace: Workspace, run: OpenRun, step: Step): Promise<StepReport> {
  const server = await workspace.system(step.system).mailServer?.();
  if (!server) throw noServer(step);
  const wasTried = run.steps[step.id]?.state === "intended";
  if (!wasTried) {
    const at = workspace.timestamp();
    const intent = { type: "intent" as const, at, run: run.id, step: step.id, address: step.address, generation: 0 };
    await workspace.append([intent]);
  }
  try {
    await workspace.io.mailer.send(mailOf(workspace, run, step), server);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // That this try did not get through says nothing of the one before it.
    if (error.details.happened === "no" && !wasTried) return notDone(workspace, run, step, error);
    const again = "the next run sends the same mail again";
    return {
      step,
      result: "in-doubt",
      because: error.message,
      remedy: [error.details.remedy, again].filter(Boolean).join("; "),
    };
  }
  return done(workspace, run, step, {});
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
  await workspace.append([{ type: "intent", at, run: run.id, step: step.id, address: step.address, generation }]);
  const operation = operationOf(workspace, step);
  let outcome: Outcome;
  try {
    assert(operation.run, `${step.kind} cannot do ${step.operation} by itself`);
    outcome = await operation.run(context, workspace.system(step.system).writer());
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (provablyNotDone(step, operation, error)) return notDone(workspace, run, step, error);
    return readBack(workspace, run, step, error, options);
  }
  return done(workspace, run, step, outcome);
}

/** A step that receives a secret can fail at the sink after the system gave it away: only reading back tells. */
function provablyNotDone(step: Step, operation: Operation, fault: Fault): boolean {
  const receives = step.delivers !== undefined && !operation.creates;
  return fault.details.happened === "no" && !receives;
}

/** The highest generation that a step makes; 0 when it makes none. */
function generationOf(step: Step): number {
  const made = "generation" in step.records ? step.records.generation : 0;
  return Math.max(made, ...Object.values(step.delivers ?? {}).map((target) => target.generation));
}

async function done(workspace: Workspace, run: OpenRun, step: Step, outcome: Outcome): Promise<StepReport> {
  await promoteAll(workspace, step);
  await workspace.append([outcomeEvent(workspace, run.id, step, outcome)]);
  return { step, result: "done" };
}

async function notDone(workspace: Workspace, run: OpenRun, step: Step, fault: Fault): Promise<StepReport> {
  const because = fault.message;
  await workspace.append([nothingEvent(workspace, run.id, step, because)]);
  return { step, result: "failed", because, ...(fault.details.remedy ? { remedy: fault.details.remedy } : {}) };
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
  const settled = await settleStep(workspace, step, cutAtMs, { wait: true, ...(onWait ? { onWait } : {}) });
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
