import { requestApp } from "./connect.ts";
import { initialFields, roleFields, userFields } from "./fields.ts";
import type { ApiModule } from "./licensing.ts";
import { type ApiCredentials, type ConsoleAccount, type EnvironmentName, environmentNames } from "./records.ts";
import { MomentusStore } from "./store.ts";

/** What a new simulated customer holds. Its names are the simulator's own. */
export type MomentusWorld = {
  /** Of Enterprise support: sees internal API users and works in Connect. */
  support: ConsoleAccount;
  customerAdmin: ConsoleAccount;
  /** An ordinary API user of each environment for calls of the v1 API. */
  apiUser: Readonly<Record<EnvironmentName, ApiCredentials>>;
};

export type WorldOptions = { seed: number; users: number; modules: readonly ApiModule[]; now: () => number };

const people = [
  { id: "AGREEN", name: "Alma Green", role: "SALES" },
  { id: "BSTONE", name: "Ben Stone", role: "OPS" },
] as const;

function account(store: MomentusStore, role: ConsoleAccount["role"], username: string, name: string): ConsoleAccount {
  return { username, name, role, password: `sim${store.random.hex(14)}7` };
}

function addUser(store: MomentusStore, environment: EnvironmentName, id: string, name: string): void {
  const stamp = new Date(store.now()).toISOString();
  const stamps = { EnteredBy: "SYSTEM", EnteredOn: stamp, ChangedBy: "SYSTEM", ChangedOn: stamp };
  const own = {
    ID: id,
    DisplayName: name,
    LoginID: id,
    Organization: "10",
    Email: `${id.toLowerCase()}@venue.example`,
  };
  store.putRow(environment, "users", {
    id,
    fields: { ...initialFields(userFields), ...own, ActivationStatus: "A", ...stamps },
  });
}

function addRole(store: MomentusStore, environment: EnvironmentName, id: string, name: string): void {
  const stamp = new Date(store.now()).toISOString();
  const stamps = { EnteredBy: "SYSTEM", EnteredOn: stamp, ChangedBy: "SYSTEM", ChangedOn: stamp };
  const fields = { ...initialFields(roleFields), ID: id, DisplayName: name, AccessLevel: 1, ...stamps };
  store.putRow(environment, "roles", { id, fields });
}

function fill(store: MomentusStore, environment: EnvironmentName, { users, modules }: WorldOptions): ApiCredentials {
  store[environment].organizations = ["10", "20"];
  addRole(store, environment, "SALES", "Sales");
  addRole(store, environment, "OPS", "Operations");
  for (const { id, name, role } of people) {
    addUser(store, environment, id, name);
    store.addMembership(environment, id, role);
  }
  for (let index = 1; index <= users; index += 1) {
    const id = `U${String(index).padStart(6, "0")}`;
    addUser(store, environment, id, `User ${index}`);
  }
  for (const module of modules) store.licensing.switchOn(environment, module);
  store.addApiUser(environment, { id: "STEWARD", displayName: "Steward", description: "Came with the simulator" });
  store.addKey(environment, "STEWARD");
  return store.credentialsOf(environment, "STEWARD");
}

/** Fills a new store. Equal seeds and counts give an equal world. Two apps are requested in each tenant. */
export function makeWorld(options: WorldOptions): { store: MomentusStore; world: MomentusWorld } {
  const store = new MomentusStore(options.seed, options.now);
  store.customerName = "Harbor Congress Center";
  const support = account(store, "support", "support@momentus.example", "Enterprise support");
  const customerAdmin = account(store, "customer-admin", "admin@venue.example", "Customer administrator");
  store.accounts = [support, customerAdmin];
  const serial = (): string => `SIM-${store.random.text(6, "0123456789")}`;
  store.serialNumbers = { prod: serial(), test: serial() };
  const apiUser = { prod: fill(store, "prod", options), test: fill(store, "test", options) };
  for (const tenant of environmentNames) {
    requestApp(store, tenant, "Floor Plan Studio");
    requestApp(store, tenant, "Lobby Signage");
    store[tenant].forgetHistory();
  }
  store.apps.forgetHistory();
  return { store, world: { support, customerAdmin, apiUser } };
}
