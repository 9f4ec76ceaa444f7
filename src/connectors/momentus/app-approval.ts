import { type Diagnostic, Fault } from "../../diagnostic.ts";
import type { Assessment, Listing, Verdict, View } from "../connector.ts";
import { consoleHand, errorAt, withNote } from "../drafts.ts";
import type { LabelsOf } from "../labels.ts";
import { seenNow } from "../listing.ts";
import { isMocoServ, mocoServId } from "./api-user-settings.ts";
import { lowerAppApproval } from "./app-approval-lower.ts";
import { appApprovalOperations, approvedAlready, isApproved } from "./app-approval-operations.ts";
import type { MomentusConsole } from "./console-reader.ts";
import { inspectApp, inspectAppOperation } from "./inspect.ts";
import { consoleListing, type MomentusKind } from "./kind.ts";
import { bundleOf, needsMocoServ } from "./known-user.ts";
import type { MomentusLabel } from "./labels.ts";
import { unnamedPlace } from "./screens-app-approval.ts";

const name = "momentus_app_approval";

/** Approvals of apps in Momentus Connect. */
export function appApproval(labels: LabelsOf<MomentusLabel>): MomentusKind {
  return {
    name,
    hand: consoleHand,
    list: (reader, used) => consoleListing(reader, used, [name], listApproved),
    needs: needsMocoServ,
    assess: assessAppApproval,
    lower: lowerAppApproval,
    inspect: inspectApp,
    operations: { ...appApprovalOperations(labels), inspect: inspectAppOperation(labels) },
  };
}

/** Apps that somebody approved. Which API user an approval made the list does not show. */
async function listApproved(console: MomentusConsole): Promise<Listing> {
  if (console.unnamed.length > 0)
    throw new Fault(unnamedMessage(console.unnamed), { happened: "no", code: "privilege" });
  const apps = await console.apps();
  const objects = [...apps]
    .filter(([, status]) => isApproved(status))
    .map(([app, status]) => seenNow(app, { app, status }, ["connect_user", "api_user_id"]));
  return { objects, complete: true };
}

function assessAppApproval(view: View, general: Verdict): Assessment {
  const { desired, actual } = view;
  if (!desired) return { verdict: general.action === "delete" ? withNote(general, staysNote(view)) : {} };
  const errors = [...renamedErrors(view, general), ...connectUserErrors(view), ...placeErrors(view, general)];
  if (general.action === "create") {
    errors.push(...takenErrors(view));
    const known = bundleOf(view.world, mocoServId) ? general : withNote(general, unknownNote);
    const unnamed = unnamedPlace(view.system);
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

const unnamedMessage = (names: readonly string[]): string =>
  `without ${names.join(", ")} a browser does not find the apps in Momentus Connect`;

/** A person asks where the apps are; a browser cannot. */
function placeErrors(view: View, { action }: Verdict): Diagnostic[] {
  const unnamed = unnamedPlace(view.system);
  if (view.system.hand !== "browser" || unnamed.length === 0 || action === "none") return [];
  const hint = `write ${unnamed.join(", ")} on systems.${view.system.name}, or hand: person`;
  return [errorAt(view, undefined, unnamedMessage(unnamed), hint)];
}

/** What somebody else approved is taken over only when the manifest says so. */
function takenErrors(view: View): Diagnostic[] {
  if (!view.actual || view.resource?.lifecycle.adopt === true) return [];
  const { failed, remedy } = approvedAlready(view.actual.id);
  return [errorAt(view, "app", failed, remedy)];
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
