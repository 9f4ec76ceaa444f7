import { beforeEach, describe, expect, test } from "vitest";
import { loadKindSchemas } from "../src/schema-files.ts";
import type { Consents } from "../src/step.ts";
import { type Attributes, lines, type Resources, refusalOf } from "./world/conformance-world.ts";
import { drive } from "./world/flow-drive.ts";
import { FlowWorld } from "./world/flow-world.ts";
import {
  bundleAt,
  moco,
  peopleManifest,
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

let world: FlowWorld;
beforeEach(async () => {
  world = new FlowWorld();
  await world.trust(peopleManifest(world, {}));
});

/** People and pipeline bring a manifest to its end; then there is nothing to do, and everything that is recorded is so. */
async function brought(resources: Resources, consents: Partial<Consents> = {}): Promise<void> {
  const text = peopleManifest(world, resources);
  const { allowDeletions, ...others } = consents;
  const first = await world.plan(text, consents);
  const wanted = first.steps.length > 0 ? { ...others, ...(allowDeletions ? { allowDeletions } : {}) } : {};
  await world.apply(text, { consents: wanted });
  const plan = await drive(world, text);
  expect(lines(plan)).toEqual([]);
  expect(await untruths(world, text)).toEqual([]);
}

const planOf = (resources: Resources, consents: Partial<Consents> = {}) =>
  world.plan(peopleManifest(world, resources), consents);

/** Edits of every attribute that can be changed, one after the other. */
const edits: Record<string, Attributes[]> = {
  momentus_api_user: [
    { display_name: "Reports" },
    { description: "For nobody" },
    { organization: "10" },
    { enforce_access_privileges: false },
    { allow_proxy_user: false },
    { internal: false },
    { license_special_access: false },
    { deliver_to: "local:ELSEWHERE" },
    { retired: true },
    { retired: false },
  ],
  momentus_api_key: [{ deliver_to: "local:FURTHER" }],
  momentus_app_approval: [{ connect_user: "MOCO-SERV" }],
};
const blocks: Record<string, Attributes> = {
  momentus_api_user: reports,
  momentus_api_key: warehouse,
  momentus_app_approval: studio,
};

test("the table of edits holds every attribute of every kind of people that can be changed", () => {
  for (const [kind, block] of Object.entries(blocks)) {
    const schema = loadKindSchemas().find(({ $id }) => $id.endsWith(`/${kind}.json`))!;
    const own = Object.entries(schema.properties).filter(([, property]) => !property.readOnly);
    expect(Object.keys(block).sort(), kind).toEqual(own.map(([name]) => name).sort());
    const mutable = own.filter(([, property]) => !property["x-immutable"]).map(([name]) => name);
    const edited = new Set(edits[kind]!.flatMap((edit) => Object.keys(edit)));
    expect([...edited].sort(), kind).toEqual(mutable.sort());
  }
});

describe("momentus_api_user", () => {
  test("is made with every attribute, and its credentials work", async () => {
    await brought(withReports);
    const { deliver_to: _place, ...settings } = reports;
    expect(storedApiUser(world, "REPORTS")).toEqual(settings);
    const bundle = await bundleAt(world, peopleManifest(world, withReports), "REPORTS");
    expect(world.momentus.store.prod.accepts(bundle!)).toBe(true);
  });

  test("MOM-06 MOCO-SERV is made with exactly the settings of the vendor", async () => {
    await brought(moco);
    expect(storedApiUser(world, "MOCO-SERV")).toEqual({
      ...{ user_id: "MOCO-SERV", display_name: "Momentus Connect", organization: "10" },
      ...{ description: "Internal Momentus Connect API User", enforce_access_privileges: false },
      ...{ allow_proxy_user: false, retired: false, internal: true, license_special_access: true },
    });
  });

  test("follows each change in turn; what gives access back is held until --restore", async () => {
    await brought(withReports);
    let block = reports;
    for (const edit of edits.momentus_api_user!) {
      block = { ...block, ...edit };
      const after = { momentus_api_user: { reports: block } };
      const isRevival = edit.retired === false;
      if (isRevival) expect(lines(await planOf(after))).toEqual(["held revive momentus_api_user.reports"]);
      await brought(after, isRevival ? { restore: ["momentus_api_user.reports"] } : {});
      const { deliver_to: _place, ...settings } = block;
      expect(storedApiUser(world, "REPORTS"), JSON.stringify(edit)).toEqual(settings);
    }
    const bundle = await bundleAt(world, peopleManifest(world, {}), "ELSEWHERE");
    expect(world.momentus.store.prod.accepts(bundle!)).toBe(true);
  });

  test("MOM-09 is retired when its block goes, and comes back with the same credentials only with --restore", async () => {
    await brought(withReports);
    const before = await bundleAt(world, peopleManifest(world, {}), "REPORTS");
    expect(await refusalOf(planOf({}))).toContain("--allow-deletions 1");
    await brought({}, { allowDeletions: 1 });
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ retired: true });
    expect(world.momentus.store.prod.accepts(before!)).toBe(false);
    // Nobody remembers it: people find it again, say that it is retired, and giving it back is held.
    const adopting = { momentus_api_user: { reports: { ...reports, lifecycle: { adopt: true } } } };
    const held = await drive(world, peopleManifest(world, adopting));
    expect(lines(held)).toEqual(["held revive momentus_api_user.reports"]);
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ retired: true });
    await brought(adopting, { restore: ["momentus_api_user.reports"] });
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ retired: false });
    expect(await bundleAt(world, peopleManifest(world, {}), "REPORTS")).toEqual(before);
  });

  test("MOM-10 gets another Secret with --replace, and the former one works no more", async () => {
    await brought(withReports);
    const text = peopleManifest(world, withReports);
    const before = await bundleAt(world, text, "REPORTS");
    await brought(withReports, { replace: ["momentus_api_user.reports"] });
    const after = await bundleAt(world, text, "REPORTS");
    expect(after).toMatchObject({ id: "REPORTS", key: before!.key });
    expect(after!.secret).not.toBe(before!.secret);
    expect(world.momentus.store.prod.accepts(before!)).toBe(false);
    expect(world.momentus.store.prod.accepts(after!)).toBe(true);
  });
});

