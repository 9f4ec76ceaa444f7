import { describe, expect, test } from "vitest";
import { whyUntouchable } from "../src/connectors/veson/lending.ts";
import { checkSettings } from "../src/connectors/veson/settings.ts";
import { renderWaiting } from "../src/render/waiting.ts";
import { loansOut } from "../src/run.ts";
import type { UserRecord } from "../src/simulators/veson/records.ts";
import {
  applied,
  fuel,
  madeSite,
  makeSite,
  planned,
  refusalOf,
  type Site,
  VesonWorld,
  vesonManifest,
  withResources,
  written,
} from "./veson-fixture.ts";

/** Rules of docs/systems/veson.md about whose license is lent, each with its id. */

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

  test("VES-07 whom Steward made inactive for that, the next plan gives back unasked", async () => {
    const site = await fallenBack();
    expect((await planned(site)).changes).toEqual(["revive veson_user.fuel"]);
    expect((await site.world.apply(site.text)).outcome).toBe("done");
    expect(site.world.user("sys.fuel")).toMatchObject({ isInactive: false, isExternalOnly: true });
    expect((await planned(site)).changes).toEqual([]);
  });

  test("VES-07 whom somebody else made inactive waits for --restore, also after such a fall", async () => {
    const site = await fallenBack();
    await site.world.apply(site.text);
    site.world.veson.store.changeUser(site.world.user("sys.fuel").id, { isInactive: true });
    expect((await planned(site)).changes).toEqual(["held revive veson_user.fuel"]);
  });

  test("VES-07 whom a declaration made inactive waits for --restore", async () => {
    const site = await madeSite({}, {}, user);
    const off = withResources(site, { veson_user: { fuel: { ...fuel, inactive: true } } });
    expect((await site.world.apply(off.text)).outcome).toBe("done");
    const on = withResources(site, { veson_user: { fuel: { ...fuel, inactive: false } } });
    expect((await planned(on)).changes).toEqual(["held revive veson_user.fuel"]);
  });
});

/** A site on which External Access Only could not be set, so that the user was made inactive. */
async function fallenBack(): Promise<Site> {
  const site = await makeSite(user);
  const { store } = site.world.veson;
  const kiosk = site.world.user("kiosk").id;
  site.world.meanwhile = ({ method, body }) => {
    const isClosing = method === "POST" && body.includes("external-access-only=Y") && body.includes("press=save");
    // For that one request somebody has its name, so that the save is refused.
    store.changeUser(kiosk, { userName: isClosing ? "SYS.FUEL" : "kiosk" });
  };
  expect(await applied(site)).toMatchObject({ rights: "done", deactivate: "done" });
  expect(site.world.user("sys.fuel")).toMatchObject({ isInactive: true, isExternalOnly: false });
  site.world.meanwhile = undefined;
  await site.world.recover(site.text);
  return site;
}

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
    expect(loansOut(state)).toMatchObject([{ name: "license", from: "j.doe", address: "veson_user.fuel" }]);
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
    expect(said).toContain("j.doe may be unable to work on veson: parking them was asked for just now (2026-11-20");
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
