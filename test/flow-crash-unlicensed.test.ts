import { describe, it } from "vitest";
import { assertCrashes } from "./world/flow-crash.ts";
import { unlicensedFlows } from "./world/flow-scenarios.ts";

describe.each(unlicensedFlows)("when $name, the flow", (scenario) => {
  it(
    "gives the module back and comes to the same end after a power cut at every single I/O point, gone on with and abandoned in turn",
    () => assertCrashes(scenario, { flow: 235, abandon: 150 }, "in turn"),
    300_000,
  );
});
