import { describe, expect, it } from "vitest";
import { assertRecovered, crashAt, prepare, type Scenario, scenariosOn, worldFrom } from "./world/crash-scenarios.ts";

/** A scenario passes at least this many I/O points; fewer means that points are not counted any more. */
const pointsMin: Record<string, number> = {
  "creation of a user and a token": 140,
  "rotation of a token": 110,
  "deletion of a user with a token": 60,
};

type Keep = "nothing" | "some" | "everything";

describe.each(scenariosOn("age"))("$name, with encrypted secrets", (scenario) => {
  it("recovers from a power cut at every single I/O point", () => crashEverywhere(scenario, ["nothing"]), 300_000);
});

describe.each(scenariosOn("env-file"))("$name", (scenario) => {
  it(
    "recovers from a torn disk and from a kill at every single I/O point",
    () => crashEverywhere(scenario, ["some", "everything"]),
    300_000,
  );
});

async function crashEverywhere(scenario: Scenario, keeps: Keep[]): Promise<void> {
  const prepared = await prepare(scenario);
  let points = 0;
  for (let point = 1; ; point++) {
    let name: string | undefined;
    for (const keep of keeps) {
      const world = worldFrom(prepared, point);
      name = await crashAt(world, scenario, point);
      if (name === undefined) break;
      world.restart(keep, point);
      await assertRecovered(world, scenario).catch((error: unknown) => {
        throw new Error(`crash at point ${point} (${name}), disk kept ${keep}: ${String(error)}`, { cause: error });
      });
    }
    if (name === undefined) break;
    points = point;
  }
  console.log(`${scenario.name}: ${points * keeps.length} crashes at ${points} points, disk kept ${keeps.join(", ")}`);
  expect(points).toBeGreaterThanOrEqual(pointsMin[scenario.name] ?? 0);
}
