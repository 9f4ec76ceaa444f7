import { expect, it } from "vitest";
import { crashPair, pairCounts, prepareAll, randomPairs } from "./world/crash-pairs.ts";

const pairs = 1_000;

it(`recovers from ${pairs} seeded pairs of crash and crash of the recovery`, async () => {
  const prepared = await prepareAll();
  const seed = Number(process.env.STEWARD_CRASH_SEED ?? 20_261_122);
  let both = 0;
  for (const pair of randomPairs(prepared, pairs, seed)) if (await crashPair(prepared, pair)) both++;
  console.log(
    `${pairs} pairs of crash and recovery crash, seed ${seed}; the recovery was reached in ${both}; points ${pairCounts(prepared)}`,
  );
  expect(both).toBeGreaterThanOrEqual(pairs * 0.6);
});