describe("momentus_api_key", () => {
  test("is made beside the first Key, with the Secret that Steward has already", async () => {
    await brought(withWarehouse);
    const text = peopleManifest(world, withWarehouse);
    const [first, further] = [await bundleAt(world, text, "REPORTS"), await bundleAt(world, text, "WAREHOUSE")];
    expect(further).toMatchObject({ id: "REPORTS", secret: first!.secret });
    expect(further!.key).not.toBe(first!.key);
    expect(world.momentus.store.prod.keysOf("REPORTS").map(({ id }) => id)).toEqual([first!.key, further!.key]);
  });

  test("is delivered to another place without a new Key", async () => {
    await brought(withWarehouse);
    const before = await bundleAt(world, peopleManifest(world, {}), "WAREHOUSE");
    const [edit] = edits.momentus_api_key!;
    const after = { ...withReports, momentus_api_key: { warehouse: { ...warehouse, ...edit } } };
    await brought(after);
    expect(await bundleAt(world, peopleManifest(world, after), "FURTHER")).toEqual(before);
    expect(world.momentus.store.prod.keysOf("REPORTS")).toHaveLength(2);
  });

  test("MOM-27 cannot be removed nor renamed: the way is to forget it, or to rotate it and leave the former one live", async () => {
    await brought(withWarehouse);
    expect(await refusalOf(planOf(withReports))).toContain("steward forget momentus_api_key.warehouse");
    const renamed = { ...withReports, momentus_api_key: { warehouse: { ...warehouse, name: "other" } } };
    expect(await refusalOf(planOf(renamed))).toContain("steward forget momentus_api_key.warehouse");
    const before = await bundleAt(world, peopleManifest(world, {}), "WAREHOUSE");
    await brought(withWarehouse, { replace: ["momentus_api_key.warehouse"] });
    const after = await bundleAt(world, peopleManifest(world, {}), "WAREHOUSE");
    expect(after!.key).not.toBe(before!.key);
    expect([before!, after!].map((bundle) => world.momentus.store.prod.accepts(bundle))).toEqual([true, true]);
    expect(world.momentus.store.prod.keysOf("REPORTS")).toHaveLength(3);
  });
});

