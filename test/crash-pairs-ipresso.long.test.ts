import { describe, expect, it } from "vitest";
import { crashAtEach, crashInPairs, ipressoCrashes, keeps } from "./world/ipresso-crash.ts";

const pairs = 400;

describe.each(ipressoCrashes.map((scenario) => [scenario.name, scenario] as const))("%s", (_name, scenario) => {
  it("recovers from a crash at every single point", async () => {
    expect(await crashAtEach(scenario)).toBeGreaterThanOrEqual(scenario.pointsMin * keeps.length);
  });

  it("recovers from seeded pairs of crash and crash of the recovery", async () => {
    const seed = Number(process.env.STEWARD_CRASH_SEED ?? 20_261_125);
    expect(await crashInPairs(scenario, pairs, seed)).toBeGreaterThanOrEqual(pairs * 0.4);
  });
});
