import type { Diagnostic } from "../../diagnostic.ts";
import { Fault } from "../../diagnostic.ts";
import type { Actual, Value } from "../../resource.ts";
import type { StepDraft } from "../../step.ts";
import type { Assessment, Operation, StepContext, Verdict, View } from "../connector.ts";
import { apiDraft, errorAt, expectsPresent, writesOf } from "../drafts.ts";
import { idIn, recordIn, settledBy } from "../inputs.ts";
import { listingOf, seenNow } from "../listing.ts";
import type { Params } from "./client.ts";
import { unlessForbidden } from "./envelope.ts";
import { factsOf } from "./facts.ts";
import type { VelocloudKind } from "./kind.ts";
import type { VelocloudReader } from "./reader.ts";
import { roleFact } from "./roles-of-users.ts";
import type { WireRole } from "./wire.ts";
import type { VelocloudWriter } from "./writer.ts";

type RoleOperation = Operation<VelocloudReader, VelocloudWriter>;

const create: RoleOperation = {
  creates: true,
  async run(context, writer) {
    return { id: String(await writer.createRole(await fieldsOf(writer.reader, recordIn(context, "attributes")))) };
  },
  async settle(context, reader) {
    const { name } = recordIn(context, "attributes");
    const role = (await reader.customRoles({ fresh: true })).find((candidate) => candidate.name === name);
    return role ? { verdict: "done", outcome: { id: String(role.id) } } : { verdict: "not-done" };
  },
};

const update: RoleOperation = {
  async run(context, writer) {
    await writer.updateRole(idIn(context), await fieldsOf(writer.reader, recordIn(context, "changes")));
    return {};
  },
  async settle(context, reader) {
    const role = await readRoleById(reader, idIn(context));
    if (!role) return { verdict: "not-done" };
    return settledBy(await shows(context, reader, role));
  },
};

const remove: RoleOperation = {
  async run(context, writer) {
    if (await readRoleById(writer.reader, idIn(context))) await writer.deleteRole(idIn(context));
    return {};
  },
  async settle(context, reader) {
    return settledBy((await readRoleById(reader, idIn(context))) === undefined);
  },
};

/** Custom (composite) roles: the user groups of an orchestrator. */
export const role: VelocloudKind = {
  name: "velocloud_role",
  list: (reader) =>
    listingOf(async () => {
      const names = await partNames(reader);
      return (await reader.customRoles()).map((custom) => actualRole(custom, names));
    }),
  async read(reader, id) {
    const custom = await readRoleById(reader, Number(id));
    return custom && actualRole(custom, await partNames(reader));
  },
  assess: assessRole,
  lower: lowerRole,
  operations: { create, update, delete: remove },
};

function assessRole(view: View, general: Verdict): Assessment {
  return { errors: [...nameErrors(view), ...privilegeErrors(view), ...useErrors(view, general)] };
}

/** Default roles cannot be edited or deleted (VCO-27), so a custom role cannot take their names. */
function nameErrors(view: View): Diagnostic[] {
  const { name } = view.desired ?? {};
  if (!roleFact(view, name)?.builtin) return [];
  const hint = "choose another name; give the default role to users by its name";
  return [errorAt(view, "name", `"${String(name)}" is a default role, which cannot be edited (VCO-27)`, hint)];
}

function privilegeErrors(view: View): Diagnostic[] {
  const { privileges: known } = factsOf(view.facts);
  const wanted = view.desired?.privileges;
  if (!known || !Array.isArray(wanted)) return [];
  return wanted.flatMap((name, index) => {
    if (typeof name !== "string" || known.some((part) => part.name === name)) return [];
    const message = `${view.system.name} has no functional role "${name}"`;
    const names = known.map((part) => part.name).sort();
    return [errorAt(view, `privileges[${index}]`, message, `it offers: ${names.join(", ")}`)];
  });
}

/** A role that users still have cannot go; whether the orchestrator would refuse is not documented (VCO-27). */
function useErrors(view: View, general: Verdict): Diagnostic[] {
  if (general.action !== "delete" && general.action !== "replace") return [];
  const name = view.actual?.attributes.name;
  const users = view.world.objects("velocloud_admin_user").filter((user) => user.attributes.role === name);
  const stuck = general.action === "replace" ? users : users.filter((user) => keepsRole(view, user));
  if (stuck.length === 0) return [];
  const names = stuck.slice(0, 5).map((user) => String(user.attributes.username));
  const message = `${stuck.length} users still have the role "${String(name)}": ${names.join(", ")}${stuck.length > 5 ? ", …" : ""}`;
  const hint =
    general.action === "replace"
      ? "declare the new name as another resource, move its users, then remove this one"
      : "give them another role first";
  return [errorAt(view, undefined, message, hint)];
}

