import type { Outcome } from "../connectors/connector.ts";
import type { Fault } from "../diagnostic.ts";
import type { OpenRun } from "../state.ts";
import type { Step, StepReport } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { nothingEvent, outcomeEvent, promoteAll } from "./settle.ts";

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
  return { step, result: "done" };
}

/** It provably did not happen. */
export async function notDone(workspace: Workspace, run: OpenRun, step: Step, fault: Fault): Promise<StepReport> {
  const because = fault.message;
  await workspace.append([nothingEvent(workspace, run.id, step, because)]);
  return { step, result: "failed", because, ...(fault.details.remedy ? { remedy: fault.details.remedy } : {}) };
}
