import { decodedPart, matchPath, placeOf } from "../console/paths.ts";
import type { SimRequest, SimResponse } from "../wire.ts";
import { ApiRefusal, answer, type Endpoint, notFound } from "./api-call.ts";
import { contactEndpoints } from "./api-contacts.ts";
import { tagEndpoints } from "./api-tags.ts";
import { areaNamed, type Permission, permissionFor, type Verb, verbs } from "./permissions.ts";
import type { ApiUserRecord } from "./records.ts";
import type { Moment } from "./saving.ts";
import { authenticate, authorize } from "./tokens.ts";

/** The API 2.0: from a request to an endpoint, and from a result to an answer. */

export type ApiRoute = {
  readonly kind: "api";
  readonly endpoint: Endpoint | undefined;
  /** The endpoint's name, or that of what was not found. */
  readonly method: string;
  readonly keys: readonly string[];
};

const authMethod = "ipresso/auth";
const endpoints: readonly Endpoint[] = [...contactEndpoints, ...tagEndpoints];

/** A call of an area whose work is not simulated: it shows whether its permission is there. 501 is in the list of statuses. */
function otherEndpoint(verb: Verb, needs: Permission | undefined): Endpoint {
  const run = (): SimResponse => answer(501, "simulated: only the permission of this call is simulated");
  return { name: `ipresso/other/${verb}`, verb, path: "", needs, run };
}

/** Names of all endpoints, as faults and counters know them. */
export const endpointNames: readonly string[] = [
  authMethod,
  ...endpoints.map(({ name }) => name),
  ...verbs.map((verb) => otherEndpoint(verb, undefined).name),
];

const root = "/api/2/";
const isVerb = (method: string): method is Verb => verbs.some((verb) => verb === method);

/** `/api/2/…`, or undefined for every other path. */
export function routeApi(request: SimRequest): ApiRoute | undefined {
  const { method } = request;
  const { path } = placeOf(request);
  if (path !== "/api" && !path.startsWith("/api/")) return undefined;
  const unknown: ApiRoute = { kind: "api", endpoint: undefined, method: `ipresso/unknown/${method}`, keys: [] };
  if (!path.startsWith(root)) return unknown;
  const below = path.slice(root.length);
  const auth = method === "GET" ? matchPath("auth/:key", below) : undefined;
  if (auth) return { ...unknown, method: authMethod, keys: auth.map(({ part }) => decodedPart(part)) };
  for (const endpoint of endpoints) {
    const matched = endpoint.verb === method ? matchPath(endpoint.path, below) : undefined;
    if (!matched) continue;
    return { ...unknown, endpoint, method: endpoint.name, keys: matched.map(({ part }) => decodedPart(part)) };
  }
  const area = areaNamed(below.split("/")[0]!);
  if (!area || !isVerb(method)) return unknown;
  const endpoint = otherEndpoint(method, permissionFor(method, area));
  return { ...unknown, endpoint, method: endpoint.name };
}

/** Whether the call asks for a token. */
export function isAuthorization({ method }: ApiRoute): boolean {
  return method === authMethod;
}

/** Bodies are forms. What others are answered with is not documented. Throws ApiRefusal. */
function formOf({ body, headers }: SimRequest): URLSearchParams {
  const type = (headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
  if (body === "" || type === "application/x-www-form-urlencoded") return new URLSearchParams(body);
  throw new ApiRefusal(400, "simulated: the body must be application/x-www-form-urlencoded");
}

/** The groups of the user decide. Throws ApiRefusal. */
function checkPermission({ store, settings }: Moment, { needs }: Endpoint, { groupIds }: ApiUserRecord): void {
  if (needs === undefined) throw new ApiRefusal(405, "simulated: there is no such call");
  const groups = store.groups.values().filter(({ id }) => groupIds.includes(id));
  if (groups.some(({ permissions }) => permissions.includes(needs))) return;
  const errorCode = settings.missingPermissionErrorCode;
  throw new ApiRefusal(403, "simulated: the user group does not allow this call", { errorCode });
}

function perform(moment: Moment, route: ApiRoute, request: SimRequest, user: ApiUserRecord): SimResponse {
  const { endpoint, keys } = route;
  if (!endpoint) throw notFound();
  checkPermission(moment, endpoint, user);
  return endpoint.run({ ...moment, user, keys, query: placeOf(request).query, form: formOf(request) });
}

/** Performs one call. Every refusal becomes an answer. */
export function performApi(
  moment: Moment,
  route: ApiRoute,
  request: SimRequest,
  accepted?: ApiUserRecord,
): { response: SimResponse; actor: string | null } {
  let actor: string | null = null;
  try {
    if (isAuthorization(route)) return { response: authorize(moment, request, route.keys[0] ?? ""), actor };
    const user = accepted ?? authenticate(moment, request);
    actor = user.login;
    return { response: perform(moment, route, request, user), actor };
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    const { code, message, data, errorCode } = error;
    return { response: answer(code, message, { data, errorCode }), actor };
  }
}
