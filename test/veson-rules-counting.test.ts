import { describe, expect, test } from "vitest";
import { labelBook } from "../src/connectors/labels.ts";
import type { VesonLabel } from "../src/connectors/veson/labels.ts";
import { VesonReader } from "../src/connectors/veson/reader.ts";
import { isForWantOfLicense } from "../src/connectors/veson/refusal.ts";
import { Fault } from "../src/diagnostic.ts";
import { loadLabels } from "../src/schema-files.ts";
import type { UserRecord } from "../src/simulators/veson/records.ts";
import {
  applied,
  fuel,
  fuelAndToken,
  makeSite,
  planned,
  refusalOf,
  type Site,
  VesonWorld,
  vesonManifest,
  written,
} from "./veson-fixture.ts";
import type { Attributes } from "./world/conformance-world.ts";

/** Rules of docs/systems/veson.md about counting licenses, the list and the order of the set-up, each with its id. */

const user = { veson_user: { fuel } };

const set = (name: string, rest: Partial<UserRecord>) => (world: VesonWorld) => {
  world.veson.store.changeUser(world.user(name).id, rest);
};

describe("counting", () => {
  const readerOf = async ({ world, text }: Site) => {
    const workspace = await world.open(text);
    return workspace.system("veson").reader as { licensesUsed(): Promise<number> };
  };

  test.each(["wide", "narrow"] as const)(
    "VES-09 users count who are active and neither External Access Only nor Authentication Only: %s list",
    async (listColumns) => {
      const site = await makeSite(user, { listColumns });
      const { store } = site.world.veson;
      const reader = await readerOf(site);
      expect(await reader.licensesUsed()).toBe(store.seatsUsed);
      const flags: Partial<UserRecord>[] = [
        { isInactive: true },
        { isExternalOnly: true },
        { isAuthenticationOnly: true },
      ];
      for (const [index, rest] of flags.entries()) {
        set("m.ortega", { isInactive: false, isExternalOnly: false, isAuthenticationOnly: false, ...rest })(site.world);
        expect([index, await reader.licensesUsed()]).toEqual([index, store.seatsUsed]);
        expect(store.seatsUsed).toBe(4);
      }
      set("m.ortega", { isAuthenticationOnly: false })(site.world);
      store.changeGroup(store.group("Chartering")!.id, { isAuthenticationOnly: true });
      expect(await reader.licensesUsed()).toBe(store.seatsUsed);
      expect(store.seatsUsed).toBe(3);
    },
  );

  test("VES-09 a license is asked about against the limit of the manifest, which no screen of the platform shows", async () => {
    const at = async (more: number, license: Attributes = {}) => {
      const world = new VesonWorld({ seatsFree: 5 });
      const limit = world.veson.store.seatsUsed + more;
      const text = vesonManifest(user, { license: { limit, borrow_from: ["j.doe"], ...license } });
      await world.trust(text);
      return (await applied({ world, text })).park;
    };
    expect(await at(1)).toBe("not-needed");
    expect(await at(0)).toBe("done");
    const world = new VesonWorld({ seatsFree: 5 });
    const text = vesonManifest(user, { license: { borrow_from: ["j.doe"] } });
    await world.trust(text);
    expect((await planned({ world, text })).steps.slice(0, 3)).toEqual(["create", "park:late", "create:late"]);
  });

  test("VES-09 a save that is refused for want of a license is told by its words, in any spelling", () => {
    const fault = (message: string, code = "refused") => new Fault(message, { happened: "no", code });
    const isSeat = (message: string, code?: string, settings: Attributes = {}) =>
      isForWantOfLicense(fault(message, code), { input: { user_name: "sys.fuel", settings: settings as never } });
    expect(isSeat('the console says "No license is left."')).toBe(true);
    expect(isSeat('the console says "Maximum number of licen' + 'ces reached"')).toBe(true);
    expect(isSeat('the console says "There is a user sys.fuel already."')).toBe(false);
    expect(isSeat("no license", "screen")).toBe(false);
    const named = { full_name: "License sync (1/2)", initials: "L", phone: "+48 1-2 [3]", groups: ["Licenses"] };
    expect(isSeat('it says "LICENSE  sync (1/2) of Licenses is taken"', "refused", named)).toBe(false);
    expect(isSeat('it says "No license is left for License sync (1/2)."', "refused", named)).toBe(true);
  });

  test("VES-09 a name that speaks of a license parks nobody when it is refused", async () => {
    const site = await makeSite({ veson_user: { fuel: { ...fuel, full_name: "License sync" } } }, { seatsFree: 1 });
    const handle = site.world.veson.handle.bind(site.world.veson);
    site.world.veson.handle = async (request) => {
      const isSave = request.method === "POST" && request.path.includes("new-users");
      if (!isSave || !request.body.includes("press=save")) return handle(request);
      const body = '<title>User</title><div role="alert">Initials FUE of "License sync" are taken.</div>';
      return { status: 422, headers: { "content-type": "text/html" }, body };
    };
    const results = await applied(site);
    expect(results.create).toMatch(/^failed: after "Save" the console says "Initials FUE of/);
    expect(results["park:late"]).toBe("not-needed");
    expect(written(site)).toEqual([]);
  });

  test("VES-09 another refusal borrows nothing", async () => {
    const site = await makeSite(user, { seatsFree: 1 });
    site.world.meanwhile = ({ method, path }) => {
      const { store } = site.world.veson;
      if (method === "POST" && path.includes("new-users") && !store.user("sys.fuel")) {
        store.addUser({ userName: "sys.fuel", isExternalOnly: true });
      }
    };
    const results = await applied(site);
    expect(results["park:late"]).toBe("not-needed");
    expect(site.world.user("j.doe").isInactive).toBe(false);
  });
});

describe("the list and the order", () => {
  test.each(["wide", "narrow"] as const)(
    "VES-10 an inactive user of the same name is seen, which the list does not show by itself: %s list",
    async (listColumns) => {
      const site = await makeSite({ veson_user: { fuel: { ...fuel, user_name: "sys.reports" } } }, { listColumns });
      set("sys.reports", { isInactive: true })(site.world);
      expect((await planned(site)).changes).toEqual(["held revive veson_user.fuel"]);
    },
  );

  test("VES-10 a user and a group of one name are told apart, and rows on later pages are found", async () => {
    const site = await makeSite(
      { veson_user: { fuel: { ...fuel, user_name: "Operations" } }, veson_group: { ops: { group_name: "user" } } },
      { users: 30, consolePageSize: 5, apiRightsDelayMs: 0 },
    );
    expect(await applied(site)).toMatchObject({ rights: "done", external: "done" });
    expect(site.world.user("Operations").isExternalOnly).toBe(true);
    expect((await planned(site)).changes).toEqual([]);
  });

  test("VES-10 a row is found on whatever page of the list it stands", async () => {
    const site = await makeSite(
      { veson_user: { fuel: { ...fuel, user_name: "zeta" } } },
      { consolePageSize: 3, apiRightsDelayMs: 0 },
    );
    for (let index = 1; index <= 7; index++) {
      site.world.veson.store.addUser({ userName: `a${index}`, fullName: "like zeta", isInactive: true });
    }
    expect(await applied(site)).toMatchObject({ create: "done", rights: "done", external: "done" });
    expect((await planned(site)).changes).toEqual([]);
  });

  test("VES-10 a list without anybody is no list: nothing counts as absent", async () => {
    const reader = new VesonReader({
      ...{ name: "veson", url: "https://imos.test", label: labelBook<VesonLabel>(loadLabels(), "veson")({}) },
      console: { performed: 0, rows: async () => [], look: () => Promise.reject(new Error("nothing is opened")) },
      probe: undefined as never,
    });
    await expect(reader.list()).rejects.toThrow("the Security List shows nobody with a column Type");
    const site = await makeSite(user, { labels: { type: "Sort" } });
    expect((await refusalOf(site.world.plan(site.text)))[0]).toMatch(/Type/);
  });

  test("VES-11 the order is rights, token, External Access Only, proof, and the license goes back last", async () => {
    const site = await makeSite(fuelAndToken, {
      seatsFree: 0,
      tokenNeedsPermission: true,
      tokenWorksBeforeExternalOnly: false,
    });
    const order: string[] = [];
    let last = "";
    site.world.meanwhile = () => {
      const { store } = site.world.veson;
      const { rights = {}, token = null, isExternalOnly = false } = store.user("sys.fuel") ?? {};
      const is = [
        Object.keys(rights).length > 0 && "rights",
        token !== null && "token",
        isExternalOnly && "external",
        (store.calls.get("veslink/partners/list") ?? 0) > 0 && "proof",
        store.user("j.doe")?.isInactive && "parked",
      ]
        .filter(Boolean)
        .join(" ");
      if (is !== last) order.push(is);
      last = is;
    };
    expect((await site.world.apply(site.text)).outcome).toBe("done");
    expect(order.slice(0, 4)).toEqual([
      "parked",
      "rights parked",
      "rights token parked",
      "rights token external parked",
    ]);
    expect(site.world.user("j.doe").isInactive).toBe(false);
    const { plan } = await planned(await makeSite(fuelAndToken));
    expect(plan.steps.find(({ operation }) => operation === "prove")?.needs).toContain("veson_user.fuel/external");
    expect(plan.steps.find(({ operation }) => operation === "external")?.needs).toContain(
      "veson_api_token.fuel/request",
    );
  });
});
