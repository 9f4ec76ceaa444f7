import { expect } from "vitest";
import type { VelocloudSimulator } from "../../src/simulators/velocloud/simulator.ts";
import type { Consents } from "../../src/step.ts";
import { Crash, CrashDisk } from "./crash-disk.ts";
import { manifestWith, TestWorld, withEnvFile } from "./test-world.ts";

const dayMs = 86_400_000;

export interface Scenario {
  name: string;
  sink: SinkKind;
  /** Manifest that is in force before. */
  before: string | undefined;
  /** How long ago that was. */
  waitMs: number;
  after: string;
  consents: Partial<Consents>;
  holds(world: TestWorld): Promise<void>;
}

/** Encryption costs more than everything else in a crash run; where it is not the point, the plain file stands in. */
export type SinkKind = "age" | "env-file";

const places = {
  age: { password: "velocloud/ci-password", token: "velocloud/ci-token" },
  "env-file": { password: "CI_PASSWORD", token: "CI_TOKEN" },
} as const;

function userAndToken(sink: SinkKind): string {
  const { password, token } = places[sink];
  const text = manifestWith(`
  velocloud_admin_user:
    ci:
      username: ci@acme.example
      role: Enterprise Standard Admin
      password: { generate: true, deliver_to: "local:${password}" }
  velocloud_api_token:
    ci:
      owner: "\${velocloud_admin_user.ci}"
      name: ci
      description: for the pipeline
      lifetime: 90d
      rotate_before: 14d
      deliver_to: "local:${token}"
`);
  return onSink(text, sink);
}

const onSink = (text: string, sink: SinkKind): string => (sink === "age" ? text : withEnvFile(text));

/** The usual three on one kind of sink. */
export function scenariosOn(sink: SinkKind): Scenario[] {
  const both = userAndToken(sink);
  const none = onSink(manifestWith("  {}"), sink);
  const holds = (world: TestWorld): Promise<void> => tokenWorks(world, both, sink);
  const deletion = { consents: { allowDeletions: 2 }, holds: userIsGone };
  return [
    { name: "creation of a user and a token", sink, before: undefined, waitMs: 0, after: both, consents: {}, holds },
    { name: "rotation of a token", sink, before: both, waitMs: 80 * dayMs, after: both, consents: {}, holds },
    { name: "deletion of a user with a token", sink, before: both, waitMs: dayMs, after: none, ...deletion },
  ];
}

/** A world before the scenario begins, from which cheap copies are made. */
export interface Prepared {
  simulator: VelocloudSimulator;
  files: Record<string, string>;
  nowMs: number;
}

export async function prepare(scenario: Scenario): Promise<Prepared> {
  const world = new TestWorld(7);
  await world.trust(scenario.before ?? scenario.after);
  if (scenario.before) await world.apply(scenario.before);
  world.clock.advance(scenario.waitMs);
  return { simulator: world.simulator, files: world.disk.files(), nowMs: world.clock.now() };
}

export function worldFrom(prepared: Prepared, seed: number): TestWorld {
  const world = new TestWorld(seed, prepared.simulator);
  world.clock.advance(prepared.nowMs - world.clock.now());
  const disk = new CrashDisk({ onPoint: (name) => world.point(name) });
  for (const [path, content] of Object.entries(prepared.files)) disk.plant(path, content);
  world.disk = disk;
  return world;
}

/** Runs until the world is killed at a point; answers the point's name, or undefined when it was not reached. */
export async function killAt(
  world: TestWorld,
  point: number,
  work: () => Promise<unknown>,
): Promise<string | undefined> {
  world.points = 0;
  world.crashAt = point;
  try {
    await work();
    world.crashAt = undefined;
    return world.dead ? "the last words" : undefined;
  } catch (error) {
    if (error instanceof Crash) return error.message;
    throw error;
  }
}

/** Kills the scenario's apply at a point; answers the point's name, or undefined when it ended before. */
export function crashAt(world: TestWorld, { after, consents }: Scenario, point: number): Promise<string | undefined> {
  return killAt(world, point, () => world.apply(after, { consents }));
}

/** Kills the recovery too, at its own point; answers whether it got that far. */
export async function crashRecoveryAt(world: TestWorld, scenario: Scenario, point: number): Promise<boolean> {
  return (await killAt(world, point, () => applyLeftovers(world, scenario))) !== undefined;
}

/** What must be true after the last recovery, whatever happened before. */
export async function assertRecovered(world: TestWorld, scenario: Scenario): Promise<void> {
  await applyLeftovers(world, scenario);
  const plan = await world.plan(scenario.after);
  expect(plan.changes.map((change) => `${change.action} ${change.address} ${change.blocked?.because ?? ""}`)).toEqual(
    [],
  );
  await scenario.holds(world);
  assertNoSecretOnDisk(world);
}

/** One apply brings everything to its end. Removals that are left need their own exact number. */
async function applyLeftovers(world: TestWorld, scenario: Scenario): Promise<void> {
  const left = scenario.consents.allowDeletions;
  for (let removals = left ?? 0; removals >= 0; removals--) {
    try {
      await world.apply(scenario.after, { consents: left === undefined ? {} : removalConsent(removals) });
      break;
    } catch (error) {
      if (removals === 0 || !/--allow-deletions/.test(String(error))) throw error;
    }
  }
  const plan = await world.plan(scenario.after);
  expect(plan.changes.map((change) => `${change.action} ${change.address} ${change.blocked?.because ?? ""}`)).toEqual(
    [],
  );
}

const removalConsent = (removals: number): Partial<Consents> => (removals > 0 ? { allowDeletions: removals } : {});

async function tokenWorks(world: TestWorld, text: string, sink: SinkKind): Promise<void> {
  const { store } = world.simulator;
  const owner = store.userNamed("ci@acme.example");
  expect(owner, "the user exists").toBeDefined();
  const tokens = store.tokensOf(owner!.id).filter((one) => one.name === "ci");
  const live = tokens.filter((one) => isLive(world, one.id));
  expect(live.length, "exactly one live token").toBe(1);
  const generation = (text: string | null): number => Number(/\.(\d+)\]$/.exec(text ?? "")?.[1]);
  const newest = Math.max(...tokens.map((one) => generation(one.description)));
  expect(generation(live[0]!.description), "it is the newest generation").toBe(newest);
  const value = await world.secret(text, places[sink].token);
  expect(value, "its value is in the sink").toBeDefined();
  expect(store.ownerOfWorkingToken(value!)?.id, "and works").toBe(owner!.id);
  const password = await world.secret(text, places[sink].password);
  expect(password, "the password is in the sink").toBe(owner!.password);
}

async function userIsGone(world: TestWorld): Promise<void> {
  const { store } = world.simulator;
  expect(store.userNamed("ci@acme.example")).toBeUndefined();
  const live = store.tokens.values().filter((one) => one.name === "ci" && isLive(world, one.id));
  expect(live).toEqual([]);
}

const isLive = (world: TestWorld, id: number): boolean =>
  ["PENDING", "ENABLED"].includes(world.simulator.store.tokenState(id) ?? "");

function assertNoSecretOnDisk(world: TestWorld): void {
  const { store } = world.simulator;
  const secrets = [...store.users.values().flatMap((one) => one.password ?? []), ...store.tokenValues.keys()];
  // The plain sink file is where secrets belong.
  const files = Object.entries(world.disk.files()).filter(([path]) => !/\.env(\.|$)/.test(path));
  const text = files.map(([, content]) => content).join("\n");
  for (const secret of secrets) {
    for (const form of [secret, Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")]) {
      expect(text.includes(form), "a secret stands on the disk").toBe(false);
    }
  }
}
