import type { SimRequest, SimResponse } from "../wire.ts";
import type { ApiCall, Endpoint } from "./api-call.ts";
import { ApiError, answerApiError, answerJson, notFound, Unauthorized } from "./api-errors.ts";
import { isEnvironmentName } from "./connect.ts";
import { type ApiPrincipal, verifyToken } from "./jwt.ts";
import type { MomentusSettings } from "./options.ts";
import type { EnvironmentName } from "./records.ts";
import type { MomentusStore } from "./store.ts";
import { roleEndpoints, userEndpoints } from "./subjects.ts";
import { userRoleEndpoints } from "./user-roles.ts";

/** The v1 API: from a request to an endpoint, and from a result to an answer. */

export type ApiRoute = {
  readonly kind: "api";
  readonly environment: EnvironmentName;
  readonly subject: string;
  readonly endpoint: Endpoint | undefined;
  /** The endpoint's name, or that of what was not found. */
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly keys: readonly string[];
};
export type Moment = { store: MomentusStore; settings: MomentusSettings; at: number };

/** Answers any caller who is who they say; what it answers is not documented. */
const initialize: Endpoint = { name: "sdk/initialize", verb: "GET", path: "", run: () => answerJson({}) };

const subjects: Readonly<Record<string, readonly Endpoint[]>> = {
  users: userEndpoints,
  roles: roleEndpoints,
  userroles: userRoleEndpoints,
  sdk_initialize: [initialize],
};

/** Names of all endpoints, as faults and counters know them. */
export const endpointNames: readonly string[] = Object.values(subjects).flatMap((endpoints) =>
  endpoints.map(({ name }) => name),
);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function keysFor(path: string, parts: readonly string[]): string[] | undefined {
  const pattern = path === "" ? [] : path.split("/");
  if (pattern.length !== parts.length) return undefined;
  const keys: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (pattern[index] === ":key") keys.push(decoded(part));
    else if (pattern[index]!.toLowerCase() !== part.toLowerCase()) return undefined;
  }
  return keys;
}

/** `/ENVIRONMENT/api/v1/SUBJECT…`, or undefined for every other path. */
export function routeApi(request: SimRequest): ApiRoute | undefined {
  const [path = "", ...rest] = request.path.split("?");
  const [, environment, rooted] = /^\/([a-z]+)\/api\/v1\/(.+)$/.exec(path) ?? [];
  if (!isEnvironmentName(environment) || rooted === undefined) return undefined;
  const [subject = "", ...parts] = rooted.replace(/\/$/, "").split("/");
  const base = { kind: "api", environment, subject: subject.toLowerCase(), path, query: rest.join("?") } as const;
  for (const endpoint of subjects[base.subject] ?? []) {
    const keys = endpoint.verb === request.method ? keysFor(endpoint.path, parts) : undefined;
    if (keys) return { ...base, endpoint, method: endpoint.name, keys };
  }
  return { ...base, endpoint: undefined, method: `unknown/${request.method}`, keys: [] };
}

/** Throws Unauthorized. */
export function authenticateApi(moment: Moment, route: ApiRoute, request: SimRequest): ApiPrincipal {
  return verifyToken(moment, route.environment, request.headers.authorization);
}

/**
 * The API module must be on, except for users with License Special Access. The status and which calls are stopped are
 * assumed.
 */
function checkLicense({ store, settings }: Moment, route: ApiRoute, principal: ApiPrincipal): void {
  if (principal.apiUser.hasLicenseSpecialAccess) return;
  const { licensing } = store;
  const isRead = route.endpoint?.verb === "GET";
  const isOpen =
    settings.licenseTiers === "one" || isRead
      ? licensing.isLicensed(route.environment)
      : licensing.isOn(route.environment, "Standard API");
  if (!isOpen) throw new ApiError(403, "NotLicensed", "this environment is not licensed for this call");
}

/** Performs one call. Every refusal becomes an answer. */
export function performApi(
  moment: Moment & { listsAt: number },
  route: ApiRoute,
  request: SimRequest,
  accepted?: ApiPrincipal,
): { response: SimResponse; actor: string | null } {
  let actor: string | null = null;
  try {
    const principal = accepted ?? authenticateApi(moment, route, request);
    actor = principal.actor;
    checkLicense(moment, route, principal);
    const { endpoint, ...place } = route;
    if (!endpoint) throw notFound(`${request.method} ${route.path}`);
    const { headers, body } = request;
    const call: ApiCall = { ...moment, ...place, database: moment.store[route.environment], principal, headers, body };
    return { response: endpoint.run(call), actor };
  } catch (error) {
    if (!(error instanceof ApiError) && !(error instanceof Unauthorized)) throw error;
    return { response: answerApiError(error), actor };
  }
}
