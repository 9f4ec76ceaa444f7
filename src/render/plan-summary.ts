import { type Action, type Change, groupSteps, type Plan } from "../step.ts";
import { applyCommand, completeHints, type Said } from "./hints.ts";
import { countPersonSteps, sayPersonSteps } from "./person-steps.ts";
import { count } from "./visible.ts";

/** How many resources a plan does what to. Held and blocked ones count there only. */
export type PlanCounts = Record<Exclude<Action, "none">, number> & {
  held: number;
  blocked: number;
  /** Resources that stay as they are while leftovers of theirs are cleared. */
  tidy: number;
  /** Resources that stay as they are while a person is asked about them. */
  ask: number;
  /** Steps that wait for a person, on the longest way through the branches. */
  personSteps: number;
  /** The same on the shortest way. */
  personStepsMin: number;
  /** Steps that ask a system by its API. */
  calls: number;
  /** Steps that a browser does. */
  browserSteps: number;
};

const always = ["create", "update", "delete"];
const order = ["create", "adopt", "update", "rotate", "replace", "move", "revive", "delete", "forget"] as const;

/** Counts the changes and steps of a plan. */
export function countPlan(plan: Plan): PlanCounts {
  const [personStepsMin, personSteps] = countPersonSteps(plan.steps);
  const counts: PlanCounts = {
    ...{ create: 0, adopt: 0, update: 0, replace: 0, rotate: 0, move: 0, revive: 0, delete: 0, forget: 0 },
    ...{ held: 0, blocked: 0, tidy: 0, ask: 0, personSteps, personStepsMin },
    calls: plan.steps.filter(({ hand }) => hand === "api").length,
    browserSteps: plan.steps.filter(({ hand }) => hand === "browser").length,
  };
  const groups = groupSteps(plan.steps);
  for (const change of plan.changes) {
    const column = columnOf(change, groups.get(change.address) ?? []);
    if (column) counts[column]++;
  }
  return counts;
}

function columnOf(change: Change, steps: Plan["steps"]): keyof PlanCounts | undefined {
  if (change.held) return "held";
  if (change.blocked) return "blocked";
  if (change.action !== "none") return change.action;
  if (steps.length === 0) return undefined;
  return steps.every(({ asks }) => asks) ? "ask" : "tidy";
}

/** Whether applying the plan would do anything. */
export function hasWork(counts: PlanCounts): boolean {
  return counts.tidy > 0 || counts.ask > 0 || order.some((action) => counts[action] > 0);
}

/** `Plan: 2 to create, …`, `No changes.` or `No changes; 1 held.` */
export function sayOutcome(counts: PlanCounts): string {
  const stopped = [];
  if (counts.held > 0) stopped.push(`${counts.held} held`);
  if (counts.blocked > 0) stopped.push(`${counts.blocked} left out`);
  if (!hasWork(counts)) return stopped.length === 0 ? "No changes." : `No changes; ${stopped.join(", ")}.`;
  const parts = order
    .filter((action) => counts[action] > 0 || always.includes(action))
    .map((action) => `${counts[action]} to ${action}`);
  if (counts.tidy > 0) parts.push(`${counts.tidy} to tidy up`);
  if (counts.ask > 0) parts.push(`${counts.ask} to ask about`);
  return [`Plan: ${[...parts, ...stopped].join(", ")}.`, ...sayPersonSteps(counts)].join(" ");
}

/** The estimate and what to do next; empty when there is nothing to do. `said`: what the next command has to say again. */
export function sayClosing(counts: PlanCounts, file: string | undefined, said: Said): string[] {
  if (!hasWork(counts)) return [];
  const { calls, browserSteps } = counts;
  const efforts = [
    ...(calls > 0 ? [count(calls, "call")] : []),
    ...(browserSteps > 0 ? [`${count(browserSteps, "step")} in a browser`] : []),
  ];
  const estimate = efforts.length > 0 ? `About ${efforts.join(" and ")}. ` : "";
  if (file !== undefined) return [`${estimate}Nothing was changed. Apply it with:  ${applyCommand(file, said)}`];
  const keep = completeHints("steward plan --out plan.json", said);
  return [`${estimate}Nothing was changed. To keep and apply it:  ${keep}`];
}
