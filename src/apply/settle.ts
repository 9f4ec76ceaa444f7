import type { Settled } from "../connectors/connector.ts";
import { assert, Fault } from "../diagnostic.ts";
import { type Event, foldRecords, type OpenRun, stepsInDoubt, toRecord } from "../state.ts";
import type { Step } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { contextOf, operationOf } from "./context.ts";
import { lostEvent, nothingEvent, outcomeEvent, promoteAll } from "./ends.ts";

/** What may have happened when a command was cut off: read back, for the log or for one command alone. */

/** A step that may have happened, and what reading back said. */
export interface Doubt {
  run: OpenRun;
  step: Step;
  settled: Settled;
}

interface SettleOptions {
  /** `memory`: only this command's picture changes, as for `plan`. `log`: what is found becomes durable. */
  into: "memory" | "log";
  /** Wait for a late commit of a cut create instead of leaving it unknown. */
  wait: boolean;
  onWait?(step: Step, untilMs: number): void;
  /** The system answered, and said no: nothing is committed late. */
  isAnswered?: boolean;
  /** Only the doubts of this run; absent: of all runs that no process among several carries out. */
  run?: string;
}

/** Settles every step in doubt by reading back. Never writes to a system. Throws a Refusal when anything is not trusted. */
export async function settleDoubts(workspace: Workspace, options: SettleOptions): Promise<Doubt[]> {
  workspace.assertTrusted();
  const doubts: Doubt[] = [];
  for (const { run, step, intendedAt } of stepsInDoubt(workspace.state)) {
    // What a process among several carries out may be in flight: only that process's successor looks at it.
    if (options.run === undefined ? run.carrier : run.id !== options.run) continue;
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
  options: Pick<SettleOptions, "wait" | "onWait" | "isAnswered">,
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
  if (first.verdict !== "not-done" || !operation.creates || options.isAnswered) return first;
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
