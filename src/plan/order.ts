import type { Address, StateEntry } from "../resource.ts";
import { type Change, groupSteps, type Step } from "../step.ts";

/**
 * Adds the order between resources to steps. What a resource needs is finished before its first step. What goes away does so
 * before anything happens to what it needed, so that no token outlives the user who owned it. An object that was replaced
 * is cleared away only when everything that needs its successor is done.
 */
export function orderSteps(
  changes: readonly Change[],
  steps: readonly Step[],
  entries: Readonly<Record<Address, StateEntry>>,
): Step[] {
  const groups = groupSteps(steps);
  const known = new Set(steps.map(({ id }) => id));
  const before = edges(changes, groups, entries);
  const users = usersOf(changes, groups);
  return steps.map((drafted) => {
    const step = withKnownNeeds(drafted, known);
    const others = isClearing(step) ? users.get(step.address) : isFirst(step) ? before.get(step.address) : undefined;
    if (!others) return step;
    const earlier = [...others].sort().flatMap((address) => lastSteps(groups.get(address) ?? []));
    return { ...step, needs: [...new Set([...step.needs, ...earlier])] };
  });
}

/** What a step needs of other changes counts where the plan has it. */
function withKnownNeeds(step: Step, known: ReadonlySet<string>): Step {
  return step.needs.every((need) => known.has(need))
    ? step
    : { ...step, needs: step.needs.filter((need) => known.has(need)) };
}

/** For each address, those whose steps come first. */
function edges(
  changes: readonly Change[],
  groups: ReadonlyMap<Address, Step[]>,
  entries: Readonly<Record<Address, StateEntry>>,
): Map<Address, Set<Address>> {
  const actions = new Map(changes.map((change) => [change.address, change.action]));
  const before = new Map<Address, Set<Address>>();
  const add = (first: Address, then: Address): void => {
    if (first !== then && groups.has(first) && groups.has(then)) into(before, then).add(first);
  };
  for (const change of changes) {
    if (!goesAway(change.action)) for (const needed of change.after) add(needed, change.address);
    for (const needed of entries[change.address]?.dependsOn ?? []) {
      if (goesAway(change.action) || goesAway(actions.get(needed))) add(change.address, needed);
    }
  }
  return before;
}

/** For each address, those that need it and stay. */
function usersOf(changes: readonly Change[], groups: ReadonlyMap<Address, Step[]>): Map<Address, Set<Address>> {
  const users = new Map<Address, Set<Address>>();
  for (const change of changes) {
    if (goesAway(change.action) || !groups.has(change.address)) continue;
    for (const needed of change.after) into(users, needed).add(change.address);
  }
  return users;
}

function into(sets: Map<Address, Set<Address>>, key: Address): Set<Address> {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set);
  return set;
}

function goesAway(action: string | undefined): boolean {
  return action === "delete" || action === "forget";
}

const isClearing = (step: Step): boolean => step.records.is === "cleared";

const isFirst = (step: Step): boolean => !step.needs.some((need) => need.startsWith(`${step.address}/`));

/** Steps of a change that no other step of it waits for, clearing away and giving back aside: those end well in any case. */
function lastSteps(steps: Step[]): string[] {
  const kept = steps.filter((step) => !isClearing(step) && !step.always);
  const needed = new Set(kept.flatMap((step) => step.needs));
  return kept.map((step) => step.id).filter((id) => !needed.has(id));
}

/**
 * Sorts so that what is needed comes first; among equals by name. What would close a circle is taken by name:
 * circles of the manifest were refused before.
 */
export function inOrder<T>(items: ReadonlyMap<string, T>, needsOf: (item: T) => readonly string[]): T[] {
  const entered = new Set<string>();
  const sorted: T[] = [];
  // A stack of our own: a chain of ten thousand resources is deeper than the one of the language.
  for (const start of [...items.keys()].sort()) {
    const stack: { name: string; needs: string[] }[] = [];
    const enter = (name: string): void => {
      const item = items.get(name);
      if (item === undefined || entered.has(name)) return;
      entered.add(name);
      stack.push({ name, needs: [...needsOf(item)].sort().reverse() });
    };
    enter(start);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const need = top.needs.pop();
      if (need !== undefined) enter(need);
      else {
        stack.pop();
        sorted.push(items.get(top.name)!);
      }
    }
  }
  return sorted;
}
