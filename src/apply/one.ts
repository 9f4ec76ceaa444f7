import { Fault, Refusal } from "../diagnostic.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Observation } from "../observation.ts";
import { withImplicitNeeds } from "../plan/implicit-needs.ts";
import { makePlan, type PlanResult } from "../plan/plan.ts";
import { type Declared, Worlds } from "../plan/world.ts";
import type { Address, Resource, StateEntry } from "../resource.ts";
import { closingCommand, isFinished, isGood, isWaiting, loanHolder } from "../run.ts";
import type { OpenRun, RunCarrier, State } from "../state.ts";
import type { Consents, StepReport } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { runToEnd } from "./apply.ts";
import { assertDeliverable } from "./deliverable.ts";
import type { ExecuteOptions } from "./execute.ts";
import { resourceDigests } from "./resume.ts";
import { giveBack, isGivenUp, isInDoubt, openRun, settleOptions } from "./runs.ts";
import { settleDoubts } from "./settle.ts";

/**
 * One resource at a time, for who keeps the order between resources elsewhere: Terraform. Each gets a plan and a run of its own. What
 * others began with the same address is settled first, and what they are still at work on is left to them.
 */

/** What is to become of one address. */
export interface OneRequest {
  address: Address;
  /** Undefined: it goes away. */
  resource: Resource | undefined;
  /** What is declared, as far as it is known, this too. */
  beside: Declared;
  locate: Manifest["locate"];
  consents: Consents;
  version: string;
  now: number;
  observation: Observation;
}

/** Whether a process is still at work. */
export type IsAlive = (carrier: RunCarrier | undefined, run: string) => Promise<boolean>;

/** A run that holds an address. */
export interface Holding {
  run: OpenRun;
  /** `busy`: somebody is at work on it. `waits`: for a person. `doubt`: nobody knows yet whether a step of it happened. `dead`: nobody goes on with it. */
  is: "busy" | "waits" | "doubt" | "dead";
}

/** What one plan says, and the run that an earlier apply left. */
export interface OnePlan {
  result: PlanResult;
  /** What is recorded, as the plan knows it. */
  entry?: StateEntry | undefined;
  /** What stands in the way of a plan that can be relied on. */
  holding?: Holding;
}

/** Runs of an address that are not finished. There is one at most, unless several were begun by mistake. */
export const runsOf = ({ runs }: State, address: Address): OpenRun[] =>
  Object.values(runs).filter((run) =>
    run.plan.steps.some((step) => step.address === address && (!isFinished(run, step) || run.abandoned)),
  );

/** Plans one address without writing anything. What an earlier run left in doubt is read back, for this plan alone. */
export async function planOne(workspace: Workspace, request: OneRequest, isAlive: IsAlive): Promise<OnePlan> {
  const [run] = runsOf(workspace.state, request.address);
  const entryIn = ({ entries }: State) => entries[request.address];
  if (!run) return { result: planFrom(workspace, request, workspace.state), entry: entryIn(workspace.state) };
  const holding = await holdingOf(run, isAlive);
  if (holding.is !== "dead") return { result: planFrom(workspace, request, without(workspace.state, run)), holding };
  const aside = workspace.aside();
  await settleDoubts(aside, { into: "memory", wait: false, run: run.id });
  const settled = aside.state.runs[run.id] ?? run;
  const result = planFrom(workspace, request, without(aside.state, settled));
  const plan = { result, entry: entryIn(aside.state) };
  return isInDoubt(settled) ? { ...plan, holding: { run: settled, is: "doubt" } } : plan;
}

async function holdingOf(run: OpenRun, isAlive: IsAlive): Promise<Holding> {
  if (isWaiting(run)) return { run, is: "waits" };
  return { run, is: (await isAlive(run.carrier, run.id)) ? "busy" : "dead" };
}

/** The state as if the run had been closed. */
function without(state: State, { id }: OpenRun): State {
  return { ...state, runs: Object.fromEntries(Object.entries(state.runs).filter(([other]) => other !== id)) };
}

function planFrom({ manifest, kinds }: Workspace, request: OneRequest, state: State): PlanResult {
  const { resource, beside, locate, address, observation, consents, version, now } = request;
  const declared = { ...manifest, resources: resource ? [resource] : [], locate };
  const only = { address, beside };
  return makePlan({ manifest: declared, kinds, state, observation, consents, version, now, destroy: false, only });
}

interface OneOptions extends ExecuteOptions {
  carrier: RunCarrier;
  isAlive: IsAlive;
  /** Told the id of the run before its first step. */
  onRun(run: string): void;
  /** Called with the plan before anything is written; throws to leave it at that. */
  approve(result: PlanResult): void;
  /** Resolves when what is lent may have been given back. */
  untilLent(): Promise<void>;
}

export interface OneReport {
  /** The plan that was carried out; absent when an open run was gone on with. */
  result?: PlanResult;
  run?: OpenRun;
  steps: StepReport[];
  outcome: "nothing-to-do" | "done" | "waiting" | "unfinished";
}

/**
 * Carries out what is to become of one address. `observe` is called when everything is settled. A run on which people are at work is gone
 * on with when the same is declared as then. Throws a Refusal or a Fault when nothing was begun.
 */
