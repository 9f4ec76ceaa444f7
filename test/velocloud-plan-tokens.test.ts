import { describe, expect, test } from "vitest";
import type { StateEntry, Value } from "../src/resource.ts";
import { addUser, plainRole } from "./velocloud-cases.ts";
import { type Bench, makeBench, scopeNames } from "./velocloud-fixture.ts";
import {
  changeOf,
  errorsOf,
  markedText,
  planFor,
  recordOf,
  secretEntry,
  stepsAt,
  stepsOf,
} from "./velocloud-plan-fixture.ts";

const address = "velocloud_api_token.ci";
const userAddress = "velocloud_admin_user.ci";
const dayMs = 86_400_000;
const declared: Record<string, Value> = {
  owner: "ci@example.net",
  name: "ci",
  description: "Build",
  lifetime: "90d",
  rotate_before: "14d",
  deliver_to: "local:ci-token",
};
const password = { generate: true, deliver_to: "local:ci-password" };
const owner: Record<string, Value> = { username: "ci@example.net", role: plainRole.enterprise, password };
const both = { [userAddress]: owner, [address]: declared };
const managed = Object.fromEntries(Object.entries(declared).filter(([name]) => name !== "rotate_before"));

interface World {
  bench: Bench;
  tokenId: number;
  userEntry: StateEntry;
  tokenEntry: StateEntry;
}

/** A user with a password in the sink, and one token of generation 1 in the given shape. */
function makeWorld(shape: "pending" | "enabled" = "enabled", extra: Partial<StateEntry> = {}): World {
  const bench = makeBench();
  const { store } = bench.simulator;
  const user = addUser(bench);
  const description = markedText("Build", address, 1);
  const { id } = store.addToken({ ownerId: user.id, name: "ci", description, lifetimeMs: 90 * dayMs });
  if (shape === "enabled") store.downloadToken(id);
  const secrets = { secrets: { password: secretEntry("ci-password", 1) } };
  const delivered = shape === "enabled" ? { token: secretEntry("ci-token", 1) } : {};
  const tokenEntry = recordOf(address, id, managed, { secrets: delivered, dependsOn: [userAddress], ...extra });
  return { bench, tokenId: id, userEntry: recordOf(userAddress, user.id, owner, secrets), tokenEntry };
}

const planOf = ({ bench, userEntry, tokenEntry }: World, given: Parameters<typeof planFor>[1] = {}) =>
  planFor(bench, { resources: both, entries: [userEntry, tokenEntry], ...given });

