import type { Connector, Kind, Listing, UsedObjects } from "../../connectors/connector.ts";
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
  /** Kinds that are listed although nothing of them was recorded when the walk began. */
  readonly #wanted = new Map<string, Promise<void>>();
  /** Kinds of which something may have changed by what this walk did to other objects. */
  readonly #stale = new Set<string>();
  readonly #catchingUp = new Map<string, Promise<void>>();
  readonly #declared: () => readonly Resource[];
  #detailing: Promise<unknown> = Promise.resolve();
  #seen: Promise<Observation> | undefined;

  /** `declared`: what the walk declares so far. */
  constructor(
    workspace: Workspace,
    connector: Connector,
    system: SystemConfig,
    declared: () => readonly Resource[] = () => [],
  ) {
    this.#declared = declared;
    this.#workspace = workspace;
    this.#connector = connector;
    this.#system = system;
  }

  /** Everything that can be read of the system: one list for each kind. */
  async observe(): Promise<Observation> {
    const seen = await this.#read();
    await this.#catchUp();
    const system = seen.systems[this.#system.name]!;
    // What people told follows our own record at once.
    for (const kind of this.#connector.kinds)
      if (isReadByPerson(kind, this.#system))
        system.kinds[kind.name] = attestedListing(this.#workspace, this.#system.name, kind);
    return seen;
  }

  #read(): Promise<Observation> {
    this.#seen ??= refresh(this.#workspace, { everything: true, probe: "none" });
    return this.#seen;
  }

  /** Reads lists anew that are older than what this walk did. */
  async #catchUp(): Promise<void> {
    for (const kind of this.#connector.kinds) {
      if (!this.#stale.delete(kind.name) || isReadByPerson(kind, this.#system)) continue;
      const reading: Promise<void> = this.#relist(kind).finally(() => {
        if (this.#catchingUp.get(kind.name) === reading) this.#catchingUp.delete(kind.name);
      });
      this.#catchingUp.set(kind.name, reading);
    }
    await Promise.all(this.#catchingUp.values());
  }

  /** What follows from other objects is not known any more. */
  #changed(): void {
    for (const { name, schema } of this.#connector.kinds)
      if (Object.values(schema.properties).some((one) => one["x-derived"])) this.#stale.add(name);
  }

  /** A list that nothing needed when the walk began is read when it is asked for: the one of a console is a page to open. */
  async listing(kind: Kind): Promise<Listing> {
    const known = await this.#known(kind.name);
    if (isReadByPerson(kind, this.#system)) return known;
    const wanted = this.#wanted.get(kind.name) ?? (known.attested ? this.#relist(kind) : undefined);
    if (!wanted) return known;
    this.#wanted.set(kind.name, wanted);
    await wanted;
    return this.#known(kind.name);
  }

  async #known(kind: string): Promise<Listing> {
    const { systems } = await this.observe();
    return systems[this.#system.name]!.kinds[kind]!;
  }

  /** An object by its id, also where the list does not show it. */
  async find(kind: Kind, id: string): Promise<Actual | undefined> {
    const { objects } = await this.listing(kind);
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
    const listing = await this.listing(kind);
    const others = listing.objects.filter((object) => object.id !== id);
    await this.#show(kind, { ...listing, objects: actual ? [...others, actual] : others });
  }

  /** What a plan of this resource compares with is read whole: what is recorded at its address, or has its name. */
  async readWhole(kind: Kind, address: Address, resource: Resource | undefined): Promise<void> {
    const { objects } = await this.listing(kind);
    if (!kind.details) return;
    const recorded = this.#workspace.state.entries[address]?.id;
    const wanted = resource && identityOf(kind.schema, resource.attributes);
    const isMeant = ({ id, attributes }: Actual): boolean =>
      id === recorded || (wanted !== undefined && identityOf(kind.schema, attributes) === wanted);
    for (const object of objects.filter(isMeant)) await this.#detailed(kind, object);
  }

  /** An object as it is after a change of ours. Later plans of this walk see it so. */
  async lookAgain(kind: Kind, id: string): Promise<Actual | undefined> {
    this.#changed();
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
    this.#changed();
    const listing = await this.listing(kind);
    await this.#show(kind, { ...listing, objects: listing.objects.filter((object) => object.id !== id) });
  }

  async #show(kind: Kind, listing: Listing): Promise<void> {
    const { systems } = await this.#read();
    systems[this.#system.name]!.kinds[kind.name] = listing;
  }

  /** What is declared and recorded; undefined where nothing of the kind is: then all of it is wanted. */
  #used({ name }: Kind): UsedObjects | undefined {
    const entries = Object.values(this.#workspace.state.entries).filter(({ system }) => system === this.#system.name);
    const used = { resources: this.#declared(), entries };
    return [...used.resources, ...entries].some(({ kind }) => kind === name) ? used : undefined;
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
      await this.#show(kind, await listKind(kind, system, this.#used(kind)));
      for (const key of this.#hasDetails) if (key.startsWith(`${kind.name} `)) this.#hasDetails.delete(key);
    } finally {
      await system.close();
    }
  }
}
