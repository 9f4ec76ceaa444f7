import { canonicalJson } from "./canonical.ts";
import type { Kind } from "./connectors/connector.ts";
import { Refusal } from "./diagnostic.ts";
import type { GuardConfig } from "./manifest/manifest.ts";
import type { Observation } from "./observation.ts";
import type { PlanResult } from "./plan/plan.ts";
import type { Plain, StateEntry } from "./resource.ts";
import type { State } from "./state.ts";
import type { Change, Consents, Plan } from "./step.ts";

type Reason = { message: string; remedy: string };

export interface GuardInput {
  result: PlanResult;
  state: State;
  observation: Observation;
  guard: GuardConfig;
  kinds: ReadonlyMap<string, Kind>;
}

/**
 * Refuses plans that take away more than somebody agreed to. Throws one Refusal with every reason, its numbers and the flag
 * that allows it. What protects ourselves, the last super user and `prevent_destroy` no flag allows.
 */
export function assertSafe(input: GuardInput): void {
  const { plan } = input.result;
  const removals = removalsIn(input);
  const total = removals.reduce((sum, removal) => sum + removal.removed, 0);
  const reasons = [...protectionReasons(input), ...missingReasons(input, plan.consents)];
  const allowed = plan.consents.allowDeletions;
  if (allowed !== undefined && allowed !== total) {
    const message = `--allow-deletions ${allowed} was given, but this plan removes ${total}`;
    reasons.push({ message, remedy: `look at the plan again; if it is meant: --allow-deletions ${total}` });
  } else if (allowed === undefined) {
    reasons.push(...removals.flatMap((removal) => removalReasons(removal, total, input.guard)));
  }
  if (reasons.length > 0) throw new UnsafePlan(reasons, plan);
}

/** The guard's Refusal, with the plan that it does not let pass: whoever is to consent must see it. */
export class UnsafePlan extends Refusal {
  readonly plan: Plan;

  constructor(reasons: Refusal["reasons"], plan: Plan) {
    super(reasons);
    this.plan = plan;
  }
}

/** How many things a plan removes, of how many, and of what. */
export interface Removal {
  of: string;
  removed: number;
  /** How many of these objects are deleted only to be made anew. */
  replaced: number;
  total: number;
  /** "objects" of a kind, or "entries" of one list. */
  what: "objects" | "entries";
  firstContact: boolean;
}

function removalsIn(input: GuardInput): Removal[] {
  return [...objectRemovals(input), ...relationRemovals(input)].filter((removal) => removal.removed > 0);
}

function objectRemovals({ result, state }: GuardInput): Removal[] {
  const { plan } = result;
  const groups = new Map<string, Removal>();
  for (const entry of Object.values(state.entries)) {
    const of = `${entry.kind} on ${entry.system}`;
    const group = groups.get(of);
    if (group) group.total++;
    else {
      const known = state.appliedKinds.includes(`${entry.system}/${entry.kind}`);
      groups.set(of, { of, removed: 0, replaced: 0, total: 1, what: "objects", firstContact: !known });
    }
  }
  for (const change of removalsOf(plan)) {
    const group = groups.get(`${change.kind} on ${change.system}`);
    if (!group || !recordOf(change, state)) continue;
    group.removed++;
    if (change.action === "replace") group.replaced++;
  }
  return [...groups.values()];
}

/** What goes away: deletions, and replacements that delete first because names are unique. */
function removalsOf({ changes, steps }: Plan): Change[] {
  const deleting = new Set(
    steps.filter((step) => step.records.is === "removed" && step.hand !== "state").map((step) => step.address),
  );
  return changes.filter(
    ({ action, address, held, blocked }) =>
      !held && !blocked && (action === "delete" || (action === "replace" && deleting.has(address))),
  );
}

/** The record of what a change takes away; it may still bear a former address. */
function recordOf({ address, kind, system, id }: Change, { entries }: State): StateEntry | undefined {
  const here = entries[address];
  if (here || id === undefined) return here;
  return Object.values(entries).find((entry) => entry.id === id && entry.kind === kind && entry.system === system);
}

