import { relative } from "node:path";
import { showStep } from "../apply/answer.ts";
import { type ApplyReport, applyPlan, type PlanRequest } from "../apply/apply.ts";
import { abandonRun } from "../apply/runs.ts";
import { exitCodes, Refusal } from "../diagnostic.ts";
import { planBytesMax } from "../limits.ts";
import { parsePlan } from "../plan/file.ts";
import { doCommand } from "../render/command-line.ts";
import { applyCommand, completeHints } from "../render/hints.ts";
import { stringify } from "../render/json.ts";
import { renderPlanText } from "../render/plan-text.ts";
import { viewPlan } from "../render/plan-view.ts";
import { type RunReport, renderRun, runJson } from "../render/run.ts";
import { count, phrase } from "../render/visible.ts";
import { askedSteps, isWaiting } from "../run.ts";
import type { OpenRun, State } from "../state.ts";
import type { Plan } from "../step.ts";
import { version } from "../version.ts";
import { placeOf, rolesIn, sayLoans, sayResume, showInstruction } from "./asked.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { readTextFile } from "./files.ts";
import { chosenInVain, leftInSinks, sayLeftInSinks } from "./left-in-sinks.ts";
import { addConsentOptions, type ConsentOptions, consentsOf, hasConsents } from "./plan-options.ts";
import { noteDoubts } from "./print-plan.ts";
import { watchProgress } from "./progress.ts";
import { saidHere, sayPlace } from "./said.ts";
import { type Session, withLock, withSession } from "./session.ts";
import { addBrowserOptions } from "./shared-options.ts";

interface ApplyFlags extends ConsentOptions {
  autoApprove?: true;
  resume?: string;
  abandon?: string;
}

/** What an apply is to do. */
interface ApplyOrder {
  /** Name of the plan file, and what it holds. */
  file?: { name: string; plan: Plan };
  consents: PlanRequest["consents"];
  destroy: boolean;
  autoApprove: boolean;
  /** Id of an open run to go on with. */
  resume?: string;
  /** The command that goes on when this one does not get through. */
  again: string;
}

/** `steward apply`. */
export const addApply: AddCommand = (command, run) => {
  addBrowserOptions(command);
  command
    .description(
      "Carries out a plan file, exactly as it stands there: the plan is derived again and must be the same. Without a file it plans now, shows the plan and asks. Run it again after a failure: it goes on where it stopped.",
    )
    .argument("[file]", "plan file of: steward plan --out FILE")
    .option("--auto-approve", "do not ask; refused in protected environments")
    .option("--resume <run>", "go on with an open run whose plan file is not at hand")
    .option("--abandon <run>", "give an open run up: give back what it borrowed, and close it");
  addConsentOptions(command);
  command
    .addHelpText(
      "after",
      "\nExamples:\n  steward apply plan.json\n  steward apply --env test\n  steward apply --env test --auto-approve --format json\n  steward apply --resume 4f1c09a2d7      steward status names open runs",
    )
    .action(run<ApplyFlags, [string | undefined]>(apply));
};

async function apply(console: Console, options: SharedOptions & ApplyFlags, name?: string): Promise<number> {
  if ([name, options.resume, options.abandon].filter((one) => one !== undefined).length > 1) {
    throw new WrongUsage("a plan file, --resume and --abandon exclude one another");
  }
  if (options.abandon !== undefined) return abandon(console, options, options.abandon);
  const file = name === undefined ? undefined : readPlanFile(console, name);
  if ((file || options.resume !== undefined) && hasConsents(options)) {
    throw new WrongUsage("consents are given at plan and stand in the plan file; plan again with them");
  }
  const env = environmentOf(options, file?.plan);
  const given = { ...options, ...(env === undefined ? {} : { env }), ...file?.plan.consents };
  const said = { ...given, destroy: file?.plan.scope.destroy ?? false };
  return withSession(console, said, {}, (session) => {
    const consents = file?.plan.consents ?? consentsOf(options, session.workspace);
    const { resume, autoApprove = false } = options;
    const again = name === undefined ? sayAgain(session, options, consents) : applyCommand(name, options);
    const order = { ...(file && { file }), ...(resume === undefined ? {} : { resume }), consents, destroy: false };
    return carryOut(session, "apply", { ...order, autoApprove, again });
  });
}

