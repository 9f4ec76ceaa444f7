import { describe, expect, test } from "vitest";
import { labelBook } from "../src/connectors/labels.ts";
import type { VesonLabel } from "../src/connectors/veson/labels.ts";
import { whyUntouchable } from "../src/connectors/veson/lending.ts";
import { VesonReader } from "../src/connectors/veson/reader.ts";
import { isForWantOfSeat } from "../src/connectors/veson/refusal.ts";
import { checkSettings } from "../src/connectors/veson/settings.ts";
import { Fault } from "../src/diagnostic.ts";
import { renderWaiting } from "../src/render/waiting.ts";
import { loansOut } from "../src/run.ts";
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

/** Rules of docs/systems/veson.md about licenses and the order of the set-up, each with its id. */

const user = { veson_user: { fuel } };

/** Who would be parked, by the plan. */
async function lenderOf(site: Site): Promise<string | undefined> {
  const { plan } = await planned(site);
  return plan.steps.find(({ operation }) => operation === "park")?.loan?.from;
}

async function siteWhere(borrowFrom: string[], arrange: (world: VesonWorld) => void = () => undefined): Promise<Site> {
  const site = await makeSite(user, { seatsFree: 0 }, { license: { borrow_from: borrowFrom } });
  arrange(site.world);
  return site;
}

const set = (name: string, rest: Partial<UserRecord>) => (world: VesonWorld) => {
  world.veson.store.changeUser(world.user(name).id, rest);
};

describe("the license of the set-up", () => {
  test("VES-07 rights are set while the user counts: External Access Only comes after them", async () => {
    const site = await makeSite(user, { rightsWithoutSeat: "refused" });
    const { plan } = await planned(site);
    const external = plan.steps.find(({ operation }) => operation === "external")!;
    expect(external.needs).toContain("veson_user.fuel/rights");
    expect(plan.steps.find(({ operation }) => operation === "create")?.input.settings).not.toHaveProperty(
      "external_access_only",
    );
    expect(await applied(site)).toMatchObject({ rights: "done", external: "done" });
  });

  test("VES-07 an inactive user is not made: its rights could not be set", async () => {
    const site = await makeSite({ veson_user: { fuel: { ...fuel, inactive: true } } });
    expect((await refusalOf(site.world.plan(site.text)))[0]).toContain(
      "an inactive user cannot be made: its rights can be set only while it counts (VES-07)",
    );
  });

  test("VES-07 where External Access Only cannot be set, the user is made inactive: it counts no more either", async () => {
    const site = await makeSite(user, { seatsFree: 0 });
    const { store } = site.world.veson;
    site.world.meanwhile = ({ method, body }) => {
      const isClosing = method === "POST" && body.includes("external-access-only=Y") && body.includes("press=save");
      // Somebody else's rule stands in the way: the name is taken meanwhile, as the page says.
      if (isClosing) store.changeUser(site.world.user("kiosk").id, { userName: "SYS.FUEL" });
    };
    const results = await applied(site);
    expect(results.external).toMatch(/^failed: after "Save" the console says/);
    expect(results.deactivate).toMatch(/^(done|failed)/);
    site.world.meanwhile = undefined;
    store.changeUser(store.users.find(({ userName }) => userName === "SYS.FUEL")!.id, { userName: "kiosk" });
    await site.world.apply(site.text).catch(() => undefined);
    expect(site.world.user("j.doe").isInactive).toBe(false);
  });
});