describe("a token in a plan", () => {
  test.each(scopeNames)("VCO-11 VCO-12 is created, downloaded by its owner and proven, scope %s", async (scope) => {
    const bench = makeBench({ scope });
    const plan = await planFor(bench, { resources: { ...both, [userAddress]: { ...owner, role: plainRole[scope] } } });
    expect(errorsOf(plan)).toBe("");
    expect(stepsOf(plan, address)).toEqual(["create", "download", "prove"]);
    const [create, download, prove] = stepsAt(plan, address);
    expect(create?.needs).toEqual([`${userAddress}/create`]);
    expect(create?.input.mark).toMatch(/^\[stw:[0-9a-f]{8}\.1\]$/);
    expect(download?.input.password).toEqual({ $secret: { from: "sink", name: "local:ci-password" } });
    expect(prove?.promotes?.[0]?.issueId).toBe(download?.delivers?.token?.issueId);
  });

  test("is left alone when nothing differs, and its mark is no difference", async () => {
    const plan = await planOf(makeWorld());
    expect(errorsOf(plan)).toBe("");
    expect(plan.plan.changes).toEqual([]);
  });

  test("VCO-18 is rotated before it expires: new, delivered, proven, then the old one revoked", async () => {
    const world = makeWorld();
    world.bench.clock.advance(77 * dayMs);
    const plan = await planOf(world);
    expect(changeOf(plan, address)).toMatchObject({
      action: "rotate",
      because: "expires in 13 days (rotate_before 14d)",
    });
    expect(stepsOf(plan, address)).toEqual(["create", "download", "prove", `revoke:${world.tokenId}`]);
    const steps = stepsAt(plan, address);
    expect(steps[0]?.records).toMatchObject({ is: "superseded", generation: 2 });
    expect(steps[3]?.records).toEqual({ is: "cleared", id: String(world.tokenId) });
    expect(steps[3]?.needs).toEqual([`${address}/prove`]);
    expect(JSON.stringify(steps[0]?.input)).toContain('"name":"ci"');
  });

  test("VCO-13 is rotated when it expired", async () => {
    const world = makeWorld();
    world.bench.clock.advance(91 * dayMs);
    const plan = await planOf(world);
    expect(changeOf(plan, address)).toMatchObject({ action: "rotate" });
    expect(changeOf(plan, address)?.because).toContain("it expired on");
  });

  test("VCO-13 is held when somebody revoked it", async () => {
    const world = makeWorld();
    world.bench.simulator.store.revokeToken(world.tokenId);
    const plan = await planOf(world);
    expect(changeOf(plan, address)).toMatchObject({ action: "replace", held: { because: expect.any(String) } });
    expect(plan.plan.steps).toEqual([]);
    const restored = await planOf(world, { restore: [address] });
    expect(stepsOf(restored, address)).toEqual(["create", "download", "prove", `revoke:${world.tokenId}`]);
  });

  test("is replaced when anything about it changes, because nothing can", async () => {
    for (const change of [{ name: "b" }, { description: "Other" }, { lifetime: "30d" }, { deliver_to: "local:b" }]) {
      const world = makeWorld();
      const plan = await planOf(world, { resources: { ...both, [address]: { ...declared, ...change } } });
      expect(errorsOf(plan)).toBe("");
      expect(changeOf(plan, address)?.action).toBe("replace");
      expect(stepsOf(plan, address).at(-1)).toBe(`revoke:${world.tokenId}`);
    }
    const plan = await planOf(makeWorld(), { resources: { ...both, [address]: { ...declared, rotate_before: "7d" } } });
    expect(stepsOf(plan, address)).not.toContain("create");
  });

  test("VCO-12 continues a delivery that was not finished", async () => {
    const pending = await planOf(makeWorld("pending"));
    expect(changeOf(pending, address)).toMatchObject({
      action: "update",
      because: "it was made and not downloaded yet",
    });
    expect(stepsOf(pending, address)).toEqual(["download", "prove"]);
    const unproven = makeWorld("enabled", { secrets: { token: secretEntry("ci-token", 1, { proven: false }) } });
    const plan = await planOf(unproven);
    expect(stepsOf(plan, address)).toEqual(["prove"]);
    expect(stepsAt(plan, address)[0]?.promotes?.[0]?.issueId).toBe("i.1");
  });

  test("VCO-12 is replaced when its value was lost between download and sink", async () => {
    const world = makeWorld("enabled", { secrets: {}, lost: ["token"] });
    const plan = await planOf(world);
    expect(changeOf(plan, address)).toMatchObject({ action: "replace" });
    expect(changeOf(plan, address)?.held).toBeUndefined();
    expect(stepsOf(plan, address)).toEqual(["create", "download", "prove", `revoke:${world.tokenId}`]);
  });

  test("is replaced too when the sink still holds the value of the generation before", async () => {
    const world = makeWorld("enabled", {
      generation: 2,
      lost: ["token"],
      secrets: { token: secretEntry("ci-token", 1) },
    });
    expect(changeOf(await planOf(world), address)?.because).toContain("never reached the sink");
  });

  test("that was imported and whose value nobody holds is replaced only when asked", async () => {
    const world = makeWorld("enabled", { origin: "imported", generation: 0, secrets: {} });
    const { lifetime: _lifetime, deliver_to: _deliver, ...shown } = managed;
    world.tokenEntry = {
      ...world.tokenEntry,
      attributes: shown as StateEntry["attributes"],
      managed: Object.keys(shown),
    };
    const plan = await planOf(world);
    expect(errorsOf(plan)).toBe("");
    expect(stepsOf(plan, address)).not.toContain("create");
    const asked = await planOf(world, { replace: [address] });
    expect(stepsOf(asked, address)).toEqual(["create", "download", "prove", `revoke:${world.tokenId}`]);
  });

  test("that vanished is held, and made anew with --restore", async () => {
    const world = makeWorld();
    world.tokenEntry = { ...world.tokenEntry, id: "99999" };
    const { store } = world.bench.simulator;
    store.changeToken(world.tokenId, { description: "Build" });
    const plan = await planOf(world);
    expect(changeOf(plan, address)).toMatchObject({ action: "create", held: { because: expect.any(String) } });
    const restored = await planOf(world, { restore: [address] });
    expect(stepsOf(restored, address)).toEqual(["create", "download", "prove"]);
  });
});

