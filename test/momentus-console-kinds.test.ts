import { describe, expect, test } from "vitest";
import { InvalidManifest } from "../src/diagnostic.ts";
import { Secret } from "../src/secret.ts";
import type { Step } from "../src/step.ts";
import {
  addUser,
  answer,
  type Bench,
  branchOf,
  credentialsOf,
  deliveredBy,
  internal,
  license,
  licensed,
  makeBench,
  moco,
  mocoAddress,
  mocoEntry,
  mocoServ,
  operationOf,
  planFor,
  recordOf,
  reopen,
  reports,
  reportsAddress,
  screenOf,
  stepOf,
} from "./momentus-console-fixture.ts";
import { changeOf, errorsOf, secretEntry, stepsAt, stepsOf } from "./velocloud-plan-fixture.ts";

const step = (bench: Bench, operation: string, given: Parameters<typeof planFor>[1]): Step =>
  stepOf(planFor(bench, given), `${Object.keys(given.resources)[0]}/${operation}`);
const guid = (digit: string): Secret => new Secret("00000000-0000-0000-0000-000000000000".replaceAll("0", digit));

describe("MOCO-SERV", () => {
  test("MOM-05 is looked for first; making it and taking it over are two branches", () => {
    const plan = planFor(makeBench(), moco);
    expect(changeOf(plan, mocoAddress)?.action).toBe("create");
    expect(stepsOf(plan, mocoAddress)).toEqual(["observe", "create", "adopt", "prove"]);
    const [observe, create, adopt, prove] = stepsAt(plan, mocoAddress);
    expect(observe).toMatchObject({ asks: true, hand: "person", needs: [], records: { is: "nothing" } });
    expect([branchOf(create!), create!.needs]).toEqual(["absent observe", [observe!.id]]);
    expect([branchOf(adopt!), adopt!.needs]).toEqual(["found observe", [observe!.id]]);
    expect(prove).toMatchObject({ hand: "api", needs: [create!.id, adopt!.id] });
    expect(create!.delivers).toEqual(adopt!.delivers);
    expect(prove!.promotes?.[0]?.issueId).toBe(create!.delivers?.credentials?.issueId);
  });

  test("MOM-06 is entered with all nine settings of the vendor, whatever is declared of them", () => {
    const { settings } = step(makeBench(), "create", moco).input;
    expect(settings).toEqual({
      display_name: "Momentus Connect",
      description: "Internal Momentus Connect API User",
      organization: "any",
      user_id: "MOCO-SERV",
      enforce_access_privileges: false,
      allow_proxy_user: false,
      retired: false,
      internal: true,
      license_special_access: true,
    });
  });

  test.each([
    ["display_name", "Connect"],
    ["description", "Ours"],
    ["user_id", "moco-serv"],
    ["enforce_access_privileges", true],
    ["allow_proxy_user", true],
    ["retired", true],
    ["internal", false],
    ["license_special_access", false],
  ])("MOM-06 cannot be declared with another %s, and the value is quoted", (name, value) => {
    const errors = errorsOf(planFor(makeBench(), { resources: { [mocoAddress]: { ...mocoServ, [name]: value } } }));
    expect(errors).toContain(`${name} of MOCO-SERV must be`);
    expect(errors).toContain(`declared as ${JSON.stringify(value)} (MOM-06)`);
  });

  test("MOM-06 may work within any organization, and another one is no difference", () => {
    const attributes = { ...mocoServ, organization: "20" };
    const entry = recordOf(mocoAddress, "MOCO-SERV", attributes);
    expect(planFor(makeBench(), { ...moco, entries: [entry] }).plan.changes).toEqual([]);
    expect(errorsOf(planFor(makeBench(), { resources: { [mocoAddress]: attributes } }))).toBe("");
    const declared = planFor(makeBench(), {
      resources: { [mocoAddress]: attributes },
      entries: [recordOf(mocoAddress, "MOCO-SERV", { ...attributes, organization: "10" })],
    });
    expect(stepsOf(declared, mocoAddress)).toEqual(["update"]);
  });

  test("MOM-06 that was told to be otherwise is changed, also where nothing is declared", async () => {
    const told = { ...mocoEntry, attributes: { ...mocoEntry.attributes, license_special_access: false } };
    const plan = planFor(makeBench(), { ...moco, entries: [told] });
    expect(changeOf(plan, mocoAddress)?.attributes).toMatchObject([{ path: "license_special_access", after: true }]);
    const update = stepOf(plan, `${mocoAddress}/update`);
    expect(update.records).toEqual({ is: "updated", attributes: {} });
    expect(await answer(makeBench(), update, "done")).toEqual({ attributes: { license_special_access: true } });
  });

  test.each(["found", "absent", "cannot-see"] as const)(
    "MOM-02 an answer %s by a support user is taken in",
    async (result) => {
      const bench = makeBench();
      const fields = { rights: "support", licensed: "yes" };
      expect(await answer(bench, step(bench, "observe", moco), result, { fields })).toEqual({});
    },
  );

  test("MOM-02 a list made with customer rights does not prove that it is absent", async () => {
    const bench = makeBench(licensed);
    const told = { fields: { rights: "customer", licensed: "yes" } };
    expect(await answer(bench, step(bench, "observe", moco), "absent", told)).toContain("(MOM-02)");
    const others = { resources: { [reportsAddress]: reports } };
    expect(await answer(bench, step(bench, "observe", others), "absent", told)).toEqual({});
    const hidden = { resources: { [reportsAddress]: { ...reports, internal: true } } };
    expect(await answer(bench, step(bench, "observe", hidden), "absent", told)).toContain("(MOM-02)");
  });

  test.each(["absent", "cannot-see"] as const)(
    "MOM-07 cannot be made without a license where none can be borrowed (%s)",
    async (result) => {
      const fields = { rights: "support", licensed: "no" };
      const bench = makeBench();
      expect(await answer(bench, step(bench, "observe", moco), result, { fields })).toMatchObject({
        failed: expect.stringContaining("(MOM-07)"),
        remedy: expect.stringContaining("write license: "),
      });
      const lender = makeBench(licensed);
      expect(await answer(lender, step(lender, "observe", moco), result, { fields })).toEqual({});
      expect(await answer(bench, step(bench, "observe", moco), "found", { fields })).toEqual({});
    },
  );

  test("MOM-03 MOM-07 borrows the module before it is made, in case, and gives it back whatever happens", () => {
    const plan = planFor(makeBench(licensed), moco);
    const names = ["observe", "license_request", "license_wait", "create", "adopt", "prove", "license_return"];
    expect(stepsOf(plan, mocoAddress)).toEqual(names);
    const id = (name: string) => `${mocoAddress}/${name}`;
    const at = (name: string) => stepOf(plan, id(name));
    expect(["license_request", "license_wait"].map((name) => branchOf(at(name)))).toEqual([
      "unlicensed observe",
      "unlicensed observe",
    ]);
    expect(at("license_request")).toMatchObject({ needs: [], loan: { name: "license", part: "take" } });
    expect(at("license_wait").needs).toEqual([id("license_request")]);
    expect(branchOf(at("license_return"))).toBe("borrowed license_request");
    expect(at("create").needs).toEqual([id("observe"), id("license_wait")]);
    expect(at("adopt").needs).toEqual([id("observe")]);
    expect(at("license_return")).toMatchObject({
      always: true,
      loan: { name: "license", part: "return" },
      needs: [id("license_request"), id("license_wait"), id("create"), id("adopt")],
    });
    const kept = planFor(makeBench({ ...licensed, license: { ...license, return: "not_required" } }), moco);
    expect(stepsOf(kept, mocoAddress)).not.toContain("license_return");
  });

  test("MOM-07 the mails name environment, serial number and module; a person sends them where no server is configured", () => {
    const bench = makeBench(licensed);
    const plan = planFor(bench, moco);
    for (const [name, subject] of [
      ["license_request", "Temporary add of the Basic API module"],
      ["license_return", "Removal of the Basic API module"],
    ] as const) {
      const one = stepOf(plan, `${mocoAddress}/${name}`);
      expect(one.hand).toBe("person");
      const mail = operationOf(one).mail!(one, bench.system);
      expect(mail).toMatchObject({ to: "licensing@vendor.example", from: "" });
      expect(mail.subject).toContain(subject);
      for (const fact of ["https://venue.test/prod", "SIM-1", "Basic API"]) expect(mail.text).toContain(fact);
    }
    expect(() => makeBench({ license })).toThrow(InvalidManifest);
  });

  test("is recorded when its credentials work, and they are one bundle in the sink", async () => {
    const bench = makeBench();
    const create = step(bench, "create", moco);
    const secrets = addUser(bench, { id: "MOCO-SERV", ...internal });
    const outcome = await answer(bench, create, "done", { secrets });
    const prefix = secrets.key.reveal().slice(0, 8);
    expect(outcome).toMatchObject({
      id: "MOCO-SERV",
      attributes: { key_prefix: prefix, internal: true, retired: false },
    });
    expect(JSON.stringify(outcome)).not.toContain(secrets.secret.reveal());
    expect(JSON.parse(deliveredBy(bench, create)!)).toEqual({
      ...{ id: "MOCO-SERV", secret: secrets.secret.reveal(), key: secrets.key.reveal() },
    });
  });

  test("MOM-08 MOM-09 MOM-10 MOM-12 wrong credentials are refused by a real call, and nothing is kept", async () => {
    const bench = makeBench();
    const { store } = bench.simulator;
    const create = step(bench, "create", moco);
    const right = addUser(bench, { id: "MOCO-SERV", ...internal });
    const other = addUser(bench, { id: "OTHER", displayName: "Other" });
    const tell = async (secrets: Record<string, Secret>): Promise<string> => {
      bench.open = reopen(bench);
      return String(await answer(bench, create, "done", { secrets }));
    };
    const refused: [string, string][] = [
      ["another user's Key", await tell({ ...right, key: other.key })],
      ["another Secret", await tell({ ...right, secret: guid("1") })],
      ["exchanged", await tell({ secret: right.key, key: right.secret })],
      ["no GUID", await tell({ ...right, key: new Secret("canary-key") })],
      ["no Key", await tell({ secret: right.secret })],
    ];
    store.changeApiUser("prod", "MOCO-SERV", { isRetired: true });
    refused.push(["retired", await tell(right)]);
    for (const [what, text] of refused) {
      expect(text, what).toMatch(/^refused: /);
      for (const secret of [right.secret, right.key, other.key]) expect(text, what).not.toContain(secret.reveal());
      expect(text, what).not.toContain("canary");
    }
    expect(refused[0]![1]).toMatch(/MOM-09.*MOM-10.*MOM-08/);
    expect(refused[3]![1]).toContain("(MOM-12)");
    expect(bench.desk.next.size).toBe(0);
    store.changeApiUser("prod", "MOCO-SERV", { isRetired: false });
    expect(await tell(right)).not.toContain("refused");
    expect(bench.desk.next.size).toBe(1);
  });

  test("is kept, and proven later, when nobody answers the test", async () => {
    const bench = makeBench();
    const create = step(bench, "create", moco);
    const secrets = addUser(bench, { id: "MOCO-SERV", ...internal });
    bench.simulator.faults.add("500:sdk/initialize");
    expect(await answer(bench, create, "done", { secrets })).toMatchObject({ id: "MOCO-SERV" });
    expect(deliveredBy(bench, create)).toBeDefined();
  });

  test("MOM-05 that turns out to be there is taken over; of another user that needs lifecycle.adopt", async () => {
    const bench = makeBench();
    expect(await answer(bench, step(bench, "create", moco), "found")).toEqual({});
    const others = { resources: { [reportsAddress]: reports } };
    for (const operation of ["observe", "create"]) {
      expect(await answer(bench, step(bench, operation, others), "found")).toMatchObject({
        remedy: expect.stringContaining("lifecycle: { adopt: true }"),
      });
    }
    const adopting = { ...others, lifecycle: { adopt: true } };
    expect(await answer(bench, step(bench, "observe", adopting), "found")).toEqual({});
    expect(stepsOf(planFor(bench, others), reportsAddress)).toEqual(["observe", "create", "prove"]);
    expect(stepsOf(planFor(bench, adopting), reportsAddress)).toEqual(["observe", "create", "adopt", "prove"]);
  });

  test("takes no answer but done for done", async () => {
    const bench = makeBench();
    const operations = ["create", "adopt", "license_request", "license_wait", "license_return"];
    const plan = planFor(makeBench(licensed), moco);
    for (const operation of operations) {
      for (const result of ["not-done", "failed"] as const) {
        expect(await answer(bench, stepOf(plan, `${mocoAddress}/${operation}`), result)).toEqual({});
      }
    }
    expect(bench.desk.next.size).toBe(0);
  });
});

