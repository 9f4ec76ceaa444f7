import { describe, expect, it } from "vitest";
import type { ApplyOptions } from "../src/apply/apply.ts";
import { InvalidManifest, Refusal } from "../src/diagnostic.ts";
import type { Plan } from "../src/step.ts";
import { manifestWith, TestWorld } from "./world/test-world.ts";

const person = (rest = ""): string =>
  manifestWith(`
  velocloud_admin_user:
    ann:
      username: ann@acme.example
      role: Enterprise Standard Admin
      first_name: Ann
      password: { generate: true, deliver_to: local:ann }
${rest}`);

const lines = (plan: Plan): string[] =>
  plan.changes.map(
    (change) => `${change.held ? "held " : ""}${change.blocked ? "blocked " : ""}${change.action} ${change.address}`,
  );

async function worldWith(text: string): Promise<TestWorld> {
  const world = new TestWorld();
  await world.trust(text);
  const report = await world.apply(text);
  expect(report.steps.filter((step) => step.result !== "done")).toEqual([]);
  return world;
}

describe("a plan after an apply", () => {
  it("holds nothing", async () => {
    const world = await worldWith(person());
    expect(lines(await world.plan(person()))).toEqual([]);
  });

  it("shows an attribute that left the manifest once, and writes nothing to the system", async () => {
    const world = await worldWith(person());
    const less = person().replace(/\n\s+first_name: Ann/, "");
    const plan = await world.plan(less);
    expect(plan.changes[0]?.attributes).toEqual([{ path: "first_name", before: "Ann", unmanaged: true }]);
    const before = world.simulator.store.mutatingCalls.length;
    await world.apply(less);
    expect(world.simulator.store.mutatingCalls.length).toBe(before);
    expect(lines(await world.plan(less))).toEqual([]);
  });

  it("repairs drift that takes nothing away from anybody", async () => {
    const world = await worldWith(person());
    const ann = world.simulator.store.userNamed("ann@acme.example")!;
    world.simulator.store.changeUser(ann.id, { firstName: "Mallory" });
    const plan = await world.plan(person());
    expect(plan.changes[0]?.attributes[0]).toMatchObject({
      path: "first_name",
      before: "Mallory",
      after: "Ann",
      drift: true,
    });
    await world.apply(person());
    expect(world.simulator.store.userNamed("ann@acme.example")?.firstName).toBe("Ann");
  });

  it("names all three values when somebody changed what the manifest changes too", async () => {
    const world = await worldWith(person());
    const ann = world.simulator.store.userNamed("ann@acme.example")!;
    world.simulator.store.changeUser(ann.id, { firstName: "Mallory" });
    const plan = await world.plan(person().replace("first_name: Ann", "first_name: Anna"));
    expect(plan.changes[0]?.attributes[0]).toMatchObject({
      before: "Mallory",
      after: "Anna",
      recorded: "Ann",
      conflict: true,
    });
  });
});

describe("access that somebody took away (law 11)", () => {
  it("is held, and given back only with --restore", async () => {
    const world = await worldWith(person());
    const ann = world.simulator.store.userNamed("ann@acme.example")!;
    world.simulator.store.disableUser(ann.id);
    const on = person().replace("first_name: Ann", "first_name: Ann\n      enabled: true");
    const plain = await worldWith(on);
    const same = plain.simulator.store.userNamed("ann@acme.example")!;
    plain.simulator.store.disableUser(same.id);
    expect(lines(await plain.plan(on))).toEqual(["held update velocloud_admin_user.ann"]);
    await plain.apply(on);
    expect(plain.simulator.store.userNamed("ann@acme.example")?.isActive).toBe(false);
    await plain.apply(on, { consents: { restore: ["velocloud_admin_user.ann"] } });
    expect(plain.simulator.store.userNamed("ann@acme.example")?.isActive).toBe(true);
    expect(lines(await plain.plan(on))).toEqual([]);
  });

  it("is not meant when somebody raised a role: that is repaired", async () => {
    const world = await worldWith(person());
    world.simulator.store.changeRoleOf(world.simulator.store.userNamed("ann@acme.example")!.id, "Enterprise Superuser");
    expect(lines(await world.plan(person()))).toEqual(["update velocloud_admin_user.ann"]);
    await world.apply(person());
    const role = world.simulator.store.roleNamed("Enterprise Standard Admin");
    expect(world.simulator.store.userNamed("ann@acme.example")?.roleId).toBe(role.id);
  });

  it("is held when somebody lowered a role", async () => {
    const world = await worldWith(person().replace("Enterprise Standard Admin", "Enterprise Superuser"));
    world.simulator.store.changeRoleOf(world.simulator.store.userNamed("ann@acme.example")!.id, "Enterprise Support");
    const plan = await world.plan(person().replace("Enterprise Standard Admin", "Enterprise Superuser"));
    expect(lines(plan)).toEqual(["held update velocloud_admin_user.ann"]);
  });

  it("holds the recreation of what vanished", async () => {
    const world = await worldWith(person());
    world.simulator.store.deleteUser(world.simulator.store.userNamed("ann@acme.example")!.id);
    expect(lines(await world.plan(person()))).toEqual(["held create velocloud_admin_user.ann"]);
    await world.apply(person(), { consents: { restore: ["velocloud_admin_user.ann"] } });
    expect(world.simulator.store.userNamed("ann@acme.example")).toBeDefined();
    expect(lines(await world.plan(person()))).toEqual([]);
  });
});

