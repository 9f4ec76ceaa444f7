import type { Kind } from "../connectors/connector.ts";
import type { Moved } from "../manifest/manifest.ts";
import { type Lookup, resolveAll } from "../resolve.ts";
import type { Address, Plain, Resource, StateEntry } from "../resource.ts";
import type { State } from "../state.ts";
import { identityOf } from "./world.ts";

/** References that lead to references, until a declared value is reached. */
const referencesMax = 8;

/**
 * Finds resources that only changed their address: those that the manifest says, and an entry without a resource and a resource without
 * an entry, of one kind, system and identity. Answers new address → recorded entry. Identities that occur more than once are left
 * alone, unless the manifest says which is which.
 */
export function findMoves(
  resources: readonly Resource[],
  state: State,
  kinds: ReadonlyMap<string, Kind>,
  stated: readonly Moved[] = [],
): Map<Address, StateEntry> {
  const declared = new Map(resources.map((resource) => [resource.address, resource]));
  const moves = statedMoves(declared, state, stated);
  const taken = new Set([...moves.values()].map((entry) => entry.address));
  const leavers = new Map<string, StateEntry | "several">();
  for (const entry of Object.values(state.entries)) {
    if (declared.has(entry.address) || taken.has(entry.address)) continue;
    const key = keyOf(kinds, entry.kind, entry.system, entry.attributes);
    if (key !== undefined) leavers.set(key, leavers.has(key) ? "several" : entry);
  }
  const lookup = lookupIn(declared, kinds, 0);
  for (const resource of [...resources].sort((a, b) => (a.address < b.address ? -1 : 1))) {
    if (leavers.size === 0 || state.entries[resource.address] || moves.has(resource.address)) continue;
    const properties = kinds.get(resource.kind)?.schema.properties;
    const key = keyOf(kinds, resource.kind, resource.system, resolveAll(resource.attributes, lookup, properties));
    const entry = key === undefined ? undefined : leavers.get(key);
    if (!entry || entry === "several" || taken.has(entry.address)) continue;
    moves.set(resource.address, entry);
    taken.add(entry.address);
  }
  return moves;
}

/** A statement that was carried out already, or that nothing recorded fits, means nothing. */
function statedMoves(
  declared: ReadonlyMap<Address, Resource>,
  state: State,
  stated: readonly Moved[],
): Map<Address, StateEntry> {
  const moves = new Map<Address, StateEntry>();
  for (const { from, to } of stated) {
    const [entry, resource] = [state.entries[from], declared.get(to)];
    if (!entry || !resource || declared.has(from) || state.entries[to] || moves.has(to)) continue;
    if (entry.kind === resource.kind && entry.system === resource.system) moves.set(to, entry);
  }
  return moves;
}

/** What a reference in an identity leads to, as far as it is declared. */
function lookupIn(declared: ReadonlyMap<Address, Resource>, kinds: ReadonlyMap<string, Kind>, depth: number): Lookup {
  return (address, attribute) => {
    const target = declared.get(address);
    const schema = target && kinds.get(target.kind)?.schema;
    const name = attribute || schema?.["x-identity"][0];
    const value = name === undefined ? undefined : target?.attributes[name];
    if (value === undefined || name === undefined || depth === referencesMax) return undefined;
    const resolved = resolveAll({ [name]: value }, lookupIn(declared, kinds, depth + 1), schema?.properties)[name];
    return typeof resolved === "object" ? undefined : (resolved as Plain);
  };
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
