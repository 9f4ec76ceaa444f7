import { describe, it } from "vitest";
import { assertCrashes } from "./world/flow-crash.ts";
import { licensedFlows } from "./world/flow-scenarios.ts";

describe.each(licensedFlows)("when $name, the flow", (scenario) => {
  it(
    "comes to the same end after a power cut at every single I/O point, gone on with or abandoned",
    () => assertCrashes(scenario, { flow: 460, abandon: 120 }),
    300_000,
  );
});
