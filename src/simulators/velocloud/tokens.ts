import {
  type Call,
  isInTenant,
  isoTime,
  list,
  type MethodDefinition,
  requireDelegation,
  requirePrivilege,
  roleOfPrincipal,
  scopeOf,
  tenantOf,
  write,
} from "./call.ts";
import { badSchema, missingPrivilege, refused } from "./envelope.ts";
import { checkFields, integerIn, keyIn, storedString, stringIn } from "./params.ts";
import { type TokenRecord, tenantIdOf, tokenStateAt, type UserRecord } from "./records.ts";
import { rolesWithoutTokens } from "./roles.ts";
import { allScopes, type Scope, scopes } from "./scopes.ts";

/** API tokens of all three scopes. Every refusal text here is the simulator's own. */

/** Twelve months, read generously: a leap year. */
export const lifetimeMsMax = 366 * 24 * 60 * 60 * 1000;

const tenantFields = { enterpriseId: "integer", enterpriseProxyId: "integer", networkId: "integer" } as const;

function stateOf(call: Call, token: TokenRecord): { state?: string } {
  const state = tokenStateAt(token, call.at);
  if (call.settings.tokenStateSpelling === "absent") return {};
  return { state: call.settings.tokenStateSpelling === "upper" ? state : state[0] + state.slice(1).toLowerCase() };
}

function idIf(condition: boolean, id: number | null): number | null {
  return condition ? id : null;
}

/** A token as answers show it. Its value is never part of it. */
function showToken(call: Call, token: TokenRecord): Record<string, unknown> {
  const forOperator = token.ownerType === "OPERATOR";
  const byOperator = token.createdByType === "OPERATOR";
  return {
    ...{ id: token.id, tokenUuid: token.tokenUuid, name: token.name, description: token.description },
    ...{ created: isoTime(token.created), modified: isoTime(token.modified), expiration: isoTime(token.expiration) },
    ...{ downloaded: isoTime(token.downloaded), isRevoked: token.isRevoked, ...stateOf(call, token) },
    createdByEnterpriseUserId: idIf(!byOperator, token.createdById),
    createdByOperatorUserId: idIf(byOperator, token.createdById),
    createdForEnterpriseUserId: idIf(!forOperator, token.ownerId),
    createdForOperatorUserId: idIf(forOperator, token.ownerId),
    ...{ networkId: token.networkId, enterpriseId: token.enterpriseId, enterpriseProxyId: token.enterpriseProxyId },
  };
}

function showTokens(call: Call, tokens: readonly TokenRecord[]): unknown {
  const shown = tokens.map((token) => showToken(call, token));
  return call.settings.singleTokenAsObject && shown.length === 1 ? shown[0] : shown;
}

function requireTokenRole(call: Call, user: UserRecord, privilege: string): void {
  if (rolesWithoutTokens.has(call.store.roleOf(user).name)) throw missingPrivilege(privilege, call.method);
}

/** Only super users act on tokens of others; an operator on those of an enterprise user only when delegated. */
function requireOwnerOrSuper(call: Call, ownerId: number, tenantId: number, scope: Scope, privilege: string): void {
  requirePrivilege(call, privilege);
  requireTokenRole(call, call.principal.user, privilege);
  if (ownerId === call.principal.user.id) return;
  if (!roleOfPrincipal(call).isSuper) throw missingPrivilege(privilege, call.method);
  requireDelegation(call, scope, tenantId, privilege);
}

function requireSession(call: Call): void {
  if (call.settings.sessionOnlyTokenCalls && call.principal.auth === "token") {
    throw refused("simulated: this call needs a session");
  }
}

function checkLifetime(lifetimeMs: number): void {
  if (lifetimeMs < 1) throw badSchema("instance.lifetimeMs must be at least 1", "instance.lifetimeMs");
  if (lifetimeMs > lifetimeMsMax) throw refused("simulated: the lifetime of a token is at most 12 months");
}

function createToken(scope: Scope): MethodDefinition {
  const fields = {
    ...tenantFields,
    [scope.tokenOwnerKey]: "integer",
    name: "string",
    lifetimeMs: "integer",
    description: "string",
  } as const;
  return write(`${scope.tokens}/createApiToken`, (call) => {
    const { params, store } = call;
    checkFields(params, fields, [scope.tokenOwnerKey, "name", "lifetimeMs"]);
    const privilege = `CREATE:${scope.tokenObject}`;
    const tenantId = tenantOf(call, scope);
    const owner = store.users.get(keyIn(params, scope.tokenOwnerKey, call.method));
    requireOwnerOrSuper(call, owner?.id ?? -1, tenantId, scope, privilege);
    if (!owner || !isInTenant(owner, scope, tenantId)) throw refused("simulated: there is no such user");
    requireTokenRole(call, owner, privilege);
    const lifetimeMs = keyIn(params, "lifetimeMs", call.method);
    checkLifetime(lifetimeMs);
    const name = stringIn(params, "name");
    if (!name) throw badSchema("instance.name is empty", "instance.name");
    const description = storedString(params.description);
    const token = store.addToken({ ownerId: owner.id, name, lifetimeMs, description, createdBy: call.principal.user });
    return { id: token.id, rows: 1 };
  });
}

