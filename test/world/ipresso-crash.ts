import { expect } from "vitest";
import type { IpressoSimulator } from "../../src/simulators/ipresso/simulator.ts";
import type { Consents } from "../../src/step.ts";
import { lines } from "./conformance-world.ts";
import { CrashDisk, seeded } from "./crash-disk.ts";
import { killAt } from "./crash-scenarios.ts";
import { IpressoWorld, ipressoManifest, shop } from "./ipresso-world.ts";

/** Crashes at every point at which something of the work at a console of iPresso could be lost. */

export interface IpressoCrash {
  name: string;
  /** Manifest that is in force before. */
  before: string | undefined;
  after: string;
  consents: Partial<Consents>;
  /** I/O points that an undisturbed run passes at least; fewer means that points are not counted any more. */
  pointsMin: number;
}

const both = ipressoManifest(shop());
const next = { password: { generate: true, deliver_to: "local:SHOP_PASSWORD", generation: 2 } };

export const ipressoCrashes: readonly IpressoCrash[] = [
  { name: "creation of a group with a user", before: undefined, after: both, consents: {}, pointsMin: 125 },
  {
    ...{ name: "rotation of a password", before: both, after: ipressoManifest(shop(next)), consents: {} },
    pointsMin: 115,
  },
  {
    ...{ name: "deletion of a group with its user", before: both, after: ipressoManifest({}) },
    ...{ consents: { allowDeletions: 2 }, pointsMin: 80 },
  },
];

/** A world before the scenario begins, from which cheap copies are made. */
export interface Prepared {
  simulator: IpressoSimulator;
  files: Record<string, string>;
  nowMs: number;
  points: number;
}

export async function prepareIpresso(scenario: IpressoCrash): Promise<Prepared> {
  const world = new IpressoWorld();
  await world.trust(scenario.before ?? scenario.after);
  if (scenario.before) await world.apply(scenario.before);
  const prepared = { simulator: world.ipresso, files: world.disk.files(), nowMs: world.clock.now(), points: 0 };
  const whole = worldFrom(prepared, 1);
  await crashAt(whole, scenario, Number.POSITIVE_INFINITY);
  return { ...prepared, points: whole.points };
}

export function worldFrom(prepared: Omit<Prepared, "points">, seed: number): IpressoWorld {
  const world = new IpressoWorld({}, prepared.simulator, seed);
  world.clock.advance(prepared.nowMs - world.clock.now());
  const disk = new CrashDisk({ onPoint: (name) => world.point(name) });
  for (const [path, content] of Object.entries(prepared.files)) disk.plant(path, content);
  world.disk = disk;
  return world;
}

/** Kills the scenario's apply at a point; answers the point's name, or undefined when it ended before. */
export function crashAt(world: IpressoWorld, scenario: IpressoCrash, point: number): Promise<string | undefined> {
  return killAt(world, point, () => world.apply(scenario.after, { consents: scenario.consents }));
}

/** Kills the recovery too, at its own point; answers whether it got that far. */
export async function crashRecoveryAt(world: IpressoWorld, scenario: IpressoCrash, point: number): Promise<boolean> {
  return (await killAt(world, point, () => applyLeftovers(world, scenario))) !== undefined;
}

/** One apply brings everything to its end. Removals that are left need their own exact number. */
async function applyLeftovers(world: IpressoWorld, { after, consents }: IpressoCrash): Promise<void> {
  for (let removals = consents.allowDeletions ?? 0; removals >= 0; removals--) {
    try {
      await world.apply(after, { consents: removals > 0 ? { allowDeletions: removals } : {} });
      return;
    } catch (error) {
      if (removals === 0 || !/--allow-deletions/.test(String(error))) throw error;
    }
  }
}

