import type { Hand, Step } from "../step.ts";
import { asksSeveral, type NameOfStep, sayWhen } from "./condition.ts";
import { phrase } from "./visible.ts";

/** One step of a change as every renderer says it. */
export interface StepView {
  /** Counts from 1 inside its change. */
  number: number;
  id: string;
  title: string;
  hand: Hand;
  /** Whom it waits for, where that is known. */
  role?: string;
  /** Where a secret goes, on what it depends, what is borrowed, whom it waits for, and whether it always runs. */
  remarks: string[];
}

/** Who does a step, by its id: `role` of its Screen. */
export type Roles = ReadonlyMap<string, string>;

/** The steps of one change, in the order of the plan. */
export function viewSteps(steps: Step[], roles: Roles = new Map()): StepView[] {
  const numbers = new Map(steps.map((step, index) => [step.id, index + 1]));
  const ambiguous = asksSeveral(steps);
  let asked: string | undefined;
  return steps.map((step, index) => {
    const role = roles.get(step.id);
    const remarks = remarksOf(step, index + 1, { numbers, ambiguous });
    // Whoever is asked once is asked for the steps that follow too.
    if (role !== undefined && role !== asked) remarks.push(`waits for ${phrase(role)}`);
    asked = role ?? asked;
    const view: StepView = {
      ...{ number: index + 1, id: phrase(step.id), title: phrase(step.title), hand: step.hand, remarks },
    };
    return role === undefined ? view : { ...view, role: phrase(role) };
  });
}

/** Whether the steps say more than the change does by itself. */
export function stepsMatter(steps: Step[]): boolean {
  return steps.length > 1 || steps.some((step) => byHand.has(step.hand) || step.delivers || step.when || step.loan);
}

const byHand = new Set<Hand>(["person", "browser", "mail"]);

interface Place {
  /** Numbers of the steps of the change, by id. */
  numbers: ReadonlyMap<string, number>;
  /** The change asks several questions. */
  ambiguous: boolean;
}

function remarksOf(step: Step, number: number, { numbers, ambiguous }: Place): string[] {
  const remarks = [];
  for (const target of Object.values(step.delivers ?? {})) remarks.push(`→ ${phrase(`${target.sink}:${target.path}`)}`);
  const nameOf: NameOfStep = (id) => (numbers.has(id) ? `step ${numbers.get(id)}` : undefined);
  const condition = step.when && sayWhen(step.when, nameOf, ambiguous);
  const order = orderOf(step, number, numbers);
  if (step.always) remarks.push(["always", condition ?? order].filter(Boolean).join(", "));
  else remarks.push(...[condition, order].filter((remark) => remark !== undefined));
  if (step.asks) remarks.push("asks, changes nothing");
  if (step.answered)
    remarks.push(`asked anew; on ${phrase(step.answered.on.slice(0, 10))} it was ${phrase(step.answered.result)}`);
  if (step.loan) remarks.push(sayLoan(step.loan));
  return remarks;
}

function sayLoan({ name, part }: NonNullable<Step["loan"]>): string {
  return part === "take" ? `borrows ${phrase(name)}` : `gives ${phrase(name)} back`;
}

/**
 * What comes first, unless it is just the step above or the one that the condition speaks of. Other resources stand in the
 * change's own line.
 */
function orderOf(step: Step, number: number, numbers: ReadonlyMap<string, number>): string | undefined {
  const all = step.needs.flatMap((id) => numbers.get(id) ?? []).sort((one, other) => one - other);
  if (all.includes(number - 1) && !step.always) return undefined;
  const needed = all.filter((one) => one !== numbers.get(step.when?.of ?? ""));
  if (needed.length === 0) return undefined;
  return `after ${needed.length === 1 ? "step" : "steps"} ${needed.join(", ")}`;
}
