import { expect } from "vitest";
import { seeded } from "./crash-disk.ts";
import {
  assertRecovered,
  crashAt,
  crashRecoveryAt,
  type Prepared,
  prepare,
  type Scenario,
  scenariosOn,
  worldFrom,
} from "./crash-scenarios.ts";

export interface PreparedScenario {
  scenario: Scenario;
  prepared: Prepared;
  /** I/O points that an undisturbed run passes. */
  points: number;
}

export interface Pair {
  name: string;
  first: number;
  second: number;
  keep: "nothing" | "some" | "everything";
  seed: number;
}

export function prepareAll(): Promise<PreparedScenario[]> {
  return Promise.all(
    scenariosOn("env-file").map(async (scenario) => {
      const prepared = await prepare(scenario);
      const world = worldFrom(prepared, 1);
      await crashAt(world, scenario, Number.POSITIVE_INFINITY);
      return { scenario, prepared, points: world.points };
    }),
  );
}

export const pairCounts = (prepared: PreparedScenario[]): string => prepared.map(({ points }) => points).join(", ");

/** Pairs that a seed chooses: the first point evenly, the second within as many points as the run itself has. */
export function* randomPairs(prepared: PreparedScenario[], count: number, seed: number): Generator<Pair> {
  const below = seeded(seed);
  const keeps = ["nothing", "some", "everything"] as const;
  for (let index = 0; index < count; index++) {
    const { scenario, points } = prepared[index % prepared.length]!;
    const first = 1 + below(points);
    yield { name: scenario.name, first, second: 1 + below(points), keep: keeps[below(3)] ?? "nothing", seed: index };
  }
}

/** Crashes the run, then its recovery, and checks what the next recovery leaves. Answers whether the second crash was reached. */
export async function crashPair(prepared: PreparedScenario[], pair: Pair): Promise<boolean> {
  const { scenario, prepared: base } = prepared.find((one) => one.scenario.name === pair.name)!;
  const world = worldFrom(base, pair.seed);
  const first = await crashAt(world, scenario, pair.first);
  world.restart(pair.keep, pair.seed);
  const reached = await crashRecoveryAt(world, scenario, pair.second);
  if (reached) world.restart(pair.keep, pair.seed + 1);
  await assertRecovered(world, scenario).catch((error: unknown) => {
    throw new Error(`pair ${JSON.stringify(pair)} (${first ?? "no crash"}): ${String(error)}`, { cause: error });
  });
  return reached;
}

/** Fewer runs than this mean that points are not counted any more. */
const allPairsMin: Record<string, number> = {
  "creation of a user and a token": 18_000,
  "rotation of a token": 11_000,
  "deletion of a user with a token": 3_000,
};

/** Every pair of a crash point of the scenario and a point of its recovery. */
export async function crashAllPairs(name: string): Promise<void> {
  const prepared = await prepareAll();
  const one = prepared.find((candidate) => candidate.scenario.name === name)!;
  const keeps = ["nothing", "some", "everything"] as const;
  let runs = 0;
  for (let first = 1; first <= one.points; first++) {
    for (let second = 1; ; second++) {
      const keep = keeps[(first + second) % 3] ?? "nothing";
      if (!(await crashPair(prepared, { name, first, second, keep, seed: first * 1_000 + second }))) break;
      runs++;
    }
  }
  console.log(`${name}: ${runs} pairs of crash and recovery crash`);
  expect(runs).toBeGreaterThanOrEqual(allPairsMin[name] ?? 0);
}
