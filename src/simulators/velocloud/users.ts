import {
  type Call,
  isInTenant,
  isoTime,
  list,
  type MethodDefinition,
  read,
  requireDelegation,
  requirePrivilege,
  roleOfPrincipal,
  scopeOf,
  tenantOf,
  write,
} from "./call.ts";
import { badSchema, missingKey, refused } from "./envelope.ts";
import {
  checkFields,
  type FieldType,
  integerIn,
  isObject,
  keyIn,
  type Params,
  storedString,
  stringIn,
} from "./params.ts";
import type { UserRecord } from "./records.ts";
import type { RoleRecord } from "./roles.ts";
import { allScopes, type Scope, scopes } from "./scopes.ts";
import { checkNativeRules, checkPassword } from "./user-rules.ts";

/** Users of all three scopes. Every refusal text here is the simulator's own. */

const writable: Readonly<Record<string, FieldType>> = {
  domain: "string",
  password: "string",
  password2: "string",
  firstName: "string",
  lastName: "string",
  officePhone: "string",
  mobilePhone: "string",
  isNative: "boolean",
  isActive: "boolean",
  disableSecondFactor: "boolean",
  email: "string",
  roleId: "integer",
  sshUsername: "string",
  accessLevel: "string",
};
const tenantFields: Readonly<Record<string, FieldType>> = {
  enterpriseId: "integer",
  enterpriseProxyId: "integer",
  networkId: "integer",
};
const insertFields = { ...writable, ...tenantFields, username: "string", userType: "string" } as const;
const operatorUpdateFields = { ...writable, username: "string", isLocked: "boolean" } as const;
const stringFields = ["domain", "firstName", "lastName", "email", "officePhone", "mobilePhone"] as const;
const switchFields = ["isActive", "isNative", "disableSecondFactor", "isLocked"] as const;

const flag = (value: boolean): 0 | 1 => (value ? 1 : 0);

/** A user as answers show it: switches as 0 or 1, times as text, the password masked. */
function showUser(call: Call, user: UserRecord): Record<string, unknown> {
  const role = call.store.roleOf(user);
  // One flat literal: a list may hold ten thousand of these.
  return {
    id: user.id,
    created: isoTime(user.created),
    userType: user.userType,
    username: user.username,
    domain: user.domain,
    password: "*****",
    firstName: user.firstName,
    lastName: user.lastName,
    officePhone: user.officePhone,
    mobilePhone: user.mobilePhone,
    isNative: flag(user.isNative),
    isActive: flag(user.isActive),
    isLocked: flag(user.isLocked),
    disableSecondFactor: flag(user.disableSecondFactor),
    email: user.email,
    lastLogin: isoTime(user.lastLogin),
    modified: isoTime(user.modified),
    salt: "*****",
    passwordModified: isoTime(user.passwordModified),
    sshUsername: user.sshUsername,
    accessLevel: user.accessLevel,
    roleId: user.roleId,
    roleName: role.name,
    isSuper: flag(role.isSuper),
  };
}

function showOneUser(call: Call, user: UserRecord): Record<string, unknown> {
  const { enterpriseId, enterpriseProxyId, networkId } = user;
  return { ...showUser(call, user), enterpriseId, enterpriseProxyId, networkId };
}

/** The user that `id` or `username` names, within the tenant. */
function findUser(call: Call, scope: Scope, tenantId: number): UserRecord | undefined {
  const id = integerIn(call.params, "id");
  const username = stringIn(call.params, "username");
  if (id === undefined && username === undefined) throw missingKey(call.method);
  const user = id === undefined ? call.store.users.find((row) => row.username === username) : call.store.users.get(id);
  return user && isInTenant(user, scope, tenantId) ? user : undefined;
}

/** A role that users of this tenant may have: a default one of their type or a composite role of their own. */
function assignableRole(call: Call, scope: Scope, tenantId: number, roleId: number): RoleRecord {
  const role = call.store.roles.get(roleId);
  const fits = role?.userType === scope.userType && (!role.isCustom || role[scope.tenantKey] === tenantId);
  if (!role || !fits) throw refused(`simulated: role ${roleId} does not exist for ${scope.userType} users`);
  return role;
}