/** Gives back what a run borrowed, and closes it. */
async function abandon(console: Console, options: SharedOptions, id: string): Promise<number> {
  return withSession(console, options, {}, async (session) => {
    const { workspace } = session;
    const watch = watchProgress(session);
    const { onStep, onWait } = watch;
    const run = workspace.state.runs[id];
    const report = await withLock(session, "apply --abandon", () => {
      watch.begin(workspace.state.runs[id]?.plan.steps.filter((step) => step.always).length ?? 0);
      return abandonRun(workspace, id, { stop: console.stop, onStep, onWait });
    }).finally(() => watch.close());
    const given = report.steps
      .filter(({ step, result }) => step.always && result === "done")
      .map(({ step }) => step.id);
    const left = run && report.outcome === "closed" ? await chosenInVain(workspace, run) : [];
    if (options.format === "json") {
      const { outcome } = report;
      const leftSecrets = left.length > 0 ? { leftSecrets: left } : {};
      const { serial } = workspace.state;
      console.write(stringify({ formatVersion: 1, run: id, outcome, given, ...leftSecrets, serial }));
    } else {
      for (const step of given) console.write(`Given back: ${phrase(step)}\n`);
      const { undone } = report;
      const rest = undone > 0 ? `; ${count(undone, "step of it was", "steps of it were")} not done` : "";
      if (report.outcome === "closed") console.write(`Run ${phrase(id)} is closed${rest}.\n${sayLeftInSinks(left)}`);
    }
    if (report.outcome === "closed") return exitCodes.done;
    await showWaiting(session, workspace.state.runs[id], new Set());
    return report.outcome === "waiting" ? exitCodes.waiting : exitCodes.fault;
  });
}

/** Without a plan file nothing remembers what was agreed to. */
function sayAgain(session: Session, { autoApprove, resume }: ApplyFlags, consents: PlanRequest["consents"]): string {
  if (resume !== undefined) return sayResume(session, resume);
  return completeHints(`steward apply${autoApprove ? " --auto-approve" : ""}`, { ...saidHere(session), ...consents });
}

/** Reads a plan file; refuses what is none. */
export function readPlanFile(console: Console, name: string): { name: string; plan: Plan } {
  return { name, plan: parsePlan(readTextFile(console, name, planBytesMax)) };
}

/** The environment of the plan file, unless the command line says one: then both must be the same. */
function environmentOf({ env }: SharedOptions, plan: Plan | undefined): string | undefined {
  if (!plan || env === undefined || env === plan.environment) return env ?? plan?.environment;
  const message = `the plan is for environment ${phrase(plan.environment)}, and --env says ${env}`;
  throw new Refusal([{ message, remedy: `plan for that environment: steward plan --env ${env} --out FILE` }]);
}

