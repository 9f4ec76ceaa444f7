import type { Diagnostic } from "../../diagnostic.ts";
import type { Value } from "../../resource.ts";
import type { Facts, Operation, Verdict, View } from "../connector.ts";
import { errorAt } from "../drafts.ts";
import { isWritten, recordIn, settledBy, textIn } from "../inputs.ts";
import { isRecord } from "./answer.ts";
import type { MomentusReader } from "./reader.ts";
import { actualOf, bodyOf, type Fields, textOf } from "./wire.ts";
import type { MomentusWriter } from "./writer.ts";

/** What users and roles have in common: they are found, added and changed the same way. */
type RowOperation = Operation<MomentusReader, MomentusWriter>;

/** Adds a row. IDs are unique, so that a row with the ID is the one that was added. */
export function addRow(subject: "Users" | "Roles", fields: Fields): RowOperation {
  return {
    creates: true,
    async run(context, writer) {
      const attributes = recordIn(context, "attributes");
      await writer.add(subject, bodyOf(fields, attributes));
      return { id: String(attributes.id) };
    },
    async settle(context, reader) {
      const row = await reader.one(subject, String(recordIn(context, "attributes").id));
      return row ? { verdict: "done", outcome: { id: textOf(row, "ID") } } : { verdict: "not-done" };
    },
  };
}

/** Changes fields of a row. */
export function editRow(subject: "Users" | "Roles", fields: Fields): RowOperation {
  return {
    async run(context, writer) {
      const id = textIn(context, "id");
      await writer.edit(subject, id, bodyOf(fields, recordIn(context, "changes")));
      return { id };
    },
    async settle(context, reader) {
      const id = textIn(context, "id");
      const row = await reader.one(subject, id);
      if (!row) return { verdict: "not-done" };
      const { attributes } = actualOf(fields, row, id);
      const changes: [string, Value][] = Object.entries(recordIn(context, "changes"));
      const settled = settledBy(changes.every(([name, value]) => isWritten(attributes[name], value)));
      return settled.verdict === "done" ? { verdict: "done", outcome: { id } } : settled;
    },
  };
}

/** An ID is permanent (MOM-15): another one is another object, and the old one cannot be deleted. */
export function permanentIdErrors(view: View, general: Verdict, what: string, attribute = "id"): Diagnostic[] {
  if (general.action !== "replace") return [];
  const name = what.replace(/^an? /, "");
  const hint = `declare the new ${name} as a resource of its own; what becomes of the old one, its own block says`;
  return [errorAt(view, attribute, `the ID of ${what} is permanent (MOM-15)`, hint)];
}

/** ID of the API user that we run as. */
export function meOf({ me }: Facts): string | undefined {
  return isRecord(me) && typeof me.id === "string" ? me.id : undefined;
}
