import type { SimResponse } from "../../wire.ts";
import type { MomentusSettings } from "../options.ts";
import type { ConsoleAccount, EnvironmentName, SessionRecord } from "../records.ts";
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

/** A refusal that is shown as a page of its own; texts are the simulator's own. */
export class PageRefusal extends Error {
  readonly status: number;
  readonly title: string;
  constructor(status: number, title: string, message: string) {
    super(message);
    this.status = status;
    this.title = title;
  }
}

export const noSuchPage = (): PageRefusal => new PageRefusal(404, "Not found", "There is no such page.");

/** Whether Enterprise support is signed in. */
export function isSupport(call: ConsoleCall): boolean {
  return call.account?.role === "support";
}
