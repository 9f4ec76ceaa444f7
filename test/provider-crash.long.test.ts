import { describe, expect, test } from "vitest";
import { dieEverywhere, situations } from "./world/provider-crash.ts";

describe("a provider that dies at every point", () => {
  test.each(situations)("$name all the same", { timeout: 3_600_000 }, async (situation) => {
    expect(await dieEverywhere(situation, 1)).toBeGreaterThan(50);
  });
});
