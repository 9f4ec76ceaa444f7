import { describe, expect, it } from "vitest";
import { assertCrashes, crashRandomFlowPairs } from "./world/flow-crash.ts";
import { browserFlows } from "./world/flow-scenarios.ts";

const pairsOfEach = 500;

describe.each(browserFlows)("when $name, the flow", (scenario) => {
  it("comes to the same end after a power cut at every single I/O point, gone on with or abandoned", () => {
    const abandon = scenario.modules.length > 0 ? 0 : 60;
    return assertCrashes(scenario, { flow: 600, abandon });
  });

  it("comes to its end after pairs of crashes", async () => {
    const seed = Number(process.env.STEWARD_CRASH_SEED ?? 20_261_127);
    const both = await crashRandomFlowPairs(scenario, pairsOfEach, seed);
    console.log(`${scenario.name}: ${pairsOfEach} pairs of crashes, seed ${seed}; ${both} reached both`);
    expect(both).toBeGreaterThanOrEqual(pairsOfEach * 0.4);
  });
});
