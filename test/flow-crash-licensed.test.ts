import { describe, it } from "vitest";
import { assertCrashes } from "./world/flow-crash.ts";
import { licensedFlows } from "./world/flow-scenarios.ts";

describe.each(licensedFlows)("when $name, the flow", (scenario) => {
  it(
    "comes to the same end after a power cut at every single I/O point, gone on with and abandoned in turn",
    () => assertCrashes(scenario, { flow: 230, abandon: 120 }, "in turn"),
    300_000,
  );
});
