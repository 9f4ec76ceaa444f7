import { expect } from "vitest";
import type { ObjectValue } from "../../src/terraform/wire/value.ts";
import { ProviderWorld } from "./provider-world.ts";
import { isFailed, type Kept, TerraformCore } from "./terraform-core.ts";

/** A provider that dies at any point of an apply, and what must hold after the next one: nothing is made twice, lost or left. */

const user = {
  username: "ci@acme.example",
  role: "Enterprise Standard Admin",
  password: { generate: true, deliver_to: "local:velocloud/ci-password" },
};
const token = {
  owner: "ci@acme.example",
  name: "ci",
  description: "Build pipeline",
  lifetime: "90d",
  rotate_before: "14d",
  deliver_to: "local:velocloud/ci-token",
};
type Change = Record<"u" | "t", ObjectValue | null>;
const kinds = { u: "velocloud_admin_user", t: "velocloud_api_token" } as const;

export interface Situation {
  name: string;
  /** What is there before, and how long ago. */
  before?: Change;
  waitMs?: number;
  change: Change;
}

const both: Change = { u: user, t: token };
export const situations: Situation[] = [
  { name: "makes a user and a token", change: both },
  { name: "issues the next token", before: both, waitMs: 80 * 86_400_000, change: both },
  { name: "removes both", before: both, change: { u: null, t: null } },
];

/** One walk through both resources, in the order of Terraform. Throws what the provider dies of. */
async function walk(core: TerraformCore, world: ProviderWorld, change: Change): Promise<void> {
  expect(await core.configure(world.block())).toEqual([]);
  const names = change.u === null ? (["t", "u"] as const) : (["u", "t"] as const);
  for (const name of names) if (core.states.has(name)) await core.refresh(name);
  for (const name of names) {
    if (change[name] === null && !core.states.has(name)) continue;
    const plan = await core.apply(name, kinds[name], change[name]);
    if (isFailed(plan.said))
      throw new Error(plan.said.map(({ summary, detail }) => `${summary} | ${detail}`).join("\n"));
  }
}

async function begun({ before, waitMs = 0 }: Situation): Promise<{ world: ProviderWorld; states: Map<string, Kept> }> {
  const world = new ProviderWorld();
  const core = await TerraformCore.start("velocloud", world.service());
  if (before) await walk(core, world, before);
  world.world.clock.advance(waitMs);
  core.stop();
  return { world, states: core.states };
}

/** How many points one undisturbed walk has. */
async function pointsOf(situation: Situation): Promise<number> {
  const { world, states } = await begun(situation);
  world.world.points = 0;
  const core = await TerraformCore.start("velocloud", world.service(), states);
  await walk(core, world, situation.change);
  core.stop();
  return world.world.points;
}

async function dieAt(situation: Situation, point: number): Promise<void> {
  const { world, states } = await begun(situation);
  world.world.points = 0;
  world.world.crashAt = point;
  const dying = await TerraformCore.start("velocloud", world.service(), states);
  await walk(dying, world, situation.change).catch(() => undefined);
  dying.stop();
  if (!world.world.dead) return;
  world.world.restart("some", point);
  world.restart();
  const core = await TerraformCore.start("velocloud", world.service(), dying.states);
  await walk(core, world, situation.change);
  await expectDone(core, world, situation.change);
  core.stop();
}

async function expectDone(core: TerraformCore, world: ProviderWorld, change: Change): Promise<void> {
  const { store } = world.world.simulator;
  const live = store.tokens.values().filter(({ name, isRevoked }) => name === "ci" && !isRevoked);
  const users = store.users.values().filter(({ username }) => username === user.username);
  expect(live.length).toBe(change.t ? 1 : 0);
  expect(users.length).toBe(change.u ? 1 : 0);
  if (change.t === null) return expect(core.states.size).toBe(0);
  expect(live[0]!.downloaded).not.toBeNull();
  expect(core.states.get("t")!.value!.id).toBe(live[0]!.id);
  expect(await world.secret("velocloud/ci-token")).toBeDefined();
  expect(await core.configure(world.block())).toEqual([]);
  for (const name of ["u", "t"] as const) {
    await core.refresh(name);
    expect((await core.plan(name, kinds[name], change[name])).action).toBe("none");
  }
}

/** Dies at every so many points of a situation, and goes on. Resolves with how many points there were. */
export async function dieEverywhere(situation: Situation, every: number, first = 1): Promise<number> {
  const points = await pointsOf(situation);
  for (let point = first; point <= points; point += every)
    await dieAt(situation, point).catch((error: unknown) => {
      throw new Error(`at point ${point} of ${points}: ${(error as Error).message}`, { cause: error });
    });
  return points;
}
