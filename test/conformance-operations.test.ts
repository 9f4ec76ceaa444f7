import { describe, expect, test } from "vitest";
import { contextOf, operationOf } from "../src/apply/context.ts";
import { velocloudConnector } from "../src/connectors/velocloud/connector.ts";
import { loadKindSchemas, loadLabels } from "../src/schema-files.ts";
import type { FaultName } from "../src/simulators/faults.ts";
import type { Consents, Step, StepReport } from "../src/step.ts";
import { arrive, type OperationScenario, operationScenarios } from "./world/conformance-operations.ts";
import { finish, lines, manifestOf, type ScopeName, shapeOf, worldOf } from "./world/conformance-world.ts";
import type { TestWorld } from "./world/test-world.ts";

const table = operationScenarios.flatMap((scenario) =>
  scenario.scopes.map((scope) => ({ scenario, scope, title: `${scenario.title} in scope ${scope}` })),
);
const lateMs = 20_000;

const consentsOf = ({ removes }: OperationScenario): Partial<Consents> =>
  removes === undefined ? {} : { allowDeletions: removes };

async function arrived(scenario: OperationScenario, scope: ScopeName): Promise<TestWorld> {
  const world = worldOf(scope);
  await arrive(world, scenario, scope);
  return world;
}

/** The scenario's one step in the plan of its apply. */
async function stepIn(world: TestWorld, scenario: OperationScenario, text: string): Promise<Step> {
  const plan = await world.plan(text, consentsOf(scenario));
  const steps = plan.steps.filter((step) => `${step.kind}/${step.operation}` === scenario.operation);
  expect(steps.map((step) => step.id)).toHaveLength(1);
  return steps[0]!;
}

async function settled(world: TestWorld, text: string, step: Step): Promise<string> {
  const workspace = await world.open(text);
  const { verdict } = await operationOf(workspace, step).settle!(
    await contextOf(workspace, step),
    workspace.system(step.system).reader,
  );
  await workspace.close();
  return verdict;
}

/** What the same apply leaves behind when nothing disturbs it. */
const undisturbed = new Map<string, Promise<Record<string, unknown>>>();
function shapeUndisturbed(scenario: OperationScenario, scope: ScopeName): Promise<Record<string, unknown>> {
  const key = `${scenario.title} ${scope}`;
  const made = undisturbed.get(key) ?? runUndisturbed(scenario, scope);
  undisturbed.set(key, made);
  return made;
}

async function runUndisturbed(scenario: OperationScenario, scope: ScopeName): Promise<Record<string, unknown>> {
  const world = await arrived(scenario, scope);
  const report = await world.apply(manifestOf(scope, scenario.after(scope)), { consents: consentsOf(scenario) });
  expect(report.steps.filter((step) => step.result !== "done")).toEqual([]);
  return shapeOf(world, scope);
}

/** Secrets that the sink holds are those that work. */
async function expectWorkingSecrets(world: TestWorld, text: string): Promise<void> {
  const { store } = world.simulator;
  const user = store.userNamed("ci@acme.example");
  if (user) expect(await world.secret(text, "CI_PASSWORD")).toBe(user.password);
  if (!text.includes("velocloud_api_token:")) return;
  expect(store.ownerOfWorkingToken((await world.secret(text, "TOKEN")) ?? "")?.username).toBe("ci@acme.example");
}

/** Nothing is said to be done that was not, and nothing to have failed that happened. */
function expectHonest(world: TestWorld, scenario: OperationScenario, reports: StepReport[]): void {
  const own = reports.find(({ step }) => `${step.kind}/${step.operation}` === scenario.operation)!;
  const happened = scenario.happened(world);
  if (own.result === "done" || own.result === "lost") expect(happened, own.because).toBe(true);
  if (own.result === "failed") expect(happened, own.because).toBe(false);
  expect(own.result).not.toBe("skipped");
  const done = new Map(reports.map(({ step, result }) => [step.id, result === "done"]));
  for (const { step, result, because } of reports) {
    if (result === "done") expect(step.needs.filter((need) => !done.get(need))).toEqual([]);
    else expect(because?.length, `${step.id} says why it is ${result}`).toBeGreaterThan(5);
  }
}

