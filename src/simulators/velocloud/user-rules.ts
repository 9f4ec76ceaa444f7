import type { Call } from "./call.ts";
import { badSchema, refused } from "./envelope.ts";
import { type Params, stringIn } from "./params.ts";
import type { UserRecord } from "./records.ts";
import type { Scope } from "./scopes.ts";

/** Rules about passwords and native users. The refusal texts are the simulator's own. */

/**
 * 8 to 32 characters, a lower-case letter and a digit, no `<` [documents of 4.4 and 4.5].
 * `password2`, when given, must be equal (assumed: its meaning is not documented).
 */
export function checkPassword(params: Params): void {
  const password = stringIn(params, "password");
  if (password === undefined) throw badSchema('instance requires property "password"');
  if (password.length < 8 || password.length > 32) throw refused("simulated: a password has 8 to 32 characters");
  if (!/[a-z]/.test(password) || !/[0-9]/.test(password)) {
    throw refused("simulated: a password needs a lower-case letter and a digit");
  }
  if (password.includes("<")) throw refused("simulated: a password must not contain <");
  if (params.password2 !== undefined && params.password2 !== password) throw refused("simulated: the passwords differ");
}

/** A non-native user keeps password and role; with authentication mode Native every user is native. */
export function checkNativeRules(
  call: Call,
  scope: Scope,
  tenantId: number,
  user: UserRecord | undefined,
  change: Params,
): void {
  const native = user?.isNative ?? true;
  if (!native && change.password !== undefined)
    throw refused("simulated: the password of a non-native user cannot be reset");
  if (!native && change.roleId !== undefined && change.roleId !== user?.roleId) {
    throw refused("simulated: the role of a non-native user cannot be modified");
  }
  const mode = scope.userType === "ENTERPRISE" ? call.store.enterprises.get(tenantId)?.authenticationMode : "SSO";
  if (mode === "NATIVE" && change.isNative === false) {
    throw refused("simulated: with authentication mode Native every user is native");
  }
}
