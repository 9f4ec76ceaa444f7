import { type Actual, isRef, type Plain, type Value } from "../../resource.ts";
import type { View } from "../connector.ts";
import { textsIn } from "./addresses.ts";

/** Who is in which group, and who will be when the plan is done. */

export const userKind = "ipresso_api_user";
export const groupKind = "ipresso_user_group";

/** The name that a group, as the console shows it, has when the plan is done: its declared one, where it is ours. */
function nameToBe({ world }: View, name: string): string {
  const entry = world.recordedById(groupKind, name);
  const declared = entry && world.desired(entry.address)?.attributes.name;
  return typeof declared === "string" ? declared : name;
}

/** The groups of a user that exists, under the names that they will have: a renamed group keeps its users. */
export function groupsToBe(view: View, groups: Plain | undefined): string[] {
  return textsIn(groups)
    .map((name) => nameToBe(view, name))
    .sort();
}

/** Users that keep a group from being deleted: those that stay in it when the plan is done (IPR-11). */
export function usersStaying(view: View, name: string): Actual[] {
  const users = view.world.objects(userKind).filter(({ attributes }) => textsIn(attributes.groups).includes(name));
  return users.filter((user) => staysIn(view, user, name));
}

function staysIn(view: View, user: Actual, name: string): boolean {
  const entry = view.world.recordedById(userKind, user.id);
  if (!entry) return true;
  const declared = view.world.desired(entry.address);
  // Whoever was only taken over is forgotten, not deleted.
  if (!declared) return entry.origin === "created" ? entry.onRemove === "forget" : entry.onRemove !== "delete";
  const groups: Value | undefined = declared.attributes.groups;
  if (!Array.isArray(groups)) return true;
  return groups.some((group) => (isRef(group) ? group.$ref.address === view.address : group === name));
}
