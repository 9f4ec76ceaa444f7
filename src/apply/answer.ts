import type { Failed, Given, Operation, Outcome } from "../connectors/connector.ts";
import { assert, Refusal } from "../diagnostic.ts";
import { answerCharactersMax } from "../limits.ts";
import { askedSteps, isFinished, isTaken, isTurnOf } from "../run.ts";
import type { Answer, AnswerResult, Ask, Screen, ScreenResult } from "../screen.ts";
import type { Event, OpenRun } from "../state.ts";
import { isOwed, type Step, type StepReport } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { contextOf, inputOf, operationOf } from "./context.ts";
import { mayBringAgain, nothingEvent, outcomeEvent, promoteAll } from "./ends.ts";
import { type ExecuteOptions, executeRun } from "./execute.ts";
import { readinessOf } from "./readiness.ts";
import { assertSamePlaces } from "./resume.ts";
import { cannotGoOn, closeRun } from "./runs.ts";

/** What people tell: whether it may be told now, whether it can be right, and what follows at once. */

/** A step that a person is asked for, as it is shown to them. */
export interface AskedStep {
  run: OpenRun;
  /** With references in its input resolved. */
  step: Step;
  screen: Screen;
}

export interface AnswerReport {
  run: OpenRun;
  /** The step that the answer was for: the question, when a step was answered with `found`. */
  step: Step;
  /** "open": the step goes on waiting. */
  became: "done" | "failed" | "open";
  because?: string;
  remedy?: string;
  /** Proofs that were made at once. */
  proofs: StepReport[];
  /** What a person is asked for next in this run. */
  next: Step[];
  /** The run was closed with this answer: everything of it is done, or what is not done never will be. */
  runEnded?: "done" | "abandoned" | "dropped";
  /** Steps that were not begun when the run was dropped. */
  droppedCount: number;
  /** Something that needs no person can go on: apply does it. */
  canGoOn: boolean;
}

/**
 * Finds the step that waits under this name. Throws a Refusal that says what waits instead, and before anything else when a system
 * is not the one that was trusted, or leads elsewhere than when the run was opened: people type secrets where they are told to.
 */
export function askedStep(workspace: Workspace, id: string): AskedStep {
  workspace.assertTrusted();
  const runs = Object.values(workspace.state.runs);
  const found = runs.flatMap((run) => run.plan.steps.filter((step) => step.id === id).map((step) => ({ run, step })));
  const [first] = found.filter(
    ({ run, step }) => mayBeAnswered(run, step) || (!run.abandoned && mayBringAgain(workspace, run, step)),
  );
  if (first) {
    assertSamePlaces(workspace, first.run, [first.step]);
    return showStep(workspace, first.run, first.step);
  }
  const names = [...new Set(runs.flatMap(askedSteps).map(({ step }) => step.id))];
  const remedy =
    names.length > 0 ? `waiting are: ${names.join(", ")}` : "nothing waits for a person; see: steward status";
  throw new Refusal([{ message: whyNot(id, found), remedy }]);
}

function whyNot(id: string, found: readonly { run: OpenRun; step: Step }[]): string {
  const [first] = found;
  if (!first) return `no open run has a step ${id}`;
  if (first.step.hand !== "person") return `${id} is not a person's step`;
  const { run, step } = first;
  if (run.steps[id]?.state === "done") return `${id} is done already`;
  if (run.abandoned && !step.always) return `${id} is not wanted any more: run ${run.id} was abandoned`;
  return isFinished(run, step) ? `${id} is not needed: its branch was not taken` : `it is not the turn of ${id} yet`;
}

/** A question may be answered anew until something was done because of its answer. */
function mayBeAnswered(run: OpenRun, step: Step): boolean {
  if (step.hand !== "person" || (run.abandoned && !step.always)) return false;
  const progress = run.steps[step.id]?.state;
  if (progress === "asked") return isTurnOf(run, step);
  if (progress !== "done" || !step.asks || run.abandoned || !isTaken(run, step)) return false;
  const follows = ({ when, needs, asks }: Step): boolean => when?.of === step.id || (!asks && needs.includes(step.id));
  return !run.plan.steps.some((other) => follows(other) && hasBegun(run, other));
}

function hasBegun(run: OpenRun, step: Step): boolean {
  const progress = run.steps[step.id];
  return progress !== undefined && progress.state !== "not-done" && progress.state !== "asked";
}

/** A person's step with its screen. Throws a Fault when something that it needs is not made yet. */
export function showStep(workspace: Workspace, run: OpenRun, step: Step): AskedStep {
  const resolved = { ...step, input: inputOf(workspace, step) };
  const { screen } = operationOf(workspace, step);
  assert(screen, `${step.kind} has no screen for ${step.operation}`);
  return { run, step: resolved, screen: screen(resolved, workspace.config(step.system)) };
}

