import { Refusal } from "../diagnostic.ts";
import type { Resource } from "../resource.ts";
import { hasEnded, isFinished, isGood, isWaiting } from "../run.ts";
import { isStepInDoubt, type OpenRun, type RunCarrier } from "../state.ts";
import type { Plan, StepReport } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { type ExecuteOptions, executeRun } from "./execute.ts";
import { resourceDigests } from "./resume.ts";
import { type Doubt, settleDoubts } from "./settle.ts";

/** The life of runs: opened, recovered, abandoned, closed. */

/**
 * Settles what is in doubt, gives back what killed and failed runs borrowed, and closes them. Runs on which people are at work
 * are left alone, and runs of providers, which the next apply of Terraform goes on with. A run with a step that stays unknown is left open, and its addresses stay reserved.
 */
export async function recover(workspace: Workspace, options: ExecuteOptions = {}): Promise<Doubt[]> {
  const doubts = await settleDoubts(workspace, settleOptions(options));
  for (const { id } of Object.values(workspace.state.runs)) {
    const run = workspace.state.runs[id];
    if (!run || run.carrier || isWaiting(run) || isInDoubt(run)) continue;
    await giveBack(workspace, run, run.abandoned ? "abandoned" : "recovered", options);
  }
  await workspace.writeSnapshot();
  return doubts;
}

/** What became of a run that was abandoned: closed, or a person still has to give something back. */
export interface AbandonReport {
  doubts: Doubt[];
  steps: StepReport[];
  /** How many steps of it were not done, beside those that only give back. */
  undone: number;
  outcome: "closed" | "waiting" | "unfinished";
}

/** Gives up an open run, whoever waits for it: gives back what it borrowed, and closes it. Throws a Refusal when there is none. */
export async function abandonRun(
  workspace: Workspace,
  id: string,
  options: ExecuteOptions = {},
): Promise<AbandonReport> {
  const { carrier } = openRunNamed(workspace, id);
  const doubts = await settleDoubts(workspace, { ...settleOptions(options), ...(carrier && { run: id }) });
  const run = openRunNamed(workspace, id);
  if (isInDoubt(run)) {
    const remedy = "abandon it again when its system can be read";
    throw new Refusal([{ message: `run ${id} has a step of which nobody knows whether it happened`, remedy }]);
  }
  const undone = run.plan.steps.filter((step) => !step.always && !isFinished(run, step)).length;
  const steps = await giveBack(workspace, run, "abandoned", options);
  await workspace.writeSnapshot();
  const owed = steps.filter(({ step }) => step.always);
  const outcome = !workspace.state.runs[id] ? "closed" : onlyWaits(owed, options) ? "waiting" : "unfinished";
  return { doubts, steps, undone, outcome };
}

/** The open run with this id. Throws a Refusal that names those that there are. */
export function openRunNamed({ state }: Workspace, id: string): OpenRun {
  const run = Object.hasOwn(state.runs, id) ? state.runs[id] : undefined;
  if (run) return run;
  const open = Object.keys(state.runs);
  const remedy = open.length > 0 ? `open are: ${open.join(", ")}` : "no run is open; see: steward status";
  throw new Refusal([{ message: `there is no open run ${id}`, remedy }]);
}

/** Whether a step waits for a person, or for something that is lent to somebody else. */
export const isWaitingReport = ({ result }: StepReport): boolean => result === "waiting";

/** Whether nothing is wrong and only people are missing. A branch that ended, with what is skipped because of it, is no fault. */
export function onlyWaits(steps: readonly StepReport[], { stop }: ExecuteOptions): boolean {
  const isWrong = ({ result }: StepReport): boolean =>
    result === "failed" || result === "in-doubt" || result === "lost";
  return stop?.aborted !== true && steps.some(isWaitingReport) && !steps.some(isWrong);
}

/** Whether nobody knows of some step whether it happened. */
export function isInDoubt(run: OpenRun): boolean {
  return run.plan.steps.some((step) => isStepInDoubt(run, step));
}

