import { expect, test } from "vitest";
import { crashRandomSagaPairs, prepareSaga, sagas, troubleSaga } from "./world/veson-crash.ts";

/** A fixed sample; every single point is tried by `npm run test:crash`. */

const step = 41;
const pairsOfEach = 2;
/** Fewer runs than these mean that points are not counted any more. */
const runsMin = { crashes: 42, stops: 20, cuts: 12 };

test("the saga of a system user comes to its end after a sample of crashes, stops and cuts: nobody stays parked", async () => {
  const all = { crashes: 0, stops: 0, cuts: 0 };
  for (const [index, saga] of sagas.entries()) {
    const runs = await troubleSaga(await prepareSaga(saga), step, 1 + index * 4);
    for (const name of ["crashes", "stops", "cuts"] as const) all[name] += runs[name];
  }
  console.log(`Veson: ${all.crashes} crashes, ${all.stops} stops and ${all.cuts} cuts of ${sagas.length} sagas`);
  for (const name of ["crashes", "stops", "cuts"] as const) expect(all[name]).toBeGreaterThanOrEqual(runsMin[name]);
}, 120_000);

test(`and after ${sagas.length * pairsOfEach} seeded pairs of a crash and a crash of what is done about it`, async () => {
  let both = 0;
  for (const saga of sagas) both += await crashRandomSagaPairs(await prepareSaga(saga), pairsOfEach, 20_261_125);
  console.log(`Veson: ${sagas.length * pairsOfEach} pairs of crashes, ${both} reached both`);
  expect(both).toBeGreaterThanOrEqual(sagas.length * pairsOfEach * 0.5);
}, 120_000);
