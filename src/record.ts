import { canonicalJson } from "./canonical.ts";
import type { Outcome } from "./connectors/connector.ts";
import { assert } from "./diagnostic.ts";
import { isClear, type Plain, type SecretEntry, type StateEntry, type Value } from "./resource.ts";
import type { Step } from "./step.ts";

/** What our record becomes when a step is done. `attributes` of the step's recording must be resolved already. */
export function recordOutcome(
  before: StateEntry | undefined,
  step: Step,
  outcome: Outcome,
  at: string,
): StateEntry | null {
  const entry = entryAfter(before, step, outcome, at);
  return entry && step.hand === "person" ? { ...entry, attested: at } : entry;
}

function entryAfter(before: StateEntry | undefined, step: Step, outcome: Outcome, at: string): StateEntry | null {
  const records = step.records;
  switch (records.is) {
    case "removed":
      return null;
    case "created":
      return withSecrets(freshEntry(step, outcome, records.attributes, records.generation), step, outcome, at);
    case "superseded": {
      const entry = freshEntry(step, outcome, records.attributes, records.generation);
      entry.deposed = before ? [...before.deposed, { id: before.id, generation: before.generation }] : [];
      entry.secrets = { ...before?.secrets };
      if (before) entry.origin = before.origin;
      return withSecrets(entry, step, outcome, at);
    }
    case "adopted": {
      const { attributes = {} } = outcome;
      const entry = freshEntry(step, { id: records.id, attributes }, records.attributes, before?.generation ?? 0);
      entry.origin = records.origin;
      return withSecrets(entry, step, outcome, at);
    }
    default:
      assert(before, `${step.id} has nothing recorded to change`);
      return changedEntry(structuredClone(before), step, outcome, at);
  }
}

function changedEntry(entry: StateEntry, step: Step, outcome: Outcome, at: string): StateEntry {
  const records = step.records;
  if (records.is === "inspected") return inspectedEntry(entry, records.computed, outcome, at);
  if (records.is === "updated") {
    // Where an object is known by a name that was changed, it is known by the new one from now on.
    if (outcome.id !== undefined) entry.id = outcome.id;
    for (const name of records.unmanaged ?? []) delete entry.attributes[name];
    Object.assign(entry.attributes, publicAttributes(records.attributes), outcome.attributes);
    forgetTold(entry, [...Object.keys(records.attributes), ...Object.keys(outcome.attributes ?? {})]);
    const managed = new Set([...entry.managed, ...Object.keys(records.attributes)]);
    entry.managed = [...managed].filter((name) => !records.unmanaged?.includes(name)).sort();
  }
  if (records.is === "cleared") entry.deposed = entry.deposed.filter((object) => object.id !== records.id);
  if (records.is === "moved") entry.address = step.address;
  if (records.is === "proven") markProven(entry, records.secret, outcome.unproven);
  Object.assign(entry, step.meta);
  return withSecrets(entry, step, outcome, at);
}

/** What was written since is not as somebody saw it before. */
function forgetTold(entry: StateEntry, written: readonly string[]): void {
  const left = Object.entries(entry.told ?? {}).filter(([name]) => !written.includes(name));
  delete entry.told;
  if (left.length > 0) entry.told = Object.fromEntries(left);
}

/**
 * What Steward left stays recorded beside what somebody saw: only so the next plan knows that it was changed behind our back, and
 * holds what would give access back (law 11).
 */
function inspectedEntry(
  entry: StateEntry,
  computed: string[],
  { attributes = {}, gone }: Outcome,
  at: string,
): StateEntry {
  const { told: _told, gone: _gone, ...rest } = entry;
  if (gone) return { ...rest, gone: at };
  const told: Record<string, Plain> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const known = rest.attributes[name];
    if (known === undefined || computed.includes(name)) rest.attributes[name] = value;
    else if (canonicalJson(known) !== canonicalJson(value)) told[name] = value;
  }
  return Object.keys(told).length > 0 ? { ...rest, told } : rest;
}

function markProven(entry: StateEntry, name: string, isOpen = false): void {
  const secret = entry.secrets[name];
  assert(secret, `${entry.address} has no secret ${name} to prove`);
  const { proofOpen: _open, ...rest } = secret;
  entry.secrets[name] = isOpen ? { ...rest, proven: false, proofOpen: true } : { ...rest, proven: true };
}

function freshEntry(step: Step, outcome: Outcome, attributes: Record<string, Value>, generation: number): StateEntry {
  assert(outcome.id !== undefined, `${step.id} made an object without an id`);
  return {
    address: step.address,
    kind: step.kind,
    system: step.system,
    id: outcome.id,
    attributes: { ...publicAttributes(attributes), ...outcome.attributes },
    managed: Object.keys(attributes).sort(),
    secrets: {},
    deposed: [],
    generation,
    dependsOn: step.meta?.dependsOn ?? [],
    origin: "created",
    preventDestroy: step.meta?.preventDestroy ?? false,
    onRemove: step.meta?.onRemove ?? "default",
    status: "ready",
  };
}

/** The entry with this secret proven: a later probe found that it works. */
export function withProven(entry: StateEntry, name: string): StateEntry {
  const proven = { ...entry, secrets: { ...entry.secrets } };
  markProven(proven, name);
  return proven;
}

/** Secrets that this step delivered. Those that it also promotes were accepted with the write: they are proven, if that was seen. */
function withSecrets(entry: StateEntry, step: Step, { unproven }: Outcome, at: string): StateEntry {
  for (const [name, target] of Object.entries(step.delivers ?? {})) {
    const isPromoted = step.promotes?.some((promoted) => promoted.issueId === target.issueId) ?? false;
    const proven = isPromoted && !unproven;
    const secret: SecretEntry = { ...target, delivered: true, proven, issuedAt: at };
    entry.secrets = { ...entry.secrets, [name]: secret };
    const { lost = [], ...rest } = entry;
    const stillLost = lost.filter((other) => other !== name);
    entry = stillLost.length > 0 ? { ...rest, lost: stillLost } : rest;
  }
  return entry;
}

/** Attributes as state keeps them: secrets are references already, and a cleared attribute is null. */
function publicAttributes(attributes: Record<string, Value>): Record<string, Plain> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, isClear(value) ? null : (value as Plain)]),
  );
}
