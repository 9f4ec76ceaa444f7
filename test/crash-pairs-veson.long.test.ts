import { describe, expect, it } from "vitest";
import { crashRandomSagaPairs, prepareSaga, sagas } from "./world/veson-crash.ts";

const pairsOfEach = 350;

describe.each(sagas)("the saga of a system user, when $name", (saga) => {
  it(`comes to its end after ${pairsOfEach} seeded pairs of a crash and a crash of what is done about it`, async () => {
    const seed = Number(process.env.STEWARD_CRASH_SEED ?? 20_261_125);
    const both = await crashRandomSagaPairs(await prepareSaga(saga), pairsOfEach, seed);
    console.log(`Veson, ${saga.name}: ${pairsOfEach} pairs, seed ${seed}, ${both} reached both`);
    expect(both).toBeGreaterThanOrEqual(pairsOfEach * 0.5);
  });
});
