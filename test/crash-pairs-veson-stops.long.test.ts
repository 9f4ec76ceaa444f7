import { describe, expect, it } from "vitest";
import { prepareSaga, sagas, stopAndCutEverywhere } from "./world/veson-crash.ts";

/** Fewer requests than this in a saga mean that they are not counted any more. */
const requestsMin = 70;

describe.each(sagas)("the saga of a system user, when $name", (saga) => {
  it("comes to its end after Ctrl-C at every single point and a lost network at every request", async () => {
    const prepared = await prepareSaga(saga);
    const { stops, cuts } = await stopAndCutEverywhere(prepared);
    console.log(`Veson, ${saga.name}: ${stops} stops and ${cuts} cuts of ${prepared.requests} requests`);
    expect(prepared.requests).toBeGreaterThanOrEqual(requestsMin);
  });
});
