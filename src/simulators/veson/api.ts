import { decodedPart, matchPath, placeOf } from "../console/paths.ts";
import type { SimRequest, SimResponse } from "../wire.ts";
import { ApiError, answerJson, type Endpoint } from "./api-call.ts";
import { endpoints } from "./api-endpoints.ts";
import type { UserRecord } from "./records.ts";
import { apiPermissions } from "./rights.ts";
import type { Moment } from "./saving.ts";
import { apiPermissionOf, isActive } from "./standing.ts";

/** The data plane of api.veslink.com: the token stands in the query of every call, and never expires. */

export type ApiRoute = {
  readonly kind: "api";
  readonly endpoint: Endpoint | undefined;
  /** The endpoint's name, or that of what was not found. */
  readonly method: string;
  readonly keys: readonly string[];
};

/** Names of all endpoints, as faults and counters know them. */
export const endpointNames: readonly string[] = endpoints.map(({ name }) => name);

/** `/v1/…`, or undefined for every other path. */
export function routeApi(request: SimRequest): ApiRoute | undefined {
  const { path } = placeOf(request);
  if (path !== "/v1" && !path.startsWith("/v1/")) return undefined;
  for (const endpoint of endpoints) {
    const matched = endpoint.verb === request.method ? matchPath(endpoint.path, path) : undefined;
    if (!matched) continue;
    return { kind: "api", endpoint, method: endpoint.name, keys: matched.map(({ part }) => decodedPart(part)) };
  }
  return { kind: "api", endpoint: undefined, method: `veslink/unknown/${request.method}`, keys: [] };
}

/** Whose token the call brings. Throws ApiError for none, a wrong one, and that of a user who is inactive. */
export function authenticateApi({ store, settings }: Moment, request: SimRequest): UserRecord {
  const token = placeOf(request).query.get("apiToken") ?? "";
  const user = token === "" ? undefined : store.ownerOfToken(token);
  if (!user || !isActive(user, store.groups.values()))
    throw new ApiError(settings.wrongTokenStatus, "the API token is not valid");
  if (!settings.tokenWorksBeforeExternalOnly && !user.isExternalOnly) {
    throw new ApiError(settings.wrongTokenStatus, "the API token cannot be used yet");
  }
  return user;
}

/** API Read ⊂ API Write ⊂ API IMOS Message. Throws ApiError. */
function checkPermission({ store, settings }: Moment, endpoint: Endpoint, user: UserRecord): void {
  const has = apiPermissionOf(user, store.groups.values());
  const isEnough = has !== undefined && apiPermissions.indexOf(has) >= apiPermissions.indexOf(endpoint.needs);
  if (!store.isApiLicensed || !isEnough) {
    throw new ApiError(settings.missingPermissionStatus, "the user of this API token has no permission for this call");
  }
}

/** Performs one call. Every refusal becomes an answer. */
export function performApi(
  moment: Moment,
  route: ApiRoute,
  request: SimRequest,
  accepted?: UserRecord,
): { response: SimResponse; actor: string | null } {
  let actor: string | null = null;
  try {
    const user = accepted ?? authenticateApi(moment, request);
    actor = user.userName;
    const { endpoint, keys } = route;
    if (!endpoint) throw new ApiError(404, "there is no such endpoint");
    checkPermission(moment, endpoint, user);
    const { query } = placeOf(request);
    return { response: endpoint.run({ ...moment, user, query, keys, body: request.body }), actor };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { response: answerJson(error.status, { message: error.message }), actor };
  }
}
