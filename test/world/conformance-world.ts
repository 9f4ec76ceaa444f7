import { entryOf } from "../../src/commands/import.ts";
import { type ScopeName, scopes } from "../../src/connectors/velocloud/scopes.ts";
import { InvalidManifest, Refusal } from "../../src/diagnostic.ts";
import { refresh } from "../../src/refresh.ts";
import type { SimulatorSettings } from "../../src/simulators/velocloud/options.ts";
import type { TokenRecord, UserRecord } from "../../src/simulators/velocloud/records.ts";
import type { RoleRecord } from "../../src/simulators/velocloud/roles.ts";
import { VelocloudSimulator } from "../../src/simulators/velocloud/simulator.ts";
import type { Consents, Plan } from "../../src/step.ts";
import { planWithConsents } from "./converge.ts";
import { TestWorld } from "./test-world.ts";

export const scopeNames = Object.keys(scopes) as ScopeName[];
export { type ScopeName, scopes };

/** `!clear` in a manifest. */
export const clear = Symbol("!clear");
export type Attributes = Record<string, unknown>;
/** Blocks by kind and name. */
export type Resources = Record<string, Record<string, Attributes>>;

const credentials = {
  session: `{ username: "\${env.VCO_USER}", password: "\${env.VCO_PASSWORD}" }`,
  token: `{ token: "\${env.VCO_TOKEN}" }`,
};

export interface ManifestOptions {
  credentials?: keyof typeof credentials;
  /** Further lines of the system. */
  system?: string[];
  /** Further top-level sections. */
  rest?: string;
}

/** A manifest with one system of this scope and a sink that costs nothing. */
export function manifestOf(scope: ScopeName, resources: Resources, options: ManifestOptions = {}): string {
  const lines = Object.entries(resources).flatMap(([kind, blocks]) => [
    `  ${kind}:`,
    ...Object.entries(blocks).flatMap(([name, attributes]) => [`    ${name}:`, ...attributeLines(attributes)]),
  ]);
  return [
    "systems:",
    "  velocloud:",
    "    url: https://vco.test",
    `    scope: ${scope}`,
    ...(options.system ?? []).map((line) => `    ${line}`),
    `    credentials: ${credentials[options.credentials ?? "session"]}`,
    "sinks:",
    "  local: { type: env-file, path: secrets.env }",
    options.rest ?? "",
    "resources:",
    ...(lines.length > 0 ? lines : ["  {}"]),
    "",
  ].join("\n");
}

function attributeLines(attributes: Attributes): string[] {
  return Object.entries(attributes).map(
    ([name, value]) => `      ${name}: ${value === clear ? "!clear" : JSON.stringify(value)}`,
  );
}

/** A world whose credentials are those of the scope's super user. */
export function worldOf(scope: ScopeName, settings: Partial<SimulatorSettings> = {}): TestWorld {
  const world = new TestWorld(3, new VelocloudSimulator({ seed: 3, now: () => startMs, ...settings }));
  world.account = scope;
  return world;
}

const startMs = Date.parse("2026-11-20T12:00:00Z");

export function tenantOf(world: TestWorld, scope: ScopeName): number {
  const { enterpriseId, enterpriseProxyId, networkId } = world.simulator.world;
  return { enterprise: enterpriseId, partner: enterpriseProxyId, operator: networkId }[scope];
}

/** A user of the scope's tenant that somebody else made. */
export function foreignUser(
  world: TestWorld,
  scope: ScopeName,
  user: Partial<UserRecord> & { username: string; roleName: string },
): UserRecord {
  const { userType } = scopes[scope];
  return world.simulator.store.addUser({ userType, tenantId: tenantOf(world, scope), password: "foreign-1", ...user });
}

export const lines = (plan: Plan): string[] =>
  plan.changes.map(
    (change) => `${change.held ? "held " : ""}${change.blocked ? "blocked " : ""}${change.action} ${change.address}`,
  );

