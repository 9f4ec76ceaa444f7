import { describe, expect, test } from "vitest";
import type { SimRequest, SimResponse } from "../src/simulators/wire.ts";
import {
  applied,
  fuel,
  fuelAndToken,
  fuelToken,
  madeSite,
  makeSite,
  type Site,
  withResources,
} from "./veson-fixture.ts";

/** Saves that a console takes and does not carry out: what shows when it is looked at again decides (VES-21). */

/** Answers of the test's own; undefined leaves a request to the site. */
function answering({ world }: Site, answer: (request: SimRequest) => SimResponse | undefined): void {
  const handle = world.veson.handle.bind(world.veson);
  world.veson.handle = async (request) => answer(request) ?? handle(request);
}

const isSave = ({ method, path, body }: SimRequest, panel: RegExp): boolean =>
  method === "POST" && panel.test(path) && body.includes("press=save");
const users = /\/(?:user-panels|new-users)\//;
const groups = /\/(?:group-panels|new-groups)\//;

/** Back to the panel of a row, or to the list, as after a save. */
const seeOther = (location: string): SimResponse => ({ status: 303, headers: { location }, body: "" });
const panelOf = (site: Site, name: string): SimResponse =>
  seeOther(`/data-center/security/users/${site.world.user(name).id}?tab=profile`);

/** The site loses every save of these panels, and says nothing of it. */
function losing(site: Site, name: string | undefined, panel = users, isMeant: (body: string) => boolean = () => true) {
  answering(site, (request) => {
    if (!isSave(request, panel) || !isMeant(request.body)) return undefined;
    return name === undefined ? seeOther("/data-center/security") : panelOf(site, name);
  });
}

const unconfirmed =
  "done: nothing on the console confirms a new password: it counts because nothing was said against it (VES-21)";
const notShown = "failed: it was carried out, and the console does not show it";
const user = { veson_user: { fuel } };

describe("a save that was lost without a word", () => {
  test("VES-21 a new user counts when it is on the list", async () => {
    const site = await makeSite(fuelAndToken);
    losing(site, undefined);
    expect((await applied(site)).create).toBe(notShown);
    expect(site.world.veson.store.user("sys.fuel")).toBeUndefined();
  });

  test("VES-21 External Access Only counts when it shows; else the user is made inactive if that shows", async () => {
    const site = await makeSite(user);
    losing(site, "j.doe", users, (body) => body.includes("external-access-only=Y"));
    expect(await applied(site)).toMatchObject({ external: notShown, deactivate: "done" });
    expect(site.world.user("sys.fuel")).toMatchObject({ isExternalOnly: false, isInactive: true });
  });

  test("VES-21 whoever lent a license counts as active again when that shows, and is given it back by the next run", async () => {
    const site = await makeSite(user, { seatsFree: 0 });
    losing(site, "j.doe", users, (body) => body.includes("user-name=j.doe") && !body.includes("inactive=Y"));
    expect((await applied(site)).unpark).toBe(notShown);
    expect(site.world.user("j.doe").isInactive).toBe(true);
    const { handle } = Object.getPrototypeOf(site.world.veson) as typeof site.world.veson;
    site.world.veson.handle = handle;
    await site.world.recover(site.text);
    expect(site.world.user("j.doe").isInactive).toBe(false);
  });

  test("VES-21 nobody counts as parked who does not show as inactive", async () => {
    const site = await makeSite(user, { seatsFree: 0 });
    losing(site, "j.doe", users, (body) => body.includes("user-name=j.doe"));
    expect((await applied(site)).park).toBe(notShown);
  });

  test("VES-21 a user counts as retired when it shows as inactive, a token as cleared when it is gone", async () => {
    const site = await madeSite();
    losing(site, "sys.fuel");
    const results = await applied(withResources(site, {}), { allowDeletions: 2 });
    expect(results).toMatchObject({ clear: notShown });
    expect(site.world.user("sys.fuel").token).not.toBeNull();
    const other = await madeSite({}, {}, user);
    losing(other, "sys.fuel");
    expect(await applied(withResources(other, {}), { allowDeletions: 1 })).toEqual({ retire: notShown });
    expect(other.world.user("sys.fuel").isInactive).toBe(false);
  });

  test("VES-21 changes of a user count when they show", async () => {
    const site = await madeSite();
    losing(site, "sys.fuel");
    const resources = { veson_user: { fuel: { ...fuel, full_name: "Other" } }, veson_api_token: { fuel: fuelToken } };
    expect((await applied(withResources(site, resources))).update).toBe(notShown);
  });

  test("VES-21 a permission counts when it shows on the panel that is opened anew", async () => {
    const site = await makeSite(user);
    // The page that comes next is the panel as it was typed, and nothing is saved.
    answering(site, (request) => {
      const isRights = isSave(request, users) && request.body.includes("shown=rights");
      return isRights ? seeOther(request.path) : undefined;
    });
    expect((await applied(site)).rights).toMatch(/^failed: /);
    expect(site.world.user("sys.fuel").rights).toEqual({});
  });

  test("VES-21 groups count when they show", async () => {
    const integrations = { group_name: "Integrations", description: "Systems" };
    const site = await makeSite({ veson_group: { integrations } });
    losing(site, undefined, groups);
    expect(await applied(site)).toEqual({ create: notShown });
    const made = await madeSite({}, {}, { veson_group: { integrations } });
    losing(made, undefined, groups);
    const other = withResources(made, { veson_group: { integrations: { ...integrations, description: "Other" } } });
    expect(await applied(other)).toEqual({ update: notShown });
    expect(await applied(withResources(made, {}), { allowDeletions: 1 })).toEqual({ retire: notShown });
    expect(made.world.veson.store.group("Integrations")?.isInactive).toBe(false);
  });
});