describe("older tokens of a resource", () => {
  test("are revoked when they are deposed, and dropped when they are dead", async () => {
    const world = makeWorld();
    const { store } = world.bench.simulator;
    const old = store.addToken({ ownerId: store.userNamed("ci@example.net")!.id, name: "ci" });
    world.tokenEntry = { ...world.tokenEntry, generation: 2, deposed: [{ id: String(old.id), generation: 1 }] };
    world.tokenEntry.secrets = { token: secretEntry("ci-token", 2) };
    const plan = await planOf(world);
    expect(stepsOf(plan, address)).toEqual([`revoke:${old.id}`]);
    store.revokeToken(old.id);
    expect(stepsAt(await planOf(world), address)[0]?.title).toContain("works no more");
  });

  test("that were committed late are revoked by their mark; later generations and other marks are not", async () => {
    const world = makeWorld();
    const { store } = world.bench.simulator;
    const ownerId = store.userNamed("ci@example.net")!.id;
    const stray = store.addToken({ ownerId, name: "ci", description: markedText("Build", address, 2) });
    store.addToken({ ownerId, name: "ci", description: markedText("Build", address, 3) });
    store.addToken({ ownerId, name: "ci", description: "Build [stw:00000000.1]" });
    store.addToken({ ownerId, name: "ci", description: "Build" });
    const plan = await planOf(world, { generations: { [address]: 2 } });
    expect(stepsOf(plan, address)).toEqual([`revoke:${stray.id}`]);
  });

  test("are not those that moved to another address and still bear the mark of the first", async () => {
    const world = makeWorld();
    const moved = "velocloud_api_token.moved";
    const entries = [world.userEntry, { ...world.tokenEntry, address: moved }];
    const generations = { [address]: 1, [moved]: 1 };
    const resources = { [userAddress]: owner, [moved]: declared };
    const quiet = await planFor(world.bench, { resources, entries, generations });
    expect(quiet.plan.steps.filter((step) => step.operation === "revoke")).toEqual([]);
    const again = await planFor(world.bench, {
      resources: { ...resources, [address]: declared },
      entries,
      generations,
    });
    expect(stepsOf(again, address)).toEqual(["create", "download", "prove"]);
  });

  test("are revoked when nothing else is left of their resource", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const description = markedText("Build", address, 1);
    const stray = bench.simulator.store.addToken({ ownerId: user.id, name: "ci", description });
    const plan = await planFor(bench, { generations: { [address]: 1 } });
    expect(changeOf(plan, address)).toMatchObject({ action: "delete" });
    expect(stepsAt(plan, address).map((step) => step.records)).toEqual([{ is: "nothing" }]);
    expect(stepsOf(plan, address)).toEqual([`revoke:${stray.id}`]);
    const entries = [recordOf(userAddress, user.id, owner, { secrets: { password: secretEntry("ci-password", 1) } })];
    const anew = await planFor(bench, { resources: both, entries, generations: { [address]: 1 } });
    expect(stepsOf(anew, address)).toEqual(["create", "download", "prove", `revoke:${stray.id}`]);
    expect(stepsAt(anew, address)[0]?.records).toMatchObject({ is: "created", generation: 2 });
  });

  test("go with their resource, the record last", async () => {
    const world = makeWorld();
    const { store } = world.bench.simulator;
    const old = store.addToken({ ownerId: store.userNamed("ci@example.net")!.id, name: "ci" });
    world.tokenEntry = { ...world.tokenEntry, deposed: [{ id: String(old.id), generation: 0 }] };
    const plan = await planOf(world, { resources: { [userAddress]: owner } });
    expect(stepsOf(plan, address)).toEqual([`revoke:${old.id}`, `revoke:${world.tokenId}`]);
    expect(stepsAt(plan, address).at(-1)?.records).toEqual({ is: "removed" });
  });

  test("VCO-13 need no write when the token is revoked already: it is forgotten", async () => {
    const world = makeWorld();
    world.bench.simulator.store.revokeToken(world.tokenId);
    const plan = await planOf(world, { resources: { [userAddress]: owner } });
    expect(changeOf(plan, address)).toMatchObject({ action: "forget", because: "it is revoked already" });
  });
});