describe("ownership", () => {
  it("refuses an object that exists and is not ours, and takes it over with lifecycle.adopt", async () => {
    const world = new TestWorld();
    const text = person();
    await world.trust(text);
    world.simulator.store.addUser({
      username: "ann@acme.example",
      roleName: "Enterprise Standard Admin",
      userType: "ENTERPRISE",
      tenantId: 1,
      password: "Passw0rd1x",
      firstName: "Old",
    });
    await expect(world.plan(text)).rejects.toThrow(InvalidManifest);
    const adopt = text.replace("password: { generate: true, deliver_to: local:ann }", "lifecycle: { adopt: true }");
    const plan = await world.plan(adopt);
    expect(lines(plan)).toEqual(["adopt velocloud_admin_user.ann"]);
    expect(plan.steps.map((step) => step.operation)).toEqual(["adopt", "update"]);
    await world.apply(adopt);
    expect(lines(await world.plan(adopt))).toEqual([]);
    const gone = await world.plan(manifestWith("  {}"));
    expect(lines(gone)).toEqual(["forget velocloud_admin_user.ann"]);
  });

  it("records a new address without touching the object", async () => {
    const world = await worldWith(person());
    const renamed = person().replace("    ann:", "    anna:");
    const plan = await world.plan(renamed);
    expect(lines(plan)).toEqual(["move velocloud_admin_user.anna"]);
    const before = world.simulator.store.mutatingCalls.length;
    await world.apply(renamed);
    expect(world.simulator.store.mutatingCalls.length).toBe(before);
    expect(lines(await world.plan(renamed))).toEqual([]);
  });
});

