import { describe, expect, test } from "vitest";
import {
  portalAddress as address,
  answer,
  connector,
  makeBench,
  mocoAddress,
  mocoEntry,
  mocoServ,
  planFor,
  portal,
  recordOf,
  stepOf,
} from "./momentus-console-fixture.ts";
import { changeOf, errorsOf, stepsAt, stepsOf } from "./velocloud-plan-fixture.ts";

describe("an app approval", () => {
  const resources = { [mocoAddress]: mocoServ, [address]: portal };
  const approved = (status: string, more = {}) =>
    recordOf(address, "Event Portal", { ...portal, status, ...more }, { managed: ["app"], dependsOn: [mocoAddress] });

  test("MOM-04 comes after MOCO-SERV, without a reference too", () => {
    const kind = connector.kinds.find(({ name }) => name === "momentus_app_approval")!;
    const declared = { address: mocoAddress } as never;
    const world = { desiredByIdentity: (_kind: string, id: string) => (id === "MOCO-SERV" ? declared : undefined) };
    expect(kind.needs?.({} as never, world as never)).toEqual([mocoAddress]);
  });

  test("MOM-29 is looked for, requested where it is not listed, and approved with the credentials of MOCO-SERV", () => {
    const plan = planFor(makeBench(), { resources, entries: [mocoEntry] });
    expect(stepsOf(plan, address)).toEqual(["observe", "request", "approve"]);
    const [observe, request, approve] = stepsAt(plan, address);
    expect(observe).toMatchObject({ asks: true, needs: [] });
    expect(request!.when?.is).toBe("unrequested");
    expect(approve!.needs).toEqual([observe!.id, request!.id]);
    expect(approve!.input.credentials).toEqual({ $secret: { from: "sink", name: "local:moco-serv" } });
    const place = "systems.momentus has no connect_url, customer, tenant: the instructions cannot name them";
    expect(changeOf(plan, address)?.notes).toEqual([place]);
    const named = makeBench({ connect_url: "https://connect.test", customer: "Hall", tenant: "prod" });
    expect(changeOf(planFor(named, { resources, entries: [mocoEntry] }), address)?.notes).toEqual([]);
  });

  test("MOM-04 uses the bundle of a recorded MOCO-SERV, and says when there is none", () => {
    const recorded = planFor(makeBench(), {
      resources: { [address]: portal },
      entries: [{ ...mocoEntry, onRemove: "forget" }],
    });
    expect(stepOf(recorded, `${address}/approve`).input.credentials).toBeDefined();
    const unknown = planFor(makeBench(), { resources: { [address]: portal } });
    expect(stepOf(unknown, `${address}/approve`).input.credentials).toBeUndefined();
    expect(changeOf(unknown, address)?.notes.join()).toContain(
      "the first approval asks for its ID, Secret and Key (MOM-04)",
    );
  });

  test("MOM-04 is for MOCO-SERV and no other API user", () => {
    const other = { [address]: { ...portal, connect_user: "REPORTS" } };
    expect(errorsOf(planFor(makeBench(), { resources: other }))).toContain("is MOCO-SERV, not REPORTS (MOM-04)");
    const named = { ...resources, [address]: { ...portal, connect_user: "MOCO-SERV" } };
    expect(errorsOf(planFor(makeBench(), { resources: named }))).toBe("");
  });

  test("that somebody gave already is taken over only with lifecycle.adopt", async () => {
    const bench = makeBench();
    const refusing = planFor(bench, { resources });
    for (const operation of ["observe", "approve"]) {
      expect(await answer(bench, stepOf(refusing, `${address}/${operation}`), "found")).toMatchObject({
        remedy: expect.stringContaining("lifecycle: { adopt: true }"),
      });
    }
    const adopting = planFor(bench, { resources: { [address]: portal }, lifecycle: { adopt: true } });
    expect(stepsOf(adopting, address)).toEqual(["observe", "request", "approve", "adopt"]);
    expect(await answer(bench, stepOf(adopting, `${address}/observe`), "found")).toEqual({});
    const fields = { status: "active", api_user: "CONAPP1" };
    expect(await answer(bench, stepOf(adopting, `${address}/adopt`), "done", { fields })).toEqual({
      id: "Event Portal",
      attributes: { status: "active", api_user_id: "CONAPP1" },
    });
  });

  test("MOM-01 records the API user that it made, which is not MOCO-SERV", async () => {
    const bench = makeBench();
    const approve = stepOf(planFor(bench, { resources, entries: [mocoEntry] }), `${address}/approve`);
    expect(await answer(bench, approve, "done")).toEqual({ id: "Event Portal", attributes: { status: "approved" } });
    expect(await answer(bench, approve, "done", { fields: { api_user: "MOCO-SERV" } })).toContain("(MOM-01)");
    for (const result of ["not-done", "failed"] as const) expect(await answer(bench, approve, result)).toEqual({});
  });

  test("absent or not seen, it is left to the branches", async () => {
    const bench = makeBench();
    const observe = stepOf(planFor(bench, { resources }), `${address}/observe`);
    for (const status of ["requested", "declined", "not listed"]) {
      expect(await answer(bench, observe, "absent", { fields: { status } })).toEqual({});
    }
    expect(await answer(bench, observe, "cannot-see")).toEqual({});
  });

  test("MOM-29 that somebody disabled is held, and enabled only with --restore (law 11)", async () => {
    const given = { resources, entries: [mocoEntry, approved("disabled")] };
    const held = planFor(makeBench(), given);
    expect(changeOf(held, address)).toMatchObject({
      action: "revive",
      held: { because: "somebody disabled it on momentus" },
    });
    expect(stepsOf(held, address)).toEqual([]);
    const restored = planFor(makeBench(), { ...given, restore: [address] });
    expect(stepsOf(restored, address)).toEqual(["enable"]);
    const [enable] = stepsAt(restored, address);
    expect(await answer(makeBench(), enable!, "done")).toMatchObject({ attributes: { status: "active" } });
    for (const status of ["approved", "active"]) {
      expect(planFor(makeBench(), { resources, entries: [mocoEntry, approved(status)] }).plan.changes).toEqual([]);
    }
  });

  test("MOM-01 is removed without the API user that it made", () => {
    const recorded = approved("active", { api_user_id: "CONAPP1" });
    const plan = planFor(makeBench(), { resources: { [mocoAddress]: mocoServ }, entries: [mocoEntry, recorded] });
    expect(stepsOf(plan, address)).toEqual(["remove"]);
    expect(changeOf(plan, address)?.notes).toEqual(["the API user that the approval made, CONAPP1, stays (MOM-01)"]);
  });

  test("belongs to one customer and tenant: others are another place for a plan", () => {
    const { system } = makeBench();
    const place = (settings: typeof system.settings) => connector.fingerprint({ ...system, settings });
    const all = [{}, { tenant: "a" }, { tenant: "b" }, { customer: "a" }, { connect_url: "https://a.test" }];
    expect(new Set(all.map(place)).size).toBe(all.length);
    expect(place({ serial_number: "1" })).toBe(place({}));
  });

  test("is not moved to another app", () => {
    const other = { ...resources, [address]: { app: "Crew Scheduler" } };
    expect(errorsOf(planFor(makeBench(), { resources: other, entries: [mocoEntry, approved("active")] }))).toContain(
      "cannot be moved to another app",
    );
  });
});
