import { beforeEach, describe, expect, test } from "vitest";
import type { Consents } from "../src/step.ts";
import { type Attributes, lines, type Resources, refusalOf } from "./world/conformance-world.ts";
import { drive } from "./world/flow-drive.ts";
import { FlowWorld } from "./world/flow-world.ts";
import {
  browserManifest,
  bundleAt,
  moco,
  reports,
  storedApiUser,
  storedApp,
  studio,
  untruths,
  warehouse,
  withReports,
  withStudio,
  withWarehouse,
} from "./world/people-cases.ts";

/** What no API can do at Momentus, done by a browser, here by forms: every operation, what drift is seen, what is held. */

let world: FlowWorld;
beforeEach(async () => {
  world = await browserWorld();
});

async function browserWorld(): Promise<FlowWorld> {
  const made = new FlowWorld();
  // Nobody is asked: whoever works here is the browser.
  made.person.work = () => Promise.reject(new Error("a person was asked"));
  await made.trust(browserManifest(made, {}));
  return made;
}

/** One apply does it all; then there is nothing to do, and everything that is recorded is so. */
async function brought(resources: Resources, consents: Partial<Consents> = {}): Promise<void> {
  const text = browserManifest(world, resources);
  await world.apply(text, { consents });
  expect(lines(await drive(world, text))).toEqual([]);
  expect(await untruths(world, text)).toEqual([]);
}

const planOf = (resources: Resources, consents: Partial<Consents> = {}) =>
  world.plan(browserManifest(world, resources), consents);
const textOf = (resources: Resources) => browserManifest(world, resources);
const appOf = (name: string) => world.momentus.store.apps.find((app) => app.tenant === "prod" && app.name === name)!;
const calls = (method: string): number =>
  world.momentus.store.mutatingCalls.filter((call) => call.method === method && call.committed).length;

/** Edits of every setting that can be changed, one after the other. */
const edits: Attributes[] = [
  ...[{ display_name: "Reports" }, { description: "For nobody" }, { organization: "10" }],
  ...[{ enforce_access_privileges: false }, { allow_proxy_user: false }, { internal: false }],
  ...[{ license_special_access: false }, { deliver_to: "local:ELSEWHERE" }, { retired: true }, { retired: false }],
];