/** Whether the same plan leaves the user with the role. */
function keepsRole(view: View, user: Actual): boolean {
  const entry = view.world.recordedById("velocloud_admin_user", user.id);
  const desired = entry && view.world.desired(entry.address);
  if (!entry) return true;
  if (!desired) return entry.origin !== "created" && entry.onRemove !== "delete";
  return desired.attributes.role === user.attributes.role;
}

function lowerRole(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
      return [createDraft(view)];
    case "replace":
      return [deleteDraft(view), createDraft(view)];
    case "delete":
      return [deleteDraft(view)];
    case "update":
      return updateDrafts(view, writesOf(verdict));
    default:
      return [];
  }
}

function createDraft(view: View): StepDraft {
  const attributes = view.desired ?? {};
  return apiDraft({
    operation: "create",
    title: `create the role ${String(attributes.name)}`,
    input: { attributes },
    expects: { is: "absent", identity: { name: String(attributes.name) } },
    records: { is: "created", attributes, generation: view.generationNext },
  });
}

function updateDrafts(view: View, writes: Record<string, Value>): StepDraft[] {
  if (Object.keys(writes).length === 0) return [];
  const draft = apiDraft({
    operation: "update",
    title: `change ${Object.keys(writes).sort().join(", ")}`,
    input: { id: view.actual?.id ?? "", changes: writes },
    expects: expectsPresent(view),
    records: { is: "updated", attributes: writes },
  });
  return [draft];
}

function deleteDraft(view: View): StepDraft {
  return apiDraft({
    operation: "delete",
    title: `delete the role ${String(view.actual?.attributes.name)}`,
    input: { id: view.actual?.id ?? "" },
    expects: expectsPresent(view),
    records: { is: "removed" },
  });
}

async function readRoleById(reader: VelocloudReader, id: number): Promise<WireRole | undefined> {
  return (await reader.customRoles({ id, fresh: true }))[0];
}

async function partNames(reader: VelocloudReader): Promise<Map<number, string>> {
  const parts = (await unlessForbidden(() => reader.functionalRoles())) ?? [];
  return new Map(parts.map((part) => [part.id, part.name]));
}

/** Where an answer does not show the parts, they are compared with what is recorded. */
function actualRole(custom: WireRole, names: ReadonlyMap<number, string>): Actual {
  const { id, name, description, functionalRoleIds: ids } = custom;
  const privileges = ids?.map((part) => names.get(part) ?? `functional role ${part}`).sort() ?? null;
  return seenNow(String(id), { name, description, privileges, id }, ids ? [] : ["privileges"]);
}

async function fieldsOf(reader: VelocloudReader, attributes: Record<string, Value>): Promise<Params> {
  const { name, description, privileges } = attributes;
  const fields: Params = {};
  if (name !== undefined) fields.name = name;
  if (description !== undefined) fields.description = description;
  if (Array.isArray(privileges)) fields.functionalRoleIds = await partIds(reader, privileges.map(String));
  return fields;
}

async function partIds(reader: VelocloudReader, names: string[]): Promise<number[]> {
  const parts = new Map((await reader.functionalRoles()).map((part) => [part.name, part.id]));
  return [...new Set(names)].map((name) => {
    const id = parts.get(name);
    if (id !== undefined) return id;
    const remedy = "steward doctor lists the functional roles that the orchestrator offers";
    throw new Fault(`there is no functional role "${name}"`, { happened: "no", code: "absent", remedy });
  });
}

async function shows(context: StepContext, reader: VelocloudReader, custom: WireRole): Promise<boolean> {
  const wanted = await fieldsOf(reader, recordIn(context, "changes"));
  const ids = wanted.functionalRoleIds;
  const sameParts = !Array.isArray(ids) || sameNumbers(ids as number[], custom.functionalRoleIds ?? []);
  const sameText = wanted.description === undefined || wanted.description === custom.description;
  return sameParts && sameText;
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}
