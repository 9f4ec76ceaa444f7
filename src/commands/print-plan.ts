import type { Doubt } from "../apply/settle.ts";
import { exitCodes } from "../diagnostic.ts";
import { renderPlanJson } from "../render/plan-json.ts";
import { renderPlanMarkdown } from "../render/plan-markdown.ts";
import { countPlan, hasWork } from "../render/plan-summary.ts";
import { renderPlanText } from "../render/plan-text.ts";
import type { PlanOptions } from "../render/plan-view.ts";
import { styleFor } from "../render/style.ts";
import { phrase } from "../render/visible.ts";
import type { Plan } from "../step.ts";
import type { Console, SharedOptions } from "./command.ts";

/** A plan in the format that was asked for. */
export function planAs(format: SharedOptions["format"], plan: Plan, console: Console, options: PlanOptions): string {
  if (format === "json") return renderPlanJson(plan, options);
  if (format === "markdown") return renderPlanMarkdown(plan, options);
  return renderPlanText(plan, { ...options, style: styleFor(console.color) });
}

/** Whether `--detailed-exitcode` says 2: something would be done, or is held back. */
function saysChanges(plan: Plan): boolean {
  const counts = countPlan(plan);
  return hasWork(counts) || counts.held > 0;
}

/** What `--detailed-exitcode` says of a plan: changes, else people who are at work, else nothing. */
export function detailedExitCode(plan: Plan): number {
  if (saysChanges(plan)) return exitCodes.changes;
  return plan.changes.some(({ blocked }) => blocked?.waits) ? exitCodes.waiting : exitCodes.done;
}

/** How steps that were in doubt were settled, a line for each. */
export function sayDoubts(doubts: readonly Doubt[]): string {
  return doubts.map(({ step, settled }) => `  ${phrase(step.id)}  ${saySettled(settled)}\n`).join("");
}

/** Tells how steps of an earlier run were settled, where there are any. */
export function noteDoubts(console: Console, doubts: readonly Doubt[]): void {
  if (doubts.length > 0) console.note(`An earlier run was cut off. Reading back says:\n${sayDoubts(doubts)}\n`);
}

function saySettled(settled: Doubt["settled"]): string {
  if (settled.verdict === "done") return "happened";
  if (settled.verdict === "not-done") return "did not happen";
  if (settled.verdict === "lost") return `happened, and what it gave is lost: ${phrase(settled.because)}`;
  return `is still not known: ${phrase(settled.because)}`;
}
