import type { GroupRecord, UserRecord } from "./records.ts";
import { type ApiPermission, apiPermissions, type Right, strongest } from "./rights.ts";

/** Where a user stands: active or not, counted or not, allowed what. Groups count in all of it. */

export type People = { readonly users: readonly UserRecord[]; readonly groups: readonly GroupRecord[] };

function groupsOf(user: UserRecord, groups: readonly GroupRecord[]): GroupRecord[] {
  return groups.filter(({ id }) => user.groupIds.includes(id));
}

/** Neither the user nor one of its groups is inactive. */
export function isActive(user: UserRecord, groups: readonly GroupRecord[]): boolean {
  return !user.isInactive && !groupsOf(user, groups).some(({ isInactive }) => isInactive);
}

/** Authentication Only, by itself or by a group. */
export function isAuthenticationOnly(user: UserRecord, groups: readonly GroupRecord[]): boolean {
  return user.isAuthenticationOnly || groupsOf(user, groups).some((group) => group.isAuthenticationOnly);
}

/** Users count who are active and neither External Access Only nor Authentication Only (IMOS - Creating a New User). */
export function needsSeat(user: UserRecord, groups: readonly GroupRecord[]): boolean {
  return isActive(user, groups) && !user.isExternalOnly && !isAuthenticationOnly(user, groups);
}

/** How many licenses are taken. */
export function seatsUsed({ users, groups }: People): number {
  return users.filter((user) => needsSeat(user, groups)).length;
}

/** What a user may on a leaf: its own right and those of its groups together. */
export function effectiveRight(user: UserRecord, groups: readonly GroupRecord[], key: string): Right | undefined {
  if (!isActive(user, groups) || isAuthenticationOnly(user, groups)) return undefined;
  return strongest([user.rights, ...groupsOf(user, groups).map(({ rights }) => rights)], key);
}

/** Whether a right of that kind lets one read. */
export function allowsReading(right: Right | undefined): boolean {
  return right !== undefined && right !== "denied";
}

/** The strongest API permission that a user has. */
export function apiPermissionOf(user: UserRecord, groups: readonly GroupRecord[]): ApiPermission | undefined {
  return apiPermissions.findLast((key) => allowsReading(effectiveRight(user, groups, key)));
}

/**
 * Who may open Security, and change groups: Security Admins, also those whom a group makes one. Changing other users needs the
 * flag on the user itself "regardless of group membership" (IMOS - Creating a New User).
 */
export function securityRole(user: UserRecord, groups: readonly GroupRecord[]): "none" | "groups" | "all" {
  if (!isActive(user, groups) || isAuthenticationOnly(user, groups)) return "none";
  if (user.isSecurityAdmin) return "all";
  return groupsOf(user, groups).some((group) => group.isSecurityAdmin) ? "groups" : "none";
}
