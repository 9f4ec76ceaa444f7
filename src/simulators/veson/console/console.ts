import { consoleAssets } from "../../console/assets.ts";
import { html } from "../../console/html.ts";
import { placeOf } from "../../console/paths.ts";
import { type FoundPage, findPage, runPage, sentForm, toSignIn } from "../../console/run-page.ts";
import type { SessionRecord } from "../../console/session.ts";
import type { SimRequest, SimResponse } from "../../wire.ts";
import type { UserRecord } from "../records.ts";
import type { Moment } from "../saving.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { groupPanelPages } from "./group-panel.ts";
import type { Labels } from "./labels.ts";
import { answerPage } from "./layout.ts";
import { profilePages } from "./profile.ts";
import { securityListPages } from "./security-list.ts";
import { securityReportPages } from "./security-report.ts";
import { sessionPages, sessions, signInProblem } from "./session.ts";
import { startPages } from "./start.ts";
import { consoleStyle } from "./style.ts";
import { userPanelPages } from "./user-panel.ts";
import { voyageAccountPages } from "./voyage-account.ts";
import { voyageListPages } from "./voyage-list.ts";

/** The console: from a request to a page. */

export type ConsoleRoute = FoundPage<ConsolePage>;
export type ConsoleMoment = Moment & { readonly labels: Labels; readonly listsAt: number };

const pages: readonly ConsolePage[] = [
  ...[...sessionPages, ...startPages, ...profilePages],
  ...[...securityListPages, ...securityReportPages, ...userPanelPages, ...groupPanelPages],
  ...[...voyageListPages, ...voyageAccountPages],
];

/** Names of all pages and form targets, as faults and counters know them. */
export const consoleMethodNames: readonly string[] = [...new Set(pages.map(({ name }) => name))];

/** The style sheet, the script or the icon. */
export const assetOf = consoleAssets({
  ...{ lead: "#0d5f63", leadDark: "#084548", mark: "M3 9c2 3 8 3 10 0M8 3v8M5 5h6" },
  more: consoleStyle,
});

function isPressed({ press }: ConsolePage, form: URLSearchParams): boolean {
  return press === undefined || (form.get("press") ?? "") === press;
}

/** Finds the page for a request; every path has a route. */
export function routeConsole(request: SimRequest): ConsoleRoute {
  const form = sentForm(request);
  return findPage(pages, request, (page) => isPressed(page, form));
}

/** Whoever the session belongs to, while signing in is allowed: a session ends with that. */
function userOf(moment: ConsoleMoment, session: SessionRecord): UserRecord | undefined {
  const user = session.username === null ? undefined : moment.store.user(session.username);
  return user && signInProblem(moment, user) === undefined ? user : undefined;
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
  const user = userOf(moment, session);
  const { query } = placeOf(request);
  const call: ConsoleCall = { ...moment, session, user, path, keys, query, form: sentForm(request) };
  if (!user && page?.access !== "anyone") return toSignIn(request, sessions, session);
  const response = runPage(call, page, ({ title, status, message }) =>
    answerPage(call, { title, status, content: html``, alert: message }),
  );
  return { response, actor: user?.userName ?? null };
}
