import { assert } from "../diagnostic.ts";
import { isClear, type Plain, type Value } from "../resource.ts";
import type { SecretTarget } from "../secret.ts";
import type { Settled, StepContext } from "./connector.ts";

/** Done or not done. */
export function settledBy(isDone: boolean): Settled {
  return isDone ? { verdict: "done", outcome: {} } : { verdict: "not-done" };
}

/** The object's id out of a step's input. */
export function idIn(context: StepContext): number {
  return Number(context.input.id);
}

/** Text out of a step's input. */
export function textIn(context: StepContext, name: string): string {
  return String(context.input[name]);
}

/** A map out of a step's input. */
export function recordIn(context: Pick<StepContext, "input">, name: string): Record<string, Value> {
  const value = context.input[name];
  return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, Value>) : {};
}

/** Where a secret of a step goes. */
export function targetIn({ step }: StepContext, secret: string): SecretTarget {
  const target = step.delivers?.[secret];
  assert(target, `${step.id} does not say where ${secret} goes`);
  return target;
}

/** Whether the system shows what was written; cleared and empty are the same. */
export function isWritten(actual: Plain | undefined, written: Value): boolean {
  return (actual ?? "") === (isClear(written) ? "" : written);
}
