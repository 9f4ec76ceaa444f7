import type { Diagnostic } from "../../diagnostic.ts";
import { velocloudTokenLifetimeMaxMs } from "../../limits.ts";
import { durationMs } from "../../schema.ts";
import type { View } from "../connector.ts";
import { errorAt } from "../drafts.ts";
import { isRoleWithoutTokens } from "./roles-of-users.ts";
import { ownerOf, type TokenOwner, wished } from "./token-owner.ts";

/** What the rules forbid about a declared token. `issues`: the plan would download a token now. */
export function tokenErrors(view: View, issues: boolean): Diagnostic[] {
  const errors = durationErrors(view);
  const owner = ownerOf(view);
  if (isUnknown(view, owner)) return [...errors, unknownOwner(view, owner)];
  errors.push(...strandedErrors(view, owner));
  return errors.length > 0 || !issues ? errors : downloadErrors(view, owner);
}

/** A lifetime is at most 12 months (VCO-18). */
function durationErrors(view: View): Diagnostic[] {
  const lifetime = durationMs(String(view.desired?.lifetime)) ?? 0;
  const before = durationMs(String(view.desired?.rotate_before ?? "0s")) ?? 0;
  if (lifetime > velocloudTokenLifetimeMaxMs) {
    const message = `a token lives at most 12 months (VCO-18), counted as 365d`;
    return [errorAt(view, "lifetime", message, "write 365d or less, and rotate_before to renew it in time")];
  }
  if (lifetime < 60_000) return [errorAt(view, "lifetime", "a token must live at least 1m", "write 1m or more")];
  if (before < lifetime) return [];
  const message = "rotate_before is not shorter than lifetime: every plan would rotate the token";
  return [errorAt(view, "rotate_before", message, `write less than ${String(view.desired?.lifetime)}`)];
}

function isUnknown(view: View, owner: TokenOwner): boolean {
  if (owner.declared) return owner.declared.system !== view.system.name;
  // Where no user at all could be read, nobody can be called unknown.
  return !owner.actual && view.world.objects("velocloud_admin_user").length > 0;
}

function unknownOwner(view: View, owner: TokenOwner): Diagnostic {
  const message = `there is no user ${owner.username} on ${view.system.name}, and none is declared`;
  const hint = "declare it as a velocloud_admin_user of the same system, or name a user who exists";
  return errorAt(view, "owner", message, hint);
}

/** Owners who cannot have tokens, or would lose that by the same plan (VCO-09), and owners who are switched off by it. */
function strandedErrors(view: View, owner: TokenOwner): Diagnostic[] {
  const role = wished(owner, "role");
  if (isRoleWithoutTokens(view, role)) {
    const message = `${owner.username} has the role ${String(role)}, whose users cannot have tokens (VCO-09)`;
    return [errorAt(view, "owner", message, "give the user another role, or remove this token")];
  }
  if (owner.declared?.attributes.enabled !== false) return [];
  const message = `${owner.username} is declared disabled, and tokens of a disabled user are revoked (VCO-16)`;
  return [errorAt(view, "owner", message, "remove this token, or enable the user")];
}

/** Only the owner may download, signed in (VCO-10): whoever cannot sign in cannot, by whatever hand. */
function downloadErrors(view: View, owner: TokenOwner): Diagnostic[] {
  const { username } = owner;
  if (wished(owner, "enabled") === false) {
    const message = `${username} is disabled and cannot sign in to download the token (VCO-10)`;
    return [errorAt(view, "owner", message, "enable the user first")];
  }
  if (owner.actual?.attributes.locked === true) {
    const message = `${username} is locked out and cannot sign in to download the token (VCO-10)`;
    return [errorAt(view, "owner", message, "unlock the user on the orchestrator first")];
  }
  return [];
}