/** The `always` steps that are due; the run is closed unless one of them may still be done, or waits for a person. */
export async function giveBack(
  workspace: Workspace,
  run: OpenRun,
  how: "recovered" | "abandoned",
  options: ExecuteOptions,
): Promise<StepReport[]> {
  let reports: StepReport[] = [];
  if (run.plan.steps.some((step) => step.always)) {
    const { who: by } = workspace;
    if (!run.abandoned)
      await workspace.append([{ type: "run", at: workspace.timestamp(), run: run.id, event: "abandoned", by }]);
    reports = await executeRun(workspace, currentRun(workspace, run), options);
  }
  const due = reports.filter(({ step }) => step.always);
  if (due.every((report) => isGood(report.result) || isGivenUp(report))) await closeRun(workspace, run, how);
  return reports;
}

/** What a person could not do, nobody is asked for again in this run. What is owed never ends so. */
export const isGivenUp = ({ step, result }: StepReport): boolean => result === "failed" && step.hand === "person";

/** How a command that writes settles. */
export function settleOptions(options: ExecuteOptions): Parameters<typeof settleDoubts>[1] {
  return { into: "log", wait: true, ...(options.onWait ? { onWait: options.onWait } : {}) };
}

/** How a run is opened where others may be at work too. */
interface OpenOptions {
  /** What is declared; absent: what the manifest says. */
  resources?: readonly Resource[];
  carrier?: RunCarrier;
  /** Called when nothing can come between any more; what it throws is thrown, and no run is opened. */
  check?(): void;
}

/** Opens a run of a plan; the log keeps the whole of it. */
export async function openRun(workspace: Workspace, plan: Plan, options: OpenOptions = {}): Promise<OpenRun> {
  const id = Buffer.from(workspace.io.random.bytes(5)).toString("hex");
  const { environment, now, basis, scope, consents, changes, steps, digest } = plan;
  const kept = { environment, now, basis, scope, consents, changes, steps, digest };
  const resources = resourceDigests(
    options.resources ?? workspace.manifest.resources,
    changes.map((change) => change.address),
  );
  const { carrier, check } = options;
  const opened = { type: "run", at: workspace.timestamp(), run: id, event: "opened", by: workspace.who } as const;
  await workspace.append([{ ...opened, ...(carrier && { carrier }), plan: { ...kept, resources } }], check);
  return workspace.state.runs[id]!;
}

/** Ends a run; its addresses are free again. */
export async function closeRun(
  workspace: Workspace,
  run: OpenRun,
  how: "done" | "recovered" | "abandoned",
): Promise<void> {
  const kinds = how === "done" ? run.plan.steps.map((step) => `${step.system}/${step.kind}`) : [];
  const at = workspace.timestamp();
  await workspace.append([{ type: "run", at, run: run.id, event: "closed", how, kinds: [...new Set(kinds)].sort() }]);
}

/**
 * Whether only a new plan leads on: what is lost is lost for ever, what a person could not do nobody is asked for again, what
 * ended its branch leaves nothing to do, and what was given back is not there any more for what failed.
 */
export function cannotGoOn(steps: readonly StepReport[]): boolean {
  const isOver = (report: StepReport): boolean =>
    report.result === "lost" || report.result === "skipped" || isGood(report.result) || isGivenUp(report);
  const owes = steps.some(({ step, result }) => step.loan?.part === "return" && !isGood(result));
  const over = !owes && steps.every(isOver);
  const gaveBack = steps.some(({ step, result }) => step.loan?.part === "return" && result === "done");
  return over || (gaveBack && !owes && steps.every(({ result }) => hasEnded(result)));
}

/** The run as the log has it now. Throws a Refusal when it was closed. */
export function currentRun(workspace: Workspace, run: OpenRun): OpenRun {
  const current = workspace.state.runs[run.id];
  if (current) return current;
  throw new Refusal([{ message: `run ${run.id} was closed`, remedy: "make a new plan: steward plan --out FILE" }]);
}
