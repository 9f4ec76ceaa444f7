import { Table } from "../table.ts";
import type { ApiCredentials, ApiUserRecord, KeyRecord, MembershipRow, WireRow } from "./records.ts";

/** Everything one environment stores. */
export class MomentusDatabase {
  users = new Table<WireRow>();
  roles = new Table<WireRow>();
  userRoles = new Table<MembershipRow>();
  apiUsers = new Table<ApiUserRecord>();
  keys = new Table<KeyRecord>();
  organizations: readonly string[] = [];

  /** An API user by ID. IDs that differ only in case are the same (assumed). */
  apiUser(id: string): ApiUserRecord | undefined {
    const wanted = id.toUpperCase();
    return this.apiUsers.find((user) => user.id.toUpperCase() === wanted);
  }

  keysOf(apiUserId: string): KeyRecord[] {
    return this.keys.values().filter((key) => key.apiUserId === apiUserId);
  }

  /** Whether somebody who holds these credentials can sign with them; licenses are another question. */
  accepts(credentials: ApiCredentials): boolean {
    const user = this.apiUser(credentials.id);
    const key = this.keys.get(credentials.key);
    if (!user || user.isRetired || key?.apiUserId !== user.id || !key.isValid) return false;
    return user.secret === credentials.secret;
  }

  forgetHistory(): void {
    for (const table of [this.users, this.roles, this.userRoles, this.apiUsers, this.keys]) table.forgetHistory();
  }

  clone(): MomentusDatabase {
    const copy = new MomentusDatabase();
    copy.users = this.users.clone();
    copy.roles = this.roles.clone();
    copy.userRoles = this.userRoles.clone();
    copy.apiUsers = this.apiUsers.clone();
    copy.keys = this.keys.clone();
    copy.organizations = this.organizations;
    return copy;
  }
}