/** Locks, plans or derives the plan again, asks where that is needed, runs, and says honestly what became of it. */
export async function carryOut(session: Session, command: string, order: ApplyOrder): Promise<number> {
  assertMayStart(session, command, order);
  const { console, options, workspace } = session;
  const before = askedIn(workspace.state);
  const entriesBefore = { ...workspace.state.entries };
  const report = await withLock(session, command, () => runOrder(session, order));
  if (report.outcome === "declined") console.note("Nothing was changed.\n");
  if (report.outcome === "declined") return exitCodes.refused;
  const open = Object.values(workspace.state.runs).find((run) => run.plan.digest === report.plan.digest);
  const closed = report.outcome === "unfinished" && !open;
  const resume = sayNext(session, order, open);
  const waits = report.outcome === "waiting" || onlySignIns(report);
  const givenUp = open?.abandoned === true;
  const place = { serial: workspace.state.serial, resume, waits, closed, givenUp };
  const run = { results: report.steps, ...place, ...picturesOf(session) };
  if (report.outcome === "done-before") return sayDoneBefore(session);
  const leftSecrets = leftInSinks(entriesBefore, workspace.state.entries);
  if (options.format === "json") console.write(runJson({ ...run, leftSecrets }));
  else if (report.outcome === "nothing-to-do") console.write(sayNothingToDo(report, order));
  else {
    const left = sayLeftInSinks(leftSecrets);
    console.write(`${renderRun(run, { style: session.style, ...stoppedBy(report, console) })}${left}`);
    if (report.outcome === "unfinished" && open) console.write(sayLoans(session, open));
  }
  await showWaiting(session, open, before);
  if (waits) return exitCodes.waiting;
  return report.outcome === "unfinished" ? exitCodes.fault : exitCodes.done;
}

/** Nothing is wrong but that somebody has to sign in to a console. */
function onlySignIns({ steps, outcome }: ApplyReport): boolean {
  const bad = steps.filter(({ result }) => ["failed", "in-doubt", "lost", "untouched"].includes(result));
  return outcome === "unfinished" && bad.length > 0 && bad.every(({ code }) => code === "sign-in");
}

/** Where the pictures of this command lie, from the folder that it runs in, and why some are missing. */
function picturesOf({ browsers, console }: Session): Pick<RunReport, "pictures" | "picturesProblem"> {
  const folder = browsers?.evidence.folder;
  const problem = browsers?.evidence.takeProblem();
  const kept = folder === undefined ? {} : { pictures: relative(console.folder, folder) };
  return problem === undefined ? kept : { ...kept, picturesProblem: problem };
}

/** It is no mistake to apply a finished plan once more, say in a pipeline that runs again. */
function sayDoneBefore({ console, options, workspace }: Session): number {
  const { serial } = workspace.state;
  if (options.format === "json") console.write(stringify({ formatVersion: 1, outcome: "done-before", serial }));
  else console.write(`Nothing is left to do: everything in this plan was carried out. State serial ${serial}.\n`);
  return exitCodes.done;
}

/** The command that goes on. A run that can never go on was closed, and only a new plan leads on. */
function sayNext(session: Session, order: ApplyOrder, open: OpenRun | undefined): string {
  // Only the same plan goes on with a run that people work on; without a file the run itself keeps it.
  if (open && isWaiting(open) && !order.file) return sayResume(session, open.id);
  const isRepeatable = open || order.destroy || order.autoApprove;
  return isRepeatable ? order.again : `steward plan${sayPlace(session)} --out plan.json`;
}

/** Ids of steps that people were asked for, run by run. */
function askedIn({ runs }: State): ReadonlySet<string> {
  return new Set(Object.values(runs).flatMap((run) => askedSteps(run).map(({ step }) => `${run.id} ${step.id}`)));
}

/** Instructions for what people are asked for now, with the mails that they are to send; what was asked `before` is only named. */
async function showWaiting(session: Session, run: OpenRun | undefined, before: ReadonlySet<string>): Promise<void> {
  const { console, options, workspace } = session;
  if (!run || options.format === "json") return;
  const [old, fresh] = [true, false].map((isOld) =>
    askedSteps(run).filter(({ step }) => before.has(`${run.id} ${step.id}`) === isOld),
  );
  for (const { step } of old ?? []) console.write(`\nStill waiting:  ${doCommand(step.id, placeOf(session))}\n`);
  for (const { step } of fresh ?? []) {
    console.write("\n");
    await showInstruction(session, showStep(workspace, run, step));
  }
}

