import type { Kind } from "../connectors/connector.ts";
import type { Address, Resource, StateEntry } from "../resource.ts";
import type { State } from "../state.ts";
import { identityOf } from "./world.ts";

/**
 * Finds resources that only changed their address: an entry without a resource and a resource without an entry, of one kind,
 * system and identity. Answers new address → recorded entry. Identities that occur more than once are left alone.
 */
export function findMoves(
  resources: readonly Resource[],
  state: State,
  kinds: ReadonlyMap<string, Kind>,
): Map<Address, StateEntry> {
  const declared = new Set(resources.map((resource) => resource.address));
  const leavers = new Map<string, StateEntry | "several">();
  for (const entry of Object.values(state.entries)) {
    if (declared.has(entry.address)) continue;
    const key = keyOf(kinds, entry.kind, entry.system, entry.attributes);
    if (key !== undefined) leavers.set(key, leavers.has(key) ? "several" : entry);
  }
  const moves = new Map<Address, StateEntry>();
  const taken = new Set<Address>();
  for (const resource of [...resources].sort((a, b) => (a.address < b.address ? -1 : 1))) {
    if (leavers.size === 0 || state.entries[resource.address]) continue;
    const key = keyOf(kinds, resource.kind, resource.system, resource.attributes);
    const entry = key === undefined ? undefined : leavers.get(key);
    if (!entry || entry === "several" || taken.has(entry.address)) continue;
    moves.set(resource.address, entry);
    taken.add(entry.address);
  }
  return moves;
}

function keyOf(
  kinds: ReadonlyMap<string, Kind>,
  kind: string,
  system: string,
  attributes: Resource["attributes"] | StateEntry["attributes"],
): string | undefined {
  const schema = kinds.get(kind)?.schema;
  const identity = schema && identityOf(schema, attributes);
  return identity === undefined ? undefined : [kind, system, identity].join("\n");
}
