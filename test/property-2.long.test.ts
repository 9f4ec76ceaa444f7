import { it } from "vitest";
import { convergeHistories } from "./world/histories.ts";

const seed = Number(process.env.STEWARD_PROPERTY_SEED ?? 2_000_000);

it("converges from any manifest, foreign edits and faults (10 000 seeds)", () => convergeHistories(10_000, seed + 2));
