import type { Kind, Probe } from "./connectors/connector.ts";
import { kindName } from "./manifest/resources.ts";
import type { Observation } from "./observation.ts";
import { type Actual, type Address, type Plain, type Resource, type StateEntry, splitAddress } from "./resource.ts";
import { durationMs } from "./schema.ts";

/** One credential that a system issued, as `steward tokens` shows it. Times are ISO 8601. */
export interface TokenLine {
  address: Address;
  system: string;
  /**
   * As the system says, in small letters. Where it says nothing: `works`, or `recognized` when the credential is accepted and
   * may not do what it was asked to.
   */
  state: string;
  /** What the data plane said beside that. */
  detail?: string;
  /** "never" when the system says that it does not expire; undefined when it is not known. */
  expires?: string;
  /** When the next plan will rotate it; undefined when nothing rotates it by age. */
  nextRotation?: string;
  /** SINK:PATH. */
  sink?: string;
  lastUsed?: string;
  /** Older generations that still exist. */
  former: number;
}

export interface TokenOverview {
  tokens: TokenLine[];
  /** Live tokens of each system that nothing declares or records. */
  unmanaged: Record<string, number>;
}

interface OverviewInput {
  kinds: ReadonlyMap<string, Kind>;
  resources: readonly Resource[];
  entries: readonly StateEntry[];
  observation: Observation;
}

const dead = ["revoked", "expired"];

/** Every declared or recorded resource whose kind receives a secret, soonest expiry first. Pure. */
export function tokenOverview({ kinds, resources, entries, observation }: OverviewInput): TokenOverview {
  const isToken = (address: Address) => issuedBy(kinds.get(splitAddress(address).kind)) !== undefined;
  const desired = new Map(resources.map((resource) => [resource.address, resource]));
  const recorded = new Map(entries.map((entry) => [entry.address, entry]));
  const addresses = [...new Set([...desired.keys(), ...recorded.keys()])].filter(isToken);
  const objects = indexOf(observation);
  const tokens = addresses.map((address) => {
    const { kind } = splitAddress(address);
    const attribute = issuedBy(kinds.get(kind)) ?? "";
    const entry = recorded.get(address);
    const actual = entry && objects.get(`${entry.system} ${kind} ${entry.id}`);
    const one = { address, attribute, isOnlyOne: isOnlyOne(kinds.get(kind)) };
    return lineOf({ ...one, desired: desired.get(address), recorded: entry, actual }, observation);
  });
  return { tokens: tokens.sort(soonestFirst), unmanaged: unmanagedOf(kinds, entries, observation) };
}

/** A kind of which a system has exactly one object. */
const isOnlyOne = (kind: Kind | undefined): boolean => kind?.schema["x-identity"].length === 0;

/** The attribute of a kind that says where an issued secret goes. */
function issuedBy(kind: Kind | undefined): string | undefined {
  return Object.entries(kind?.schema.properties ?? {}).find(([, schema]) => schema["x-secret"] === "issued")?.[0];
}

/** Actual objects by `SYSTEM KIND ID`. */
function indexOf({ systems }: Observation): Map<string, Actual> {
  const all = Object.entries(systems).flatMap(([system, { kinds }]) =>
    Object.entries(kinds).flatMap(([kind, { objects }]) =>
      objects.map((object): [string, Actual] => [`${system} ${kind} ${object.id}`, object]),
    ),
  );
  return new Map(all);
}

interface Seen {
  address: Address;
  /** The attribute that says where the value goes. */
  attribute: string;
  isOnlyOne: boolean;
  desired: Resource | undefined;
  recorded: StateEntry | undefined;
  actual: Actual | undefined;
}