/** The question that a result `found` answers when somebody was asked to make what is there already. */
function questionOf(run: OpenRun, step: Step, result: AnswerResult): Step | undefined {
  if (result !== "found" || step.asks || step.when?.is !== "absent") return undefined;
  return run.plan.steps.find((other) => other.id === step.when?.of);
}

/**
 * Takes a person's answer in. What it says is checked first, credentials are tested and kept, then the log learns of it; a proof
 * of the same resource follows at once, while the value is at hand. Throws a Refusal or a Fault when nothing was recorded.
 */
export async function answerStep(
  workspace: Workspace,
  asked: AskedStep,
  given: Given,
  options: ExecuteOptions = {},
): Promise<AnswerReport> {
  const question = questionOf(asked.run, asked.step, given.result);
  const { run, step, screen } = question ? showStep(workspace, asked.run, question) : asked;
  const fields = given.result === "cannot-see" ? { ...run.answers[step.id]?.fields, ...given.fields } : given.fields;
  const answer: Answer = { result: given.result, fields, by: workspace.who, at: workspace.timestamp() };
  assertFits(step, screen, given);
  const events = await eventsOf(workspace, run, step, given, answer);
  const made = events.some(({ type }) => type === "outcome")
    ? await madeBefore(workspace, run, step, given)
    : undefined;
  if (made) await workspace.append([made]);
  // What is recorded with the answer builds upon that.
  await workspace.append(made ? await eventsOf(workspace, run, step, given, answer) : events);
  const [event] = events;
  const became = event?.type === "outcome" ? "done" : event?.type === "nothing" ? "failed" : "open";
  const before = { ...run.steps };
  const reports = await goOn(workspace, run, step, options);
  const proofs = reports.filter((one) => isProofOf(one.step, step) && run.steps[one.step.id] !== before[one.step.id]);
  const runEnded = await closeWhenOver(workspace, run, reports);
  const failed = event?.type === "nothing" ? { because: event.because } : sayOwed(step, given);
  const next = askedSteps(workspace.state.runs[run.id] ?? run).flatMap((one) => (runEnded ? [] : [one.step]));
  const left = workspace.state.runs[run.id];
  const ends = event?.type === "outcome" && event.ends !== undefined ? { because: event.ends } : {};
  return {
    ...{ run, step, became, proofs, next, canGoOn: left !== undefined && canGoOn(left, reports), ...failed, ...ends },
    ...(runEnded ? { runEnded } : {}),
    droppedCount: reports.filter(({ result }) => result === "skipped").length,
  };
}

/** What is owed is asked for again, also of whoever says that it cannot be done. */
function sayOwed({ loan }: Step, { result }: Given): Pick<AnswerReport, "because"> {
  if (result !== "failed") return {};
  const whom = loan?.from === undefined ? "what was borrowed" : `what was borrowed of ${loan.from}`;
  return { because: `${whom} is owed until it is given back` };
}

async function eventsOf(
  workspace: Workspace,
  run: OpenRun,
  step: Step,
  given: Given,
  answer: Answer,
): Promise<Event[]> {
  const { id, address } = step;
  const open: Event = { type: "answer", at: answer.at, run: run.id, step: id, address, answer };
  // What was borrowed is owed until it is given back, whatever somebody says in between.
  if (given.result === "cannot-see" || given.result === "not-done" || (given.result === "failed" && isOwed(step))) {
    return [open, ...askedAgain(run, step, answer)];
  }
  if (given.result === "failed") {
    return [nothingEvent(workspace, run.id, step, `${answer.by} says that it could not be done`, answer)];
  }
  const accepted = await accept(workspace, operationOf(workspace, step), step, given);
  if ("failed" in accepted) {
    return [nothingEvent(workspace, run.id, step, `${accepted.failed} (${accepted.remedy})`, answer)];
  }
  // What nothing can prove is current when it is told to be there.
  await promoteAll(workspace, step);
  return [outcomeEvent(workspace, run.id, step, accepted, answer)];
}

/**
 * Whoever closes what nobody told to be made says with it that it was made: from here on it is recorded. Undefined where it is recorded
 * already, or was told not to be there.
 */
async function madeBefore(
  workspace: Workspace,
  run: OpenRun,
  step: Step,
  { result }: Given,
): Promise<Event | undefined> {
  const { address, records } = step;
  const isThere = records.is === "updated" && result === "done";
  if (!step.always || !isThere || workspace.state.entries[address]) return undefined;
  const maker = run.plan.steps.find((other) => other.address === address && other.records.is === "created");
  if (!maker || run.steps[maker.id]?.state !== "asked") return undefined;
  const asMade = { result: "done", fields: {}, secrets: {} } as const;
  const outcome = await accept(workspace, operationOf(workspace, maker), maker, asMade);
  if ("failed" in outcome) return undefined;
  await promoteAll(workspace, maker);
  return outcomeEvent(workspace, run.id, maker, outcome);
}

