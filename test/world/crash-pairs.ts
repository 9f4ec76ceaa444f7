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
