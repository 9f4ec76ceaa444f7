import type { Plain, StateEntry } from "../../src/resource.ts";
import type { ApiCredentials } from "../../src/simulators/momentus/records.ts";
import type { Attributes, Resources } from "./conformance-world.ts";
import { flowSystem } from "./flow-scenarios.ts";
import type { FlowWorld } from "./flow-world.ts";

/** Blocks, manifests and the simulator's store in the words of the schemas, for kinds that only people can change. */

export const moco: Resources = {
  momentus_api_user: {
    moco: {
      ...{ user_id: "MOCO-SERV", display_name: "Momentus Connect", organization: "any" },
      deliver_to: "local:MOCO_SERV",
    },
  },
};

/** An API user with every attribute at a value that it would not have by itself. */
export const reports: Attributes = {
  ...{ user_id: "REPORTS", display_name: "Reports of the house", description: "For the data warehouse" },
  ...{ organization: "20", enforce_access_privileges: true, allow_proxy_user: true, retired: false },
  ...{ internal: true, license_special_access: true, deliver_to: "local:REPORTS" },
};
export const withReports: Resources = { momentus_api_user: { reports } };

export const warehouse: Attributes = {
  ...{ api_user: "${momentus_api_user.reports}", name: "warehouse", deliver_to: "local:WAREHOUSE" },
};
export const withWarehouse: Resources = { ...withReports, momentus_api_key: { warehouse } };

export const studio: Attributes = { app: "Floor Plan Studio", connect_user: "${momentus_api_user.moco}" };
export const withStudio: Resources = { ...moco, momentus_app_approval: { studio } };

/** The same work, done by a browser whose account is one of support. */
export const browserManifest = (world: FlowWorld, resources: Resources, license = ""): string =>
  peopleManifest(world, resources, license, "browser");

/** A manifest of work at consoles: the system with everything that screens name, and a plain file for secrets. */
export function peopleManifest(world: FlowWorld, resources: Resources, license = "", hand?: "browser"): string {
  const blocks = Object.entries(resources).flatMap(([kind, named]) => [
    `  ${kind}:`,
    ...Object.entries(named).map(([name, attributes]) => `    ${name}: ${JSON.stringify(attributes)}`),
  ]);
  const system = flowSystem(world.momentus.store.serialNumbers.prod, license, hand);
  const sinks = `sinks:\n  local: { type: env-file, path: secrets.env }`;
  return `${system}\n${sinks}\nresources:\n${blocks.length > 0 ? blocks.join("\n") : "  {}"}\n`;
}

/** What the store holds of an API user, in the words of the schema. */
export function storedApiUser(world: FlowWorld, id: string): Record<string, Plain> | undefined {
  const user = world.momentus.store.prod.apiUser(id);
  return (
    user && {
      ...{ user_id: user.id, display_name: user.displayName, description: user.description || null },
      ...{ organization: user.organization, enforce_access_privileges: user.enforceAccessPrivileges },
      ...{ allow_proxy_user: user.allowProxyUser, retired: user.isRetired, internal: user.isInternal },
      license_special_access: user.hasLicenseSpecialAccess,
    }
  );
}

/** The status of an app of the tenant; undefined where it is not listed. */
export function storedApp(world: FlowWorld, name: string): string | undefined {
  return world.momentus.store.apps.find((app) => app.tenant === "prod" && app.name === name)?.status;
}

/** The bundle that lies at a place of the sink. */
export async function bundleAt(world: FlowWorld, text: string, path: string): Promise<ApiCredentials | undefined> {
  const value = await world.secret(text, path);
  return value === undefined ? undefined : (JSON.parse(value) as ApiCredentials);
}

/** What is recorded and not so, by the simulator's own store. */
export async function untruths(world: FlowWorld, text: string): Promise<string[]> {
  const { entries } = await world.state(text);
  const found = await Promise.all(Object.values(entries).map((entry) => untruthsOf(world, text, entry)));
  return found.flat();
}

async function untruthsOf(world: FlowWorld, text: string, entry: StateEntry): Promise<string[]> {
  if (entry.kind === "momentus_app_approval") {
    const status = storedApp(world, entry.id);
    return status === entry.attributes.status
      ? []
      : [`${entry.address} status ${entry.attributes.status} is ${status}`];
  }
  const wrong = entry.kind === "momentus_api_user" ? wrongSettings(world, entry) : [];
  return [...wrong, ...(await wrongCredentials(world, text, entry))];
}

function wrongSettings(world: FlowWorld, { address, id, attributes }: StateEntry): string[] {
  const stored = storedApiUser(world, id);
  if (!stored) return [`${address} is not there`];
  return Object.entries(attributes).flatMap(([name, value]) => {
    if (!(name in stored) || (name === "organization" && value === "any")) return [];
    return stored[name] === value
      ? []
      : [`${address} ${name} ${JSON.stringify(value)} is ${JSON.stringify(stored[name])}`];
  });
}

/** What is recorded as delivered lies in the sink, belongs to the user, and works unless the user is retired. */
async function wrongCredentials(world: FlowWorld, text: string, entry: StateEntry): Promise<string[]> {
  const { address, secrets, attributes } = entry;
  const secret = secrets.credentials;
  if (!secret?.delivered) return [];
  const { prod } = world.momentus.store;
  const sink = world.sinks(world.manifest(text)).get(secret.sink)!;
  const slot = await sink.has(secret.path, secret.issueId);
  const value = slot && (await sink.read(secret.path, slot))?.reveal();
  if (value === undefined) return [`${address} has no credentials in the sink`];
  const bundle = JSON.parse(value) as ApiCredentials;
  if (bundle.key.slice(0, 8) !== attributes.key_prefix) return [`${address} has the prefix of another Key`];
  const isUsable = prod.apiUser(bundle.id)?.isRetired === false;
  return !isUsable || prod.accepts(bundle) ? [] : [`${address} has credentials that do not work`];
}
