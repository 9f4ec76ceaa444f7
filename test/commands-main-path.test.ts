import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, bringUp, makeBench } from "./commands-fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await makeBench();
});
afterEach(() => bench.close());

/** Writes that reached the orchestrator. */
const writes = () => bench.simulator.store.mutatingCalls.map((call) => call.method);

describe("the main path", () => {
  test("trust, validate, plan, apply, and then no changes", async () => {
    const trust = await bench.steward("trust --all --env test");
    expect(trust).toMatchObject({ code: 0, err: "" });
    expect(trust.out).toContain("Pinned: 2 targets.");
    expect(trust.out).toContain("Next:  steward plan --env test");

    const validate = await bench.steward("validate --env test");
    expect(validate).toMatchObject({ code: 0, err: "" });
    expect(validate.out).toContain("environment test, 2 resources, 1 system, 1 sink, 1 file");

    const plan = await bench.steward("plan --env test --out plan.json");
    expect(plan).toMatchObject({ code: 0, err: "" });
    expect(plan.out).toContain("Plan: 2 to create, 0 to update, 0 to delete.");
    expect(plan.out).toContain("Apply it with:  steward apply plan.json");
    expect(statSync(join(bench.folder, "plan.json")).mode & 0o777).toBe(0o600);
    expect(writes()).toEqual([]);

    const apply = await bench.steward("apply plan.json");
    expect(apply.code).toBe(0);
    expect(apply.out).toMatch(/^Applying plan\.json of .* to environment test\./);
    expect(apply.out).toContain("Apply complete: 4 steps done.");
    expect(apply.err.split("\n").filter(Boolean)).toHaveLength(4);
    expect(writes()).toHaveLength(3);

    const again = await bench.steward("plan --env test --detailed-exitcode");
    expect(again).toMatchObject({ code: 0, err: "" });
    expect(again.out).toContain("No changes.\n");
    expect(again.out).not.toContain("Plan:");
    expect(writes()).toHaveLength(3);
  });

  test("plan mutates nothing: neither the system nor a file", async () => {
    await bench.steward("trust --all --env test");
    const before = bench.read(".steward/state/test/log.jsonl");
    expect((await bench.steward("plan --env test --detailed-exitcode")).code).toBe(2);
    expect((await bench.steward("plan --env test --format json")).code).toBe(0);
    expect((await bench.steward("drift --env test")).code).toBe(0);
    expect(writes()).toEqual([]);
    expect(bench.read(".steward/state/test/log.jsonl")).toBe(before);
  });

  test("what the plan shows as JSON and markdown is what apply does", async () => {
    await bench.steward("trust --all --env test");
    const { out } = await bench.steward("plan --env test --format json --out plan.json");
    const document = JSON.parse(out);
    expect(document.changes.map((change: { address: string }) => change.address)).toEqual([
      "velocloud_admin_user.ci",
      "velocloud_api_token.ci",
    ]);
    const shown = await bench.steward("show plan.json --format markdown");
    expect(shown.out).toContain("velocloud_api_token.ci");
    const applied = await bench.steward("apply plan.json --format json");
    expect(JSON.parse(applied.out).counts).toMatchObject({ done: 4, failed: 0 });
  });

  test("apply without a file shows the plan, asks, and goes on only after yes", async () => {
    await bench.steward("trust --all --env test");
    const declined = await bench.steward("apply --env test", { answers: ["y"] });
    expect(declined).toMatchObject({ code: 4, err: "Nothing was changed.\n" });
    expect(declined.out).toContain("+ velocloud_admin_user.ci");
    expect(declined.asked).toHaveLength(1);
    expect(writes()).toEqual([]);
    const applied = await bench.steward("apply --env test", { answers: ["yes"] });
    expect(applied.code).toBe(0);
    expect(applied.out).toContain("Apply complete: 4 steps done.");
    const nothing = await bench.steward("apply --env test --auto-approve");
    expect(nothing).toMatchObject({ code: 0, out: "No changes.\n" });
  });

  test("what a system asks us to wait for is said", async () => {
    await bench.steward("trust --all --env test");
    bench.simulator.faults.add("429:enterprise/insertEnterpriseUser:1");
    const apply = await bench.steward("apply --env test --auto-approve");
    expect(apply.code).toBe(0);
    expect(apply.err).toContain("waiting   velocloud asked to slow down: 5 s\n");
  });

  test("drift shows what was changed behind Steward's back, and the next apply repairs it", async () => {
    await bringUp(bench);
    expect((await bench.steward("drift --env test --detailed-exitcode")).code).toBe(0);
    const { store } = bench.simulator;
    store.changeRoleOf(store.userNamed("ci@acme.example")!.id, "Enterprise Support");
    const drift = await bench.steward("drift --env test --detailed-exitcode");
    expect(drift.code).toBe(2);
    expect(drift.out).toContain('role  "Enterprise Standard Admin" → "Enterprise Support"');
    const held = await bench.steward("plan --env test --detailed-exitcode");
    expect(held.code).toBe(2);
    expect(held.out).toContain("No changes; 1 held");
    const unknown = await bench.steward("plan --env test --restore velocloud_admin_user.co");
    expect(unknown.code).toBe(64);
    expect(unknown.err).toContain("did you mean velocloud_admin_user.ci?");
    const restored = await bench.steward("apply --env test --auto-approve --restore velocloud_admin_user.ci");
    expect(restored.code).toBe(0);
    const after = await bench.steward("drift --env test --detailed-exitcode");
    expect(after).toMatchObject({ code: 0 });
    expect(after.out).toContain("No drift: 2 recorded objects");
  });

  test("drift does not say that all is well while a credential is refused or was not probed", async () => {
    await bringUp(bench);
    const identity = bench.environmentVariables.STEWARD_AGE_IDENTITY;
    bench.environmentVariables.STEWARD_AGE_IDENTITY = undefined;
    const blind = await bench.steward("drift --env test");
    expect(blind.out).toContain("2 recorded objects as Steward left them; 1 credential was not probed.\n");
    expect(blind.out).toContain("1 credential not probed: sink local cannot be read here, for want of its identity\n");
    bench.environmentVariables.STEWARD_AGE_IDENTITY = identity;
    bench.clock.advance(120 * 86_400_000);
    const refused = await bench.steward("drift --env test");
    expect(refused.out).toContain("1 credential is refused.");
    expect(`${blind.out}${refused.out}`).not.toContain("No drift");
  });
});
