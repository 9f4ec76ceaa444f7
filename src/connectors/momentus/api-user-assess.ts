import type { Diagnostic } from "../../diagnostic.ts";
import type { AttributeChange } from "../../step.ts";
import type { Assessment, Failed, Verdict, View } from "../connector.ts";
import { errorAt, withNote } from "../drafts.ts";
import { anyOrganization, isMocoServ, mocoServChanges, mocoServErrors, mocoServId } from "./api-user-settings.ts";
import { deliveredBundle, deliveryReason, movedPlace } from "./delivery.ts";
import { consoleRights } from "./rights.ts";
import { permanentIdErrors } from "./rows.ts";
import { sameId } from "./wire.ts";

/** Decides what attributes alone do not say, and refuses what the rules forbid. */
export function assessApiUser(view: View, general: Verdict): Assessment {
  if (!view.desired) return { verdict: general.action === "delete" ? withNote(general, retiredNote) : {} };
  const compared = general.attributes.filter((change) => !isAnyOrganization(view, change));
  const attributes = [...compared, ...mocoServChanges(view)];
  const held = general.held ?? heldBack(view, attributes);
  const action = actionFor(general, attributes);
  const verdict = decide(view, { ...general, action, attributes, ...(held ? { held } : {}) });
  return { verdict, errors: errorsOf(view, general, verdict) };
}

function actionFor({ action }: Verdict, attributes: AttributeChange[]): Verdict["action"] {
  if (attributes.length === 0) return action === "update" ? "none" : action;
  return action === "none" ? "update" : action;
}

/** A setting of the vendor's that nobody declared, and that somebody changed: giving the access back is held (law 11). */
function heldBack({ system }: View, attributes: AttributeChange[]): Verdict["held"] {
  const paths = attributes
    .filter(({ drift, path, after }) => drift && openedBy[path] === after)
    .map(({ path }) => path);
  if (paths.length === 0) return undefined;
  return { because: `somebody changed ${paths.join(", ")} on ${system.name}, and changing it back gives access` };
}

/** The vendor's value where it is the one that gives access, as `x-widens` of the schema says of a box. */
const openedBy: Readonly<Record<string, boolean>> = { license_special_access: true, enforce_access_privileges: false };

const retiredNote = "it is retired, not deleted (MOM-09): whatever signs with its Secret stops at once";

/** Which organization it is makes no difference (MOM-06). */
export function isAnyOrganization(view: View, change: AttributeChange): boolean {
  return change.path === "organization" && view.desired?.organization === anyOrganization;
}

function decide(view: View, general: Verdict): Verdict {
  const { recorded } = view;
  if (general.action === "create") return withNote(general, createNote(view));
  // A new ID is an error, whatever else is asked for.
  if (!recorded || general.action === "replace" || general.action === "revive") return general;
  if (view.replaceConsented && deliveredBundle(view)?.proven !== false) return renewed(view, general);
  const reason = deliveryReason(view);
  if (reason === undefined) return general;
  return {
    ...general,
    action: "update",
    because: general.because ?? reason,
    attributes: [...general.attributes, ...movedPlace(view)],
  };
}

function createNote(view: View): string | undefined {
  if (isMocoServ(view.desired?.user_id) || view.desired?.license_special_access === true) return undefined;
  const kept = "declare license_special_access: true, or keep the module with license: { return: not_required }";
  return `without License Special Access it stops working when a borrowed module goes back: ${kept}`;
}

/** A new Secret on demand (MOM-10). */
function renewed(view: View, general: Verdict): Verdict {
  const keys = view.world.objects("momentus_api_key").flatMap((key) => {
    const address = view.world.recordedById("momentus_api_key", key.id)?.address;
    return address !== undefined && sameId(key.attributes.api_user, view.desired?.user_id) ? [address] : [];
  });
  const notes = ["its Secret is renewed: every Key of it stops at once, until the new Secret is delivered (MOM-10)"];
  if (isMocoServ(view.desired?.user_id)) {
    notes.push("Momentus Connect holds the former Secret as well: it must be told the new one there, or its apps stop");
  }
  if (keys.length > 0)
    notes.push(`the former Secret is in these bundles too, replace them with it: ${keys.sort().join(", ")}`);
  return {
    ...general,
    action: "replace",
    because: "asked for by --replace",
    attributes: [...general.attributes, ...movedPlace(view)],
    notes: [...general.notes, ...notes],
  };
}