describe("MOM-31 momentus_api_user by a browser", () => {
  test("is made with every attribute, and its credentials work", async () => {
    await brought(withReports);
    const { deliver_to: _place, ...settings } = reports;
    expect(storedApiUser(world, "REPORTS")).toEqual(settings);
    const bundle = await bundleAt(world, textOf(withReports), "REPORTS");
    expect(world.momentus.store.prod.accepts(bundle!)).toBe(true);
  });

  test("MOM-06 MOCO-SERV is made with the vendor's settings and whatever organization is there first", async () => {
    await brought(moco);
    expect(storedApiUser(world, "MOCO-SERV")).toMatchObject({
      ...{ display_name: "Momentus Connect", organization: "10", internal: true, license_special_access: true },
    });
  });

  test("follows each change in turn; what gives access back is held until --restore", async () => {
    await brought(withReports);
    let block = reports;
    for (const edit of edits) {
      block = { ...block, ...edit };
      const after = { momentus_api_user: { reports: block } };
      const isRevival = edit.retired === false;
      if (isRevival) expect(lines(await planOf(after))).toEqual(["held revive momentus_api_user.reports"]);
      await brought(after, isRevival ? { restore: ["momentus_api_user.reports"] } : {});
      const { deliver_to: _place, ...settings } = block;
      expect(storedApiUser(world, "REPORTS"), JSON.stringify(edit)).toEqual(settings);
    }
    const bundle = await bundleAt(world, textOf({}), "ELSEWHERE");
    expect(world.momentus.store.prod.accepts(bundle!)).toBe(true);
  });

  test("MOM-09 is retired when its block goes, found again, and comes back only with --restore", async () => {
    await brought(withReports);
    const before = await bundleAt(world, textOf({}), "REPORTS");
    expect(await refusalOf(planOf({}))).toContain("--allow-deletions 1");
    await brought({}, { allowDeletions: 1 });
    expect(world.momentus.store.prod.accepts(before!)).toBe(false);
    expect(await refusalOf(planOf(withReports))).toContain("REPORTS is there already");
    const adopting = { momentus_api_user: { reports: { ...reports, lifecycle: { adopt: true } } } };
    await world.apply(textOf(adopting));
    expect(lines(await drive(world, textOf(adopting)))).toEqual(["held revive momentus_api_user.reports"]);
    await brought(adopting, { restore: ["momentus_api_user.reports"] });
    expect(await bundleAt(world, textOf({}), "REPORTS")).toEqual(before);
  });

  test("MOM-10 gets another Secret with --replace, and the Key that was delivered goes on", async () => {
    await brought(withReports);
    const before = await bundleAt(world, textOf({}), "REPORTS");
    await brought(withReports, { replace: ["momentus_api_user.reports"] });
    const after = await bundleAt(world, textOf({}), "REPORTS");
    expect(after).toMatchObject({ id: "REPORTS", key: before!.key });
    expect(after!.secret).not.toBe(before!.secret);
    expect(world.momentus.store.prod.accepts(after!)).toBe(true);
  });

  test("is seen to be otherwise, and changed back; what gives access is held (law 11)", async () => {
    await brought(withReports);
    const { store } = world.momentus;
    store.changeApiUser("prod", "REPORTS", { description: "Somebody else", allowProxyUser: false });
    expect(lines(await planOf(withReports))).toEqual(["held update momentus_api_user.reports"]);
    store.changeApiUser("prod", "REPORTS", { allowProxyUser: true });
    expect(lines(await planOf(withReports))).toEqual(["update momentus_api_user.reports"]);
    await brought(withReports);
    store.changeApiUser("prod", "REPORTS", { isRetired: true });
    expect(lines(await planOf(withReports))).toEqual(["held revive momentus_api_user.reports"]);
  });

  test("changes nothing where somebody changed the same between plan and apply", async () => {
    await brought(withReports);
    const after = { momentus_api_user: { reports: { ...reports, description: "Ours" } } };
    const file = await planOf(after);
    world.momentus.store.changeApiUser("prod", "REPORTS", { description: "Theirs" });
    expect(await refusalOf(world.apply(textOf(after), { file }))).toContain("plan");
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ description: "Theirs" });
  });
});

describe("MOM-31 momentus_api_key by a browser", () => {
  test("is made beside the first Key, with the Secret that Steward has already", async () => {
    await brought(withWarehouse);
    const [first, further] = [
      await bundleAt(world, textOf({}), "REPORTS"),
      await bundleAt(world, textOf({}), "WAREHOUSE"),
    ];
    expect(further).toMatchObject({ id: "REPORTS", secret: first!.secret });
    expect(world.momentus.store.prod.keysOf("REPORTS").map(({ id }) => id)).toEqual([first!.key, further!.key]);
  });

  test("is delivered to another place without a new Key, and rotated by a further one", async () => {
    await brought(withWarehouse);
    const before = await bundleAt(world, textOf({}), "WAREHOUSE");
    const after = { ...withReports, momentus_api_key: { warehouse: { ...warehouse, deliver_to: "local:FURTHER" } } };
    await brought(after);
    expect(await bundleAt(world, textOf({}), "FURTHER")).toEqual(before);
    await brought(after, { replace: ["momentus_api_key.warehouse"] });
    expect((await bundleAt(world, textOf({}), "FURTHER"))!.key).not.toBe(before!.key);
    expect(world.momentus.store.prod.keysOf("REPORTS")).toHaveLength(3);
  });

  test("is held when it is not listed any more", async () => {
    await brought(withWarehouse);
    const { prod, now } = world.momentus.store;
    prod.keys.remove((await bundleAt(world, textOf({}), "WAREHOUSE"))!.key, now());
    expect(lines(await planOf(withWarehouse))).toEqual(["held create momentus_api_key.warehouse"]);
  });

  test("MOM-27 of a user with Keys that nobody declared is the one that is new", async () => {
    const { store } = world.momentus;
    await brought(withReports);
    for (let count = 0; count < 3; count++) store.addKey("prod", "REPORTS");
    const others = store.prod.keysOf("REPORTS").map(({ id }) => id);
    world.momentus.faults.add("cut-after-commit:console/keys/add:1");
    await world.apply(textOf(withWarehouse));
    await brought(withWarehouse);
    expect(others).not.toContain((await bundleAt(world, textOf({}), "WAREHOUSE"))!.key);
    expect(store.prod.keysOf("REPORTS")).toHaveLength(5);
  });

  test("MOM-27 is not guessed when somebody else added one at the same time", async () => {
    const { store } = world.momentus;
    await brought(withReports);
    world.momentus.faults.add("commit-after:console/keys/add:10s:1");
    const sleep = world.clock.sleep.bind(world.clock);
    world.clock.sleep = async (ms, signal) => {
      if (store.prod.keysOf("REPORTS").length < 3) store.addKey("prod", "REPORTS");
      return sleep(ms, signal);
    };
    const report = await world.apply(textOf(withWarehouse));
    const add = report.steps.find(({ step }) => step.operation === "add");
    expect(add).toMatchObject({
      result: "lost",
      because: expect.stringMatching(/2 Keys that nothing here knows.*MOM-27/),
    });
    expect((await world.state(textOf(withWarehouse))).entries["momentus_api_key.warehouse"]).toBeUndefined();
  });
});