/** Everything that a refused or wrong manifest is told: messages, ways out and flags. Fails when nothing is refused. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => new Error("nothing was refused"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Refusal) return error.reasons.map(({ message, remedy }) => `${message} => ${remedy}`).join("\n");
  if (error instanceof InvalidManifest)
    return error.diagnostics.map(({ message, hint }) => `${message} => ${hint ?? ""}`).join("\n");
  throw error;
}

/** Applies; every step must be done. */
export async function applied(world: TestWorld, text: string, consents: Partial<Consents> = {}): Promise<Plan> {
  const report = await world.apply(text, { consents });
  const undone = report.steps.filter((step) => step.result !== "done");
  if (undone.length > 0 || report.outcome === "unfinished")
    throw new Error(
      `not done: ${JSON.stringify(undone.map(({ step, result, because }) => [step.id, result, because]))}`,
    );
  return report.plan;
}

/** What `steward import` records. */
export async function importObject(world: TestWorld, text: string, address: string, id: string): Promise<void> {
  await world.withLock(text, "import", async (workspace) => {
    workspace.begin();
    const resource = workspace.manifest.resources.find((one) => one.address === address);
    const kind = workspace.kinds.get(address.split(".")[0]!)!;
    const seen = (await refresh(workspace, { probe: "none" })).systems.velocloud!.kinds[kind.name]!;
    const actual = seen.objects.find((object) => object.id === id);
    if (!actual) throw new Error(`there is no ${address} with the id ${id}`);
    const entry = entryOf({ address, kind, system: "velocloud", actual, resource });
    await workspace.append([{ type: "entry", at: workspace.timestamp(), by: "test", why: "import", address, entry }]);
  });
}

/** Applies until nothing is left, and never needs to restore what somebody took away. At most five applies. */
export async function finish(world: TestWorld, text: string): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await world.recover(text);
    const { plan, consents } = await planWithConsents(world, text);
    if ((consents.restore ?? []).length > 0)
      throw new Error(`held: ${JSON.stringify((await world.plan(text)).changes)} round ${round}`);
    if (plan.changes.length === 0) return;
    await world.apply(text, { consents });
  }
  throw new Error(`still to do: ${JSON.stringify(lines((await planWithConsents(world, text)).plan))}`);
}

/** What the tenant holds, without ids, times and secrets: equal shapes mean equal outcomes. */
export function shapeOf(world: TestWorld, scope: ScopeName): Record<string, unknown> {
  const { store } = world.simulator;
  const key = scopes[scope].tenantKey;
  const own = <T extends UserRecord | TokenRecord | RoleRecord>(rows: T[]): T[] =>
    rows.filter((row) => row[key] === tenantOf(world, scope));
  const live = own(store.tokens.values()).filter((token) => /PENDING|ENABLED/.test(store.tokenState(token.id) ?? ""));
  return {
    users: own(store.users.values())
      .map((user) => storedUser(world, user))
      .sort(byName),
    tokens: live.map((token) => storedToken(world, token)).sort(byName),
    roles: own(store.roles.values())
      .map((role) => storedRole(world, role))
      .sort(byName),
    delegated: store.enterprises.get(world.simulator.world.enterpriseId)!.userManagementDelegatedToOperator,
  };
}

const byName = (a: Attributes, b: Attributes): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** A row of the simulator in the words of the schema, field by field. */
export function storedUser(world: TestWorld, user: UserRecord): Attributes {
  return {
    username: user.username,
    role: world.simulator.store.roleOf(user).name,
    enabled: user.isActive,
    native: user.isNative,
    second_factor_disabled: user.disableSecondFactor,
    access_level: user.accessLevel,
    first_name: user.firstName,
    last_name: user.lastName,
    email: user.email,
    office_phone: user.officePhone,
    mobile_phone: user.mobilePhone,
  };
}

export function storedToken(world: TestWorld, token: TokenRecord): Attributes {
  const { store } = world.simulator;
  const lifetimeMs = token.expiration - token.created;
  return {
    owner: store.anyUser(token.ownerId)?.username,
    name: token.name,
    description: token.description?.replace(/ ?\[stw:[0-9a-f]{8}\.\d+\]$/, "") || null,
    lifetime: `${lifetimeMs / 86_400_000}d`,
    state: store.tokenState(token.id),
  };
}

export function storedRole(world: TestWorld, role: RoleRecord): Attributes {
  const parts = new Map(world.simulator.store.functionalRoles.map((part) => [part.id, part.name]));
  return {
    name: role.name,
    description: role.description,
    privileges: role.functionalRoleIds.map((id) => parts.get(id)).sort(),
  };
}
