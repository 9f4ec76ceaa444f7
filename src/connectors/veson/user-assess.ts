import type { Diagnostic } from "../../diagnostic.ts";
import type { AttributeChange } from "../../step.ts";
import type { Assessment, Verdict, View } from "../connector.ts";
import { errorAt, withNote } from "../drafts.ts";
import { passwordWish, samePassword } from "../password.ts";
import { lenderFor } from "./lending.ts";
import { type Permission, permissions } from "./seen.ts";
import { administratorOf, licenseOf, sameName } from "./settings.ts";

/** Decides what attributes alone do not say, and refuses what the rules forbid. */
export function assessUser(view: View, general: Verdict): Assessment {
  if (!view.desired) return { verdict: general.action === "delete" ? withNote(general, retiredNote) : {} };
  const verdict = withWindowNote(view, withPassword(view, closed(view, ownFallback(view, general))));
  return { verdict, errors: errorsOf(view, general, verdict) };
}

const retiredNote = "it is made inactive, not deleted (VES-03): whatever uses its token stops at once";

/** What a run that could not close the user made inactive is not held: nobody took that access away (VES-07). */
function ownFallback({ recorded, desired }: View, general: Verdict): Verdict {
  const isOurs = recorded?.attributes.inactive === true && desired?.inactive === undefined;
  if (general.action !== "revive" || !isOurs) return general;
  const { held: _held, ...rest } = general;
  return { ...rest, held: undefined as never };
}

/** A system user is External Access Only, whoever switched that off: it counts meanwhile, and could sign in (VES-05). */
function closed(view: View, general: Verdict): Verdict {
  const { actual, recorded } = view;
  const isOpen = recorded !== undefined && actual?.attributes.external_access_only === false;
  if (!isOpen || general.action === "replace" || grants(general)) return general;
  const change: AttributeChange = { path: "external_access_only", before: false, after: true, drift: true };
  const action = general.action === "none" ? "update" : general.action;
  return { ...general, action, attributes: [...general.attributes, change] };
}

/** A password is compared by what is recorded of it: nobody can read it back. */
function withPassword(view: View, general: Verdict): Verdict {
  const [wanted, known] = [view.desired?.password, view.recorded?.attributes.password].map(passwordWish);
  const isSame = !wanted || (known && samePassword(wanted, known));
  if (!view.actual || isSame || general.action === "create" || general.action === "replace") return general;
  const change: AttributeChange = { path: "password", after: view.desired?.password ?? "", secret: true };
  const action = general.action === "none" ? "update" : general.action;
  return { ...general, action, attributes: [...general.attributes, change] };
}

/** Whether the API permission is to be written: that ends with External Access Only by itself. */
function grants({ attributes }: Verdict): boolean {
  return attributes.some(({ path, unmanaged }) => path === "api_permission" && !unmanaged);
}

/** What the plan does to others while the user counts. */
function withWindowNote(view: View, verdict: Verdict): Verdict {
  const isWindow = verdict.action === "create" || (verdict.action === "update" && grants(verdict));
  if (!isWindow || licenseOf(view.system).borrowFrom.length === 0) return verdict;
  const { name, because } = lenderFor(view, view.system.hand);
  if (name !== undefined) {
    return withNote(
      verdict,
      `if all licenses are taken, ${name} is deactivated for a few minutes and activated again (VES-08)`,
    );
  }
  return withNote(verdict, `nobody of license.borrow_from can be asked for a license: ${because.join("; ")} (VES-08)`);
}

function errorsOf(view: View, general: Verdict, verdict: Verdict): Diagnostic[] {
  return [
    ...nameErrors(view, general),
    ...businessErrors(view),
    ...personErrors(view),
    ...lenderErrors(view),
    ...(verdict.action === "create" ? creationErrors(view) : []),
  ];
}

/** Another name is another user; the old one stays for audit (VES-03). */
function nameErrors(view: View, general: Verdict): Diagnostic[] {
  if (general.action !== "replace") return [];
  const hint = "declare the new user as a resource of its own; what becomes of the old one, its own block says";
  return [errorAt(view, "user_name", "a user keeps its User Name for ever (VES-03)", hint)];
}

/** People's accounts are never an integration's (VES-02). */
function businessErrors(view: View): Diagnostic[] {
  const { actual, recorded } = view;
  if (recorded || !actual || actual.attributes.external_access_only === true) return [];
  const message = `${actual.id} is not External Access Only: it is somebody's account, and not a system user (VES-02)`;
  return [errorAt(view, "user_name", message, "declare a system user of another name, one for each integration")];
}

function personErrors(view: View): Diagnostic[] {
  if (view.system.hand !== "person" || view.resource?.lifecycle.adopt !== true || view.recorded) return [];
  const message = "a user can be taken over only where a browser reads the console";
  return [errorAt(view, undefined, message, "take lifecycle.adopt out, or take hand: person out of the system")];
}

/** Whoever may be deactivated at any time is no system user, and the account that works is neither. */
function lenderErrors(view: View): Diagnostic[] {
  const name = view.desired?.user_name;
  const me = administratorOf(view.system);
  if (me !== undefined && sameName(name, me)) {
    const message = `${me} is the account that Steward works as: External Access Only would lock it out (VES-05)`;
    return [errorAt(view, "user_name", message, "declare a system user of another name")];
  }
  if (!licenseOf(view.system).borrowFrom.some((other) => sameName(other, name))) return [];
  const message = `${String(name)} stands in license.borrow_from: a system user is never deactivated for another (VES-08)`;
  return [errorAt(view, "user_name", message, `take it out of systems.${view.system.name}.license.borrow_from`)];
}

function creationErrors(view: View): Diagnostic[] {
  const errors: Diagnostic[] = [];
  const wish = passwordWish(view.desired?.password);
  const hint = "write password: { generate: true, deliver_to: SINK:PATH }";
  if (!wish) errors.push(errorAt(view, undefined, "a new user needs a password (VES-17)", hint));
  if (wish?.form === "wrong") errors.push(errorAt(view, "password", wish.because, wish.hint));
  if (view.desired?.inactive === true) {
    const message = "an inactive user cannot be made: its rights can be set only while it counts (VES-07)";
    errors.push(errorAt(view, "inactive", message, "make it first, and make it inactive when it is there"));
  }
  return errors;
}

/** Whether a change of drift would give access back (law 11). */
export function widensUser(_view: View, { path, before, after }: AttributeChange): boolean | undefined {
  if (path !== "api_permission") return undefined;
  const rank = (value: unknown): number => permissions.indexOf(value as Permission);
  return rank(after) > rank(before);
}
