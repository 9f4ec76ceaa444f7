import { describe, expect, test } from "vitest";
import type { Value } from "../src/resource.ts";
import { addUser, plainRole } from "./velocloud-cases.ts";
import { type Bench, makeBench, scopeNames } from "./velocloud-fixture.ts";
import { changeOf, errorsOf, planFor, recordOf, secretEntry, stepsAt, stepsOf } from "./velocloud-plan-fixture.ts";

const address = "velocloud_admin_user.ci";
const generated = { generate: true, deliver_to: "local:ci-password" };
const declared: Record<string, Value> = { username: "ci@example.net", role: plainRole.enterprise };
const managed: Record<string, Value> = { ...declared, password: generated };

/** A user that Steward made. */
function owned(bench: Bench, attributes: Record<string, Value> = managed) {
  const user = addUser(bench);
  return {
    user,
    entry: recordOf(address, user.id, attributes, { secrets: { password: secretEntry("ci-password", 1) } }),
  };
}

describe("a user in a plan", () => {
  test.each(scopeNames)("is created with a password that is in the sink before it is sent, scope %s", async (scope) => {
    const bench = makeBench({ scope });
    const plan = await planFor(bench, { resources: { [address]: { ...managed, role: plainRole[scope] } } });
    expect(errorsOf(plan)).toBe("");
    const [create] = stepsAt(plan, address);
    expect(create?.id).toBe(`${address}/create`);
    expect(create?.delivers?.password).toMatchObject({ sink: "local", path: "ci-password", generation: 1 });
    expect(create?.promotes?.[0]?.issueId).toBe(create?.delivers?.password?.issueId);
    expect(JSON.stringify(create?.input)).not.toContain("deliver_to");
  });

  test("is left alone when nothing differs", async () => {
    const bench = makeBench();
    const { entry } = owned(bench);
    const plan = await planFor(bench, { resources: { [address]: managed }, entries: [entry] });
    expect(errorsOf(plan)).toBe("");
    expect(plan.plan.changes).toEqual([]);
  });

  test("gets a new password when its generation, its place or its reference changes", async () => {
    const bench = makeBench();
    const { entry } = owned(bench);
    const reference = { $secret: { from: "env" as const, name: "P" } };
    for (const password of [
      { ...generated, generation: 2 },
      { ...generated, deliver_to: "local:b" },
      { value: reference },
    ]) {
      const plan = await planFor(bench, { resources: { [address]: { ...declared, password } }, entries: [entry] });
      expect(errorsOf(plan)).toBe("");
      expect(stepsOf(plan, address)).toEqual(["set_password"]);
      expect(stepsAt(plan, address)[0]?.records).toEqual({ is: "updated", attributes: { password } });
    }
    const same = { ...generated, generation: 1 };
    const plan = await planFor(bench, { resources: { [address]: { ...declared, password: same } }, entries: [entry] });
    expect(plan.plan.changes).toEqual([]);
  });

  test("is adopted without touching its password, unless take_over says so", async () => {
    const bench = makeBench();
    addUser(bench);
    const adopt = { lifecycle: { adopt: true } };
    const quiet = await planFor(bench, { resources: { [address]: declared }, ...adopt });
    expect(stepsOf(quiet, address)).toEqual(["adopt"]);
    const refused = await planFor(bench, { resources: { [address]: managed }, ...adopt });
    expect(errorsOf(refused)).toContain("take_over: true");
    const taken = await planFor(bench, { resources: { [address]: { ...managed, take_over: true } }, ...adopt });
    expect(errorsOf(taken)).toBe("");
    expect(stepsOf(taken, address)).toEqual(["adopt", "set_password"]);
  });

  test("needs a password when it is new and native, and a whole one", async () => {
    const bench = makeBench();
    expect(errorsOf(await planFor(bench, { resources: { [address]: declared } }))).toContain("needs a password");
    const wrong: Value[] = [{ generate: true }, { ...generated, value: "x" }, { deliver_to: "local:x" }];
    for (const password of wrong) {
      const plan = await planFor(bench, { resources: { [address]: { ...declared, password } } });
      expect(errorsOf(plan)).toContain("write password: { generate: true, deliver_to: SINK:PATH }");
    }
  });

  test("VCO-03 keeps role and password when it is not native", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    bench.simulator.store.changeUser(user.id, { isNative: false });
    const other = { ...declared, role: "Enterprise Support", native: false };
    const entries = [recordOf(address, user.id, { ...declared, native: false })];
    expect(errorsOf(await planFor(bench, { resources: { [address]: other }, entries }))).toContain("VCO-03");
    const withPassword = { ...managed, native: false };
    expect(errorsOf(await planFor(bench, { resources: { [address]: withPassword }, entries }))).toContain("VCO-03");
  });

  test("VCO-05 VCO-28 names its role, and the plan says when privilege is gained or lost", async () => {
    const bench = makeBench();
    const { entry } = owned(bench);
    const raised = { ...managed, role: "Enterprise Superuser" };
    const plan = await planFor(bench, { resources: { [address]: raised }, entries: [entry] });
    expect(changeOf(plan, address)?.attributes[0]?.note).toBe("privilege gained");
    expect(JSON.stringify(stepsAt(plan, address))).not.toContain("14");
    const unknown = { ...managed, role: "Enterprise Superman" };
    const wrong = errorsOf(await planFor(bench, { resources: { [address]: unknown }, entries: [entry] }));
    expect(wrong).toContain('no role "Enterprise Superman"');
    expect(wrong).toContain("Enterprise Superuser");
  });

  test("VCO-16 loses its live tokens before it is disabled or deleted, managed or not", async () => {
    const bench = makeBench();
    const { user, entry } = owned(bench);
    bench.simulator.store.addEnabledToken({ ownerId: user.id, name: "foreign" });
    const pending = bench.simulator.store.addToken({ ownerId: user.id, name: "pending" });
    const dead = bench.simulator.store.addToken({ ownerId: user.id, name: "dead" });
    bench.simulator.store.revokeToken(dead.id);
    const live = bench.simulator.store.tokensOf(user.id).filter((token) => token.id !== dead.id);
    const revokes = live.map((token) => `revoke_token:${token.id}`);
    const disabled = { resources: { [address]: { ...managed, enabled: false } }, entries: [entry] };
    const off = await planFor(bench, disabled);
    expect(stepsOf(off, address)).toEqual([...revokes, "update"]);
    expect(changeOf(off, address)?.notes.join()).toContain(`"pending" (${pending.id}, which Steward does not manage)`);
    const gone = await planFor(bench, { entries: [entry] });
    expect(stepsOf(gone, address)).toEqual([...revokes, "delete"]);
    const steps = stepsAt(gone, address);
    expect(steps.at(-1)?.needs).toEqual([`${address}/${revokes.at(-1)}`]);
  });

  test("VCO-16 leaves the revocation to a managed token that goes away in the same plan", async () => {
    const bench = makeBench();
    const { user, entry } = owned(bench);
    bench.simulator.store.addEnabledToken({ ownerId: user.id, name: "ci" });
    const [token] = bench.simulator.store.tokensOf(user.id);
    const tokenAddress = "velocloud_api_token.ci";
    const record = recordOf(tokenAddress, token!.id, { owner: "ci@example.net", name: "ci" }, { dependsOn: [address] });
    const plan = await planFor(bench, { entries: [entry, record] });
    expect(stepsOf(plan, address)).toEqual(["delete"]);
    expect(stepsAt(plan, address)[0]?.needs).toEqual([`${tokenAddress}/revoke:${token!.id}`]);
    const forgotten = await planFor(bench, { entries: [entry, { ...record, onRemove: "forget" }] });
    expect(stepsOf(forgotten, address)).toEqual([`revoke_token:${token!.id}`, "delete"]);
  });

  test("is replaced by deleting first, because names are unique", async () => {
    const bench = makeBench();
    const { entry } = owned(bench);
    const renamed = { ...managed, username: "build@example.net" };
    const plan = await planFor(bench, { resources: { [address]: renamed }, entries: [entry] });
    expect(stepsOf(plan, address)).toEqual(["delete", "create"]);
  });

  test("VCO-17 is protected when it is ourselves or the last active super user", async () => {
    const bench = makeBench();
    const { account, simulator } = bench;
    const self = recordOf(address, account.id, { username: account.username, role: "Enterprise Superuser" });
    const removed = await planFor(bench, { entries: [self] });
    expect(removed.protections[0]?.because).toContain("the user that Steward runs as");
    const tenantId = simulator.world.enterpriseId;
    const roleName = "Enterprise Superuser";
    const second = simulator.store.addUser({ username: "b@example.net", roleName, tenantId, password: "abcdefgh1" });
    const other = "velocloud_admin_user.b";
    const entry = recordOf(other, second.id, { username: "b@example.net", role: roleName });
    expect((await planFor(bench, { entries: [entry] })).protections).toEqual([]);
    simulator.store.disableUser(account.id);
    const last = await planFor(bench, { entries: [entry] });
    expect(last.protections[0]?.because).toContain("last active super user");
  });

  test("VCO-17 is protected when two super users would go in one plan", async () => {
    const bench = makeBench({ scope: "enterprise", account: "operator", settings: { enterprise_id: 1 } });
    bench.simulator.store.setDelegation(1, true);
    const roleName = "Enterprise Superuser";
    const second = bench.simulator.store.addUser({ username: "b@x.net", roleName, tenantId: 1, password: "abcdefgh1" });
    const first = bench.simulator.world.enterprise;
    const entries = [
      recordOf("velocloud_admin_user.a", first.id, { username: first.username, role: roleName }),
      recordOf("velocloud_admin_user.b", second.id, { username: "b@x.net", role: roleName }),
    ];
    const plan = await planFor(bench, { entries });
    expect(plan.protections.map((found) => found.because)).toHaveLength(2);
  });

  test("VCO-17 an Operator Superuser is neither modified nor deleted", async () => {
    const bench = makeBench({ scope: "operator" });
    const { account } = bench;
    const attributes = { username: account.username, role: "Operator Superuser", first_name: "Default" };
    const entry = recordOf(address, account.id, attributes);
    const renamed = { ...attributes, first_name: "Other" };
    const plan = await planFor(bench, { resources: { [address]: renamed }, entries: [entry] });
    expect(plan.protections[0]?.because).toContain("neither modified nor deleted");
  });

  test("is held when somebody disabled it, and enabled again only with --restore", async () => {
    const bench = makeBench();
    const { user, entry } = owned(bench, { ...managed, enabled: true });
    bench.simulator.store.disableUser(user.id);
    const given = { resources: { [address]: { ...managed, enabled: true } }, entries: [entry] };
    const held = await planFor(bench, given);
    expect(changeOf(held, address)?.held).toBeDefined();
    expect(held.plan.steps).toEqual([]);
    expect(stepsOf(await planFor(bench, { ...given, restore: [address] }), address)).toEqual(["update"]);
  });
});