/** A question that was answered, and now turns out not to be, waits again. */
function askedAgain(run: OpenRun, { id, address }: Step, { at }: Answer): Event[] {
  if (run.steps[id]?.state !== "done") return [];
  return [{ type: "asked", at, run: run.id, step: id, address, generation: 0 }];
}

async function accept(workspace: Workspace, operation: Operation, step: Step, given: Given): Promise<Outcome | Failed> {
  if (!operation.accept) return {};
  return operation.accept(await contextOf(workspace, step), given, workspace.system(step.system).reader);
}

/**
 * The value that a person brought is at hand now: it is proven before anybody needs it. And whoever is asked next is asked now.
 * Nothing else of the run goes on: that is for `apply`.
 */
function goOn(workspace: Workspace, run: OpenRun, answered: Step, options: ExecuteOptions): Promise<StepReport[]> {
  const only = (step: Step): boolean =>
    step.hand === "person" || (answered.delivers !== undefined && isProofOf(step, answered));
  return executeRun(workspace, run, { ...options, only });
}

const isProofOf = (step: Step, { address }: Step): boolean =>
  step.address === address && step.records.is === "proven" && step.hand === "api";

/** Whether a step that needs no person was only left alone because an answer begins nothing of that sort. */
function canGoOn(run: OpenRun, reports: readonly StepReport[]): boolean {
  const byStep = new Map(reports.map((report) => [report.step.id, report]));
  return reports.some(
    ({ step, result }) => result === "untouched" && step.hand !== "person" && readinessOf(step, run, byStep) === "run",
  );
}

/** Closes a run of which nothing is left: all is done, or what is not done never will be. */
async function closeWhenOver(
  workspace: Workspace,
  { id }: OpenRun,
  reports: readonly StepReport[],
): Promise<AnswerReport["runEnded"]> {
  const run = workspace.state.runs[id];
  if (!run) return "done";
  const matters = run.abandoned ? run.plan.steps.filter((step) => step.always) : run.plan.steps;
  const isDone = matters.every((step) => isFinished(run, step));
  if (!isDone && !cannotGoOn(reports)) return undefined;
  await closeRun(workspace, run, run.abandoned ? "abandoned" : isDone ? "done" : "recovered");
  return run.abandoned ? "abandoned" : isDone ? "done" : "dropped";
}

/** Throws one Refusal with everything that is wrong with what was told. No value is repeated: it may be a secret. */
function assertFits(step: Step, { results }: Screen, given: Given): void {
  const result = results.find((candidate) => candidate.result === given.result);
  if (!result) {
    const remedy = `say one of: ${results.map((one) => `--result ${one.result}`).join(", ")}`;
    throw new Refusal([{ message: `${step.id} cannot end with ${given.result}`, remedy }]);
  }
  const problems = problemsIn(result, given);
  if (problems.length === 0) return;
  const remedy = `steward do ${step.id} asks for each`;
  throw new Refusal(problems.map((message) => ({ message, remedy })));
}

function problemsIn({ asks, result }: ScreenResult, { fields, secrets }: Given): string[] {
  const values = new Map<string, string | undefined>(
    asks.map(({ name, secret }) => [name, secret ? secrets[name]?.reveal() : fields[name]]),
  );
  const names = asks.map(({ name, secret }) => `--${secret ? "secret" : "field"} ${name}`);
  const given = [
    ...Object.keys(fields).map((name) => `--field ${name}`),
    ...Object.keys(secrets).map((name) => `--secret ${name}`),
  ];
  const unknown = given.filter((name) => !names.includes(name));
  return [
    ...unknown.map(
      (name) =>
        `${name} is not asked for with --result ${result}${names.length > 0 ? `; asked are ${names.join(", ")}` : ""}`,
    ),
    ...asks.flatMap((ask) => problemOf(ask, values.get(ask.name)) ?? []),
  ];
}

/** What is wrong with one value, in words that do not repeat it. */
export function problemOf(ask: Ask, value: string | undefined): string | undefined {
  if (value === undefined || value === "") return ask.optional ? undefined : `${ask.label} (${ask.name}) is missing`;
  if (ask.choices && !ask.choices.includes(value))
    return `${ask.label} (${ask.name}) must be one of: ${ask.choices.join(", ")}`;
  if (value.length > answerCharactersMax)
    return `${ask.label} (${ask.name}) is longer than ${answerCharactersMax} characters`;
  if (ask.pattern && !new RegExp(`^(?:${ask.pattern.matches})$`, "u").test(value))
    return `${ask.label} (${ask.name}) must be ${ask.pattern.says}`;
  return undefined;
}
