import type { Kind, Listing, Mark, World } from "../connectors/connector.ts";
import type { Observation } from "../observation.ts";
import type { Actual, Address, Plain, Resource, StateEntry, Value } from "../resource.ts";
import type { KindSchema } from "../schema.ts";
import type { State } from "../state.ts";

/** What is declared, by address and by identity. Whoever plans one resource after the other keeps one and adds to it. */
export class Declared {
  readonly #kinds: ReadonlyMap<string, Kind>;
  readonly #byAddress = new Map<Address, Resource>();
  readonly #byIdentity = new Map<string, Resource>();
  /** By system and kind, each by its address. */
  readonly #ofKind = new Map<string, Map<Address, Resource>>();

  constructor(kinds: ReadonlyMap<string, Kind>, resources: readonly Resource[] = []) {
    this.#kinds = kinds;
    for (const resource of resources) this.add(resource);
  }

  /** Takes the place of what had this address before. */
  add(resource: Resource): void {
    this.remove(resource.address);
    this.#byAddress.set(resource.address, resource);
    const place = key(resource.system, resource.kind);
    const others = this.#ofKind.get(place) ?? new Map<Address, Resource>();
    this.#ofKind.set(place, others.set(resource.address, resource));
    const identity = this.#keyOf(resource);
    if (identity !== undefined) this.#byIdentity.set(identity, resource);
  }

