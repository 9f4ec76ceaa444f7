import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Unknown, unknown } from "../src/terraform/wire/value.ts";
import { ProviderWorld } from "./world/provider-world.ts";
import type { Simulated } from "./world/sim-transport.ts";
import { isFailed, TerraformCore } from "./world/terraform-core.ts";
import { manifestWith, TestWorld } from "./world/test-world.ts";

const roleKind = "velocloud_role";
const userKind = "velocloud_admin_user";
const auditor = {
  name: "Auditor",
  description: "May look",
  privileges: ["Global Settings Enterprise Read Only"],
};
const ci = {
  username: "ci@acme.example",
  role: "Enterprise Standard Admin",
  first_name: "CI",
  password: { generate: true, deliver_to: "local:velocloud/ci-password" },
};

let world: ProviderWorld;
let core: TerraformCore;
const tokenKind = "velocloud_api_token";
const token = {
  owner: "ci@acme.example",
  name: "ci",
  description: "Build pipeline",
  lifetime: "90d",
  rotate_before: "14d",
  deliver_to: "local:velocloud/ci-token",
};

beforeEach(async () => {
  world = new ProviderWorld();
  core = await TerraformCore.start("velocloud", world.service());
  expect(await core.configure(world.block())).toEqual([]);
});
afterEach(() => core.stop());

/** The next walk: what was read and planned before is forgotten. */
const nextWalk = async (): Promise<void> => expect(await core.configure(world.block())).toEqual([]);

