import { describe, expect, test } from "vitest";
import { type Attributes, lines, type Resources, refusalOf } from "./world/conformance-world.ts";
import { drive } from "./world/flow-drive.ts";
import { makeMocoServ } from "./world/flow-scenarios.ts";
import { type FlowMoment, FlowWorld } from "./world/flow-world.ts";
import {
  browserManifest,
  bundleAt,
  moco,
  reports,
  storedApiUser,
  untruths,
  warehouse,
  withReports,
  withStudio,
  withWarehouse,
} from "./world/people-cases.ts";

/** What the account of a browser sees and does not see, what proves absence, and when a license is missing. */

const plainReports: Attributes = { ...reports, internal: false, license_special_access: false };
const withPlain: Resources = { momentus_api_user: { reports: plainReports } };
const adopted = (block: Attributes): Resources => ({
  momentus_api_user: { reports: { ...block, lifecycle: { adopt: true } } },
});

/** The manifest of an account with the rights of a customer, which need not be said. */
const customerManifest = (world: FlowWorld, resources: Resources): string =>
  browserManifest(world, resources).replace(/ *console_rights: support\n/, "");

async function customerWorld(options = {}, moment?: FlowMoment): Promise<FlowWorld> {
  const world = new FlowWorld(options, moment);
  const { username, password } = world.momentus.world.customerAdmin;
  world.moreVariables = { MOM_CONSOLE_USER: username, MOM_CONSOLE_PASSWORD: password };
  await world.trust(customerManifest(world, {}));
  return world;
}

async function supportWorld(options = {}): Promise<FlowWorld> {
  const world = new FlowWorld(options);
  await world.trust(browserManifest(world, {}));
  return world;
}

const pagesOf = (world: FlowWorld): string[] =>
  world.requests.map(({ path }) => path.split("?")[0] ?? "").filter((path) => !path.includes("/api/v1/"));

describe("MOM-30 a browser with the rights of a customer", () => {
  test("makes and changes users that are not internal", async () => {
    const world = await customerWorld();
    const text = customerManifest(world, withPlain);
    await world.apply(text);
    const edited = customerManifest(world, {
      momentus_api_user: { reports: { ...plainReports, description: "Other" } },
    });
    await world.apply(edited);
    expect(lines(await drive(world, edited))).toEqual([]);
    expect(await untruths(world, edited)).toEqual([]);
    const { notices } = await world.plan(edited);
    expect(notices.map(({ message }) => message)).toEqual([expect.stringMatching(/hidden from customers \(MOM-02\)/)]);
  });

  test.each<[string, Resources, RegExp]>([
    ["MOCO-SERV", moco, /MOCO-SERV is internal/],
    [
      "an internal user",
      { momentus_api_user: { reports: { ...plainReports, internal: true } } },
      /internal is checked/,
    ],
    [
      "one without a license",
      { momentus_api_user: { reports: { ...plainReports, license_special_access: true } } },
      /license_special_access is checked/,
    ],
  ])("does not make %s, and says what leads on", async (_name, resources, message) => {
    const world = await customerWorld();
    const refusal = await refusalOf(world.plan(customerManifest(world, resources)));
    expect(refusal).toMatch(message);
    expect(refusal).toMatch(/console_rights: support on systems\.momentus, or hand: person/);
  });

  test("MOM-02 never takes a user that it is not shown for gone, nor its Keys", async () => {
    const world = await customerWorld();
    const text = customerManifest(world, { ...withPlain, momentus_api_key: { warehouse } });
    await world.apply(text);
    expect(lines(await world.plan(text))).toEqual([]);
    world.momentus.store.changeApiUser("prod", "REPORTS", { isInternal: true });
    const { changes, steps } = await world.plan(text);
    expect(steps).toEqual([]);
    expect(changes.map(({ address, blocked, held }) => [address, blocked !== undefined, held])).toEqual([
      ["momentus_api_key.warehouse", true, undefined],
      ["momentus_api_user.reports", true, undefined],
    ]);
  });

  test("MOM-02 a support user's list shows that one is gone", async () => {
    const world = await supportWorld();
    const text = browserManifest(world, withWarehouse);
    await world.apply(text);
    const { prod, now } = world.momentus.store;
    prod.apiUsers.remove("REPORTS", now());
    expect(lines(await world.plan(text))).toEqual([
      "blocked held create momentus_api_key.warehouse".replace("blocked held", "held blocked"),
      "held create momentus_api_user.reports",
    ]);
  });
});

