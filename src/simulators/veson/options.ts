import type { SignInSettings } from "../console/sign-in.ts";
import type { FaultRule } from "../faults.ts";
import type { Labels } from "./console/labels.ts";

/** Where documents leave open how the platform behaves, a switch says what this one does. */
export type VesonSettings = SignInSettings & {
  /** Milliseconds, 30 minutes by default. */
  sessionLifetimeMs: number;
  /** When a full license refuses: at a save or an activation, or already when New User is chosen. Not documented. */
  seatCheckedAt: "save" | "new-user";
  /**
   * What becomes of changed rights of a user who does not count against the license. `refused`: the source wants a spare
   * license "as it is required to set the permissions". `dropped`: saved without them, without a word. `allowed`.
   */
  rightsWithoutSeat: "refused" | "dropped" | "allowed";
  /**
   * Milliseconds from the creation of a user to its Veslink API permissions, where there is no Veslink account. The source
   * says only that they may not appear immediately; 15 minutes is an invention.
   */
  apiRightsDelayMs: number;
  /** Whether a panel that is open shows permissions that have come since. Not documented; false is the harder one. */
  openPanelSeesApiRights: boolean;
  /** What the API permissions are in Module Rights: right selectors like all others there, or plain check boxes. */
  apiRightsControl: "selector" | "checkbox";
  /** How a right is given: chosen from a menu (version 21 of the document), or by clicks that go around (an older one). */
  rightSelector: "choose" | "cycle";
  /** When a requested token shows. The source prints request, then save, and nothing of where it shows. */
  tokenShown: "after-save" | "on-request";
  /** Whether it shows again later. True: no document prints a warning that it shows once. */
  tokenReadableAgain: boolean;
  /** Whether a token can only be requested for a user whose saved rights hold an API permission; the order of the source. */
  tokenNeedsPermission: boolean;
  /** Whether a token works before External Access Only is on. The source says "can now be used" after it; tokens of others do. */
  tokenWorksBeforeExternalOnly: boolean;
  /** Whether a token outlives its user's deactivation. True: it is valid until it is cleared. It never works meanwhile. */
  tokenSurvivesDeactivation: boolean;
  /** Whether a token outlives the loss of the last API permission; not documented. It never works meanwhile. */
  tokenSurvivesRevocation: boolean;
  /** Whether a save writes what was changed on the panel, or all that the panel shows, over what others changed since. */
  saveWrites: "changes" | "panel";
  /** Whether Deactivate and Activate ask first; not documented. */
  activationAsks: boolean;
  /** Whether the list shows inactive users and groups without a filter. The document finds them with Status is Inactive. */
  inactiveListed: boolean;
  /** What the list has columns for. Only Name and Status are printed anywhere. */
  listColumns: "wide" | "narrow";
  /** Where the limit shows. The document knows only a window of the older desktop program. */
  licenseShown: "nowhere" | "about";
  /** Rows of one page of the lists. */
  consolePageSize: number;
  /** What the API answers to a wrong token or one of an inactive user; not documented. */
  wrongTokenStatus: 401 | 403;
  /** What the API answers to a token without the permission for the call; not documented. */
  missingPermissionStatus: 401 | 403;
};

export const defaultSettings: VesonSettings = {
  signInMode: "password",
  codesRepeat: false,
  sessionLifetimeMs: 30 * 60 * 1000,
  seatCheckedAt: "save",
  rightsWithoutSeat: "refused",
  apiRightsDelayMs: 15 * 60 * 1000,
  openPanelSeesApiRights: false,
  apiRightsControl: "selector",
  rightSelector: "choose",
  tokenShown: "after-save",
  tokenReadableAgain: true,
  tokenNeedsPermission: true,
  tokenWorksBeforeExternalOnly: true,
  tokenSurvivesDeactivation: true,
  tokenSurvivesRevocation: true,
  saveWrites: "changes",
  activationAsks: false,
  inactiveListed: false,
  listColumns: "wide",
  licenseShown: "nowhere",
  consolePageSize: 50,
  wrongTokenStatus: 401,
  missingPermissionStatus: 403,
};

export type VesonSimulatorOptions = Partial<VesonSettings> & {
  /** Decides every token, password and id. 1 by default. */
  seed?: number;
  /** The clock, milliseconds since 1970. */
  now?: () => number;
  /** How `slow` and `latencyMs` wait. A test with its own clock advances that instead. */
  sleep?: (ms: number) => Promise<void>;
  /** Extra business users. */
  users?: number;
  /** Licenses that are free at the start. 1 by default. */
  seatsFree?: number;
  /** Added to every call, milliseconds. */
  latencyMs?: number;
  faults?: readonly (FaultRule | string)[];
  /** Other words on the console: sites are localized and change. */
  labels?: Partial<Labels>;
};
