import { describe, expect, test } from "vitest";
import { consoleSituations, dieAtConsoles } from "./world/provider-crash-consoles.ts";

describe("a provider at the consoles of momentus that dies at every point", () => {
  test.each(consoleSituations.filter(({ name }) => name.startsWith("MOCO-SERV")))(
    "makes $name all the same",
    { timeout: 3_600_000 },
    async (situation) => {
      expect(await dieAtConsoles(situation, 1)).toBeGreaterThan(200);
    },
  );
});
