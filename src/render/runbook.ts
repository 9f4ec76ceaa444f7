import type { Plan } from "../step.ts";
import type { Instruction } from "./instruction-view.ts";
import { runbookHtml } from "./runbook-html.ts";
import { runbookMarkdown } from "./runbook-markdown.ts";
import { viewRunbook } from "./runbook-view.ts";

/** Formats of a runbook, by what a file's name ends with: `.md` and `.html`. */
export type RunbookFormat = "markdown" | "html";

export interface RunbookOptions {
  format: RunbookFormat;
  /** Name of the plan file; without one the commands plan anew. */
  file?: string;
  /** Where the manifest was looked for, when that was said. */
  manifest?: string;
}

/**
 * Everything that people do for a plan, in order, with exact values and never a secret. `instructions` holds the screens of its
 * steps; a step of a person without one is listed, and Steward shows it when its time comes.
 */
export function renderRunbook(plan: Plan, instructions: readonly Instruction[], options: RunbookOptions): string {
  const view = viewRunbook(plan, instructions, options);
  return options.format === "html" ? runbookHtml(view) : runbookMarkdown(view);
}
