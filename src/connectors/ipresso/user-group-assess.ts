import type { Diagnostic } from "../../diagnostic.ts";
import type { Assessment, Verdict, View } from "../connector.ts";
import { errorAt, withNote } from "../drafts.ts";
import { textsIn } from "./addresses.ts";
import { groupKind, usersStaying } from "./membership.ts";

/** Says what deleting means, and refuses what the rules forbid. */
export function assessGroup(view: View, general: Verdict): Assessment {
  const own = [...namesakeErrors(view), ...renameErrors(view), ...permissionErrors(view)];
  const errors = [...own, ...memberErrors(view, general)];
  const verdict = general.action === "delete" ? withNote(general, "it cannot be had again (IPR-11)") : {};
  return { verdict, errors };
}

/** Two groups of one name look the same on every screen (IPR-12). */
function namesakeErrors(view: View): Diagnostic[] {
  const name = view.actual?.id ?? view.desired?.name;
  const namesakes = view.world.objects(groupKind).filter(({ attributes }) => attributes.name === name);
  if (namesakes.length < 2) return [];
  const message = `${view.system.name} has ${namesakes.length} user groups named ${String(name)}, and nothing tells them apart (IPR-12)`;
  return [errorAt(view, "name", message, "rename or delete all but one of them at the console")];
}

/** Their names are the console's own: what its form does not offer cannot be switched on (IPR-13). */
function permissionErrors(view: View): Diagnostic[] {
  const offered = view.world.offered(groupKind, "permissions");
  if (!offered) return [];
  const wanted = textsIn(view.desired?.permissions);
  const known = [...offered, ...textsIn(view.actual?.attributes.permissions)];
  return wanted.flatMap((permission) => {
    if (known.includes(permission)) return [];
    const message = `the console of ${view.system.name} offers no permission ${permission} (IPR-13)`;
    const hint = `it offers ${offered.join(", ")}`;
    return [errorAt(view, "permissions", message, hint)];
  });
}

/** A group is renamed in place; the new name must be free. */
function renameErrors(view: View): Diagnostic[] {
  const name = view.desired?.name;
  if (!view.recorded || typeof name !== "string" || name === view.actual?.id) return [];
  const other = view.world.byIdentity(groupKind, name);
  if (!other) return [];
  const owner = view.world.recordedById(groupKind, other.id)?.address ?? "which Steward does not manage";
  const message = `${view.system.name} has a user group ${name} already, ${owner}, and nothing would tell the two apart (IPR-12)`;
  return [errorAt(view, "name", message, "choose another name, or remove the other group first")];
}

/** Refused by iPresso while the group has a user, so it is refused before anything is done (IPR-11). */
function memberErrors(view: View, { action }: Verdict): Diagnostic[] {
  if (action !== "delete" || !view.actual) return [];
  const name = view.actual.id;
  const staying = usersStaying(view, name);
  const known = view.world
    .objects("ipresso_api_user")
    .filter(({ attributes }) => Array.isArray(attributes.groups) && attributes.groups.includes(name)).length;
  const hidden = Math.max(0, Number(view.actual.attributes.users ?? 0) - known);
  if (staying.length + hidden === 0) return [];
  const names = staying.map(({ id }) => view.world.recordedById("ipresso_api_user", id)?.address ?? id).sort();
  const more = hidden > 0 ? [`${hidden} whose group the list of users does not show`] : [];
  const message = `the user group ${name} still has users: ${[...names, ...more].join(", ")} (IPR-11)`;
  return [errorAt(view, undefined, message, "move them to another group or delete them, and plan again")];
}
