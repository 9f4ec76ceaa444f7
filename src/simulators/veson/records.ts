import type { Rights } from "./rights.ts";

/** Rows of the simulator's store. All times are milliseconds since 1970; tests read these fields directly. */

/** What the panel of a user holds, its password and token excepted. */
export type UserFields = {
  readonly userName: string;
  readonly fullName: string;
  readonly initials: string;
  readonly email: string;
  readonly phone: string;
  readonly isReadOnly: boolean;
  readonly isInactive: boolean;
  /** May change other users; being made one by a group does not count for that. */
  readonly isSecurityAdmin: boolean;
  readonly isExternalOnly: boolean;
  readonly isAuthenticationOnly: boolean;
  readonly groupIds: readonly number[];
  readonly rights: Rights;
};

export type UserRecord = UserFields & {
  readonly id: number;
  /** In clear. No value here is used anywhere but in the simulator. */
  readonly password: string;
  /** How the user signs in; "IMOS" users have a password here. */
  readonly authentication: "IMOS" | "Single Sign-On";
  /** Shared with the user's authenticator, base32. Asked for where sign-in needs a second factor. */
  readonly totpSecret: string;
  /** The one API token, 64 hexadecimal digits. */
  readonly token: string | null;
  readonly created: number;
  readonly modified: number;
};

/** What the panel of a group holds, its members excepted: they are in the users. */
export type GroupFields = {
  readonly name: string;
  readonly description: string;
  /** Inactivates the users of this group. */
  readonly isInactive: boolean;
  readonly isSecurityAdmin: boolean;
  /** Disables the rights of this group on this site; its users do not count. */
  readonly isAuthenticationOnly: boolean;
  readonly rights: Rights;
};

export type GroupRecord = GroupFields & { readonly id: number; readonly created: number; readonly modified: number };

/** An account of Voyage Reporting (Veslink). It belongs to the platform's user of the same name, if there is one. */
export type VeslinkAccountFields = {
  readonly userName: string;
  readonly email: string;
  readonly administersCompany: boolean;
  readonly restrictsVessels: boolean;
  /** Keys of object rights; they count when vessels are restricted. */
  readonly vessels: readonly string[];
};

/** The vendor changes `authType` by request; nothing here does. */
export type VeslinkAccountRecord = VeslinkAccountFields & {
  readonly id: number;
  readonly password: string;
  readonly authType: "ImosApp" | "None";
  readonly created: number;
};

/** Why something cannot be saved; the texts are the simulator's own. The page shows it, and nothing was changed. */
export class SaveRefusal extends Error {}

/** One call of a mutating method: who tried, and whether it changed anything. */
export type MutatingCall = {
  readonly method: string;
  readonly at: number;
  readonly principal: string | null;
  readonly committed: boolean;
};

/** What somebody handed in over the API. */
export type Submission = {
  readonly at: number;
  readonly userName: string;
  readonly what: string;
  readonly body: string;
};
