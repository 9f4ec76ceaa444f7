import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Act, Label, Screen } from "../src/screen.ts";
import type { Step } from "../src/step.ts";
import {
  type Bench,
  connector,
  key,
  keyAddress,
  licensed,
  makeBench,
  mocoAddress,
  mocoEntry,
  mocoServ,
  operationOf,
  planFor,
  portal,
  portalAddress,
  recordOf,
  reports,
  reportsAddress,
  reportsEntry,
  screenOf,
  stepOf,
} from "./momentus-console-fixture.ts";

const { labels } = JSON.parse(readFileSync("schemas/momentus/labels.json", "utf8")) as {
  labels: { key: string; label: string; mark: string }[];
};

const keyEntry = recordOf(keyAddress, "1a2b3c4d", key, { dependsOn: [reportsAddress] });
const approval = (status: string) =>
  recordOf(portalAddress, "Event Portal", { ...portal, status }, { managed: ["app"] });
const moved = "local:elsewhere";

/** Every step of a person that the kinds can plan. */
function everyStep(bench: Bench): Step[] {
  const plans = [
    planFor(bench, { resources: { [mocoAddress]: mocoServ, [portalAddress]: portal }, lifecycle: { adopt: true } }),
    planFor(bench, { resources: { [reportsAddress]: reports, [keyAddress]: key } }),
    planFor(bench, {
      resources: {
        [reportsAddress]: { ...reports, description: "New", deliver_to: moved },
        [keyAddress]: { ...key, deliver_to: "local:there" },
      },
      entries: [reportsEntry, keyEntry],
    }),
    planFor(bench, {
      resources: { [reportsAddress]: reports, [keyAddress]: key },
      entries: [reportsEntry, keyEntry],
      replace: [reportsAddress, keyAddress],
    }),
    planFor(bench, { resources: {}, entries: [reportsEntry] }),
    planFor(bench, {
      resources: { [reportsAddress]: reports },
      entries: [recordOf(reportsAddress, "REPORTS", { ...reports, retired: true }, { managed: reportsEntry.managed })],
      restore: [reportsAddress],
    }),
    planFor(bench, {
      resources: { [mocoAddress]: mocoServ, [portalAddress]: portal },
      entries: [mocoEntry, approval("disabled")],
      restore: [portalAddress],
    }),
    planFor(bench, { resources: { [mocoAddress]: mocoServ }, entries: [mocoEntry, approval("active")] }),
    planFor(bench, {
      resources: { [mocoAddress]: mocoServ, [reportsAddress]: reports, [keyAddress]: key, [portalAddress]: portal },
      entries: [mocoEntry, reportsEntry, keyEntry, approval("active")],
      ask: [mocoAddress, reportsAddress, keyAddress, portalAddress],
    }),
  ];
  return plans.flatMap(({ plan, errors }) => {
    expect(errors).toEqual([]);
    return plan.steps.filter((step) => step.hand === "person");
  });
}

const bench = makeBench({ ...licensed, customer: "Harbor", tenant: "test", connect_url: "https://connect.test" });
const steps = everyStep(bench);
const screens = new Map(steps.map((step) => [step, screenOf(bench, step)]));

function labelsIn(value: unknown): Label[] {
  if (typeof value !== "object" || value === null) return [];
  if ("key" in value && "mark" in value) return [value as Label];
  return Object.values(value).flatMap(labelsIn);
}

const screenAt = (address: string, operation: string): Screen =>
  screens.get(steps.find((step) => step.id === `${address}/${operation}`)!)!;
const actsOf = <K extends Act["act"]>(screen: Screen, act: K) =>
  screen.acts.filter((one): one is Extract<Act, { act: K }> => one.act === act);
const notesOf = (screen: Screen): string =>
  actsOf(screen, "note")
    .map(({ text }) => text)
    .join("\n");

