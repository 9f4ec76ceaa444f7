import type { Step } from "../step.ts";
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

/** Divides the steps of a plan among people and Steward, in the order of the plan. */
export function divide(steps: readonly Step[], instructions: readonly Instruction[]): Division {
  const screens = new Map(instructions.map(({ step, screen }) => [step.id, screen]));
  const division: Division = { tasks: [], alone: new Map() };
  /** For each step, the nearest tasks that must be done before what needs it can begin, and whether it is Steward's. */
  const known = new Map<string, Known>();
  for (const step of steps) {
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

function needsOf({ needs, when }: Step): string[] {
  return when ? [...needs, when.of] : [...needs];
}