describe("momentus_app_approval", () => {
  test("MOM-04 comes after MOCO-SERV, whose credentials Connect asks for once", async () => {
    const signage = { app: "Lobby Signage" };
    await brought({ ...moco, momentus_app_approval: { studio, signage } });
    expect([storedApp(world, "Floor Plan Studio"), storedApp(world, "Lobby Signage")]).toEqual([
      "approved",
      "approved",
    ]);
    const entered = world.momentus.store.mutatingCalls.filter(({ method }) => method === "console/apps/credentials");
    expect(entered.map(({ committed }) => committed)).toEqual([true]);
  });

  test.each(["requested", "declined", "not listed"])("is made of an app that is %s", async (status) => {
    const { store } = world.momentus;
    const app = store.apps.find(({ tenant, name }) => tenant === "prod" && name === studio.app)!;
    if (status === "declined") store.changeApp(app.id, { status: "deleted" });
    if (status === "not listed") store.apps.remove(app.id, store.now());
    await brought(withStudio);
    expect(storedApp(world, "Floor Plan Studio")).toBe("approved");
  });

  test("is taken over as it is only when the manifest says so", async () => {
    await brought(withStudio);
    world = new FlowWorld({}, { ...world.moment(), files: {} });
    const plain = peopleManifest(world, withStudio);
    await world.trust(plain);
    await drive(world, plain);
    const { entries, runs } = await world.state(plain);
    expect(Object.keys(entries)).toEqual(["momentus_api_user.moco"]);
    for (const run of Object.keys(runs)) await world.abandon(plain, run);
    await brought({ ...moco, momentus_app_approval: { studio: { ...studio, lifecycle: { adopt: true } } } });
    expect(storedApp(world, "Floor Plan Studio")).toBe("approved");
  });

  test("keeps only a remark about MOCO-SERV, which changes nothing on the system", async () => {
    await brought(withStudio);
    const calls = world.momentus.store.mutatingCalls.length;
    const [edit] = edits.momentus_app_approval!;
    await brought({ ...moco, momentus_app_approval: { studio: { ...studio, ...edit } } });
    await brought({ ...moco, momentus_app_approval: { studio: { app: studio.app } } });
    expect(world.momentus.store.mutatingCalls).toHaveLength(calls);
  });

  test("MOM-01 goes from the list when its block goes, and its API user stays", async () => {
    await brought(withStudio);
    await brought(moco, { allowDeletions: 1 });
    expect(storedApp(world, "Floor Plan Studio")).toBeUndefined();
    expect(world.momentus.store.prod.apiUsers.values().map(({ id }) => id)).toContain("CONAPP0001");
  });

  test("that somebody disabled is enabled again only with --restore", async () => {
    const { store } = world.momentus;
    const app = store.apps.find(({ tenant, name }) => tenant === "prod" && name === studio.app)!;
    store.changeApp(app.id, { status: "disabled", apiUserId: null });
    const adopting = { ...moco, momentus_app_approval: { studio: { ...studio, lifecycle: { adopt: true } } } };
    expect(lines(await drive(world, peopleManifest(world, adopting)))).toEqual([
      "held revive momentus_app_approval.studio",
    ]);
    expect(storedApp(world, "Floor Plan Studio")).toBe("disabled");
    await brought(adopting, { restore: ["momentus_app_approval.studio"] });
    expect(storedApp(world, "Floor Plan Studio")).toBe("active");
  });
});
