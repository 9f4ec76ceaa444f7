import { VelocloudStore } from "./foreign-edits.ts";
import type { UserRecord } from "./records.ts";
import { makeCatalogue } from "./roles.ts";
import type { UserType } from "./scopes.ts";

/** A user of the new world: how to log in, and an API token that is Enabled. */
export type Account = { id: number; username: string; password: string; token: string };

/** What a new simulated orchestrator holds: ids of its tenants and one super user of each. */
export type World = {
  enterpriseId: number;
  /** A second customer, to prove that nobody reaches over. It has no partner. */
  otherEnterpriseId: number;
  /** The partner of the first customer. */
  enterpriseProxyId: number;
  networkId: number;
  /** Enterprise Superuser, default user of the first customer. */
  enterprise: Account;
  otherEnterprise: Account;
  /** MSP Superuser. */
  partner: Account;
  /** Operator Superuser. */
  operator: Account;
};

function makeAccount(
  store: VelocloudStore,
  username: string,
  roleName: string,
  userType: UserType,
  tenantId: number,
): Account {
  const password = `sim${store.random.hex(14)}7`;
  const person = { firstName: "Default", lastName: "Superuser", email: username, isDefault: true };
  const user = store.addUser({ username, roleName, userType, tenantId, password, ...person });
  const token = store.addEnabledToken({ ownerId: user.id, name: "simulator", description: "came with the simulator" });
  return { id: user.id, username, password, token };
}

function addTenants(
  store: VelocloudStore,
  created: number,
): Pick<World, "enterpriseId" | "otherEnterpriseId" | "enterpriseProxyId" | "networkId"> {
  const enterpriseProxyId = store.newId("tenant");
  const otherEnterpriseId = store.newId("tenant");
  const rest = { authenticationMode: "SSO", userManagementDelegatedToOperator: false, created } as const;
  store.proxies.put({ id: enterpriseProxyId, name: "Simulated Partner", created }, created);
  store.enterprises.put({ id: 1, name: "Simulated Customer", enterpriseProxyId, ...rest }, created);
  store.enterprises.put({ id: otherEnterpriseId, name: "Other Customer", enterpriseProxyId: null, ...rest }, created);
  return { enterpriseId: 1, otherEnterpriseId, enterpriseProxyId, networkId: 1 };
}

const extraRoles = [
  "Enterprise Standard Admin",
  "Enterprise Support",
  "Enterprise Network Admin",
  "Enterprise Security Admin",
];

function addExtraUser(store: VelocloudStore, index: number): UserRecord {
  const username = `user${String(index + 1).padStart(5, "0")}@customer.example`;
  const roleName = extraRoles[index % extraRoles.length]!;
  return store.addUser({ username, roleName, tenantId: 1, password: `sim${store.random.hex(14)}7`, email: username });
}

/** Fills a new store. Equal seeds and counts give an equal world. */
export function makeWorld(seed: number, users: number, now: () => number): { store: VelocloudStore; world: World } {
  const store = new VelocloudStore(seed, now);
  const created = now();
  const catalogue = makeCatalogue(store.random, created);
  for (const role of catalogue.roles) store.roles.put(role, created);
  store.functionalRoles = catalogue.functionalRoles;
  const tenants = addTenants(store, created);
  const { enterpriseId, otherEnterpriseId, enterpriseProxyId, networkId } = tenants;
  const world = {
    ...tenants,
    enterprise: makeAccount(store, "admin@customer.example", "Enterprise Superuser", "ENTERPRISE", enterpriseId),
    otherEnterprise: makeAccount(store, "admin@other.example", "Enterprise Superuser", "ENTERPRISE", otherEnterpriseId),
    partner: makeAccount(store, "admin@partner.example", "MSP Superuser", "MSP", enterpriseProxyId),
    operator: makeAccount(store, "super@operator.example", "Operator Superuser", "OPERATOR", networkId),
  };
  for (let index = 0; index < users; index += 1) addExtraUser(store, index);
  for (const table of [store.users, store.tokens, store.roles]) table.forgetHistory();
  return { store, world };
}
