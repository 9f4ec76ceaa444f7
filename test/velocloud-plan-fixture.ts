import type { Kind } from "../src/connectors/connector.ts";
import { markOwner } from "../src/mark.ts";
import type { Observation } from "../src/observation.ts";
import { makePlan, type PlanResult } from "../src/plan/plan.ts";
import type { Lifecycle, Resource, SecretEntry, StateEntry, Value } from "../src/resource.ts";
import { emptyState, type State } from "../src/state.ts";
import type { Change, Step } from "../src/step.ts";
import { type Bench, connector, entryOf, lineage } from "./velocloud-fixture.ts";

/** Plans from a manifest written as objects, a state written as entries, and what the simulator shows. */

export interface Given {
  resources?: Record<string, Record<string, Value>>;
  lifecycle?: Partial<Lifecycle>;
  entries?: StateEntry[];
  generations?: Record<string, number>;
  restore?: string[];
  replace?: string[];
}

const kinds: ReadonlyMap<string, Kind> = new Map(connector.kinds.map((kind) => [kind.name, kind as Kind]));

export async function planFor(bench: Bench, given: Given): Promise<PlanResult> {
  bench.open = bench.reopen();
  const state: State = { ...emptyState(lineage), generations: given.generations ?? {} };
  for (const entry of given.entries ?? []) state.entries[entry.address] = entry;
  const resources = Object.entries(given.resources ?? {}).map(([address, attributes]) =>
    resourceOf(address, attributes, given.lifecycle),
  );
  return makePlan({
    manifest: {
      ...{ folder: "/m", files: [], environment: "test", environments: ["test"], protected: false, digest: "d" },
      ...{ state: { type: "local", path: ".steward" }, guard: { deletionsMax: 5, deletionsMaxPercent: 25 } },
      sinks: { local: { name: "local", type: "age", settings: {}, source: { file: "m", line: 1, column: 1 } } },
      ...{ systems: { velocloud: bench.system }, resources, warnings: [], locate: () => undefined },
    },
    kinds,
    state,
    observation: await observe(bench),
    now: bench.clock.now(),
    consents: { restore: given.restore ?? [], replace: given.replace ?? [] },
    destroy: false,
    version: "0.0.0",
  });
}

async function observe(bench: Bench): Promise<Observation> {
  const seen: Observation["systems"][string] = {
    fingerprint: connector.fingerprint(bench.system),
    facts: await bench.open.facts(),
    kinds: {},
  };
  for (const kind of connector.kinds) seen.kinds[kind.name] = await kind.list(bench.open.reader);
  const at = new Date(bench.clock.now()).toISOString();
  // What a refresh file holds is plain JSON.
  return JSON.parse(
    JSON.stringify({ at, environment: "test", systems: { velocloud: seen }, probes: {} }),
  ) as Observation;
}

function resourceOf(address: string, attributes: Record<string, Value>, lifecycle: Partial<Lifecycle> = {}): Resource {
  const [kind = "", name = ""] = address.split(".");
  return {
    ...{ address, kind, name, system: "velocloud", attributes, dependsOn: [] },
    lifecycle: { preventDestroy: false, ignoreChanges: [], adopt: false, onRemove: "default", ...lifecycle },
    source: { file: "steward.yaml", line: 1, column: 1 },
  };
}

export function changeOf(result: PlanResult, address: string): Change | undefined {
  return result.plan.changes.find((change) => change.address === address);
}

/** The steps of one resource, without its address. */
export function stepsOf(result: PlanResult, address: string): string[] {
  return stepsAt(result, address).map((step) => step.id.slice(address.length + 1));
}

export function stepsAt(result: PlanResult, address: string): Step[] {
  return result.plan.steps.filter((step) => step.address === address);
}

export function errorsOf(result: PlanResult): string {
  return result.errors.map((error) => `${error.message} | ${error.hint ?? ""}`).join("\n");
}

/** A secret that reached its sink. */
export function secretEntry(path: string, generation: number, extra: Partial<SecretEntry> = {}): SecretEntry {
  const issuedAt = "2026-11-01T00:00:00.000Z";
  return {
    sink: "local",
    path,
    issueId: `i.${generation}`,
    generation,
    delivered: true,
    proven: true,
    issuedAt,
    ...extra,
  };
}

/** A record with everything declared in it. */
export function recordOf(
  address: string,
  id: number,
  attributes: Record<string, Value>,
  extra: Partial<StateEntry> = {},
): StateEntry {
  const [kind = ""] = address.split(".");
  const plain = attributes as StateEntry["attributes"];
  return entryOf(kind, String(id), { address, attributes: plain, managed: Object.keys(attributes).sort(), ...extra });
}

/** The description of a token with the mark of an address. */
export function markedText(text: string, address: string, generation: number): string {
  return `${text} [stw:${markOwner(lineage, address)}.${generation}]`;
}
