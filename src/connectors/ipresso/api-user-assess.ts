import type { Diagnostic } from "../../diagnostic.ts";
import type { AttributeChange } from "../../step.ts";
import type { Assessment, Verdict, View } from "../connector.ts";
import { errorAt } from "../drafts.ts";
import { passwordSecret, passwordWasSet, passwordWish, setsPassword } from "../password.ts";
import { addressesProblem, isEverywhere, textsIn, unusualAddresses } from "./addresses.ts";
import { passwordKnown } from "./api-user-lower.ts";
import { isUnproven, mayProve } from "./api-user-proof.ts";
import { waysOf } from "./console-ways.ts";
import { handOf } from "./kind.ts";
import { groupKind, groupsToBe, userKind } from "./membership.ts";
import { sameTexts } from "./told.ts";

/** Adds what attributes alone do not say: the password and its proof; refuses what the rules forbid. */
export function assessUser(view: View, general: Verdict): Assessment {
  if (!view.desired) {
    const note = "it disappears, and cannot use the API any more (IPR-09)";
    return { verdict: general.action === "delete" ? { notes: [...general.notes, note] } : {} };
  }
  const verdict = decide(view, { ...general, attributes: general.attributes.filter((one) => !isRename(view, one)) });
  return {
    verdict: { ...verdict, notes: [...verdict.notes, ...notesOf(view, verdict)] },
    errors: errorsOf(view, verdict),
  };
}

/** A renamed group keeps its users: nothing has to be done about them. */
function isRename(view: View, { path, after }: AttributeChange): boolean {
  const groups = view.actual?.attributes.groups;
  return (
    path === "groups" &&
    after !== undefined &&
    groups !== undefined &&
    sameTexts(after as never, groupsToBe(view, groups))
  );
}

function decide(view: View, general: Verdict): Verdict {
  const { attributes } = general;
  let { action, because } = general;
  if (action === "update" && attributes.length === 0) action = "none";
  if (setsPassword(view, general)) {
    const after = view.desired?.password;
    attributes.push({ path: "password", secret: true, note: "set anew", ...(after === undefined ? {} : { after }) });
    if (action === "none") action = "update";
  } else if (action === "none" && view.actual && isUnproven(view)) {
    action = "update";
    because = "its password is not proven yet";
  }
  return { ...general, action, attributes, ...(because === undefined ? {} : { because }) };
}

function notesOf(view: View, verdict: Verdict): string[] {
  if (verdict.action === "none") return [];
  const { desired, actual } = view;
  const isWritten = (path: string) => verdict.attributes.some((change) => change.path === path);
  const addresses = isWritten("allowed_addresses") ? textsIn(desired?.allowed_addresses) : [];
  const notes: string[] = [];
  if (isEverywhere(addresses)) notes.push("it may be used from everywhere (IPR-08)");
  const unusual = unusualAddresses(addresses);
  if (unusual.length > 0) {
    notes.push(`whether iPresso takes networks and IPv6 is not documented: ${unusual.join(", ")} (IPR-15)`);
  }
  if (actual && isWritten("login")) notes.push(`whatever authorizes as ${actual.id} stops`);
  const sets = verdict.action === "create" ? passwordWish(desired?.password) !== undefined : isWritten("password");
  if (sets && !mayProve(view)) {
    notes.push(
      "its password is not proven: the key of the installation is not known, write credentials: { customer_key } (IPR-02)",
    );
  }
  const allowed = textsIn(desired?.allowed_addresses);
  if (sets && mayProve(view) && allowed.length > 0 && !isEverywhere(allowed)) {
    notes.push(
      "its password is proven only from an allowed address: elsewhere it counts as accepted once it is saved (IPR-08)",
    );
  }
  return notes;
}

function errorsOf(view: View, verdict: Verdict): Diagnostic[] {
  return [
    ...groupErrors(view),
    ...addressErrors(view),
    ...takenErrors(view, verdict),
    ...passwordErrors(view, verdict),
    ...editErrors(view, verdict),
  ];
}