function assertMayStart({ manifest, console, options }: Session, command: string, order: ApplyOrder): void {
  const { environment } = manifest;
  const planned = "steward plan --out plan.json, a review, then: steward apply plan.json";
  if (manifest.protected && (order.destroy || order.file?.plan.scope.destroy)) {
    const remedy = "take `protected` out of the manifest in a reviewed change, if it is meant";
    throw new Refusal([{ message: `environment ${environment} is protected: destroy is never done there`, remedy }]);
  }
  if (manifest.protected && order.autoApprove) {
    const message = `environment ${environment} is protected: --auto-approve is not taken there`;
    throw new Refusal([{ message, remedy: planned }]);
  }
  const asks = !order.file && !order.autoApprove && order.resume === undefined;
  if (!asks || (console.canAsk && options.format !== "json")) return;
  const message = `steward ${command} without a plan file asks before it changes anything, and nobody can be asked here`;
  throw new Refusal([{ message, remedy: `${planned}; or --auto-approve` }]);
}

async function runOrder(session: Session, order: ApplyOrder): Promise<ApplyReport> {
  const { workspace, console } = session;
  const watch = watchProgress(session);
  const { file, consents, destroy } = order;
  if (file) announce(session, file);
  try {
    return await applyPlan(
      workspace,
      file?.plan,
      { consents, destroy, version: version(), now: workspace.io.clock.now() },
      {
        stop: console.stop,
        ...(order.resume === undefined ? {} : { resume: order.resume }),
        watch: watch.refresh,
        onStep: watch.onStep,
        onWait: watch.onWait,
        onDoubts: (doubts) => noteDoubts(console, doubts),
        onPlan(plan) {
          watch.begin(plan.steps.length);
          if (order.resume !== undefined) announceResumed(session, order.resume);
          else if (!file && plan.steps.length > 0) show(session, plan);
        },
        ...(order.autoApprove ? {} : { confirm: (plan) => confirm(session, plan) }),
      },
    );
  } finally {
    watch.close();
  }
}

/** What a plan file consents to comes first: whoever wrote the file consented. */
function announce({ console, options, style }: Session, { name, plan }: { name: string; plan: Plan }): void {
  if (options.format === "json") return;
  const { conditions, outcome } = viewPlan(plan);
  for (const condition of conditions) console.write(`${style("wait", condition)}\n`);
  console.write(
    `Applying ${phrase(name)} of ${phrase(plan.now)} to environment ${phrase(plan.environment)}. ${outcome}\n`,
  );
}

function announceResumed({ console, options, workspace }: Session, id: string): void {
  const run = workspace.state.runs[id];
  if (options.format === "json" || !run) return;
  const { openedAt, by } = run;
  console.write(`Going on with run ${phrase(id)}, opened at ${phrase(openedAt)} by ${phrase(by)}.\n`);
}

function show({ console, options, style, workspace, manifest }: Session, plan: Plan): void {
  const roles = rolesIn(plan, workspace.kinds, manifest);
  if (options.format !== "json") console.write(`${renderPlanText(plan, { style, roles, closing: false })}\n`);
}

async function confirm({ console, manifest }: Session, plan: Plan): Promise<boolean> {
  const steps = count(plan.steps.length, "step");
  const answer = await console.ask(`Carry out ${steps} in environment ${manifest.environment}? Only yes goes on: `);
  return answer?.trim() === "yes";
}

function sayNothingToDo({ plan }: ApplyReport, { file }: ApplyOrder): string {
  const { outcome, changes, notices } = viewPlan(plan);
  const stopped = changes.map(({ symbol, address, what, notes }) => {
    return [`  ${symbol} ${address}  ${what}\n`, ...notes.map((note) => `      ${note}\n`)].join("");
  });
  const notes = file ? [] : notices.map((notice) => `  ! ${notice}\n`);
  return `${outcome}\n${[...stopped, ...notes].join("")}`;
}

function stoppedBy({ outcome }: ApplyReport, { stop }: Console): { stopped?: string } {
  return stop.aborted && outcome === "unfinished" ? { stopped: "by Ctrl-C; no new step was begun" } : {};
}
