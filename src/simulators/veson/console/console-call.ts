import { noSuchPage, PageRefusal } from "../../console/frame.ts";
import type { SessionRecord } from "../../console/session.ts";
import type { SimResponse } from "../../wire.ts";
import type { UserRecord } from "../records.ts";
import type { Moment } from "../saving.ts";
import { securityRole } from "../standing.ts";
import type { Labels } from "./labels.ts";

/** One request to the console, with a session. */
export type ConsoleCall = Moment & {
  readonly labels: Labels;
  /** What lists are read as of; earlier than `at` while they lag. */
  readonly listsAt: number;
  readonly session: SessionRecord;
  /** Nobody on the sign-in pages. */
  readonly user: UserRecord | undefined;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  /** The variable parts of the path, in order. */
  readonly keys: readonly string[];
};

/**
 * One page or one form's target. `:key` stands for a part of the path. `press` is the beginning of the value of the button that
 * was pressed, where one form has several.
 */
export type ConsolePage = {
  readonly name: string;
  readonly verb: "GET" | "POST";
  readonly path: string;
  readonly press?: string;
  readonly isList?: boolean;
  /** Changes more than an open panel and a session. */
  readonly isWrite?: boolean;
  readonly access: "anyone" | "signed-in";
  readonly run: (call: ConsoleCall) => SimResponse;
};

/** What the signed-in user may do in Security. */
export function roleOf({ user, store }: ConsoleCall): "none" | "groups" | "all" {
  return user ? securityRole(user, store.groups.values()) : "none";
}

/** Throws a page for whoever may not open Security; what the product shows then is not documented. */
export function requireSecurity(call: ConsoleCall, needed: "list" | "groups" | "users" = "list"): void {
  const role = roleOf(call);
  if (role === "all" || (role === "groups" && needed !== "users")) return;
  const says =
    needed === "users" && role !== "none"
      ? "Only a Security Admin may change users."
      : "Security is for Security Admins.";
  throw new PageRefusal(403, call.labels.security, says);
}

/** Whether the signed-in user administers the company account of Voyage Reporting. */
export function administersCompany({ user, store }: ConsoleCall): boolean {
  return user !== undefined && store.veslinkAccount(user.userName)?.administersCompany === true;
}

/** Throws a page for whoever does not administer the company account. */
export function requireCompany(call: ConsoleCall): void {
  if (administersCompany(call)) return;
  const { labels } = call;
  throw new PageRefusal(403, labels.voyageReportingSecurity, `This needs the permission ${labels.administerCompany}.`);
}

/** The row that the path names by its number. Throws "not found". */
export function rowOf<Row>(call: ConsoleCall, table: { get(id: number): Row | undefined }): Row {
  const row = table.get(Number(call.keys[0]));
  if (!row) throw noSuchPage();
  return row;
}
