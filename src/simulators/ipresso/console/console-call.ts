import { noSuchPage } from "../../console/frame.ts";
import type { SessionRecord } from "../../console/session.ts";
import type { SimResponse } from "../../wire.ts";
import type { ConsoleAccount } from "../records.ts";
import type { Moment } from "../saving.ts";
import type { Labels } from "./labels.ts";

/** One request to the console, with a session. */
export type ConsoleCall = Moment & {
  readonly labels: Labels;
  /** What lists are read as of; earlier than `at` while they lag. */
  readonly listsAt: number;
  readonly session: SessionRecord;
  /** Nobody on the sign-in page. */
  readonly account: ConsoleAccount | undefined;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  /** The variable parts of the path, in order. */
  readonly keys: readonly string[];
};

/** One page or one form's target. `:key` stands for a part of the path. */
export type ConsolePage = {
  readonly name: string;
  readonly verb: "GET" | "POST";
  readonly path: string;
  readonly isList?: boolean;
  /** Changes more than a session. */
  readonly isWrite?: boolean;
  /** `system`: whoever sees the module System. */
  readonly access: "anyone" | "signed-in" | "system";
  readonly run: (call: ConsoleCall) => SimResponse;
};

/** Whether the signed-in account sees the module System. */
export function seesSystem({ account }: ConsoleCall): boolean {
  return account?.role === "administrator";
}

/** The row that the path names by its number. Throws "not found". */
export function rowOf<Row>(call: ConsoleCall, table: { get(id: number): Row | undefined }): Row {
  const row = table.get(Number(call.keys[0]));
  if (!row) throw noSuchPage();
  return row;
}

/** Text as it was typed, without blanks around it. Browsers send line breaks as two characters. */
export function typed({ form }: ConsoleCall, name: string): string {
  return (form.get(name) ?? "").replaceAll("\r\n", "\n").trim();
}