describe("a refusal in plain text", () => {
  test("VES-21 a password counts when its fields are closed after the save", async () => {
    const site = await madeSite({}, {}, user);
    const before = site.world.user("sys.fuel").password;
    const anew = { ...fuel, password: { generate: true, deliver_to: "local:FUEL_PASSWORD", generation: 2 } };
    const again = withResources(site, { veson_user: { fuel: anew } });
    const handle = site.world.veson.handle.bind(site.world.veson);
    site.world.veson.handle = async (request) => {
      if (!isSave(request, users)) return handle(request);
      // The panel stays open, as it does where something was typed wrong; what is wrong stands there in plain text.
      const { body, ...response } = await handle({ ...request, method: "GET", body: "" });
      return { ...response, body: body.replace("</h2>", "</h2><p>This password was used before.</p>") };
    };
    expect((await applied(again)).set_password).toBe(
      "failed: after the save the fields of the new password are still open: it may not be saved",
    );
    expect(site.world.user("sys.fuel").password).toBe(before);
    site.world.veson.handle = handle;
    expect(await applied(again)).toEqual({ set_password: unconfirmed });
    expect(await site.world.secret(again.text, "FUEL_PASSWORD")).toBe(site.world.user("sys.fuel").password);
  });

  test("VES-21 a password that nothing confirms is said to be so, and is not recorded as proven", async () => {
    const site = await madeSite({}, {}, user);
    const provenIn = async ({ world, text }: Site) =>
      (await world.open(text)).state.entries["veson_user.fuel"]?.secrets.password?.proven;
    expect(await provenIn(site)).toBe(true);
    const anew = { ...fuel, password: { generate: true, deliver_to: "local:FUEL_PASSWORD", generation: 2 } };
    const again = withResources(site, { veson_user: { fuel: anew } });
    // No password shows anywhere: lost or not, the console looks the same.
    losing(site, "sys.fuel");
    expect(await applied(again)).toEqual({ set_password: unconfirmed });
    expect(await provenIn(again)).toBe(false);
  });
});
