import { describe, expect, it } from "vitest";
import { assertCrashes, crashRandomFlowPairs } from "./world/flow-crash.ts";
import { furtherFlows, licensedFlows, unlicensedFlows } from "./world/flow-scenarios.ts";

/** The second crash anywhere in what follows: that are some seventy thousand pairs of one flow, of which a seed chooses. */
const pairsOfEach = 500;

it.each([...licensedFlows, ...unlicensedFlows, ...furtherFlows])(
  "when $name, the flow comes to its end after pairs of crashes",
  async (scenario) => {
    const seed = Number(process.env.STEWARD_CRASH_SEED ?? 20_261_126);
    const both = await crashRandomFlowPairs(scenario, pairsOfEach, seed);
    console.log(`${scenario.name}: ${pairsOfEach} pairs of crashes, seed ${seed}; ${both} reached both`);
    expect(both).toBeGreaterThanOrEqual(pairsOfEach * 0.5);
  },
);

describe.each([...licensedFlows, ...unlicensedFlows])("when $name, the flow", (scenario) => {
  it("comes to the same end after a power cut at every single I/O point, gone on with or abandoned", () =>
    assertCrashes(scenario, { flow: 460, abandon: 120 }));
});
