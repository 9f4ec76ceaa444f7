import { type Attributes, applied, refusalOf } from "./conformance-world.ts";
import { IpressoWorld, ipressoManifest, shopGroup } from "./ipresso-world.ts";

/** Plans of a panel, and what they say. */

export const panel = (attributes: Attributes) => ({ ipresso_api_settings: { panel: attributes } });
export const users = (named: Record<string, Attributes>, groups: Record<string, Attributes> = { shop: shopGroup }) =>
  ipressoManifest({ ipresso_user_group: groups, ipresso_api_user: named });
export const deletion = { allowDeletions: 1 };

export async function worldWith(text: string, world = new IpressoWorld()): Promise<IpressoWorld> {
  await world.trust(text);
  await applied(world, text);
  return world;
}

export async function planOf(text: string, world = new IpressoWorld()) {
  await world.trust(text);
  return world.plan(text);
}

export const refused = async (text: string, world?: IpressoWorld): Promise<string> =>
  refusalOf(Promise.resolve().then(() => planOf(text, world)));

export const notesOf = (plan: Awaited<ReturnType<typeof planOf>>, address: string): string[] =>
  plan.changes.find((change) => change.address === address)?.notes ?? [];
