import type { AccountDraft } from "./drafts.ts";
import { SaveRefusal, type UserRecord, type VeslinkAccountRecord } from "./records.ts";
import { apiPermissions, type Rights, withRight } from "./rights.ts";
import { typedPassword } from "./save-user.ts";
import { type Moment, rightsToSave, sweepTokens, writtenFields } from "./saving.ts";

/**
 * Saving an account of Voyage Reporting Security. Its API permissions are those of the platform's user of the same name: the
 * documents place them on both screens, and that both show the same is assumed.
 */

/** The rights of a user once the API permissions of the page are those that are on. */
function rightsAfter(rights: Rights, on: readonly string[]): Rights {
  let after = rights;
  for (const key of apiPermissions) {
    const isOn = on.includes(key);
    const had = rights[key] !== undefined && rights[key] !== "denied";
    if (isOn !== had) after = withRight(after, { key, label: "", items: [] }, isOn ? "delete" : "none");
  }
  return after;
}

/** What the user of the account has to be given. Throws SaveRefusal. */
function plannedUser(moment: Moment, draft: AccountDraft): UserRecord | undefined {
  const { store } = moment;
  const { base, values } = draft;
  if (JSON.stringify(base.apiRights) === JSON.stringify(values.apiRights)) return undefined;
  const user = store.user(values.userName);
  if (!user) throw new SaveRefusal("API permissions need a user of this name in the platform.");
  const rights = rightsToSave(moment, user.rights, { ...user, rights: rightsAfter(user.rights, values.apiRights) });
  return { ...user, rights };
}

/** Saves the pages of an account; one that was opened as new is created. Throws SaveRefusal. */
export function saveAccountOf(moment: Moment, draft: AccountDraft): VeslinkAccountRecord {
  const { store, settings } = moment;
  const { values, targetId } = draft;
  if (values.userName === "") throw new SaveRefusal("The user name is missing.");
  const taken = store.veslinkAccount(values.userName);
  if (taken && taken.id !== targetId) throw new SaveRefusal(`There is a Veslink user ${taken.userName} already.`);
  const password = typedPassword(draft);
  if (targetId === null && password === undefined) throw new SaveRefusal("The password is missing.");
  const user = plannedUser(moment, draft);
  const { apiRights: _apiRights, ...written } = writtenFields(settings, draft);
  const { apiRights: _all, ...fields } = values;
  const saved =
    targetId === null
      ? store.addVeslinkAccount({ ...fields, password: password! })
      : store.changeVeslinkAccount(targetId, { ...written, ...(password === undefined ? {} : { password }) });
  if (user) store.changeUser(user.id, { rights: user.rights });
  sweepTokens(moment);
  return saved;
}
