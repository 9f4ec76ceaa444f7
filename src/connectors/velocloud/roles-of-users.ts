import type { Plain, Value } from "../../resource.ts";
import type { View } from "../connector.ts";
import { factsOf, type RoleFact } from "./facts.ts";
import { rolesWithoutTokens } from "./scopes.ts";

/** The role of this name in the catalogue; undefined also where the catalogue could not be read. */
export function roleFact(view: View, name: Value | Plain | undefined): RoleFact | undefined {
  return factsOf(view.facts).roles?.find((role) => role.name === name);
}

/** Whether users of this role are super users, as far as the catalogue tells. */
export function isSuperRole(view: View, name: Value | Plain | undefined): boolean {
  return roleFact(view, name)?.super ?? false;
}

/** Users of these default roles cannot have tokens (VCO-09). A custom role of the same name is another role. */
export function isRoleWithoutTokens(view: View, name: Value | Plain | undefined): boolean {
  if (typeof name !== "string" || !rolesWithoutTokens.has(name)) return false;
  return roleFact(view, name)?.builtin ?? true;
}

/** "privilege gained" or "privilege lost", where the catalogue or the privileges of custom roles tell. */
export function privilegeNote(view: View, before: Plain | undefined, after: Value | undefined): string | undefined {
  const [was, is] = [isSuperRole(view, before), isSuperRole(view, after)];
  if (was !== is) return is ? "privilege gained" : "privilege lost";
  const [had, has] = [partsOf(view, before), partsOf(view, after)];
  if (!had || !has) return undefined;
  const gained = has.some((part) => !had.includes(part));
  const lost = had.some((part) => !has.includes(part));
  if (gained === lost) return undefined;
  return gained ? "privilege gained" : "privilege lost";
}

function partsOf(view: View, name: Value | Plain | undefined): string[] | undefined {
  if (typeof name !== "string") return undefined;
  const privileges =
    view.world.desiredByIdentity("velocloud_role", name)?.attributes.privileges ??
    view.world.byIdentity("velocloud_role", name)?.attributes.privileges;
  return Array.isArray(privileges) ? privileges.map(String) : undefined;
}
