import { isActive } from "../standing.ts";
import type { ConsoleCall } from "./console-call.ts";
import type { ListQuery } from "./list-query.ts";

/** A user or a group as lists show it. A flag that only users have is undefined for a group. */
export type ListRow = {
  readonly kind: "user" | "group";
  readonly id: number;
  readonly name: string;
  readonly fullName: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly isReadOnly?: boolean;
  readonly isSecurityAdmin: boolean;
  readonly isExternalOnly?: boolean;
  readonly isAuthenticationOnly: boolean;
  readonly groups: readonly string[];
  readonly hasToken?: boolean;
};

function everyRow({ store, listsAt }: ConsoleCall): ListRow[] {
  const groups = store.groups.asOf(listsAt);
  const users = store.users.asOf(listsAt).map((user): ListRow => {
    const {
      id,
      userName: name,
      fullName,
      email,
      isReadOnly,
      isSecurityAdmin,
      isExternalOnly,
      isAuthenticationOnly,
    } = user;
    const flags = { isReadOnly, isSecurityAdmin, isExternalOnly, isAuthenticationOnly, hasToken: user.token !== null };
    const names = groups.filter((group) => user.groupIds.includes(group.id)).map((group) => group.name);
    return { kind: "user", id, name, fullName, email, ...flags, isActive: isActive(user, groups), groups: names };
  });
  const rest = groups.map((group): ListRow => {
    const { id, name, description, isInactive, isSecurityAdmin, isAuthenticationOnly } = group;
    const flags = { isActive: !isInactive, isSecurityAdmin, isAuthenticationOnly };
    return { kind: "group", id, name, fullName: description, email: "", ...flags, groups: [] };
  });
  return [...users, ...rest];
}

/** What the query finds, sorted by name. */
export function listRows(call: ConsoleCall, { search, status, type }: ListQuery): ListRow[] {
  const { labels } = call;
  const wanted = search.toUpperCase();
  const found = everyRow(call).filter(
    (row) =>
      `${row.name}\n${row.fullName}\n${row.email}`.toUpperCase().includes(wanted) &&
      (status === labels.all || row.isActive === (status === labels.active)) &&
      (type === labels.all || (row.kind === "user") === (type === labels.user)),
  );
  const key = ({ name, kind }: ListRow): string => `${name.toUpperCase()}\n${kind}`;
  return found.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