/** Apply with one fault on the step's write; then whatever applies it takes, and time for what comes late. */
async function disturbed(scenario: OperationScenario, scope: ScopeName, fault: FaultName): Promise<StepReport[]> {
  const world = await arrived(scenario, scope);
  const text = manifestOf(scope, scenario.after(scope));
  const rule = { fault, method: scenario.method(scope), times: 1 };
  world.simulator.faults.add(fault === "commit-after" ? { ...rule, ms: lateMs } : rule);
  const report = await world.apply(text, { consents: consentsOf(scenario) });
  expectHonest(world, scenario, report.steps);
  const undone = report.steps.filter((step) => step.result !== "done");
  expect(report.outcome).toBe(undone.length === 0 ? "done" : "unfinished");
  await finish(world, text);
  world.clock.advance(10 * lateMs);
  world.simulator.settlePending();
  await finish(world, text);
  expect(shapeOf(world, scope)).toEqual(await shapeUndisturbed(scenario, scope));
  expect(lines(await world.plan(text))).toEqual([]);
  await expectWorkingSecrets(world, text);
  return report.steps.filter(({ step }) => `${step.kind}/${step.operation}` === scenario.operation);
}

/** Read back as not done and yet downloaded: our log proves that we tried, so that it is issued anew unasked (law 5). */
async function expectIssuedAnew(world: TestWorld, text: string): Promise<void> {
  await world.recover(text);
  expect(lines(await world.plan(text))).toEqual(["replace velocloud_api_token.ci"]);
  await world.apply(text);
  expect(lines(await world.plan(text))).toEqual([]);
  await expectWorkingSecrets(world, text);
}

describe("the table of operations", () => {
  test("holds every operation of every kind", () => {
    const covered = new Set(operationScenarios.map((scenario) => scenario.operation));
    const all = velocloudConnector(loadKindSchemas(), loadLabels()).kinds.flatMap((kind) =>
      Object.keys(kind.operations).map((name) => `${kind.name}/${name}`),
    );
    expect([...covered, "velocloud_api_token/prove"].sort()).toEqual(all.sort());
  });
});

describe.each(table)("$title", ({ scenario, scope }) => {
  test("settles as not done before the run and as done after it", async () => {
    const world = await arrived(scenario, scope);
    const text = manifestOf(scope, scenario.after(scope));
    const step = await stepIn(world, scenario, text);
    expect(await settled(world, text, step)).toBe("not-done");
    expect(scenario.happened(world)).toBe(false);
    const report = await world.apply(text, { consents: consentsOf(scenario) });
    expect(report.outcome).toBe("done");
    expect(scenario.happened(world)).toBe(true);
    expect(await settled(world, text, step)).toBe("done");
    expect(lines(await world.plan(text))).toEqual([]);
  });

  test("is settled right within the apply when its answer is cut off", async () => {
    const [report] = await disturbed(scenario, scope, "cut-after-commit");
    expect(report?.result).toBe(scenario.loses ? "lost" : "done");
  });

  test("makes no duplicate when it is committed late", async () => {
    const [report] = await disturbed(scenario, scope, "commit-after");
    expect(report?.result).toBe(/\/(create|set_password)$/.test(scenario.operation) ? "done" : "failed");
  });

  test.each(["cut-before", "500", "html"] as const)(
    "fails honestly after %s, and the next apply ends it",
    async (fault) => {
      const [report] = await disturbed(scenario, scope, fault);
      expect(report?.result).toBe("failed");
    },
  );

  test("is settled right when its answer is truncated", async () => {
    const [report] = await disturbed(scenario, scope, "truncated");
    expect(report?.result).toBe(scenario.loses ? "lost" : "done");
  });

  test("waits out a 429", async () => {
    const [report] = await disturbed(scenario, scope, "429");
    expect(report?.result).toBe("done");
  });

  test("makes no duplicate when its answer is cut off and lists lag behind", async () => {
    const world = await arrived(scenario, scope);
    const text = manifestOf(scope, scenario.after(scope));
    world.clock.advance(3 * lateMs);
    const { faults } = world.simulator;
    faults.add({ fault: "cut-after-commit", method: scenario.method(scope), times: 1 });
    faults.add({ fault: "list-lags", method: "*", ms: lateMs });
    const { steps } = await world.apply(text, { consents: consentsOf(scenario) });
    const own = steps.find(({ step }) => `${step.kind}/${step.operation}` === scenario.operation);
    if (own?.step.operation === "create") expect(own.result).toBe("done");
    faults.clear();
    world.clock.advance(3 * lateMs);
    if (scenario.loses) return expectIssuedAnew(world, text);
    await finish(world, text);
    expect(shapeOf(world, scope)).toEqual(await shapeUndisturbed(scenario, scope));
    expect(lines(await world.plan(text))).toEqual([]);
    await expectWorkingSecrets(world, text);
  });
});