describe("MOCO-SERV that is there", () => {
  const asSeen = {
    ...{ display_name: "Momentus Connect", description: "Internal Momentus Connect API User", organization: "20" },
    ...{ enforce_access_privileges: "off", allow_proxy_user: "off", retired: "off" },
    ...{ internal: "on", license_special_access: "on" },
  };

  test("MOM-05 is adopted with its credentials, and no Secret is renewed", async () => {
    const bench = makeBench();
    const adopt = step(bench, "adopt", moco);
    const secrets = addUser(bench, { id: "MOCO-SERV", ...internal });
    const outcome = await answer(bench, adopt, "done", { fields: asSeen, secrets });
    expect(outcome).toMatchObject({ attributes: { organization: "20", internal: true, retired: false } });
    expect(outcome).not.toHaveProperty("ends");
    expect(deliveredBy(bench, adopt)).toContain(secrets.key.reveal());
    expect(credentialsOf(bench, "MOCO-SERV").secret.reveal()).toBe(secrets.secret.reveal());
    const acts = JSON.stringify(screenOf(bench, adopt).acts);
    expect(acts).not.toContain('"key":"regenerateSecret"');
    expect(acts).toContain("do not use Regenerate Secret (MOM-05)");
  });

  test("MOM-06 with another declared setting ends its branch, and the next plan shows the update", async () => {
    const bench = makeBench();
    const declared = { ...mocoServ, internal: true };
    const adopt = step(bench, "adopt", { resources: { [mocoAddress]: declared } });
    const secrets = addUser(bench, { id: "MOCO-SERV", ...internal });
    const fields = { ...asSeen, internal: "off", description: "" };
    const outcome = await answer(bench, adopt, "done", { fields, secrets });
    expect(outcome).toMatchObject({ ends: expect.stringContaining("another internal than declared") });
    const { attributes } = outcome as { attributes: Record<string, never> };
    expect(attributes).toMatchObject({ internal: false, description: null });
    const entry = recordOf(
      mocoAddress,
      "MOCO-SERV",
      { ...declared, ...attributes },
      { managed: Object.keys(declared) },
    );
    const plan = planFor(bench, { resources: { [mocoAddress]: declared }, entries: [entry] });
    expect(
      changeOf(plan, mocoAddress)
        ?.attributes.map(({ path }) => path)
        .sort(),
    ).toEqual(["description", "internal"]);
  });

  test("MOM-09 and retired is recorded as it is, and given back only with --restore", async () => {
    const bench = makeBench();
    const adopt = step(bench, "adopt", moco);
    const secrets = addUser(bench, { id: "MOCO-SERV", ...internal, isRetired: true });
    const outcome = await answer(bench, adopt, "done", { fields: { ...asSeen, retired: "on" }, secrets });
    expect(outcome).toMatchObject({ ends: expect.stringContaining("is retired"), attributes: { retired: true } });
    const unproven = { credentials: secretEntry("moco-serv", 1, { proven: false }) };
    const entry = recordOf(
      mocoAddress,
      "MOCO-SERV",
      { ...mocoServ, retired: true },
      { secrets: unproven, managed: Object.keys(mocoServ) },
    );
    const held = planFor(bench, { ...moco, entries: [entry] });
    expect(changeOf(held, mocoAddress)?.held?.because).toContain("it is retired");
    expect(stepsOf(held, mocoAddress)).toEqual([]);
    const restored = planFor(bench, { ...moco, entries: [entry], restore: [mocoAddress] });
    expect(stepsOf(restored, mocoAddress)).toEqual(["revive", "prove"]);
    expect(stepsAt(restored, mocoAddress)[0]?.input.changes).toEqual({ retired: false });
  });
});
