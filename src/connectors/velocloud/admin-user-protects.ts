import type { Actual, Plain, Value } from "../../resource.ts";
import type { Verdict, View } from "../connector.ts";
import { disables } from "./admin-user-assess.ts";
import { factsOf } from "./facts.ts";
import { isOurs } from "./owned-tokens.ts";
import { isSuperRole } from "./roles-of-users.ts";
import { scopes, untouchableRole } from "./scopes.ts";
import { settingsOf } from "./settings.ts";

/**
 * Why this user must stay as it is: it is the one we run as, the last active super user, or an Operator Superuser (VCO-17).
 * Default users cannot be told from others by the API; the orchestrator refuses to delete them.
 */
export function protectsUser(view: View, verdict: Verdict): string | undefined {
  if (!view.actual) return undefined;
  const { username, role, enabled } = view.actual.attributes;
  const writes = verdict.attributes.some((change) => !change.unmanaged);
  const changes =
    verdict.action === "delete" || verdict.action === "replace" || (verdict.action !== "forget" && writes);
  if (changes && role === untouchableRole) {
    return `a user with the role ${untouchableRole} can be neither modified nor deleted (VCO-17)`;
  }
  const { me } = factsOf(view.facts);
  const userType = scopes[settingsOf(view.system).scope.name].userType;
  const isMe = me !== undefined && me.userType === userType && String(me.id) === view.actual.id;
  if (!takesAway(view, verdict, isMe)) return undefined;
  if (isMe) return `${String(username)} is the user that Steward runs as`;
  if (!isSuperRole(view, role) || enabled !== true) return undefined;
  if (!me) return `${String(username)} is a super user, and Steward cannot tell whether it runs as that user itself`;
  const others = view.world.objects("velocloud_admin_user").filter((other) => other.id !== view.actual?.id);
  if (others.some((other) => staysSuper(view, other))) return undefined;
  return `${String(username)} is the last active super user`;
}

/** Removal, switching off, or another role that is not a super user's; our own lesser role must not get less either. */
function takesAway(view: View, verdict: Verdict, isMe: boolean): boolean {
  if (verdict.action === "delete" || verdict.action === "replace" || disables(verdict)) return true;
  const role = verdict.attributes.find((change) => change.path === "role" && !change.unmanaged);
  return role !== undefined && (isMe || isSuperRole(view, role.before)) && !isSuperRole(view, plainOf(role.after));
}

/** Another super user that is active now and that the same plan leaves so. */
function staysSuper(view: View, other: Actual): boolean {
  const { role, enabled } = other.attributes;
  if (enabled !== true || !isSuperRole(view, role)) return false;
  const entry = view.world.recordedById("velocloud_admin_user", other.id);
  if (!entry) return true;
  const desired = view.world.desired(entry.address);
  if (!desired) return !isOurs(entry);
  const { enabled: stays, role: next, username } = desired.attributes;
  if (stays === false || (username !== undefined && username !== other.attributes.username)) return false;
  return next === undefined || isSuperRole(view, plainOf(next));
}

function plainOf(value: Value | undefined): Plain | undefined {
  return typeof value === "string" ? value : undefined;
}
