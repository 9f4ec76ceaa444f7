import type { Address, StateEntry } from "../resource.ts";
import type { Change, Step } from "../step.ts";

/**
 * Adds the order between resources to steps. What a resource needs is finished before its first step; what goes away does so
 * before anything happens to what it needed, so that no token outlives the user who owned it.
 */
export function orderSteps(
  changes: readonly Change[],
  steps: readonly Step[],
  entries: Readonly<Record<Address, StateEntry>>,
): Step[] {
  const byAddress = groupByAddress(steps);
  const actions = new Map(changes.map((change) => [change.address, change.action]));
  const before = new Map<Address, Set<Address>>();
  const addEdge = (first: Address, then: Address): void => {
    if (first === then || !byAddress.has(first) || !byAddress.has(then)) return;
    if (!before.has(then)) before.set(then, new Set());
    before.get(then)!.add(first);
  };
  for (const change of changes) {
    if (!goesAway(change.action)) for (const needed of change.after) addEdge(needed, change.address);
    for (const needed of entries[change.address]?.dependsOn ?? []) {
      if (goesAway(change.action)) addEdge(change.address, needed);
      else if (goesAway(actions.get(needed))) addEdge(change.address, needed);
    }
  }
  return steps.map((step) => withNeeds(step, byAddress, before.get(step.address)));
}

function goesAway(action: string | undefined): boolean {
  return action === "delete" || action === "forget";
}

function withNeeds(step: Step, byAddress: Map<Address, Step[]>, before: Set<Address> | undefined): Step {
  const isFirst = !step.needs.some((need) => need.startsWith(`${step.address}/`));
  if (!isFirst || !before) return step;
  const earlier = [...before].sort().flatMap((address) => lastSteps(byAddress.get(address) ?? []));
  return { ...step, needs: [...step.needs, ...earlier] };
}

/** Steps of a change that no other step of it waits for. */
function lastSteps(steps: Step[]): string[] {
  const needed = new Set(steps.flatMap((step) => step.needs));
  return steps.map((step) => step.id).filter((id) => !needed.has(id));
}

function groupByAddress(steps: readonly Step[]): Map<Address, Step[]> {
  const groups = new Map<Address, Step[]>();
  for (const step of steps) {
    const group = groups.get(step.address);
    if (group) group.push(step);
    else groups.set(step.address, [step]);
  }
  return groups;
}

/**
 * Sorts so that what is needed comes first; among equals by name. What would close a circle is taken by name:
 * circles of the manifest were refused before.
 */
export function inOrder<T>(items: ReadonlyMap<string, T>, needsOf: (item: T) => readonly string[]): T[] {
  const done = new Set<string>();
  const sorted: T[] = [];
  const visit = (name: string, path: Set<string>): void => {
    const item = items.get(name);
    if (item === undefined || done.has(name) || path.has(name)) return;
    path.add(name);
    for (const need of [...needsOf(item)].sort()) visit(need, path);
    path.delete(name);
    done.add(name);
    sorted.push(item);
  };
  for (const name of [...items.keys()].sort()) visit(name, new Set());
  return sorted;
}