function lineOf(
  { address, attribute, isOnlyOne, desired, recorded, actual }: Seen,
  observation: Observation,
): TokenLine {
  const system = recorded?.system ?? desired?.system ?? "";
  const listing = observation.systems[system]?.kinds[splitAddress(address).kind];
  const attributes = actual?.attributes ?? {};
  const expires = textOf(attributes.expires_at);
  const secret = Object.values(recorded?.secrets ?? {}).find(({ delivered }) => delivered);
  const sink = secret ? `${secret.sink}:${secret.path}` : textOf(desired?.attributes[attribute]);
  const rotateBefore = textOf(desired?.attributes.rotate_before ?? recorded?.attributes.rotate_before);
  const rotateEvery = textOf(desired?.attributes.rotate_every ?? recorded?.attributes.rotate_every);
  const nextRotation = rotationOf(expires, rotateBefore) ?? rotationByAge(secret?.issuedAt, rotateEvery);
  const lastUsed = textOf(attributes.last_used_at);
  const probe = observation.probes[address];
  return {
    ...{ address, system, state: stateOf(recorded, actual, probe, { complete: listing?.complete, isOnlyOne }) },
    ...(probe?.detail === undefined ? {} : { detail: probe.detail }),
    ...(expires === undefined ? {} : { expires }),
    ...(nextRotation === undefined ? {} : { nextRotation }),
    ...(sink === undefined ? {} : { sink }),
    ...(lastUsed === undefined ? {} : { lastUsed }),
    former: recorded?.deposed.length ?? 0,
  };
}

function stateOf(
  recorded: StateEntry | undefined,
  actual: Actual | undefined,
  probe: Probe | undefined,
  { complete, isOnlyOne }: { complete: boolean | undefined; isOnlyOne: boolean },
): string {
  // What is there by itself is not issued, and only delivered.
  if (!recorded) return isOnlyOne ? "not delivered yet" : "not issued yet";
  if (!actual) return complete || recorded.gone ? "gone" : "not known";
  const said = textOf(actual.attributes.state)?.toLowerCase() ?? stateByProbe(probe);
  if (recorded.lost && recorded.lost.length > 0) return `${said}, value lost`;
  return probe?.health === "refused" && !dead.includes(said) ? `${said}, refused` : said;
}

/** One that may do nothing, say for want of a license, is not said to work. */
function stateByProbe(probe: Probe | undefined): string {
  if (probe?.health !== "working") return "recorded";
  return probe.detail === undefined ? "works" : "recognized";
}

function rotationOf(expires: string | undefined, before: string | undefined): string | undefined {
  const ms = before === undefined ? undefined : durationMs(before);
  const at = expires === undefined ? Number.NaN : Date.parse(expires);
  return ms === undefined || Number.isNaN(at) ? undefined : new Date(at - ms).toISOString();
}

/** Of a credential without an end: so long after it was issued. */
function rotationByAge(issuedAt: string | undefined, every: string | undefined): string | undefined {
  const ms = every === undefined ? undefined : durationMs(every);
  return ms === undefined || issuedAt === undefined ? undefined : new Date(Date.parse(issuedAt) + ms).toISOString();
}

function soonestFirst(a: TokenLine, b: TokenLine): number {
  const [first, second] = [a, b].map(({ expires = "~", address }) => `${expires} ${address}`);
  return first! < second! ? -1 : 1;
}

function unmanagedOf(
  kinds: ReadonlyMap<string, Kind>,
  entries: readonly StateEntry[],
  { systems }: Observation,
): Record<string, number> {
  const known = new Set(
    entries.flatMap(({ system, kind, id, deposed }) =>
      [id, ...deposed.map((one) => one.id)].map((each) => `${system} ${kind} ${each}`),
    ),
  );
  const counts: Record<string, number> = {};
  for (const [system, { kinds: listings }] of Object.entries(systems)) {
    for (const kind of kinds.values()) {
      const name = kindName(kind.schema);
      // What a system has only once, such as the key of an installation, is no token among others.
      if (issuedBy(kind) === undefined || isOnlyOne(kind)) continue;
      const live = (listings[name]?.objects ?? []).filter(
        ({ id, attributes }) =>
          !known.has(`${system} ${name} ${id}`) && !dead.includes(textOf(attributes.state)?.toLowerCase() ?? ""),
      );
      if (live.length > 0) counts[system] = (counts[system] ?? 0) + live.length;
    }
  }
  return counts;
}

function textOf(value: Plain | Resource["attributes"][string] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
