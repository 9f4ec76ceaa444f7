import { beforeEach, describe, expect, test } from "vitest";
import { findDrift } from "../src/drift.ts";
import { digestOfPlan, parsePlan, planText } from "../src/plan/file.ts";
import { refresh } from "../src/refresh.ts";
import type { Address, StateEntry } from "../src/resource.ts";
import type { Plan } from "../src/step.ts";
import { lines, type Resources, refusalOf } from "./world/conformance-world.ts";
import { drive } from "./world/flow-drive.ts";
import { FlowWorld } from "./world/flow-world.ts";
import {
  moco,
  peopleManifest,
  reports,
  storedApiUser,
  storedApp,
  studio,
  untruths,
  withReports,
  withStudio,
  withWarehouse,
} from "./world/people-cases.ts";
import type { Told } from "./world/support-person.ts";

/** `--ask ADDRESS`: a person looks again at what only people can see, and what they tell is what the next plan is made from. */

const reportsAddress = "momentus_api_user.reports";
const studioAddress = "momentus_app_approval.studio";
const warehouseAddress = "momentus_api_key.warehouse";

let world: FlowWorld;
beforeEach(async () => {
  world = new FlowWorld();
  await world.trust(peopleManifest(world, {}));
});

async function brought(resources: Resources): Promise<string> {
  const text = peopleManifest(world, resources);
  await world.apply(text);
  expect(lines(await drive(world, text))).toEqual([]);
  world.clock.advance(2 * 3_600_000);
  return text;
}

/** Asks, lets the person look, and takes the answer in; `told` in place of what an honest person would say. */
async function askAgain(text: string, address: Address, told?: Partial<Told>): Promise<Told> {
  const plan = await world.plan(text, { ask: [address] });
  expect(plan.steps.map(({ id }) => id)).toEqual([`${address}/inspect`]);
  expect(plan.steps[0]).toMatchObject({ hand: "person", asks: true, title: "look at it again" });
  await world.apply(text, { consents: { ask: [address] } });
  const { tasks } = await world.look(text);
  const task = tasks.find(({ step }) => step === `${address}/inspect`)!;
  const answer = told === undefined ? await world.person.work(task) : { fields: {}, secrets: {}, ...told };
  await world.confirm(text, task, answer as Told);
  return answer as Told;
}

const entryOf = async (text: string, address: Address): Promise<StateEntry> =>
  (await world.state(text)).entries[address]!;

const changeOf = (plan: Plan, address: Address) => plan.changes.find((change) => change.address === address);

