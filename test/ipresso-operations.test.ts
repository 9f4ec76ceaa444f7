import { describe, expect, test } from "vitest";
import { contextOf, operationOf } from "../src/apply/context.ts";
import { ipressoConnector } from "../src/connectors/ipresso/connector.ts";
import { loadKindSchemas, loadLabels } from "../src/schema-files.ts";
import type { FaultName } from "../src/simulators/faults.ts";
import type { Consents, Step, StepReport } from "../src/step.ts";
import { finish, lines } from "./world/conformance-world.ts";
import {
  arrive,
  type IpressoScenario,
  ipressoScenarios,
  secretsWork,
  shapeOf,
  textOf,
} from "./world/ipresso-operations.ts";
import { IpressoWorld, ipressoManifest, shop } from "./world/ipresso-world.ts";

/** Every operation at the console, undisturbed and with every fault on the page that it sends its form to. */

const lateMs = 20_000;
const consentsOf = ({ removes }: IpressoScenario): Partial<Consents> =>
  removes === undefined ? {} : { allowDeletions: removes };
const isOwn = ({ operation }: IpressoScenario, step: Step): boolean => `${step.kind}/${step.operation}` === operation;

async function arrived(scenario: IpressoScenario): Promise<IpressoWorld> {
  const world = new IpressoWorld();
  await arrive(world, scenario);
  return world;
}

async function settled(world: IpressoWorld, text: string, step: Step): Promise<string> {
  const workspace = await world.open(text);
  const context = await contextOf(workspace, step);
  const { verdict } = await operationOf(workspace, step).settle!(context, workspace.system(step.system).reader);
  await workspace.close();
  return verdict;
}

const undisturbed = new Map<string, Promise<unknown>>();
function shapeUndisturbed(scenario: IpressoScenario): Promise<unknown> {
  const made = undisturbed.get(scenario.title) ?? runUndisturbed(scenario);
  undisturbed.set(scenario.title, made);
  return made;
}

async function runUndisturbed(scenario: IpressoScenario): Promise<unknown> {
  const world = await arrived(scenario);
  const report = await world.apply(textOf(scenario.after), { consents: consentsOf(scenario) });
  expect(report.steps.filter((step) => step.result !== "done")).toEqual([]);
  return shapeOf(world);
}

/** Nothing is said to be done that was not, and nothing to have failed that happened. */
function expectHonest(world: IpressoWorld, scenario: IpressoScenario, reports: readonly StepReport[]): void {
  const own = reports.find(({ step }) => isOwn(scenario, step))!;
  const happened = scenario.happened(world);
  if (own.result === "done") expect(happened, own.because).toBe(true);
  if (own.result === "failed") expect(happened, own.because).toBe(false);
  for (const { step, result, because } of reports) {
    if (result !== "done") expect(because?.length, `${step.id} says why it is ${result}`).toBeGreaterThan(5);
  }
}

/** Apply with one fault on the step's form; then whatever applies it takes, and time for what comes late. */
async function disturbed(scenario: IpressoScenario, fault: FaultName, lagMs?: number): Promise<string | undefined> {
  const world = await arrived(scenario);
  const text = textOf(scenario.after);
  world.clock.advance(3 * lateMs);
  const rule = { fault, method: scenario.method, times: 1 };
  world.ipresso.faults.add(fault === "commit-after" ? { ...rule, ms: lateMs } : rule);
  if (lagMs !== undefined) world.ipresso.faults.add({ fault: "list-lags", method: "*", ms: lagMs });
  const report = await world.apply(text, { consents: consentsOf(scenario) });
  if (lagMs === undefined) expectHonest(world, scenario, report.steps);
  world.ipresso.faults.clear();
  world.clock.advance(10 * lateMs);
  await finish(world, text);
  world.clock.advance(10 * lateMs);
  world.ipresso.settlePending();
  await finish(world, text);
  expect(shapeOf(world)).toEqual(await shapeUndisturbed(scenario));
  expect(lines(await world.plan(text))).toEqual([]);
  expect(await secretsWork(world, scenario.after)).toBe(true);
  return report.steps.find(({ step }) => isOwn(scenario, step))?.result;
}

