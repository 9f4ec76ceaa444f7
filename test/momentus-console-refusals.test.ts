import { describe, expect, test } from "vitest";
import { Secret } from "../src/secret.ts";
import {
  addUser,
  answer,
  type Bench,
  credentialsOf,
  deliveredBy,
  reportsEntry as entry,
  key,
  keyAddress,
  license,
  licensed,
  makeBench,
  moco,
  mocoAddress,
  operationOf,
  planFor,
  recordOf,
  reports,
  reportsAddress,
  screenOf,
  stepOf,
  withReports,
} from "./momentus-console-fixture.ts";
import { changeOf, secretEntry, stepsOf } from "./velocloud-plan-fixture.ts";

/** What people tell in good faith and cannot be: the former Secret, the Key that is known, a retired user whose key works. */

const resources = { [reportsAddress]: reports };

describe("a Secret that was to be renewed", () => {
  const planned = (bench: Bench) =>
    stepOf(planFor(bench, { resources, entries: [entry], replace: [reportsAddress] }), `${reportsAddress}/regenerate`);

  test("MOM-10 is refused when it is the former one, although that works", async () => {
    const bench = makeBench();
    const told = withReports(bench);
    const regenerate = planned(bench);
    for (const secrets of [{ secret: told.secret }, told]) {
      const said = await answer(bench, regenerate, "done", { secrets });
      expect(said).toMatch(
        /^refused: this is the former Secret: it was not renewed\. Nothing was recorded => renew it/,
      );
      expect(said).not.toContain(told.secret.reveal());
    }
    expect(deliveredBy(bench, regenerate)).toBeUndefined();
  });

  test("MOM-10 is taken with a Key also where the former credentials cannot be had any more", async () => {
    const bench = makeBench();
    withReports(bench);
    const regenerate = planned(bench);
    bench.simulator.store.regenerateSecret("prod", "REPORTS");
    const told = credentialsOf(bench, "REPORTS");
    for (const held of [undefined, "damaged"]) {
      if (held === undefined) bench.desk.references.delete("local:reports");
      else bench.desk.references.set("local:reports", held);
      expect(await answer(bench, regenerate, "done", { secrets: { secret: told.secret } })).toMatch(
        /^(refused|fault): /,
      );
      expect(await answer(bench, regenerate, "done", { secrets: told }), held).toMatchObject({
        attributes: { key_prefix: told.key.reveal().slice(0, 8) },
      });
      bench.desk.next.delete(regenerate.delivers?.credentials?.issueId ?? "");
    }
  });

  test("MOM-10 without a Key needs the former credentials, and says what is wrong with them", async () => {
    const bench = makeBench();
    withReports(bench);
    const regenerate = planned(bench);
    bench.desk.references.set("local:reports", "damaged");
    bench.simulator.store.regenerateSecret("prod", "REPORTS");
    const { secret } = credentialsOf(bench, "REPORTS");
    expect(await answer(bench, regenerate, "done", { secrets: { secret } })).toContain("(MOM-26)");
  });
});

test("MOM-10 a further Key is refused when it is the one that the user was delivered with", async () => {
  const bench = makeBench();
  const first = withReports(bench);
  // Nobody recorded with which Key the user was delivered, so that the plan cannot name it.
  const plan = planFor(bench, { resources: { ...resources, [keyAddress]: key }, entries: [entry] });
  const add = stepOf(plan, `${keyAddress}/add`);
  expect(add.input.known).toEqual([]);
  const said = await answer(bench, add, "done", { secrets: { key: first.key } });
  expect(said).toMatch(/is the one that REPORTS was delivered with: it is not the new one => add a further Key/);
  expect(deliveredBy(bench, add)).toBeUndefined();
  const second = new Secret(bench.simulator.store.addKey("prod", "REPORTS").id);
  expect(await answer(bench, add, "done", { secrets: { key: second } })).toMatchObject({
    id: second.reveal().slice(0, 8),
  });
});

