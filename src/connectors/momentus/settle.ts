import { Fault, Refusal } from "../../diagnostic.ts";
import type { Given, Screen } from "../../screen.ts";
import type { Failed, Operation, Outcome, Settled, StepContext } from "../connector.ts";
import type { MomentusConsole } from "./console-reader.ts";
import type { ApiUserCredentials } from "./jwt.ts";
import type { MomentusReader } from "./reader.ts";
import { keepCredentials, type TakeCredentials } from "./take-credentials.ts";
import type { MomentusWriter } from "./writer.ts";

type MomentusOperation = Operation<MomentusReader, MomentusWriter>;

/** What a browser was cut off in is read back at the console (MOM-31). */

/** Reads back at the console. Where people work, only they can tell. */
export function readBack(
  settle: (context: StepContext, console: MomentusConsole, reader: MomentusReader) => Promise<Settled>,
): (context: StepContext, reader: MomentusReader) => Promise<Settled> {
  return async (context, reader) => {
    if (!reader.console) return { verdict: "unknown", because: "only a person can look there" };
    try {
      return await settle(context, reader.console, reader);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { verdict: "unknown", because: error.message };
    }
  };
}

/** Where a browser cannot see on the next page that something was done, it is read back at once. */
export function confirmed(
  operation: MomentusOperation & Required<Pick<MomentusOperation, "settle">>,
): MomentusOperation {
  return {
    ...operation,
    accept: async (context, given, reader) => {
      const accepted = (await operation.accept?.(context, given, reader)) ?? {};
      if (!reader.console || given.result !== "done") return accepted;
      const { verdict } = await operation.settle(context, reader);
      if (verdict === "done") return accepted;
      throw new Fault("the console does not show that it was done", { happened: "unknown", code: "screen" });
    },
  };
}

export const notDoneYet: Settled = { verdict: "not-done" };

/** It is done, with what taking it in gives; what cannot be taken in leaves it unknown. */
export function settledAs(outcome: Outcome | Failed): Settled {
  return "failed" in outcome ? { verdict: "unknown", because: outcome.failed } : { verdict: "done", outcome };
}

/**
 * What changes nothing at the console is done once more, by reading alone. Where there is nothing to be read any more, it did not
 * happen.
 */
export async function settledByReading(
  console: MomentusConsole,
  screen: Screen,
  accept: (given: Given) => Promise<Outcome | Failed>,
): Promise<Settled> {
  try {
    return settledAs(await accept(await console.look(screen)));
  } catch (error) {
    if (error instanceof Fault && error.details.code === "screen") return notDoneYet;
    throw error;
  }
}

/**
 * Keeps what was read back without a test: that is the next step, and a test that fails now would leave a step in doubt of which
 * everything is known.
 */
export const keepUntested: TakeCredentials = (context: StepContext, _reader, credentials: ApiUserCredentials) =>
  keepCredentials(context, credentials);
