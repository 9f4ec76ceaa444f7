import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "../src/canonical.ts";
import { convergeHistories, textOf } from "./world/histories.ts";
import { manifests, type RandomManifest } from "./world/random-world.ts";
import { TestWorld } from "./world/test-world.ts";

const runs = 300;
const seed = Number(process.env.STEWARD_PROPERTY_SEED ?? Date.now() % 1_000_000);

it(
  `converges from any manifest, foreign edits and faults (${runs} seeds from ${seed})`,
  () => convergeHistories(runs, seed),
  240_000,
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
