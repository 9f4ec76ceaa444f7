import { type IsAlive, type OnePlan, type OneRequest, planOne } from "../../apply/one.ts";
import { canonicalJson } from "../../canonical.ts";
import type { Connector, Kind, Listing } from "../../connectors/connector.ts";
import { assert, Refusal } from "../../diagnostic.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import type { Observation } from "../../observation.ts";
import { Declared } from "../../plan/world.ts";
import { attestedListing, isReadByPerson, listKind, refresh } from "../../refresh.ts";
import type { Actual, Address, Resource } from "../../resource.ts";
import type { RunCarrier } from "../../state.ts";
import type { Consents } from "../../step.ts";
import { pinOfSystem } from "../../trust.ts";
import type { Workspace } from "../../workspace.ts";
import type { ObjectValue } from "../wire/value.ts";
import type { Held } from "./config-text.ts";
import { beginJournal } from "./journal.ts";
import type { PrivateData } from "./private-data.ts";
import type { ResourceConfig } from "./resource-config.ts";

/**
 * One walk of Terraform through its graph, as one command of Steward: what was read stays read, with what this walk itself changed, and
 * what was planned before counts as declared. Terraform starts a process for each walk, or configures the provider anew.
 */

export interface WalkParts {
  workspace: Workspace;
  connector: Connector;
  system: SystemConfig;
  /** The provider block as it was sent. */
  block: ObjectValue;
  held: Held;
  restore: readonly string[];
  /** Of this package. */
  version: string;
  carrier: RunCarrier;
  /** Whether a process of this host still lives. */
  lives(carrier: RunCarrier): Promise<boolean>;
}

/** How often we look whether something that is lent to somebody else was given back. */
const lentPollMs = 500;

/** Runs that this process carries out just now, whichever walk began them. */
const atWork = new Set<string>();

/** What one walk holds: the workspace, what was read, what is declared so far, and which runs are carried out here. */
export class Walk {
  readonly workspace: Workspace;
  readonly system: SystemConfig;
  readonly block: ObjectValue;
  readonly held: Held;
  readonly carrier: RunCarrier;
  readonly #parts: WalkParts;
  readonly #declared: Declared;
  readonly #relistings = new Map<string, Relisting>();
  readonly #recalled = new Map<Address, PrivateData>();
  #seen: Promise<Observation> | undefined;
  #begun: Promise<void> | undefined;

  constructor(parts: WalkParts) {
    this.workspace = parts.workspace;
    this.system = parts.system;
    this.block = parts.block;
    this.held = parts.held;
    this.carrier = parts.carrier;
    this.#parts = parts;
    this.#declared = new Declared(parts.workspace.kinds);
  }

  /** Ends sessions. Never throws a Fault of a system. */
  close(): Promise<void> {
    return this.workspace.close();
  }

  /** What the provider block says is trusted by being said there. Throws a Refusal for a sink that the journal knows at another place. */
  trust(): void {
    const { workspace, system } = this;
    const { pins } = workspace.state;
    pins.systems[system.name] = pinOfSystem(system);
    const moved = [...workspace.sinks.values()].filter(({ name, target }) => {
      const known = Object.hasOwn(pins.sinks, name) ? pins.sinks[name] : undefined;
      if (known === undefined) pins.sinks[name] = target;
      return known !== undefined && canonicalJson(known) !== canonicalJson(target);
    });
    if (moved.length === 0) return;
    const remedy =
      "secrets of recorded objects lie there: keep the sink as it is, and give another name to the new one";
    throw new Refusal(
      moved.map(({ name }) => ({ message: `sink ${name} leads elsewhere than the journal knows it`, remedy })),
    );
  }

