import type { SimResponse } from "../wire.ts";

/** An error of the v1 API; its texts are the simulator's own. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(`simulated: ${message}`);
    this.status = status;
    this.code = code;
  }
}

/** No or wrong credentials. Why is told in `WWW-Authenticate` and nowhere else. */
export class Unauthorized extends Error {}

export const notFound = (what: string): ApiError => new ApiError(404, "NotFound", `there is no ${what}`);
export const invalid = (reason: string): ApiError => new ApiError(400, "ValidationError", reason);

/** The body is JSON that is URL-encoded as a whole. Names inside ErrorList other than Message are not documented. */
export function answerApiError(error: ApiError | Unauthorized): SimResponse {
  if (error instanceof Unauthorized) {
    const challenge = `Bearer error="invalid_token", error_description="simulated: ${error.message}"`;
    return { status: 401, headers: { "www-authenticate": challenge }, body: "" };
  }
  const listed = { ErrorCode: error.code, Message: error.message, Source: "simulator" };
  const body = encodeURIComponent(JSON.stringify({ Status: error.status, ErrorList: [listed] }));
  return { status: error.status, headers: { "content-type": "application/json; charset=utf-8" }, body };
}

/** A result as JSON. */
export function answerJson(result: unknown, headers: SimResponse["headers"] = {}): SimResponse {
  const type = { "content-type": "application/json; charset=utf-8" };
  return { status: 200, headers: { ...type, ...headers }, body: JSON.stringify(result) };
}