/** Everything that was answered, as text: MessagePack keeps texts as they are. */
const stringsIn = (answers: readonly unknown[]): string =>
  JSON.stringify(answers, (_key, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
  );

async function applied(name: string, kind: string, config: Parameters<TerraformCore["apply"]>[2]) {
  const plan = await core.apply(name, kind, config);
  expect(plan.said.filter(({ severity }) => severity === "error")).toEqual([]);
  return plan;
}

describe("a provider over the engine", () => {
  test("makes, reads, changes and removes a role, and finds nothing to do in between", async () => {
    expect((await applied("r", roleKind, auditor)).action).toBe("create");
    const made = core.states.get("r")!.value!;
    expect(made).toMatchObject({ ...auditor, id: expect.any(Number) });
    await nextWalk();
    await core.refresh("r");
    expect(core.states.get("r")!.value).toEqual(made);
    expect((await core.plan("r", roleKind, auditor)).action).toBe("none");
    const changed = { ...auditor, description: "May look at everything" };
    expect((await applied("r", roleKind, changed)).action).toBe("update");
    expect(core.states.get("r")!.value).toEqual({ ...made, ...changed });
    await nextWalk();
    await core.refresh("r");
    expect((await core.plan("r", roleKind, changed)).action).toBe("none");
    expect((await applied("r", roleKind, null)).action).toBe("delete");
    expect(core.states.size).toBe(0);
  });

  test("replaces what cannot be changed, and says by which attribute", async () => {
    await applied("r", roleKind, auditor);
    await nextWalk();
    const plan = await applied("r", roleKind, { ...auditor, name: "Controller" });
    expect(plan).toMatchObject({ action: "replace", replaces: ["name"] });
    expect(core.states.get("r")!.value).toMatchObject({ name: "Controller" });
  });

  test("makes a user whose password goes to the sink and nowhere else", async () => {
    await applied("u", userKind, ci);
    expect(core.states.get("u")!.value).toMatchObject({ username: "ci@acme.example", enabled: null });
    await nextWalk();
    await core.refresh("u");
    expect((await core.plan("u", userKind, ci)).action).toBe("none");
    const password = await world.secret("velocloud/ci-password");
    expect(password).toHaveLength(24);
    expect(stringsIn(core.answers)).not.toContain(password);
    expect(Object.values(world.world.disk.files()).join("\n")).not.toContain(password);
  });

  test("imports by id and by name", async () => {
    await applied("r", roleKind, auditor);
    const made = core.states.get("r")!.value!;
    for (const id of [String(made.id), "Auditor"]) {
      expect(await core.import("copy", roleKind, id)).toEqual([]);
      expect(core.states.get("copy")!.value).toEqual(made);
      expect((await core.plan("copy", roleKind, auditor)).action).toBe("none");
    }
    expect(await core.import("none", roleKind, "Nobody")).toMatchObject([
      { summary: expect.stringContaining("There is no velocloud_role Nobody") },
    ]);
  });

  test("says what is wrong at the attribute", async () => {
    const plan = await core.plan("u", userKind, { ...ci, role: "Nobody", access_level: "ALL" });
    expect(plan.said).toMatchObject([{ severity: "error", path: "access_level" }]);
    const several = await core.plan("u", userKind, {
      ...ci,
      access_level: "ALL",
      timeouts: { create: "soon" },
      email: "",
    });
    expect(several.said.map(({ path }) => path).sort()).toEqual(["access_level", "email", "timeouts.create"]);
    const other = await core.plan("u", userKind, { ...ci, role: "Nobody" });
    expect(other.said).toMatchObject([
      { severity: "error", path: "role", summary: expect.stringContaining('no role "Nobody"') },
    ]);
    expect(isFailed(other.said)).toBe(true);
  });

  test("makes a token in the walk that makes its owner, and issues the next one in place when its time comes", async () => {
    await applied("u", userKind, ci);
    expect((await applied("t", tokenKind, token)).action).toBe("create");
    const made = core.states.get("t")!.value!;
    expect(made).toMatchObject({ state: "ENABLED", description: "Build pipeline", owner: "ci@acme.example" });
    const value = await world.secret("velocloud/ci-token");
    expect(stringsIn(core.answers)).not.toContain(value);
    await nextWalk();
    for (const name of ["u", "t"]) await core.refresh(name);
    expect(core.states.get("t")!.value).toEqual(made);
    expect((await core.plan("u", userKind, ci)).action).toBe("none");
    expect((await core.plan("t", tokenKind, token)).action).toBe("none");
    world.world.clock.advance(80 * 86_400_000);
    await nextWalk();
    expect((await core.plan("u", userKind, ci)).action).toBe("none");
    expect((await applied("t", tokenKind, token)).action).toBe("update");
    const next = core.states.get("t")!.value!;
    expect(next.state).toBe("ENABLED");
    expect(next.id).not.toBe(made.id);
    expect(await world.secret("velocloud/ci-token")).not.toBe(value);
    await nextWalk();
    expect((await core.plan("t", tokenKind, token)).action).toBe("none");
    await applied("t", tokenKind, null);
    await applied("u", userKind, null);
    const left = world.world.simulator.store.tokens.values().filter(({ name }) => name === "ci");
    expect(left.map(({ isRevoked }) => isRevoked)).toEqual([true, true]);
  });

  test("reports everything that is wrong with its block, at the attribute", async () => {
    const wrong = world.block({ scope: "partner", request_timeout: "5h", journal: "../x", proxy: "http://u:p@proxy" });
    const said = await core.configure(wrong);
    expect(said.map(({ path }) => path).sort()).toEqual(["journal", "proxy", "request_timeout"]);
    expect(JSON.stringify(said)).not.toContain("u:p@");
    expect(await core.configure(world.block({ credentials: null }))).toMatchObject([
      { summary: "Velocloud has no credentials" },
    ]);
  });

  test("contacts nobody while its block is not known, and leaves what it would compute unknown", async () => {
    const { mutatingCalls } = world.world.simulator.store;
    expect(await core.configure(world.block({ url: unknown }))).toEqual([]);
    const plan = await core.plan("r", roleKind, auditor);
    expect(plan).toMatchObject({ action: "create", said: [], planned: { id: expect.any(Unknown) } });
    const other = await core.plan("u", userKind, { ...ci, username: unknown });
    expect(other).toMatchObject({ action: "create", said: [] });
    expect(mutatingCalls.length).toBe(0);
  });

  test("plans what names an object although that is known only after apply", async () => {
    const plan = await core.plan("u", userKind, { ...ci, username: unknown, role: unknown });
    expect(plan).toMatchObject({ action: "create", said: [], planned: { username: expect.any(Unknown) } });
  });

  test("says what must come first where nobody refers to it", async () => {
    const byName = { ...ci, role: "Auditor" };
    expect((await core.plan("r", roleKind, auditor)).said).toEqual([]);
    expect((await core.apply("u", userKind, byName)).said).toMatchObject([
      {
        summary: expect.stringMatching(
          /^velocloud_admin_user\.\S+ needs velocloud_role\.auditor_\S+, which is not done yet$/,
        ),
      },
    ]);
    await applied("r", roleKind, auditor);
    await applied("u", userKind, byName);
  });

  test("shares its journal with others that are at work at the same time", async () => {
    const others = await Promise.all([1, 2, 3].map(() => TerraformCore.start("velocloud", world.service())));
    for (const other of others) expect(await other.configure(world.block())).toEqual([]);
    const applies = [core, ...others].flatMap((one, index) =>
      Array.from({ length: 5 }, (_, n) => one.apply(`r${n}`, roleKind, { ...auditor, name: `Role ${index}-${n}` })),
    );
    expect((await Promise.all(applies)).flatMap(({ said }) => said)).toEqual([]);
    const { store } = world.world.simulator;
    expect(store.roles.values().filter(({ name }) => /^Role \d-\d$/.test(name)).length).toBe(20);
    for (const other of others) other.stop();
    await nextWalk();
    await core.refresh("r0");
    expect((await core.plan("r0", roleKind, { ...auditor, name: "Role 0-0" })).action).toBe("none");
  });

  test("makes an object once when two states declare it", async () => {
    const other = await TerraformCore.start("velocloud", world.service());
    expect(await other.configure(world.block())).toEqual([]);
    const plans = await Promise.all([core, other].map((one) => one.apply("r", roleKind, auditor)));
    expect(plans.filter(({ said }) => isFailed(said)).length).toBeLessThanOrEqual(1);
    expect(world.world.simulator.store.roles.values().filter(({ name }) => name === "Auditor").length).toBe(1);
    other.stop();
  });

  test("takes an object that Terraform lost back from the journal, and one that the journal lost from Terraform", async () => {
    await applied("u", userKind, ci);
    const kept = core.states.get("u")!;
    const password = await world.secret("velocloud/ci-password");
    core.states.delete("u");
    await nextWalk();
    expect((await applied("u", userKind, ci)).action).toBe("create");
    expect(core.states.get("u")!.value).toEqual(kept.value);
    for (const path of Object.keys(world.world.disk.files()))
      if (path.includes("/journal/")) await world.world.disk.remove(path);
    await nextWalk();
    await core.refresh("u");
    expect((await core.plan("u", userKind, ci)).action).toBe("none");
    expect((await applied("u", userKind, { ...ci, first_name: "Continuous" })).action).toBe("update");
    expect(await world.secret("velocloud/ci-password")).toBe(password);
    await nextWalk();
    expect((await applied("u", userKind, null)).action).toBe("delete");
  });

  test("finishes the step in flight when Terraform is stopped, begins none, and goes on next time", async () => {
    const stopping = new StoppingWorld();
    world = new ProviderWorld(stopping);
    core.stop();
    core = await TerraformCore.start("velocloud", world.service());
    await nextWalk();
    await applied("u", userKind, ci);
    stopping.onRequest = async (path) => {
      if (path.endsWith("/createApiToken")) await core.stopProvider();
    };
    const plan = await core.apply("t", tokenKind, token);
    expect(plan.said).toMatchObject([{ severity: "error", summary: expect.stringContaining("is not finished") }]);
    expect(core.states.has("t")).toBe(false);
    stopping.onRequest = async () => undefined;
    const { store } = stopping.simulator;
    const states = () => store.tokens.values().filter(({ name }) => name === "ci");
    expect(states().map(({ downloaded }) => downloaded)).toEqual([null]);
    await nextWalk();
    await applied("u", userKind, ci);
    await applied("t", tokenKind, token);
    expect(states().filter(({ isRevoked }) => !isRevoked).length).toBe(1);
    expect(core.states.get("t")!.value).toMatchObject({ state: "ENABLED" });
  });

  test("leaves the same on the system as a manifest does", async () => {
    const role = { role: "Auditor" };
    await applied("r", roleKind, auditor);
    await applied("u", userKind, { ...ci, ...role });
    const other = new TestWorld();
    const text = manifestWith(`  velocloud_role: { r: ${JSON.stringify(auditor)} }
  velocloud_admin_user: { u: ${JSON.stringify({ ...ci, ...role })} }
`);
    await other.trust(text);
    expect((await other.apply(text)).outcome).toBe("done");
    expect(shownOf(world.world)).toEqual(shownOf(other));
  });
});

/** A world in which something happens while a request is under way. */
class StoppingWorld extends TestWorld {
  onRequest: (path: string) => Promise<void> = async () => undefined;

  override simulated(): Record<string, Simulated> {
    const handle: Simulated["handle"] = async (request) => {
      await this.onRequest(request.path);
      return this.simulator.handle(request);
    };
    return { "https://vco.test": { handle } };
  }
}

/** Users and roles, without what chance and time decide. */
function shownOf({ simulator: { store } }: TestWorld): unknown {
  const users = store.users
    .values()
    .map(({ password: _password, created: _created, modified: _modified, ...rest }) => rest);
  const roles = store.roles.values().map(({ created: _created, modified: _modified, ...rest }) => rest);
  return { users, roles };
}
