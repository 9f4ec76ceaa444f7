import { describe, it } from "vitest";
import { assertCrashSample } from "./world/flow-crash.ts";
import { browserFlows } from "./world/flow-scenarios.ts";

/** A sample; every point and pairs of crashes are in crash-pairs-browser.long.test.ts. */
describe.each(browserFlows)("when $name, the flow", (scenario) => {
  it("comes to the same end after a power cut at every eighth I/O point, gone on with or abandoned", () =>
    assertCrashSample(scenario, 8, 35));
});
