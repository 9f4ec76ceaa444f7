import { isAddress } from "./addresses.ts";
import type { IpressoSettings } from "./options.ts";
import {
  type ApiUserFields,
  type ApiUserRecord,
  type GroupFields,
  type GroupRecord,
  type Installation,
  SaveRefusal,
} from "./records.ts";
import type { IpressoStore } from "./store.ts";

/**
 * Saving at the console. That logins and e-mail addresses are unique, what is mandatory, and that a group with users cannot be
 * deleted is documented; all words of refusals are the simulator's own.
 */

export type Moment = { readonly store: IpressoStore; readonly settings: IpressoSettings; readonly at: number };

/** What was typed; an empty password is none. */
export type TypedUser = ApiUserFields & { readonly password: string };

function isSame({ settings }: Moment, a: string, b: string): boolean {
  return settings.uniqueIgnoresCase ? a.toLowerCase() === b.toLowerCase() : a === b;
}

function checkUnique(moment: Moment, { login, email }: TypedUser, id: number | null): void {
  const others = moment.store.users.values().filter((user) => user.id !== id);
  if (others.some((user) => isSame(moment, user.login, login))) {
    throw new SaveRefusal(`There is an API user with the login ${login} already.`);
  }
  if (others.some((user) => isSame(moment, user.email, email))) {
    throw new SaveRefusal(`Another API user has the e-mail address ${email}.`);
  }
}

/** What an e-mail address and an IP address look like is not documented; the form takes what can be one. */
function checkUser(moment: Moment, typed: TypedUser, before: ApiUserRecord | undefined): void {
  const { store, settings } = moment;
  const { login, password, email, groupIds, addresses } = typed;
  if (login === "") throw new SaveRefusal("The login is missing.");
  const mayStay = before !== undefined && settings.emptyPasswordOnEdit === "unchanged";
  if (password === "" && !mayStay) throw new SaveRefusal("The password is missing.");
  if (email === "") throw new SaveRefusal("The e-mail address is missing.");
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new SaveRefusal(`${email} is no e-mail address.`);
  if (groupIds.length === 0 || groupIds.some((id) => !store.groups.get(id))) {
    throw new SaveRefusal("The user group is missing.");
  }
  const wrong = addresses.find((address) => !isAddress(address, settings.addressForms));
  if (wrong !== undefined) throw new SaveRefusal(`${wrong} is no IP address.`);
  checkUnique(moment, typed, before?.id ?? null);
}

/** Creates the user of a form. Throws SaveRefusal. */
export function addUserOf(moment: Moment, typed: TypedUser): ApiUserRecord {
  checkUser(moment, typed, undefined);
  return moment.store.addUser(typed);
}

/** Changes each field of a user to what the form says; the last one to save wins. Throws SaveRefusal. */
export function saveUserOf(moment: Moment, typed: TypedUser, before: ApiUserRecord): ApiUserRecord {
  const { store, settings } = moment;
  checkUser(moment, typed, before);
  const password = typed.password === "" ? before.password : typed.password;
  if (password !== before.password && !settings.tokensOutlivePassword) store.endTokens(before.id);
  return store.changeUser(before.id, { ...typed, password });
}

function checkGroup({ store, settings }: Moment, { name }: GroupFields, id: number | null): void {
  // That a group needs a name is assumed.
  if (name === "") throw new SaveRefusal("The name is missing.");
  const taken = store.groups.find((group) => group.id !== id && group.name === name);
  if (taken && !settings.groupNamesRepeat) throw new SaveRefusal(`There is a group ${name} already.`);
}

/** Creates the group of a form. Throws SaveRefusal. */
export function addGroupOf(moment: Moment, fields: GroupFields): GroupRecord {
  checkGroup(moment, fields, null);
  return moment.store.addGroup(fields);
}

/** Changes a group to what the form says. Throws SaveRefusal. */
export function saveGroupOf(moment: Moment, fields: GroupFields, before: GroupRecord): GroupRecord {
  checkGroup(moment, fields, before.id);
  return moment.store.changeGroup(before.id, fields);
}

/** A group that has at least one user cannot be deleted (API Users Groups). Throws SaveRefusal. */
export function removeGroupOf({ store }: Moment, { id, name }: GroupRecord): void {
  const count = store.membersOf(id).length;
  if (count > 0) {
    const has = count === 1 ? "1 user" : `${count} users`;
    throw new SaveRefusal(`The group ${name} has ${has}. Move them to another group or delete them first.`);
  }
  store.removeGroup(id);
}

/** The settings with another validity, in seconds as it was typed. Its bounds are not documented. Throws SaveRefusal. */
export function withValidity(installation: Installation, typed: string): Installation {
  if (!/^\d{1,9}$/.test(typed) || Number(typed) < 1) throw new SaveRefusal("The validity is a number of seconds.");
  return { ...installation, validitySeconds: Number(typed) };
}
