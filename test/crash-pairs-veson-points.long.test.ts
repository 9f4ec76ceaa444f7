import { describe, expect, it } from "vitest";
import { crashEverywhere, prepareSaga, sagas } from "./world/veson-crash.ts";

/** A saga passes at least this many I/O points; fewer means that they are not counted any more. */
const pointsMin = 250;

describe.each(sagas)("the saga of a system user, when $name", (saga) => {
  it("comes to its end after a power cut at every single I/O point, gone on with, recovered or abandoned", async () => {
    const prepared = await prepareSaga(saga);
    const runs = await crashEverywhere(prepared);
    console.log(`Veson, ${saga.name}: ${runs} crashes at ${prepared.points} points`);
    expect(prepared.points).toBeGreaterThanOrEqual(pointsMin);
  });
});
