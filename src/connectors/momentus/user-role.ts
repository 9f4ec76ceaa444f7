import type { Diagnostic } from "../../diagnostic.ts";
import type { Value } from "../../resource.ts";
import type { StepDraft } from "../../step.ts";
import type { Operation, StepContext, Verdict, View } from "../connector.ts";
import { apiDraft, errorAt, expectsPresent } from "../drafts.ts";
import { recordIn, settledBy, textIn } from "../inputs.ts";
import { listRows, type MomentusKind } from "./kind.ts";
import type { MomentusReader } from "./reader.ts";
import { meOf } from "./rows.ts";
import { actualOf, type Row, sameId, textOf, userRoleFields } from "./wire.ts";
import type { MomentusWriter } from "./writer.ts";

type UserRoleOperation = Operation<MomentusReader, MomentusWriter>;

const kindName = "momentus_user_role";
const idOf = (row: Row): string => `${textOf(row, "User")}/${textOf(row, "Role")}`;

const create: UserRoleOperation = {
  creates: true,
  async run(context, writer) {
    const { user, role } = recordIn(context, "attributes");
    await writer.addUserRole(String(user), String(role));
    return { id: `${String(user)}/${String(role)}` };
  },
  async settle(context, reader) {
    const { user, role } = recordIn(context, "attributes");
    const row = await reader.one("UserRoles", String(user), String(role));
    return row ? { verdict: "done", outcome: { id: idOf(row) } } : { verdict: "not-done" };
  },
};

const remove: UserRoleOperation = {
  async run(context, writer) {
    if (await held(context, writer.reader)) {
      await writer.removeUserRole(textIn(context, "user"), textIn(context, "role"));
    }
    return {};
  },
  async settle(context, reader) {
    return settledBy((await held(context, reader)) === undefined);
  },
};

/** Which user has which role (MOM-23). Nothing about a membership can be changed; it is added and removed. */
export const userRole: MomentusKind = {
  name: kindName,
  list: (reader) => listRows(reader, "UserRoles", userRoleFields, idOf),
  async read(reader, id) {
    const [user = "", role = ""] = partsOf(id);
    const row = await reader.one("UserRoles", user, role);
    return row && actualOf(userRoleFields, row, idOf(row));
  },
  assess: (view) => ({ errors: targetErrors(view) }),
  lower: lowerUserRole,
  protects: protectsUserRole,
  operations: { create, delete: remove },
};

function held(context: StepContext, reader: MomentusReader): Promise<Row | undefined> {
  return reader.one("UserRoles", textIn(context, "user"), textIn(context, "role"));
}

function partsOf(id: string): [string, string] {
  const slash = id.indexOf("/");
  return [id.slice(0, slash), id.slice(slash + 1)];
}

/** User and role exist, or are declared. */
function targetErrors(view: View): Diagnostic[] {
  return (["user", "role"] as const).flatMap((name) => {
    const wanted: Value | undefined = view.desired?.[name];
    const objects = view.world.objects(`momentus_${name}`);
    if (typeof wanted !== "string" || objects.length === 0) return [];
    if (objects.some((object) => sameId(object.id, wanted))) return [];
    if (view.world.desiredByIdentity(`momentus_${name}`, wanted)) return [];
    const hint = `declare it as a momentus_${name}, or name one that is there`;
    return [errorAt(view, name, `${view.system.name} has no ${name} "${wanted}"`, hint)];
  });
}

function protectsUserRole(view: View, verdict: Verdict): string | undefined {
  const me = meOf(view.facts);
  const goes = verdict.action === "delete" || verdict.action === "replace";
  if (!goes || me === undefined || !sameId(view.actual?.attributes.user, me)) return undefined;
  return `${me} is the API user that Steward runs as`;
}

function lowerUserRole(view: View, verdict: Verdict): StepDraft[] {
  switch (verdict.action) {
    case "create":
      return [createDraft(view)];
    case "replace":
      return [deleteDraft(view), createDraft(view)];
    case "delete":
      return [deleteDraft(view)];
    default:
      return [];
  }
}

function createDraft(view: View): StepDraft {
  const attributes = view.desired ?? {};
  const shown = (value: Value | undefined): string => (typeof value === "string" ? value : "that is made before");
  return apiDraft({
    operation: "create",
    title: `give the user ${shown(attributes.user)} the role ${shown(attributes.role)}`,
    input: { attributes },
    expects: { is: "absent", identity: { user: shown(attributes.user), role: shown(attributes.role) } },
    records: { is: "created", attributes, generation: view.generationNext },
  });
}

function deleteDraft(view: View): StepDraft {
  const { user = "", role = "" } = view.actual?.attributes ?? {};
  return apiDraft({
    operation: "delete",
    title: `take the role ${String(role)} from the user ${String(user)}`,
    input: { user: String(user), role: String(role) },
    expects: expectsPresent(view),
    records: { is: "removed" },
  });
}
