/**
 * Errors as the orchestrator wraps them. Texts of `tokenError`, of the missing privilege, of the missing `_update` and
 * of the missing key are known from public client and test code; every other text here and in the method files is the
 * simulator's own, because no public source gives the vendor's. Nothing may depend on the wording.
 */

type ErrorDetail = { code: number; message: string; path: string };

/** An error as the orchestrator answers it, in JSON-RPC and in REST. */
export class VcoError extends Error {
  /** JSON-RPC error code; null where the wire shows none. */
  readonly code: number | null;
  /** HTTP status of the REST form: 400 bad schema, 500 processing, 200 for token errors. */
  readonly restStatus: number;
  readonly details: readonly ErrorDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: number | null,
    restStatus: number,
    message: string,
    details: readonly ErrorDetail[] = [],
    headers = {},
  ) {
    super(message);
    this.name = "VcoError";
    this.code = code;
    this.restStatus = restStatus;
    this.details = details;
    this.headers = headers;
  }

  /** The value of `error` in the envelope. */
  body(): Record<string, unknown> {
    const body: Record<string, unknown> = this.code === null ? {} : { code: this.code };
    body.message = this.message;
    if (this.details.length > 0) body.data = { valid: false, error: this.details, warning: [] };
    return body;
  }
}

export const invalidToken = (): VcoError => new VcoError(-32000, 200, "tokenError [Invalid API Token]");

export const expiredSession = (): VcoError =>
  new VcoError(null, 200, "tokenError [expired session cookie]", [], { expires: "0" });

export const missingPrivilege = (privilege: string, method: string): VcoError =>
  new VcoError(-32603, 500, `user does not have privilege [${privilege}] required to access [${method}]`);

export const missingKey = (method: string): VcoError => new VcoError(-32603, 400, `missing key parameter to ${method}`);

export const badSchema = (message: string, path = "instance"): VcoError =>
  new VcoError(-32603, 400, message, [{ code: -32603, message, path }]);

/** The call was understood and is not done. Text: the simulator's own. */
export const refused = (message: string): VcoError => new VcoError(-32603, 500, message);

export const unknownMethod = (method: string): VcoError =>
  new VcoError(-32601, 400, `simulated: no such method [${method}]`);