/** More than one group only where the form takes several (IPR-14), and each must be there by then (IPR-10). */
function groupErrors(view: View): Diagnostic[] {
  const groups = view.desired?.groups;
  if (!Array.isArray(groups)) return [];
  const errors: Diagnostic[] = [];
  if (groups.length > 1 && waysOf(view.system).groups === "one") {
    const message = "whether a user can be in several groups is not documented (IPR-14)";
    const hint = `name one, or write console: { groups: several } on systems.${view.system.name} where its form has check boxes`;
    errors.push(errorAt(view, "groups", message, hint));
  }
  // Where a person works, nobody knows what else is there.
  if (handOf(view.system) === "person") return errors;
  for (const name of textsIn(groups)) {
    if (view.world.desiredByIdentity(groupKind, name) || view.world.byIdentity(groupKind, name)) continue;
    const names = view.world.objects(groupKind).map(({ attributes }) => String(attributes.name));
    const hint = names.length > 0 ? `its groups are: ${names.sort().join(", ")}` : "declare an ipresso_user_group";
    errors.push(errorAt(view, "groups", `${view.system.name} has no user group "${name}" (IPR-10)`, hint));
  }
  return errors;
}

function addressErrors(view: View): Diagnostic[] {
  const problem = addressesProblem(textsIn(view.desired?.allowed_addresses));
  if (problem === undefined) return [];
  const hint = "write addresses such as 203.0.113.10, or the one word any";
  return [errorAt(view, "allowed_addresses", `allowed_addresses ${problem} (IPR-08)`, hint)];
}

/** iPresso refuses a login or an e-mail address that another user has; so does the plan, before anything is done (IPR-05). */
function takenErrors(view: View, verdict: Verdict): Diagnostic[] {
  const ours = view.recorded?.id ?? view.actual?.id;
  return (["login", "email"] as const).flatMap((name) => {
    const wanted = view.desired?.[name];
    // Of a new user's login the general comparison has spoken.
    if (typeof wanted !== "string" || (name === "login" && verdict.action === "create")) return [];
    const others = view.world.objects(userKind).filter(({ id }) => id.toLowerCase() !== ours?.toLowerCase());
    const other = others.find(
      ({ attributes }) => String(attributes[name] ?? "").toLowerCase() === wanted.toLowerCase(),
    );
    if (!other) return [];
    const entry = view.world.recordedById(userKind, other.id);
    const owner = entry ? entry.address : `the API user ${other.id}, which Steward does not manage,`;
    const what = name === "login" ? "this login" : "this e-mail address";
    const hint = entry
      ? `change or remove ${entry.address} first and apply that, or choose another`
      : "choose another, or change that user at the console";
    return [errorAt(view, name, `${owner} has ${what} already (IPR-05)`, hint)];
  });
}

function passwordErrors(view: View, verdict: Verdict): Diagnostic[] {
  const wish = passwordWish(view.desired?.password);
  if (wish?.form === "wrong") return [errorAt(view, "password", wish.because, wish.hint)];
  if (verdict.action === "create" && !wish) {
    const hint = "write password: { generate: true, deliver_to: SINK:PATH }";
    return [errorAt(view, undefined, "a new API user needs a password (IPR-06)", hint)];
  }
  const takesOver = setsPassword(view, verdict) && !passwordWasSet(view.recorded);
  if (!takesOver || view.desired?.take_over === true) return [];
  const message = "Steward did not set this user's password and does not set another unasked";
  const hint = "write take_over: true if whatever uses the present password may stop; else remove password";
  return [errorAt(view, "password", message, hint)];
}

/** Where the form wants the password with each change, Steward must know it (IPR-07). */
function editErrors(view: View, verdict: Verdict): Diagnostic[] {
  const isEdited = verdict.attributes.some(({ path, unmanaged }) => path !== passwordSecret && !unmanaged);
  const isWanted = waysOf(view.system).password_on_edit === "required";
  if (!isWanted || !view.actual || !isEdited || !["update", "adopt"].includes(verdict.action)) return [];
  if (passwordKnown(view, setsPassword(view, verdict)) !== undefined) return [];
  const message = `the form wants the password with each change, and Steward does not know that of ${view.actual.id} (IPR-07)`;
  const hint = "declare password and take_over: true, and Steward sets one";
  return [errorAt(view, undefined, message, hint)];
}
