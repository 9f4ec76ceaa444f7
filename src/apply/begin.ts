import { loanHolder } from "../run.ts";
import type { Event, OpenRun } from "../state.ts";
import type { Step } from "../step.ts";
import type { Workspace } from "../workspace.ts";

/** Somebody else borrowed just now what a step wanted to borrow: it waits. */
export class LentMeanwhile extends Error {}

/**
 * Notes that a step begins. What is lent one at a time is taken by whoever notes it first, also where several processes are at work on one
 * log. Throws LentMeanwhile.
 */
export function noteBegin(workspace: Workspace, run: OpenRun, step: Step, event: Event): Promise<void> {
  if (step.loan?.part !== "take") return workspace.append([event]);
  return workspace.append([event], () => {
    const holder = loanHolder(workspace.state, run, step);
    if (holder)
      throw new LentMeanwhile(`${holder.address} has borrowed it in run ${holder.run.id} and not given it back yet`);
  });
}
