import { describe, expect, test } from "vitest";
import type { SimRequest } from "../src/simulators/wire.ts";
import type { Consents } from "../src/step.ts";
import {
  fuel,
  fuelAndToken,
  fuelToken,
  madeSite,
  makeSite,
  planned,
  type Resources,
  refusalOf,
  resultsOf,
  type Site,
  withResources,
} from "./veson-fixture.ts";
import { FlowWorld } from "./world/flow-world.ts";
import { IpressoWorld, ipressoManifest, shop } from "./world/ipresso-world.ts";
import { browserManifest, reports, withWarehouse } from "./world/people-cases.ts";

/** A row whose link leads to somebody else's form: nothing is changed there, and nothing is read of it. */

type Handling = { handle(request: SimRequest): ReturnType<IpressoWorld["ipresso"]["handle"]> };

/** The console shows the form of `other` where that of `own` is asked for; the first times it does as it should. */
function misleading(simulator: Handling, own: RegExp, other: string, shownRightly = 0): void {
  const handle = simulator.handle.bind(simulator);
  let count = 0;
  simulator.handle = (request) => {
    const isMeant = request.method === "GET" && own.test(request.path) && ++count > shownRightly;
    return handle(isMeant ? { ...request, path: request.path.replace(own, other) } : request);
  };
}

const pathOf = (site: Site, name: string): string => `/security/users/${site.world.user(name).id}`;

const panelOf = (site: Site, name: string): RegExp => new RegExp(`${pathOf(site, name)}(?![0-9])`);

function misleadingSite(site: Site, own: string, other: string, shownRightly = 0): void {
  misleading(site.world.veson, panelOf(site, own), pathOf(site, other), shownRightly);
}

/** What a site's people are like, whatever was read or begun. */
const people = ({ world }: Site): string =>
  JSON.stringify(world.veson.store.users.values().map((user) => ({ ...user, modified: 0 })));

describe("the panel of another user", () => {
  test("VES-22 is not read as that of the row", async () => {
    const site = await madeSite();
    misleadingSite(site, "sys.fuel", "j.doe");
    const [said] = await refusalOf(site.world.plan(site.text));
    expect(said).toContain('"j.doe" is none of the words that are known for what was opened: "sys.fuel"');
  });

  test("VES-22 nobody is parked in another's place", async () => {
    const site = await makeSite({ veson_user: { fuel } }, { seatsFree: 0 });
    const plan = await site.world.plan(site.text);
    misleadingSite(site, "j.doe", "m.ortega");
    const { steps } = await site.world.apply(site.text, { file: plan });
    expect(resultsOf(steps).park).toContain('"m.ortega" is none of');
    expect(site.world.user("m.ortega").isInactive).toBe(false);
  });

  test.each([
    [
      "a changed name",
      { veson_user: { fuel: { ...fuel, full_name: "Other" } }, veson_api_token: { fuel: fuelToken } },
      {},
    ],
    ["a new token", fuelAndToken, { replace: ["veson_api_token.fuel"] }],
    ["a removal", {}, { allowDeletions: 2 }],
    [
      "a password",
      {
        veson_user: {
          fuel: { ...fuel, password: { generate: true, deliver_to: "local:FUEL_PASSWORD", generation: 2 } },
        },
        veson_api_token: { fuel: fuelToken },
      },
      {},
    ],
    [
      "a permission",
      { veson_user: { fuel: { ...fuel, api_permission: "write" } }, veson_api_token: { fuel: fuelToken } },
      {},
    ],
  ])("VES-22 is not changed: %s", async (_what, resources, consents) => {
    const site = await madeSite();
    const next = withResources(site, resources);
    const requestsBefore = site.world.requests.length;
    const { plan } = await planned(next, consents);
    expect(plan.steps).not.toEqual([]);
    const before = people(site);
    // An apply looks first as a plan does.
    const looks = site.world.requests.slice(requestsBefore).filter(({ path }) => panelOf(site, "sys.fuel").test(path));
    misleadingSite(site, "sys.fuel", "j.doe", looks.length);
    const { outcome } = await next.world.apply(next.text, { file: plan, consents });
    expect(outcome).not.toBe("done");
    expect(people(site)).toBe(before);
  });

  test("VES-22 nor is that of another group", async () => {
    const integrations = { group_name: "Integrations", description: "Systems" };
    const site = await madeSite({}, {}, { veson_group: { integrations } });
    const { store } = site.world.veson;
    const [own, other] = [store.group("Integrations")!, store.group("Security Team")!];
    const next = withResources(site, { veson_group: { integrations: { ...integrations, description: "Other" } } });
    const plan = await next.world.plan(next.text);
    misleading(site.world.veson, new RegExp(`/security/groups/${own.id}\\b`), `/security/groups/${other.id}`);
    const { outcome } = await next.world.apply(next.text, { file: plan });
    expect(outcome).not.toBe("done");
    expect(store.group("Security Team")).toEqual(other);
  });
});

