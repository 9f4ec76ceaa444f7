import { consoleAssets } from "../../console/assets.ts";
import { PageRefusal } from "../../console/frame.ts";
import { html } from "../../console/html.ts";
import { placeOf } from "../../console/paths.ts";
import { type FoundPage, findPage, runPage, sentForm, toSignIn } from "../../console/run-page.ts";
import type { SessionRecord } from "../../console/session.ts";
import type { SimRequest, SimResponse } from "../../wire.ts";
import type { Moment } from "../saving.ts";
import { type ConsoleCall, type ConsolePage, seesSystem } from "./console-call.ts";
import { groupFormPages } from "./group-form.ts";
import { groupListPages } from "./group-list.ts";
import type { Labels } from "./labels.ts";
import { answerPage } from "./layout.ts";
import { sessionPages, sessions } from "./session.ts";
import { settingsPages } from "./settings-form.ts";
import { startPages } from "./start.ts";
import { consoleStyle } from "./style.ts";
import { userDeletePages } from "./user-delete.ts";
import { userFormPages } from "./user-form.ts";
import { userListPages } from "./user-list.ts";

/** The console: from a request to a page. */

export type ConsoleRoute = FoundPage<ConsolePage>;
export type ConsoleMoment = Moment & { readonly labels: Labels; readonly listsAt: number };

const pages: readonly ConsolePage[] = [
  ...[...sessionPages, ...startPages, ...settingsPages],
  ...[...userListPages, ...userFormPages, ...userDeletePages],
  ...[...groupListPages, ...groupFormPages],
];

/** Names of all pages and form targets, as faults and counters know them. */
export const consoleMethodNames: readonly string[] = pages.map(({ name }) => name);

/** The style sheet, the script or the icon. */
export const assetOf = consoleAssets({
  ...{ lead: "#1a5fa8", leadDark: "#123f70", mark: "M8 3v10M3 8h10M4.5 4.5l7 7M11.5 4.5l-7 7" },
  more: consoleStyle,
});

/** Finds the page for a request; every path has a route. */
export function routeConsole(request: SimRequest): ConsoleRoute {
  return findPage(pages, request);
}

/** What somebody without the module sees is not documented. */
function checkAccess(call: ConsoleCall, { access }: ConsolePage): void {
  if (access !== "system" || seesSystem(call)) return;
  throw new PageRefusal(403, call.labels.system, "Your account does not see this module.");
}

/** A page with its rights looked at first. */
function guarded(page: ConsolePage | undefined): ConsolePage | undefined {
  if (!page) return undefined;
  const run: ConsolePage["run"] = (call) => {
    checkAccess(call, page);
    return page.run(call);
  };
  return { ...page, run };
}

/** Performs one request. Without a session everything but signing in leads to the sign-in page. */
export function performConsole(
  moment: ConsoleMoment,
  { page, path, keys }: ConsoleRoute,
  request: SimRequest,
  accepted?: SessionRecord,
): { response: SimResponse; actor: string | null } {
  const found = accepted ?? sessions.of(moment, request);
  const session = found ?? sessions.open(moment, null);
  const account = moment.store.account(session.username);
  const { query } = placeOf(request);
  const call: ConsoleCall = { ...moment, session, account, path, keys, query, form: sentForm(request) };
  if (!account && page?.access !== "anyone") return toSignIn(request, sessions, session);
  const response = runPage(call, guarded(page), ({ title, status, message }) =>
    answerPage(call, { title, status, content: html``, alert: message }),
  );
  return { response, actor: account?.username ?? null };
}
