import { it } from "vitest";
import { crashEveryFlowPair } from "./world/flow-crash.ts";
import { unlicensedFlows } from "./world/flow-scenarios.ts";

for (const scenario of unlicensedFlows) {
  it(`recovers from every pair of crash and crash of the recovery: ${scenario.name}`, () =>
    crashEveryFlowPair(scenario));
}