test("the table of operations holds every one that a browser carries out and that changes something", () => {
  const covered = new Set(ipressoScenarios.map(({ operation }) => operation));
  const all = ipressoConnector(loadKindSchemas(), loadLabels()).kinds.flatMap(({ name, operations }) =>
    Object.entries(operations).flatMap(([operation, { settle }]) => (settle ? [`${name}/${operation}`] : [])),
  );
  const reading = ["ipresso_api_settings/deliver", "ipresso_api_user/prove"];
  expect([...covered, ...reading].sort()).toEqual(all.sort());
});

describe.each(ipressoScenarios.map((scenario) => [scenario.title, scenario] as const))("%s", (_title, scenario) => {
  test("settles as not done before the run and as done after it", async () => {
    const world = await arrived(scenario);
    const text = textOf(scenario.after);
    const { steps } = await world.plan(text, consentsOf(scenario));
    const [step, ...others] = steps.filter((one) => isOwn(scenario, one));
    expect(others).toEqual([]);
    expect(await settled(world, text, step!)).toBe("not-done");
    expect(scenario.happened(world)).toBe(false);
    const before = world.writes().length;
    const report = await world.apply(text, { consents: consentsOf(scenario) });
    expect(report.outcome).toBe("done");
    expect(world.writes().slice(before)).toEqual([scenario.method]);
    expect(scenario.happened(world)).toBe(true);
    expect(await settled(world, text, step!)).toBe("done");
    expect(lines(await world.plan(text))).toEqual([]);
  });

  test("is settled right within the apply when its answer is cut off", async () => {
    expect(await disturbed(scenario, "cut-after-commit")).toBe("done");
  });

  test("is settled right when its answer is truncated", async () => {
    expect(await disturbed(scenario, "truncated")).toBe("done");
  });

  test("makes no duplicate when it is committed late", async () => {
    const waits = /\/(create|set_password)$|_(user|group)\/update$/.test(scenario.operation);
    expect(await disturbed(scenario, "commit-after")).toBe(waits ? "done" : "failed");
  });

  test.each(["cut-before", "500", "html"] as const)(
    "fails honestly after %s, and the next apply ends it",
    async (fault) => {
      expect(await disturbed(scenario, fault)).toBe("failed");
    },
  );

  test("begins anew when the session ended before it was sent", async () => {
    expect(["done", "failed"]).toContain(await disturbed(scenario, "session-ends"));
  });

  test("makes no duplicate when its answer is cut off and lists lag behind", async () => {
    await disturbed(scenario, "cut-after-commit", lateMs);
  });
});

describe("the key of the installation", () => {
  const resources = { ipresso_api_settings: { panel: { deliver_to: "local:KEY" } } };

  test("is read again when reading it was cut off, and is in the sink before the outcome", async () => {
    const world = new IpressoWorld();
    const text = textOf(resources);
    await world.trust(text);
    world.ipresso.faults.add({ fault: "cut-before", method: "console/settings/view", every: 2, times: 1 });
    await world.apply(text);
    await finish(world, text);
    expect(await world.secret(text, "KEY")).toBe(world.ipresso.world.customerKey);
    expect(world.writes()).toEqual([]);
  });

  test("IPR-02 goes to another place when that is declared, and is read anew on demand", async () => {
    const world = new IpressoWorld();
    const text = textOf(resources);
    await world.trust(text);
    await world.apply(text);
    const moved = textOf({ ipresso_api_settings: { panel: { deliver_to: "local:OTHER" } } });
    await world.apply(moved);
    expect(await world.secret(text, "OTHER")).toBe(world.ipresso.world.customerKey);
    const { store } = world.ipresso;
    store.installation = { ...store.installation, customerKey: "f".repeat(32) };
    expect(lines(await world.plan(moved))).toEqual([]);
    await world.apply(moved, { consents: { replace: ["ipresso_api_settings.panel"] } });
    expect(await world.secret(text, "OTHER")).toBe("f".repeat(32));
  });
});

