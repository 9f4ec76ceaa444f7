import type { Connector, Kind, Listing } from "../../connectors/connector.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Observation } from "../../observation.ts";
import { identityOf } from "../../plan/world.ts";
import { attestedListing, isReadByPerson, listKind, refresh } from "../../refresh.ts";
import type { Actual, Address, Resource } from "../../resource.ts";
import type { Workspace } from "../../workspace.ts";

/** What one walk has seen of its system: read once, and followed by what the walk itself changes. */

/** A list that is being read, and the one that is read after it. */
interface Relisting {
  reading: Promise<void>;
  next?: Promise<void>;
}

/** The eyes of one walk. */
export class Sight {
  readonly #workspace: Workspace;
  readonly #connector: Connector;
  readonly #system: SystemConfig;
  readonly #relistings = new Map<string, Relisting>();
  readonly #hasDetails = new Set<string>();
  #detailing: Promise<unknown> = Promise.resolve();
  #seen: Promise<Observation> | undefined;

  constructor(workspace: Workspace, connector: Connector, system: SystemConfig) {
    this.#workspace = workspace;
    this.#connector = connector;
    this.#system = system;
  }

  /** Everything that can be read of the system: one list for each kind. */
  async observe(): Promise<Observation> {
    this.#seen ??= refresh(this.#workspace, { everything: true, probe: "none" });
    const seen = await this.#seen;
    const system = seen.systems[this.#system.name]!;
    // What people told follows our own record at once.
    for (const kind of this.#connector.kinds)
      if (isReadByPerson(kind, this.#system))
        system.kinds[kind.name] = attestedListing(this.#workspace, this.#system.name, kind);
    return seen;
  }

  async listing(kind: string): Promise<Listing> {
    const { systems } = await this.observe();
    return systems[this.#system.name]!.kinds[kind]!;
  }

  /** An object by its id, also where the list does not show it. */
  async find(kind: Kind, id: string): Promise<Actual | undefined> {
    const { objects } = await this.listing(kind.name);
    const listed = objects.find((object) => object.id === id);
    if (listed) return this.#detailed(kind, listed);
    if (isReadByPerson(kind, this.#system)) return undefined;
    return kind.read?.(this.#workspace.system(this.#system.name).reader, id);
  }

  /** With what its list lacks, which is read for one object after the other: a console is one page. */
  async #detailed(kind: Kind, listed: Actual): Promise<Actual | undefined> {
    const { details } = kind;
    const key = `${kind.name} ${listed.id}`;
    if (!details || this.#hasDetails.has(key) || isReadByPerson(kind, this.#system)) return listed;
    this.#hasDetails.add(key);
    const { reader } = this.#workspace.system(this.#system.name);
    const read = this.#detailing.then(() => details.read(reader, listed));
    this.#detailing = read.catch(() => undefined);
    const actual = await read;
    await this.#replace(kind, listed.id, actual);
    return actual;
  }

  async #replace(kind: Kind, id: string, actual: Actual | undefined): Promise<void> {
    const listing = await this.listing(kind.name);
    const others = listing.objects.filter((object) => object.id !== id);
    await this.#show(kind, { ...listing, objects: actual ? [...others, actual] : others });
  }

  /** What a plan of this resource compares with is read whole: what is recorded at its address, or has its name. */
  async readWhole(kind: Kind, address: Address, resource: Resource | undefined): Promise<void> {
    if (!kind.details) return;
    const { objects } = await this.listing(kind.name);
    const recorded = this.#workspace.state.entries[address]?.id;
    const wanted = resource && identityOf(kind.schema, resource.attributes);
    const isMeant = ({ id, attributes }: Actual): boolean =>
      id === recorded || (wanted !== undefined && identityOf(kind.schema, attributes) === wanted);
    for (const object of objects.filter(isMeant)) await this.#detailed(kind, object);
  }

  /** An object as it is after a change of ours. Later plans of this walk see it so. */
  async lookAgain(kind: Kind, id: string): Promise<Actual | undefined> {
    if (isReadByPerson(kind, this.#system)) return this.find(kind, id);
    if (!kind.read) {
      await this.#relist(kind);
      return this.find(kind, id);
    }
    const actual = await kind.read(this.#workspace.system(this.#system.name).reader, id);
    await this.#replace(kind, id, actual);
    this.#hasDetails.delete(`${kind.name} ${id}`);
    return actual && this.#detailed(kind, actual);
  }

  /** An object is gone by a change of ours. */
  async forget(kind: Kind, id: string): Promise<void> {
    const listing = await this.listing(kind.name);
    await this.#show(kind, { ...listing, objects: listing.objects.filter((object) => object.id !== id) });
  }

  async #show(kind: Kind, listing: Listing): Promise<void> {
    const { systems } = await this.observe();
    systems[this.#system.name]!.kinds[kind.name] = listing;
  }

  /** Lists a kind anew. Whoever asks while a list is being read gets the one after it. */
  #relist(kind: Kind): Promise<void> {
    const now = this.#relistings.get(kind.name);
    if (now) {
      now.next ??= now.reading.then(() => this.#readAnew(kind));
      return now.next;
    }
    return this.#readAnew(kind);
  }

  #readAnew(kind: Kind): Promise<void> {
    const reading = this.#list(kind);
    const relisting: Relisting = { reading: reading.catch(() => undefined) };
    this.#relistings.set(kind.name, relisting);
    void relisting.reading.then(() => {
      if (this.#relistings.get(kind.name) === relisting && !relisting.next) this.#relistings.delete(kind.name);
    });
    return reading;
  }

  async #list(kind: Kind): Promise<void> {
    const system = this.#workspace.openAnew(this.#system.name);
    try {
      await this.#show(kind, await listKind(kind, system));
      for (const key of this.#hasDetails) if (key.startsWith(`${kind.name} `)) this.#hasDetails.delete(key);
    } finally {
      await system.close();
    }
  }
}
