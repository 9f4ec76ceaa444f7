import type { Verdict, View } from "../connector.ts";
import { isSecurityAdmin } from "./seen.ts";
import { administratorOf, sameName } from "./settings.ts";

function switchesOff(verdict: Verdict): boolean {
  const off = verdict.attributes.some(({ path, after }) => {
    return (path === "inactive" || path === "external_access_only" || path === "authentication_only") && after === true;
  });
  return verdict.action === "delete" || verdict.action === "replace" || off;
}

/** Why a user must stay as it is: it is the account that we work as, or the last active Security Admin (VES-20). */
export function protectsUser(view: View, verdict: Verdict): string | undefined {
  if (!view.actual || !switchesOff(verdict)) return undefined;
  const me = administratorOf(view.system);
  if (me !== undefined && sameName(view.actual.id, me)) return `${me} is the account that Steward works as`;
  const isLast = isAdmin(view, view.actual.id) && adminsBut(view, (name) => sameName(name, view.actual?.id)) === 0;
  return isLast ? `${view.actual.id} is the last active Security Admin` : undefined;
}

/** A group takes all its members along. */
export function protectsGroup(view: View, verdict: Verdict): string | undefined {
  if (!view.actual || !switchesOff(verdict)) return undefined;
  const { id } = view.actual;
  const members = view.world.objects("veson_user").filter(({ attributes: { groups } }) => {
    return Array.isArray(groups) && groups.includes(id);
  });
  const me = administratorOf(view.system);
  if (me !== undefined && members.some((member) => sameName(member.id, me))) {
    return `${me} belongs to ${id}, and is the account that Steward works as`;
  }
  const hasAdmin = members.some((member) => isAdmin(view, member.id));
  const left = adminsBut(view, (name) => members.some((member) => sameName(member.id, name)));
  return hasAdmin && left === 0 ? `the last active Security Admin belongs to ${id}` : undefined;
}

function isAdmin(view: View, name: string): boolean {
  const groups = view.world.objects("veson_group").map(({ attributes }) => attributes);
  const user = view.world.byIdentity("veson_user", name)?.attributes;
  return user !== undefined && user.inactive !== true && isSecurityAdmin(user, groups) === true;
}

function adminsBut(view: View, isGone: (name: string) => boolean): number {
  const users = view.world.objects("veson_user").filter(({ id }) => !isGone(id));
  return users.filter(({ id }) => isAdmin(view, id)).length;
}
