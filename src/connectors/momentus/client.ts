import { Fault } from "../../diagnostic.ts";
import type { HttpResponse } from "../../io.ts";
import type { HttpCall, HttpClient } from "../http.ts";
import { failureIn, valueIn } from "./answer.ts";
import { type ApiUserCredentials, assertGuids, signToken } from "./jwt.ts";

interface ClientParts {
  http: HttpClient;
  /** Name of the configured system, for faults. */
  system: string;
  serialNumber: string | undefined;
  credentials: () => Promise<ApiUserCredentials>;
  now(): number;
}

export type Subject = "Users" | "Roles" | "UserRoles";

/** Everything that one answer may say: what it holds, and headers that further calls need. */
export interface Answer {
  value: unknown;
  headers: HttpResponse["headers"];
}

const jsonHeaders = { "content-type": "application/json", accept: "application/json" };

/** The v1 API for one API user. It signs each try of a call anew (MOM-11) and judges answers; it knows no kinds. */
export class MomentusClient {
  readonly #parts: ClientParts;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  /** The same system, asked by another API user. */
  as(credentials: ApiUserCredentials): MomentusClient {
    return new MomentusClient({ ...this.#parts, credentials: async () => credentials });
  }

  /** A read that changes nothing. `path` follows /api/v1/ and is encoded. */
  get(path: string, more: { query?: string; cookie?: string } = {}): Promise<Answer> {
    const { query, cookie } = more;
    const call = { method: "GET" as const, path: `/api/v1/${path}`, effect: "read" as const };
    return this.#send(query === undefined ? call : { ...call, query }, cookie);
  }

  /** A write; the answer's body is JSON or nothing. */
  async write(method: "POST" | "PUT" | "DELETE", path: string, body?: Record<string, unknown>): Promise<unknown> {
    const call = { method, path: `/api/v1/${path}`, effect: "write" as const };
    return (await this.#send(body === undefined ? call : { ...call, body: JSON.stringify(body) })).value;
  }

  async #send(call: Omit<HttpCall, "headers">, cookie?: string): Promise<Answer> {
    const { http, system, now } = this.#parts;
    const credentials = await this.#parts.credentials();
    assertGuids(system, credentials);
    const more = cookie === undefined ? {} : { cookie };
    // A call may wait for its turn longer than a token lives, so each try gets its own.
    const headers = () => ({ ...jsonHeaders, ...more, authorization: `Bearer ${signToken(credentials, now())}` });
    const signed: HttpCall = { ...call, headers };
    return http.sendJudged(signed, (response) => this.#judge(signed, response, credentials));
  }

  #judge(call: HttpCall, response: HttpResponse, credentials: ApiUserCredentials): Answer {
    const { http, serialNumber } = this.#parts;
    const clean = (text: string): string => withoutCredentials(text, credentials);
    const failure = failureIn(response, { skewMs: http.clockSkewMs, serialNumber, clean });
    if (failure) throw http.fault(call, failure.message, failure.details);
    try {
      return { value: valueIn(response), headers: response.headers };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      throw http.fault(call, error.message, error.details);
    }
  }
}

/** What goes into an error text has neither the Secret, nor the Key, nor a token. */
function withoutCredentials(text: string, { secret, key }: ApiUserCredentials): string {
  const parts = [secret.reveal(), key.reveal()].map((value) => value.replaceAll("-", "-?"));
  return text.replace(new RegExp(parts.join("|"), "gi"), "(secret)").replace(/eyJ[\w-]+(?:\.[\w-]*)*/g, "(token)");
}
