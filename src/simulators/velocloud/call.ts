import { missingKey, missingPrivilege, refused } from "./envelope.ts";
import type { VelocloudStore } from "./foreign-edits.ts";
import type { SimulatorSettings } from "./options.ts";
import { integerIn, type Params } from "./params.ts";
import { tenantIdOf, type UserRecord } from "./records.ts";
import type { RoleRecord } from "./roles.ts";
import { type Scope, scopes } from "./scopes.ts";

/** Who calls, and how they proved it. */
export type Principal = { readonly user: UserRecord; readonly auth: "token" | "session" };

/** One call of one method, after authentication. */
export type Call = {
  readonly method: string;
  readonly params: Params;
  readonly store: VelocloudStore;
  readonly settings: SimulatorSettings;
  readonly principal: Principal;
  readonly at: number;
  /** What lists are read as of; earlier than `at` while they lag. */
  readonly listsAt: number;
};

/** One method of the portal API. `isWrite` = changes something; `isList` = can lag. */
export type MethodDefinition = {
  readonly name: string;
  readonly isWrite: boolean;
  readonly isList: boolean;
  readonly run: (call: Call) => unknown;
};

export const read = (name: string, run: (call: Call) => unknown): MethodDefinition => ({
  name,
  isWrite: false,
  isList: false,
  run,
});
export const list = (name: string, run: (call: Call) => unknown): MethodDefinition => ({
  name,
  isWrite: false,
  isList: true,
  run,
});
export const write = (name: string, run: (call: Call) => unknown): MethodDefinition => ({
  name,
  isWrite: true,
  isList: false,
  run,
});

/** The role whose privileges the caller has. */
export function roleOfPrincipal(call: Call): RoleRecord {
  return call.store.roleOf(call.principal.user);
}

/** Throws the missing-privilege error unless the caller's role has `privilege` (`ACTION:OBJECT`). */
export function requirePrivilege(call: Call, privilege: string): void {
  if (!roleOfPrincipal(call).privileges.has(privilege)) throw missingPrivilege(privilege, call.method);
}

/** Which tenant the call is about. Operators and partners must say so, customers are their own. */
export function tenantOf(call: Call, scope: Scope, named = integerIn(call.params, scope.tenantKey)): number {
  const { user } = call.principal;
  if (user.userType === scope.userType) {
    const own = tenantIdOf(user);
    if (named !== undefined && named !== own) throw missingPrivilege(`READ:${scope.tenantObject}`, call.method);
    return own;
  }
  if (user.userType === "ENTERPRISE" || scope.userType === "OPERATOR") {
    throw missingPrivilege(`READ:${scope.tenantObject}`, call.method);
  }
  if (named === undefined) throw missingKey(call.method);
  checkReach(call, scope, named);
  return named;
}

/** A partner reaches its own customers only; nobody reaches a tenant that does not exist. */
function checkReach(call: Call, scope: Scope, tenantId: number): void {
  const { user } = call.principal;
  const enterprise = call.store.enterprises.get(tenantId);
  const exists = scope.userType === "ENTERPRISE" ? enterprise : call.store.proxies.get(tenantId);
  if (!exists) throw refused(`simulated: there is no ${scope.tenantKey} ${tenantId}`);
  if (user.userType === "MSP" && enterprise?.enterpriseProxyId !== user.enterpriseProxyId) {
    throw missingPrivilege(`READ:${scope.tenantObject}`, call.method);
  }
}

/**
 * An operator touches users and tokens of an enterprise only if that enterprise delegated user management to it.
 * The wire error for a missing delegation is unknown; the missing-privilege pattern is assumed.
 */
export function requireDelegation(call: Call, scope: Scope, tenantId: number, privilege: string): void {
  if (call.principal.user.userType !== "OPERATOR" || scope.userType !== "ENTERPRISE") return;
  if (!call.store.enterprises.get(tenantId)?.userManagementDelegatedToOperator)
    throw missingPrivilege(privilege, call.method);
}

/** Whether a row belongs to this tenant of the scope. */
export function isInTenant(
  row: { enterpriseId: number | null; enterpriseProxyId: number | null; networkId: number | null },
  scope: Scope,
  tenantId: number,
): boolean {
  return row[scope.tenantKey] === tenantId;
}

/** Operator, partner or enterprise, by the type of the user. */
export function scopeOf(user: UserRecord): Scope {
  return scopes[user.userType];
}

/** Milliseconds as the wire writes a time; null stays null. */
export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
