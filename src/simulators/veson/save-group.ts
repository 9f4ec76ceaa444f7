import type { GroupDraft } from "./drafts.ts";
import { type GroupFields, type GroupRecord, SaveRefusal, type UserRecord } from "./records.ts";
import { checkSeats, type Moment, mergedRights, sweepTokens, writtenFields } from "./saving.ts";

/** Saving the panel of a group, and who belongs to it. */

export const descriptionLengthMax = 100;

function checkFields({ store }: Moment, { name, description }: GroupFields, id: number | null): void {
  if (name === "") throw new SaveRefusal("The group name is missing.");
  if (description.length > descriptionLengthMax) {
    throw new SaveRefusal(`The description is longer than ${descriptionLengthMax} characters.`);
  }
  const taken = store.group(name);
  if (taken && taken.id !== id) throw new SaveRefusal(`There is a group ${taken.name} already.`);
}

/** The users with the memberships of the panel. */
function usersAfter({ store, settings }: Moment, draft: GroupDraft, groupId: number): UserRecord[] {
  const { base, values } = draft;
  return store.users.values().map((user) => {
    const isTouched =
      settings.saveWrites === "panel" || base.memberIds.includes(user.id) !== values.memberIds.includes(user.id);
    const isMember = isTouched ? values.memberIds.includes(user.id) : user.groupIds.includes(groupId);
    if (isMember === user.groupIds.includes(groupId)) return user;
    const others = user.groupIds.filter((id) => id !== groupId);
    return { ...user, groupIds: isMember ? [...others, groupId].sort((a, b) => a - b) : others };
  });
}

function putMembers({ store }: Moment, users: readonly UserRecord[]): void {
  for (const { id, groupIds } of users) {
    if (store.users.get(id)!.groupIds !== groupIds) store.changeUser(id, { groupIds });
  }
}

/** Creates the group of a panel that was opened as new. It can make nobody count who did not. Throws SaveRefusal. */
export function addGroupOf(moment: Moment, draft: GroupDraft): GroupRecord {
  const { memberIds: _memberIds, ...fields } = draft.values;
  checkFields(moment, fields, null);
  const added = moment.store.addGroup(fields);
  putMembers(moment, usersAfter(moment, draft, added.id));
  sweepTokens(moment);
  return added;
}

/** Saves the panel of a group that exists. Throws SaveRefusal. */
export function saveGroupOf(moment: Moment, draft: GroupDraft, before: GroupRecord): GroupRecord {
  const { store, settings } = moment;
  const { memberIds: _memberIds, rights: _rights, ...written } = writtenFields(settings, draft);
  const { base, values } = draft;
  const rights =
    settings.saveWrites === "panel" ? values.rights : mergedRights(base.rights, values.rights, before.rights);
  const planned = { ...before, ...written, rights };
  checkFields(moment, planned, before.id);
  const users = usersAfter(moment, draft, before.id);
  const others = store.groups.values().filter(({ id }) => id !== before.id);
  checkSeats(store, users, [...others, planned]);
  const saved = store.changeGroup(before.id, planned);
  putMembers(moment, users);
  sweepTokens(moment);
  return saved;
}