describe("MOM-31 momentus_app_approval by a browser", () => {
  test("MOM-04 comes after MOCO-SERV, whose credentials Connect asks for once", async () => {
    await brought({ ...moco, momentus_app_approval: { studio, signage: { app: "Lobby Signage" } } });
    expect([storedApp(world, "Floor Plan Studio"), storedApp(world, "Lobby Signage")]).toEqual([
      "approved",
      "approved",
    ]);
    expect(calls("console/apps/credentials")).toBe(1);
  });

  test.each(["requested", "declined", "not listed"])("MOM-29 is made of an app that is %s", async (status) => {
    const { store } = world.momentus;
    if (status === "declined") store.changeApp(appOf(studio.app as string).id, { status: "deleted" });
    if (status === "not listed") store.apps.remove(appOf(studio.app as string).id, store.now());
    await brought(withStudio);
    expect(storedApp(world, "Floor Plan Studio")).toBe("approved");
  });

  test("is taken over as it is only when the manifest says so", async () => {
    await brought(withStudio);
    world.disk = (await browserWorld()).disk;
    const { length } = world.momentus.store.mutatingCalls;
    const plain = textOf(withStudio);
    expect(await refusalOf(world.plan(plain))).toContain("Floor Plan Studio is approved already");
    await brought({ ...moco, momentus_app_approval: { studio: { ...studio, lifecycle: { adopt: true } } } });
    expect(world.momentus.store.mutatingCalls).toHaveLength(length);
  });

  test("MOM-01 goes from the list when its block goes, and its API user stays", async () => {
    await brought(withStudio);
    await brought(moco, { allowDeletions: 1 });
    expect(storedApp(world, "Floor Plan Studio")).toBeUndefined();
    expect(world.momentus.store.prod.apiUsers.values().map(({ id }) => id)).toContain("CONAPP0001");
  });

  test("MOM-29 that somebody disabled is enabled again only with --restore, one that is gone made again", async () => {
    await brought(withStudio);
    const { store } = world.momentus;
    store.changeApp(appOf("Floor Plan Studio").id, { status: "disabled" });
    expect(lines(await planOf(withStudio))).toEqual(["held revive momentus_app_approval.studio"]);
    await brought(withStudio, { restore: ["momentus_app_approval.studio"] });
    expect(storedApp(world, "Floor Plan Studio")).toBe("active");
    store.apps.remove(appOf("Floor Plan Studio").id, store.now());
    expect(lines(await planOf(withStudio))).toEqual(["held create momentus_app_approval.studio"]);
    await brought(withStudio, { restore: ["momentus_app_approval.studio"] });
    expect(storedApp(world, "Floor Plan Studio")).toBe("approved");
  });
});
