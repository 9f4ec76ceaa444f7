import type { Failed, Given, Kind, OpenSystem, Operation, Outcome, StepContext } from "../src/connectors/connector.ts";
import { makeBundle } from "../src/connectors/momentus/bundle.ts";
import { momentusConnector } from "../src/connectors/momentus/connector.ts";
import type { MomentusReader } from "../src/connectors/momentus/reader.ts";
import type { MomentusWriter } from "../src/connectors/momentus/writer.ts";
import { Fault, Refusal } from "../src/diagnostic.ts";
import type { SystemConfig } from "../src/manifest/manifest.ts";
import { makePlan, type PlanResult } from "../src/plan/plan.ts";
import type { Actual, Lifecycle, Resource, StateEntry, Value } from "../src/resource.ts";
import { loadKindSchemas, loadLabels } from "../src/schema-files.ts";
import type { AnswerResult, Screen } from "../src/screen.ts";
import { Secret } from "../src/secret.ts";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import type { NewApiUser } from "../src/simulators/momentus/store.ts";
import { emptyState, type State } from "../src/state.ts";
import type { Step } from "../src/step.ts";
import { Desk } from "./velocloud-fixture.ts";
import { secretEntry } from "./velocloud-plan-fixture.ts";
import { SimTransport } from "./world/sim-transport.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

/** Plans and answers for what only people can do at Momentus, against the simulator's store. */

export const connector = momentusConnector(loadKindSchemas(), loadLabels());
const kinds: ReadonlyMap<string, Kind> = new Map(connector.kinds.map((kind) => [kind.name, kind as Kind]));
const lineage = "0123456789abcdef";
const origin = "https://venue.test";

export const license: Record<string, Value> = { module: "Basic API", mail_to: "licensing@vendor.example" };
export const licensed: Record<string, Value> = { serial_number: "SIM-1", license };

/** The settings of the source document, as a manifest says them. */
export const mocoServ: Record<string, Value> = {
  user_id: "MOCO-SERV",
  display_name: "Momentus Connect",
  organization: "any",
  deliver_to: "local:moco-serv",
};
export const mocoAddress = "momentus_api_user.moco";
export const mocoEntry = recordOf(mocoAddress, "MOCO-SERV", mocoServ);
/** A manifest with MOCO-SERV alone. */
export const moco = { resources: { [mocoAddress]: mocoServ } };

export const reports: Record<string, Value> = {
  user_id: "REPORTS",
  display_name: "Reports",
  organization: "10",
  enforce_access_privileges: true,
  deliver_to: "local:reports",
};
export const reportsAddress = "momentus_api_user.reports";
export const reportsEntry = recordOf(reportsAddress, "REPORTS", reports);

/** A further Key of that user. */
export const key: Record<string, Value> = { api_user: "REPORTS", name: "warehouse", deliver_to: "local:warehouse" };
export const keyAddress = "momentus_api_key.warehouse";

export const portal: Record<string, Value> = { app: "Event Portal" };
export const portalAddress = "momentus_app_approval.portal";

export interface Bench {
  simulator: MomentusSimulator;
  desk: Desk;
  clock: VirtualClock;
  transport: SimTransport;
  system: SystemConfig;
  open: OpenSystem<MomentusReader, MomentusWriter>;
}

export function makeBench(settings: Record<string, Value> = {}, system: Partial<SystemConfig> = {}): Bench {
  const clock = new VirtualClock();
  const simulator = new MomentusSimulator({ seed: 5, now: () => clock.now(), sleep: (ms) => clock.sleep(ms) });
  const transport = new SimTransport({
    [origin]: {
      handle: (request) => simulator.handle({ ...request, headers: { ...request.headers, host: "venue.test" } }),
    },
  });
  const desk = new Desk();
  const { secret, key } = simulator.world.apiUser.prod;
  desk.references.set("MOM_SECRET", secret);
  desk.references.set("MOM_KEY", key);
  const fromEnv = (name: string) => ({ $secret: { from: "env" as const, name } });
  const config: SystemConfig = {
    ...{ name: "momentus", type: "momentus", url: `${origin}/prod`, hand: "api", settings },
    credentials: { api_user_id: "STEWARD", secret: fromEnv("MOM_SECRET"), key: fromEnv("MOM_KEY") },
    ...{ requestTimeoutMs: 30_000, commitGraceMs: 60_000, source: { file: "steward.yaml", line: 1, column: 1 } },
    ...system,
  };
  const bench = { simulator, desk, clock, transport, system: config } as Bench;
  bench.open = reopen(bench);
  return bench;
}

