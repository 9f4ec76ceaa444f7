import type { SessionRecord } from "../../console/session.ts";
import type { SimResponse } from "../../wire.ts";
import type { MomentusSettings } from "../options.ts";
import type { ConsoleAccount, EnvironmentName } from "../records.ts";
import type { MomentusStore } from "../store.ts";
import type { Labels } from "./labels.ts";

/** One request to the console, with a session. */
export type ConsoleCall = {
  readonly store: MomentusStore;
  readonly settings: MomentusSettings;
  readonly labels: Labels;
  readonly at: number;
  /** What lists are read as of; earlier than `at` while they lag. */
  readonly listsAt: number;
  readonly session: SessionRecord;
  /** Nobody on the sign-in page. */
  readonly account: ConsoleAccount | undefined;
  /** Of pages of Enterprise; `prod` elsewhere. */
  readonly environment: EnvironmentName;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  /** The variable parts of the path, in order. */
  readonly keys: readonly string[];
  readonly host: string;
};

/** One page or one form's target. `:env` and `:key` stand for parts of the path. A POST changes something. */
export type ConsolePage = {
  readonly name: string;
  readonly verb: "GET" | "POST";
  readonly path: string;
  readonly isList?: boolean;
  /** `support`: other accounts are told that there is no such page. */
  readonly access: "anyone" | "signed-in" | "support";
  readonly run: (call: ConsoleCall) => SimResponse;
};

/** Whether Enterprise support is signed in. */
export function isSupport(call: ConsoleCall): boolean {
  return call.account?.role === "support";
}
