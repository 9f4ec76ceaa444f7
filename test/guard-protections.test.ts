import { describe, expect, test } from "vitest";
import { otherRole, plainRole } from "./world/conformance-cases.ts";
import {
  type Attributes,
  applied,
  foreignUser,
  importObject,
  lines,
  type ManifestOptions,
  manifestOf,
  refusalOf,
  worldOf,
} from "./world/conformance-world.ts";
import type { TestWorld } from "./world/test-world.ts";

const kind = "velocloud_admin_user";
const superRole = "Enterprise Superuser";
const password = (name: string): Attributes => ({ generate: true, deliver_to: `local:${name}` });
const ann: Attributes = { username: "ann@acme.example", role: plainRole.enterprise, password: password("ANN") };
const bob: Attributes = { username: "bob@acme.example", role: plainRole.enterprise, password: password("BOB") };

const users = (blocks: Record<string, Attributes>, options: ManifestOptions = {}): string =>
  manifestOf("enterprise", Object.keys(blocks).length > 0 ? { [kind]: blocks } : {}, options);

async function worldWith(text: string, world = worldOf("enterprise")): Promise<TestWorld> {
  await world.trust(text);
  await applied(world, text);
  return world;
}

describe("lifecycle.prevent_destroy", () => {
  const kept = { ...ann, lifecycle: { prevent_destroy: true } };

  test("is remembered when its block is gone, and no number of deletions gets past it", async () => {
    const world = await worldWith(users({ ann: kept, bob }));
    for (const consents of [{}, { allowDeletions: 1 }, { allowDeletions: 2 }]) {
      const refusal = await refusalOf(world.plan(users({ bob }), consents));
      expect(refusal).toContain(`${kind}.ann has lifecycle.prevent_destroy, and this plan deletes it => put it back`);
      expect(refusal).toContain(`steward forget ${kind}.ann`);
    }
    expect(await refusalOf(world.plan(users({}), { allowDeletions: 2 }, true))).toContain("prevent_destroy");
    expect(await refusalOf(world.apply(users({ bob }), { consents: { allowDeletions: 1 } }))).toContain(
      "prevent_destroy",
    );
    expect(world.simulator.store.userNamed("ann@acme.example")).toBeDefined();
  });

  test("is lifted by an apply without it, and only then", async () => {
    const world = await worldWith(users({ ann: kept, bob }));
    expect(lines(await applied(world, users({ ann, bob })))).toEqual([`update ${kind}.ann`]);
    expect(lines(await world.plan(users({ bob })))).toEqual([`delete ${kind}.ann`]);
  });

  test("keeps a user from being deleted to be made anew, also under another address", async () => {
    const world = await worldWith(users({ ann: kept, bob }));
    const { password: _password, ...outside }: Attributes = { ...kept, native: false };
    for (const block of [{ ...kept, username: "anna@acme.example" }, outside]) {
      expect(await refusalOf(world.plan(users({ ann: block, bob }), { allowDeletions: 1 }))).toContain(
        `${kind}.ann has lifecycle.prevent_destroy, and this plan deletes it to make it anew`,
      );
    }
    expect(await refusalOf(world.plan(users({ anna: outside, bob })))).toContain("deletes it to make it anew");
  });

  test("lets a user be changed, moved and forgotten", async () => {
    const world = await worldWith(users({ ann: kept, bob }));
    expect(lines(await world.plan(users({ ann: { ...kept, first_name: "Ann" }, bob })))).toEqual([
      `update ${kind}.ann`,
    ]);
    expect(lines(await world.plan(users({ anna: kept, bob })))).toEqual([`move ${kind}.anna`]);
    const forgetting = { ...ann, lifecycle: { prevent_destroy: true, on_remove: "forget" } };
    await applied(world, users({ ann: forgetting, bob }));
    expect(lines(await world.plan(users({ bob })))).toEqual([`forget ${kind}.ann`]);
  });

  test("lets a token be rotated, because its resource stays", async () => {
    const lifecycle = { prevent_destroy: true };
    const token = {
      owner: `\${${kind}.ann}`,
      name: "t",
      lifetime: "90d",
      rotate_before: "14d",
      deliver_to: "local:TOKEN",
      lifecycle,
    };
    const text = manifestOf("enterprise", { [kind]: { ann }, velocloud_api_token: { t: token } });
    const world = await worldWith(text);
    world.clock.advance(80 * 86_400_000);
    expect(lines(await applied(world, text))).toEqual(["rotate velocloud_api_token.t"]);
  });
});

