import type { StepContext } from "../src/connectors/connector.ts";
import { type ScopeName, scopes } from "../src/connectors/velocloud/scopes.ts";
import type { SecretTarget } from "../src/secret.ts";
import { type Bench, contextOf, entryOf } from "./velocloud-fixture.ts";

/** Every operation of every kind as one step, with the method that writes and what the store shows when it happened. */

export interface OperationCase {
  name: string;
  /** Scopes that have the operation; all when absent. */
  scopes?: ScopeName[];
  method(scope: ScopeName): string;
  prepare(bench: Bench): Promise<StepContext>;
  happened(bench: Bench): boolean;
}

const user = "velocloud_admin_user";
const token = "velocloud_api_token";
const role = "velocloud_role";
export const mark = "[stw:1a2b3c4d.3]";
const target: SecretTarget & { generation: number } = {
  sink: "local",
  path: "x",
  issueId: "1a2b3c4d.x.3",
  generation: 3,
};
const place = (secret: string) => ({ delivers: { [secret]: target }, promotes: [target] });

/** A role for users of the scope that may have tokens and is no super user's. */
export const plainRole: Record<ScopeName, string> = {
  enterprise: "Enterprise Standard Admin",
  partner: "MSP Standard Admin",
  operator: "Operator Standard Admin",
};
const otherRole: Record<ScopeName, string> = {
  enterprise: "Enterprise Support",
  partner: "MSP Customer Support",
  operator: "Operator Support",
};

export function scopeOf(bench: Bench): ScopeName {
  return bench.open.reader.scope.name;
}

export function tenantOf(bench: Bench): number {
  const { enterpriseId, enterpriseProxyId, networkId } = bench.simulator.world;
  return { enterprise: enterpriseId, partner: enterpriseProxyId, operator: networkId }[scopeOf(bench)];
}

/** A user of the tenant, made behind Steward's back. */
export function addUser(bench: Bench, username = "ci@example.net", password = "known-password-1") {
  const scope = scopeOf(bench);
  const { userType } = scopes[scope];
  return bench.simulator.store.addUser({
    username,
    roleName: plainRole[scope],
    userType,
    tenantId: tenantOf(bench),
    password,
  });
}

const userNamed = (bench: Bench, name = "ci@example.net") => bench.simulator.store.userNamed(name);
const firstToken = (bench: Bench) => bench.simulator.store.tokensOf(userNamed(bench)!.id)[0]!;
const partsOf = (bench: Bench) =>
  bench.simulator.store.functionalRoles.filter((part) => part.userType === scopes[scopeOf(bench)].userType);

function roleRecord(bench: Bench) {
  return bench.simulator.store.roles.find((candidate) => candidate.name === "Auditor");
}

/** A custom role, made through the API by the super user. */
async function addRole(bench: Bench): Promise<string> {
  const attributes = { name: "Auditor", description: "looks", privileges: [partsOf(bench)[2]!.name] };
  const id = await bench.open.writer().createRole({
    name: attributes.name,
    description: attributes.description,
    functionalRoleIds: [partsOf(bench)[2]!.id],
  });
  return String(id);
}

const userCases: OperationCase[] = [
  {
    name: `${user}/create`,
    method: (scope) => scopes[scope].users.insert,
    prepare: (bench) =>
      contextOf(bench, user, {
        operation: "create",
        input: { attributes: { username: "ci@example.net", role: plainRole[scopeOf(bench)], first_name: "CI" } },
        ...place("password"),
      }),
    happened: (bench) =>
      userNamed(bench) !== undefined && userNamed(bench)?.password === bench.desk.next.get(target.issueId)?.reveal(),
  },
  {
    name: `${user}/update`,
    method: (scope) => scopes[scope].users.update,
    prepare(bench) {
      const id = String(addUser(bench).id);
      const changes = {
        role: otherRole[scopeOf(bench)],
        first_name: "New",
        email: { $clear: true as const },
        enabled: false,
      };
      return contextOf(bench, user, { operation: "update", input: { id, changes } });
    },
    happened: (bench) => userNamed(bench)?.firstName === "New" && userNamed(bench)?.isActive === false,
  },
  {
    name: `${user}/set_password`,
    method: (scope) => scopes[scope].users.update,
    prepare(bench) {
      const input = { id: String(addUser(bench).id), username: "ci@example.net" };
      return contextOf(bench, user, { operation: "set_password", input, ...place("password") });
    },
    happened: (bench) => userNamed(bench)?.password === bench.desk.next.get(target.issueId)?.reveal(),
  },
  {
    name: `${user}/set_password from a reference`,
    method: (scope) => scopes[scope].users.update,
    prepare(bench) {
      bench.desk.references.set("CI_PASSWORD", "another-canary-9");
      const password = { $secret: { from: "env" as const, name: "CI_PASSWORD" } };
      const input = { id: String(addUser(bench).id), username: "ci@example.net", password };
      return contextOf(bench, user, { operation: "set_password", input });
    },
    happened: (bench) => userNamed(bench)?.password === "another-canary-9",
  },
  {
    name: `${user}/revoke_token`,
    method: (scope) => scopes[scope].tokens.revoke,
    prepare(bench) {
      bench.simulator.store.addEnabledToken({ ownerId: addUser(bench).id, name: "ci" });
      return contextOf(bench, user, { operation: "revoke_token", input: { id: String(firstToken(bench).id) } });
    },
    happened: (bench) => firstToken(bench).isRevoked,
  },
  {
    name: `${user}/delete`,
    method: (scope) => scopes[scope].users.remove,
    prepare: (bench) => contextOf(bench, user, { operation: "delete", input: { id: String(addUser(bench).id) } }),
    happened: (bench) => userNamed(bench) === undefined,
  },
];

