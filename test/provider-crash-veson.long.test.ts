import { describe, expect, test } from "vitest";
import { consoleSituations, dieAtConsoles } from "./world/provider-crash-consoles.ts";

describe("a provider at the console of veson that dies at every point", () => {
  test.each(consoleSituations.filter(({ name }) => name.startsWith("a Veson user")))(
    "makes $name all the same",
    { timeout: 3_600_000 },
    async (situation) => {
      expect(await dieAtConsoles(situation, 1)).toBeGreaterThan(400);
    },
  );
});