describe("identities and places that are taken", () => {
  const two = (ann: string, bob: string, places = ["ann", "bob"]): string =>
    manifestWith(`
  velocloud_admin_user:
    one: { username: ${ann}@acme.example, role: Enterprise Support, password: { generate: true, deliver_to: "local:${places[0]}" } }
    two: { username: ${bob}@acme.example, role: Enterprise Support, password: { generate: true, deliver_to: "local:${places[1]}" } }`);

  it("refuses to swap two identities instead of deleting both users", async () => {
    const world = await worldWith(two("ann", "bob"));
    const error = await world.plan(two("bob", "ann"), { allowDeletions: 2 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidManifest);
    expect((error as InvalidManifest).diagnostics.map((one) => one.message)).toEqual([
      expect.stringMatching(
        /what velocloud_admin_user.one declares is on velocloud already .* recorded as velocloud_admin_user.two/,
      ),
      expect.stringMatching(
        /what velocloud_admin_user.two declares is on velocloud already .* recorded as velocloud_admin_user.one/,
      ),
    ]);
  });

  it("refuses to deliver where the secret of another resource still lies", async () => {
    const world = await worldWith(two("ann", "bob"));
    const error = await world.plan(two("ann", "bob", ["bob", "ann"])).catch((thrown: unknown) => thrown);
    expect((error as InvalidManifest).diagnostics[0]?.message).toMatch(
      /velocloud_admin_user.one would deliver to local:bob, where the secret of velocloud_admin_user.two still lies/,
    );
    await world.apply(two("ann", "bob", ["free", "bob"]));
    expect(lines(await world.plan(two("ann", "bob", ["free", "bob"])))).toEqual([]);
  });
});

describe("the guard", () => {
  it("refuses to remove the last object without its exact number, and then removes it", async () => {
    const world = await worldWith(person());
    const none = manifestWith("  {}");
    await expect(world.plan(none)).rejects.toThrow(/removes 1 of 1 velocloud_admin_user on velocloud \(100 %\)/);
    await expect(world.plan(none, { allowDeletions: 2 })).rejects.toThrow(
      /--allow-deletions 2 was given, but this plan removes 1/,
    );
    await world.apply(none, { consents: { allowDeletions: 1 } });
    expect(world.simulator.store.userNamed("ann@acme.example")).toBeUndefined();
  });

  it("lets nothing delete what prevent_destroy protected when it was recorded", async () => {
    const kept = person("      lifecycle: { prevent_destroy: true }");
    const world = await worldWith(kept);
    await expect(world.plan(manifestWith("  {}"), { allowDeletions: 1 })).rejects.toThrow(/prevent_destroy/);
  });

  it("takes many missing objects for blindness", async () => {
    const users = ["a", "b", "c", "d", "e", "f"].map(
      (name) => `
    ${name}: { username: ${name}@acme.example, role: Enterprise Support, password: { generate: true, deliver_to: "local:${name}" } }`,
    );
    const text = manifestWith(`  velocloud_admin_user:${users.join("")}`);
    const world = await worldWith(text);
    for (const name of ["a", "b"])
      world.simulator.store.deleteUser(world.simulator.store.userNamed(`${name}@acme.example`)!.id);
    await expect(world.plan(text)).rejects.toThrow(/2 of 6 recorded velocloud_admin_user on velocloud are missing/);
    const plan = await world.plan(text, { allowMissing: 2 });
    expect(lines(plan)).toEqual(["held create velocloud_admin_user.a", "held create velocloud_admin_user.b"]);
  });
});

describe("a plan file (law 2)", () => {
  it("is applied when the world is as it was planned", async () => {
    const world = new TestWorld();
    await world.trust(person());
    const file = await world.plan(person());
    const report = await world.apply(person(), { file });
    expect(report.outcome).toBe("done");
  });

  it("is refused when the world moved on, and says in what", async () => {
    const world = await worldWith(person());
    const changed = person().replace("first_name: Ann", "first_name: Anna");
    const file = await world.plan(changed);
    // At another time it is another plan, which happens to do the same.
    world.clock.advance(1_000);
    await world.apply(changed);
    const error = await world.apply(changed, { file }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Refusal);
    expect(String(error)).toMatch(/the plan is stale: everything in it is done already$/);
  });
});

describe("a token", () => {
  const withToken = person(`
  velocloud_api_token:
    ann: { owner: "\${velocloud_admin_user.ann}", name: pipeline, lifetime: 90d, rotate_before: 14d, deliver_to: local:token }`);

  it("is no mistake to apply once more when it was carried out: nothing is left to do", async () => {
    const world = new TestWorld();
    await world.trust(withToken);
    const file = await world.plan(withToken);
    await world.apply(withToken, { file });
    expect(await world.apply(withToken, { file })).toMatchObject({ outcome: "done-before", steps: [] });
  });

  it("is made, downloaded by its owner, proven, and works (VCO-10, VCO-12)", async () => {
    const world = await worldWith(withToken);
    const value = await world.secret(withToken, "token");
    expect(world.simulator.store.ownerOfWorkingToken(value!)?.username).toBe("ann@acme.example");
    expect(lines(await world.plan(withToken))).toEqual([]);
  });

  it("is rotated by age: the new one is proven before the old one is revoked", async () => {
    const world = await worldWith(withToken);
    const old = await world.secret(withToken, "token");
    world.clock.advance(80 * 86_400_000);
    const plan = await world.plan(withToken);
    expect(lines(plan)).toEqual(["rotate velocloud_api_token.ann"]);
    expect(plan.steps.map((step) => step.operation)).toEqual(["create", "download", "prove", "revoke"]);
    await world.apply(withToken);
    const value = await world.secret(withToken, "token");
    expect(value).not.toBe(old);
    expect(world.simulator.store.ownerOfWorkingToken(old!)).toBeUndefined();
    expect(world.simulator.store.ownerOfWorkingToken(value!)?.username).toBe("ann@acme.example");
    expect(lines(await world.plan(withToken))).toEqual([]);
  });

  it("that its owner downloaded before Steward tried to is not replaced unasked (VCO-12)", async () => {
    const world = new TestWorld();
    await world.trust(withToken);
    const stop = new AbortController();
    const onStep: ApplyOptions["onStep"] = ({ step, state }) => {
      if (step.id === "velocloud_api_token.ann/create" && state === "done") stop.abort();
    };
    await world.apply(withToken, { stop: stop.signal, onStep });
    downloadAsAnn(world);
    await world.recover(withToken);
    const plan = await world.plan(withToken);
    expect(lines(plan)).toEqual(["held replace velocloud_api_token.ann"]);
    await world.apply(withToken, { consents: { restore: ["velocloud_api_token.ann"] } });
    await expectWorkingToken(world);
  });

  it("that turns out to have been given away after we tried is revoked and issued anew unasked (law 5)", async () => {
    const world = new TestWorld();
    await world.trust(withToken);
    world.simulator.faults.add("500:enterprise/downloadApiToken:9");
    await world.apply(withToken);
    downloadAsAnn(world);
    world.simulator.faults.clear();
    const report = await world.apply(withToken);
    expect(lines(report.plan)).toEqual(["replace velocloud_api_token.ann"]);
    await expectWorkingToken(world);
  });

  function downloadAsAnn({ simulator: { store } }: TestWorld): void {
    store.downloadToken(store.tokensOf(store.userNamed("ann@acme.example")!.id)[0]!.id);
  }

  async function expectWorkingToken(world: TestWorld): Promise<void> {
    const value = await world.secret(withToken, "token");
    expect(world.simulator.store.ownerOfWorkingToken(value!)?.username).toBe("ann@acme.example");
    expect(lines(await world.plan(withToken))).toEqual([]);
  }

  it("goes before its owner does (VCO-16)", async () => {
    const world = await worldWith(withToken);
    const plan = await world.plan(manifestWith("  {}"), { allowDeletions: 2 });
    const order = plan.steps.map((step) => [step.id, step.needs]);
    expect(order.find(([id]) => id === "velocloud_admin_user.ann/delete")?.[1]).toContainEqual(
      expect.stringMatching(/^velocloud_api_token\.ann\/revoke/),
    );
  });
});

describe("a create that is cut after the system asked to wait", () => {
  it("is believed absent only after the grace since the cut, so that a late commit is ours", async () => {
    const text = manifestWith(`
  velocloud_role:
    fixers: { name: fixers, description: one, privileges: [SD-WAN Enterprise Admin] }
  velocloud_admin_user:
    cyd: { username: cyd@acme.example, role: Enterprise Standard Admin, password: { generate: true, deliver_to: "local:cyd" } }`);
    const world = new TestWorld(0);
    await world.trust(text);
    world.simulator.faults.add("429:*/insertEnterpriseUser:1");
    world.simulator.faults.add("commit-after:@writes:2:20s");
    await world.apply(text);
    world.simulator.faults.clear();
    world.clock.advance(120_000);
    await world.apply(text);
    expect(lines(await world.plan(text))).toEqual([]);
    await world.apply(manifestWith("  {}"), { consents: { allowDeletions: 2 } });
    expect(world.simulator.store.userNamed("cyd@acme.example")).toBeUndefined();
  });
});

describe("what the state still uses", () => {
  const withToken = person(`
  velocloud_api_token:
    ann: { owner: "\${velocloud_admin_user.ann}", name: pipeline, lifetime: 90d, deliver_to: local:token }`);

  it("keeps its sink declared", async () => {
    const world = await worldWith(withToken);
    const renamed = withToken.replaceAll("local:", "other:");
    await world.trust(renamed);
    await expect(world.plan(renamed)).rejects.toThrow(InvalidManifest);
  });

  it("keeps its system declared", async () => {
    const world = await worldWith(person());
    const renamed = person()
      .replace("  velocloud:\n    url", "  second:\n    type: velocloud\n    url")
      .replaceAll("velocloud_admin_user:", "velocloud_admin_user:");
    await world.trust(renamed);
    await expect(world.plan(renamed)).rejects.toThrow(
      /objects on system velocloud, but the manifest does not declare it/,
    );
  });
});

describe("a credential that is refused", () => {
  const withToken = person(`
  velocloud_api_token:
    ann: { owner: "\${velocloud_admin_user.ann}", name: pipeline, lifetime: 90d, deliver_to: local:token }`);

  it("is a notice, is not asked again for a day, and is forgotten with the next issue", async () => {
    const world = await worldWith(withToken);
    const ann = world.simulator.store.userNamed("ann@acme.example")!;
    world.simulator.store.revokeToken(world.simulator.store.tokensOf(ann.id)[0]!.id);
    await world.apply(withToken);
    const workspace = await world.open(withToken);
    expect(Object.keys(workspace.state.refusedAt)).toEqual(["velocloud_api_token.ann"]);
    await world.apply(withToken, { consents: { restore: ["velocloud_api_token.ann"] } });
    const after = await world.open(withToken);
    expect(after.state.refusedAt).toEqual({});
    expect(lines(await world.plan(withToken))).toEqual([]);
  });
});
