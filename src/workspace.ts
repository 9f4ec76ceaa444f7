import type { LockOwner, LogRecord, StateLog } from "./backends/backend.ts";
import type { Connector, Kind, OpenSystem, SystemAccess } from "./connectors/connector.ts";
import type { ConsoleDescription } from "./connectors/console.ts";
import { assert, Fault, Refusal } from "./diagnostic.ts";
import type { ConsoleDesk } from "./hands/desk.ts";
import type { Io, Transport } from "./io.ts";
import { snapshotEveryRecords } from "./limits.ts";
import type { Manifest, SystemConfig } from "./manifest/manifest.ts";
import type { Plain } from "./resource.ts";
import { Secrets } from "./secrets.ts";
import type { Sink } from "./sinks/sink.ts";
import { type Event, emptyState, foldRecords, type State, toRecord } from "./state.ts";
import { assertAllPinned, assertPinned, pinOfSink, pinOfSystem } from "./trust.ts";

export interface WorkspaceOptions {
  manifest: Manifest;
  connectors: readonly Connector[];
  io: Io;
  log: StateLog;
  sinks: ReadonlyMap<string, Sink>;
  environmentVariable(name: string): string | undefined;
  readFile(path: string): Promise<string>;
  /** Who acts, for the log. */
  who: string;
  trace?(line: string): void;
  /** A system asked us to slow down. */
  onPause?(system: string, untilMs: number): void;
  /** Ends waiting. */
  signal?: AbortSignal;
  /** Ends requests too: for commands that only read. */
  requestSignal?: AbortSignal;
  /** The wire of one system, with its proxy and authorities; without it `io.transport` serves all. */
  transportOf?(system: SystemConfig): Transport;
  /** The console of a system whose hand is `browser`. Nothing is opened before it is used. */
  deskOf?(system: SystemConfig, how: ConsoleDescription, access: SystemAccess): ConsoleDesk;
}

/**
 * One command's hold on the world: manifest, state, and systems that are opened only when they are needed and only when
 * their address is pinned. `state` follows every event that this workspace appends.
 */
export class Workspace {
  readonly manifest: Manifest;
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly io: Io;
  readonly log: StateLog;
  readonly sinks: ReadonlyMap<string, Sink>;
  readonly secrets: Secrets;
  readonly who: string;
  readonly signal: AbortSignal;
  state: State;
  readonly #options: WorkspaceOptions;
  readonly #connectors: ReadonlyMap<string, Connector>;
  #open = new Map<string, OpenSystem>();
  #desks = new Map<string, ConsoleDesk>();
  #snapshotSerial: number;
  #checked: Promise<void> = Promise.resolve();

  private constructor(options: WorkspaceOptions, state: State, snapshotSerial: number) {
    this.#options = options;
    this.manifest = options.manifest;
    this.io = options.io;
    this.log = options.log;
    this.sinks = options.sinks;
    this.who = options.who;
    this.signal = options.signal ?? new AbortController().signal;
    this.#connectors = new Map(options.connectors.map((connector) => [connector.name, connector]));
    this.kinds = new Map(options.connectors.flatMap((connector) => connector.kinds.map((kind) => [kind.name, kind])));
    this.state = state;
    this.#snapshotSerial = snapshotSerial;
    this.secrets = new Secrets({
      sinks: options.sinks,
      assertTrusted: (name) => this.#assertSinkTrusted(name),
      environmentVariable: options.environmentVariable,
      readFile: options.readFile,
      random: options.io.random,
    });
  }

  static async open(options: WorkspaceOptions): Promise<Workspace> {
    const { state, snapshotSerial } = await loadState(options.log);
    return new Workspace(options, state, snapshotSerial);
  }