export async function applyOne(
  workspace: Workspace,
  observe: () => Promise<OneRequest>,
  address: Address,
  options: OneOptions,
): Promise<OneReport> {
  await workspace.follow();
  for (const run of runsOf(workspace.state, address)) {
    const { is } = await holdingOf(run, options.isAlive);
    if (is === "busy") throw busy(run, address);
    if (is === "waits") return goOn(workspace, run, await observe(), options);
    await closeDead(workspace, run, options);
  }
  const request = await observe();
  const result = planFrom(workspace, request, workspace.state);
  options.approve(result);
  assertNeedsDone(workspace, request);
  const { plan } = result;
  if (plan.steps.length === 0) return { result, steps: [], outcome: "nothing-to-do" };
  if (options.stop?.aborted) throw stopped();
  await assertDeliverable(workspace, plan);
  const check = () => assertFree(workspace.state, address);
  const resources = request.resource ? [request.resource] : [];
  const run = await openRun(workspace, plan, { resources, carrier: options.carrier, check });
  return { result, ...(await carryOn(workspace, run, options)) };
}

/** What comes first although nobody refers to it: whoever keeps the order elsewhere has to be told. */
function assertNeedsDone({ kinds, state }: Workspace, { resource, beside, observation, address }: OneRequest): void {
  if (!resource) return;
  const worlds = new Worlds(kinds, state, observation, beside);
  const missing = withImplicitNeeds(resource, kinds, worlds).dependsOn.filter(
    (need) => !state.entries[need] || runsOf(state, need).length > 0,
  );
  if (missing.length === 0) return;
  const remedy = "write depends_on, or refer to its attribute, so that it comes first; then apply again";
  throw new Refusal([{ message: `${address} needs ${missing.join(", ")}, which is not done yet`, remedy }]);
}

const stopped = (): Fault =>
  new Fault("it was stopped before anything was changed", { happened: "no", remedy: "run it again" });

function busy({ id, by, openedAt }: OpenRun, address: Address): Refusal {
  const message = `${by} has been at work on ${address} since ${openedAt} (run ${id})`;
  return new Refusal([{ message, remedy: "wait until that has ended; one object belongs into one Terraform state" }]);
}

function assertFree(state: State, address: Address): void {
  const [run] = runsOf(state, address);
  if (run) throw busy(run, address);
}

/** Reads back what is in doubt, gives back what was borrowed, and closes the run. Throws a Fault when it cannot be told what happened. */
async function closeDead(workspace: Workspace, { id }: OpenRun, options: OneOptions): Promise<void> {
  options.onRun(id);
  const { carrier, stop: _stop, ...rest } = options;
  await workspace.append([{ type: "run", at: workspace.timestamp(), run: id, event: "taken", carrier }]);
  await settleDoubts(workspace, { ...settleOptions(rest), run: id });
  const run = workspace.state.runs[id];
  if (!run) return;
  if (isInDoubt(run)) {
    const remedy = "run it again when its system can be read";
    throw new Fault(`nobody knows whether a step of an earlier run (${id}) happened`, { happened: "unknown", remedy });
  }
  const steps = await giveBack(workspace, run, run.abandoned ? "abandoned" : "recovered", rest);
  if (!workspace.state.runs[id]) return;
  const owed = steps.find((report) => report.step.always && !isGood(report.result) && !isGivenUp(report));
  const because = owed?.because === undefined ? "" : `: ${owed.because}`;
  const remedy = owed?.remedy ?? `finish it first: ${closingCommand(run)}`;
  throw new Fault(`${owed?.step.id ?? id} of an earlier run is still to be done${because}`, { happened: "no", remedy });
}

/** A run with people in it goes on only while the same is declared. */
async function goOn(
  workspace: Workspace,
  run: OpenRun,
  { address, resource }: OneRequest,
  options: OneOptions,
): Promise<OneReport> {
  const today = resourceDigests(resource ? [resource] : [], [address])[address];
  if (!run.abandoned && run.plan.resources[address] !== today) {
    const message = `people are at work on ${address} (run ${run.id}), and it is declared differently now`;
    const remedy = "declare it as it was until they are done, or give the run up";
    throw new Refusal([{ message, remedy: `${remedy}: ${closingCommand(run)}` }]);
  }
  const { carrier } = options;
  await workspace.append([{ type: "run", at: workspace.timestamp(), run: run.id, event: "taken", carrier }]);
  await settleDoubts(workspace, { ...settleOptions(options), run: run.id });
  return carryOn(workspace, workspace.state.runs[run.id] ?? run, options);
}

async function carryOn(workspace: Workspace, run: OpenRun, options: OneOptions): Promise<Omit<OneReport, "result">> {
  options.onRun(run.id);
  for (;;) {
    const report = await runToEnd(workspace, run, options);
    if (report.outcome !== "waiting" || options.stop?.aborted) return { run, ...report };
    if (!(await comesBackSoon(workspace, run, report.steps, options))) return { run, ...report };
    await options.untilLent();
  }
}

/** Whether nothing is waited for but what somebody borrowed who is at work just now. Whoever waits for people may keep it for days. */
async function comesBackSoon(
  { state }: Workspace,
  run: OpenRun,
  steps: readonly StepReport[],
  { isAlive }: OneOptions,
): Promise<boolean> {
  const waiting = steps.filter(({ result }) => result === "waiting");
  const holders = waiting.map(({ step }) => loanHolder(state, run, step)?.run);
  const alive = await Promise.all(
    holders.map((holder) => holder !== undefined && !isWaiting(holder) && isAlive(holder.carrier, holder.id)),
  );
  return alive.every(Boolean);
}
