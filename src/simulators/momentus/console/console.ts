import type { SimRequest, SimResponse } from "../../wire.ts";
import { isEnvironmentName } from "../connect.ts";
import type { MomentusSettings } from "../options.ts";
import type { EnvironmentName, SessionRecord } from "../records.ts";
import type { MomentusStore } from "../store.ts";
import { apiUserFormPages } from "./api-user-form.ts";
import { apiUserKeyPages } from "./api-user-keys.ts";
import { apiUserListPages } from "./api-user-list.ts";
import { icon, script, styleSheet } from "./assets.ts";
import { connectAppPages } from "./connect-apps.ts";
import { connectCustomerPages } from "./connect-customers.ts";
import { type ConsoleCall, type ConsolePage, isSupport, noSuchPage, PageRefusal } from "./console-call.ts";
import { html } from "./html.ts";
import type { Labels } from "./labels.ts";
import { answerPage, redirect } from "./layout.ts";
import { openAnonymousSession, sessionOf, sessionPages, withSession } from "./session.ts";
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

const assets: Readonly<Record<string, { type: string; body: string }>> = {
  "/assets/console.css": { type: "text/css; charset=utf-8", body: styleSheet },
  "/assets/console.js": { type: "text/javascript; charset=utf-8", body: script },
  "/assets/console.svg": { type: "image/svg+xml; charset=utf-8", body: icon },
};

function match(pattern: string, path: string): { environment: EnvironmentName | null; keys: string[] } | undefined {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return undefined;
  let environment: EnvironmentName | null = null;
  const keys: string[] = [];
  for (const [index, part] of given.entries()) {
    if (wanted[index] === ":key") keys.push(part);
    else if (wanted[index] === ":env" && isEnvironmentName(part)) environment = part;
    else if (wanted[index] !== part) return undefined;
  }
  return { environment, keys };
}

/** Finds the page for a request; every path has a route. */
export function routeConsole(request: SimRequest): ConsoleRoute {
  const [raw = "/"] = request.path.split("?");
  const path = raw === "/" ? raw : raw.replace(/\/$/, "");
  for (const page of pages) {
    const matched = page.verb === request.method ? match(page.path, path) : undefined;
    if (!matched) continue;
    return { kind: "console", page, method: page.name, path, ...matched };
  }
  return { kind: "console", page: undefined, method: "console/unknown", environment: null, keys: [], path };
}

/** The style sheet, the script or the icon. */
export function assetOf(request: SimRequest): SimResponse | undefined {
  const asset = assets[request.path];
  return asset && { status: 200, headers: { "content-type": asset.type }, body: asset.body };
}

function callOf(moment: ConsoleMoment, route: ConsoleRoute, request: SimRequest, session: SessionRecord): ConsoleCall {
  const [, ...query] = request.path.split("?");
  return {
    ...moment,
    session,
    account: moment.store.account(session.username),
    environment: route.environment ?? "prod",
    path: route.path,
    query: new URLSearchParams(query.join("?")),
    form: new URLSearchParams(request.method === "POST" ? request.body : ""),
    keys: route.keys.map((key) => decodeKey(key)),
    host: request.headers.host ?? "127.0.0.1",
  };
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function refusalPage(call: ConsoleCall, refusal: PageRefusal): SimResponse {
  const { title, status, message } = refusal;
  return answerPage(call, { title, status, content: html``, alert: message });
}

function runPage(call: ConsoleCall, route: ConsoleRoute): SimResponse {
  try {
    const { page } = route;
    if (!page || (page.access === "support" && !isSupport(call))) throw noSuchPage();
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
  route: ConsoleRoute,
  request: SimRequest,
  accepted?: SessionRecord,
): { response: SimResponse; actor: string | null } {
  const session = accepted ?? sessionOf(moment, request) ?? openAnonymousSession(moment);
  const call = callOf(moment, route, request, session);
  if (!call.account && route.page?.access !== "anyone") {
    const next = request.method === "GET" ? request.path : "/";
    return { response: withSession(redirect(`/signin?next=${encodeURIComponent(next)}`), session), actor: null };
  }
  return { response: runPage(call, route), actor: call.account?.username ?? null };
}
