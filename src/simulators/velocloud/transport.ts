import { plain } from "../answers.ts";
import type { SimRequest, SimResponse } from "../wire.ts";
import type { VcoError } from "./envelope.ts";
import { isObject, type Params } from "./params.ts";
import { sessionPaths } from "./session.ts";

/** From an HTTP request to the call it means, and from a result to the HTTP answer. */

export type Routed =
  | { kind: "session"; method: string }
  | { kind: "rest"; method: string; params: Params }
  | { kind: "rpc"; method: string; params: Params; id: unknown }
  | { kind: "rejected"; response: SimResponse };

const json = { "content-type": "application/json; charset=utf-8" };
const rejected = (status: number, text: string): Routed => ({ kind: "rejected", response: plain(status, text) });

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function routeRpc(body: string): Routed {
  const parsed = parse(body);
  if (!isObject(parsed) || typeof parsed.method !== "string") return rejected(400, "simulated: not a JSON-RPC request");
  const params = parsed.params ?? {};
  if (parsed.jsonrpc !== "2.0" || !isObject(params)) return rejected(400, "simulated: not a JSON-RPC 2.0 request");
  return { kind: "rpc", method: parsed.method, params, id: parsed.id ?? null };
}

function routeRest(method: string, body: string): Routed {
  const params = body === "" ? {} : parse(body);
  return isObject(params)
    ? { kind: "rest", method, params }
    : rejected(400, "simulated: the body is not a JSON object");
}

/** Reads a request. Everything is POST; nothing here looks at credentials. */
export function route(request: SimRequest): Routed {
  const path = request.path.split("?")[0]!;
  const sessionMethod = Object.hasOwn(sessionPaths, path) ? sessionPaths[path] : undefined;
  const isPortal = path === "/portal/" || path === "/portal";
  const restMethod = /^\/portal\/rest\/([A-Za-z]+\/[A-Za-z]+)$/.exec(path)?.[1];
  if (!sessionMethod && !isPortal && !restMethod) return rejected(404, "simulated: no such path");
  if (request.method !== "POST") return rejected(405, "simulated: POST only");
  if (sessionMethod) return { kind: "session", method: sessionMethod };
  return restMethod ? routeRest(restMethod, request.body) : routeRpc(request.body);
}

/** A result in the envelope of its form: JSON-RPC wraps it, REST does not. */
export function answerResult(routed: Routed, result: unknown): SimResponse {
  const body = routed.kind === "rpc" ? { jsonrpc: "2.0", result, id: routed.id } : result;
  return { status: 200, headers: { ...json }, body: JSON.stringify(body) };
}

/** JSON-RPC errors are HTTP 200; REST errors have the documented status unless told otherwise. */
export function answerError(routed: Routed, error: VcoError, errorStatus: "documented" | "always-200"): SimResponse {
  const isRpc = routed.kind === "rpc";
  const body = isRpc ? { jsonrpc: "2.0", error: error.body(), id: routed.id } : { error: error.body() };
  const status = isRpc || errorStatus === "always-200" ? 200 : error.restStatus;
  return { status, headers: { ...json, ...error.headers }, body: JSON.stringify(body) };
}