  remove(address: Address): void {
    const before = this.#byAddress.get(address);
    const identity = before && this.#keyOf(before);
    if (identity !== undefined && this.#byIdentity.get(identity) === before) this.#byIdentity.delete(identity);
    this.#byAddress.delete(address);
    if (before) this.#ofKind.get(key(before.system, before.kind))?.delete(address);
  }

  ofKind(system: string, kind: string): Resource[] {
    return [...(this.#ofKind.get(key(system, kind))?.values() ?? [])];
  }

  /** All of a system. */
  on(system: string): Resource[] {
    return [...this.#byAddress.values()].filter((resource) => resource.system === system);
  }

  get(address: Address): Resource | undefined {
    return this.#byAddress.get(address);
  }

  /** `identity` is that of `identityOf`. */
  byIdentity(system: string, kind: string, identity: string): Resource | undefined {
    return this.#byIdentity.get(key(system, kind, identity));
  }

  #keyOf({ kind, system, attributes }: Resource): string | undefined {
    const schema = this.#kinds.get(kind)?.schema;
    const identity = schema && identityOf(schema, attributes);
    return identity === undefined ? undefined : key(system, kind, identity);
  }
}

/** Everything that planning looks things up in, indexed once: cost stays linear in the number of objects. */
export class Worlds {
  readonly #listings = new Map<string, IndexedListing>();
  #entriesById: Map<string, StateEntry> | undefined;
  readonly #declared: Declared;
  readonly #kinds: ReadonlyMap<string, Kind>;
  readonly #state: State;
  readonly #worlds = new Map<string, World>();

  constructor(kinds: ReadonlyMap<string, Kind>, state: State, observation: Observation, declared: Declared) {
    this.#kinds = kinds;
    this.#state = state;
    this.#declared = declared;
    for (const [system, seen] of Object.entries(observation.systems)) {
      for (const [kind, listing] of Object.entries(seen.kinds)) {
        this.#listings.set(key(system, kind), indexOf(kinds.get(kind), listing));
      }
    }
  }

  desired(address: Address): Resource | undefined {
    return this.#declared.get(address);
  }

  /** Made when it is first asked for: many plans never do. */
  #entryById(at: string): StateEntry | undefined {
    this.#entriesById ??= new Map(
      Object.values(this.#state.entries).map((entry) => [key(entry.system, entry.kind, entry.id), entry]),
    );
    return this.#entriesById.get(at);
  }

  /** Undefined when the kind was not read on this system. */
  listing(system: string, kind: string): IndexedListing | undefined {
    return this.#listings.get(key(system, kind));
  }

  /** Systems on which objects of this kind carry the mark. */
  markedBy(kind: string, owner: string): { system: string; objects: Actual[] }[] {
    return [...this.#listings].flatMap(([at, listing]) => {
      const [system = "", listed] = at.split("\n");
      const objects = listed === kind ? listing.markedBy(owner) : [];
      return objects.length > 0 ? [{ system, objects }] : [];
    });
  }

  /** The world as one kind of one system sees it. */
  of(system: string): World {
    const world = this.#worlds.get(system) ?? this.#make(system);
    this.#worlds.set(system, world);
    return world;
  }

  #make(system: string): World {
    return {
      objects: (kind) => this.listing(system, kind)?.objects ?? [],
      byIdentity: (kind, identity) =>
        this.listing(system, kind)?.byIdentity(identityText(this.#kinds.get(kind), identity)),
      offered: (kind, attribute) => this.listing(system, kind)?.offers?.[attribute],
      recorded: (address) => this.#state.entries[address],
      recordedById: (kind, id) => this.#entryById(key(system, kind, id)),
      desired: (address) => this.#declared.get(address),
      declared: (kind) => this.#declared.ofKind(system, kind),
      desiredByIdentity: (kind, identity) =>
        this.#declared.byIdentity(system, kind, identityText(this.#kinds.get(kind), identity)),
    };
  }
}

const indexes = new WeakMap<Listing, IndexedListing>();

/** Made once for each listing: who plans one resource after the other looks things up in the same one. */
function indexOf(kind: Kind | undefined, listing: Listing): IndexedListing {
  const index = indexes.get(listing) ?? new IndexedListing(kind, listing);
  indexes.set(listing, index);
  return index;
}

/** One listing with its indexes. */
export class IndexedListing {
  readonly objects: Actual[];
  readonly complete: boolean;
  readonly because: string | undefined;
  /** Nothing was read: what is here people told us, and what is not here is unknown. */
  readonly attested: boolean;
  readonly offers: Listing["offers"];
  readonly #byId = new Map<string, Actual>();
  readonly #byIdentity = new Map<string, Actual>();
  readonly #marks = new Map<string, Actual[]>();

  constructor(kind: Kind | undefined, listing: Listing) {
    this.objects = listing.objects;
    this.complete = listing.complete;
    this.because = listing.because;
    this.attested = listing.attested ?? false;
    this.offers = listing.offers;
    for (const object of listing.objects) {
      this.#byId.set(object.id, object);
      const identity = kind && identityOf(kind.schema, object.attributes);
      if (identity !== undefined) this.#byIdentity.set(identity, object);
      const mark: Mark | undefined = kind?.mark?.(object);
      if (mark) this.#marks.set(mark.owner, [...(this.#marks.get(mark.owner) ?? []), object]);
    }
  }

  byId(id: string): Actual | undefined {
    return this.#byId.get(id);
  }

  byIdentity(identity: string): Actual | undefined {
    return this.#byIdentity.get(identity);
  }

  markedBy(owner: string): Actual[] {
    return this.#marks.get(owner) ?? [];
  }

  /** Whether any object bears a mark of Steward. */
  get hasMarks(): boolean {
    return this.#marks.size > 0;
  }
}

/** The identity as one text, or undefined while a part of it is not plain. A singleton's is the empty text. */
export function identityOf(schema: KindSchema, attributes: Record<string, Value | Plain>): string | undefined {
  const parts: string[] = [];
  for (const name of schema["x-identity"]) {
    const part = attributes[name];
    if (typeof part === "object" || part === undefined) return undefined;
    parts.push(normal(schema, name, String(part)));
  }
  return parts.join("\n");
}

function identityText(kind: Kind | undefined, identity: string): string {
  const name = kind?.schema["x-identity"][0];
  return kind && name ? normal(kind.schema, name, identity) : identity;
}

function normal(schema: KindSchema, name: string, text: string): string {
  return schema.properties[name]?.["x-caseless"] ? text.toLowerCase() : text;
}

function key(...parts: string[]): string {
  return parts.join("\n");
}