describe("MOM-33 what is read", () => {
  test("is nothing of a console where nothing of it is in use", async () => {
    const world = await supportWorld();
    const credentials = 'api_user_id: STEWARD, secret: "${env.MOM_SECRET}", key: "${env.MOM_KEY}", username';
    const users = { momentus_user: { cora: { id: "CDAY", display_name: "Cora Day" } } };
    const text = browserManifest(world, users).replace("credentials: { username", `credentials: { ${credentials}`);
    await world.plan(text);
    expect(pagesOf(world)).toEqual([]);
    await world.plan(browserManifest(world, withReports));
    expect(pagesOf(world).filter((path) => path.startsWith("/connect"))).toEqual([]);
  });

  test("is every page of the list", async () => {
    const world = await supportWorld({ consolePageSize: 3 });
    const { store } = world.momentus;
    for (let index = 0; index < 10; index++) store.addApiUser("prod", { id: `USER${index}`, displayName: "Another" });
    makeMocoServ(world);
    store.addApiUser("prod", { id: "ZETA", displayName: "Zeta" });
    const refusal = await refusalOf(
      world.plan(browserManifest(world, { momentus_api_user: { zeta: { ...plainReports, user_id: "ZETA" } } })),
    );
    expect(refusal).toContain("ZETA is there already");
    expect(
      world.requests.filter(({ path }) => path.includes("page=")).map(({ path }) => path.split("page=")[1]),
    ).toEqual(["2", "3", "4", "5"]);
  });

  test("is of other users what the list says: a retired one gets no Key", async () => {
    const world = await supportWorld();
    world.momentus.store.addApiUser("prod", { id: "OTHERS", displayName: "Others", isRetired: true });
    const text = browserManifest(world, { momentus_api_key: { warehouse: { ...warehouse, api_user: "OTHERS" } } });
    expect(await refusalOf(world.plan(text))).toContain("OTHERS is retired");
  });

  test("MOM-06 is not held against any organization", async () => {
    const world = await supportWorld();
    const text = browserManifest(world, moco);
    await world.apply(text);
    world.momentus.store.changeApiUser("prod", "MOCO-SERV", { organization: "20" });
    expect(lines(await world.plan(text))).toEqual([]);
    world.momentus.store.changeApiUser("prod", "MOCO-SERV", { description: "Mine" });
    expect(lines(await world.plan(text))).toEqual(["update momentus_api_user.moco"]);
  });

  test("MOM-10 of a user with Keys is not its Secret: a renewed one is told by the probe", async () => {
    const world = await supportWorld();
    const text = browserManifest(world, withReports);
    await world.apply(text);
    world.momentus.store.regenerateSecret("prod", "REPORTS");
    expect(lines(await world.plan(text))).toEqual([]);
    const bundle = await bundleAt(world, text, "REPORTS");
    expect(world.momentus.store.prod.accepts(bundle!)).toBe(false);
  });

  test("needs to know where the apps are, and says so before anything is opened", async () => {
    const world = await supportWorld();
    const text = browserManifest(world, withStudio).replace(/ *customer: .*\n/, "");
    await world.trust(text);
    expect(await refusalOf(world.plan(text))).toMatch(
      /without customer a browser .* => write customer on systems\.momentus/,
    );
    expect(pagesOf(world).filter((path) => path.startsWith("/connect"))).toEqual([]);
  });
});

describe("MOM-32 where the API is not licensed", () => {
  test.each(["menu", "add"] as const)(
    "at the %s, the step fails with the way out when nothing says from whom to borrow",
    async (licenseGate) => {
      const world = await supportWorld({ modules: [], licenseGate });
      const text = browserManifest(world, moco).replace(/ *license: .*\n/, "");
      await world.trust(text);
      const report = await world.apply(text);
      const observe = report.steps.find(({ step }) => step.operation === "observe");
      expect(observe).toMatchObject({ result: "failed", because: expect.stringMatching(/not licensed.*MOM-07/) });
      expect(observe?.remedy).toContain("write license:");
      expect(storedApiUser(world, "MOCO-SERV")).toBeUndefined();
    },
  );

  test("what is recorded counts while the screen is not shown, and the plan says so", async () => {
    const world = await supportWorld();
    const text = browserManifest(world, withWarehouse);
    await world.apply(text);
    world.momentus.store.licensing.switchOff("prod");
    const { notices, ...plan } = await world.plan(text);
    expect(lines({ notices, ...plan })).toEqual([]);
    const said = notices.map(({ message }) => message);
    expect(said).toEqual([
      expect.stringMatching(/^momentus_api_key was not read: .*not licensed.*; what is recorded counts$/),
      expect.stringMatching(/^momentus_api_user was not read: .*not licensed.*; what is recorded counts$/),
    ]);
  });

  test("is not asked of a user that is there: Add is not pressed", async () => {
    const world = await supportWorld();
    makeMocoServ(world);
    await world.apply(browserManifest(world, moco));
    expect(pagesOf(world)).not.toContain("/prod/add-api-user");
    expect(storedApiUser(world, "MOCO-SERV")).toBeDefined();
  });

  test("MOM-05 a user of others is taken over with adopt alone", async () => {
    const world = await supportWorld();
    world.momentus.store.addApiUser("prod", { id: "REPORTS", displayName: "Theirs" });
    world.momentus.store.addKey("prod", "REPORTS");
    expect(await refusalOf(world.plan(browserManifest(world, withReports)))).toMatch(
      /REPORTS is there already.*lifecycle: \{ adopt: true \}/,
    );
    const text = browserManifest(world, adopted(reports));
    await world.apply(text);
    expect((await world.state(text)).entries["momentus_api_user.reports"]).toMatchObject({ origin: "adopted" });
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ display_name: "Theirs" });
    expect(lines(await drive(world, text))).toEqual([]);
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ display_name: "Reports of the house" });
  });
});