/** The token that `id` names, within the tenant. */
function findToken(call: Call, scope: Scope, tenantId: number): TokenRecord | undefined {
  const token = call.store.tokens.get(keyIn(call.params, "id", call.method));
  return token && isInTenant(token, scope, tenantId) ? token : undefined;
}

function downloadToken(scope: Scope): MethodDefinition {
  return write(`${scope.tokens}/downloadApiToken`, (call) => {
    checkFields(call.params, { ...tenantFields, id: "integer" });
    requireSession(call);
    requirePrivilege(call, `READ:${scope.tokenObject}`);
    requireTokenRole(call, call.principal.user, `READ:${scope.tokenObject}`);
    const token = findToken(call, scope, tenantOf(call, scope));
    if (!token) throw refused("simulated: there is no such token");
    if (token.ownerId !== call.principal.user.id) throw refused("simulated: only its owner downloads a token");
    const state = tokenStateAt(token, call.at);
    if (state !== "PENDING") throw refused(`simulated: a token that is ${state} cannot be downloaded`);
    return { token: call.store.issueTokenValue(call.store.changeToken(token.id, { downloaded: call.at })) };
  });
}

function mayRevoke(call: Call, token: TokenRecord): boolean {
  const { user } = call.principal;
  return call.settings.superuserRevokesForOthers || token.ownerId === user.id || user.userType === "OPERATOR";
}

function revokeToken(scope: Scope): MethodDefinition {
  return write(`${scope.tokens}/revokeApiToken`, (call) => {
    checkFields(call.params, { ...tenantFields, id: "integer" });
    requireSession(call);
    const privilege = `UPDATE:${scope.tokenObject}`;
    const tenantId = tenantOf(call, scope);
    const token = findToken(call, scope, tenantId);
    requireOwnerOrSuper(call, token?.ownerId ?? -1, tenantId, scope, privilege);
    if (!token) return { rows: 0 };
    if (!mayRevoke(call, token)) throw missingPrivilege(privilege, call.method);
    call.store.changeToken(token.id, { isRevoked: true });
    return { rows: 1 };
  });
}

/** Who is no super user sees only their own tokens: such a list proves no absence (assumed, the worst case). */
function visibleTokens(call: Call): TokenRecord[] {
  const tokens = call.store.tokens.asOf(call.listsAt);
  return roleOfPrincipal(call).isSuper ? tokens : tokens.filter((token) => token.ownerId === call.principal.user.id);
}

function listTokens(scope: Scope): MethodDefinition {
  return list(`${scope.tokens}/getApiTokens`, (call) => {
    checkFields(call.params, tenantFields);
    requirePrivilege(call, `READ:${scope.tokenObject}`);
    const tenantId = tenantOf(call, scope);
    return showTokens(
      call,
      visibleTokens(call).filter((token) => isInTenant(token, scope, tenantId)),
    );
  });
}

function tenantName(call: Call, user: UserRecord): string {
  const { store } = call;
  const id = tenantIdOf(user);
  if (user.userType === "OPERATOR") return "Operator";
  return (user.userType === "ENTERPRISE" ? store.enterprises.get(id)?.name : store.proxies.get(id)?.name) ?? "";
}

/** Tokens of one user. `enterpriseUser/…` serves partner users too, whose accounts are in the same table. */
function listTokensOfUser(name: string, userTypes: readonly string[]): MethodDefinition {
  return list(name, (call) => {
    checkFields(call.params, { ...tenantFields, id: "integer" });
    const owner = call.store.anyUser(keyIn(call.params, "id", call.method));
    if (!owner || !userTypes.includes(owner.userType)) throw refused("simulated: there is no such user");
    const scope = scopeOf(owner);
    requirePrivilege(call, `READ:${scope.tokenObject}`);
    tenantOf(call, scope, integerIn(call.params, scope.tenantKey) ?? tenantIdOf(owner));
    const tokens = visibleTokens(call).filter((token) => token.ownerId === owner.id);
    return tokens.map((token) => ({ ...showToken(call, token), tenantName: tenantName(call, owner) }));
  });
}

/** Vendor sample: refreshing is not allowed. It is counted, so that a test can prove that nobody calls it. */
function refreshToken(name: string): MethodDefinition {
  return write(name, () => {
    throw refused("simulated: refreshing a token is not allowed");
  });
}

export const tokenMethods: readonly MethodDefinition[] = [
  ...allScopes.flatMap((scope) => [createToken(scope), downloadToken(scope), revokeToken(scope), listTokens(scope)]),
  listTokensOfUser("enterpriseUser/getApiTokens", ["ENTERPRISE", "MSP"]),
  listTokensOfUser("operatorUser/getApiTokens", ["OPERATOR"]),
  refreshToken(`${scopes.ENTERPRISE.tokens}/refreshApiToken`),
  refreshToken(`${scopes.OPERATOR.tokens}/refreshApiToken`),
];
