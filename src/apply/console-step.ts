import type { Operation, Outcome, StepContext } from "../connectors/connector.ts";
import { assert, Fault, Refusal } from "../diagnostic.ts";
import type { Answer, Given, Screen } from "../screen.ts";
import type { OpenRun } from "../state.ts";
import type { Step } from "../step.ts";
import type { Workspace } from "../workspace.ts";
import { chooseSecrets, filledSecret } from "./filled.ts";

/** Steps that a browser carries out: the screen that a person would get, and the answer that a person would give. */

/** What came of it, and for a question the answer that branches are decided by. */
interface ConsoleOutcome {
  outcome: Outcome;
  answer: Answer;
}

/**
 * Carries a step's screen out and takes in what was seen. What Steward chooses is in its sink before the page sees it, what the
 * system made is there before this returns. A question may end with `cannot-see` where something was told all the same. Throws a
 * Fault; `happened: "no"` only when nothing was sent that could have changed something.
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
  return { outcome: await takenIn(operation, context, given, reader), answer: { result, fields, ...by } };

  function perform(): Promise<Given> {
    return workspace.console(step.system).perform(screen, {
      secret: (field) => filledSecret(resolved, secrets, field),
      evidence: `${run.id}/${step.id}`,
      // Whatever is pressed on the way to an answer, nothing can have happened.
      ...(step.asks ? { readsOnly: true } : {}),
    });
  }
}

/** Once a screen was carried out, nothing that fails later can say that nothing happened; who only looked changed nothing. */
async function takenIn(operation: Operation, context: StepContext, given: Given, reader: unknown): Promise<Outcome> {
  if (!operation.accept) return {};
  const happened = context.step.asks ? "no" : "unknown";
  try {
    const accepted = await operation.accept(context, given, reader);
    if (!("failed" in accepted)) return accepted;
    throw new Fault(accepted.failed, { happened, remedy: accepted.remedy });
  } catch (error) {
    if (error instanceof Fault) throw new Fault(error.message, { ...error.details, happened });
    if (!(error instanceof Refusal)) throw error;
    const remedy = error.reasons.map((reason) => reason.remedy).join("; ");
    throw new Fault(error.message, { happened, remedy, address: context.step.address });
  }
}

/** What could not be seen is never an absence, and decides nothing but what was told beside it. */
function assertAnswered({ id, asks }: Step, { results }: Screen, { result, fields }: Given): void {
  const known = results.find((one) => one.result === result);
  const tells = result !== "cannot-see" || (asks && Object.keys(fields).length > 0);
  if (known && tells) return;
  const message = `${id}: the console does not show whether it is so`;
  throw new Fault(message, { happened: "no", remedy: "open the console and look; hand: person has a person do it" });
}
