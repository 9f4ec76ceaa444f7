import { describe, expect, test } from "vitest";
import type { VesonReader } from "../src/connectors/veson/reader.ts";
import { applied, fuel, madeSite, makeSite, planned, withResources, written } from "./veson-fixture.ts";

/** Groups that are called as a check box of the panel of a user (VES-10). */

const user = { veson_user: { fuel } };

describe("groups that are called as a flag", () => {
  test.each(["Security Admin", "Inactive", "Read-Only"])("VES-10 leave every panel readable: %s", async (name) => {
    const site = await madeSite({ listColumns: "narrow" }, {}, user);
    const { store } = site.world.veson;
    const { id: _id, ...rest } = store.group("Security Team")!;
    const { id } = store.addGroup({ ...rest, name, isSecurityAdmin: false });
    expect((await planned(site)).changes).toEqual([]);
    const changed = withResources(site, { veson_user: { fuel: { ...fuel, full_name: "Other" } } });
    expect(await applied(changed)).toEqual({ update: "done" });
    store.changeUser(site.world.user("sys.fuel").id, { groupIds: [id] });
    const { reader } = (await site.world.open(site.text)).system("veson");
    const seen = await (reader as VesonReader).user("sys.fuel");
    expect(seen?.attributes).toMatchObject({ groups: [name], security_admin: false, inactive: false });
  });
});

describe("groups that are called as a flag, and what is filled in", () => {
  test("VES-10 stand in the way of neither a flag nor a group", async () => {
    const site = await makeSite(user, { seatsFree: 0 });
    const { store } = site.world.veson;
    const { id: _id, ...rest } = store.group("Security Team")!;
    const flags = ["Inactive", "External Access Only"];
    const ids = flags.map((name) => store.addGroup({ ...rest, name, isSecurityAdmin: false }).id);
    const grouped = withResources(site, { veson_user: { fuel: { ...fuel, groups: flags } } });
    expect(await applied(grouped)).toMatchObject({ park: "done", create: "done", external: "done", unpark: "done" });
    expect(site.world.user("sys.fuel")).toMatchObject({ groupIds: ids, isInactive: false, isExternalOnly: true });
    expect(site.world.user("j.doe").isInactive).toBe(false);
    const one = withResources(site, { veson_user: { fuel: { ...fuel, groups: ["Inactive"] } } });
    expect(await applied(one)).toEqual({ update: "done" });
    expect(site.world.user("sys.fuel")).toMatchObject({ groupIds: ids.slice(0, 1), isInactive: false });
    expect(await applied(withResources(site, {}), { allowDeletions: 1 })).toEqual({ retire: "done" });
    expect(site.world.user("sys.fuel")).toMatchObject({ isInactive: true, groupIds: ids.slice(0, 1) });
  });

  test.each(["Security Admin", "Inactive"])(
    "VES-10 a group that is renamed meanwhile never turns into the flag that it was called as: %s",
    async (name) => {
      const site = await makeSite({ veson_user: { fuel: { ...fuel, groups: [name] } } }, { seatsFree: 2 });
      const { store } = site.world.veson;
      const { id } = store.addGroup({ name });
      site.world.meanwhile = ({ path }) => {
        if (path.includes("new-user")) store.changeGroup(id, { name: "Renamed" });
      };
      expect((await applied(site)).create).toContain(`no checkbox "${name}"`);
      expect(store.group("Renamed")).toBeDefined();
      expect(store.user("sys.fuel")).toBeUndefined();
    },
  );

  test("VES-10 a flag that has other words there is no group of its name", async () => {
    const site = await makeSite(user, {
      ...{ seatsFree: 2, listColumns: "narrow" },
      labels: { externalAccessOnly: "Ext. Access Only" },
    });
    const { store } = site.world.veson;
    store.addGroup({ name: "External Access Only" });
    await applied(site).catch(() => ({}));
    expect(store.user("sys.fuel")?.groupIds ?? []).toEqual([]);
    expect(written(site).filter((one) => one === "users/save")).toEqual([]);
  });
});
