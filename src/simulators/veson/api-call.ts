import type { SimResponse } from "../wire.ts";
import type { Submission, UserRecord } from "./records.ts";
import type { ApiPermission } from "./rights.ts";
import type { Moment } from "./saving.ts";

/** One call of the data plane, once its token is known. */
export type ApiCall = Moment & {
  readonly user: UserRecord;
  readonly query: URLSearchParams;
  /** The variable parts of the path, in order. */
  readonly keys: readonly string[];
  readonly body: string;
};

/** One endpoint. `:key` stands for one part of the path. */
export type Endpoint = {
  readonly name: string;
  readonly verb: "GET" | "POST" | "PATCH";
  readonly path: string;
  /** The least that the token's user must have; the stronger ones include it. */
  readonly needs: ApiPermission;
  readonly run: (call: ApiCall) => SimResponse;
};

/** A refusal of the API. Neither statuses nor bodies are documented; both are the simulator's own. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(`simulated: ${message}`);
    this.status = status;
  }
}

/** A result as JSON. */
export function answerJson(status: number, result: unknown): SimResponse {
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, body: JSON.stringify(result) };
}

/** Keeps what came in. */
export function take({ store, user, at, body }: ApiCall, what: string): Submission {
  const submission = { at, userName: user.userName, what, body };
  store.submissions.push(submission);
  return submission;
}