describe("the user that Steward runs as", () => {
  const me = "admin@customer.example";
  const self = (more: Attributes = {}): Attributes => ({
    username: me,
    role: superRole,
    lifecycle: { adopt: true, on_remove: "delete" },
    ...more,
  });

  /** Everything that would take our own access away, each with another super user there. */
  const attempts: [string, Record<string, Attributes>][] = [
    ["deleted", {}],
    ["disabled", { me: self({ enabled: false }) }],
    ["demoted", { me: self({ role: plainRole.enterprise }) }],
    ["made anew", { me: self({ native: false }) }],
    ["renamed", { me: self({ username: "other@customer.example", password: password("ME") }) }],
  ];

  test.each(attempts)("VCO-17 is never %s, whatever is consented to", async (_what, blocks) => {
    const world = worldOf("enterprise");
    foreignUser(world, "enterprise", { username: "second@customer.example", roleName: superRole });
    await worldWith(users({ me: self() }), world);
    const refusal = await refusalOf(world.plan(users(blocks), { allowDeletions: 1 }));
    expect(refusal).toContain(`${kind}.me: ${me} is the user that Steward runs as => no flag allows this`);
    await refusalOf(world.apply(users(blocks), { consents: { allowDeletions: 1 } }));
    expect(world.simulator.store.userNamed(me)).toMatchObject({ isActive: true, isNative: true });
  });

  test("VCO-17 is never demoted from a lesser role either", async () => {
    const world = worldOf("enterprise");
    const mine = { username: "mine@customer.example", password: "my-password-1" };
    foreignUser(world, "enterprise", { ...mine, roleName: plainRole.enterprise });
    world.moreVariables = { VCO_USER: mine.username, VCO_PASSWORD: mine.password };
    const block = { ...self(), username: mine.username, role: plainRole.enterprise };
    await worldWith(users({ me: block }), world);
    const refusal = await refusalOf(world.plan(users({ me: { ...block, role: otherRole.enterprise } })));
    expect(refusal).toContain("mine@customer.example is the user that Steward runs as");
  });

  test("may change its name and its phone, and may be forgotten", async () => {
    const world = await worldWith(users({ me: self() }));
    expect(lines(await world.plan(users({ me: self({ first_name: "Me" }) })))).toEqual([`update ${kind}.me`]);
    await applied(world, users({ me: self({ lifecycle: {} }) }));
    expect(lines(await world.plan(users({})))).toEqual([`forget ${kind}.me`]);
  });

  test("is known by token as well", async () => {
    const options: ManifestOptions = { credentials: "token" };
    const world = await worldWith(users({ me: self() }, options));
    expect(await refusalOf(world.plan(users({}, options), { allowDeletions: 1 }))).toContain(
      "the user that Steward runs as",
    );
  });
});

describe("the last active super user", () => {
  /** An operator manages the enterprise, so that no super user of it is ourselves. */
  const operated: ManifestOptions = { system: ["enterprise_id: 1", "login: operator"] };
  const lifecycle = { adopt: true, on_remove: "delete" };
  const first = { username: "admin@customer.example", role: superRole, lifecycle };
  const second = { username: "second@customer.example", role: superRole, lifecycle };

  async function operatedWorld(blocks: Record<string, Attributes>, withSecond: boolean): Promise<TestWorld> {
    const world = worldOf("enterprise");
    world.account = "operator";
    world.simulator.store.setDelegation(1, true);
    if (withSecond) foreignUser(world, "enterprise", { username: second.username, roleName: superRole });
    return worldWith(users(blocks, operated), world);
  }
  const last = `${kind}.first: admin@customer.example is the last active super user => no flag allows this`;

  const attempts: [string, Record<string, Attributes>][] = [
    ["deleted", {}],
    ["disabled", { first: { ...first, enabled: false } }],
    ["demoted", { first: { ...first, role: plainRole.enterprise } }],
    ["made anew", { first: { ...first, native: false } }],
  ];

  test.each(attempts)("VCO-17 is never %s", async (_what, blocks) => {
    const world = await operatedWorld({ first }, false);
    expect(await refusalOf(world.plan(users(blocks, operated), { allowDeletions: 1 }))).toContain(last);
  });

  test.each(attempts)("VCO-17 is never %s while the other one is disabled", async (_what, blocks) => {
    const world = await operatedWorld({ first }, true);
    world.simulator.store.disableUser(world.simulator.store.userNamed(second.username)!.id);
    expect(await refusalOf(world.plan(users(blocks, operated), { allowDeletions: 1 }))).toContain(last);
  });

  test.each(attempts)("VCO-17 may be %s while another one stays", async (_what, blocks) => {
    const world = await operatedWorld({ first, second }, true);
    const plan = await world.plan(users({ ...blocks, second }, operated), {
      ...(blocks.first ? {} : { allowDeletions: 1 }),
    });
    expect(plan.changes).toHaveLength(1);
  });

  test("VCO-17 is seen when one plan takes both away, each in another way", async () => {
    const world = await operatedWorld({ first, second }, true);
    const takingAway: Record<string, Attributes>[] = [
      {},
      { second: { ...second, enabled: false } },
      { second: { ...second, role: plainRole.enterprise } },
      { first: { ...first, role: plainRole.enterprise }, second: { ...second, enabled: false } },
    ];
    for (const blocks of takingAway) {
      const consents = { allowDeletions: 2 - Object.keys(blocks).length };
      const refusal = await refusalOf(world.plan(users(blocks, operated), consents));
      expect(refusal).toContain(last);
      expect(refusal).toContain(`${kind}.second: second@customer.example is the last active super user`);
    }
  });
});

