import { describe, expect, test } from "vitest";
import { assertSafe, type GuardInput } from "../src/guard.ts";
import { loadKindSchemas } from "../src/schema-files.ts";
import { emptyState } from "../src/state.ts";
import { plainRole } from "./world/conformance-cases.ts";
import { type Attributes, applied, lines, manifestOf, refusalOf, scopes, worldOf } from "./world/conformance-world.ts";
import type { TestWorld } from "./world/test-world.ts";

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const password = { generate: true, deliver_to: "local:PASSWORD" };
const u: Attributes = { username: "u@acme.example", role: plainRole.enterprise, password };

describe("entries of a role's privileges", () => {
  const names = (count: number): string[] => numbered(count).map((n) => `Part ${n} of Enterprise`);

  /** A role with so many privileges on an orchestrator that offers more of them than the simulator does by itself. */
  async function withRole(actual: number, more: Attributes = {}, adopted = false): Promise<TestWorld> {
    const world = worldOf("enterprise");
    const { store } = world.simulator;
    const [pattern] = store.functionalRoles.filter(
      (part) => part.userType === scopes.enterprise.userType && !part.isSuper,
    );
    store.functionalRoles = names(40).map((name, index) => ({ ...pattern!, name, id: 50_000 + index }));
    const text = textOf(names(actual), more);
    await world.trust(text);
    if (!adopted) await applied(world, text);
    return world;
  }
  const textOf = (privileges: string[], more: Attributes = {}): string =>
    manifestOf("enterprise", { velocloud_role: { r: { name: "R", description: "guarded", privileges, ...more } } });

  const relationLimits: [number, number, "refused" | "allowed", string][] = [
    [24, 5, "allowed", "five are the limit"],
    [24, 6, "refused", "six are above five"],
    [8, 2, "allowed", "25 % is the limit"],
    [8, 3, "refused", "37.5 % is above 25 %"],
    [3, 1, "allowed", "one alone is no percentage"],
  ];

  test.each(relationLimits)("of %i entries, %i removed are %s: %s", async (count, removed, verdict) => {
    const world = await withRole(count);
    const text = textOf(names(count).slice(removed));
    if (verdict === "allowed") {
      expect(lines(await world.plan(text))).toEqual(["update velocloud_role.r"]);
      return;
    }
    const refusal = await refusalOf(world.plan(text));
    expect(refusal).toContain(`this plan removes ${removed} of ${count} privileges of velocloud_role.r`);
    expect(refusal).toContain(`--allow-deletions ${removed}`);
    await applied(world, text, { allowDeletions: removed });
    expect(world.simulator.store.roleNamed("R").functionalRoleIds).toHaveLength(count - removed);
  });

  test("are counted among those that the system has, not among those that are recorded", async () => {
    const world = await withRole(2);
    const { store } = world.simulator;
    store.changeRole(store.roleNamed("R").id, {
      functionalRoleIds: store.functionalRoles.slice(0, 12).map((part) => part.id),
    });
    expect(await refusalOf(world.plan(textOf(names(2))))).toContain(
      "removes 10 of 12 privileges of velocloud_role.r (83.3 %)",
    );
  });

  test("are guarded when none of the present ones stays, and when a role is taken over", async () => {
    const world = await withRole(1);
    expect(await refusalOf(world.plan(textOf(["Part 2 of Enterprise"])))).toContain(
      "removes 1 of 1 privileges of velocloud_role.r (100 %); none of its present entries would be left",
    );
    const many = await withRole(8);
    const adopting = worldOf("enterprise");
    adopting.simulator.store.functionalRoles = many.simulator.store.functionalRoles;
    adopting.simulator.store.roles.put(many.simulator.store.roleNamed("R"), 0);
    const text = textOf(names(2), { lifecycle: { adopt: true } });
    await adopting.trust(text);
    expect(await refusalOf(adopting.plan(text))).toContain("removes 6 of 8 privileges of velocloud_role.r (75 %)");
    expect(lines(await adopting.plan(text, { allowDeletions: 6 }))).toEqual(["adopt velocloud_role.r"]);
  });

  test("count together with objects in the number to allow", async () => {
    const world = await withRole(8);
    const both = {
      velocloud_admin_user: { u },
      velocloud_role: { r: { name: "R", description: "guarded", privileges: names(8) } },
    };
    await applied(world, manifestOf("enterprise", both));
    const refusal = await refusalOf(world.plan(textOf(names(5))));
    expect(refusal.match(/--allow-deletions 4/g)).toHaveLength(2);
    expect((await world.plan(textOf(names(5)), { allowDeletions: 4 })).changes).toHaveLength(2);
  });

  test("cannot be emptied in a manifest at all", async () => {
    const world = await withRole(2);
    expect(await refusalOf(world.plan(textOf([])))).toMatch(/privileges/);
  });
});

describe("a list", () => {
  /** No kind of today lets a list be cleared; the guard does not rely on that. */
  test.each([1, 3, 24])("of %i entries that would be emptied is refused", (count) => {
    const before = numbered(count).map(String);
    const attributes = [{ path: "privileges", before, after: { $clear: true as const } }];
    const change = {
      address: "velocloud_role.r",
      kind: "velocloud_role",
      system: "velocloud",
      action: "update" as const,
    };
    const plan = {
      changes: [{ ...change, attributes, after: [], notes: [] }],
      steps: [],
      consents: { restore: [], replace: [] },
    };
    const [schema] = loadKindSchemas().filter((each) => each.$id.endsWith("/velocloud_role.json"));
    const kinds = new Map([["velocloud_role", { schema }]]);
    const result = { plan, errors: [], protections: [] };
    const input = { result, state: emptyState("x"), observation: { systems: {} }, guard, kinds };
    const counted = `this plan removes ${count} of ${count} privileges of velocloud_role.r (100 %)`;
    expect(() => assertSafe(input as unknown as GuardInput)).toThrow(counted);
  });
  const guard = { deletionsMax: 5, deletionsMaxPercent: 25 };
});
