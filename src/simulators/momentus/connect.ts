import { type ApiCredentials, type AppRecord, type EnvironmentName, environmentNames } from "./records.ts";
import type { MomentusStore } from "./store.ts";

/** Momentus Connect: apps, and the API users that Enterprise keeps for it. */

const connectApiUserId = "MOCO-SERV";

/** Apps of the marketplace. The names are the simulator's own. */
export const marketplace: readonly { name: string; needsApi: boolean }[] = [
  { name: "Floor Plan Studio", needsApi: true },
  { name: "Crew Scheduler", needsApi: true },
  { name: "Lobby Signage", needsApi: false },
];

/** An operation that the state of an app does not allow; the text is the simulator's own. */
export class AppRefusal extends Error {}

/** Puts an app into the group Requested. An app that is on the list already is refused. */
export function requestApp(store: MomentusStore, tenant: EnvironmentName, name: string): AppRecord {
  if (!marketplace.some((offer) => offer.name === name)) throw new AppRefusal("There is no such app.");
  const listed = store.apps.find((app) => app.tenant === tenant && app.name === name);
  if (listed) throw new AppRefusal("This app was requested already.");
  const app: AppRecord = {
    ...{ id: store.newNumber(), tenant, name },
    ...{ status: "requested", apiUserId: null, configuration: null },
  };
  store.apps.put(app, store.now());
  return app;
}

/** Whether the prompt for MOCO-SERV must come before this tenant's next approval. */
export function needsConnectApiUser(store: MomentusStore, tenant: EnvironmentName): boolean {
  return !store.connectApiUsers.has(tenant);
}

/**
 * Tells Connect the credentials of MOCO-SERV and tries them. That a wrong ID, Secret or Key is refused at once, and how,
 * is assumed; an unlicensed environment refuses a user without License Special Access.
 */
export function enterConnectApiUser(store: MomentusStore, tenant: EnvironmentName, given: ApiCredentials): void {
  if (given.id !== connectApiUserId) throw new AppRefusal(`The ID of this API user must be ${connectApiUserId}.`);
  const user = store[tenant].apiUser(given.id);
  if (!user || !store[tenant].accepts(given))
    throw new AppRefusal("Enterprise does not accept this ID, Secret and Key.");
  if (!user.hasLicenseSpecialAccess && !store.licensing.isLicensed(tenant)) {
    throw new AppRefusal("Enterprise is not licensed for this API user.");
  }
  store.connectApiUsers.set(tenant, given);
}

function isConnected(store: MomentusStore, tenant: EnvironmentName): boolean {
  const known = store.connectApiUsers.get(tenant);
  return known !== undefined && store[tenant].accepts(known);
}

function demand(app: AppRecord, allowed: readonly AppRecord["status"][], what: string): void {
  if (!allowed.includes(app.status)) throw new AppRefusal(`An app with the status ${app.status} cannot be ${what}.`);
}

/** The dedicated API user of one app instance. Its ID and texts are the simulator's own. */
function addAppApiUser(store: MomentusStore, app: AppRecord): string {
  let id = `CONAPP${String(app.id).padStart(4, "0")}`;
  while (store[app.tenant].apiUser(id)) id = `CONAPP${String(store.newNumber()).padStart(4, "0")}`;
  const texts = { displayName: `Connect ${app.name}`, description: `Used by the Connect app ${app.name}` };
  store.addApiUser(app.tenant, { id, ...texts, appId: app.id, isInternal: true, hasLicenseSpecialAccess: true });
  store.addKey(app.tenant, id);
  return id;
}

/** Requested becomes Approved; an app that makes V1 calls gets its own API user, one per app instance. */
export function approveApp(store: MomentusStore, app: AppRecord): AppRecord {
  demand(app, ["requested"], "approved");
  if (needsConnectApiUser(store, app.tenant)) throw new AppRefusal("The Momentus Connect API User is missing.");
  if (!isConnected(store, app.tenant))
    throw new AppRefusal("Enterprise does not accept the Momentus Connect API User.");
  const needsApi = marketplace.some((offer) => offer.name === app.name && offer.needsApi);
  return store.changeApp(app.id, { status: "approved", apiUserId: needsApi ? addAppApiUser(store, app) : null });
}

/** Requested becomes Deleted, which is a status: the row stays until it is removed. */
export function declineApp(store: MomentusStore, app: AppRecord): AppRecord {
  demand(app, ["requested"], "declined");
  return store.changeApp(app.id, { status: "deleted" });
}

/** Saving the configuration activates an approved app. */
export function configureApp(store: MomentusStore, app: AppRecord, configuration: string): AppRecord {
  demand(app, ["approved", "active"], "configured");
  return store.changeApp(app.id, { status: "active", configuration });
}

/** Only an activated app can be disabled; its configuration is kept. */
export function disableApp(store: MomentusStore, app: AppRecord): AppRecord {
  demand(app, ["active"], "disabled");
  return store.changeApp(app.id, { status: "disabled" });
}

/** A disabled app works again with the configuration that was kept; that this exists is assumed. */
export function enableApp(store: MomentusStore, app: AppRecord): AppRecord {
  demand(app, ["disabled"], "enabled");
  return store.changeApp(app.id, { status: "active" });
}

/** Takes the row away, so that the app can be requested again. Its API user stays: nobody documents that it goes. */
export function removeApp(store: MomentusStore, app: AppRecord): void {
  demand(app, ["approved", "active", "disabled", "deleted"], "removed");
  store.apps.remove(app.id, store.now());
}

/** Whether an active app can work now: MOCO-SERV and its own API user are accepted. */
export function isAppWorking(store: MomentusStore, app: AppRecord): boolean {
  if (app.status !== "active" || !isConnected(store, app.tenant)) return false;
  if (app.apiUserId === null) return true;
  const user = store[app.tenant].apiUser(app.apiUserId);
  return Boolean(user && !user.isRetired && store[app.tenant].keysOf(user.id).some((key) => key.isValid));
}

/**
 * Copies the production database over the test one. The keys of MOCO-SERV and of app-specific users come along and do
 * not work any more, although every field looks as before. Connect and the licenses of test stay as they are.
 */
export function copyProdToTest(store: MomentusStore): void {
  const at = store.now();
  store.test = store.prod.clone();
  for (const key of store.test.keys.values()) {
    const owner = store.test.apiUser(key.apiUserId);
    const isConnects = owner !== undefined && (owner.id === connectApiUserId || owner.appId !== null);
    if (isConnects) store.test.keys.put({ ...key, isValid: false }, at);
  }
  for (const search of store.searches.values()) if (search.environment === "test") store.searches.delete(search.id);
}

/** What the vendor's platform team does after a copy: Connect forgets MOCO-SERV and asks again at the next approval. */
export function forgetConnectApiUser(store: MomentusStore, tenant: EnvironmentName): void {
  store.connectApiUsers.delete(tenant);
}

/** Whether a part of a path or a form names an environment. */
export function isEnvironmentName(text: string | undefined): text is EnvironmentName {
  return environmentNames.some((name) => name === text);
}
