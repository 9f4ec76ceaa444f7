import { describe, expect, it } from "vitest";
import { crashAtSome, ipressoCrashes } from "./world/ipresso-crash.ts";

/** How far the points of the sample are apart; every single one is the work of `npm run test:crash`. */
const stride = 6;

describe.each(ipressoCrashes.map((scenario) => [scenario.name, scenario] as const))("%s", (_name, scenario) => {
  it("recovers from a crash at points all over the run", async () => {
    expect(await crashAtSome(scenario, stride)).toBeGreaterThanOrEqual(15);
  }, 60_000);
});
