import { expect, test } from "vitest";
import { findDrift } from "../src/drift.ts";
import { refresh } from "../src/refresh.ts";
import { FlowWorld } from "./world/flow-world.ts";
import { browserManifest, moco } from "./world/people-cases.ts";

test("what is met by whatever is there has not drifted, whichever it is", async () => {
  const world = new FlowWorld();
  const text = browserManifest(world, moco);
  await world.trust(text);
  await world.apply(text);
  const drift = async () => {
    const workspace = await world.open(text);
    const found = findDrift(workspace.state, await refresh(workspace, { probe: "none" }), workspace.kinds);
    await workspace.close();
    return found.flatMap(({ attributes }) => attributes.map(({ path }) => path));
  };
  expect(await drift()).toEqual([]);
  world.momentus.store.changeApiUser("prod", "MOCO-SERV", { organization: "20" });
  expect(await drift()).toEqual([]);
  world.momentus.store.changeApiUser("prod", "MOCO-SERV", { displayName: "Somebody" });
  expect(await drift()).toEqual(["display_name"]);
});
