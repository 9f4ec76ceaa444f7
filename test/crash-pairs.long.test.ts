import { describe, expect, it } from "vitest";
import { crashPair, prepareAll } from "./world/crash-pairs.ts";
import { scenariosOn } from "./world/crash-scenarios.ts";

/** All pairs of a crash point and a point of its recovery; fewer runs than this mean that points are not counted any more. */
const runsMin: Record<string, number> = {
  "creation of a user and a token": 10_000,
  "rotation of a token": 6_000,
  "deletion of a user with a token": 2_000,
};

describe.each(scenariosOn("env-file"))("$name", ({ name }) => {
  it("recovers from every pair of crash and crash of the recovery", async () => {
    const prepared = await prepareAll();
    const one = prepared.find((candidate) => candidate.scenario.name === name)!;
    let runs = 0;
    for (let first = 1; first <= one.points; first++) {
      for (let second = 1; ; second++) {
        const keep = (["nothing", "some", "everything"] as const)[(first + second) % 3] ?? "nothing";
        if (!(await crashPair(prepared, { name, first, second, keep, seed: first * 1_000 + second }))) break;
        runs++;
      }
    }
    console.log(`${name}: ${runs} pairs of crash and recovery crash`);
    expect(runs).toBeGreaterThanOrEqual(runsMin[name] ?? 0);
  });
});
