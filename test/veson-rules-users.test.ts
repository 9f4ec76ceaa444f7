import { describe, expect, test } from "vitest";
import { parseManifest } from "../src/manifest/parse.ts";
import type { Actual } from "../src/resource.ts";
import { secretPathProblem, sinkSettings } from "../src/sinks/open.ts";
import {
  applied,
  connector,
  fuel,
  fuelAndToken,
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

/** Rules of docs/systems/veson.md about users and groups, each with its id. */

const group = { group_name: "Integrations", description: "Systems" };
const user = { veson_user: { fuel } };

function errorsOf(system: Record<string, unknown>): string[] {
  const world = new VesonWorld();
  const connectors = [connector];
  const { diagnostics = [] } = (() => {
    try {
      const text = vesonManifest({}, system);
      parseManifest({
        ...{ files: [{ path: "steward.yaml", text }], folder: "/repo", variables: {}, environmentVariables: {} },
        kinds: connectors.flatMap(({ kinds }) => kinds.map(({ schema }) => schema)),
        connectors: connectors.map(({ name, settings, check }) => ({ name, settings, ...(check ? { check } : {}) })),
        sinkTypes: sinkSettings,
        sinkPathProblem: secretPathProblem,
      });
      return { diagnostics: [] };
    } catch (error) {
      return error as { diagnostics?: { message: string; hint?: string }[] };
    }
  })();
  expect(world.requests).toEqual([]);
  return diagnostics.map(({ message, hint }) => `${message} => ${hint}`);
}

describe("who works at the console", () => {
  test("VES-01 nobody by an API: hand: api is refused with the way out, and a browser is the usual one", () => {
    expect(errorsOf({ hand: "api" })).toEqual([
      "veson cannot be managed with hand: api: users, groups and tokens have no public API (VES-01) => take hand out for a browser, or write hand: person, and Steward says step by step what to do",
    ]);
    expect(errorsOf({})).toEqual([]);
    expect(new VesonWorld().manifest(vesonManifest({})).systems.veson?.hand).toBe("browser");
  });

  test("VES-01 an account with user name and password is needed, unless a person does it all", () => {
    expect(errorsOf({ credentials: {} })[0]).toContain("veson has no username and no password to sign in with");
    expect(errorsOf({ credentials: {}, hand: "person" })).toEqual([]);
    expect(errorsOf({ credentials: { password: "${env.P}" } })[0]).toContain("veson has no username");
  });

  test("VES-01 doctor says where the account is a Security Admin by a group only", async () => {
    const findings = async (username: string) => {
      const world = new VesonWorld();
      const { password } = username === "g.lund" ? world.veson.world.groupAdmin : world.veson.world.admin;
      world.moreVariables.VESON_PASSWORD = password;
      const text = vesonManifest({}, { credentials: { username, password: "${env.VESON_PASSWORD}" } });
      await world.trust(text);
      const workspace = await world.open(text);
      const found = await workspace.system("veson").examine();
      await workspace.close();
      return found.map(({ level, message }) => `${level} ${message}`);
    };
    expect(await findings("g.lund")).toContain(
      "error g.lund is a Security Admin only by a group: it cannot change other users (VES-01)",
    );
    expect(await findings("s.harper")).toEqual([
      "ok the Security List can be read: 8 users, 3 groups",
      "ok works as s.harper",
      "ok 5 users take a license; license.limit is not known",
    ]);
  });

  test("VES-01 a person is told to be a Security Admin by themselves", async () => {
    const site = await makeSite(user, {}, { hand: "person" });
    const { plan } = await planned(site);
    const step = plan.steps.find(({ operation }) => operation === "park")!;
    const system = site.world.manifest(site.text).systems.veson!;
    const screen = connector.kinds[1]!.operations.park!.screen!(step, system);
    expect(screen.role).toBe("an IMOS administrator who is a Security Admin by themselves");
  });
});

describe("system users", () => {
  test("VES-02 somebody's account is never taken over, a system user's is", async () => {
    const take = (user_name: string) => ({
      veson_user: { fuel: { ...fuel, user_name, lifecycle: { adopt: true } } },
    });
    const site = await makeSite(take("m.ortega"));
    expect(await refusalOf(site.world.plan(site.text))).toEqual([
      "m.ortega is not External Access Only: it is somebody's account, and not a system user (VES-02) => declare a system user of another name, one for each integration",
    ]);
    const own = withResources(site, take("sys.reports"));
    expect((await planned(own)).changes).toEqual(["adopt veson_user.fuel"]);
    await own.world.apply(own.text);
    expect(own.world.user("sys.reports").fullName).toBe("Fuel export");
    expect((await planned(own)).changes).toEqual([]);
  });

  test("VES-02 names are compared without regard to letter case", async () => {
    const site = await makeSite({ veson_user: { fuel: { ...fuel, user_name: "J.DOE" } } });
    expect((await refusalOf(site.world.plan(site.text)))[0]).toContain("exists already on veson (id j.doe)");
  });

  test("VES-03 a user that leaves is made inactive, stays, and comes back only by --restore", async () => {
    const site = await madeSite({}, {}, user);
    const none = withResources(site, {});
    const { plan, steps } = await planned(none, { allowDeletions: 1 });
    expect(steps).toEqual(["retire"]);
    expect(plan.changes[0]?.notes).toEqual([
      "it is made inactive, not deleted (VES-03): whatever uses its token stops at once",
    ]);
    await none.world.apply(none.text, { consents: { allowDeletions: 1 } });
    expect(site.world.user("sys.fuel")).toMatchObject({ isInactive: true, isExternalOnly: true });
    expect((await planned(none)).changes).toEqual([]);
    expect((await planned(site)).changes).toEqual(["held revive veson_user.fuel"]);
    await applied(site, { restore: ["veson_user.fuel"] });
    expect(site.world.user("sys.fuel")).toMatchObject({ isInactive: false, isExternalOnly: true });
    expect((await planned(site)).changes).toEqual([]);
  });

  test("VES-03 one that is given back does not count, whatever it was before", async () => {
    const site = await madeSite({}, {}, user);
    const { store } = site.world.veson;
    store.changeUser(site.world.user("sys.fuel").id, { isInactive: true, isExternalOnly: false });
    await applied(site, { restore: ["veson_user.fuel"] });
    expect(site.world.user("sys.fuel")).toMatchObject({ isInactive: false, isExternalOnly: true });
  });

  test("VES-03 a user keeps its User Name", async () => {
    const site = await madeSite({}, {}, user);
    const other = withResources(site, { veson_user: { fuel: { ...fuel, user_name: "sys.other" } } });
    expect(await refusalOf(other.world.plan(other.text))).toEqual([
      "a user keeps its User Name for ever (VES-03) => declare the new user as a resource of its own; what becomes of the old one, its own block says",
    ]);
  });

  test("VES-03 a group that leaves is made inactive too, and says what becomes of its users", async () => {
    const site = await madeSite({}, {}, { veson_group: { integrations: group } });
    const none = withResources(site, {});
    const { plan } = await planned(none, { allowDeletions: 1 });
    expect(plan.changes[0]?.notes).toEqual(["it is made inactive, not deleted, and so are the users in it (VES-03)"]);
    await none.world.apply(none.text, { consents: { allowDeletions: 1 } });
    expect(site.world.veson.store.group("Integrations")?.isInactive).toBe(true);
  });

  test("VES-04 an email need not be real: it is the User Name at the company's domain, and nothing is sent there", async () => {
    const made = await madeSite({}, {}, user);
    expect(made.world.user("sys.fuel").email).toBe("sys.fuel@shipping.example");
    expect(made.world.outbox.mails).toEqual([]);
    const own = await madeSite({}, {}, { veson_user: { fuel: { ...fuel, email: "fuel@else.example" } } });
    expect(own.world.user("sys.fuel").email).toBe("fuel@else.example");
  });

  test("VES-05 External Access Only is set again where somebody took it off", async () => {
    const site = await madeSite({}, {}, user);
    site.world.veson.store.changeUser(site.world.user("sys.fuel").id, { isExternalOnly: false });
    const { plan, steps } = await planned(site);
    expect(steps).toEqual(["update"]);
    expect(plan.changes[0]?.attributes).toEqual([
      { path: "external_access_only", before: false, after: true, drift: true },
    ]);
    await site.world.apply(site.text);
    expect(site.world.user("sys.fuel").isExternalOnly).toBe(true);
    expect((await planned(site)).changes).toEqual([]);
  });

  test("VES-05 the account that Steward works as is no system user", async () => {
    const site = await makeSite({
      veson_user: { fuel: { ...fuel, user_name: "S.Harper", lifecycle: { adopt: true } } },
    });
    expect((await refusalOf(site.world.plan(site.text))).join("\n")).toContain(
      "s.harper is the account that Steward works as: External Access Only would lock it out (VES-05)",
    );
  });
});

describe("rights", () => {
  test("VES-06 what stands beside a right in words decides: a denial is no grant, whatever the box shows", async () => {
    const site = await makeSite(user, { apiRightsDelayMs: 0, rightSelector: "cycle" });
    site.world.meanwhile = ({ path, method }) => {
      const { store } = site.world.veson;
      const made = store.user("sys.fuel");
      if (!made || method !== "GET" || !path.includes("/users/") || Object.keys(made.rights).length > 0) return;
      store.changeUser(made.id, { rights: { "veslink/api-read": "denied" } });
    };
    const results = await applied(site);
    expect(results.rights).toBe("failed: after the save sys.fuel has the API permission none, not read");
    expect(results.external).toBe("done");
  });

  test("VES-06 a denial is lifted where a menu says which right is chosen", async () => {
    const site = await makeSite(user, { apiRightsDelayMs: 0 });
    site.world.meanwhile = ({ path, method }) => {
      const { store } = site.world.veson;
      const made = store.user("sys.fuel");
      if (!made || method !== "GET" || !path.includes("/users/") || Object.keys(made.rights).length > 0) return;
      store.changeUser(made.id, { rights: { "veslink/api-read": "denied" } });
    };
    expect((await applied(site)).rights).toBe("done");
    expect(site.world.user("sys.fuel").rights).toEqual({ "veslink/api-read": "delete" });
  });

  test.each([["choose"], ["cycle"]] as const)(
    "VES-06 rights are set where a selector is used by %s",
    async (rightSelector) => {
      const site = await madeSite({ rightSelector }, {}, user);
      expect(site.world.user("sys.fuel").rights).toEqual({ "veslink/api-read": "delete" });
      expect((await planned(site)).changes).toEqual([]);
    },
  );

  test("VES-12 another permission takes External Access Only off for a while, and borrows a license where none is free", async () => {
    const site = await madeSite({ seatsFree: 0 }, {}, user);
    const more = withResources(site, { veson_user: { fuel: { ...fuel, api_permission: "write" } } });
    const { steps, plan } = await planned(more);
    expect(steps).toEqual([
      ...["licenses", "park", "admit", "park:late", "admit:late", "permissions", "veslink", "rights"],
      ...["external", "deactivate", "unpark"],
    ]);
    expect(plan.steps.find(({ operation }) => operation === "admit")?.title).toBe(
      "clear External Access Only of sys.fuel for a while: it counts, and could sign in",
    );
    const before = more.world.user("j.doe");
    expect(await applied(more)).toMatchObject({ park: "done", admit: "done", rights: "done", unpark: "done" });
    expect(more.world.user("sys.fuel")).toMatchObject({
      ...{ isExternalOnly: true, rights: { "veslink/api-read": "delete", "veslink/api-write": "delete" } },
    });
    expect({ ...more.world.user("j.doe"), modified: 0 }).toEqual({ ...before, modified: 0 });
    expect((await planned(more)).changes).toEqual([]);
  });

  test("VES-12 a user who counts by somebody's hand needs no license for its rights", async () => {
    const site = await madeSite({ seatsFree: 1 }, {}, user);
    site.world.veson.store.changeUser(site.world.user("sys.fuel").id, { isExternalOnly: false });
    const more = withResources(site, { veson_user: { fuel: { ...fuel, api_permission: "write" } } });
    expect((await planned(more)).steps).toEqual(["permissions", "veslink", "rights", "external", "deactivate"]);
    await applied(more);
    expect(site.world.user("sys.fuel").isExternalOnly).toBe(true);
  });

  test("VES-13 a Veslink account is made only where the permissions do not show, with the same password", async () => {
    const late = await madeSite({}, {}, user);
    expect(written(late)).toContain("veslink/add");
    expect(late.world.veson.store.veslinkAccount("sys.fuel")?.password).toBe(late.world.user("sys.fuel").password);
    const early = await madeSite({ apiRightsDelayMs: 0 }, {}, user);
    expect(written(early)).not.toContain("veslink/add");
  });

  test("VES-13 where no account can be made, the user is left without a license, and a later apply grants", async () => {
    const site = await makeSite(fuelAndToken, { seatsFree: 0 });
    const { store } = site.world.veson;
    store.changeVeslinkAccount(store.veslinkAccount("s.harper")!.id, { administersCompany: false });
    const results = await applied(site);
    expect(results.veslink).toMatch(/^failed/);
    expect(results).toMatchObject({ external: "done", unpark: "done", rights: expect.stringMatching(/^skipped/) });
    expect(site.world.user("sys.fuel")).toMatchObject({ isExternalOnly: true, rights: {} });
    expect(site.world.user("j.doe").isInactive).toBe(false);
    site.world.clock.advance(20 * 60_000);
    expect((await applied(site)).rights).toBe("done");
    expect(site.world.user("sys.fuel").token).not.toBeNull();
    expect((await planned(site)).changes).toEqual([]);
  });

  test("VES-15 a stronger permission holds the weaker ones, and what is too strong is taken away", async () => {
    const strong = { veson_user: { fuel: { ...fuel, api_permission: "imos_message" } } };
    const site = await madeSite({}, {}, strong);
    expect(site.world.user("sys.fuel").rights).toEqual({ "veslink/api-imos-message": "delete" });
    const weak = withResources(site, { veson_user: { fuel: { ...fuel, api_permission: "write" } } });
    await applied(weak);
    expect(site.world.user("sys.fuel").rights).toEqual({ "veslink/api-write": "delete" });
  });

  test("VES-15 a permission that somebody took away is held, one that they added is taken away", async () => {
    const site = await madeSite({}, {}, { veson_user: { fuel: { ...fuel, api_permission: "write" } } });
    const { store } = site.world.veson;
    const rights = (given: Record<string, "delete">) =>
      store.changeUser(site.world.user("sys.fuel").id, { rights: given });
    rights({ "veslink/api-read": "delete" });
    expect((await planned(site)).changes).toEqual(["held update veson_user.fuel"]);
    rights({ "veslink/api-write": "delete", "veslink/api-imos-message": "delete" });
    expect((await planned(site)).changes).toEqual(["update veson_user.fuel"]);
  });
});

describe("passwords", () => {
  const given = (): Site["text"] =>
    vesonManifest({ veson_user: { fuel: { ...fuel, password: { value: "${env.OWN}" } } } }, {});
  const withPassword = async (password: string) => {
    const world = new VesonWorld();
    world.moreVariables.OWN = password;
    const text = given();
    await world.trust(text);
    return { world, text };
  };

  test.each([
    ["Short-1a", "at least 12 characters"],
    ["UPPER-CASE-ONLY-1", "a lower-case letter"],
    ["lower-case-only-1", "an upper-case letter"],
    ["No-Digit-At-All", "a digit"],
    ["NoSpecialSign123", "one of ~!@#%&_=;:'<,>-.$^{[(|)]}*+?\\`"],
  ])("VES-17 a given password is checked before anything is entered: %s", async (password, lacks) => {
    const site = await withPassword(password);
    const results = await applied(site);
    expect(results.create).toBe(`failed: the password of sys.fuel must have ${lacks} (VES-17)`);
    expect(written(site)).toEqual([]);
    expect(JSON.stringify(results)).not.toContain(password);
  });

  test("VES-17 one that fits is entered, and so is one that Steward makes", async () => {
    const site = await withPassword("Long-Enough-77");
    expect((await applied(site)).create).toBe("done");
    expect(site.world.user("sys.fuel").password).toBe("Long-Enough-77");
    const made = await madeSite({}, {}, user);
    expect(await made.world.secret(made.text, "FUEL_PASSWORD")).toBe(made.world.user("sys.fuel").password);
  });

  test("VES-17 a new user needs one, and another generation sets it anew", async () => {
    const { password: _password, ...without } = fuel;
    const none = await makeSite({ veson_user: { fuel: without } });
    expect((await refusalOf(none.world.plan(none.text)))[0]).toContain("a new user needs a password (VES-17)");
    const site = await madeSite({}, {}, user);
    const before = site.world.user("sys.fuel").password;
    const anew = { ...fuel, password: { generate: true, deliver_to: "local:FUEL_PASSWORD", generation: 2 } };
    const again = withResources(site, { veson_user: { fuel: anew } });
    expect((await planned(again)).steps).toEqual(["set_password"]);
    await applied(again);
    expect(site.world.user("sys.fuel").password).not.toBe(before);
    expect(await site.world.secret(again.text, "FUEL_PASSWORD")).toBe(site.world.user("sys.fuel").password);
    expect((await planned(again)).changes).toEqual([]);
  });
});

describe("what must stay", () => {
  const administrators = { veson_group: { security: { group_name: "Security Team", lifecycle: { adopt: true } } } };

  test("VES-20 a group is not made inactive that the account belongs to, or with it the last Security Admin", async () => {
    const site = await makeSite(administrators);
    await site.world.apply(site.text);
    const { store } = site.world.veson;
    const off = withResources(site, {
      veson_group: { security: { group_name: "Security Team", inactive: true } },
    });
    expect((await planned(off)).changes).toEqual(["update veson_group.security"]);
    store.changeUser(site.world.user("s.harper").id, { groupIds: [store.group("Security Team")!.id] });
    expect((await refusalOf(off.world.plan(off.text))).join()).toContain(
      "s.harper belongs to Security Team, and is the account that Steward works as",
    );
  });

  test("VES-20 neither the account nor the last Security Admin is switched off", () => {
    const seen = (name: string, isAdmin: boolean): Actual => ({
      ...{ id: name, unobservable: [], seen: { how: "read" }, health: "unchecked" },
      attributes: { user_name: name, inactive: false, security_admin: isAdmin, groups: [] },
    });
    const protect = (name: string, people: Actual[], me?: string) => {
      const system = { credentials: me === undefined ? {} : { username: me } };
      const byIdentity = (_kind: string, wanted: string) => people.find(({ id }) => id === wanted);
      const world = { byIdentity, objects: (kind: string) => (kind === "veson_user" ? people : []) };
      const view = { system, world, actual: people.find(({ id }) => id === name) };
      return connector.kinds[1]!.protects!(view as never, { action: "delete", attributes: [], notes: [] });
    };
    const people = [seen("one", true), seen("two", false), seen("three", true)];
    expect(protect("one", people, "ONE")).toBe("ONE is the account that Steward works as");
    expect(protect("one", people)).toBeUndefined();
    expect(protect("two", people)).toBeUndefined();
    expect(protect("one", people.slice(0, 2))).toBe("one is the last active Security Admin");
  });
});
