import { it } from "vitest";
import { crashEveryFlowPair } from "./world/flow-crash.ts";
import { furtherFlows } from "./world/flow-scenarios.ts";

for (const scenario of furtherFlows) {
  it(`recovers from every pair of crash and crash of the recovery: ${scenario.name}`, () =>
    crashEveryFlowPair(scenario));
}
