import type { Step, When } from "../step.ts";
import { count } from "./visible.ts";

/**
 * How many steps wait for a person, on the shortest and on the longest way through the branches: [min, max].
 *
 * A question has two ways out, "found" and everything else, and only one of them is taken: their steps are never added up.
 * What is needed only when it turns out so (a license is missing, an app is not requested, something was borrowed) stands on
 * the second way and counts for the longest one alone.
 */
export function countPersonSteps(steps: readonly Step[]): [min: number, max: number] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const questions = new Map<string, Ways>();
  let sure = 0;
  for (const step of steps) {
    if (step.hand !== "person") continue;
    const branch = branchOf(step, byId);
    if (branch === undefined) sure++;
    else {
      const ways = questions.get(branch.question) ?? { found: 0, absent: 0, perhaps: 0 };
      ways[branch.way]++;
      questions.set(branch.question, ways);
    }
  }
  const ways = [...questions.values()];
  const min = ways.reduce((sum, { found, absent }) => sum + Math.min(found, absent), sure);
  const max = ways.reduce((sum, { found, absent, perhaps }) => sum + Math.max(found, absent + perhaps), sure);
  return [min, max];
}

/** "3 steps wait for a person.", "2 to 4 steps wait for a person."; nothing when nobody has to do anything. */
export function sayPersonSteps(counts: { personSteps: number; personStepsMin: number }): string[] {
  const { personSteps, personStepsMin } = counts;
  if (personSteps === 0) return [];
  if (personStepsMin === personSteps) return [`${count(personSteps, "step waits", "steps wait")} for a person.`];
  if (personStepsMin === 0) return [`Up to ${count(personSteps, "step waits", "steps wait")} for a person.`];
  return [`${personStepsMin} to ${personSteps} steps wait for a person.`];
}

/** Steps of people on the ways that one question opens. */
interface Ways {
  found: number;
  absent: number;
  /** On the way of "absent", and not always needed there. */
  perhaps: number;
}

/** The question that a step hangs on at last, and on which of its ways; undefined when it hangs on none. */
function branchOf(start: Step, byId: ReadonlyMap<string, Step>): { question: string; way: keyof Ways } | undefined {
  const conditions = conditionsOf(start, byId);
  const question = conditions.at(-1)?.of;
  if (question === undefined) return undefined;
  const some = new Set(conditions.map(({ is }) => is));
  if (some.has("found")) return { question, way: "found" };
  return { question, way: some.size === 1 && some.has("absent") ? "absent" : "perhaps" };
}

/** The condition of a step, that of the step which decides it, and so on. */
function conditionsOf(start: Step, byId: ReadonlyMap<string, Step>): When[] {
  const conditions: When[] = [];
  for (
    let step: Step | undefined = start;
    step?.when && !conditions.includes(step.when);
    step = byId.get(step.when.of)
  ) {
    conditions.push(step.when);
  }
  return conditions;
}
