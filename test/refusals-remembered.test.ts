import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refresh } from "../src/refresh.ts";
import { type Bench, bringUp, makeBench } from "./commands-fixture.ts";
import { madeSite } from "./veson-fixture.ts";

/** A credential that was refused is not asked again for a day, and what makes that untrue ends it. */

test("VES-21 what its user needs back makes a refused token asked anew", async () => {
  const site = await madeSite();
  const { world, text } = site;
  const { store } = world.veson;
  const { id } = world.user("sys.fuel");
  const refusals = async (): Promise<string[]> => {
    const workspace = await world.open(text);
    await workspace.close();
    return Object.keys(workspace.state.refusedAt);
  };
  store.changeUser(id, { isInactive: true });
  await world.apply(text);
  expect(await refusals()).toEqual(["veson_api_token.fuel"]);
  const { outcome } = await world.apply(text, { consents: { restore: ["veson_user.fuel"] } });
  expect(outcome).toBe("done");
  expect(await refusals()).toEqual([]);
  const workspace = await world.open(text);
  const observation = await refresh(workspace, { probe: "harmless" });
  await workspace.close();
  expect(observation.probes["veson_api_token.fuel"]).toMatchObject({ health: "working" });
  expect((await world.plan(text)).notices).toEqual([]);
});

describe("steward drift --probe", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => bench.close());

  test("remembers what works again", async () => {
    await bringUp(bench);
    const { store } = bench.simulator;
    const [token] = store.tokens.values().slice(-1);
    store.revokeToken(token!.id);
    expect((await bench.steward("drift --env test --probe")).out).toContain("refused");
    await bench.steward("apply --env test --auto-approve");
    expect((await bench.steward("drift --env test")).out).toContain("steward drift --probe asks now");
    store.tokens.put(token!, 0);
    expect((await bench.steward("drift --env test")).out).toContain("steward drift --probe asks now");
    expect((await bench.steward("drift --env test --probe")).out).toMatch(/working/);
    expect((await bench.steward("drift --env test")).out).not.toContain("refused");
  });
});
