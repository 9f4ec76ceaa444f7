import { isOwed, isReturnOf, type Step } from "../step.ts";
import type { Instruction } from "./instruction-view.ts";

/** Adjacent steps of one role: one person does them in one go. */
export interface Task {
  /** Counts from 1, in the order of the plan. */
  number: number;
  role: string;
  steps: TaskStep[];
  /** Numbers of the tasks that come first. */
  after: number[];
}

/** A step of a person; the screen may be missing, then Steward shows it when its time comes. */
export interface TaskStep {
  step: Step;
  screen?: Instruction["screen"];
}

/** A plan as tasks of people and what Steward does by itself. */
interface Division {
  tasks: Task[];
  /** Steps without a person, by the number of the task after which they can run; 0 is before all. */
  alone: Map<number, Step[]>;
}

/** Role of a step for which no screen was handed in. */
const unknownRole = "a person";

/** Divides the steps of a plan among people and Steward, in the order of the plan; what a step needs comes before it. */
export function divide(steps: readonly Step[], instructions: readonly Instruction[]): Division {
  const screens = new Map(instructions.map(({ step, screen }) => [step.id, screen]));
  const division: Division = { tasks: [], alone: new Map() };
  /** For each step, the nearest tasks that must be done before what needs it can begin, and whether it is Steward's. */
  const known = new Map<string, Known>();
  for (const step of withWholeLoans(inOrderOfNeeds(steps))) {
    const screen = screens.get(step.id);
    const needed = needsOf(step).flatMap((id) => known.get(id) ?? []);
    const before = new Set(needed.flatMap(({ tasks }) => [...tasks]));
    if (screen === undefined && step.hand !== "person") {
      const after = Math.max(0, ...before);
      division.alone.set(after, [...(division.alone.get(after) ?? []), step]);
      known.set(step.id, { tasks: before, alone: true });
      continue;
    }
    const behindSteward = new Set(needed.filter(({ alone }) => alone).flatMap(({ tasks }) => [...tasks]));
    const task = taskFor(division.tasks, screen?.role ?? unknownRole, behindSteward);
    task.steps.push(screen === undefined ? { step } : { step, screen });
    for (const number of before) if (number !== task.number && !task.after.includes(number)) task.after.push(number);
    known.set(step.id, { tasks: new Set([task.number]), alone: false });
  }
  return division;
}

interface Known {
  tasks: Set<number>;
  alone: boolean;
}

/** The last task, when the same role goes on and nothing of Steward has to come in between; else a new one. */
function taskFor(tasks: Task[], role: string, behindSteward: ReadonlySet<number>): Task {
  const last = tasks.at(-1);
  if (last?.role === role && !behindSteward.has(last.number)) return last;
  const task: Task = { number: tasks.length + 1, role, steps: [], after: [] };
  tasks.push(task);
  return task;
}

/** The order of the plan, but for what stands before something that it needs: that comes right after it. */
function inOrderOfNeeds(steps: readonly Step[]): Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const sorted = new Set<Step>();
  const entered = new Set<Step>();
  for (const first of steps) {
    // A stack of our own: a chain of ten thousand resources is deeper than the one of the language.
    const stack = [first];
    for (let step = stack.at(-1); step; step = stack.at(-1)) {
      const open = entered.has(step) ? [] : needsOf(step).flatMap((id) => byId.get(id) ?? []);
      entered.add(step);
      const missing = open.filter((need) => !sorted.has(need) && !entered.has(need));
      stack.push(...missing.reverse());
      if (missing.length > 0) continue;
      sorted.add(step);
      stack.pop();
    }
  }
  return [...sorted];
}

/**
 * What is borrowed goes back before anything else begins: whoever goes without it waits for no other change. `steps` stand after
 * what they need.
 */
function withWholeLoans(steps: readonly Step[]): Step[] {
  const places = new Map(steps.map((step, index) => [step.id, index]));
  const returns = new Map(steps.filter(isOwed).map((step) => [step.address, step]));
  const done = new Set<Step>();
  for (const step of steps) {
    done.add(step);
    const back = step.loan?.part === "take" ? returns.get(step.address) : undefined;
    if (back === undefined || !isReturnOf(back, step)) continue;
    const window = new Set([back]);
    for (const one of window) {
      for (const id of needsOf(one)) {
        const need = steps[places.get(id) ?? -1];
        if (need && !done.has(need)) window.add(need);
      }
    }
    for (const one of [...window].sort((a, b) => places.get(a.id)! - places.get(b.id)!)) done.add(one);
  }
  return [...done];
}

function needsOf({ needs, when }: Step): string[] {
  return when ? [...needs, when.of] : [...needs];
}