function errorsOf(view: View, general: Verdict, verdict: Verdict): Diagnostic[] {
  const errors = [
    ...permanentIdErrors(view, general, "an API user", "user_id"),
    ...mocoServErrors(view),
    ...appUserErrors(view),
  ];
  errors.push(...privilegeErrors(view), ...hiddenErrors(view, verdict));
  if (verdict.action !== "create") return errors;
  errors.push(...takenErrors(view));
  if (view.desired?.retired === true && !isMocoServ(view.desired.user_id)) {
    const message = "a retired API user cannot be made: its credentials could not be tested (MOM-09)";
    errors.push(errorAt(view, "retired", message, "make it first, and retire it when it is there"));
  }
  return errors;
}

/** Unchecked, nothing but its organization limits the user: that is said in words, or not meant (MOM-28). */
function privilegeErrors(view: View): Diagnostic[] {
  const { desired } = view;
  if (!desired || isMocoServ(desired.user_id) || desired.enforce_access_privileges !== undefined) return [];
  const message = "enforce_access_privileges is missing: unchecked, access privileges do not limit the user (MOM-28)";
  return [errorAt(view, undefined, message, "write enforce_access_privileges: true, or false where that is meant")];
}

/** What the account of a browser is not shown it can neither make nor change (MOM-02, MOM-30). */
function hiddenErrors(view: View, { action }: Verdict): Diagnostic[] {
  const { desired, system } = view;
  if (action === "none" || !desired || system.hand !== "browser" || consoleRights(system) === "support") return [];
  const hidden = ["internal", "license_special_access"].filter((name) => desired[name] === true);
  if (hidden.length === 0 && !isMocoServ(desired.user_id)) return [];
  const what = isMocoServ(desired.user_id) ? `${mocoServId} is internal` : `${hidden.join(", ")} is checked`;
  const message = `${what}, which the account of systems.${system.name} is not shown: its console_rights are those of a customer (MOM-30)`;
  const hint = `sign in as a support user and write console_rights: support on systems.${system.name}, or hand: person`;
  return [errorAt(view, hidden[0] ?? "user_id", message, hint)];
}

/** What is there already is taken over only when the manifest says so, but for MOCO-SERV (MOM-05). */
function takenErrors(view: View): Diagnostic[] {
  if (!view.actual || mayAdopt(view)) return [];
  const { failed, remedy } = thereAlready(view.actual.id);
  return [errorAt(view, "user_id", failed, remedy)];
}

/** Whether a user that is there already may be taken over: MOCO-SERV always (MOM-05), others when the manifest says so. */
export function mayAdopt(view: View): boolean {
  return isMocoServ(view.desired?.user_id) || view.resource?.lifecycle.adopt === true;
}

/** Why a user is not made, and what leads on. */
export function thereAlready(userId: string): Failed {
  return {
    failed: `the API user ${userId} is there already, and Steward did not make it`,
    remedy:
      "write lifecycle: { adopt: true }, in code adopt: true, to take it over with its credentials, and plan again",
  };
}

/** The user that an approval made belongs to the app: it is recorded there and never declared (MOM-01). */
function appUserErrors(view: View): Diagnostic[] {
  const userId = view.desired?.user_id;
  const app = typeof userId === "string" ? approvalOf(view, userId) : undefined;
  if (app === undefined) return [];
  const message = `${String(userId)} is the API user that the approval of ${app} made; it is never declared (MOM-01)`;
  return [errorAt(view, "user_id", message, "remove this block, or choose another ID")];
}

/** The recorded approval that made an API user; its address, or the app's name. */
export function approvalOf(view: View, userId: string): string | undefined {
  const kind = "momentus_app_approval";
  const found = view.world.objects(kind).find(({ attributes }) => {
    return typeof attributes.api_user_id === "string" && sameId(attributes.api_user_id, userId);
  });
  return found && (view.world.recordedById(kind, found.id)?.address ?? found.id);
}