describe("a role in a plan", () => {
  const role = "velocloud_role.auditor";
  const part = "Global Settings Enterprise Read Only";

  test("VCO-27 cannot take the name of a default role", async () => {
    const attributes = { name: "Enterprise Support", description: "x", privileges: [part] };
    const plan = await planFor(makeBench(), { resources: { [role]: attributes } });
    expect(errorsOf(plan)).toContain("VCO-27");
  });

  test("names functional roles that the orchestrator offers", async () => {
    const attributes = { name: "Auditor", description: "x", privileges: ["Nonsense", part] };
    const plan = await planFor(makeBench(), { resources: { [role]: attributes } });
    expect(errorsOf(plan)).toContain('no functional role "Nonsense"');
    expect(plan.errors).toHaveLength(1);
  });

  test("VCO-27 cannot go while users keep it", async () => {
    const bench = makeBench();
    const parts = bench.simulator.store.functionalRoles.filter((known) => known.name === part);
    const id = await bench.open
      .writer()
      .createRole({ name: "Auditor", description: "x", functionalRoleIds: [parts[0]!.id] });
    const entry = recordOf(role, id, { name: "Auditor", description: "x", privileges: [part] });
    const user = addUser(bench);
    bench.simulator.store.changeUser(user.id, { roleId: id });
    expect(errorsOf(await planFor(bench, { entries: [entry] }))).toContain("still have the role");
    const kept = recordOf(address, user.id, { ...declared, role: "Auditor" });
    const moved = await planFor(bench, {
      resources: { [address]: declared },
      entries: [entry, { ...kept, dependsOn: [role] }],
    });
    expect(errorsOf(moved)).toBe("");
    expect(stepsAt(moved, role)[0]?.needs).toEqual([`${address}/record`]);
    expect(stepsOf(moved, address)).toEqual(["update", "record"]);
  });
});

describe("the delegation in a plan", () => {
  const only = "velocloud_user_management_delegation.operator";

  test("VCO-07 is taken over without being asked for, because there is exactly one", async () => {
    const bench = makeBench();
    const plan = await planFor(bench, { resources: { [only]: { delegated: true } } });
    expect(errorsOf(plan)).toBe("");
    expect(stepsOf(plan, only)).toEqual(["adopt", "set"]);
    const entry = recordOf(only, 0, { delegated: false }, { id: "delegation", origin: "adopted" });
    const same = await planFor(bench, { resources: { [only]: { delegated: false } }, entries: [entry] });
    expect(same.plan.changes).toEqual([]);
  });

  test("VCO-29 is for enterprises and their own users only", async () => {
    const partner = await planFor(makeBench({ scope: "partner" }), { resources: { [only]: { delegated: true } } });
    expect(errorsOf(partner)).toContain("only an enterprise delegates");
    const bench = makeBench({ scope: "enterprise", account: "operator", settings: { enterprise_id: 1 } });
    const operator = await planFor(bench, { resources: { [only]: { delegated: true } } });
    expect(errorsOf(operator)).toContain("VCO-29");
  });
});
