import type { Resources } from "./conformance-world.ts";
import { type IpressoWorld, ipressoManifest, shop, shopGroup } from "./ipresso-world.ts";

/** One apply whose plan holds one step of an operation, and what the simulator's store shows when that step happened. */
export interface IpressoScenario {
  /** `KIND/OPERATION`. */
  operation: string;
  title: string;
  /** The page that the step sends its form to. */
  method: string;
  /** In force before; nothing when absent. */
  before?: Resources;
  after: Resources;
  removes?: number;
  happened(world: IpressoWorld): boolean;
}

const group = (more: object = {}): Resources => ({ ipresso_user_group: { shop: { ...shopGroup, ...more } } });
const panel = (attributes: Record<string, unknown>): Resources => ({ ipresso_api_settings: { panel: attributes } });
const generation = (count: number) => ({
  password: { generate: true, deliver_to: "local:SHOP_PASSWORD", generation: count },
});

export const ipressoScenarios: readonly IpressoScenario[] = [
  {
    ...{ operation: "ipresso_user_group/create", title: "create a group", method: "console/groups/add" },
    after: group(),
    happened: (world) => world.group("Shop integration") !== undefined,
  },
  {
    ...{ operation: "ipresso_user_group/update", title: "change a group", method: "console/groups/save" },
    before: group(),
    after: group({ permissions: ["GET contact", "POST contact", "PUT tag"] }),
    happened: (world) => world.group("Shop integration")?.permissions.includes("PUT tag") === true,
  },
  {
    ...{ operation: "ipresso_user_group/update", title: "rename a group", method: "console/groups/save" },
    before: group(),
    after: group({ name: "Other shop" }),
    happened: (world) => world.group("Other shop") !== undefined,
  },
  {
    ...{ operation: "ipresso_user_group/delete", title: "delete a group", method: "console/groups/delete" },
    ...{ before: group(), after: {}, removes: 1 },
    happened: (world) => world.group("Shop integration") === undefined,
  },
  {
    ...{ operation: "ipresso_api_user/create", title: "create a user", method: "console/users/add" },
    ...{ before: group(), after: shop() },
    happened: (world) => world.user("shop.two") !== undefined,
  },
  {
    ...{ operation: "ipresso_api_user/update", title: "change a user", method: "console/users/save" },
    ...{ before: shop(), after: shop({ surname: "Sync", allowed_addresses: ["127.0.0.1"] }) },
    happened: (world) => world.user("shop.two")?.surname === "Sync",
  },
  {
    ...{ operation: "ipresso_api_user/set_password", title: "set a password", method: "console/users/save" },
    ...{ before: shop(), after: shop(generation(2)) },
    happened: (world) => world.user("shop.two")?.password !== world.moreVariables.OLD_PASSWORD,
  },
  {
    ...{ operation: "ipresso_api_user/delete", title: "delete a user", method: "console/users/delete" },
    ...{ before: shop(), after: group(), removes: 1 },
    happened: (world) => world.user("shop.two") === undefined,
  },
  {
    ...{ operation: "ipresso_api_settings/update", title: "change the settings", method: "console/settings/save" },
    ...{ before: panel({ validity_seconds: 3600 }), after: panel({ validity_seconds: 60 }) },
    happened: (world) => world.ipresso.store.installation.validitySeconds === 60,
  },
];

export const textOf = (resources: Resources): string => ipressoManifest(resources);

/** The world just before the scenario's apply. */
export async function arrive(world: IpressoWorld, { before, after }: IpressoScenario): Promise<void> {
  await world.trust(textOf(after));
  if (before) {
    const report = await world.apply(textOf(before));
    if (report.outcome !== "done") throw new Error(`not arrived: ${JSON.stringify(report.steps)}`);
  }
  world.moreVariables.OLD_PASSWORD = world.user("shop.two")?.password ?? "";
}

/** What the panel holds, without ids, times and passwords: equal shapes mean equal outcomes. */
export function shapeOf(world: IpressoWorld): unknown {
  world.ipresso.settlePending();
  const { users, groups, installation } = world.ipresso.store;
  const { customerKey: _key, ...settings } = installation;
  const named = users.values().map(({ login, name, surname, email, groupIds, addresses }) => {
    return { login, name, surname, email, addresses, groups: groupIds.map((id) => groups.get(id)?.name) };
  });
  const sorted = groups.values().map(({ name, permissions }) => ({ name, permissions: [...permissions].sort() }));
  return { users: named, groups: sorted, settings };
}

/** Secrets that the sink holds are those that work. */
export async function secretsWork(world: IpressoWorld, resources: Resources): Promise<boolean> {
  const user = world.user("shop.two");
  return !user || (await world.secret(textOf(resources), "SHOP_PASSWORD")) === user.password;
}
