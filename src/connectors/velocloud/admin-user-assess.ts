import type { Diagnostic } from "../../diagnostic.ts";
import { isRef } from "../../resource.ts";
import type { AttributeChange } from "../../step.ts";
import type { Assessment, Verdict, View } from "../connector.ts";
import { errorAt, splitTarget } from "../drafts.ts";
import { passwordSecret, passwordWasSet, passwordWish, samePassword } from "../password-wish.ts";
import { factsOf } from "./facts.ts";
import { tokensToRevoke } from "./owned-tokens.ts";
import { privilegeNote } from "./roles-of-users.ts";

/** Adds what attributes alone do not say: the password, privileges, tokens to revoke; refuses what the rules forbid. */
export function assessUser(view: View, general: Verdict): Assessment {
  if (!view.desired) return { verdict: { notes: [...general.notes, ...revocationNotes(view, general)] } };
  const attributes = general.attributes.map((change) => withPrivilegeNote(view, change));
  let action = general.action;
  if (setsPassword(view, general)) {
    const after = view.desired.password;
    attributes.push({ path: "password", secret: true, note: "set anew", ...(after === undefined ? {} : { after }) });
    if (action === "none") action = "update";
  }
  const verdict = { ...general, action, attributes };
  const notes = [...general.notes, ...revocationNotes(view, verdict)];
  return { verdict: { action, attributes, notes }, errors: errorsOf(view, verdict) };
}

/**
 * Whether the password of a user that exists is to be set: it was never set by us, is declared otherwise than recorded, was
 * lost on the way, or `--replace` asks for it. What the orchestrator holds cannot be compared.
 */
export function setsPassword(view: View, verdict: Verdict): boolean {
  const wish = passwordWish(view.desired?.password);
  if (!wish || wish.form === "wrong" || !view.actual) return false;
  if (["create", "replace", "delete", "forget"].includes(verdict.action)) return false;
  if (!passwordWasSet(view.recorded) || view.recorded?.lost?.includes(passwordSecret)) return true;
  if (wish.form === "generated" && view.replaceConsented) return true;
  const recorded = passwordWish(view.recorded?.attributes.password);
  if (recorded) return !samePassword(recorded, wish);
  const secret = view.recorded?.secrets[passwordSecret];
  if (wish.form === "given" || !secret) return true;
  const { sink, path } = splitTarget(wish.deliverTo);
  return secret.sink !== sink || secret.path !== path;
}

/** Whether this change switches the user off. */
export function disables(verdict: Verdict): boolean {
  return verdict.attributes.some((change) => change.path === "enabled" && change.after === false);
}

function errorsOf(view: View, verdict: Verdict): Diagnostic[] {
  return [...roleErrors(view), ...passwordErrors(view, verdict), ...nonNativeErrors(view, verdict)];
}

function roleErrors(view: View): Diagnostic[] {
  const role = view.desired?.role;
  const { roles } = factsOf(view.facts);
  if (!roles || typeof role !== "string" || roles.some((known) => known.name === role)) return [];
  if (view.world.desiredByIdentity("velocloud_role", role)) return [];
  const names = roles.map((known) => known.name).sort();
  return [errorAt(view, "role", `${view.system.name} has no role "${role}"`, `its roles are: ${names.join(", ")}`)];
}

function passwordErrors(view: View, verdict: Verdict): Diagnostic[] {
  const wish = passwordWish(view.desired?.password);
  if (wish?.form === "wrong") return [errorAt(view, "password", wish.because, wish.hint)];
  const isMade = verdict.action === "create" || verdict.action === "replace";
  const native = view.desired?.native !== false;
  if (wish && !native) {
    const hint = "remove password, or write native: true";
    return [errorAt(view, "password", "a non-native user has no password here (VCO-03)", hint)];
  }
  if (isMade && native && !wish) {
    const hint = "write password: { generate: true, deliver_to: SINK:PATH }";
    return [errorAt(view, undefined, "a new native user needs a password", hint)];
  }
  const takesOver = setsPassword(view, verdict) && !passwordWasSet(view.recorded);
  if (!takesOver || view.desired?.take_over === true) return [];
  const message = "Steward did not set this user's password and does not reset it unasked";
  const hint = "write take_over: true if whoever uses the present password may be locked out; else remove password";
  return [errorAt(view, "password", message, hint)];
}

/** The role and the password of a non-native user cannot be changed here (VCO-03). */
function nonNativeErrors(view: View, verdict: Verdict): Diagnostic[] {
  if (view.actual?.attributes.native !== false || verdict.action === "replace" || verdict.action === "create")
    return [];
  const errors: Diagnostic[] = [];
  for (const change of verdict.attributes) {
    if (change.unmanaged || (change.path !== "role" && change.path !== "password")) continue;
    if (change.path === "password" && view.desired?.native === false) continue;
    const message = `the ${change.path} of a non-native user cannot be changed (VCO-03)`;
    const hint =
      change.path === "role"
        ? "change it where the user signs in, and declare the role that the orchestrator shows; or ignore_changes: [role]"
        : "remove password: the user signs in elsewhere";
    errors.push(errorAt(view, change.path, message, hint));
  }
  return errors;
}

function withPrivilegeNote(view: View, change: AttributeChange): AttributeChange {
  if (change.path !== "role" || change.before === undefined || isRef(change.after)) return change;
  const note = privilegeNote(view, change.before, change.after);
  return note === undefined ? change : { ...change, note };
}

function revocationNotes(view: View, verdict: Verdict): string[] {
  if (verdict.action !== "delete" && verdict.action !== "replace" && !disables(verdict)) return [];
  return tokensToRevoke(view, verdict).map((token) => {
    const known = view.world.recordedById("velocloud_api_token", token.id);
    const whose = known ? `, ${known.address}` : ", which Steward does not manage";
    return `revokes the live token "${String(token.attributes.name)}" (${token.id}${whose}) first (VCO-16)`;
  });
}