describe("an API user that is looked at again", () => {
  test("and is as it was is dated anew, and nothing is to do", async () => {
    const text = await brought(withReports);
    const before = await entryOf(text, reportsAddress);
    expect((await askAgain(text, reportsAddress)).result).toBe("found");
    const { attested, ...after } = await entryOf(text, reportsAddress);
    const { attested: formerly, ...rest } = before;
    expect(after).toEqual(rest);
    expect(Date.parse(attested!)).toBeGreaterThan(Date.parse(formerly!));
    expect(lines(await world.plan(text))).toEqual([]);
  });

  test("and was changed shows it as drift that was attested, and the next apply repairs it", async () => {
    const text = await brought(withReports);
    world.momentus.store.changeApiUser("prod", "REPORTS", { displayName: "Somebody's" });
    expect(lines(await world.plan(text))).toEqual([]);
    await askAgain(text, reportsAddress);
    const plan = await world.plan(text);
    const [today] = new Date(world.clock.now()).toISOString().split("T");
    expect(changeOf(plan, reportsAddress)).toMatchObject({
      action: "update",
      attributes: [{ path: "display_name", before: "Somebody's", drift: true, note: `attested on ${today}` }],
    });
    await drive(world, text);
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ display_name: reports.display_name });
    expect(await entryOf(text, reportsAddress)).not.toHaveProperty("told");
    expect(await untruths(world, text)).toEqual([]);
  });

  test.each([
    ["allow_proxy_user", { allowProxyUser: false }],
    ["license_special_access", { hasLicenseSpecialAccess: false }],
  ])("and lost its %s keeps it lost until --restore (law 11)", async (path, change) => {
    const text = await brought(withReports);
    world.momentus.store.changeApiUser("prod", "REPORTS", change);
    await askAgain(text, reportsAddress);
    expect(lines(await world.plan(text))).toEqual([`held update ${reportsAddress}`]);
    expect(lines(await drive(world, text))).toEqual([`held update ${reportsAddress}`]);
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ [path]: false });
    await world.apply(text, { consents: { restore: [reportsAddress] } });
    expect(lines(await drive(world, text))).toEqual([]);
    expect(storedApiUser(world, "REPORTS")).toMatchObject({ [path]: true });
  });

  test.each([
    ["license_special_access", { hasLicenseSpecialAccess: false }, true],
    ["enforce_access_privileges", { enforceAccessPrivileges: true }, false],
  ])(
    "MOM-06 and is MOCO-SERV with another %s, which nobody declared, is held too (law 11)",
    async (path, change, back) => {
      const text = await brought(moco);
      world.momentus.store.changeApiUser("prod", "MOCO-SERV", change);
      await askAgain(text, "momentus_api_user.moco");
      expect(lines(await world.plan(text))).toEqual(["held update momentus_api_user.moco"]);
      await world.apply(text, { consents: { restore: ["momentus_api_user.moco"] } });
      expect(lines(await drive(world, text))).toEqual([]);
      expect(storedApiUser(world, "MOCO-SERV")).toMatchObject({ [path]: back });
    },
  );

  test("MOM-09 and was retired comes back only with --restore (law 11)", async () => {
    const text = await brought(withReports);
    world.momentus.store.changeApiUser("prod", "REPORTS", { isRetired: true });
    await askAgain(text, reportsAddress);
    expect(lines(await world.plan(text))).toEqual([`held revive ${reportsAddress}`]);
  });

  test("and differs in what nobody declares is drift all the same", async () => {
    const text = await brought(moco);
    world.momentus.store.changeApiUser("prod", "MOCO-SERV", { isRetired: true });
    await askAgain(text, "momentus_api_user.moco");
    const workspace = await world.open(text);
    const seen = await refresh(workspace, { probe: "none" });
    expect(findDrift(workspace.state, seen, workspace.kinds)).toMatchObject([
      { what: "changed", attributes: [{ path: "retired", recorded: false, actual: true }] },
    ]);
  });

  test("and is gone is made anew only with --restore (law 11), and asked about before that", async () => {
    const text = await brought(withReports);
    const { store } = world.momentus;
    store.prod.apiUsers.remove("REPORTS", store.now());
    world.clock.advance(2 * 3_600_000);
    expect(await askAgain(text, reportsAddress)).toMatchObject({ result: "absent", fields: { rights: "support" } });
    const held = await world.plan(text);
    expect(lines(held)).toEqual([`held create ${reportsAddress}`]);
    expect(changeOf(held, reportsAddress)?.held?.because).toContain("as was told on");
    const restored = await world.plan(text, { restore: [reportsAddress] });
    expect(restored.steps[0]).toMatchObject({ operation: "observe", asks: true });
    await world.apply(text, { consents: { restore: [reportsAddress] } });
    expect(lines(await drive(world, text))).toEqual([]);
    expect(storedApiUser(world, "REPORTS")).toBeDefined();
    expect(await entryOf(text, reportsAddress)).not.toHaveProperty("gone");
  });

  test("and is gone is forgotten when its block leaves too", async () => {
    const text = await brought(withReports);
    await askAgain(text, reportsAddress, { result: "absent", fields: { rights: "support" } });
    const empty = peopleManifest(world, {});
    expect(lines(await world.plan(empty))).toEqual([`forget ${reportsAddress}`]);
  });

  test("and was told to be gone by mistake is there again when it is found", async () => {
    const text = await brought(withReports);
    await askAgain(text, reportsAddress, { result: "absent", fields: { rights: "support" } });
    await askAgain(text, reportsAddress);
    expect(lines(await world.plan(text))).toEqual([]);
  });

  test("MOM-02 is not believed to be gone by somebody with the rights of a customer", async () => {
    const text = await brought(withReports);
    world.person.rights = "customer";
    expect(await refusalOf(askAgain(text, reportsAddress))).toContain("MOM-02");
    expect(await entryOf(text, reportsAddress)).not.toHaveProperty("gone");
  });

  test("and cannot be seen goes on waiting, and nothing is recorded", async () => {
    const text = await brought(withReports);
    const before = await entryOf(text, reportsAddress);
    await askAgain(text, reportsAddress, { result: "cannot-see" });
    expect(await entryOf(text, reportsAddress)).toEqual(before);
    expect((await world.look(text)).tasks.map(({ step }) => step)).toEqual([`${reportsAddress}/inspect`]);
  });

  test("holds up what needs it: that is planned when the answer is known", async () => {
    await brought(withReports);
    const more = peopleManifest(world, withWarehouse);
    const plan = await world.plan(more, { ask: [reportsAddress] });
    expect(plan.steps.map(({ id }) => id)).toEqual([`${reportsAddress}/inspect`]);
    expect(changeOf(plan, warehouseAddress)?.blocked?.because).toBe(
      `it needs ${reportsAddress}, which is looked at first`,
    );
  });
});

