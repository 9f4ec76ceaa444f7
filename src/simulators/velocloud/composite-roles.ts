import { type Call, isoTime, list, type MethodDefinition, read, requirePrivilege, tenantOf, write } from "./call.ts";
import { badSchema, refused } from "./envelope.ts";
import { checkFields, isObject, keyIn, type Params, stringIn } from "./params.ts";
import { combine, type FunctionalRoleRecord, type RoleRecord } from "./roles.ts";
import { allScopes, type Scope, type UserType } from "./scopes.ts";

/** Roles: the catalogue by user type, and composite roles. Every refusal text here is the simulator's own. */

const tenantFields = { enterpriseId: "integer", enterpriseProxyId: "integer", networkId: "integer" } as const;
const userTypes = ["OPERATOR", "MSP", "PARTNER", "ENTERPRISE", "END_USER", "CUSTOM", "SERVICE"];

/**
 * A role as answers show it. Assumed: `isCustom` and `isSuper` as 0 or 1, and `functionalRoleIds` on composite roles
 * (the published description names the result but the part that lists its fields was not available).
 */
function showRole(role: RoleRecord): Record<string, unknown> {
  const { id, name, description, userType, precedence, enterpriseId, enterpriseProxyId, networkId } = role;
  return {
    ...{ id, created: isoTime(role.created), modified: isoTime(role.modified), operatorId: null },
    ...{ networkId, enterpriseId, enterpriseProxyId, name, description, userType, fromUserType: userType, precedence },
    ...{ roleType: "COMPOSITE", isCustom: role.isCustom ? 1 : 0, isSuper: role.isSuper ? 1 : 0 },
    ...(role.isCustom ? { functionalRoleIds: [...role.functionalRoleIds] } : {}),
  };
}

/** Composite roles appear to callers of their own tenant only. */
function isVisible(
  role: RoleRecord,
  user: { enterpriseId: number | null; enterpriseProxyId: number | null; networkId: number | null },
): boolean {
  if (!role.isCustom) return true;
  const keys = ["enterpriseId", "enterpriseProxyId", "networkId"] as const;
  return keys.every((key) => role[key] === user[key]);
}

const getUserTypeRoles = list("role/getUserTypeRoles", (call) => {
  checkFields(call.params, { ...tenantFields, userType: "string" }, ["userType"]);
  const asked = stringIn(call.params, "userType") ?? "";
  if (!userTypes.includes(asked))
    throw badSchema(`instance.userType is not one of enum values: ${userTypes.join(",")}`);
  const userType = asked === "PARTNER" ? "MSP" : asked;
  const roles = call.store.roles.asOf(call.listsAt);
  const { user } = call.principal;
  return roles.filter((role) => role.userType === userType && isVisible(role, user)).map(showRole);
});

function checkParts(call: Call, scope: Scope, ids: unknown): FunctionalRoleRecord[] {
  const wanted = new Set(ids as readonly number[]);
  if (wanted.size === 0) throw badSchema("instance.functionalRoleIds does not meet minimum length of 1");
  const parts = call.store.functionalRoles.filter((part) => wanted.has(part.id) && part.userType === scope.userType);
  if (parts.length !== wanted.size) throw refused("simulated: no such functional role for this user type");
  return parts;
}

function checkName(call: Call, scope: Scope, tenantId: number, name: unknown, self?: number): void {
  if (typeof name !== "string" || name === "") throw badSchema("instance.name is empty", "instance.name");
  const taken = call.store.roles.find((role) => role.name === name && role.id !== self && isOf(role, scope, tenantId));
  if (taken) throw refused("simulated: the role name is taken");
}

/** Default roles of the type count as every tenant's. */
function isOf(role: RoleRecord, scope: Scope, tenantId: number): boolean {
  return role.userType === scope.userType && (!role.isCustom || role[scope.tenantKey] === tenantId);
}

function createRole(scope: Scope): MethodDefinition {
  const fields = {
    ...tenantFields,
    userType: "string",
    name: "string",
    description: "string",
    functionalRoleIds: "integers",
  } as const;
  const required = ["userType", "name", "description", "functionalRoleIds"];
  return write(`compositeRole/createBy${scope.roleSuffix}`, (call) => {
    const { params, store, at } = call;
    checkFields(params, fields, required);
    requirePrivilege(call, `CREATE:${scope.roleObject}`);
    const tenantId = tenantOf(call, scope);
    if (params.userType !== scope.userType)
      throw badSchema(`instance.userType is not one of enum values: ${scope.userType}`);
    checkName(call, scope, tenantId, params.name);
    const parts = checkParts(call, scope, params.functionalRoleIds);
    const role: RoleRecord = {
      ...{ id: store.newId("role"), userType: scope.userType, isCustom: true, precedence: 0, ...combine(parts) },
      ...{ name: stringIn(params, "name")!, description: stringIn(params, "description") ?? "" },
      ...{
        functionalRoleIds: parts.map((part) => part.id),
        enterpriseId: null,
        enterpriseProxyId: null,
        networkId: null,
      },
      ...{ [scope.tenantKey]: tenantId, created: at, modified: at },
    };
    store.roles.put(role, at);
    return { id: role.id };
  });
}

