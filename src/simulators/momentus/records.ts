/** Rows of the simulator's store. All times are milliseconds since 1970; tests read these fields directly. */

/** An environment is one Enterprise database with its own base path; Momentus Connect calls it a tenant. */
export type EnvironmentName = "prod" | "test";
export const environmentNames: readonly EnvironmentName[] = ["prod", "test"];

export type FieldValue = string | number | null;
/** A user or a role: its ID and what the wire shows of it, by the names of the wire. */
export type WireRow = { readonly id: string; readonly fields: Readonly<Record<string, FieldValue>> };
/** `id` is `USER/ROLE`. */
export type MembershipRow = { readonly id: string; readonly user: string; readonly role: string };

/** What the screen of an API user holds. */
export type ApiUserFields = {
  readonly displayName: string;
  readonly description: string;
  readonly organization: string;
  readonly enforceAccessPrivileges: boolean;
  readonly allowProxyUser: boolean;
  readonly isRetired: boolean;
  /** Hidden from everybody but support. */
  readonly isInternal: boolean;
  /** Works without the API module. */
  readonly hasLicenseSpecialAccess: boolean;
};

export type ApiUserRecord = ApiUserFields & {
  readonly id: string;
  /** One for all keys, readable again at any time. */
  readonly secret: string;
  /** The Connect app that this user was made for on approval. */
  readonly appId: number | null;
  readonly created: number;
  readonly modified: number;
};

/** `id` is the key itself, a GUID. A copy from prod to test leaves keys that are listed and do not work. */
export type KeyRecord = {
  readonly id: string;
  readonly apiUserId: string;
  readonly created: number;
  readonly isValid: boolean;
};

/** `deleted` is what Decline leaves behind until somebody removes the row. */
export type AppStatus = "requested" | "approved" | "active" | "disabled" | "deleted";

export type AppRecord = {
  readonly id: number;
  readonly tenant: EnvironmentName;
  readonly name: string;
  readonly status: AppStatus;
  /** Its app-specific API user, once approved and if the app needs V1 calls. */
  readonly apiUserId: string | null;
  readonly configuration: string | null;
};

/** ID, Secret and Key of one API user, as Connect is told them. */
export type ApiCredentials = { readonly id: string; readonly secret: string; readonly key: string };

/** Who signs in at the console; one account reaches both environments and Connect. */
export type ConsoleAccount = {
  readonly username: string;
  readonly name: string;
  /** In clear. No value here is used anywhere but in the simulator. */
  readonly password: string;
  readonly role: "support" | "customer-admin";
};

export type Mail = {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Of mails that came in over a wire: equal for every try of one mail. */
  readonly messageId?: string;
};

/** One call of a mutating method: who tried, and whether it changed anything. */
export type MutatingCall = {
  readonly method: string;
  readonly environment: EnvironmentName | null;
  readonly at: number;
  readonly principal: string | null;
  readonly committed: boolean;
};

/** Search results wait here for the calls that fetch their further pages. */
export type KeptSearch = {
  readonly id: string;
  readonly subject: string;
  readonly environment: EnvironmentName;
  readonly rows: readonly Readonly<Record<string, FieldValue>>[];
  /** The server that holds the results; the client comes back with its cookie. */
  readonly balancer: string;
};
