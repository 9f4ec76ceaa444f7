import { it } from "vitest";
import { crashAllPairs } from "./world/crash-pairs.ts";

it("a rotation recovers from every pair of crash and crash of the recovery", () =>
  crashAllPairs("rotation of a token"));

it("a deletion recovers from every pair of crash and crash of the recovery", () =>
  crashAllPairs("deletion of a user with a token"));
