import { describe, expect, it } from "vitest";
import { assertRecovered, crashAt, prepare, scenarios, worldFrom } from "./world/crash-scenarios.ts";

/** A scenario passes at least this many I/O points; fewer means that points are not counted any more. */
const pointsMin: Record<string, number> = {
  "creation of a user and a token": 60,
  "rotation of a token": 60,
  "deletion of a user with a token": 40,
};
const keeps = ["nothing", "some", "everything"] as const;

describe.each(scenarios)("$name", (scenario) => {
  it("recovers from a crash at every single I/O point", async () => {
    const prepared = await prepare(scenario);
    let runs = 0;
    for (let point = 1; ; point++) {
      let crashed = false;
      for (const keep of keeps) {
        const world = worldFrom(prepared, point);
        const name = await crashAt(world, scenario, point);
        if (name === undefined) break;
        crashed = true;
        runs++;
        world.restart(keep, point);
        await assertRecovered(world, scenario).catch((error: unknown) => {
          throw new Error(`crash at point ${point} (${name}), disk kept ${keep}: ${String(error)}`, { cause: error });
        });
      }
      if (!crashed) break;
    }
    console.log(`${scenario.name}: ${runs} crashes at single points`);
    expect(runs).toBeGreaterThanOrEqual((pointsMin[scenario.name] ?? 0) * keeps.length);
  });
});
