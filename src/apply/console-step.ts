import type { Failed, Operation, Outcome, StepContext } from "../connectors/connector.ts";
import { assert, Fault } from "../diagnostic.ts";
import type { Answer, Given, Screen } from "../screen.ts";
import type { OpenRun } from "../state.ts";
import type { Step } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { chooseSecrets, filledSecret } from "./filled.ts";

/** Steps that a browser carries out: the screen that a person would get, and the answer that a person would give. */

/** What came of it, and for a question the answer that branches are decided by. */
export interface ConsoleOutcome {
  outcome: Outcome;
  answer: Answer;
}

/**
 * Carries a step's screen out and takes in what was seen. What Steward chooses is in its sink before the page sees it, what the
 * system made is there before this returns. Throws a Fault; `happened: "no"` only when nothing was sent that could have changed
 * something.
 */
export async function performStep(
  workspace: Workspace,
  run: OpenRun,
  operation: Operation,
  context: StepContext,
): Promise<ConsoleOutcome> {
  const { step, system, secrets } = context;
  assert(operation.screen, `${step.kind} has no screen for ${step.operation}`);
  const resolved = { ...step, input: context.input };
  const screen = operation.screen(resolved, system);
  const { reader } = workspace.system(step.system);
  const by = { by: workspace.who, at: workspace.timestamp() };
  await chooseSecrets(operation, step, secrets);
  const nothingToDo = await operation.prepare?.(context, reader);
  if (nothingToDo) return { outcome: nothingToDo, answer: { result: "done", fields: {}, ...by } };
  const given = step.asks && operation.answer ? await operation.answer(context, reader) : await perform();
  assertAnswered(step, screen, given);
  const { result, fields } = given;
  return { outcome: await taken(operation, context, given, reader), answer: { result, fields, ...by } };

  function perform(): Promise<Given> {
    return workspace.console(step.system).perform(screen, {
      secret: (field) => filledSecret(resolved, secrets, field),
      evidence: `${run.id}/${step.id}`,
    });
  }
}

/** What the answer comes to. The screen was carried out by now: whatever goes wrong here is not "nothing happened". */
async function taken(operation: Operation, context: StepContext, given: Given, reader: unknown): Promise<Outcome> {
  if (!operation.accept) return {};
  let accepted: Outcome | Failed;
  try {
    accepted = await operation.accept(context, given, reader);
  } catch (error) {
    if (!(error instanceof Fault) || context.step.asks) throw error;
    throw new Fault(error.message, { ...error.details, happened: "unknown" });
  }
  if ("failed" in accepted) throw new Fault(accepted.failed, { happened: "unknown", remedy: accepted.remedy });
  return accepted;
}

/** What could not be seen decides nothing and is never an absence. */
function assertAnswered({ id }: Step, { results }: Screen, { result }: Given): void {
  const known = results.find((one) => one.result === result);
  if (known && result !== "cannot-see") return;
  const message = `${id}: the console does not show whether it is so`;
  throw new Fault(message, { happened: "no", remedy: "open the console and look; hand: person has a person do it" });
}