function listUsers(scope: Scope): MethodDefinition {
  return list(scope.listUsers, (call) => {
    checkFields(call.params, { ...tenantFields, id: "integer" });
    requirePrivilege(call, `READ:${scope.tenantObject}`);
    requirePrivilege(call, `READ:${scope.userObject}`);
    const tenantId = tenantOf(call, scope, integerIn(call.params, scope.tenantKey) ?? integerIn(call.params, "id"));
    const users = call.store.users.asOf(call.listsAt).filter((user) => isInTenant(user, scope, tenantId));
    return users.map((user) => showUser(call, user));
  });
}

function getUser(scope: Scope): MethodDefinition {
  return read(scope.getUser, (call) => {
    checkFields(call.params, { ...tenantFields, id: "integer", username: "string" });
    const own =
      call.params.id === undefined && call.params.username === undefined && scopeOf(call.principal.user) === scope;
    if (own) return showOneUser(call, call.principal.user);
    requirePrivilege(call, `READ:${scope.userObject}`);
    const user = findUser(call, scope, tenantOf(call, scope));
    if (!user) throw refused("simulated: there is no such user");
    return showOneUser(call, user);
  });
}

function checkAccessLevel(params: Params): void {
  const level = params.accessLevel;
  if (level !== undefined && level !== "BASIC" && level !== "PRIVILEGED") {
    throw badSchema("instance.accessLevel is not one of enum values: BASIC,PRIVILEGED", "instance.accessLevel");
  }
}

function checkUsername(call: Call, username: string | undefined): string {
  if (!username) throw badSchema('instance requires property "username"');
  if (call.store.users.find((user) => user.username.toLowerCase() === username.toLowerCase())) {
    throw refused("simulated: the username is taken");
  }
  return username;
}

/** The fields that both insert and update write. */
function changesIn(params: Params, at: number): Partial<UserRecord> {
  const change: Record<string, unknown> = {};
  for (const key of stringFields) if (params[key] !== undefined) change[key] = storedString(params[key]);
  for (const key of switchFields) if (params[key] !== undefined) change[key] = params[key];
  for (const key of ["roleId", "accessLevel", "username"]) if (params[key] !== undefined) change[key] = params[key];
  const password = stringIn(params, "password");
  if (password !== undefined) Object.assign(change, { password, passwordModified: at });
  return change;
}

function insertUser(scope: Scope): MethodDefinition {
  return write(scope.insertUser, (call) => {
    const { params, store } = call;
    checkFields(params, insertFields, ["username", "roleId"]);
    checkAccessLevel(params);
    requirePrivilege(call, `CREATE:${scope.userObject}`);
    const tenantId = tenantOf(call, scope);
    requireDelegation(call, scope, tenantId, `CREATE:${scope.userObject}`);
    if (params.isNative !== false) checkPassword(params);
    const role = assignableRole(call, scope, tenantId, keyIn(params, "roleId", call.method));
    const username = checkUsername(call, stringIn(params, "username"));
    checkNativeRules(call, scope, tenantId, undefined, params);
    const change = { ...changesIn(params, call.at), username };
    const user = store.addUser({ userType: scope.userType, tenantId, roleName: role.name, ...change, roleId: role.id });
    return scope.userType === "OPERATOR" && call.settings.operatorInsertResult === "user"
      ? showOneUser(call, user)
      : { id: user.id, rows: 1 };
  });
}

/** Users that nobody may change: operators with the role Operator Superuser [6.x documents]. */
function checkMutable(call: Call, user: UserRecord): void {
  if (call.store.roleOf(user).name === "Operator Superuser") {
    throw refused("simulated: a user with the role Operator Superuser can be neither modified nor deleted");
  }
}

/** Everybody may edit themselves, but not their role nor whether they are active. */
function checkMayUpdate(
  call: Call,
  scope: Scope,
  tenantId: number,
  user: UserRecord | undefined,
  update: Params,
): void {
  const privilege = `UPDATE:${scope.userObject}`;
  const isSelf = user !== undefined && user.id === call.principal.user.id;
  const raises = update.roleId !== undefined || update.isActive !== undefined || update.isNative !== undefined;
  if (!isSelf || raises) requirePrivilege(call, privilege);
  requireDelegation(call, scope, tenantId, privilege);
}

