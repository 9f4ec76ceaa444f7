import type { UserType } from "./scopes.ts";

/** Rows of the simulator's store. All times are milliseconds since 1970; tests read these fields directly. */

export type UserRecord = {
  readonly id: number;
  readonly userType: UserType;
  readonly enterpriseId: number | null;
  readonly enterpriseProxyId: number | null;
  readonly networkId: number | null;
  readonly username: string;
  /** In clear, so that a call costs microseconds. No value here is used anywhere but in the simulator. */
  readonly password: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly officePhone: string | null;
  readonly mobilePhone: string | null;
  readonly domain: string | null;
  readonly isNative: boolean;
  readonly isActive: boolean;
  readonly isLocked: boolean;
  readonly disableSecondFactor: boolean;
  readonly sshUsername: string;
  readonly accessLevel: "BASIC" | "PRIVILEGED";
  readonly roleId: number;
  /** The user that came with its tenant; it cannot be deleted. */
  readonly isDefault: boolean;
  readonly created: number;
  readonly modified: number;
  readonly passwordModified: number | null;
  readonly lastLogin: number | null;
};

export type TokenRecord = {
  readonly id: number;
  readonly tokenUuid: string;
  readonly name: string;
  readonly description: string | null;
  readonly created: number;
  readonly modified: number;
  readonly expiration: number;
  readonly downloaded: number | null;
  readonly isRevoked: boolean;
  readonly ownerId: number;
  readonly ownerType: UserType;
  readonly createdById: number | null;
  readonly createdByType: UserType | null;
  readonly enterpriseId: number | null;
  readonly enterpriseProxyId: number | null;
  readonly networkId: number | null;
};

export type EnterpriseRecord = {
  readonly id: number;
  readonly name: string;
  readonly enterpriseProxyId: number | null;
  /** In `NATIVE` every user is native; in `SSO` the type can be chosen. */
  readonly authenticationMode: "NATIVE" | "SSO";
  readonly userManagementDelegatedToOperator: boolean;
  readonly created: number;
};

export type ProxyRecord = { readonly id: number; readonly name: string; readonly created: number };

export type SessionRecord = { readonly id: string; readonly userId: number; readonly expiresAt: number };

/** A password reset mail that a real orchestrator would have sent. */
export type PasswordMail = { readonly at: number; readonly to: string; readonly userId: number };

/** One call of a mutating method: who tried, and whether it changed anything. */
export type MutatingCall = {
  readonly method: string;
  readonly at: number;
  readonly principal: string | null;
  readonly committed: boolean;
};

/** An id of a user's tenant is set in exactly one of three fields. */
export function tenantIdOf(row: {
  enterpriseId: number | null;
  enterpriseProxyId: number | null;
  networkId: number | null;
}): number {
  return (row.enterpriseId ?? row.enterpriseProxyId ?? row.networkId)!;
}

export type TokenState = "PENDING" | "ENABLED" | "REVOKED" | "EXPIRED";

/** Revoked wins over expired; which of the two a real orchestrator shows is not documented. */
export function tokenStateAt(token: TokenRecord, at: number): TokenState {
  if (token.isRevoked) return "REVOKED";
  if (token.expiration <= at) return "EXPIRED";
  return token.downloaded === null ? "PENDING" : "ENABLED";
}