describe("an app approval that is looked at again", () => {
  test("MOM-29 and was disabled is enabled only with --restore (law 11)", async () => {
    const text = await brought(withStudio);
    const { store } = world.momentus;
    const app = store.apps.find(({ tenant, name }) => tenant === "prod" && name === studio.app)!;
    store.changeApp(app.id, { status: "disabled" });
    expect(await askAgain(text, studioAddress)).toMatchObject({ result: "found", fields: { status: "disabled" } });
    expect(lines(await world.plan(text))).toEqual([`held revive ${studioAddress}`]);
    await world.apply(text, { consents: { restore: [studioAddress] } });
    expect(lines(await drive(world, text))).toEqual([]);
    expect(storedApp(world, "Floor Plan Studio")).toBe("active");
  });

  test("and was removed is requested anew only with --restore (law 11)", async () => {
    const text = await brought(withStudio);
    const { store } = world.momentus;
    const app = store.apps.find(({ tenant, name }) => tenant === "prod" && name === studio.app)!;
    store.apps.remove(app.id, store.now());
    world.clock.advance(2 * 3_600_000);
    expect((await askAgain(text, studioAddress)).result).toBe("absent");
    expect(lines(await world.plan(text))).toEqual([`held create ${studioAddress}`]);
  });

  test("MOM-01 has no API user that is the one of Connect", async () => {
    const text = await brought(withStudio);
    const told = { result: "found", fields: { status: "active", api_user: "MOCO-SERV" } } as const;
    expect(await refusalOf(askAgain(text, studioAddress, told))).toContain("MOM-01");
  });
});

test("a Key that is not listed any more is added anew only with --restore (law 11)", async () => {
  const text = await brought(withWarehouse);
  await askAgain(text, warehouseAddress, { result: "found" });
  expect(lines(await world.plan(text))).toEqual([]);
  await askAgain(text, warehouseAddress, { result: "absent" });
  expect(lines(await world.plan(text))).toEqual([`held create ${warehouseAddress}`]);
  await world.apply(text, { consents: { restore: [warehouseAddress] } });
  expect(lines(await drive(world, text))).toEqual([]);
  expect(world.momentus.store.prod.keysOf("REPORTS")).toHaveLength(3);
});

describe("a plan file", () => {
  test("of an earlier version, without ask, is read and applied as it is", async () => {
    const text = await brought(withReports);
    const plan = await world.plan(text);
    const { ask: _ask, ...consents } = plan.consents;
    const old = { ...plan, consents };
    const read = parsePlan(planText({ ...old, digest: digestOfPlan(old) }));
    expect(read.consents).toEqual(consents);
    await world.apply(text, { file: read });
  });

  test("whose ask is no list of addresses is refused", async () => {
    const plan = await world.plan(await brought(withReports));
    const odd = { ...plan, consents: { ...plan.consents, ask: reportsAddress as unknown as string[] } };
    expect(() => parsePlan(planText({ ...odd, digest: digestOfPlan(odd) }))).toThrow(
      "consents missing or of the wrong form",
    );
  });

  test("that asks is applied as it was planned, and no other", async () => {
    const text = await brought(withReports);
    const file = parsePlan(planText(await world.plan(text, { ask: [reportsAddress] })));
    await world.apply(text, { file });
    expect((await world.look(text)).tasks).toHaveLength(1);
  });
});