describe("screens", () => {
  test("there are for every operation that a person carries out", () => {
    const planned = new Set(steps.map(({ kind, operation }) => `${kind}/${operation}`));
    const console = connector.kinds.filter((kind) => kind.hand?.(bench.system) === "person");
    const all = console.flatMap(({ name, operations }) =>
      Object.entries(operations).flatMap(([operation, { run }]) => (run ? [] : [`${name}/${operation}`])),
    );
    expect([...planned].sort()).toEqual(all.sort());
    for (const step of steps) expect(operationOf(step).run, step.id).toBeUndefined();
  });

  test("print labels of labels.json as they are marked there", () => {
    const known = new Map(labels.map((label) => [label.key, label]));
    const used = labelsIn([...screens.values()]);
    expect(used.length).toBeGreaterThan(100);
    for (const { key: name, text, mark } of used) {
      expect({ text, mark }, name).toEqual({ text: known.get(name)?.label, mark: known.get(name)?.mark });
    }
  });

  test("say who, where, and how it may end, with no result twice and never without a way to say no", () => {
    for (const [step, screen] of screens) {
      expect(screen.role, step.id).not.toBe("");
      const results = screen.results.map(({ result }) => result);
      expect(new Set(results).size, step.id).toBe(results.length);
      const ends = step.always ? ["done", "not-done"] : ["done", "not-done", "failed"];
      const expected = step.asks ? ["found", "absent", "cannot-see"] : ends;
      for (const result of expected) expect(results, step.id).toContain(result);
      expect(results.includes("found"), step.id).toBe(step.asks === true || step.when?.is === "absent");
      for (const { asks } of screen.results) {
        for (const { name, pattern } of asks) {
          expect(name).toMatch(/^[a-z_]+$/);
          expect(() => new RegExp(pattern?.matches ?? "", "u")).not.toThrow();
        }
      }
    }
  });

  test("ask for Secret and Key as secrets only, and MOM-12 as GUIDs", () => {
    for (const [step, screen] of screens) {
      const asks = screen.results.flatMap((result) => result.asks);
      for (const ask of asks.filter(({ name }) => name === "secret" || name === "key")) {
        expect(ask.secret, step.id).toBe(true);
        const whole = new RegExp(`^(?:${ask.pattern?.matches})$`);
        expect(whole.test("0a1b2c3d-0000-0000-0000-000000000000")).toBe(true);
        expect(whole.test("0a1b2c3d")).toBe(false);
      }
      const delivers = step.delivers !== undefined;
      expect(
        asks.some(({ secret }) => secret),
        step.id,
      ).toBe(delivers);
    }
  });

  test("are plain JSON without a secret, and the same each time", () => {
    for (const [step, screen] of screens) {
      const text = JSON.stringify(screen);
      expect(text).toBe(JSON.stringify(screenOf(bench, step)));
      expect(JSON.parse(text)).toEqual(screen);
      expect(text).not.toMatch(/undefined|\[object/);
    }
  });
});

describe("the screens of API users", () => {
  test("MOM-06 fill in every setting of MOCO-SERV, unchecked ones too, and leave the organization to the person", () => {
    const create = screenAt(mocoAddress, "create");
    const [fill] = actsOf(create, "fill");
    expect(Object.fromEntries(fill!.fields.map(({ label, value }) => [label.text, value]))).toEqual({
      "Display Name": "Momentus Connect",
      Description: "Internal Momentus Connect API User",
      ID: "MOCO-SERV",
      "Enforce Access Privileges": false,
      "Allow Proxy User": false,
      Retire: false,
      Internal: true,
      "License Special Access": true,
    });
    expect(notesOf(create)).toContain("Organization: choose any");
    expect(create.url).toBe("https://venue.test/prod");
  });

  test("MOM-02 are for support users where the user is internal, and warn of customer rights", () => {
    expect(screenAt(mocoAddress, "observe").role).toBe("an Enterprise support user");
    expect(screenAt(reportsAddress, "observe").role).toBe("an administrator of Enterprise");
    expect(notesOf(screenAt(mocoAddress, "observe"))).toContain("only a list made with support rights proves absence");
    const absent = screenAt(mocoAddress, "observe").results.find(({ result }) => result === "absent");
    expect(absent?.asks.map(({ name, optional }) => [name, optional])).toEqual([
      ["rights", undefined],
      ["licensed", undefined],
    ]);
  });

  test("MOM-05 ask for every setting as it is seen before MOCO-SERV is taken over, and warn of renewing", () => {
    const adopt = screenAt(mocoAddress, "adopt");
    const done = adopt.results.find(({ result }) => result === "done");
    expect(done?.asks.filter(({ optional }) => !optional).map(({ name }) => name)).toEqual([
      ...["secret", "key", "display_name", "organization", "enforce_access_privileges"],
      ...["allow_proxy_user", "retired", "internal", "license_special_access"],
    ]);
    expect(notesOf(adopt)).toContain("do not use Regenerate Secret");
  });

  test("show what must stand there before something is changed", () => {
    const retire = screens.get(steps.find(({ operation }) => operation === "revive")!)!;
    const [opened, before, after, ...others] = actsOf(retire, "expect");
    expect(opened?.fields.map(({ label, value }) => [label.text, value])).toEqual([["ID", "REPORTS"]]);
    expect(before?.fields.map(({ label, value }) => [label.text, value])).toEqual([["Retire", true]]);
    // What a browser sees afterwards is not said to a person.
    expect(after?.fields.map(({ label, value }) => [label.text, value])).toEqual([["Retire", false]]);
    expect([opened?.silent, before?.silent, after?.silent, others]).toEqual([true, undefined, true, []]);
    expect(actsOf(retire, "fill")[0]?.fields[0]?.value).toBe(false);
  });

  test("MOM-10 say what a new Secret breaks, and that a Key that is there already is taken", () => {
    expect(notesOf(screenAt(reportsAddress, "regenerate"))).toContain("stops at once, whatever its Key (MOM-10)");
    expect(notesOf(screenAt(keyAddress, "add"))).toContain("Then add none, and take that one");
  });
});

describe("the screens of Momentus Connect", () => {
  test("MOM-04 give the prompt the credentials of MOCO-SERV by reference only", () => {
    const approve = screens.get(steps.find(({ operation }) => operation === "approve")!)!;
    expect(approve.url).toBe("https://connect.test");
    const [prompt] = actsOf(approve, "prompt");
    expect(prompt?.heading.text).toBe("Momentus Connect API User");
    expect(prompt?.fields.map(({ value }) => value)).toEqual([
      "MOCO-SERV",
      { secret: "credentials", part: "secret" },
      { secret: "credentials", part: "key" },
    ]);
    expect(notesOf(approve)).toContain("Was Event Portal declined (Deleted)? First More options › Remove");
    const plan = planFor(makeBench(), { resources: { [portalAddress]: portal } });
    const without = screenOf(makeBench(), stepOf(plan, `${portalAddress}/approve`));
    expect(actsOf(without, "prompt")).toEqual([]);
    expect(notesOf(without)).toContain("no credentials of MOCO-SERV");
    expect(without.url).toBe("https://venue.test/prod");
  });

  test("MOM-04 go to the customer and the tenant that the manifest names, with the rights of Connect", () => {
    const observe = screenAt(portalAddress, "observe");
    expect(observe.role).toBe("a Support User or Super User of Momentus Connect");
    expect(actsOf(observe, "open")).toEqual([{ act: "open", row: "Harbor" }]);
    expect(actsOf(observe, "fill")[0]?.fields[0]).toMatchObject({ label: { text: "Tenant" }, value: "test" });
    const absent = observe.results.find(({ result }) => result === "absent");
    expect(absent?.asks[0]?.choices).toEqual(["requested", "declined", "not listed"]);
  });
});
