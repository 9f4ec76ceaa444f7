import type { UserDraft } from "./drafts.ts";
import { passwordProblem } from "./password.ts";
import { SaveRefusal, type UserFields, type UserRecord } from "./records.ts";
import {
  checkSeats,
  type Moment,
  mergedIds,
  mergedRights,
  rightsToSave,
  sweepTokens,
  writtenFields,
} from "./saving.ts";
import { apiPermissionOf } from "./standing.ts";

/** Saving the panel of a user. The vendor documents lengths and the policy of passwords; refusals and their words are assumed. */

export const userNameLengthMax = 128;

/**
 * Whether the Veslink API permissions are among the rights of a user: they come some time after the user was created, or at
 * once where it has a Veslink account (IMOS - Creating a System User). Null for a user who is not saved yet.
 */
export function hasApiRights({ store, settings, at }: Moment, userName: string, user: UserRecord | null): boolean {
  if (!store.isApiLicensed) return false;
  if (userName !== "" && store.veslinkAccount(userName)) return true;
  return settings.apiRightsDelayMs <= (user ? at - user.created : 0);
}

function checkName({ store }: Moment, { userName }: UserFields, id: number | null): void {
  if (userName === "") throw new SaveRefusal("The user name is missing.");
  if (userName.length > userNameLengthMax) {
    throw new SaveRefusal(`The user name is longer than ${userNameLengthMax} characters.`);
  }
  const taken = store.user(userName);
  if (taken && taken.id !== id) throw new SaveRefusal(`There is a user ${taken.userName} already.`);
}

/** The password that was typed twice, or undefined when none was typed. Throws SaveRefusal. */
export function typedPassword(draft: { password: string; confirmation: string }): string | undefined {
  const { password, confirmation } = draft;
  if (password === "" && confirmation === "") return undefined;
  if (password !== confirmation) throw new SaveRefusal("The two passwords differ.");
  const problem = passwordProblem(password);
  if (problem !== undefined) throw new SaveRefusal(problem);
  return password;
}

/** Creates the user of a panel that was opened as new. Throws SaveRefusal. */
export function addUserOf(moment: Moment, draft: UserDraft): UserRecord {
  const { store } = moment;
  checkName(moment, draft.values, null);
  const password = typedPassword(draft);
  if (password === undefined) throw new SaveRefusal("The password is missing.");
  const planned: UserRecord = {
    ...draft.values,
    ...{
      id: 0,
      password,
      authentication: "IMOS",
      totpSecret: "",
      token: null,
      created: moment.at,
      modified: moment.at,
    },
  };
  const rights = rightsToSave(moment, {}, planned);
  checkSeats(store, [...store.users.values(), planned], store.groups.values());
  return store.addUser({ ...draft.values, rights, password });
}

function tokenAfter(draft: UserDraft, token: string | null): string | null {
  if (draft.token === "keep") return token;
  return draft.token === "new" ? draft.newToken : null;
}

/** Saves the panel of a user who exists. Throws SaveRefusal. */
export function saveUserOf(moment: Moment, draft: UserDraft, before: UserRecord): UserRecord {
  const { store, settings } = moment;
  const { rights: _rights, groupIds: _groupIds, ...written } = writtenFields(settings, draft);
  const { base, values } = draft;
  const isWhole = settings.saveWrites === "panel";
  const merged = {
    rights: isWhole ? values.rights : mergedRights(base.rights, values.rights, before.rights),
    groupIds: isWhole ? values.groupIds : mergedIds(base.groupIds, values.groupIds, before.groupIds),
  };
  const planned = { ...before, ...written, ...merged };
  checkName(moment, planned, before.id);
  const password = typedPassword(draft) ?? before.password;
  const rights = rightsToSave(moment, before.rights, planned);
  const others = store.users.values().filter(({ id }) => id !== before.id);
  checkSeats(store, [...others, planned], store.groups.values());
  const token = tokenAfter(draft, before.token);
  const saved = store.changeUser(before.id, { ...planned, rights, password, token });
  if (draft.token === "new") store.unreadTokens.add(saved.id);
  sweepTokens(moment);
  return saved;
}

/**
 * A new token, which counts after the save; it replaces the one before, for each user has one ("unique", in the page APIs).
 * Throws SaveRefusal for a user who is not saved yet, and for one without a saved API permission where the switch says so.
 */
export function requestedToken({ store, settings }: Moment, user: UserRecord | undefined): string {
  if (!user) throw new SaveRefusal("Save the user first, then request its token.");
  if (settings.tokenNeedsPermission && !apiPermissionOf({ ...user, isInactive: false }, store.groups.values())) {
    throw new SaveRefusal("This user has no Veslink API permission. Grant one and save first.");
  }
  return store.newToken();
}
