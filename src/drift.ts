import type { Kind } from "./connectors/connector.ts";
import { isCompared, isMet } from "./diff.ts";
import { missingEntries } from "./guard.ts";
import type { Observation } from "./observation.ts";
import type { Actual, Address, Plain, StateEntry } from "./resource.ts";
import type { State } from "./state.ts";

/** What became of one recorded object outside Steward. */
export interface Drift {
  address: Address;
  system: string;
  id: string;
  /** `unknown`: the list could not be read in full, so its absence proves nothing. */
  what: "changed" | "gone" | "unknown";
  because?: string;
  attributes: { path: string; recorded: Plain; actual: Plain }[];
}

/** Everything in which actual differs from recorded, whatever the manifest says. Pure. */
export function findDrift(state: State, observation: Observation, kinds: ReadonlyMap<string, Kind>): Drift[] {
  const gone = new Set(missingEntries(state, observation).map((entry) => entry.address));
  const objects = new Map<string, Actual>();
  for (const [system, seen] of Object.entries(observation.systems)) {
    for (const [kind, listing] of Object.entries(seen.kinds)) {
      for (const object of listing.objects) objects.set(`${system}\n${kind}\n${object.id}`, object);
    }
  }
  return Object.values(state.entries)
    .sort((a, b) => (a.address < b.address ? -1 : 1))
    .flatMap((entry): Drift[] => {
      const { address, system, id } = entry;
      const base = { address, system, id, attributes: [] };
      const actual = objects.get(`${system}\n${entry.kind}\n${id}`);
      if (gone.has(address) || entry.gone) return [{ ...base, what: "gone" }];
      if (!actual) return [{ ...base, what: "unknown", ...whyUnknown(entry, observation) }];
      const kind = kinds.get(entry.kind);
      const listed = (name: string) => observation.systems[system]?.kinds[name]?.objects ?? [];
      const changed = [
        ...changedAttributes(entry, actual, kind),
        ...retirement(entry, actual, kind),
        ...(kind?.strays?.(actual, listed) ?? []).map(({ notice: _notice, ...stray }) => stray),
      ];
      const attributes = changed.filter((one, index) => changed.findIndex(({ path }) => path === one.path) === index);
      return attributes.length > 0 ? [{ ...base, what: "changed", attributes }] : [];
    });
}

/** Recorded objects that no refresh reads: people told us of them. */
export interface ToldObjects {
  /** Sorted. */
  addresses: Address[];
  /** When a person last told us of any of them; ISO 8601. */
  lastOn?: string;
}

/** Which recorded objects were not read because only people can look there, and when they were last told of. Pure. */
export function toldObjects({ entries }: Pick<State, "entries">, { systems }: Observation): ToldObjects {
  const told = Object.values(entries).filter(({ system, kind }) => systems[system]?.kinds[kind]?.attested);
  const [lastOn] = told
    .flatMap(({ attested }) => attested ?? [])
    .sort()
    .reverse();
  return { addresses: told.map(({ address }) => address).sort(), ...(lastOn === undefined ? {} : { lastOn }) };
}

function whyUnknown(entry: StateEntry, observation: Observation): { because: string } {
  const listing = observation.systems[entry.system]?.kinds[entry.kind];
  if (!listing) return { because: `${entry.kind} was not read on ${entry.system}` };
  return { because: listing.because ?? `the list of ${entry.kind} on ${entry.system} is not complete` };
}

/** Somebody removed it as Steward does. What a run of ours left so is recorded. */
function retirement(entry: StateEntry, actual: Actual, kind: Kind | undefined): Drift["attributes"] {
  const path = kind?.retiredBy;
  if (path === undefined || actual.attributes[path] !== true || entry.attributes[path] === true) return [];
  return [{ path, recorded: false, actual: true }];
}

function changedAttributes(entry: StateEntry, actual: Actual, kind: Kind | undefined): Drift["attributes"] {
  const properties = kind?.schema.properties ?? {};
  // What a person saw to be otherwise counts also where nobody declares it.
  const watched = new Set([...entry.managed, ...Object.keys(entry.told ?? {})]);
  return [...watched].flatMap((path) => {
    const property = properties[path];
    const recorded = entry.attributes[path];
    if (!property || !isCompared(property) || property.writeOnly || recorded === undefined) return [];
    if (actual.unobservable.includes(path)) return [];
    const now = actual.attributes[path] ?? null;
    return isMet(property, recorded, now) ? [] : [{ path, recorded, actual: now }];
  });
}
