import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Hand, StepDraft } from "../../step.ts";
import type { Kind, Operation, View } from "../connector.ts";
import type { IpressoReader } from "./reader.ts";
import type { IpressoWriter } from "./writer.ts";

/** A kind without its schema, which comes out of schemas/ipresso when the connector is made. */
export type IpressoKind = Omit<Kind<IpressoReader, IpressoWriter>, "schema">;
export type IpressoOperation = Operation<IpressoReader, IpressoWriter>;

/** Who works at the console (IPR-23). */
export function handOf({ hand }: SystemConfig): Hand {
  return hand === "person" ? "person" : "browser";
}

/** A step at the console. */
export function consoleDraft({ system }: View, draft: Omit<StepDraft, "hand">): StepDraft {
  return { hand: handOf(system), ...draft };
}

/** Whether a person is asked first what is there: nobody else can see it. */
export const asksFirst = (view: View): boolean => handOf(view.system) === "person";
