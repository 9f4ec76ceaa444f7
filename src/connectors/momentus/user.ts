import type { Diagnostic } from "../../diagnostic.ts";
import { isRef, type Plain, type Value } from "../../resource.ts";
import type { StepDraft } from "../../step.ts";
import type { Assessment, Verdict, View } from "../connector.ts";
import { apiDraft, errorAt, expectsPresent, writesOf } from "../drafts.ts";
import { listRows, type MomentusKind } from "./kind.ts";
import { meOf, permanentIdErrors } from "./rows.ts";
import { userOperations } from "./user-operations.ts";
import { actualOf, sameId, textOf, userFields } from "./wire.ts";

const kindName = "momentus_user";

/** Users. There is no delete: removing one retires it (MOM-20). */
export const user: MomentusKind = {
  name: kindName,
  retiredBy: "retired",
  list: (reader) => listRows(reader, "Users", userFields, (row) => textOf(row, "ID")),
  async read(reader, id) {
    const row = await reader.one("Users", id);
    return row && actualOf(userFields, row, textOf(row, "ID"));
  },
  assess: assessUser,
  lower: lowerUser,
  protects: protectsUser,
  operations: userOperations,
};

function assessUser(view: View, general: Verdict): Assessment {
  const errors = [...permanentIdErrors(view, general, "a user"), ...loginErrors(view)];
  if (general.action !== "revive") return { errors };
  const kept = rolesOf(view);
  const note = `takes effect with the roles that it has: ${kept.join(", ")}`;
  return { errors, verdict: { notes: kept.length > 0 ? [...general.notes, note] : general.notes } };
}

/** A login belongs to one user; a retired one keeps it (MOM-21). */
function loginErrors(view: View): Diagnostic[] {
  const login = view.desired?.login_id;
  if (typeof login !== "string") return [];
  const holder = view.world.objects(kindName).find((other) => {
    if (other.id === view.actual?.id || !sameId(other.attributes.login_id ?? "", login)) return false;
    const entry = view.world.recordedById(kindName, other.id);
    const next = entry && view.world.desired(entry.address)?.attributes.login_id;
    return next === undefined || next === login;
  });
  if (!holder || sameId(holder.id, view.desired?.id)) return [];
  const state = holder.attributes.retired === true ? ", which is retired" : "";
  const message = `the login "${login}" belongs to the user ${holder.id}${state} (MOM-21)`;
  return [errorAt(view, "login_id", message, "choose another login, or give that user another one first")];
}

function rolesOf(view: View): string[] {
  const held = view.world.objects("momentus_user_role").filter(({ attributes }) => {
    return sameId(attributes.user, view.actual?.id);
  });
  return held.map(({ attributes }) => String(attributes.role)).sort();
}

/** Whoever retires the user that it runs as locks itself out. */
function protectsUser(view: View, verdict: Verdict): string | undefined {
  const me = meOf(view.facts);
  if (!view.actual || me === undefined || !sameId(me, view.actual.id)) return undefined;
  const retires = verdict.attributes.some(({ path, after }) => path === "retired" && after === true);
  return verdict.action === "delete" || retires ? `${me} is the API user that Steward runs as` : undefined;
}

function lowerUser(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
      return [createDraft(view)];
    case "revive":
      return [reviveDraft(view, verdict)];
    case "update":
      return updateDrafts(view, writesOf(verdict));
    case "delete":
      return [retireDraft(view)];
    default:
      return [];
  }
}

function createDraft(view: View): StepDraft {
  const attributes = view.desired ?? {};
  return apiDraft({
    operation: "create",
    title: `create the user ${String(attributes.id)}`,
    input: { attributes },
    expects: { is: "absent", identity: { id: plainOf(attributes.id) } },
    records: { is: "created", attributes, generation: view.generationNext },
  });
}

/** One write gives the user back, with everything that is declared. What the state did not know becomes ours by consent. */
function reviveDraft(view: View, verdict: Verdict): StepDraft {
  const id = view.actual?.id ?? "";
  const changes = { ...writesOf(verdict), retired: false };
  const attributes = view.desired ?? {};
  const known = Object.fromEntries(Object.entries(changes).filter(([name]) => name in attributes));
  return apiDraft({
    operation: "revive",
    title: `un-retire the user ${id}`,
    input: { id, changes },
    expects: expectsPresent(view, [...Object.keys(attributes), "retired"]),
    records: view.recorded
      ? { is: "updated", attributes: known }
      : { is: "created", attributes, generation: view.generationNext },
  });
}

function updateDrafts(view: View, changes: Record<string, Value>): StepDraft[] {
  if (Object.keys(changes).length === 0) return [];
  const draft = apiDraft({
    operation: "update",
    title: `change ${Object.keys(changes).sort().join(", ")}`,
    input: { id: view.actual?.id ?? "", changes },
    expects: expectsPresent(view),
    records: { is: "updated", attributes: changes },
  });
  return [draft];
}

function retireDraft(view: View): StepDraft {
  const id = view.actual?.id ?? "";
  return apiDraft({
    operation: "retire",
    title: `retire the user ${id}`,
    input: { id, changes: { retired: true } },
    expects: expectsPresent(view),
    records: { is: "removed" },
  });
}

function plainOf(value: Value | undefined): Plain {
  return value === undefined || isRef(value) ? null : (value as Plain);
}
