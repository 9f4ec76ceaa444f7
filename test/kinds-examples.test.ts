import { expect, test } from "vitest";
import { loadKindSchemas } from "../src/schema-files.ts";
import { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { VelocloudSimulator } from "../src/simulators/velocloud/simulator.ts";
import { VesonSimulator } from "../src/simulators/veson/simulator.ts";

/** Whoever tries an example of a kind on the simulators must be able to make what it declares. */

type Example = Record<string, Record<string, Record<string, unknown>>>;

/** What a fresh simulator has already, by kind. */
function seeded(): Record<string, string[]> {
  const { store: panel } = new IpressoSimulator();
  const { store: site } = new VesonSimulator();
  const { store: orchestrator } = new VelocloudSimulator();
  const { store: venue } = new MomentusSimulator();
  const { apiUsers, users } = venue.prod;
  return {
    momentus_user: users.values().map(({ id }) => id),
    momentus_api_user: apiUsers.values().map(({ id }) => id),
    ipresso_api_user: panel.users.values().map(({ login }) => login),
    ipresso_user_group: panel.groups.values().map(({ name }) => name),
    veson_user: site.users.values().map(({ userName }) => userName),
    veson_group: site.groups.values().map(({ name }) => name),
    velocloud_admin_user: orchestrator.users.values().map(({ username }) => username),
    velocloud_role: orchestrator.roles.values().map(({ name }) => name),
  };
}

test.each(Object.entries(seeded()))("examples with %s name nothing that the simulators come with", (kind, names) => {
  expect(names.length).toBeGreaterThan(0);
  const identity = loadKindSchemas().find(({ $id }) => $id.endsWith(`/${kind}.json`))?.["x-identity"][0] ?? "";
  const examples = loadKindSchemas().flatMap(({ examples = [] }) => examples as Example[]);
  const declared = examples.flatMap((example) =>
    Object.values(example[kind] ?? {}).map((one) => String(one[identity])),
  );
  expect(declared.length).toBeGreaterThan(0);
  const lower = names.map((name) => name.toLowerCase());
  expect(declared.filter((name) => lower.includes(name.toLowerCase()))).toEqual([]);
});
