import { digestOf } from "../canonical.ts";
import { assert } from "../diagnostic.ts";
import type { Mail } from "../io.ts";
import type { OpenRun } from "../state.ts";
import type { Step } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { operationOf } from "./context.ts";

/**
 * The mail that a step is, with a date and an id. Both are the same for every try of one step of one run, so that a mail which
 * is sent twice is one mail for whoever gets it.
 */
export function mailOf(workspace: Workspace, run: OpenRun, step: Step): Mail {
  const { mail } = operationOf(workspace, step);
  assert(mail, `${step.kind} has no mail for ${step.operation}`);
  const id = digestOf([workspace.state.lineage, run.id, step.id]).slice(0, 32);
  const begun = run.steps[step.id];
  assert(begun, `${step.id} was not begun`);
  const draft = mail(step, workspace.config(step.system));
  return { ...draft, messageId: `<${id}@steward.invalid>`, dateMs: Date.parse(begun.at) };
}