/** Another command: nothing that was asked before is remembered. */
export function reopen({ clock, transport, desk, system }: Bench): Bench["open"] {
  const random = { bytes: (count: number) => new Uint8Array(count) };
  return connector.open(system, {
    io: { clock, random, transport, disk: undefined as never, mailer: undefined as never },
    secret: (reference) => desk.read(reference),
    trace: () => undefined,
    signal: new AbortController().signal,
  }) as Bench["open"];
}

/** An API user with a Key in the simulator; its credentials as a person copies them. */
export function addUser(bench: Bench, user: NewApiUser): Record<"secret" | "key", Secret> {
  const { store } = bench.simulator;
  store.addApiUser("prod", user);
  store.addKey("prod", user.id);
  return credentialsOf(bench, user.id);
}

/** REPORTS in the simulator, with its bundle where it is declared and where `reportsEntry` says that it was delivered. */
export function withReports(bench: Bench): Record<"secret" | "key", Secret> {
  const told = addUser(bench, { id: "REPORTS", displayName: "Reports" });
  const bundle = makeBundle({ id: "REPORTS", ...told });
  bench.desk.references.set("local:reports", bundle.reveal());
  bench.desk.next.set(reportsEntry.secrets.credentials!.issueId, bundle);
  return told;
}

export function credentialsOf(bench: Bench, id: string): Record<"secret" | "key", Secret> {
  const { secret, key } = bench.simulator.store.credentialsOf("prod", id);
  return { secret: new Secret(secret), key: new Secret(key) };
}

export const internal = { displayName: "Momentus Connect", isInternal: true, hasLicenseSpecialAccess: true };

export interface GivenPlan {
  resources: Record<string, Record<string, Value>>;
  lifecycle?: Partial<Lifecycle>;
  entries?: StateEntry[];
  replace?: string[];
  restore?: string[];
  ask?: string[];
  me?: string;
}

/** A plan where nothing is known but what is recorded: the observation is written by hand. */
export function planFor(bench: Bench, given: GivenPlan): PlanResult {
  const state: State = emptyState(lineage);
  for (const entry of given.entries ?? []) state.entries[entry.address] = entry;
  const resources = Object.entries(given.resources).map(([address, attributes]) =>
    resourceOf(address, attributes, given.lifecycle),
  );
  const listings = [...kinds.values()].map(({ name, schema }) => {
    const recorded = (given.entries ?? []).filter((entry) => entry.kind === name);
    const objects = recorded.map((entry) => attested(entry, Object.keys(schema.properties)));
    return [name, { objects, complete: true, attested: true as const }];
  });
  const facts = { me: { id: given.me ?? "STEWARD" } };
  return makePlan({
    manifest: {
      ...{ folder: "/m", files: [], environment: "test", environments: ["test"], protected: false, digest: "d" },
      ...{ state: { type: "local", path: ".steward" }, guard: { deletionsMax: 5, deletionsMaxPercent: 25 } },
      sinks: { local: { name: "local", type: "age", settings: {}, source: { file: "m", line: 1, column: 1 } } },
      ...{ systems: { momentus: bench.system }, resources, warnings: [], locate: () => undefined },
    },
    kinds,
    state,
    observation: {
      at: new Date(bench.clock.now()).toISOString(),
      environment: "test",
      systems: { momentus: { fingerprint: "f", facts, kinds: Object.fromEntries(listings) } },
      probes: {},
    },
    now: bench.clock.now(),
    consents: { restore: given.restore ?? [], replace: given.replace ?? [], ask: given.ask ?? [] },
    destroy: false,
    version: "0.0.0",
  });
}