describe("--replace of credentials that were told and never worked", () => {
  const unproven = { credentials: secretEntry("reports", 1, { proven: false }) };

  test("MOM-05 MOM-10 asks for those of a user again, and renews nothing", () => {
    const given = { resources, entries: [{ ...entry, secrets: unproven }], replace: [reportsAddress] };
    const plan = planFor(makeBench(), given);
    expect(changeOf(plan, reportsAddress)).toMatchObject({ action: "update", notes: [] });
    expect(stepsOf(plan, reportsAddress)).toEqual(["deliver", "prove"]);
    const deliver = stepOf(plan, `${reportsAddress}/deliver`);
    expect(deliver.delivers?.credentials).toMatchObject({ path: "reports", generation: 2 });
    const once = planFor(makeBench(), { ...given, replace: [] });
    expect(stepsOf(once, reportsAddress)).toEqual(["prove"]);
  });

  test("MOM-10 asks for a Key again, and adds none", () => {
    const told = { ...key, key_prefix: "1a2b3c4d" };
    const recorded = recordOf(keyAddress, "1a2b3c4d", told, {
      managed: Object.keys(key),
      dependsOn: [reportsAddress],
      secrets: { credentials: secretEntry("warehouse", 1, { proven: false }) },
    });
    const both = { ...resources, [keyAddress]: key };
    const plan = planFor(makeBench(), { resources: both, entries: [entry, recorded], replace: [keyAddress] });
    expect(changeOf(plan, keyAddress)).toMatchObject({ action: "update", notes: [] });
    expect(stepsOf(plan, keyAddress)).toEqual(["deliver", "prove"]);
  });
});

describe("an API user that a person says is retired", () => {
  const retire = (bench: Bench) =>
    stepOf(planFor(bench, { resources: {}, entries: [entry] }), `${reportsAddress}/retire`);

  test("MOM-09 is not, while its key works; once it is, the same command takes the answer", async () => {
    const bench = makeBench();
    withReports(bench);
    const step = retire(bench);
    const said = await answer(bench, step, "done", {}, entry);
    expect(said).toMatch(/^refused: the key of REPORTS still works: it is not retired\. Nothing was recorded => look/);
    for (const result of ["not-done", "failed"] as const) {
      expect(await answer(bench, step, result, {}, entry)).toEqual({});
    }
    bench.simulator.store.changeApiUser("prod", "REPORTS", { isRetired: true });
    expect(await answer(bench, step, "done", {}, entry)).toEqual({ attributes: { retired: true } });
  });

  test("MOM-09 is believed where nobody can ask: without its credentials, or without an answer", async () => {
    const bench = makeBench();
    withReports(bench);
    const step = retire(bench);
    expect(await answer(bench, step, "done", {}, { ...entry, secrets: {} })).toMatchObject({
      attributes: { retired: true },
    });
    bench.simulator.faults.add("500:sdk/initialize");
    expect(await answer(bench, step, "done", {}, entry)).toMatchObject({ attributes: { retired: true } });
  });
});

test("MOM-09 credentials that are told again are tested again by the same command", async () => {
  const bench = makeBench();
  const create = stepOf(planFor(bench, { resources }), `${reportsAddress}/create`);
  const secrets = addUser(bench, { id: "REPORTS", displayName: "Reports", isRetired: true });
  expect(await answer(bench, create, "done", { secrets })).toContain("these credentials of REPORTS do not work");
  bench.simulator.store.changeApiUser("prod", "REPORTS", { isRetired: false });
  expect(await answer(bench, create, "done", { secrets })).toMatchObject({ id: "REPORTS" });
});

describe("a module that was borrowed", () => {
  const planned = (bench: Bench) => stepOf(planFor(bench, moco), `${mocoAddress}/license_return`);

  test("MOM-07 cannot be kept by saying that the mail could not be sent; asking for it can be given up", () => {
    const bench = makeBench(licensed);
    const results = (operation: string) =>
      screenOf(bench, stepOf(planFor(bench, moco), `${mocoAddress}/${operation}`)).results.map(({ result }) => result);
    expect(results("license_return")).toEqual(["done", "not-done"]);
    expect(results("license_request")).toEqual(["done", "not-done", "failed"]);
  });

  test("MOM-07 is given back as it was taken, whatever the manifest says by then", () => {
    const step = planned(makeBench(licensed));
    const changed = makeBench({
      serial_number: "SIM-2",
      license: { ...license, module: "Standard API", mail_to: "other@vendor.example", mail_from: "new@acme.example" },
    });
    const system = { ...changed.system, url: "https://elsewhere.test/prod" };
    for (const today of [system, { ...system, settings: {} }]) {
      const mail = operationOf(step).mail!(step, today);
      expect(mail).toMatchObject({ to: "licensing@vendor.example", from: "" });
      const text = `${mail.subject}\n${mail.text}`;
      for (const fact of ["Basic API", "SIM-1", "https://venue.test/prod"]) expect(text).toContain(fact);
      for (const fact of ["Standard API", "SIM-2", "elsewhere"]) expect(text).not.toContain(fact);
      expect(JSON.stringify(operationOf(step).screen!(step, today))).toContain("Basic API");
    }
  });
});