/** What must be true after the last recovery, whatever happened before. */
export async function assertRecovered(world: IpressoWorld, scenario: IpressoCrash): Promise<void> {
  await applyLeftovers(world, scenario);
  expect(lines(await world.plan(scenario.after))).toEqual([]);
  const { store } = world.ipresso;
  const named = store.users.values().filter(({ login }) => login === "shop.two");
  const groups = store.groups.values().filter(({ name }) => name === "Shop integration");
  const count = scenario.consents.allowDeletions === undefined ? 1 : 0;
  expect([named.length, groups.length], "nothing twice, and nothing left").toEqual([count, count]);
  if (count === 1)
    expect(await world.secret(scenario.after, "SHOP_PASSWORD"), "the password works").toBe(named[0]!.password);
  assertNoSecretOutside(world);
}

/** The plain sink file is where secrets belong, and nowhere else. */
function assertNoSecretOutside(world: IpressoWorld): void {
  const { store, world: made } = world.ipresso;
  const secrets = [made.customerKey, made.admin.password, ...store.users.values().map(({ password }) => password)];
  const files = Object.entries(world.disk.files()).filter(([path]) => !/\.env(\.|$)/.test(path));
  const text = [...files.map(([, content]) => content), ...world.traces].join("\n");
  for (const secret of secrets) expect(text.includes(secret), "a secret stands outside of the sink").toBe(false);
}

type Keep = "nothing" | "some" | "everything";
export const keeps: readonly Keep[] = ["nothing", "some", "everything"];

async function crashOnce(scenario: IpressoCrash, prepared: Prepared, point: number, keep: Keep): Promise<void> {
  const world = worldFrom(prepared, point);
  const name = await crashAt(world, scenario, point);
  world.restart(keep, point);
  await assertRecovered(world, scenario).catch((error: unknown) => {
    throw new Error(`crash at point ${point} (${name}), disk kept ${keep}: ${String(error)}`, { cause: error });
  });
}

/** Crashes at every so many points, by turns with a disk that kept nothing, some and everything; answers how often. */
export async function crashAtSome(scenario: IpressoCrash, stride: number): Promise<number> {
  const prepared = await prepareIpresso(scenario);
  expect(prepared.points).toBeGreaterThanOrEqual(scenario.pointsMin);
  let crashes = 0;
  for (let point = 1; point <= prepared.points; point += stride) {
    await crashOnce(scenario, prepared, point, keeps[crashes % keeps.length]!);
    crashes += 1;
  }
  console.log(`${scenario.name}: ${crashes} crashes at ${prepared.points} points`);
  return crashes;
}

/** Crashes at every single point, each with a disk that kept nothing, some and everything; answers how often. */
export async function crashAtEach(scenario: IpressoCrash): Promise<number> {
  const prepared = await prepareIpresso(scenario);
  for (let point = 1; point <= prepared.points; point += 1) {
    for (const keep of keeps) await crashOnce(scenario, prepared, point, keep);
  }
  console.log(`${scenario.name}: ${prepared.points * keeps.length} crashes at ${prepared.points} points`);
  return prepared.points * keeps.length;
}

/** Crashes the run, then its recovery, at points that a seed chooses; answers how often the second one was reached. */
export async function crashInPairs(scenario: IpressoCrash, count: number, seed: number): Promise<number> {
  const prepared = await prepareIpresso(scenario);
  const below = seeded(seed);
  let both = 0;
  for (let index = 0; index < count; index += 1) {
    const [first, second, keep] = [1 + below(prepared.points), 1 + below(prepared.points), keeps[below(3)]!];
    const world = worldFrom(prepared, index);
    await crashAt(world, scenario, first);
    world.restart(keep, index);
    const reached = await crashRecoveryAt(world, scenario, second);
    if (reached) world.restart(keep, index + 1);
    both += reached ? 1 : 0;
    await assertRecovered(world, scenario).catch((error: unknown) => {
      throw new Error(`pair ${first}, ${second}, disk kept ${keep}, seed ${index}: ${String(error)}`, { cause: error });
    });
  }
  console.log(`${scenario.name}: ${count} pairs, seed ${seed}; the recovery was reached in ${both}`);
  return both;
}