function attested(entry: StateEntry, names: string[]): Actual {
  const { id, attributes } = entry;
  const unobservable = names.filter((name) => !(name in attributes));
  return { id, attributes, unobservable, seen: { how: "attested", on: "2026-11-20" }, health: "unchecked" };
}

function resourceOf(address: string, attributes: Record<string, Value>, lifecycle: Partial<Lifecycle> = {}): Resource {
  const [kind = "", name = ""] = address.split(".");
  return {
    ...{ address, kind, name, system: "momentus", attributes, dependsOn: [] },
    lifecycle: { preventDestroy: false, ignoreChanges: [], adopt: false, onRemove: "default", ...lifecycle },
    source: { file: "steward.yaml", line: 1, column: 1 },
  };
}

/** A record with its bundle delivered and proven, unless `extra` says otherwise. */
export function recordOf(
  address: string,
  id: string,
  attributes: Record<string, Value>,
  extra: Partial<StateEntry> = {},
): StateEntry {
  const [kind = ""] = address.split(".");
  const path = String(attributes.deliver_to ?? "").replace("local:", "");
  return {
    ...{ address, kind, system: "momentus", id, attributes: attributes as StateEntry["attributes"] },
    ...{ managed: Object.keys(attributes).sort(), deposed: [], generation: 1, dependsOn: [] },
    secrets: path === "" ? {} : { credentials: secretEntry(path, 1) },
    ...{ origin: "created", preventDestroy: false, onRemove: "default", status: "ready" },
    ...extra,
  };
}

export function stepOf(result: PlanResult, id: string): Step {
  const step = result.plan.steps.find((candidate) => candidate.id === id);
  if (!step) throw new Error(`no step ${id} among ${result.plan.steps.map((one) => one.id).join(", ")}`);
  return step;
}

/** The branch of a step in words: "absent observe". Its `of` may be an operation or the id of a step. */
export function branchOf({ when }: Step): string | undefined {
  return when && `${when.is} ${when.of.slice(when.of.indexOf("/") + 1)}`;
}

export function operationOf(step: Step): Operation<MomentusReader, MomentusWriter> {
  return connector.kinds.find(({ name }) => name === step.kind)!.operations[step.operation]!;
}

export function screenOf(bench: Bench, step: Step): Screen {
  return operationOf(step).screen!(step, bench.system);
}

export function contextOf(bench: Bench, step: Step, entry?: StateEntry): StepContext {
  return {
    ...{ step, system: bench.system, input: step.input, facts: { me: { id: "STEWARD" } } },
    ...(entry ? { entry } : {}),
    now: () => bench.clock.now(),
    secrets: bench.desk,
  };
}

/** Gives an answer to a step: what is taken in, or in words why it is not. */
export async function answer(
  bench: Bench,
  step: Step,
  result: AnswerResult,
  told: Partial<Pick<Given, "fields" | "secrets">> = {},
  entry?: StateEntry,
): Promise<Outcome | Failed | string> {
  const { accept } = operationOf(step);
  const given: Given = { result, fields: told.fields ?? {}, secrets: told.secrets ?? {} };
  try {
    return (await accept?.(contextOf(bench, step, entry), given, bench.open.reader)) ?? {};
  } catch (error) {
    if (error instanceof Refusal) return `refused: ${error.message} => ${error.reasons[0]?.remedy}`;
    if (error instanceof Fault) return `fault: ${error.message}`;
    throw error;
  }
}

/** What lies at a step's target, in clear. */
export function deliveredBy(bench: Bench, step: Step): string | undefined {
  return bench.desk.next.get(step.delivers?.credentials?.issueId ?? "")?.reveal();
}
