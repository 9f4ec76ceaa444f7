import type { Hand, Step } from "../step.ts";
import { phrase } from "./visible.ts";

/** One step of a change as every renderer says it. */
export interface StepView {
  /** Counts from 1 inside its change. */
  number: number;
  id: string;
  title: string;
  hand: Hand;
  /** Where a secret goes, what it waits for, and whether it always runs. */
  remarks: string[];
}

/** The steps of one change, in the order of the plan. */
export function viewSteps(steps: Step[]): StepView[] {
  const numbers = new Map(steps.map((step, index) => [step.id, index + 1]));
  return steps.map((step, index) => ({
    number: index + 1,
    id: phrase(step.id),
    title: phrase(step.title),
    hand: step.hand,
    remarks: remarksOf(step, index + 1, numbers),
  }));
}

/** Whether the steps say more than the change does by itself. */
export function stepsMatter(steps: Step[]): boolean {
  return steps.length > 1 || steps.some((step) => step.hand === "person" || step.hand === "browser" || step.delivers);
}

function remarksOf(step: Step, number: number, numbers: Map<string, number>): string[] {
  const remarks = [];
  for (const target of Object.values(step.delivers ?? {})) remarks.push(`→ ${phrase(`${target.sink}:${target.path}`)}`);
  const order = orderOf(step, number, numbers);
  if (step.always) remarks.push(order ? `always, ${order}` : "always");
  else if (order) remarks.push(order);
  return remarks;
}

/** What comes first, unless it is just the step above. Other resources stand in the change's own line. */
function orderOf(step: Step, number: number, numbers: Map<string, number>): string | undefined {
  const needed = step.needs.flatMap((id) => numbers.get(id) ?? []).sort((one, other) => one - other);
  if (needed.length === 0) return undefined;
  if (needed.includes(number - 1) && !step.always) return undefined;
  return `after ${needed.length === 1 ? "step" : "steps"} ${needed.join(", ")}`;
}
