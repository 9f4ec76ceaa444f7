import type { Diagnostic } from "../../diagnostic.ts";
import type { Assessment, Verdict, View } from "../connector.ts";
import { errorAt, withNote } from "../drafts.ts";
import type { LabelsOf } from "../labels.ts";
import { isMocoServ, mocoServId } from "./api-user-settings.ts";
import { lowerAppApproval } from "./app-approval-lower.ts";
import { appApprovalOperations } from "./app-approval-operations.ts";
import { inspectApp, inspectAppOperation } from "./inspect.ts";
import { type MomentusKind, toldByPeople } from "./kind.ts";
import { bundleOf, needsMocoServ } from "./known-user.ts";
import type { MomentusLabel } from "./labels.ts";

/** Approvals of apps in Momentus Connect. */
export function appApproval(labels: LabelsOf<MomentusLabel>): MomentusKind {
  return {
    name: "momentus_app_approval",
    ...toldByPeople,
    needs: needsMocoServ,
    assess: assessAppApproval,
    lower: lowerAppApproval,
    inspect: inspectApp,
    operations: { ...appApprovalOperations(labels), inspect: inspectAppOperation(labels) },
  };
}

function assessAppApproval(view: View, general: Verdict): Assessment {
  const { desired, actual } = view;
  if (!desired) return { verdict: general.action === "delete" ? withNote(general, staysNote(view)) : {} };
  const errors = [...renamedErrors(view, general), ...connectUserErrors(view)];
  if (general.action === "create") {
    const known = bundleOf(view.world, mocoServId) ? general : withNote(general, unknownNote);
    const unnamed = ["connect_url", "customer", "tenant"].filter((name) => view.system.settings[name] === undefined);
    const place = `systems.${view.system.name} has no ${unnamed.join(", ")}: the instructions cannot name them`;
    return { errors, verdict: unnamed.length === 0 ? known : withNote(known, place) };
  }
  if (actual?.attributes.status !== "disabled") return { errors };
  const because = `somebody disabled it on ${view.system.name}`;
  const back = { path: "status", before: "disabled", after: "active" };
  return {
    errors,
    verdict: { action: "revive", because, held: { because }, attributes: [...general.attributes, back] },
  };
}

const unknownNote = `no ${mocoServId} is declared or recorded: the first approval asks for its ID, Secret and Key (MOM-04)`;

/** The app-specific user is not ours to touch, and nobody documents that it goes with the app (MOM-01). */
function staysNote({ actual }: View): string {
  const user = actual?.attributes.api_user_id;
  return `the API user that the approval made${typeof user === "string" ? `, ${user},` : ""} stays (MOM-01)`;
}

/** Another app is another approval. */
function renamedErrors(view: View, general: Verdict): Diagnostic[] {
  if (general.action !== "replace") return [];
  const hint = "declare the other app as a resource of its own; what becomes of this one, its own block says";
  return [errorAt(view, "app", "an approval cannot be moved to another app", hint)];
}

/** Connect knows one API user of its own (MOM-04). */
function connectUserErrors(view: View): Diagnostic[] {
  const user = view.desired?.connect_user;
  if (typeof user !== "string" || isMocoServ(user)) return [];
  const message = `the API user of Momentus Connect is ${mocoServId}, not ${user} (MOM-04)`;
  return [errorAt(view, "connect_user", message, `refer to the momentus_api_user whose user_id is ${mocoServId}`)];
}