function updateIn(call: Call, scope: Scope): Params {
  const update = call.params._update;
  if (isObject(update)) return update;
  if (scope.userType !== "OPERATOR") throw badSchema('instance requires property "_update"');
  const detail = `_update attribute missing to ${call.method}`;
  throw badSchema(JSON.stringify([{ error: "UPDATE_OPERATOR_USER_0001", detail }]));
}

function checkUpdate(call: Call, scope: Scope, tenantId: number, user: UserRecord, update: Params): void {
  checkMutable(call, user);
  checkNativeRules(call, scope, tenantId, user, update);
  if (update.password !== undefined) checkPassword(update);
  if (update.roleId !== undefined) assignableRole(call, scope, tenantId, keyIn(update, "roleId", call.method));
  if (update.sshUsername !== undefined && update.sshUsername !== user.sshUsername) {
    throw refused("simulated: the SSH username is made by the orchestrator and cannot be changed");
  }
  const { username } = update;
  if (typeof username === "string" && username !== user.username) checkUsername(call, username);
  const given = stringIn(call.params, "currentPassword");
  if (given !== undefined && given !== user.password) throw refused("simulated: the current password is wrong");
}

function updateUser(scope: Scope): MethodDefinition {
  const updateFields = scope.userType === "OPERATOR" ? operatorUpdateFields : writable;
  return write(scope.updateUser, (call) => {
    const update = updateIn(call, scope);
    const keys = {
      ...tenantFields,
      id: "integer",
      username: "string",
      currentPassword: "string",
      _update: "object",
    } as const;
    checkFields(call.params, keys);
    checkFields(update, updateFields);
    checkAccessLevel(update);
    const tenantId = tenantOf(call, scope);
    const user = findUser(call, scope, tenantId);
    checkMayUpdate(call, scope, tenantId, user, update);
    if (!user) return { rows: 0 };
    checkUpdate(call, scope, tenantId, user, update);
    call.store.changeUser(user.id, changesIn(update, call.at));
    return { rows: 1 };
  });
}

function deleteUser(scope: Scope): MethodDefinition {
  return write(scope.deleteUser, (call) => {
    checkFields(call.params, { ...tenantFields, id: "integer", username: "string" });
    const privilege = `DELETE:${scope.userObject}`;
    requirePrivilege(call, privilege);
    const tenantId = tenantOf(call, scope);
    requireDelegation(call, scope, tenantId, privilege);
    const user = findUser(call, scope, tenantId);
    if (!user) return { id: integerIn(call.params, "id") ?? null, rows: 0 };
    checkMutable(call, user);
    if (user.isDefault) throw refused("simulated: a default user cannot be deleted");
    call.store.removeUser(user.id);
    return { id: user.id, rows: 1 };
  });
}

/** Sends the mail with the link: never part of a reconcile, and the outbox shows when it was. */
const sendResetMail = write("enterpriseUser/sendEnterpriseUserPasswordResetEmail", (call) => {
  requirePrivilege(call, "UPDATE:ENTERPRISE_USER");
  const user = findUser(call, scopes.ENTERPRISE, tenantOf(call, scopes.ENTERPRISE));
  if (!user) throw refused("simulated: there is no such user");
  if (!user.isNative) throw refused("simulated: the password of a non-native user cannot be reset");
  call.store.outbox.push({ at: call.at, to: user.email ?? user.username, userId: user.id });
  return { rows: 1 };
});

const readResetMail = read("enterpriseUser/getEnterpriseUserPasswordResetEmail", (call) => {
  requirePrivilege(call, "UPDATE:ENTERPRISE_USER");
  return { emailSubject: "simulated password reset", sentBy: roleOfPrincipal(call).name };
});

export const userMethods: readonly MethodDefinition[] = [
  ...allScopes.flatMap((scope) => [
    listUsers(scope),
    getUser(scope),
    insertUser(scope),
    updateUser(scope),
    deleteUser(scope),
  ]),
  readResetMail,
  sendResetMail,
];
