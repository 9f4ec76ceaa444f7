import { consoleAssets } from "../../console/assets.ts";
import { html } from "../../console/html.ts";
import { decodedPart, matchPath, placeOf } from "../../console/paths.ts";
import { runPage, sentForm, toSignIn } from "../../console/run-page.ts";
import type { SessionRecord } from "../../console/session.ts";
import type { SimRequest, SimResponse } from "../../wire.ts";
import { isEnvironmentName } from "../connect.ts";
import type { MomentusSettings } from "../options.ts";
import type { EnvironmentName } from "../records.ts";
import type { MomentusStore } from "../store.ts";
import { apiUserFormPages } from "./api-user-form.ts";
import { apiUserKeyPages } from "./api-user-keys.ts";
import { apiUserListPages } from "./api-user-list.ts";
import { connectAppPages } from "./connect-apps.ts";
import { connectCustomerPages } from "./connect-customers.ts";
import { type ConsoleCall, type ConsolePage, isSupport } from "./console-call.ts";
import type { Labels } from "./labels.ts";
import { answerPage } from "./layout.ts";
import { sessionPages, sessions } from "./session.ts";
import { startPages } from "./start.ts";

/** The console: from a request to a page. */

export type ConsoleRoute = {
  readonly kind: "console";
  readonly page: ConsolePage | undefined;
  /** The page's name, or that of what was not found. */
  readonly method: string;
  readonly environment: EnvironmentName | null;
  readonly keys: readonly string[];
  readonly path: string;
};
export type ConsoleMoment = {
  store: MomentusStore;
  settings: MomentusSettings;
  labels: Labels;
  at: number;
  listsAt: number;
};

const pages: readonly ConsolePage[] = [
  ...sessionPages,
  ...startPages,
  ...apiUserListPages,
  ...apiUserFormPages,
  ...apiUserKeyPages,
  ...connectCustomerPages,
  ...connectAppPages,
];

/** Names of all pages and form targets, as faults and counters know them. */
export const consoleMethodNames: readonly string[] = pages.map(({ name }) => name);

/** The style sheet, the script or the icon. */
export const assetOf = consoleAssets({ lead: "#0b57a4", leadDark: "#08437f", mark: "M3 12V4l5 5 5-5v8" });

const accepts = (place: string, part: string): boolean => place !== ":env" || isEnvironmentName(part);

function match(pattern: string, path: string): { environment: EnvironmentName | null; keys: string[] } | undefined {
  const found = matchPath(pattern, path, accepts);
  if (!found) return undefined;
  const environment = found.find(({ place }) => place === ":env")?.part;
  const keys = found.filter(({ place }) => place !== ":env").map(({ part }) => part);
  return { environment: isEnvironmentName(environment) ? environment : null, keys };
}

/** Finds the page for a request; every path has a route. */
export function routeConsole(request: SimRequest): ConsoleRoute {
  const { path } = placeOf(request);
  for (const page of pages) {
    const matched = page.verb === request.method ? match(page.path, path) : undefined;
    if (!matched) continue;
    return { kind: "console", page, method: page.name, path, ...matched };
  }
  return { kind: "console", page: undefined, method: "console/unknown", environment: null, keys: [], path };
}

function callOf(moment: ConsoleMoment, route: ConsoleRoute, request: SimRequest, session: SessionRecord): ConsoleCall {
  return {
    ...moment,
    session,
    account: moment.store.account(session.username),
    environment: route.environment ?? "prod",
    path: route.path,
    query: placeOf(request).query,
    form: sentForm(request),
    keys: route.keys.map(decodedPart),
    host: request.headers.host ?? "127.0.0.1",
  };
}

/** Performs one request. Without a session everything but signing in leads to the sign-in page. */
export function performConsole(
  moment: ConsoleMoment,
  route: ConsoleRoute,
  request: SimRequest,
  accepted?: SessionRecord,
): { response: SimResponse; actor: string | null } {
  const session = accepted ?? sessions.of(moment, request) ?? sessions.open(moment, null);
  const call = callOf(moment, route, request, session);
  if (!call.account && route.page?.access !== "anyone") return toSignIn(request, sessions, session);
  const { page } = route;
  const isHidden = page?.access === "support" && !isSupport(call);
  const response = runPage(call, isHidden ? undefined : page, ({ title, status, message }) =>
    answerPage(call, { title, status, content: html``, alert: message }),
  );
  return { response, actor: call.account?.username ?? null };
}
