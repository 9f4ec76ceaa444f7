import type { VesonSettings } from "./options.ts";
import { type GroupRecord, SaveRefusal, type UserRecord } from "./records.ts";
import type { Rights } from "./rights.ts";
import { apiPermissionOf, isActive, needsSeat, seatsUsed } from "./standing.ts";
import type { VesonStore } from "./store.ts";

/** What every save has to do with: what was changed, licenses, and tokens that go with their reason. */

export type Moment = { readonly store: VesonStore; readonly settings: VesonSettings; readonly at: number };

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The fields that a save writes: those that differ from what the panel showed, or all of them. */
export function writtenFields<Fields extends object>(
  settings: VesonSettings,
  { base, values }: { base: Fields; values: Fields },
): Partial<Fields> {
  if (settings.saveWrites === "panel") return values;
  const keys = Object.keys(values) as (keyof Fields)[];
  return Object.fromEntries(
    keys.filter((key) => !isEqual(base[key], values[key])).map((key) => [key, values[key]]),
  ) as Partial<Fields>;
}

/** The rights of now with what the panel changed, so that a save does not undo what others gave or took meanwhile. */
export function mergedRights(base: Rights, values: Rights, now: Rights): Rights {
  const keys = [...new Set([...Object.keys(base), ...Object.keys(values), ...Object.keys(now)])].sort();
  const merged = keys.map((key) => [key, base[key] === values[key] ? now[key] : values[key]] as const);
  return Object.fromEntries(merged.filter(([, right]) => right !== undefined)) as Rights;
}

/** The same for a set of ids. */
export function mergedIds(base: readonly number[], values: readonly number[], now: readonly number[]): number[] {
  const added = values.filter((id) => !base.includes(id));
  const removed = base.filter((id) => !values.includes(id));
  return [...new Set([...now, ...added])].filter((id) => !removed.includes(id)).sort((a, b) => a - b);
}

/**
 * The limit stops what would make more users count than there are licenses. It never stops what makes fewer count. Where and
 * with which words the platform refuses is not documented. Throws SaveRefusal.
 */
export function checkSeats(store: VesonStore, users: readonly UserRecord[], groups: readonly GroupRecord[]): void {
  const used = seatsUsed({ users, groups });
  if (used <= store.licenseLimit || used <= store.seatsUsed) return;
  throw new SaveRefusal(
    `No license is left. ${store.seatsUsed} users count against the limit of ${store.licenseLimit}; deactivate one of them first.`,
  );
}

/** The rights that a save gives to a user. Throws SaveRefusal where they need a license and the user takes none. */
export function rightsToSave({ store, settings }: Moment, before: Rights, after: UserRecord): Rights {
  const sorted = (rights: Rights) => Object.entries(rights).sort(([a], [b]) => (a < b ? -1 : 1));
  if (isEqual(sorted(before), sorted(after.rights)) || settings.rightsWithoutSeat === "allowed") return after.rights;
  if (needsSeat(after, store.groups.values())) return after.rights;
  if (settings.rightsWithoutSeat === "dropped") return before;
  throw new SaveRefusal("Rights can be set only while the user counts against the license limit.");
}

/** Takes the tokens of users who have lost what theirs needs to live, where the switches say that it dies. */
export function sweepTokens({ store, settings }: Moment): void {
  const groups = store.groups.values();
  for (const user of store.users.values()) {
    if (user.token === null) continue;
    const isLost =
      (!settings.tokenSurvivesDeactivation && !isActive(user, groups)) ||
      (!settings.tokenSurvivesRevocation && isActive(user, groups) && !apiPermissionOf(user, groups));
    if (isLost) store.changeUser(user.id, { token: null });
  }
}

/** Turns users and groups on or off at once. Throws SaveRefusal. */
export function setActivity(moment: Moment, ids: { users: number[]; groups: number[] }, isInactive: boolean): void {
  const { store } = moment;
  const turned = <T extends { id: number; isInactive: boolean }>(rows: readonly T[], chosen: number[]): T[] =>
    rows.map((row) => (chosen.includes(row.id) ? { ...row, isInactive } : row));
  checkSeats(store, turned(store.users.values(), ids.users), turned(store.groups.values(), ids.groups));
  for (const id of ids.users) store.changeUser(id, { isInactive });
  for (const id of ids.groups) store.changeGroup(id, { isInactive });
  sweepTokens(moment);
}
