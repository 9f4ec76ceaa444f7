import { entryOf } from "../../src/commands/import.ts";
import { refresh } from "../../src/refresh.ts";
import type { MomentusSettings, MomentusSimulatorOptions } from "../../src/simulators/momentus/options.ts";
import { MomentusSimulator } from "../../src/simulators/momentus/simulator.ts";
import { type Attributes, applied, type Resources } from "./conformance-world.ts";
import type { Simulated } from "./sim-transport.ts";
import { TestWorld } from "./test-world.ts";

/** Steward's whole world with a Momentus environment in it. Its clock can be set apart from the system's. */
export class MomentusWorld extends TestWorld {
  readonly momentus: MomentusSimulator;
  /** How far the system's clock is ahead of ours, in milliseconds. */
  aheadMs = 0;
  /** Requests as they were sent, for tests that look into them. */
  readonly requests: { method: string; path: string; headers: Record<string, string>; body: string }[] = [];
  /** Changes an answer on its way. */
  rewrite: ((path: string, headers: Record<string, string | string[]>) => void) | undefined;

  constructor(
    settings: Partial<MomentusSettings> & Pick<MomentusSimulatorOptions, "users" | "modules"> = {},
    simulator?: MomentusSimulator,
  ) {
    super(5);
    const now = (): number => this.clock.now() + this.aheadMs;
    const sleep = (ms: number): Promise<void> => this.clock.sleep(ms);
    this.momentus = simulator?.clone({ now, sleep }) ?? new MomentusSimulator({ seed: 5, now, sleep, ...settings });
  }

  override simulated(): Record<string, Simulated> {
    const handle: Simulated["handle"] = async (request) => {
      this.requests.push(request);
      const response = await this.momentus.handle({ ...request, headers: { ...request.headers, host: "venue.test" } });
      const date = new Date(this.clock.now() + this.aheadMs).toUTCString();
      const headers = { ...response.headers, date };
      this.rewrite?.(request.path, headers);
      return { ...response, headers };
    };
    return { ...super.simulated(), "https://venue.test": { handle } };
  }

  override environmentVariables(): Record<string, string> {
    const { secret, key } = this.momentus.world.apiUser.prod;
    const { username, password } = this.momentus.world.support;
    const account = { MOM_CONSOLE_USER: username, MOM_CONSOLE_PASSWORD: password };
    return { MOM_SECRET: secret, MOM_KEY: key, ...account, ...this.moreVariables };
  }

  /** What the system holds, by the names of the wire; undefined when there is no such row. */
  stored(table: "users" | "roles", id: string): Attributes | undefined {
    this.momentus.settlePending();
    return this.momentus.store.prod[table].get(id)?.fields;
  }

  memberships(): string[] {
    this.momentus.settlePending();
    return this.momentus.store.prod.userRoles
      .values()
      .map((row) => row.id)
      .sort();
  }

  /** Somebody else changes a user at the console. */
  changeBehind(id: string, fields: Record<string, string | number | null>): void {
    const before = this.momentus.store.prod.users.get(id)!;
    this.momentus.store.putRow("prod", "users", { id, fields: { ...before.fields, ...fields } });
  }

  /** Mutating calls that the system saw, by name; refused ones too. */
  writes(): string[] {
    return this.momentus.store.mutatingCalls.map(({ method }) => method);
  }
}

/** A manifest with one Momentus environment. */
export function momentusManifest(resources: Resources, system: string[] = []): string {
  const lines = Object.entries(resources).flatMap(([kind, blocks]) => [
    `  ${kind}:`,
    ...Object.entries(blocks).map(([name, attributes]) => `    ${name}: ${JSON.stringify(attributes)}`),
  ]);
  return [
    "systems:",
    "  momentus:",
    "    url: https://venue.test/prod",
    ...system.map((line) => `    ${line}`),
    `    credentials: { api_user_id: STEWARD, secret: "\${env.MOM_SECRET}", key: "\${env.MOM_KEY}" }`,
    "resources:",
    ...(lines.length > 0 ? lines : ["  {}"]),
    "",
  ].join("\n");
}

/** What `steward import` records. */
export async function importMomentus(world: MomentusWorld, text: string, address: string, id: string): Promise<void> {
  await world.withLock(text, "import", async (workspace) => {
    workspace.begin();
    const resource = workspace.manifest.resources.find((one) => one.address === address);
    const kind = workspace.kinds.get(address.split(".")[0]!)!;
    const seen = (await refresh(workspace, { probe: "none" })).systems.momentus!.kinds[kind.name]!;
    const actual = seen.objects.find((object) => object.id === id)!;
    const entry = entryOf({ address, kind, system: "momentus", actual, resource });
    await workspace.append([{ type: "entry", at: workspace.timestamp(), by: "test", why: "import", address, entry }]);
  });
}

/** A world in which a manifest was applied. */
export async function worldWith(text: string, world = new MomentusWorld()): Promise<MomentusWorld> {
  await world.trust(text);
  await applied(world, text);
  return world;
}

/** The fault of a plan, with what to do next. */
export async function faultOf(world: MomentusWorld, text: string): Promise<string> {
  await world.trust(text);
  const error: unknown = await world.plan(text).then(
    () => new Error("the plan was made"),
    (thrown: unknown) => thrown,
  );
  const { details } = error as { details?: { code?: string; remedy?: string } };
  return `${details?.code}: ${String((error as Error).message)} => ${details?.remedy ?? ""}`;
}