describe("a token that the rules forbid", () => {
  const errors = async (bench: Bench, token: Record<string, Value> = {}, user?: Record<string, Value>) =>
    errorsOf(
      await planFor(bench, {
        resources: { ...(user ? { [userAddress]: user } : {}), [address]: { ...declared, ...token } },
      }),
    );

  test("names a user that exists or is declared", async () => {
    expect(await errors(makeBench())).toContain("there is no user ci@example.net");
  });

  test("VCO-18 lives at most 12 months, and longer than its rotation", async () => {
    expect(await errors(makeBench(), { lifetime: "366d" }, owner)).toContain("VCO-18");
    expect(await errors(makeBench(), { lifetime: "365d" }, owner)).toBe("");
    expect(await errors(makeBench(), { rotate_before: "90d" }, owner)).toContain("not shorter than lifetime");
  });

  test("VCO-10 may belong to ourselves when we signed in with a password", async () => {
    const bench = makeBench({ as: "session" });
    const plan = await planFor(bench, { resources: { [address]: { ...declared, owner: bench.account.username } } });
    expect(errorsOf(plan)).toBe("");
    expect(stepsAt(plan, address)[1]?.input.password).toEqual({ $secret: { from: "env", name: "VCO_PASSWORD" } });
  });

  test.each([
    ["enterprise", "Enterprise Read Only User"],
    ["partner", "MSP Business Specialist"],
  ] as const)("VCO-09 has no owner without tokens, nor one who becomes so: %s", async (scope, role) => {
    const bench = makeBench({ scope });
    expect(await errors(bench, {}, { ...owner, role })).toContain("VCO-09");
    const user = addUser(bench);
    const entry = recordOf(userAddress, user.id, owner, { secrets: { password: secretEntry("ci-password", 1) } });
    const resources = { ...both, [userAddress]: { ...owner, role } };
    expect(errorsOf(await planFor(bench, { resources, entries: [entry] }))).toContain("VCO-09");
  });

  test("VCO-10 has an owner who can sign in", async () => {
    for (const change of [{ isLocked: true }, { isActive: false }]) {
      const bench = makeBench();
      bench.simulator.store.changeUser(addUser(bench).id, change);
      expect(await errors(bench)).toContain("cannot sign in to download the token (VCO-10)");
    }
  });

  test("VCO-16 has no owner who is declared disabled", async () => {
    expect(await errors(makeBench(), {}, { ...owner, enabled: false })).toContain("VCO-16");
  });

  test("VCO-08 is not believed to be absent by a list of somebody who is no super user", async () => {
    const bench = makeBench();
    const support = bench.simulator.store.roleNamed("Enterprise Support").id;
    bench.simulator.store.changeUser(bench.account.id, { roleId: support });
    const plan = await planFor(bench, { resources: both });
    expect(changeOf(plan, address)?.blocked?.because).toContain("no super user");
    expect(plan.plan.steps.filter((step) => step.address === address)).toEqual([]);
  });
});