describe("the proof of a password", () => {
  const auth = "ipresso/auth";

  test.each(["cut-before", "cut-after-commit", "500", "html", "truncated", "429"] as const)(
    "is made by the next apply when it was kept from happening by %s",
    async (fault) => {
      const world = new IpressoWorld();
      const text = textOf(shop());
      await world.trust(text);
      world.ipresso.faults.add({ fault, method: auth, ...(fault === "429" ? { times: 1 } : {}) });
      const { steps } = await world.apply(text);
      const proof = steps.find(({ step }) => step.operation === "prove")!;
      expect(proof.result).toBe(fault === "429" ? "done" : "failed");
      world.ipresso.faults.clear();
      if (fault !== "429") {
        await world.recover(text);
        const plan = await world.plan(text);
        expect(plan.steps.map(({ operation }) => operation)).toEqual(["prove"]);
        expect(plan.changes[0]?.because).toBe("its password is not proven yet");
      }
      await finish(world, text);
      expect(await secretsWork(world, shop())).toBe(true);
    },
  );

  test("IPR-07 that was lost in the save of the form is not accepted, and does not count", async () => {
    const world = new IpressoWorld();
    const text = textOf(shop());
    await world.trust(text);
    await world.apply(text);
    const handle = world.ipresso.handle.bind(world.ipresso);
    // The console takes the form, saves nothing, and shows the list as ever.
    world.ipresso.handle = async (request) => {
      const isSave = request.method === "POST" && request.body.includes("password=") && !request.path.includes("sign");
      return isSave && !request.path.startsWith("/api/")
        ? { status: 303, headers: { location: "/system/accesses/api-users" }, body: "" }
        : handle(request);
    };
    const { steps } = await world.apply(text, { consents: { replace: ["ipresso_api_user.shop"] } });
    expect(steps.map(({ step, result }) => `${step.operation} ${result}`)).toEqual([
      "set_password done",
      "prove failed",
    ]);
    world.ipresso.handle = handle;
    expect(await world.secret(text, "SHOP_PASSWORD")).toBe(world.user("shop.two")?.password);
  });

  test("that is refused leaves the user, and another password is set on demand", async () => {
    const world = new IpressoWorld();
    const text = textOf(shop());
    await world.trust(text);
    const { store } = world.ipresso;
    world.ipresso.faults.add({ fault: "cut-before", method: auth });
    await world.apply(text);
    world.ipresso.faults.clear();
    store.changeUser(store.user("shop.two")!.id, { password: "changed-by-somebody" });
    const report = await world.apply(text);
    const proof = report.steps.find(({ step }) => step.operation === "prove")!;
    expect([proof.result, proof.because]).toEqual(["failed", expect.stringContaining("the password is not accepted")]);
    expect(proof.remedy).toContain("--replace ADDRESS");
    const { steps } = await world.apply(text, { consents: { replace: ["ipresso_api_user.shop"] } });
    expect(steps.map(({ step, result }) => `${step.operation} ${result}`)).toEqual(["set_password done", "prove done"]);
    expect(lines(await world.plan(text))).toEqual([]);
    expect(await secretsWork(world, shop())).toBe(true);
  });

  test("of a given password is made too, and its reference is all that is kept", async () => {
    const world = new IpressoWorld();
    const text = ipressoManifest(shop({ password: { value: "${env.IPR_GIVEN}" } }));
    await world.trust(text);
    const { steps } = await world.apply(text);
    expect(steps.map(({ step, result }) => `${step.operation} ${result}`)).toEqual([
      ...["create done", "prove done", "create done"],
    ]);
    expect(world.user("shop.two")?.password).toBe("Given-Password-1");
    expect(JSON.stringify(world.disk.files())).not.toContain("Given-Password-1");
    expect(lines(await world.plan(text))).toEqual([]);
  });
});
