import { describe, expect, test } from "vitest";
import { makeBundle } from "../src/connectors/momentus/bundle.ts";
import { Secret } from "../src/secret.ts";
import {
  addUser,
  answer,
  connector,
  contextOf,
  credentialsOf,
  deliveredBy,
  reportsEntry as entry,
  key,
  keyAddress,
  makeBench,
  mocoAddress,
  mocoServ,
  operationOf,
  planFor,
  recordOf,
  reopen,
  reports,
  reportsAddress,
  stepOf,
  withReports,
} from "./momentus-console-fixture.ts";
import { changeOf, errorsOf, secretEntry, stepsAt, stepsOf } from "./velocloud-plan-fixture.ts";

const both = { [reportsAddress]: reports };
const place = { $secret: { from: "sink", name: "local:reports" } };

describe("an API user", () => {
  test("has nothing to do when it is recorded as declared", () => {
    expect(planFor(makeBench(), { resources: both, entries: [entry] }).plan.changes).toEqual([]);
  });

  test("is changed in one window, which shows what was there before, and the record learns it", async () => {
    const changed = { ...reports, display_name: "Reporting", allow_proxy_user: true };
    const plan = planFor(makeBench(), { resources: { [reportsAddress]: changed }, entries: [entry] });
    expect(stepsOf(plan, reportsAddress)).toEqual(["update"]);
    const [update] = stepsAt(plan, reportsAddress);
    expect(update).toMatchObject({
      hand: "person",
      input: { changes: { display_name: "Reporting", allow_proxy_user: true }, before: { display_name: "Reports" } },
      expects: { is: "present", id: "REPORTS", attributes: { display_name: "Reports" } },
      records: { is: "updated", attributes: { display_name: "Reporting", allow_proxy_user: true } },
    });
    expect(await answer(makeBench(), update!, "not-done")).toEqual({});
  });

  test("MOM-09 is retired, never deleted, when its block leaves", () => {
    const plan = planFor(makeBench(), { resources: {}, entries: [entry] });
    expect(changeOf(plan, reportsAddress)).toMatchObject({
      action: "delete",
      notes: [expect.stringContaining("MOM-09")],
    });
    expect(stepsAt(plan, reportsAddress)).toMatchObject([
      { operation: "retire", hand: "person", input: { changes: { retired: true } }, records: { is: "removed" } },
    ]);
    expect(
      errorsOf(planFor(makeBench(), { resources: { [reportsAddress]: { ...reports, retired: true } } })),
    ).toContain("MOM-09");
  });

  test("that Steward runs as is never retired, nor is its Secret renewed", () => {
    const me = { ...reports, retired: true };
    const given = { entries: [entry], me: "reports" };
    const because = "reports is the API user that Steward runs as";
    for (const resources of [{}, { [reportsAddress]: me }]) {
      expect(planFor(makeBench(), { ...given, resources }).protections).toEqual([{ address: reportsAddress, because }]);
    }
    const renewed = planFor(makeBench(), { ...given, resources: both, replace: [reportsAddress] });
    expect(renewed.protections).toHaveLength(1);
    expect(planFor(makeBench(), { resources: {}, entries: [entry] }).protections).toEqual([]);
  });

  test("MOM-15 keeps its ID, and letter case does not tell IDs apart", () => {
    const renamed = { [reportsAddress]: { ...reports, user_id: "REPORTS2" } };
    expect(errorsOf(planFor(makeBench(), { resources: renamed, entries: [entry] }))).toContain("permanent (MOM-15)");
    const lower = { [reportsAddress]: { ...reports, user_id: "reports" } };
    expect(planFor(makeBench(), { resources: lower, entries: [entry] }).plan.changes).toEqual([]);
  });

  test("MOM-28 says whether access privileges limit it; MOCO-SERV need not", () => {
    const { enforce_access_privileges: _left, ...open } = reports;
    expect(errorsOf(planFor(makeBench(), { resources: { [reportsAddress]: open } }))).toContain("(MOM-28)");
    expect(errorsOf(planFor(makeBench(), { resources: { [mocoAddress]: mocoServ } }))).toBe("");
  });

  test("MOM-03 works only while the API is licensed unless it has special access, and the plan says so", () => {
    const notes = (attributes: typeof reports) =>
      changeOf(planFor(makeBench(), { resources: { [reportsAddress]: attributes } }), reportsAddress)?.notes.join();
    expect(notes(reports)).toContain("stops working when a borrowed module goes back");
    expect(notes({ ...reports, license_special_access: true })).toBe("");
  });

  test("MOM-01 that an approval made is never declared, nor gets a Key", () => {
    const approval = recordOf("momentus_app_approval.portal", "Portal", { app: "Portal", api_user_id: "CONAPP1" });
    const app = { [approval.address]: { app: "Portal" } };
    const user = { ...reports, user_id: "conapp1" };
    const key = { api_user: "CONAPP1", name: "x", deliver_to: "local:x" };
    for (const resource of [{ [reportsAddress]: user }, { "momentus_api_key.x": key }]) {
      const errors = errorsOf(planFor(makeBench(), { resources: { ...app, ...resource }, entries: [approval] }));
      expect(errors).toContain("the API user that the approval of momentus_app_approval.portal made");
      expect(errors).toContain("(MOM-01)");
    }
  });

  test("MOM-10 gets a new Secret only by --replace, which says what breaks and what must follow", async () => {
    const bench = makeBench();
    const before = withReports(bench);
    const entries = [entry, recordOf(keyAddress, "1a2b3c4d", key)];
    const resources = { ...both, [keyAddress]: key };
    const plan = planFor(bench, { resources, entries, replace: [reportsAddress] });
    const change = changeOf(plan, reportsAddress);
    expect(change).toMatchObject({ action: "replace", because: "asked for by --replace" });
    expect(change?.notes.join()).toMatch(/every Key of it stops at once.*\(MOM-10\).*momentus_api_key\.warehouse/);
    expect(stepsOf(plan, reportsAddress)).toEqual(["regenerate", "prove"]);
    const regenerate = stepOf(plan, `${reportsAddress}/regenerate`);
    expect(regenerate.input.bundle).toEqual(place);
    bench.simulator.store.regenerateSecret("prod", "REPORTS");
    const { secret } = credentialsOf(bench, "REPORTS");
    expect(await answer(bench, regenerate, "done", { secrets: { secret: before.secret } })).toContain("refused");
    expect(await answer(bench, regenerate, "done", { secrets: { secret } })).toMatchObject({
      attributes: { key_prefix: before.key.reveal().slice(0, 8) },
    });
    expect(JSON.parse(deliveredBy(bench, regenerate)!)).toMatchObject({
      secret: secret.reveal(),
      key: before.key.reveal(),
    });
    const again = { resources, entries };
    expect(stepsOf(planFor(bench, again), reportsAddress)).toEqual([]);
  });

  test("MOM-05 MOM-26 is delivered to another place, or again, by reading it once more", async () => {
    const bench = makeBench();
    const told = withReports(bench);
    const moved = { [reportsAddress]: { ...reports, deliver_to: "local:elsewhere" } };
    const plan = planFor(bench, { resources: moved, entries: [entry] });
    expect(changeOf(plan, reportsAddress)?.because).toBe("deliver_to changed");
    expect(stepsOf(plan, reportsAddress)).toEqual(["deliver", "prove"]);
    const deliver = stepOf(plan, `${reportsAddress}/deliver`);
    expect(deliver.records).toEqual({ is: "updated", attributes: { deliver_to: "local:elsewhere" } });
    expect(deliver.delivers?.credentials).toMatchObject({ sink: "local", path: "elsewhere", generation: 2 });
    expect(await answer(bench, deliver, "done", { secrets: told })).toMatchObject({
      attributes: { key_prefix: told.key.reveal().slice(0, 8) },
    });
    expect(JSON.parse(deliveredBy(bench, deliver)!)).toMatchObject({ id: "REPORTS", key: told.key.reveal() });
    const imported = { ...entry, secrets: {} };
    expect(stepsOf(planFor(bench, { resources: both, entries: [imported] }), reportsAddress)).toEqual([
      "deliver",
      "prove",
    ]);
  });

  test("is proven later when it was not, with the issue that was delivered", async () => {
    const bench = makeBench();
    const told = withReports(bench);
    // Where it was delivered nothing is left.
    bench.desk.next.clear();
    const secrets = { credentials: secretEntry("reports", 1, { proven: false }) };
    const plan = planFor(bench, { resources: both, entries: [{ ...entry, secrets }] });
    expect(stepsOf(plan, reportsAddress)).toEqual(["prove"]);
    const [prove] = stepsAt(plan, reportsAddress);
    const run = () => operationOf(prove!).run!(contextOf(bench, prove!), bench.open.writer());
    await expect(run()).rejects.toThrow("does not give the key back");
    bench.desk.next.set("i.1", makeBundle({ id: "REPORTS", ...told }));
    await expect(run()).resolves.toEqual({});
    bench.open = reopen(bench);
    bench.simulator.store.changeApiUser("prod", "REPORTS", { isRetired: true });
    await expect(run()).rejects.toThrow(/the key is not accepted.*MOM-09/);
    const settled = (of: typeof entry) => operationOf(prove!).settle!(contextOf(bench, prove!, of), bench.open.reader);
    expect(await settled({ ...entry, secrets })).toEqual({ verdict: "not-done" });
    expect((await settled(entry)).verdict).toBe("done");
  });

  test("MOM-08 MOM-19 is probed with its own credentials, once for each command", async () => {
    const bench = makeBench();
    const bundle = makeBundle({ id: "REPORTS", ...withReports(bench) });
    const { ask } = connector.kinds.find(({ name }) => name === "momentus_api_user")!.probe!;
    const probe = (value = bundle) => ask(bench.open.reader, entry, value);
    expect(await Promise.all([probe(), probe()])).toEqual([{ health: "working" }, { health: "working" }]);
    expect(bench.transport.sent).toHaveLength(1);
    bench.open = reopen(bench);
    bench.simulator.store.changeApiUser("prod", "REPORTS", { isRetired: true });
    const refused = await probe();
    expect(refused.health).toBe("refused");
    expect(refused.detail).toMatch(/MOM-09.*MOM-10.*MOM-08/);
    expect((await probe(new Secret("not a bundle"))).health).toBe("refused");
    bench.open = reopen(bench);
    bench.simulator.faults.add("500:sdk/initialize");
    expect((await probe()).health).toBe("inconclusive");
  });

  test("MOM-25 is probed also where Steward itself has no API user, and doctor says so", async () => {
    const bench = makeBench({}, { credentials: {} });
    const bundle = makeBundle({ id: "REPORTS", ...withReports(bench) });
    expect(await bench.open.facts()).toEqual({ me: null });
    expect(await bench.open.reader.probe(bundle)).toEqual({ health: "working" });
    const [finding, ...more] = await bench.open.examine();
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      level: "warning",
      message: expect.stringContaining("has no credentials for the v1 API"),
    });
    const listing = await connector.kinds.find(({ name }) => name === "momentus_user")!.list(bench.open.reader);
    expect(listing).toMatchObject({ objects: [], complete: false, because: expect.stringContaining("no credentials") });
  });

  test("MOM-18 that is recognized and not licensed has credentials that work", async () => {
    const bench = makeBench();
    const bundle = makeBundle({ id: "REPORTS", ...withReports(bench) });
    for (const module of ["Basic API", "Standard API"] as const)
      bench.simulator.store.licensing.switchOff("prod", module);
    const probe = await bench.open.reader.probe(bundle);
    expect(probe.health).toBe("working");
    expect(probe.detail).toContain("does not allow this (HTTP 403)");
  });
});

