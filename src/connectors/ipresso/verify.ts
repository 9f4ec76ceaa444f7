import type { Failed, Given, Outcome, Settled, StepContext } from "../connector.ts";
import { asShown } from "../read-back.ts";
import type { IpressoOperation } from "./kind.ts";
import type { IpressoReader } from "./reader.ts";

/**
 * What a browser saved is read back before it counts: no document says what confirms a save, nor what the windows that ask are
 * called (IPR-26). What a person says counts as it is said.
 */
export function readBack(
  settle: (context: StepContext, reader: IpressoReader) => Promise<Settled>,
  said: (context: StepContext) => Outcome,
  isSeen: (context: StepContext, fields: Given["fields"], reader: IpressoReader) => boolean,
): Required<Pick<IpressoOperation, "settle" | "accept">> {
  return {
    settle,
    async accept(context, given, reader): Promise<Outcome | Failed> {
      if (given.result !== "done") return {};
      if (!reader.seesConsole || isSeen(context, given.fields, reader)) return said(context);
      // The page that followed may show less than there is.
      return asShown(await settle(context, reader));
    },
  };
}