describe("who lends it", () => {
  test("VES-08 the first of license.borrow_from who may be asked, in that order", async () => {
    expect(await lenderOf(await siteWhere(["j.doe", "m.ortega"]))).toBe("j.doe");
    expect(await lenderOf(await siteWhere(["m.ortega", "j.doe"]))).toBe("m.ortega");
  });

  test.each<[string, string, (world: VesonWorld) => void]>([
    ["a Security Admin", "j.doe", set("j.doe", { isSecurityAdmin: true })],
    ["a Security Admin by a group", "g.lund", () => undefined],
    ["one who is inactive already", "r.winter", () => undefined],
    ["a system user", "sys.reports", () => undefined],
    ["one who takes no license", "kiosk", () => undefined],
    ["somebody who is not there", "nobody", () => undefined],
  ])("VES-08 never %s", async (_who, name, arrange) => {
    const site = await siteWhere([name, "m.ortega"], arrange);
    expect(await lenderOf(site)).toBe("m.ortega");
    const { plan } = await planned(await siteWhere([name], arrange));
    expect(plan.steps.map(({ operation }) => operation)).not.toContain("park");
    expect(plan.changes[0]?.notes[0]).toContain(`nobody of license.borrow_from can be asked for a license: ${name} `);
  });

  test("VES-08 whose name is written in other letters is found by the name of the list, and given back", async () => {
    const site = await siteWhere(["J.Doe"]);
    expect(await lenderOf(site)).toBe("j.doe");
    expect(await applied(site)).toMatchObject({ park: "done", create: "done", unpark: "done" });
    expect(site.world.user("j.doe").isInactive).toBe(false);
  });

  test("VES-08 never a user that Steward manages, nor one who is declared", async () => {
    const other = { ...fuel, user_name: "m.ortega", password: { generate: true, deliver_to: "local:OTHER" } };
    const site = await makeSite(
      { veson_user: { fuel, other } },
      { seatsFree: 0 },
      { license: { borrow_from: ["m.ortega"] } },
    );
    expect((await refusalOf(site.world.plan(site.text))).join("\n")).toContain(
      "m.ortega stands in license.borrow_from: a system user is never deactivated for another (VES-08)",
    );
  });

  test("VES-08 never the account that Steward works as", () => {
    expect(whyUntouchable({ user_name: "s.harper", security_admin: false }, [], "S.HARPER")).toBe(
      "is the account that Steward works as",
    );
    const world = new VesonWorld();
    const text = vesonManifest({}, { license: { borrow_from: ["s.harper", "m.ortega"] } });
    const system = world.manifest(text).systems.veson!;
    expect(checkSettings(system).map(({ message }) => message)).toEqual([
      "s.harper is the account that veson is worked on as: it cannot be deactivated (VES-08)",
    ]);
  });

  test("VES-08 nobody at all without license.borrow_from", async () => {
    const world = new VesonWorld({ seatsFree: 0 });
    const text = vesonManifest(user, { license: { limit: world.veson.store.licenseLimit } });
    await world.trust(text);
    const { create } = await applied({ world, text });
    expect(create).toMatch(/^failed: after "Save" the console says "No license is left/);
    expect(written({ world, text })).toEqual([]);
  });

  test("VES-08 whoever became somebody else since the plan is not touched", async () => {
    const site = await siteWhere(["j.doe"]);
    const plan = await site.world.plan(site.text);
    let isPromoted = false;
    site.world.meanwhile = ({ path }) => {
      // After the seats were counted, before anybody is parked.
      if (isPromoted || !path.includes("search=j.doe")) return;
      set("j.doe", { isSecurityAdmin: true })(site.world);
      isPromoted = true;
    };
    const { steps } = await site.world.apply(site.text, { file: plan });
    expect(steps.find(({ step }) => step.operation === "park")?.because).toBe(
      "j.doe is a Security Admin: nobody was deactivated (VES-08)",
    );
    expect(written(site)).toEqual([]);
  });

  test("VES-08 who is parked is in the log before anything is done to them, and status says that they cannot work", async () => {
    const site = await siteWhere(["j.doe"]);
    const { points } = await pointOf(site);
    const again = await siteWhere(["j.doe"]);
    again.world.points = 0;
    again.world.crashAt = points;
    await again.world.apply(again.text).catch(() => undefined);
    expect(again.world.user("j.doe").isInactive).toBe(true);
    again.world.restart();
    const { state } = await again.world.open(again.text);
    expect(loansOut(state)).toMatchObject([{ name: "seat", from: "j.doe", address: "veson_user.fuel" }]);
    const [loan] = loansOut(state);
    const said = renderWaiting(
      [
        {
          run: { id: "r", openedAt: loan!.since, by: "me" },
          waiting: [],
          loans: [loan!],
          resume: "steward apply",
          close: "steward recover",
        },
      ],
      { nowMs: again.world.clock.now() } as Parameters<typeof renderWaiting>[1],
    );
    expect(said).toContain("j.doe cannot work on veson: parked since 2026-11-20");
    await again.world.recover(again.text);
    expect(again.world.user("j.doe").isInactive).toBe(false);
  });

  test("VES-08 where the freed license is taken by somebody else, the loan stays out and is given back as soon as it can be", async () => {
    const site = await siteWhere(["j.doe"]);
    const { store } = site.world.veson;
    site.world.meanwhile = () => {
      if (store.user("j.doe")?.isInactive !== true || store.seatsUsed >= store.licenseLimit) return;
      store.addUser({ userName: "n.comer", fullName: "New Comer" });
    };
    const results = await applied(site);
    expect(results["park:late"]).toBe("failed: j.doe is inactive already: nobody was deactivated (VES-08)");
    expect(results.unpark).toMatch(/^failed: after "Save" the console says "No license is left/);
    expect(loansOut((await site.world.open(site.text)).state)).toHaveLength(1);
    store.changeUser(site.world.user("n.comer").id, { isInactive: true });
    site.world.meanwhile = undefined;
    await site.world.recover(site.text);
    expect(site.world.user("j.doe").isInactive).toBe(false);
    expect(loansOut((await site.world.open(site.text)).state)).toEqual([]);
  });

  test.each<[string, Partial<UserRecord>, string]>([
    ["has activated", { isInactive: false }, "somebody else has activated j.doe already"],
    [
      "has made External Access Only",
      { isExternalOnly: true },
      "somebody else has changed external_access_only of j.doe, who is left inactive as they are",
    ],
    [
      "has made Security Admin",
      { isSecurityAdmin: true },
      "somebody else has changed security_admin of j.doe, who is left inactive as they are",
    ],
  ])("VES-08 whom somebody else %s meanwhile is left as they are, and that is said", async (_what, rest, says) => {
    const site = await siteWhere(["j.doe"]);
    const { store } = site.world.veson;
    site.world.meanwhile = () => {
      if (store.user("j.doe")?.isInactive !== true || store.user("sys.fuel")?.isExternalOnly !== true) return;
      set("j.doe", rest)(site.world);
      site.world.meanwhile = undefined;
    };
    const results = await applied(site);
    expect(results.unpark).toBe(`done: ${says}`);
    expect(site.world.user("j.doe")).toMatchObject({ isInactive: true, ...rest });
  });

  /** What somebody else does to whoever is parked. */
  const whileParked = ({ world }: Site, work: () => void): void => {
    world.meanwhile = () => {
      if (world.veson.store.user("sys.fuel")?.isExternalOnly !== true) return;
      work();
      world.meanwhile = undefined;
    };
  };

  test("VES-08 whoever became a Security Admin meanwhile is seen on the panel where the list does not show it", async () => {
    const site = await makeSite(user, { seatsFree: 0, listColumns: "narrow" });
    whileParked(site, () => set("j.doe", { isSecurityAdmin: true })(site.world));
    expect((await applied(site)).unpark).toBe(
      "done: somebody else has changed security_admin of j.doe, who is left inactive as they are",
    );
    expect(site.world.user("j.doe").isInactive).toBe(true);
  });

  test.each(["wide", "narrow"] as const)(
    "VES-08 whoever became one by a group is left inactive too: %s list",
    async (listColumns) => {
      const site = await makeSite(user, { seatsFree: 0, listColumns });
      const { id, isSecurityAdmin } = site.world.veson.store.group("Security Team")!;
      expect(isSecurityAdmin).toBe(true);
      whileParked(site, () => set("j.doe", { groupIds: [id] })(site.world));
      expect((await applied(site)).unpark).toBe(
        "done: somebody else has changed security_admin by a group of j.doe, who is left inactive as they are",
      );
      expect(site.world.user("j.doe").isInactive).toBe(true);
    },
  );

  test("VES-08 whoever got another name meanwhile is not given back, and the loan stays out until they are", async () => {
    const site = await siteWhere(["j.doe"]);
    const { id } = site.world.user("j.doe");
    const { store } = site.world.veson;
    whileParked(site, () => store.changeUser(id, { userName: "jane.doe" }));
    const { steps } = await site.world.apply(site.text);
    const unpark = steps.find(({ step }) => step.operation === "unpark")!;
    expect([unpark.result, unpark.because]).toEqual([
      "failed",
      "j.doe is not on the Security List any more: they are still inactive, under whatever name",
    ]);
    expect(unpark.remedy).toContain("give them the User Name j.doe back, then: steward recover");
    expect(loansOut((await site.world.open(site.text)).state)).toMatchObject([{ from: "j.doe" }]);
    store.changeUser(id, { userName: "j.doe" });
    await site.world.recover(site.text);
    expect(site.world.user("j.doe").isInactive).toBe(false);
    expect(loansOut((await site.world.open(site.text)).state)).toEqual([]);
  });
});

/** The I/O point right after the one who is asked was deactivated. */
async function pointOf({ world, text }: Site): Promise<{ points: number }> {
  world.points = 0;
  let points = 0;
  const pass = world.point.bind(world);
  world.point = (name) => {
    pass(name);
    if (points === 0 && world.user("j.doe").isInactive) points = world.points;
  };
  await world.apply(text);
  return { points };
}

describe("counting", () => {
  const readerOf = async ({ world, text }: Site) => {
    const workspace = await world.open(text);
    return workspace.system("veson").reader as { seatsUsed(): Promise<number> };
  };

  test.each(["wide", "narrow"] as const)(
    "VES-09 users count who are active and neither External Access Only nor Authentication Only: %s list",
    async (listColumns) => {
      const site = await makeSite(user, { listColumns });
      const { store } = site.world.veson;
      const reader = await readerOf(site);
      expect(await reader.seatsUsed()).toBe(store.seatsUsed);
      const flags: Partial<UserRecord>[] = [
        { isInactive: true },
        { isExternalOnly: true },
        { isAuthenticationOnly: true },
      ];
      for (const [index, rest] of flags.entries()) {
        set("m.ortega", { isInactive: false, isExternalOnly: false, isAuthenticationOnly: false, ...rest })(site.world);
        expect([index, await reader.seatsUsed()]).toEqual([index, store.seatsUsed]);
        expect(store.seatsUsed).toBe(4);
      }
      set("m.ortega", { isAuthenticationOnly: false })(site.world);
      store.changeGroup(store.group("Chartering")!.id, { isAuthenticationOnly: true });
      expect(await reader.seatsUsed()).toBe(store.seatsUsed);
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
      isForWantOfSeat(fault(message, code), { input: { user_name: "sys.fuel", settings: settings as never } });
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