  /** Makes sure that the journal is there, before the first thing is noted. */
  begin(): Promise<void> {
    this.#begun ??= beginJournal(this).catch((error: unknown) => {
      this.#begun = undefined;
      throw error;
    });
    return this.#begun;
  }

  /** Reads the journal as it is now, with what Terraform told of objects that it does not know. */
  async reload(): Promise<void> {
    await this.workspace.reload();
    this.trust();
    for (const data of this.#recalled.values()) this.recall(data);
  }

  /** Waits until others may have gone on. */
  async untilOthersAppend(): Promise<void> {
    await this.workspace.io.clock.sleep(lentPollMs);
    await this.workspace.follow();
  }

  kind(name: string): Kind {
    const kind = this.workspace.kinds.get(name);
    assert(kind, `the connector ${this.system.type} has no kind ${name}`);
    return kind;
  }

  /** Everything that can be read of the system: one list for each kind. */
  async observe(): Promise<Observation> {
    this.#seen ??= refresh(this.workspace, { everything: true, probe: "none" });
    const seen = await this.#seen;
    const system = seen.systems[this.system.name]!;
    // What people told follows our own record at once.
    for (const kind of this.#parts.connector.kinds)
      if (isReadByPerson(kind, this.system))
        system.kinds[kind.name] = attestedListing(this.workspace, this.system.name, kind);
    return seen;
  }

  async listing(kind: string): Promise<Listing> {
    const { systems } = await this.observe();
    return systems[this.system.name]!.kinds[kind]!;
  }

  /** An object by its id, also where the list does not show it. */
  async find(kind: Kind, id: string): Promise<Actual | undefined> {
    const { objects } = await this.listing(kind.name);
    const listed = objects.find((object) => object.id === id);
    if (listed || isReadByPerson(kind, this.system)) return listed;
    return kind.read?.(this.workspace.system(this.system.name).reader, id);
  }

  /** An object as it is after a change of ours. Later plans of this walk see it so. */
  async lookAgain(kind: Kind, id: string): Promise<Actual | undefined> {
    if (isReadByPerson(kind, this.system)) return this.find(kind, id);
    if (!kind.read) {
      await this.#relist(kind);
      return this.find(kind, id);
    }
    const actual = await kind.read(this.workspace.system(this.system.name).reader, id);
    const listing = await this.listing(kind.name);
    const others = listing.objects.filter((object) => object.id !== id);
    await this.#show(kind, { ...listing, objects: actual ? [...others, actual] : others });
    return actual;
  }

  /** An object is gone by a change of ours. */
  async forget(kind: Kind, id: string): Promise<void> {
    const listing = await this.listing(kind.name);
    await this.#show(kind, { ...listing, objects: listing.objects.filter((object) => object.id !== id) });
  }

  async #show(kind: Kind, listing: Listing): Promise<void> {
    const { systems } = await this.observe();
    systems[this.system.name]!.kinds[kind.name] = listing;
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
    const system = this.workspace.openAnew(this.system.name);
    try {
      await this.#show(kind, await listKind(kind, system));
    } finally {
      await system.close();
    }
  }

  /** From now on it counts as declared in this walk. */
  declare(resource: Resource): void {
    this.#declared.add(resource);
  }

  undeclare(address: Address): void {
    this.#declared.remove(address);
  }

  /**
   * What Terraform keeps of an object, where our journal does not know it: the journal was lost, is older, or is another machine's.
   * Answers the address.
   */
  recall(data: PrivateData): Address {
    const { state } = this.workspace;
    const { address, entry, lineage, serial } = data;
    this.#recalled.set(address, data);
    const isMissing = lineage === state.lineage ? serial > state.serial : !state.entries[address];
    if (!entry || !isMissing || entry.system !== this.system.name) return address;
    state.entries[address] = structuredClone(entry);
    state.generations[address] = Math.max(state.generations[address] ?? 0, entry.generation);
    return address;
  }

  /** What Terraform is to keep of an address. */
  privateOf(address: Address): PrivateData {
    const { lineage, serial, entries } = this.workspace.state;
    const entry = entries[address];
    return { address, lineage, serial, ...(entry && { entry }) };
  }

  /** What is to become of an address; `config` is undefined when it goes away. */
  async request(address: Address, config: ResourceConfig | undefined): Promise<OneRequest> {
    const observation = await this.observe();
    return {
      address,
      resource: config?.resource,
      beside: this.#declared,
      locate: config?.locate ?? (() => undefined),
      consents: this.#consents(address, config?.resource),
      version: this.#parts.version,
      now: this.workspace.io.clock.now(),
      observation,
    };
  }

  async plan(address: Address, config: ResourceConfig | undefined): Promise<OnePlan> {
    return planOne(this.workspace, await this.request(address, config), this.isAlive);
  }

  readonly isAlive: IsAlive = async (carrier, run) => {
    if (atWork.has(run)) return true;
    const { host, pidSpace, pid, started } = this.carrier;
    if (!carrier || carrier.host !== host || carrier.pidSpace !== pidSpace) return false;
    const isOurs = carrier.pid === pid && carrier.started === started;
    return !isOurs && this.#parts.lives(carrier);
  };

  /** A run that is carried out here until `work` ends. */
  async carry<T>(work: (onRun: (run: string) => void) => Promise<T>): Promise<T> {
    const runs: string[] = [];
    try {
      return await work((run) => {
        atWork.add(run);
        runs.push(run);
      });
    } finally {
      for (const run of runs) atWork.delete(run);
    }
  }

  #consents(address: Address, resource: Resource | undefined): Consents {
    return {
      restore: resource && this.#parts.restore.includes(nameOf(resource, this.kind(resource.kind))) ? [address] : [],
      replace: [],
    };
  }
}

/** A list that is being read, and the one that is read after it. */
interface Relisting {
  reading: Promise<void>;
  next?: Promise<void>;
}

/** `KIND:IDENTITY`, as `restore` names an object. */
export function nameOf({ attributes }: Pick<Resource, "attributes">, { name, schema }: Kind): string {
  return `${name}:${schema["x-identity"].map((one) => String(attributes[one])).join("/")}`;
}
