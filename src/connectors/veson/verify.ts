import { Fault } from "../../diagnostic.ts";
import type { Actual, Plain, Value } from "../../resource.ts";
import type { Given, Operation, Outcome, StepContext } from "../connector.ts";
import { isWritten } from "../inputs.ts";
import { asShown } from "../read-back.ts";
import type { VesonReader } from "./reader.ts";

export type VesonOperation = Operation<VesonReader, unknown>;
export type Settle = NonNullable<VesonOperation["settle"]>;

/**
 * What a browser saved is read back before it counts: a page that comes after Save says by itself neither that it was saved nor
 * that it was not (VES-21). What a person says counts as it is said.
 */
export function readBack(
  settle: Settle,
  said: (context: StepContext) => Outcome = () => ({}),
): Required<Pick<VesonOperation, "settle" | "accept">> {
  return {
    settle,
    async accept(context, { result }: Given, reader) {
      if (result !== "done") return {};
      return context.step.hand === "browser" ? asShown(await settle(context, reader)) : said(context);
    },
  };
}

/**
 * For what may be done twice: a page that is otherwise than expected counts as not done, so that nobody stays locked out for it. A
 * console that does not answer leaves it unknown, and is asked again.
 */
export function readOrUndone(settle: Settle): Settle {
  return async (context, reader) => {
    try {
      return await settle(context, reader);
    } catch (error) {
      if (error instanceof Fault && error.details.code === "screen") return { verdict: "not-done" };
      throw error;
    }
  };
}

/** Whether an object shows what was written. The order of names in a list means nothing. */
export function shows({ attributes }: Actual, name: string, value: Value): boolean {
  const seen: Plain | undefined = attributes[name];
  if (Array.isArray(value)) return Array.isArray(seen) && sorted(seen) === sorted(value);
  return isWritten(seen, value);
}

const sorted = (names: readonly unknown[]): string => JSON.stringify([...names].sort());
