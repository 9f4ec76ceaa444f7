import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltPackage, buildPackage } from "./world/built-package.ts";
import { killMany } from "./world/kill-many.ts";

/** A few of them; `npm run test:kill` kills more than a hundred. */
const runs = 30;
const killedMin = 25;
const placesMin = 8;

let built: BuiltPackage;
beforeAll(() => {
  built = buildPackage();
});
afterAll(() => built.close());

test("a real process that is killed at a random moment leaves nothing that a new one does not mend", async () => {
  const totals = await killMany(built, runs, 1);
  expect(totals.killed).toBeGreaterThanOrEqual(killedMin);
  expect(totals.places).toBeGreaterThanOrEqual(placesMin);
}, 240_000);
