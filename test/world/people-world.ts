import { type AnswerReport, answerStep, askedStep } from "../../src/apply/answer.ts";
import type { Connector } from "../../src/connectors/connector.ts";
import type { AnswerResult } from "../../src/screen.ts";
import { Secret } from "../../src/secret.ts";
import type { StepReport } from "../../src/step.ts";
import { Depot, depotConnector } from "./depot.ts";
import { TestWorld } from "./test-world.ts";

/** A world in which people do the work. */
export class PeopleWorld extends TestWorld {
  readonly depot = new Depot();
  readonly #connectors = [depotConnector(this.depot)];

  override connectors(): readonly Connector[] {
    return this.#connectors;
  }

  /** What `steward confirm` does. */
  confirm(text: string, step: string, result: AnswerResult, told: ToldValues = {}): Promise<AnswerReport> {
    return confirmIn(this, text, step, result, told);
  }

  /** Subjects of the mails that arrived, each mail once. */
  subjects(): string[] {
    return this.outbox.mails.map(({ subject }) => subject);
  }
}

/** What is told beside the result, by the names that the screen asks for. */
interface ToldValues {
  fields?: Record<string, string>;
  secrets?: Record<string, string>;
}

/** What `steward confirm` does, in any world. */
export function confirmIn(
  world: TestWorld,
  text: string,
  step: string,
  result: AnswerResult,
  { fields = {}, secrets = {} }: ToldValues = {},
): Promise<AnswerReport> {
  const given = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, new Secret(value)]));
  return world.withLock(text, "confirm", (workspace) =>
    answerStep(workspace, askedStep(workspace, step), { result, fields, secrets: given }),
  );
}

/** `step result` of every step, the step without its kind. */
export function sayResults(steps: readonly StepReport[]): string[] {
  return steps.map(({ step, result }) => `${step.id.slice(step.id.indexOf(".") + 1)} ${result}`);
}