function relationRemovals({ result, kinds }: GuardInput): Removal[] {
  return result.plan.changes.flatMap((change) => {
    if (change.held || change.blocked || change.action === "delete" || change.action === "forget") return [];
    const properties = kinds.get(change.kind)?.schema.properties ?? {};
    return change.attributes.flatMap((attribute) => {
      if (!properties[attribute.path]?.["x-relation"] || attribute.unmanaged || !Array.isArray(attribute.before))
        return [];
      const after = new Set(entriesOf(attribute.after));
      const before = entriesOf(attribute.before);
      const removed = before.filter((entry) => !after.has(entry)).length;
      const of = `${attribute.path} of ${change.address}`;
      return [{ of, removed, replaced: 0, total: before.length, what: "entries" as const, firstContact: false }];
    });
  });
}

function entriesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map((item: Plain) => canonicalJson(item)) : [];
}

function removalReasons(removal: Removal, total: number, guard: GuardConfig): Reason[] {
  const { of, removed, replaced, total: all } = removal;
  const percent = (removed / all) * 100;
  const anew = replaced > 0 ? `, ${replaced} of them to be replaced` : "";
  const counted = `this plan removes ${removed} of ${all} ${of} (${Math.round(percent * 10) / 10} %)${anew}`;
  const remedy = `if that is meant: --allow-deletions ${total}`;
  const limits = `allowed are ${guard.deletionsMax}, and of more than one at most ${guard.deletionsMaxPercent} %`;
  if (removed > guard.deletionsMax || (removed > 1 && percent > guard.deletionsMaxPercent)) {
    return [{ message: `${counted}; ${limits}`, remedy }];
  }
  if (removed === all && replaced === 0) {
    const last = removal.what === "entries" ? "none of its present entries would be left" : "it is the last one";
    return [{ message: `${counted}; ${last}`, remedy }];
  }
  if (removal.firstContact) {
    return [{ message: `${counted}, and Steward has never finished an apply with this kind there`, remedy }];
  }
  return [];
}

function protectionReasons({ result, state }: GuardInput): Reason[] {
  const reasons = result.protections.map(({ address, because }) => ({
    message: `${address}: ${because}`,
    remedy: "no flag allows this; change it by hand on the system, with somebody else's account, if it is meant",
  }));
  for (const change of removalsOf(result.plan)) {
    if (!recordOf(change, state)?.preventDestroy) continue;
    const anew = change.action === "replace" ? " to make it anew" : "";
    reasons.push({
      message: `${change.address} has lifecycle.prevent_destroy, and this plan deletes it${anew}`,
      remedy: `put it back without prevent_destroy and apply that first, or: steward forget ${change.address}`,
    });
  }
  return reasons;
}

/** Many recorded objects that are missing at once mean more often that we cannot see than that they are gone. */
function missingReasons({ state, observation }: GuardInput, consents: Consents): Reason[] {
  const groups = new Map<string, { missing: number; total: number }>();
  for (const entry of Object.values(state.entries)) {
    const listing = observation.systems[entry.system]?.kinds[entry.kind];
    if (!listing?.complete) continue;
    const key = `${entry.kind} on ${entry.system}`;
    const group = groups.get(key) ?? { missing: 0, total: 0 };
    groups.set(key, group);
    group.total++;
  }
  for (const missing of missingEntries(state, observation)) {
    const group = groups.get(`${missing.kind} on ${missing.system}`);
    if (group) group.missing++;
  }
  const over = [...groups].filter(([, { missing, total }]) => missing > Math.max(1, Math.min(5, total * 0.25)));
  const missingTotal = over.reduce((sum, [, { missing }]) => sum + missing, 0);
  if (over.length === 0 || consents.allowMissing === missingTotal) return [];
  return over.map(([of, { missing, total }]) => ({
    message: `${missing} of ${total} recorded ${of} are missing: that looks like "cannot see", not like "gone"`,
    remedy: `check the rights of the account with: steward doctor; if they are really gone: --allow-missing ${missingTotal}`,
  }));
}

/** Recorded objects that a complete list does not show. */
export function missingEntries(state: State, observation: Observation): StateEntry[] {
  const ids = new Map<string, Set<string>>();
  for (const [system, seen] of Object.entries(observation.systems)) {
    for (const [kind, listing] of Object.entries(seen.kinds)) {
      if (listing.complete) ids.set(`${system}/${kind}`, new Set(listing.objects.map((object) => object.id)));
    }
  }
  return Object.values(state.entries).filter((entry) => {
    const seen = ids.get(`${entry.system}/${entry.kind}`);
    return seen !== undefined && !seen.has(entry.id);
  });
}
