import type { TokenRecord, UserRecord } from "./records.ts";
import type { RoleRecord } from "./roles.ts";
import type { UserType } from "./scopes.ts";
import { VelocloudData } from "./store.ts";

/** `lifetimeMs` is a year by default; without `createdBy` nobody is named as the token's maker. */
type NewToken = {
  ownerId: number;
  name: string;
  description?: string | null;
  lifetimeMs?: number;
  createdBy?: UserRecord;
};
export type NewUser = {
  username: string;
  roleName: string;
  userType?: UserType;
  tenantId: number;
} & Partial<UserRecord>;

const yearMs = 365 * 24 * 60 * 60 * 1000;

/**
 * The store with edits that somebody else makes, past the API and its rules. Each takes effect at the simulator's
 * present time, shows up in lagging lists like any change, and is not a call: it appears in no counter.
 */
export class VelocloudStore extends VelocloudData {
  userNamed(username: string): UserRecord | undefined {
    return this.users.find((user) => user.username === username);
  }

  /** A role by name: a default one, or a composite role. Throws when there is none. */
  roleNamed(name: string): RoleRecord {
    const role = this.roles.find((candidate) => candidate.name === name);
    if (!role) throw new Error(`the simulated store has no role "${name}"`);
    return role;
  }

  tokensOf(userId: number): TokenRecord[] {
    return this.tokens.values().filter((token) => token.ownerId === userId);
  }

  addUser(user: NewUser): UserRecord {
    const { roleName, tenantId, userType = "ENTERPRISE", ...rest } = user;
    const at = this.now();
    // Written out flat: worlds of ten thousand users are made this way.
    const record: UserRecord = {
      id: this.newId("user"),
      userType,
      enterpriseId: userType === "ENTERPRISE" ? tenantId : null,
      enterpriseProxyId: userType === "MSP" ? tenantId : null,
      networkId: userType === "OPERATOR" ? tenantId : null,
      password: null,
      firstName: null,
      lastName: null,
      email: null,
      officePhone: null,
      mobilePhone: null,
      domain: null,
      isNative: true,
      isActive: true,
      isLocked: false,
      disableSecondFactor: false,
      isDefault: false,
      sshUsername: `vco_${this.random.hex(8)}`,
      accessLevel: "BASIC",
      roleId: this.roleNamed(roleName).id,
      created: at,
      modified: at,
      passwordModified: null,
      lastLogin: null,
      ...rest,
    };
    this.users.put(record, at);
    return record;
  }

  changeRoleOf(userId: number, roleName: string): void {
    this.changeUser(userId, { roleId: this.roleNamed(roleName).id });
  }

  disableUser(userId: number): void {
    this.changeUser(userId, { isActive: false });
  }

  enableUser(userId: number): void {
    this.changeUser(userId, { isActive: true });
  }

  deleteUser(userId: number): void {
    this.removeUser(userId);
  }

  setPassword(userId: number, password: string): void {
    this.changeUser(userId, { password, passwordModified: this.now() });
  }

  revokeToken(tokenId: number): void {
    this.changeToken(tokenId, { isRevoked: true });
  }

  /** A Pending token. */
  addToken(token: NewToken): TokenRecord {
    const owner = this.anyUser(token.ownerId);
    if (!owner) throw new Error(`the simulated store has no user ${token.ownerId}`);
    const at = this.now();
    const { enterpriseId, enterpriseProxyId, networkId } = owner;
    const record: TokenRecord = {
      ...{ id: this.newId("token"), tokenUuid: this.random.uuid(), name: token.name },
      ...{ description: token.description ?? null, created: at, modified: at, downloaded: null, isRevoked: false },
      expiration: at + (token.lifetimeMs ?? yearMs),
      ...{
        ownerId: owner.id,
        ownerType: owner.userType,
        createdById: token.createdBy?.id ?? null,
        createdByType: token.createdBy?.userType ?? null,
      },
      ...{ enterpriseId, enterpriseProxyId, networkId },
    };
    this.tokens.put(record, at);
    return record;
  }

  /** Downloads a token past the API; returns its value. */
  downloadToken(tokenId: number): string {
    return this.issueTokenValue(this.changeToken(tokenId, { downloaded: this.now() }));
  }

  /** A token that is Enabled at once; returns its value. */
  addEnabledToken(token: NewToken): string {
    return this.downloadToken(this.addToken(token).id);
  }

  renameRole(roleId: number, name: string): void {
    this.changeRole(roleId, { name });
  }

  deleteRole(roleId: number): void {
    this.roles.remove(roleId, this.now());
  }

  setDelegation(enterpriseId: number, isDelegated: boolean): void {
    const enterprise = this.enterprises.get(enterpriseId)!;
    this.enterprises.put({ ...enterprise, userManagementDelegatedToOperator: isDelegated }, this.now());
  }

  setAuthenticationMode(enterpriseId: number, authenticationMode: "NATIVE" | "SSO"): void {
    this.enterprises.put({ ...this.enterprises.get(enterpriseId)!, authenticationMode }, this.now());
  }

  /** A copy that shares nothing that can change. It reads `now` unless given another clock. */
  clone(now: () => number = this.now): VelocloudStore {
    const copy = new VelocloudStore(0, now);
    this.copyInto(copy);
    return copy;
  }
}
