import { describe, expect, test } from "vitest";
import { dieEverywhere, situations } from "./world/provider-crash.ts";
import { consoleSituations, dieAtConsoles } from "./world/provider-crash-consoles.ts";

/** The next apply converges; every point is taken by provider-crash*.long.test.ts. */

describe("a provider that dies at any point", () => {
  test.each(situations)("$name all the same", { timeout: 300_000 }, async (situation) => {
    expect(await dieEverywhere(situation, 29, 5)).toBeGreaterThan(50);
  });

  test.each(consoleSituations)("makes $name all the same", { timeout: 300_000 }, async (situation) => {
    expect(await dieAtConsoles(situation, 131, 83)).toBeGreaterThan(200);
  });
});
