import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "../src/canonical.ts";
import { applyInBadWeather, converge } from "./world/converge.ts";
import { edit, faultSpecs, foreignEdits, manifests, type RandomManifest, resourcesOf } from "./world/random-world.ts";
import { manifestWith, TestWorld, withEnvFile } from "./world/test-world.ts";

const runs = Number(process.env.STEWARD_PROPERTY_RUNS ?? 300);
const seed = Number(process.env.STEWARD_PROPERTY_SEED ?? Date.now() % 1_000_000);
const textOf = (manifest: RandomManifest): string => withEnvFile(manifestWith(resourcesOf(manifest)));

/** What the simulator's own store holds, in the words of the random manifest. */
function storeOf(world: TestWorld): unknown {
  const { store } = world.simulator;
  const parts = (ids: readonly number[]): string[] =>
    ids.map((id) => store.functionalRoles.find((role) => role.id === id)?.name ?? "?").sort();
  const users = store.users.values().filter((one) => one.username.endsWith("@acme.example"));
  return {
    roles: store.roles
      .values()
      .filter((one) => one.isCustom)
      .map((one) => [one.name, one.description, parts(one.functionalRoleIds)])
      .sort(),
    users: users.map((one) => [one.username, store.roles.get(one.roleId)?.name]).sort(),
    tokens: users
      .flatMap((one) => store.tokensOf(one.id).filter((token) => store.tokenState(token.id) === "ENABLED"))
      .map((token) => [token.name, token.description?.replace(/ ?\[stw:.*\]$/, "")])
      .sort(),
  };
}

function wantedOf(manifest: RandomManifest): unknown {
  const users = Object.entries(manifest.users);
  return {
    roles: Object.entries(manifest.roles)
      .map(([name, one]) => [name, one.description, [...one.privileges].sort()])
      .sort(),
    users: users.map(([name, one]) => [`${name}@acme.example`, one.role]).sort(),
    tokens: users.flatMap(([name, one]) => (one.token ? [[name, one.token.description]] : [])).sort(),
  };
}

it(
  `converges from any manifest, foreign edits and faults (${runs} seeds from ${seed})`,
  async () => {
    const history = fc.array(fc.record({ manifest: manifests, edits: foreignEdits, faults: faultSpecs }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(history, manifests, fc.integer({ min: 1, max: 1_000_000 }), async (past, last, worldSeed) => {
        const world = new TestWorld(worldSeed);
        await world.trust(textOf(last));
        for (const { manifest, edits, faults } of past) {
          for (const spec of faults) world.simulator.faults.add(spec);
          await applyInBadWeather(world, textOf(manifest));
          world.simulator.faults.clear();
          for (const one of edits) edit(world, one);
          world.clock.advance(120_000);
        }
        await converge(world, textOf(last));
        expect(storeOf(world)).toEqual(wantedOf(last));
      }),
      { numRuns: runs, seed, endOnFailure: runs > 300 },
    );
    console.log(`converged in ${runs} random histories, seed ${seed}`);
  },
  Math.max(240_000, runs * 1_000),
);

it("plans byte-equal for a shuffled manifest", async () => {
  await fc.assert(
    fc.asyncProperty(manifests, fc.infiniteStream(fc.nat()), async (manifest, dice) => {
      const world = new TestWorld(3);
      const text = textOf(manifest);
      await world.trust(text);
      const one = await world.plan(text);
      const other = await world.plan(textOf(shuffled(manifest, dice)));
      expect(canonicalJson(other)).toBe(canonicalJson(one));
    }),
    { numRuns: 60, seed },
  );
});

function shuffled(manifest: RandomManifest, dice: fc.Stream<number>): RandomManifest {
  const mix = <T>(items: T[]): T[] =>
    items
      .map((item) => ({ item, at: dice.next().value ?? 0 }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  const roles = mix(Object.entries(manifest.roles)).map(([name, one]) => [
    name,
    { ...one, privileges: mix([...one.privileges]) },
  ]);
  return {
    roles: Object.fromEntries(roles),
    users: Object.fromEntries(mix(Object.entries(manifest.users))),
  } as RandomManifest;
}