describe("a Key", () => {
  const address = keyAddress;
  const resources = { ...both, [address]: key };
  const former = recordOf(
    address,
    "1a2b3c4d",
    { ...key, key_prefix: "1a2b3c4d" },
    {
      managed: Object.keys(key),
      dependsOn: [reportsAddress],
    },
  );

  test("MOM-10 MOM-26 is a further one, signed with the Secret that Steward holds already", async () => {
    const bench = makeBench();
    const first = withReports(bench);
    const user = { ...entry, attributes: { ...entry.attributes, key_prefix: first.key.reveal().slice(0, 8) } };
    const plan = planFor(bench, { resources, entries: [user] });
    expect(stepsOf(plan, address)).toEqual(["add", "prove"]);
    const add = stepOf(plan, `${address}/add`);
    expect(add.input).toMatchObject({ bundle: place, known: [first.key.reveal().slice(0, 8)] });
    expect(await answer(bench, add, "done", { secrets: { key: first.key } })).toContain(
      "is in use by another resource",
    );
    const second = new Secret(bench.simulator.store.addKey("prod", "REPORTS").id);
    const prefix = second.reveal().slice(0, 8);
    expect(await answer(bench, add, "done", { secrets: { key: second } })).toEqual({
      id: prefix,
      attributes: { key_prefix: prefix },
    });
    expect(JSON.parse(deliveredBy(bench, add)!)).toEqual({
      ...{ id: "REPORTS", secret: first.secret.reveal(), key: second.reveal() },
    });
    for (const result of ["not-done", "failed"] as const) expect(await answer(bench, add, result)).toEqual({});
  });

  test("of a user whose Secret Steward does not hold is told with the Secret", async () => {
    const bench = makeBench();
    const told = addUser(bench, { id: "REPORTS", displayName: "Reports" });
    const add = stepOf(planFor(bench, { resources: { [address]: key } }), `${address}/add`);
    expect(add.input.bundle).toBeUndefined();
    expect(await answer(bench, add, "done", { secrets: { key: told.key } })).toContain("the secret is missing");
    expect(await answer(bench, add, "done", { secrets: told })).toMatchObject({ id: told.key.reveal().slice(0, 8) });
  });

  test("MOM-10 MOM-27 is rotated by adding another one, and the former stays live", () => {
    const plan = planFor(makeBench(), { resources, entries: [entry, former], replace: [address] });
    expect(changeOf(plan, address)).toMatchObject({
      action: "rotate",
      notes: ["the former Key 1a2b3c4d… stays live: how one is removed is not documented (MOM-27)"],
    });
    expect(stepsAt(plan, address)).toMatchObject([
      { operation: "add", records: { is: "superseded" }, input: { former: "1a2b3c4d", known: ["1a2b3c4d"] } },
      { operation: "prove" },
    ]);
  });

  test("MOM-27 can neither be changed nor removed: Steward can only forget it", () => {
    const renamed = { ...both, [address]: { ...key, name: "other" } };
    const entries = [entry, former];
    expect(errorsOf(planFor(makeBench(), { resources: renamed, entries }))).toMatch(/MOM-27.*steward forget/);
    expect(errorsOf(planFor(makeBench(), { resources: both, entries }))).toContain(`steward forget ${address}`);
  });

  test("MOM-26 is delivered to another place by reading that very Key", async () => {
    const bench = makeBench();
    withReports(bench);
    const second = new Secret(bench.simulator.store.addKey("prod", "REPORTS").id);
    const prefix = second.reveal().slice(0, 8);
    const recorded = { ...former, id: prefix };
    const moved = { ...both, [address]: { ...key, deliver_to: "local:elsewhere" } };
    const plan = planFor(bench, { resources: moved, entries: [entry, recorded] });
    expect(stepsOf(plan, address)).toEqual(["deliver", "prove"]);
    const deliver = stepOf(plan, `${address}/deliver`);
    const other = new Secret(bench.simulator.store.addKey("prod", "REPORTS").id);
    expect(await answer(bench, deliver, "done", { secrets: { key: other } })).toContain(`begins with ${prefix}`);
    expect(await answer(bench, deliver, "done", { secrets: { key: second } })).toMatchObject({
      attributes: { key_prefix: prefix },
    });
  });

  test("MOM-09 of a retired user cannot be added", () => {
    const retired = { ...entry, attributes: { ...entry.attributes, retired: true } };
    const plan = planFor(makeBench(), { resources: { [address]: key }, entries: [retired] });
    expect(errorsOf(plan)).toContain("REPORTS is retired");
  });
});
