import { consoleAssets } from "../../console/assets.ts";
import { noSuchPage, PageRefusal, redirect } from "../../console/frame.ts";
import { html } from "../../console/html.ts";
import { decodedPart, matchPath, placeOf } from "../../console/paths.ts";
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

export type ConsoleRoute = {
  readonly kind: "console";
  readonly page: ConsolePage | undefined;
  /** The page's name, or that of what was not found. */
  readonly method: string;
  readonly keys: readonly string[];
  readonly path: string;
};
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
  const { path } = placeOf(request);
  const form = formOf(request);
  for (const page of pages) {
    const matched = page.verb === request.method && isPressed(page, form) ? matchPath(page.path, path) : undefined;
    if (!matched) continue;
    return { kind: "console", page, method: page.name, path, keys: matched.map(({ part }) => decodedPart(part)) };
  }
  return { kind: "console", page: undefined, method: "console/unknown", keys: [], path };
}

function formOf({ method, body }: SimRequest): URLSearchParams {
  return new URLSearchParams(method === "POST" ? body : "");
}

/** Whoever the session belongs to, while signing in is allowed: a session ends with that. */
function userOf(moment: ConsoleMoment, session: SessionRecord): UserRecord | undefined {
  const user = session.username === null ? undefined : moment.store.user(session.username);
  return user && signInProblem(moment, user) === undefined ? user : undefined;
}

function refusalPage(call: ConsoleCall, refusal: PageRefusal): SimResponse {
  const { title, status, message } = refusal;
  return answerPage(call, { title, status, content: html``, alert: message });
}

function runPage(call: ConsoleCall, page: ConsolePage | undefined): SimResponse {
  try {
    if (!page) throw noSuchPage();
    if (page.verb === "POST" && call.form.get("csrf") !== call.session.csrf) {
      throw new PageRefusal(403, "Refused", "This form does not belong to your session. Open the page again.");
    }
    return page.run(call);
  } catch (error) {
    if (error instanceof PageRefusal) return refusalPage(call, error);
    throw error;
  }
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
  const call: ConsoleCall = { ...moment, session, user, path, keys, query, form: formOf(request) };
  if (!user && page?.access !== "anyone") {
    const next = request.method === "GET" ? request.path : "/";
    const response = redirect(`/signin?next=${encodeURIComponent(next)}`);
    return { response: sessions.keep(response, session), actor: null };
  }
  return { response: runPage(call, page), actor: user?.userName ?? null };
}
