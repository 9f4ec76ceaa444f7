import fc from "fast-check";
import { expect } from "vitest";
import { applyInBadWeather, converge } from "./converge.ts";
import { edit, faultSpecs, foreignEdits, manifests, type RandomManifest, resourcesOf } from "./random-world.ts";
import { manifestWith, TestWorld, withEnvFile } from "./test-world.ts";

/** The whole manifest as text. */
export const textOf = (manifest: RandomManifest): string => withEnvFile(manifestWith(resourcesOf(manifest)));

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

/** What came before: manifests applied in bad weather, and what others did in between. */
const histories = fc.array(fc.record({ manifest: manifests, edits: foreignEdits, faults: faultSpecs }), {
  minLength: 1,
  maxLength: 3,
});

/** After any history, the last manifest is reached, and a plan holds nothing more. */
export async function convergeHistories(runs: number, seed: number): Promise<void> {
  const property = fc.asyncProperty(histories, manifests, fc.nat({ max: 1_000_000 }), async (past, last, worldSeed) => {
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
  });
  await fc.assert(property, { numRuns: runs, seed });
  console.log(`converged in ${runs} random histories, seed ${seed}`);
}
