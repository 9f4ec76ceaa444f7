import type { SignInSettings } from "../console/sign-in.ts";
import type { FaultRule } from "../faults.ts";
import type { Labels } from "./console/labels.ts";

/** Where documents leave open how the system behaves, a switch says what this one does. */
export type IpressoSettings = SignInSettings & {
  /** Milliseconds, 30 minutes by default. */
  sessionLifetimeMs: number;
  /** Where the settings are: on a page of their own, as the document calls them, or above the list of API users. */
  settingsPlace: "page" | "list";
  /**
   * What "a slider enabling you to turn the token change option" is: a check box that looks like one, which most sliders are; a
   * switch that counts at once; or a choice of Yes and No.
   */
  differentTokenControl: "check-box" | "switch" | "choice";
  /** Whether the asterisk of mandatory fields belongs to their accessible names. The document explains it as a mark beside them. */
  asteriskInName: boolean;
  /** One, as the page about groups speaks of a user's group, and a choice; or several, as the form's plural reads, and check boxes. */
  groupsPerUser: "one" | "several";
  /** How several addresses are typed: between commas on one line, or one on each line. Not documented. */
  addressesField: "line" | "lines";
  /** What an allowed address may be; each includes those before it. Nothing but "IP addresses" is documented. */
  addressForms: "ipv4" | "ipv6" | "networks";
  /** What an empty password means when a user is edited: it stays, or it is missing as in a new user. Not documented. */
  emptyPasswordOnEdit: "unchanged" | "refused";
  /** Whether logins and e-mail addresses that differ only in case are the same. True: the stricter reading of "unique". */
  uniqueIgnoresCase: boolean;
  /** Whether two groups may have one name. True: the documents want logins and addresses unique, and say nothing of groups. */
  groupNamesRepeat: boolean;
  /** How a row of groups offers its actions: with buttons, of which the document names a blue Edit, or in a menu as with users. */
  groupActions: "buttons" | "menu";
  /** Whether deleting a group asks first; documented for users only. */
  groupDeletionAsks: boolean;
  /** What the list of users has columns for: all that the form has but the password, or the login alone. Only Actions is documented. */
  listColumns: "wide" | "narrow";
  /** Rows of one page of the lists. */
  consolePageSize: number;
  /**
   * Whether the API takes USER_AGENT and IPRESSO_TOKEN too. False: the vendor supports them until the end of 2025, and then only
   * User-Agent and Ipresso-Token.
   */
  oldHeaderNames: boolean;
  /** Whether the API refuses another User-Agent than iPresso. True: its documents name the header among those that are needed. */
  checksUserAgent: boolean;
  /**
   * How long one token is returned while the option of a different token is off: always, as a test of the public client expects
   * one that it has written down; or until it expires.
   */
  sameToken: "always" | "while-valid";
  /** What becomes of earlier tokens while the option is on. Not documented; each has a validity of its own. */
  olderTokens: "live" | "die";
  /** Whether a changed validity counts for tokens that are out already. Not documented. */
  validityCounts: "new-tokens" | "all-tokens";
  /** Whether a call begins the validity of its token anew. Not documented. */
  useProlongs: boolean;
  /** Whether tokens outlive a change of their user's password. Not documented. */
  tokensOutlivePassword: boolean;
  /** What a wrong login or password is answered with; only that of a wrong key is known. */
  wrongLoginStatus: 401 | 403;
  /**
   * The error code of a call that the groups of the user do not allow. None by default, for no public list has one: it cannot be told
   * from an expired token then.
   */
  missingPermissionErrorCode: number | null;
  /** The address that all callers of the API seem to come from; null for the one that they have. */
  seenFrom: string | null;
};

export const defaultSettings: IpressoSettings = {
  signInMode: "password",
  codesRepeat: false,
  sessionLifetimeMs: 30 * 60 * 1000,
  settingsPlace: "page",
  differentTokenControl: "check-box",
  asteriskInName: false,
  groupsPerUser: "one",
  addressesField: "line",
  addressForms: "ipv4",
  emptyPasswordOnEdit: "unchanged",
  uniqueIgnoresCase: true,
  groupNamesRepeat: true,
  groupActions: "buttons",
  groupDeletionAsks: true,
  listColumns: "wide",
  consolePageSize: 50,
  oldHeaderNames: false,
  checksUserAgent: true,
  sameToken: "always",
  olderTokens: "live",
  validityCounts: "new-tokens",
  useProlongs: false,
  tokensOutlivePassword: true,
  wrongLoginStatus: 401,
  missingPermissionErrorCode: null,
  seenFrom: null,
};

export type IpressoSimulatorOptions = Partial<IpressoSettings> & {
  /** Decides every key, token, password and id. 1 by default. */
  seed?: number;
  /** The clock, milliseconds since 1970. */
  now?: () => number;
  /** How `slow` and `latencyMs` wait. A test with its own clock advances that instead. */
  sleep?: (ms: number) => Promise<void>;
  /** Extra API users. */
  users?: number;
  /** Added to every call, milliseconds. */
  latencyMs?: number;
  faults?: readonly (FaultRule | string)[];
  /** Other words on the console: consoles are localized and change. */
  labels?: Partial<Labels>;
};