  /** The same hold on the world, with a state of its own: what is folded there is not known here. It appends nothing. */
  aside(): Workspace {
    const aside = new Workspace(this.#options, structuredClone(this.state), this.#snapshotSerial);
    aside.#open = this.#open;
    aside.#desks = this.#desks;
    return aside;
  }

  /** A connection beside the usual one: it has read nothing yet. Whoever opens it closes it. */
  openAnew(name: string): OpenSystem {
    const config = this.config(name);
    assertPinned(this.state.pins, "systems", name, pinOfSystem(config));
    const [access, desk] = [this.#accessTo(config), this.#desks.get(name)];
    return this.connector(name).open(config, desk ? { ...access, console: desk } : access);
  }

  /** Reads the state again, for instance after the lock was taken. */
  async reload(): Promise<void> {
    const { state, snapshotSerial } = await loadState(this.log);
    this.state = state;
    this.#snapshotSerial = snapshotSerial;
  }

  connector(system: string): Connector {
    const config = this.config(system);
    const connector = this.#connectors.get(config.type);
    assert(connector, `no connector for type ${config.type}`);
    return connector;
  }

  config(system: string): SystemConfig {
    const config = this.manifest.systems[system];
    if (config) return config;
    const message = `the state has objects on system ${system}, but the manifest does not declare it any more`;
    throw new Refusal([
      { message, remedy: `declare it again, or let Steward forget its objects: steward forget ADDRESS…` },
    ]);
  }

  /** Opens a system once; refuses it before the first byte when its address is not pinned. */
  system(name: string): OpenSystem {
    const config = this.config(name);
    assertPinned(this.state.pins, "systems", name, pinOfSystem(config));
    const known = this.#open.get(name);
    if (known) return known;
    const connector = this.connector(name);
    const access = this.#accessTo(config);
    const desk = this.#deskOf(config, connector, access);
    const opened = connector.open(config, desk ? { ...access, console: desk } : access);
    this.#open.set(name, opened);
    return opened;
  }

  /** The console of a system whose hand is `browser`; refuses it before the first byte when its address is not pinned. */
  console(name: string): ConsoleDesk {
    this.system(name);
    const desk = this.#desks.get(name);
    if (desk) return desk;
    // A run that was begun by a browser, when the manifest says by now that somebody else does it.
    throw new Fault(
      `a browser is to work at the console of ${name}, and the manifest has another hand do that by now`,
      {
        ...{ happened: "no", on: name },
        remedy: `write hand: browser on ${name} until the run is over, or give it up: steward apply --abandon RUN`,
      },
    );
  }

  /** What a connector gets of a system, for whoever opens its console; refuses it when its address is not pinned. */
  accessTo(name: string): SystemAccess {
    const config = this.config(name);
    assertPinned(this.state.pins, "systems", name, pinOfSystem(config));
    return this.#accessTo(config);
  }

  #accessTo(config: SystemConfig): SystemAccess {
    const { name } = config;
    const transport = this.#options.transportOf?.(config) ?? this.io.transport;
    return {
      io: { ...this.io, transport },
      secret: (reference) => this.secrets.read(reference),
      trace: (line) => this.#options.trace?.(`${name}: ${line}`),
      onPause: (untilMs) => this.#options.onPause?.(name, untilMs),
      signal: this.#options.requestSignal ?? new AbortController().signal,
    };
  }

  #deskOf(config: SystemConfig, connector: Connector, access: SystemAccess): ConsoleDesk | undefined {
    const { console } = connector;
    if (config.hand !== "browser" || !console) return undefined;
    const desk = this.#options.deskOf?.(config, console, access);
    if (desk) this.#desks.set(config.name, desk);
    return desk;
  }

  /** Throws a Refusal unless every system and every sink of the manifest is pinned as it stands there. */
  assertTrusted(): void {
    assertAllPinned(this.state.pins, Object.values(this.manifest.systems), this.sinks.values());
  }

  fingerprint(name: string): string {
    return this.connector(name).fingerprint(this.config(name));
  }

  /**
   * Appends events durably; the state follows when they are durable. `check` is called when the state holds everything that is in the
   * log, whoever appended it; what it throws is thrown, and nothing is appended.
   */
  append(events: Event[], check?: () => void): Promise<void> {
    if (!check) return this.#append(events);
    // What a check sees must hold what passed the one before it.
    const appended = this.#checked.then(() => this.#append(events, check));
    this.#checked = appended.catch(() => undefined);
    return appended;
  }

  async #append(events: Event[], check?: () => void): Promise<void> {
    assert(this.state.lineage !== "", "nothing can be appended before the state has a lineage");
    const records = events.map(toRecord);
    await this.log.append("any", records, this.state.lineage, check);
    foldRecords(this.state, records);
  }

  /** The state with what others appended to the log since. */
  async follow(): Promise<void> {
    this.learn(await this.log.follow());
  }

  /** Takes in what others appended. */
  learn(records: readonly LogRecord[]): void {
    foldRecords(this.state, records);
  }

  /** Gives a new state its lineage. */
  begin(): void {
    if (this.state.lineage !== "") return;
    this.state.lineage = Buffer.from(this.io.random.bytes(16)).toString("hex");
  }

  async lock(command: string, host: { host: string; pid: number }): Promise<{ release(): Promise<void> }> {
    const owner: LockOwner = {
      who: this.who,
      host: host.host,
      pid: host.pid,
      command,
      since: this.timestamp(),
      id: Buffer.from(this.io.random.bytes(8)).toString("hex"),
    };
    const lock = await this.log.lock(owner);
    await this.reload();
    return lock;
  }

  timestamp(): string {
    return new Date(this.io.clock.now()).toISOString();
  }

  /** Ends sessions and, when much was appended, writes a snapshot. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values(), ...this.#desks.values()].map((opened) => opened.close()));
    this.#open.clear();
    this.#desks.clear();
  }

  async writeSnapshot(): Promise<void> {
    if (this.state.serial - this.#snapshotSerial < snapshotEveryRecords) return;
    await this.log.writeSnapshot(this.state.serial, this.state as unknown as Plain);
    this.#snapshotSerial = this.state.serial;
  }

  #assertSinkTrusted(name: string): void {
    const sink = this.sinks.get(name);
    if (sink) assertPinned(this.state.pins, "sinks", name, pinOfSink(sink));
  }
}

/** Folds snapshot and log into the state; a state without lineage is one that was never written. */
export async function loadState(log: StateLog): Promise<{ state: State; snapshotSerial: number }> {
  const contents = await log.read();
  const snapshot = contents.snapshot;
  const state = snapshot ? (snapshot.state as unknown as State) : emptyState(contents.lineage ?? "");
  return { state: foldRecords(state, contents.records), snapshotSerial: snapshot?.serial ?? 0 };
}
