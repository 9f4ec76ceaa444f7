import { expect, it } from "vitest";
import { crashRandomFlowPairs } from "./world/flow-crash.ts";
import { furtherFlows, licensedFlows, unlicensedFlows } from "./world/flow-scenarios.ts";

const pairsOfEach = 170;
const flows = [...licensedFlows, ...unlicensedFlows, ...furtherFlows];

it(`flows come to their end after ${flows.length * pairsOfEach} seeded pairs of a crash and a crash of what is done about it`, async () => {
  const seed = Number(process.env.STEWARD_CRASH_SEED ?? 20_261_125);
  let both = 0;
  for (const scenario of flows) both += await crashRandomFlowPairs(scenario, pairsOfEach, seed);
  const count = flows.length * pairsOfEach;
  console.log(
    `${count} pairs of a crash of a flow and one of what is done about it, seed ${seed}; ${both} reached both`,
  );
  expect(both).toBeGreaterThanOrEqual(count * 0.5);
}, 300_000);