const tokenCases: OperationCase[] = [
  {
    name: `${token}/create`,
    method: (scope) => scopes[scope].tokens.create,
    prepare(bench) {
      addUser(bench);
      const input = { owner: "ci@example.net", name: "ci", description: "Build", mark, lifetime_ms: 86_400_000 };
      return contextOf(bench, token, { operation: "create", input });
    },
    happened: (bench) => firstToken(bench)?.description === `Build ${mark}`,
  },
  {
    name: `${token}/download`,
    method: (scope) => scopes[scope].tokens.download,
    prepare(bench) {
      const { id: ownerId, username } = addUser(bench);
      const { id } = bench.simulator.store.addToken({ ownerId, name: "ci" });
      bench.desk.references.set("local:ci", "known-password-1");
      const input = { owner: username, password: { $secret: { from: "sink" as const, name: "local:ci" } } };
      const draft = { operation: "download", input, delivers: { token: target } };
      return contextOf(bench, token, draft, entryOf(token, String(id)));
    },
    happened: (bench) => firstToken(bench).downloaded !== null,
  },
  {
    name: `${token}/revoke`,
    method: (scope) => scopes[scope].tokens.revoke,
    prepare(bench) {
      bench.simulator.store.addEnabledToken({ ownerId: addUser(bench).id, name: "ci" });
      return contextOf(bench, token, { operation: "revoke", input: { id: String(firstToken(bench).id) } });
    },
    happened: (bench) => firstToken(bench).isRevoked,
  },
];

const roleCases: OperationCase[] = [
  {
    name: `${role}/create`,
    method: (scope) => scopes[scope].roles.create,
    prepare(bench) {
      const privileges = partsOf(bench).slice(2, 4);
      const attributes = { name: "Auditor", description: "looks", privileges: privileges.map((part) => part.name) };
      return contextOf(bench, role, { operation: "create", input: { attributes } });
    },
    happened: (bench) => roleRecord(bench)?.functionalRoleIds.length === 2,
  },
  {
    name: `${role}/update`,
    method: (scope) => scopes[scope].roles.update,
    async prepare(bench) {
      const privileges = partsOf(bench).slice(2, 5);
      const changes = { description: "looks closer", privileges: privileges.map((part) => part.name).reverse() };
      return contextOf(bench, role, { operation: "update", input: { id: await addRole(bench), changes } });
    },
    happened: (bench) => roleRecord(bench)?.functionalRoleIds.length === 3,
  },
  {
    name: `${role}/delete`,
    method: (scope) => scopes[scope].roles.remove,
    prepare: async (bench) => contextOf(bench, role, { operation: "delete", input: { id: await addRole(bench) } }),
    happened: (bench) => roleRecord(bench) === undefined,
  },
];

const delegationCase: OperationCase = {
  name: "velocloud_user_management_delegation/set",
  scopes: ["enterprise"],
  method: () => "role/setEnterpriseUserManagementDelegatedToOperator",
  prepare: (bench) =>
    contextOf(bench, "velocloud_user_management_delegation", { operation: "set", input: { delegated: true } }),
  happened: (bench) =>
    bench.simulator.store.enterprises.get(bench.simulator.world.enterpriseId)!.userManagementDelegatedToOperator,
};

export const operationCases: OperationCase[] = [...userCases, ...tokenCases, ...roleCases, delegationCase];
