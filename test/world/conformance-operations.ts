import { otherRole, partsOf, plainRole } from "./conformance-cases.ts";
import {
  type Attributes,
  applied,
  manifestOf,
  type Resources,
  type ScopeName,
  scopeNames,
  scopes,
} from "./conformance-world.ts";
import type { TestWorld } from "./test-world.ts";

/** One apply whose plan holds one step of an operation, and what the simulator's store shows when that step happened. */
export interface OperationScenario {
  /** `KIND/OPERATION`, and what is special about it. */
  operation: string;
  title: string;
  scopes: readonly ScopeName[];
  /** The wire method of the step's write. */
  method(scope: ScopeName): string;
  /** In force before; nothing when absent. */
  before?(scope: ScopeName): Resources;
  /** What happens between the two applies. */
  between?(world: TestWorld, scope: ScopeName): Promise<void> | void;
  after(scope: ScopeName): Resources;
  removes?: number;
  happened(world: TestWorld): boolean;
  /** Whether a step that was cut off after it was carried out has lost what it gave. */
  loses?: true;
}

const user = "velocloud_admin_user";
const token = "velocloud_api_token";
const role = "velocloud_role";
const dayMs = 86_400_000;

const person = (scope: ScopeName, more: Attributes = {}): Resources => ({
  [user]: {
    ci: {
      username: "ci@acme.example",
      role: plainRole[scope],
      first_name: "CI",
      password: { generate: true, deliver_to: "local:CI_PASSWORD" },
      ...more,
    },
  },
});
const withToken = (scope: ScopeName): Resources => ({
  ...person(scope),
  [token]: {
    ci: {
      owner: "${velocloud_admin_user.ci}",
      name: "ci",
      lifetime: "90d",
      rotate_before: "14d",
      deliver_to: "local:TOKEN",
    },
  },
});
const auditor = (description: string, privileges: string[]): Resources => ({
  [role]: { auditor: { name: "Auditor", description, privileges } },
});

const theUser = (world: TestWorld) => world.simulator.store.userNamed("ci@acme.example");
const tokensOfUser = (world: TestWorld) =>
  world.simulator.store.tokens.values().filter((each) => each.description?.includes("[stw:"));
const theRole = (world: TestWorld) => world.simulator.store.roles.find((each) => each.name === "Auditor");
const none = (): Resources => ({});

const userScenarios: OperationScenario[] = [
  {
    operation: `${user}/create`,
    title: "create a user",
    scopes: scopeNames,
    method: (scope) => scopes[scope].users.insert,
    after: person,
    happened: (world) => theUser(world) !== undefined,
  },
  {
    operation: `${user}/update`,
    title: "change a user",
    scopes: scopeNames,
    method: (scope) => scopes[scope].users.update,
    before: person,
    after: (scope) => person(scope, { first_name: "New", role: otherRole[scope], enabled: false }),
    happened: (world) => theUser(world)?.firstName === "New",
  },
  {
    operation: `${user}/set_password`,
    title: "set a password",
    scopes: scopeNames,
    method: (scope) => scopes[scope].users.update,
    before: person,
    between: (world) => {
      world.moreVariables.OLD_PASSWORD = theUser(world)?.password ?? "";
    },
    after: (scope) => person(scope, { password: { generate: true, deliver_to: "local:CI_PASSWORD", generation: 2 } }),
    happened: (world) => theUser(world)?.password !== world.moreVariables.OLD_PASSWORD,
  },
  {
    operation: `${user}/revoke_token`,
    title: "revoke a token that others made for a user who goes",
    scopes: scopeNames,
    method: (scope) => scopes[scope].tokens.revoke,
    before: person,
    between: (world) => {
      world.simulator.store.addEnabledToken({ ownerId: theUser(world)!.id, name: "foreign", description: "[stw:" });
    },
    after: none,
    removes: 1,
    happened: (world) => tokensOfUser(world).every((each) => each.isRevoked),
  },
  {
    operation: `${user}/delete`,
    title: "delete a user",
    scopes: scopeNames,
    method: (scope) => scopes[scope].users.remove,
    before: person,
    after: none,
    removes: 1,
    happened: (world) => theUser(world) === undefined,
  },
];