describe("the form of another API user", () => {
  test.each([
    ["a surname", shop({ surname: "Sync" }), {}],
    ["a password", shop(), { replace: ["ipresso_api_user.shop"] }],
  ])("IPR-28 is not changed: %s", async (_what, resources, consents) => {
    const world = new IpressoWorld();
    const text = ipressoManifest(shop());
    await world.trust(text);
    await world.apply(text);
    const { store } = world.ipresso;
    const { id } = store.addUser({ login: "victim", name: "", surname: "", email: "v@coffee.example", groupIds: [1] });
    const next = ipressoManifest(resources);
    const plan = await world.plan(next, consents);
    misleading(world.ipresso, new RegExp(`/api-users/${world.user("shop.two")?.id}(?![0-9])`), `/api-users/${id}`);
    const before = store.user("victim");
    const { steps, outcome } = await world.apply(next, { file: plan, consents });
    expect(outcome).not.toBe("done");
    expect(JSON.stringify(steps.map(({ because }) => because))).toContain("victim");
    expect(store.user("victim")).toEqual(before);
  });
});

describe("the page of another API user of Momentus", () => {
  const own = /\/api-users\/REPORTS(?![A-Z])/;

  async function momentusSite() {
    const world = new FlowWorld();
    const text = browserManifest(world, withWarehouse);
    await world.trust(text);
    await world.apply(text);
    const user = world.momentus.store.prod.apiUsers.get("REPORTS");
    world.momentus.store.addApiUser("prod", { ...user, id: "VICTIM", displayName: "Somebody" });
    world.momentus.store.addKey("prod", "VICTIM");
    return { world, text, victim: () => JSON.stringify(world.momentus.store.prod.apiUsers.get("VICTIM")) };
  }

  test("MOM-34 is not read as that of the row", async () => {
    const { world, text } = await momentusSite();
    misleading(world.momentus, own, "/api-users/VICTIM");
    expect((await refusalOf(world.plan(text)))[0]).toContain('ID is "VICTIM" instead of "REPORTS"');
  });

  test.each<[string, Resources, Partial<Consents>]>([
    ["a description", { ...withWarehouse, momentus_api_user: { reports: { ...reports, description: "Other" } } }, {}],
    ["a new Secret", withWarehouse, { replace: ["momentus_api_user.reports"] }],
    ["a new Key", withWarehouse, { replace: ["momentus_api_key.warehouse"] }],
  ])("MOM-34 is not changed: %s", async (_what, resources, consents) => {
    const { world, victim } = await momentusSite();
    const next = browserManifest(world, resources);
    const looksBefore = world.requests.length;
    const plan = await world.plan(next, consents);
    expect(plan.steps).not.toEqual([]);
    const looks = world.requests.slice(looksBefore).filter(({ path }) => own.test(path)).length;
    const before = victim();
    misleading(world.momentus, own, "/api-users/VICTIM", looks);
    const { outcome, steps } = await world.apply(next, { file: plan, consents });
    expect([outcome, victim()]).toEqual(["unfinished", before]);
    expect(JSON.stringify(steps.map(({ because }) => because))).toContain("VICTIM");
  });
});
