import type { OpenSystem, Operation, Settled, StepContext } from "../src/connectors/connector.ts";
import { velocloudConnector } from "../src/connectors/velocloud/connector.ts";
import type { VelocloudReader } from "../src/connectors/velocloud/reader.ts";
import type { ScopeName } from "../src/connectors/velocloud/scopes.ts";
import type { VelocloudWriter } from "../src/connectors/velocloud/writer.ts";
import { Fault } from "../src/diagnostic.ts";
import type { SystemConfig } from "../src/manifest/manifest.ts";
import type { StateEntry, Value } from "../src/resource.ts";
import { loadKindSchemas, loadLabels } from "../src/schema-files.ts";
import { Secret, type SecretTarget } from "../src/secret.ts";
import { VelocloudSimulator } from "../src/simulators/velocloud/simulator.ts";
import type { Account } from "../src/simulators/velocloud/world.ts";
import type { StepDraft } from "../src/step.ts";
import { Outbox } from "./world/outbox.ts";
import { SimTransport } from "./world/sim-transport.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

/** One simulated orchestrator, the connector on it, and a desk for secrets: what tests of the connector share. */

export const origin = "https://vco.example.net";
export const connector = velocloudConnector(loadKindSchemas(), loadLabels());
export const scopeNames: ScopeName[] = ["enterprise", "partner", "operator"];
const lineage = "0123456789abcdef";

export class Desk {
  readonly next = new Map<string, Secret>();
  readonly references = new Map<string, string>();
  /** Makes the next `put` fail. */
  broken = false;
  #made = 0;

  async read(reference: { $secret: { from: string; name: string } }): Promise<Secret> {
    const { from, name } = reference.$secret;
    const value = this.references.get(name) ?? this.#at(name)?.reveal();
    if (value !== undefined) return new Secret(value);
    throw new Fault(`${from} has no ${name}`, { happened: "no", code: "absent" });
  }

  async recall(target: SecretTarget): Promise<Secret | undefined> {
    return this.next.get(target.issueId);
  }

  async put(target: SecretTarget, secret: Secret): Promise<void> {
    if (this.broken) throw new Fault("the sink is full", { happened: "no", on: target.sink });
    this.next.set(target.issueId, secret);
    this.#places.set(`${target.sink}:${target.path}`, target.issueId);
  }

  async has(target: SecretTarget): Promise<boolean> {
    return this.next.has(target.issueId);
  }

  generatePassword(): Secret {
    this.#made++;
    return new Secret(`aB3-canary-${String(this.#made).padStart(4, "0")}`);
  }

  readonly #places = new Map<string, string>();

  #at(place: string): Secret | undefined {
    return this.next.get(this.#places.get(place) ?? "");
  }
}

export interface Bench {
  simulator: VelocloudSimulator;
  clock: VirtualClock;
  transport: SimTransport;
  desk: Desk;
  trace: string[];
  system: SystemConfig;
  open: OpenSystem<VelocloudReader, VelocloudWriter>;
  /** Another command: nothing that was read before is kept. */
  reopen(): OpenSystem<VelocloudReader, VelocloudWriter>;
  account: Account;
}

export interface BenchOptions {
  scope?: ScopeName;
  as?: "token" | "session";
  settings?: Record<string, Value>;
  /** Whose credentials; by default the super user of the scope. */
  account?: "enterprise" | "partner" | "operator";
  simulator?: ConstructorParameters<typeof VelocloudSimulator>[0];
  system?: Partial<SystemConfig>;
  signal?: AbortSignal;
}

/** A simulator, its transport and an open system on it. */
export function makeBench(options: BenchOptions = {}): Bench {
  const clock = new VirtualClock();
  const simulator = new VelocloudSimulator({
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
    ...options.simulator,
  });
  const transport = new SimTransport({ [origin]: simulator });
  const desk = new Desk();
  const trace: string[] = [];
  const scope = options.scope ?? "enterprise";
  const account = simulator.world[options.account ?? scope];
  const system = { ...systemConfig(scope, account, options), ...options.system };
  desk.references.set("VCO_TOKEN", account.token);
  desk.references.set("VCO_PASSWORD", account.password);
  const random = { bytes: (count: number) => new Uint8Array(count) };
  const disk = undefined as never;
  const reopen = () =>
    connector.open(system, {
      io: { clock, random, disk, transport, mailer: new Outbox() },
      secret: (reference) => desk.read(reference),
      trace: (line) => trace.push(line),
      signal: options.signal ?? new AbortController().signal,
    }) as Bench["open"];
  return { simulator, clock, transport, desk, trace, system, open: reopen(), reopen, account };
}

function systemConfig(scope: ScopeName, account: Account, options: BenchOptions): SystemConfig {
  const session = { username: account.username, password: { $secret: { from: "env" as const, name: "VCO_PASSWORD" } } };
  const token = { token: { $secret: { from: "env" as const, name: "VCO_TOKEN" } } };
  return {
    name: "velocloud",
    type: "velocloud",
    url: origin,
    hand: "api",
    settings: { ...(scope === "enterprise" ? {} : { scope }), ...options.settings },
    credentials: options.as === "session" ? session : token,
    requestTimeoutMs: 30_000,
    commitGraceMs: 60_000,
    source: { file: "steward.yaml", line: 1, column: 1 },
  };
}

export type Draft = Partial<StepDraft> & { operation: string; input: Record<string, Value> };

/** The context of one step that was not planned, only described. */
export async function contextOf(bench: Bench, kind: string, draft: Draft, entry?: StateEntry): Promise<StepContext> {
  const address = `${kind}.x`;
  return {
    step: {
      hand: "api",
      title: draft.operation,
      expects: { is: "anything" },
      records: { is: "nothing" },
      ...draft,
      id: `${address}/${draft.operation}`,
      address,
      kind,
      system: bench.system.name,
      needs: [],
    },
    system: bench.system,
    input: draft.input,
    ...(entry ? { entry } : {}),
    facts: await bench.open.facts(),
    now: () => bench.clock.now(),
    secrets: bench.desk,
  };
}

/** An operation of a kind. */
export function operationOf(kind: string, operation: string): Operation<VelocloudReader, VelocloudWriter> {
  return connector.kinds.find((candidate) => candidate.name === kind)!.operations[operation]!;
}

/** Runs a step; the fault when it throws one. */
export async function run(bench: Bench, context: StepContext): Promise<{ id?: string; fault?: Fault }> {
  try {
    return await operationOf(context.step.kind, context.step.operation).run!(context, bench.open.writer());
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}

/** Reads back whether a step happened. */
export function settle(bench: Bench, context: StepContext): Promise<Settled> {
  return operationOf(context.step.kind, context.step.operation).settle!(context, bench.open.reader);
}

/** A record as it stands after a create. */
export function entryOf(kind: string, id: string, extra: Partial<StateEntry> = {}): StateEntry {
  return {
    ...{ address: `${kind}.x`, kind, system: "velocloud", id, attributes: {}, managed: [], secrets: {}, deposed: [] },
    ...{ generation: 1, dependsOn: [], origin: "created", preventDestroy: false, onRemove: "default", status: "ready" },
    ...extra,
  } as StateEntry;
}

export { lineage };
