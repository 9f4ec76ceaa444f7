import { canonicalJson } from "../canonical.ts";
import type { Kind, View } from "../connectors/connector.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { SystemConfig } from "../manifest/manifest.ts";
import { markOwner } from "../mark.ts";
import { type Lookup, resolveAll } from "../resolve.ts";
import type { Actual, Address, Plain, Resource, StateEntry, Value } from "../resource.ts";
import type { Change, Step } from "../step.ts";
import type { PlanInput } from "./plan.ts";
import { identityOf, type Worlds } from "./world.ts";

/** One resource as planned so far. */
export interface Planned {
  change: Change;
  steps: Step[];
  errors: Diagnostic[];
  view?: View;
  protection?: string;
}

/** Whether the plan shows it: something is done about it, or is held back or left out. */
export function isWorthSaying({ change, steps }: Planned): boolean {
  const isStopped = change.blocked !== undefined || change.held !== undefined;
  return change.action !== "none" || isStopped || steps.length > 0;
}

export interface ViewSource extends PlanInput {
  worlds: Worlds;
  moves: ReadonlyMap<Address, StateEntry>;
  planned: ReadonlyMap<Address, Planned>;
}

interface ViewOf {
  address: Address;
  resource: Resource | undefined;
  entry: StateEntry | undefined;
  system: SystemConfig;
  kind: Kind;
}

/** Gathers what a kind may look at to plan one resource. */
export function makeView(source: ViewSource, of: ViewOf): View {
  const { address, resource, entry, system, kind } = of;
  const { state, manifest, worlds } = source;
  const listing = worlds.listing(system.name, kind.name);
  const marked = listing?.hasMarks ? listing.markedBy(markOwner(state.lineage, address)) : [];
  const desired =
    resource && withSortedSets(resolveAll(resource.attributes, lookupIn(source), kind.schema.properties), kind);
  const actual = entry ? listing?.byId(entry.id) : desired && newcomer(kind, desired, listing);
  const deposed = (entry?.deposed ?? []).flatMap((object) => listing?.byId(object.id) ?? []);
  const known = new Set([entry?.id, ...(entry?.deposed ?? []).map((object) => object.id)]);
  const generationNext = Math.max(state.generations[address] ?? 0, entry?.generation ?? 0) + 1;
  const strays = marked.filter(
    (object) => !known.has(object.id) && (kind.mark?.(object)?.generation ?? 0) < generationNext,
  );
  return {
    address,
    kind: kind.name,
    system,
    lineage: state.lineage,
    now: source.now,
    ...(resource ? { resource } : {}),
    ...(desired ? { desired } : {}),
    ...(entry ? { recorded: entry } : {}),
    ...(actual ? { actual } : {}),
    deposed,
    strays,
    generationNext,
    facts: source.observation.systems[system.name]?.facts ?? { me: null },
    world: worlds.of(system.name),
    locate: (path) => manifest.locate(address, path),
    replaceConsented: source.consents.replace.includes(address),
  };
}

/** Lists without an order in one order, so that plans are byte-equal however they were written. */
function withSortedSets(desired: Record<string, Value>, kind: Kind): Record<string, Value> {
  for (const [name, value] of Object.entries(desired)) {
    if (!Array.isArray(value) || !kind.schema.properties[name]?.uniqueItems) continue;
    desired[name] = [...value].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  }
  return desired;
}

/** An object that the state does not know but that has the identity of the resource. Namesakes prove nothing where names repeat. */
function newcomer(
  kind: Kind,
  desired: Record<string, Value>,
  listing: ReturnType<Worlds["listing"]>,
): Actual | undefined {
  if (kind.schema["x-unique"] === false) return undefined;
  const identity = identityOf(kind.schema, desired);
  return identity === undefined ? undefined : listing?.byIdentity(identity);
}

/** What references mean while planning: declared values, else what exists and stays. */
function lookupIn(source: ViewSource): Lookup {
  return (address, attribute) => {
    const target = source.worlds.desired(address);
    const schema = target && source.kinds.get(target.kind)?.schema;
    const name = attribute || schema?.["x-identity"][0] || "id";
    const declared = target?.attributes[name];
    if (declared !== undefined && typeof declared !== "object") return declared;
    const planned = source.planned.get(address);
    if (!planned?.view?.actual || isMadeAnew(planned.change.action)) return undefined;
    const actual: Actual = planned.view.actual;
    return name === "id" ? actual.id : ((actual.attributes[name] ?? undefined) as Plain | undefined);
  };
}

function isMadeAnew(action: string): boolean {
  return action === "create" || action === "replace" || action === "rotate";
}
