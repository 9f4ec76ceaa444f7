import { it } from "vitest";
import { crashAllPairs } from "./world/crash-pairs.ts";

it("a creation recovers from every pair of crash and crash of the recovery", () =>
  crashAllPairs("creation of a user and a token"));
