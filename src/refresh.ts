import type { Facts, Kind, Listing, OpenSystem, Probe, UsedObjects } from "./connectors/connector.ts";
import { Fault } from "./diagnostic.ts";
import { missingEntries } from "./guard.ts";
import { missingReadsMax, probeRefusalRestMs } from "./limits.ts";
import type { SystemConfig } from "./manifest/manifest.ts";
import type { Observation, SystemObservation } from "./observation.ts";
import type { Actual, StateEntry } from "./resource.ts";
import type { Workspace } from "./workspace.ts";

export interface RefreshOptions {
  /** Every configured system, not only those that are in use. */
  everything?: boolean;
  /** `harmless`: only probes without effect. */
  probe: "none" | "harmless" | "all";
  watch?: RefreshWatch;
}

/** Told about each list and each probe, for people who wait. */
export interface RefreshWatch {
  start(piece: string): void;
  finish(piece: string): void;
}

/**
 * Reads actual: one list call per kind and system, by-id reads for the few recorded objects that a list does not show.
 * Writes nothing. Throws a Refusal before the first request when anything of the manifest is not trusted, and a Fault when a
 * system cannot be read: a plan without it would be a guess.
 */
export async function refresh(workspace: Workspace, options: RefreshOptions): Promise<Observation> {
  workspace.assertTrusted();
  const names = options.everything ? Object.keys(workspace.manifest.systems) : systemsInUse(workspace);
  const observed = await Promise.all(
    names.sort().map(async (name) => [name, await observe(workspace, name, options.watch)] as const),
  );
  const observation: Observation = {
    at: workspace.timestamp(),
    environment: workspace.manifest.environment,
    systems: Object.fromEntries(observed),
    probes: {},
  };
  await confirmMissing(workspace, observation);
  if (options.probe !== "none") await probeCredentials(workspace, observation, options.probe === "all");
  return observation;
}

function systemsInUse(workspace: Workspace): string[] {
  const used = new Set(workspace.manifest.resources.map((resource) => resource.system));
  for (const entry of Object.values(workspace.state.entries)) used.add(entry.system);
  for (const run of Object.values(workspace.state.runs)) for (const step of run.plan.steps) used.add(step.system);
  return [...used];
}

async function observe(workspace: Workspace, name: string, watch?: RefreshWatch): Promise<SystemObservation> {
  const system = workspace.system(name);
  const connector = workspace.connector(name);
  const facts: Facts = await system.facts();
  const used = usedOn(workspace, name);
  const listings = await Promise.all(
    connector.kinds.map(async (kind): Promise<[string, Listing]> => {
      const piece = `${name} › ${kind.name}`;
      if (isReadByPerson(kind, workspace.config(name))) return [kind.name, attestedListing(workspace, name, kind)];
      watch?.start(piece);
      const listing = await listKind(kind, system, used);
      const detailed = listing.attested
        ? attestedListing(workspace, name, kind, listing.because)
        : await withOffers(workspace, name, kind, await withDetails(workspace, name, kind, listing));
      watch?.finish(piece);
      return [kind.name, detailed];
    }),
  );
  return { fingerprint: workspace.fingerprint(name), facts, kinds: Object.fromEntries(listings) };
}

function usedOn({ manifest, state }: Workspace, system: string): UsedObjects {
  const isHere = (one: { system: string }): boolean => one.system === system;
  return { resources: manifest.resources.filter(isHere), entries: Object.values(state.entries).filter(isHere) };
}

/** What the list lacks, for the objects of which it is declared or recorded. */
async function withDetails(workspace: Workspace, name: string, kind: Kind, listing: Listing): Promise<Listing> {
  const { details } = kind;
  if (!details) return listing;
  const wanted = wantedDetails(workspace, name, kind, details.attributes);
  if (wanted.size === 0) return listing;
  const [identity = "id"] = kind.schema["x-identity"];
  const isWanted = ({ id, attributes }: Actual): boolean =>
    wanted.has(`id ${id}`) || wanted.has(String(attributes[identity]).toLowerCase());
  return readDetails(kind, workspace.system(name), listing, isWanted);
}

/** What a list lacks, for the objects that are wanted. One that is not there any more is left out. Throws as reading does. */
async function readDetails(
  { details }: Kind,
  { reader }: OpenSystem,
  listing: Listing,
  isWanted: (object: Actual) => boolean,
): Promise<Listing> {
  if (!details) return listing;
  const objects: Actual[] = [];
  // One after the other: a console is one page.
  for (const object of listing.objects) {
    const read = isWanted(object) ? await details.read(reader, object) : object;
    if (read) objects.push(read);
  }
  return { ...listing, objects };
}

/** What can be chosen, where something is declared that is to be chosen anew. */
async function withOffers(workspace: Workspace, name: string, kind: Kind, listing: Listing): Promise<Listing> {
  const { offers, schema } = kind;
  if (!offers) return listing;
  const [identity = "id"] = schema["x-identity"];
  const ofActual = new Map(listing.objects.map(({ attributes }) => [textIn(attributes, identity), attributes]));
  const isMore = workspace.manifest.resources.some(({ kind: own, system, attributes }) => {
    if (own !== kind.name || system !== name) return false;
    const chosen = textsIn(ofActual.get(textIn(attributes, identity))?.[offers.attribute]);
    return textsIn(attributes[offers.attribute]).some((text) => !chosen.includes(text));
  });
  const found = isMore ? await offers.read(workspace.system(name).reader) : undefined;
  return found ? { ...listing, offers: { [offers.attribute]: found } } : listing;
}