/** A token that was made and not downloaded: the download was refused by a page that stood in the way. */
async function undelivered(world: TestWorld, scope: ScopeName): Promise<void> {
  world.simulator.faults.add({ fault: "html", method: scopes[scope].tokens.download, times: 1 });
  const text = manifestOf(scope, withToken(scope));
  const report = await world.apply(text);
  if (report.outcome !== "unfinished") throw new Error("the download was not kept from happening");
  await world.recover(text);
}

const tokenScenarios: OperationScenario[] = [
  {
    operation: `${token}/create`,
    title: "create a token",
    scopes: scopeNames,
    method: (scope) => scopes[scope].tokens.create,
    before: person,
    after: withToken,
    happened: (world) => tokensOfUser(world).length > 0,
  },
  {
    operation: `${token}/download`,
    title: "download a token",
    scopes: scopeNames,
    method: (scope) => scopes[scope].tokens.download,
    before: person,
    between: undelivered,
    after: withToken,
    happened: (world) => tokensOfUser(world).some((each) => each.downloaded !== null),
    loses: true,
  },
  {
    operation: `${token}/revoke`,
    title: "revoke a token whose block goes",
    scopes: scopeNames,
    method: (scope) => scopes[scope].tokens.revoke,
    before: withToken,
    after: person,
    removes: 1,
    happened: (world) => tokensOfUser(world).every((each) => each.isRevoked),
  },
  {
    operation: `${token}/revoke`,
    title: "revoke the former token of a rotation",
    scopes: scopeNames,
    method: (scope) => scopes[scope].tokens.revoke,
    before: withToken,
    between: (world) => world.clock.advance(80 * dayMs),
    after: withToken,
    happened: (world) => tokensOfUser(world).some((each) => each.isRevoked),
  },
  {
    operation: `${token}/create`,
    title: "create the next token of a rotation",
    scopes: scopeNames,
    method: (scope) => scopes[scope].tokens.create,
    before: withToken,
    between: (world) => world.clock.advance(80 * dayMs),
    after: withToken,
    happened: (world) => tokensOfUser(world).length > 1,
  },
];

const roleScenarios: OperationScenario[] = [
  {
    operation: `${role}/create`,
    title: "create a role",
    scopes: scopeNames,
    method: (scope) => scopes[scope].roles.create,
    after: (scope) => auditor("looks", partsOf(scope).slice(1)),
    happened: (world) => theRole(world) !== undefined,
  },
  {
    operation: `${role}/update`,
    title: "change a role's description",
    scopes: scopeNames,
    method: (scope) => scopes[scope].roles.update,
    before: (scope) => auditor("looks", partsOf(scope)),
    after: (scope) => auditor("looks closer", partsOf(scope)),
    happened: (world) => theRole(world)?.description === "looks closer",
  },
  {
    operation: `${role}/update`,
    title: "change a role's privileges",
    scopes: scopeNames,
    method: (scope) => scopes[scope].roles.update,
    before: (scope) => auditor("looks", partsOf(scope).slice(1)),
    after: (scope) => auditor("looks", partsOf(scope)),
    happened: (world) => theRole(world)?.functionalRoleIds.length === 6,
  },
  {
    operation: `${role}/delete`,
    title: "delete a role",
    scopes: scopeNames,
    method: (scope) => scopes[scope].roles.remove,
    before: (scope) => auditor("looks", partsOf(scope)),
    after: none,
    removes: 1,
    happened: (world) => theRole(world) === undefined,
  },
];

const delegationScenario: OperationScenario = {
  operation: "velocloud_user_management_delegation/set",
  title: "set the delegation",
  scopes: ["enterprise"],
  method: () => "role/setEnterpriseUserManagementDelegatedToOperator",
  after: () => ({ velocloud_user_management_delegation: { it: { delegated: true } } }),
  happened: ({ simulator }) =>
    simulator.store.enterprises.get(simulator.world.enterpriseId)!.userManagementDelegatedToOperator,
};

export const operationScenarios: readonly OperationScenario[] = [
  ...userScenarios,
  ...tokenScenarios,
  ...roleScenarios,
  delegationScenario,
];

/** Brings a world to the point before the scenario's own apply. */
export async function arrive(world: TestWorld, scenario: OperationScenario, scope: ScopeName): Promise<void> {
  const before = manifestOf(scope, scenario.before?.(scope) ?? {});
  await world.trust(manifestOf(scope, withToken(scope)));
  if (scenario.before) await applied(world, before);
  await scenario.between?.(world, scope);
}
