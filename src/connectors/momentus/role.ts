import type { StepDraft } from "../../step.ts";
import type { Verdict, View } from "../connector.ts";
import { apiDraft, expectsPresent, writesOf } from "../drafts.ts";
import { listRows, type MomentusKind } from "./kind.ts";
import { addRow, editRow, permanentIdErrors } from "./rows.ts";
import { actualOf, roleFields, textOf } from "./wire.ts";

/** Roles, which the product also calls groups. None can be deleted (MOM-22). */
export const role: MomentusKind = {
  name: "momentus_role",
  list: (reader) => listRows(reader, "Roles", roleFields, (row) => textOf(row, "ID")),
  async read(reader, id) {
    const row = await reader.one("Roles", id);
    return row && actualOf(roleFields, row, textOf(row, "ID"));
  },
  assess: (view, general) => ({ errors: permanentIdErrors(view, general, "a role") }),
  lower: lowerRole,
  operations: { create: addRow("Roles", roleFields), update: editRow("Roles", roleFields) },
};

function lowerRole(view: View, verdict: Verdict): StepDraft[] {
  const attributes = view.desired ?? {};
  if (verdict.action === "create") {
    const draft = apiDraft({
      operation: "create",
      title: `create the role ${String(attributes.id)}`,
      input: { attributes },
      expects: { is: "absent", identity: { id: String(attributes.id) } },
      records: { is: "created", attributes, generation: view.generationNext },
    });
    return [draft];
  }
  const changes = writesOf(verdict);
  if (verdict.action !== "update" || Object.keys(changes).length === 0) return [];
  const draft = apiDraft({
    operation: "update",
    title: `change ${Object.keys(changes).sort().join(", ")}`,
    input: { id: view.actual?.id ?? "", changes },
    expects: expectsPresent(view),
    records: { is: "updated", attributes: changes },
  });
  return [draft];
}
