import { type IsAlive, type OnePlan, type OneRequest, planOne } from "../../apply/one.ts";
import type { BrowserDesks } from "../../browser-desks.ts";
import { canonicalJson } from "../../canonical.ts";
import type { Connector, Kind } from "../../connectors/connector.ts";
import { assert, Refusal } from "../../diagnostic.ts";
import type { EvidenceRuns } from "../../hands/evidence-runs.ts";
import type { SystemConfig } from "../../manifest/manifest.ts";
import { Declared } from "../../plan/world.ts";
import { type Address, type Resource, splitAddress } from "../../resource.ts";
import type { RunCarrier } from "../../state.ts";
import type { Consents } from "../../step.ts";
import { pinOfSystem } from "../../trust.ts";
import type { Workspace } from "../../workspace.ts";
import type { ObjectValue } from "../wire/value.ts";
import { type Held, secretPrefix } from "./config-text.ts";
import { beginJournal } from "./journal.ts";
import type { PrivateData } from "./private-data.ts";
import type { ResourceConfig } from "./resource-config.ts";
import { Sight } from "./sight.ts";

/**
 * One walk of Terraform through its graph, as one command of Steward: what was read stays read, with what this walk itself changed, and
 * what was planned before counts as declared. Terraform starts a process for each walk, or configures the provider anew.
 */

interface WalkParts {
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
  /** Of a system whose hand is `browser`. */
  browsers: BrowserDesks | undefined;
  /** Whether the environment has this variable. */
  isSet(variable: string): boolean;
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
  readonly sight: Sight;
  readonly #parts: WalkParts;
  readonly #declared: Declared;
  /** How the names of secrets of each resource begin that was planned, and whether Terraform will come back to it. */
  readonly #planned = new Map<string, boolean>();
  readonly #recalled = new Map<Address, PrivateData>();
  #begun: Promise<void> | undefined;

  constructor(parts: WalkParts) {
    this.workspace = parts.workspace;
    this.system = parts.system;
    this.block = parts.block;
    this.held = parts.held;
    this.carrier = parts.carrier;
    this.#parts = parts;
    this.#declared = new Declared(parts.workspace.kinds);
    const declared = () => this.#declared.on(parts.system.name);
    this.sight = new Sight(parts.workspace, parts.connector, parts.system, declared);
  }

  /** Ends sessions, and the browsers that are open. Never throws a Fault of a system. */
  async close(): Promise<void> {
    await this.workspace.close();
    await this.#parts.browsers?.close();
  }

  /** Pictures of what was done at consoles; undefined where no browser works. */
  get pictures(): Pick<EvidenceRuns, "folder" | "takeProblem"> | undefined {
    return this.#parts.browsers?.evidence;
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

  /** Whether a secret that a write-only word gave will be known when steps are carried out. */
  readonly isTold = (name: string): boolean => {
    if (this.#parts.isSet(name)) return true;
    const [, isChanged] = [...this.#planned].find(([prefix]) => name.startsWith(prefix)) ?? [];
    return isChanged ?? this.held.has(name);
  };

  /** Terraform plans this address, and will come back to it when it applies, or will not. */
  plans(address: Address, isChanged: boolean): void {
    this.#planned.set(secretPrefix(address), isChanged);
  }

  kind(name: string): Kind {
    const kind = this.workspace.kinds.get(name);
    assert(kind, `the connector ${this.system.type} has no kind ${name}`);
    return kind;
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
    await this.sight.readWhole(this.kind(splitAddress(address).kind), address, config?.resource);
    const observation = await this.sight.observe();
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

/** `KIND:IDENTITY`, as `restore` names an object. */
export function nameOf({ attributes }: Pick<Resource, "attributes">, { name, schema }: Kind): string {
  return `${name}:${schema["x-identity"].map((one) => String(attributes[one])).join("/")}`;
}