const textIn = (attributes: Record<string, unknown>, name: string): string => String(attributes[name]).toLowerCase();
const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The objects of which such an attribute matters: `id ID` of what is recorded, the name of what is declared. */
function wantedDetails(
  { manifest, state }: Workspace,
  system: string,
  { name, schema }: Kind,
  lacking: readonly string[],
): Set<string> {
  const [identity = "id"] = schema["x-identity"];
  const matters = (attributes: object): boolean => lacking.some((attribute) => Object.hasOwn(attributes, attribute));
  const declared = manifest.resources
    .filter((resource) => resource.kind === name && resource.system === system && matters(resource.attributes))
    .map(({ attributes }) => String(attributes[identity]).toLowerCase());
  const recorded = Object.values(state.entries)
    .filter((entry) => entry.kind === name && entry.system === system && matters(entry.attributes))
    .map(({ id }) => `id ${id}`);
  return new Set([...declared, ...recorded]);
}

/** What a person does, a person reads: nobody is asked by a refresh. */
export function isReadByPerson(kind: Kind, system: SystemConfig): boolean {
  return kind.hand?.(system) === "person";
}

/** What is recorded of a kind where nothing was read. It proves no absence. */
export function attestedListing(
  { state }: Workspace,
  system: string,
  kind: Kind,
  because = "only a person can look there",
): Listing {
  const objects = Object.values(state.entries).flatMap((entry): Actual[] => {
    if (entry.system !== system || entry.kind !== kind.name || entry.gone !== undefined) return [];
    const attributes = { ...entry.attributes, ...entry.told };
    const unobservable = Object.keys(kind.schema.properties).filter((name) => !Object.hasOwn(attributes, name));
    const seen: Actual["seen"] = entry.attested ? { how: "attested", on: entry.attested } : { how: "read" };
    return [{ id: entry.id, attributes, unobservable, seen, health: "unchecked" }];
  });
  return { objects, complete: false, because, attested: true };
}

/** The list of one kind. One that we may not make proves nothing; throws a Fault for any other failure. */
export async function listKind(kind: Kind, system: OpenSystem, used?: UsedObjects): Promise<Listing> {
  try {
    return await kind.list(system.reader, used);
  } catch (error) {
    if (!(error instanceof Fault) || error.details.code !== "privilege") throw error;
    return { objects: [], complete: false, because: error.message };
  }
}

/** A recorded object that a list does not show is asked for by its id before it counts as gone. */
async function confirmMissing(workspace: Workspace, observation: Observation): Promise<void> {
  const missing = missingEntries(workspace.state, observation);
  if (missing.length > missingReadsMax) return;
  await Promise.all(
    missing.map(async (entry) => {
      const found = await workspace.kinds.get(entry.kind)?.read?.(workspace.system(entry.system).reader, entry.id);
      if (found) observation.systems[entry.system]?.kinds[entry.kind]?.objects.push(found);
    }),
  );
}

/** Asks each data plane once whether a recorded credential works. */
async function probeCredentials(workspace: Workspace, observation: Observation, all: boolean): Promise<void> {
  const entries = Object.values(workspace.state.entries).filter((entry) => isProbed(workspace, entry, all));
  await Promise.all(
    entries.map(async (entry) => {
      const probe = (all ? undefined : refusedLately(workspace, entry)) ?? (await probeOne(workspace, entry));
      if (probe) observation.probes[entry.address] = probe;
    }),
  );
}

function isProbed(workspace: Workspace, entry: StateEntry, all: boolean): boolean {
  const probe = workspace.kinds.get(entry.kind)?.probe;
  return !!probe && !!entry.secrets[probe.secret]?.delivered && whyNotProbed(workspace, entry, all) === undefined;
}

/** Why a recorded credential is not probed; undefined when it is, and when there is none that could be. */
export function whyNotProbed(workspace: Workspace, entry: StateEntry, all: boolean): string | undefined {
  const probe = workspace.kinds.get(entry.kind)?.probe;
  const secret = probe && entry.secrets[probe.secret];
  if (!probe || !secret?.delivered) return undefined;
  const sink = workspace.sinks.get(secret.sink);
  if (!sink) return `the manifest declares no sink ${secret.sink} any more`;
  if (!sink.readable) return `sink ${secret.sink} cannot be read here, for want of its identity`;
  return all || probe.harmless ? undefined : "a probe has effects on the system; --probe does it all the same";
}

/** What was refused lately is not asked again: too many tries may lock an account. */
function refusedLately(workspace: Workspace, entry: StateEntry): Probe | undefined {
  const refusedAt = workspace.state.refusedAt[entry.address];
  if (!refusedAt || workspace.io.clock.now() - Date.parse(refusedAt) >= probeRefusalRestMs) return undefined;
  return { health: "refused", detail: `since ${refusedAt}; not asked again for 24 h: steward drift --probe asks now` };
}

async function probeOne(workspace: Workspace, entry: StateEntry): Promise<Probe | undefined> {
  const probe = workspace.kinds.get(entry.kind)?.probe;
  const target = probe && entry.secrets[probe.secret];
  if (!probe || !target) return undefined;
  try {
    const secret = await workspace.secrets.recall(target);
    if (!secret) {
      return { health: "inconclusive", detail: `its value is not at ${target.sink}:${target.path}`, missing: true };
    }
    return await probe.ask(workspace.system(entry.system).reader, entry, secret);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { health: "inconclusive", detail: error.message };
  }
}
