import type { Permission } from "./permissions.ts";

/** Rows of the simulator's store. All times are milliseconds since 1970; tests read these fields directly. */

/** What the form of an API user holds, its password excepted. */
export type ApiUserFields = {
  readonly login: string;
  readonly name: string;
  readonly surname: string;
  readonly email: string;
  readonly groupIds: readonly number[];
  /** The only addresses that may use this user; none means all of them. */
  readonly addresses: readonly string[];
};

export type ApiUserRecord = ApiUserFields & {
  readonly id: number;
  /** In clear. No value here is used anywhere but in the simulator. */
  readonly password: string;
  /** Nothing on the console blocks a user or shows it; the API knows an error code for it. */
  readonly isBlocked: boolean;
  /** What every authorization returns while the option of a different token is off. */
  readonly token: string | null;
  readonly created: number;
  readonly modified: number;
};

export type GroupFields = { readonly name: string; readonly permissions: readonly Permission[] };
export type GroupRecord = GroupFields & { readonly id: number; readonly created: number; readonly modified: number };

/** The page "API Users - Settings": there is one for the whole installation. */
export type Installation = {
  readonly customerKey: string;
  readonly validitySeconds: number;
  readonly returnsDifferentToken: boolean;
};

/** A token of the API, 32 hexadecimal digits. It counts for `validMs` from `since` on. */
export type TokenRecord = {
  readonly id: string;
  readonly userId: number;
  readonly since: number;
  readonly validMs: number;
};

/** Who signs in at the console. Only administrators see the module System; which rights that takes is not documented. */
export type ConsoleAccount = {
  readonly username: string;
  readonly name: string;
  /** In clear, as above. */
  readonly password: string;
  /** What its authenticator makes codes from, in base32. */
  readonly totpSecret: string;
  readonly role: "administrator" | "marketer";
};

/** A contact of the marketing side, by the names of the wire. */
export type ContactRecord = { readonly id: number; readonly fields: Readonly<Record<string, string>> };
export type TagRecord = { readonly id: number; readonly name: string };

/** Why something cannot be saved; the texts are the simulator's own. The page shows it, and nothing was changed. */
export class SaveRefusal extends Error {}

/** One call of a mutating method: who tried, and whether it changed anything. */
export type MutatingCall = {
  readonly method: string;
  readonly at: number;
  readonly principal: string | null;
  readonly committed: boolean;
};
