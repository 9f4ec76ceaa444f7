import { describe, expect, test } from "vitest";
import { findDrift } from "../src/drift.ts";
import { refresh } from "../src/refresh.ts";
import { fuel, madeSite, planned, type Site } from "./veson-fixture.ts";

/** What `steward drift` tells of a Veson site, also of what nobody declares. */

const team = { group_name: "Fuel Team", description: "Fuel" };
const resources = { veson_user: { fuel }, veson_group: { team } };

async function drift({ world, text }: Site): Promise<string[]> {
  const workspace = await world.open(text);
  const found = findDrift(workspace.state, await refresh(workspace, { probe: "none" }), workspace.kinds);
  await workspace.close();
  return found.flatMap(({ address, attributes }) =>
    attributes.map(({ path, recorded, actual }) => `${address} ${path} ${String(recorded)} > ${String(actual)}`),
  );
}

describe.each(["wide", "narrow"] as const)("drift by a %s list", (listColumns) => {
  const made = () => madeSite({ listColumns }, {}, resources);

  test("VES-05 tells that External Access Only was taken off", async () => {
    const site = await made();
    expect(await drift(site)).toEqual([]);
    site.world.veson.store.changeUser(site.world.user("sys.fuel").id, { isExternalOnly: false });
    expect(await drift(site)).toEqual(["veson_user.fuel external_access_only true > false"]);
    expect((await planned(site)).changes).toEqual(["update veson_user.fuel"]);
  });

  test("VES-03 tells what was made inactive, beside what else was changed", async () => {
    const site = await made();
    const { store } = site.world.veson;
    store.changeUser(site.world.user("sys.fuel").id, { isInactive: true, fullName: "Other" });
    store.changeGroup(store.group("Fuel Team")!.id, { isInactive: true });
    expect(await drift(site)).toEqual([
      "veson_group.team inactive false > true",
      "veson_user.fuel full_name Fuel export > Other",
      "veson_user.fuel inactive false > true",
    ]);
  });

  test("VES-01 a system user that somebody made a Security Admin is told by drift and by every plan", async () => {
    const site = await made();
    const { store } = site.world.veson;
    const { id } = site.world.user("sys.fuel");
    store.changeUser(id, { isSecurityAdmin: true });
    expect(await drift(site)).toEqual(["veson_user.fuel security_admin false > true"]);
    const { plan } = await planned(site);
    expect([plan.changes.filter(({ action }) => action !== "none"), plan.steps]).toEqual([[], []]);
    expect(plan.notices).toEqual([
      {
        address: "veson_user.fuel",
        message:
          "somebody made it a Security Admin, by itself: clear Security Admin on its panel; who signs in as it could change every user (VES-01)",
      },
    ]);
  });
});

test("VES-01 one that a group makes a Security Admin is told with the group", async () => {
  const site = await madeSite({}, {}, resources);
  const { store } = site.world.veson;
  store.changeUser(site.world.user("sys.fuel").id, { groupIds: [store.group("Security Team")!.id] });
  expect(await drift(site)).toEqual(["veson_user.fuel security_admin false > by the group Security Team"]);
  const { notices } = (await planned(site)).plan;
  expect(notices.map(({ message }) => message).join()).toContain("by the group Security Team: take it out of there");
});
