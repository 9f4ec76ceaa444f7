import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltPackage, buildPackage } from "./world/built-package.ts";
import { killMany } from "./world/kill-many.ts";

const runs = 120;
const killedMin = 100;
const placesMin = 16;

let built: BuiltPackage;
beforeAll(() => {
  built = buildPackage();
});
afterAll(() => built.close());

test("a hundred real processes that are killed at random moments leave nothing that new ones do not mend", async () => {
  const totals = await killMany(built, runs, 1_000);
  expect(totals.killed).toBeGreaterThanOrEqual(killedMin);
  expect(totals.places).toBeGreaterThanOrEqual(placesMin);
});