function getRoles(scope: Scope): MethodDefinition {
  return list(`compositeRole/getBy${scope.roleSuffix}`, (call) => {
    checkFields(call.params, { ...tenantFields, userTypes: "strings", roleIds: "integers" }, ["userTypes"]);
    requirePrivilege(call, `READ:${scope.roleObject}`);
    const tenantId = tenantOf(call, scope);
    const types = call.params.userTypes as readonly string[];
    const ids = call.params.roleIds as readonly number[] | undefined;
    const roles = call.store.roles
      .asOf(call.listsAt)
      .filter((role) => role.isCustom && role[scope.tenantKey] === tenantId);
    return roles.filter((role) => types.includes(role.userType) && (ids?.includes(role.id) ?? true)).map(showRole);
  });
}

/** The composite role of this tenant; a default role is refused by name. */
function ownRole(call: Call, scope: Scope, tenantId: number, roleId: number): RoleRecord {
  const role = call.store.roles.get(roleId);
  if (!role || !isOf(role, scope, tenantId)) throw refused("simulated: there is no such role");
  if (!role.isCustom) throw refused("simulated: default roles can be neither edited nor deleted");
  return role;
}

function roleChange(call: Call, scope: Scope, update: Params): Partial<RoleRecord> {
  const name = stringIn(update, "name");
  const description = stringIn(update, "description");
  const parts = update.functionalRoleIds === undefined ? undefined : checkParts(call, scope, update.functionalRoleIds);
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(parts === undefined ? {} : { functionalRoleIds: parts.map((part) => part.id), ...combine(parts) }),
  };
}

function updateRole(scope: Scope): MethodDefinition {
  return write(`compositeRole/updateBy${scope.roleSuffix}`, (call) => {
    checkFields(call.params, { ...tenantFields, roleId: "integer", _update: "object" });
    const update = call.params._update;
    if (!isObject(update)) throw badSchema('instance requires property "_update"');
    checkFields(update, { name: "string", description: "string", functionalRoleIds: "integers" });
    requirePrivilege(call, `UPDATE:${scope.roleObject}`);
    const tenantId = tenantOf(call, scope);
    const role = ownRole(call, scope, tenantId, keyIn(call.params, "roleId", call.method));
    if (update.name !== undefined) checkName(call, scope, tenantId, update.name, role.id);
    call.store.changeRole(role.id, roleChange(call, scope, update));
    return {};
  });
}

/** All or none. Assumed: a role that a user still has is refused. */
function deleteRoles(scope: Scope): MethodDefinition {
  return write(`compositeRole/deleteBy${scope.roleSuffix}`, (call) => {
    checkFields(call.params, { ...tenantFields, roleIds: "integers" }, ["roleIds"]);
    requirePrivilege(call, `DELETE:${scope.roleObject}`);
    const tenantId = tenantOf(call, scope);
    const roles = (call.params.roleIds as readonly number[]).map((id) => ownRole(call, scope, tenantId, id));
    for (const role of roles) {
      if (call.store.users.find((user) => user.roleId === role.id)) throw refused("simulated: the role is in use");
    }
    for (const role of roles) call.store.roles.remove(role.id, call.at);
    return {};
  });
}

function showFunctionalRole(part: FunctionalRoleRecord): Record<string, unknown> {
  const { id, name, userType } = part;
  return { id, name, description: name, userType, roleType: "FUNCTIONAL", isCustom: 0, isSuper: part.isSuper ? 1 : 0 };
}

function getFunctionalRoles(scope: Scope): MethodDefinition {
  return read(`functionalRole/getBy${scope.roleSuffix}`, (call) => {
    checkFields(call.params, { ...tenantFields, userType: "string", excludeSuperRoles: "boolean" }, ["userType"]);
    requirePrivilege(call, `READ:${scope.roleObject}`);
    tenantOf(call, scope);
    const userType = call.params.userType as UserType;
    const parts = call.store.functionalRoles.filter((part) => part.userType === userType);
    return parts.filter((part) => !(part.isSuper && call.params.excludeSuperRoles === true)).map(showFunctionalRole);
  });
}

export const roleMethods: readonly MethodDefinition[] = [
  getUserTypeRoles,
  ...allScopes.flatMap((scope) => [
    createRole(scope),
    getRoles(scope),
    updateRole(scope),
    deleteRoles(scope),
    getFunctionalRoles(scope),
  ]),
];