describe("default users", () => {
  test("VCO-17 VCO-34 are kept by the orchestrator, which is reported, and the record stays", async () => {
    const world = worldOf("enterprise");
    foreignUser(world, "enterprise", {
      username: "default@customer.example",
      roleName: plainRole.enterprise,
      isDefault: true,
    });
    const block = {
      username: "default@customer.example",
      role: plainRole.enterprise,
      lifecycle: { adopt: true, on_remove: "delete" },
    };
    await worldWith(users({ standard: block, bob }), world);
    const report = await world.apply(users({ bob }), { consents: { allowDeletions: 1 } });
    expect(report.outcome).toBe("unfinished");
    expect(report.steps.map(({ result }) => result)).toEqual(["failed"]);
    expect(report.steps[0]?.because).toContain("default user cannot be deleted");
    expect(world.simulator.store.userNamed("default@customer.example")).toBeDefined();
    await world.recover(users({ bob }));
    expect(lines(await world.plan(users({ bob }), { allowDeletions: 1 }))).toEqual([`delete ${kind}.standard`]);
    expect(lines(await world.plan(users({ standard: block, bob })))).toEqual([]);
  });
});

describe("what happens to an object whose block goes", () => {
  type Origin = "created" | "adopted" | "imported";
  const variants: [Origin, "delete" | "forget" | undefined, "delete" | "forget"][] = [
    ["created", undefined, "delete"],
    ["created", "delete", "delete"],
    ["created", "forget", "forget"],
    ["adopted", undefined, "forget"],
    ["adopted", "forget", "forget"],
    ["adopted", "delete", "delete"],
    ["imported", undefined, "forget"],
    ["imported", "forget", "forget"],
    ["imported", "delete", "delete"],
  ];

  test.each(variants)("that was %s, with on_remove: %s, is %s", async (origin, onRemove, action) => {
    const lifecycle = { ...(onRemove && { on_remove: onRemove }), ...(origin === "adopted" && { adopt: true }) };
    const { password: _password, ...known } = ann;
    const block = { ...(origin === "created" ? ann : known), lifecycle };
    const world = worldOf("enterprise");
    const text = users({
      ann: Object.keys(lifecycle).length > 0 ? block : { ...block, lifecycle: { adopt: false } },
      bob,
    });
    if (origin !== "created")
      foreignUser(world, "enterprise", { username: "ann@acme.example", roleName: plainRole.enterprise });
    await world.trust(text);
    if (origin === "imported") {
      const { id } = world.simulator.store.userNamed("ann@acme.example")!;
      await importObject(world, text, `${kind}.ann`, String(id));
    }
    await applied(world, text);
    expect(lines(await world.plan(text))).toEqual([]);
    expect(lines(await applied(world, users({ bob })))).toEqual([`${action} ${kind}.ann`]);
    expect(world.simulator.store.userNamed("ann@acme.example") === undefined).toBe(action === "delete");
    expect(lines(await world.plan(users({ bob })))).toEqual([]);
  });

  test("is what was recorded last, not what the block said when it was written", async () => {
    const world = await worldWith(users({ ann, bob }));
    await applied(world, users({ ann: { ...ann, lifecycle: { on_remove: "forget" } }, bob }));
    await applied(world, users({ ann, bob }));
    expect(lines(await world.plan(users({ bob })))).toEqual([`delete ${kind}.ann`]);
  });
});
