import type { SimResponse } from "../wire.ts";
import type { Permission, Verb } from "./permissions.ts";
import type { ApiUserRecord } from "./records.ts";
import type { Moment } from "./saving.ts";

/** One call of the API, once its token is known. */
export type ApiCall = Moment & {
  readonly user: ApiUserRecord;
  readonly query: URLSearchParams;
  /** The variable parts of the path, in order. */
  readonly keys: readonly string[];
  readonly form: URLSearchParams;
};

/** One endpoint below `/api/2/`. `:key` stands for one part of the path. */
export type Endpoint = {
  readonly name: string;
  readonly verb: Verb;
  readonly path: string;
  /** Undefined where the vendor's client makes no such call: nobody can be allowed it. */
  readonly needs: Permission | undefined;
  readonly run: (call: ApiCall) => SimResponse;
};

type Extra = { readonly data?: unknown; readonly errorCode?: number | null };

/** What every answer looks like: its `code` is the HTTP status too. Also 302 and 303, which lead nowhere here. */
export function answer(code: number, message: string, { data, errorCode }: Extra = {}): SimResponse {
  const envelope = {
    ...{ code, ...(data === undefined ? {} : { data }), message },
    ...(errorCode == null ? {} : { errorCode }),
  };
  const headers = { "content-type": "application/json; charset=utf-8" };
  return { status: code, headers, body: JSON.stringify(envelope) };
}

/** A refusal. Messages that no client has written down are the simulator's own and say so. */
export class ApiRefusal extends Error {
  readonly code: number;
  readonly errorCode: number | null;
  readonly data: unknown;
  constructor(code: number, message: string, { data, errorCode = null }: Extra = {}) {
    super(message);
    this.code = code;
    this.errorCode = errorCode;
    this.data = data;
  }
}

export const notFound = (): ApiRefusal => new ApiRefusal(404, "Not Found");

/**
 * What stands in a form under names such as `contact[0][email]`, by index and then by field: `base` is `contact`. A form without an
 * index, as in `contact[email]`, is one entry.
 */
export function nested(form: URLSearchParams, base: string): Record<string, string>[] {
  const entries = new Map<string, Record<string, string>>();
  for (const [name, value] of form) {
    if (!name.startsWith(`${base}[`)) continue;
    const parts = [...name.slice(base.length).matchAll(/\[([^\]]*)\]/g)].map(([, part = ""]) => part);
    const [index, field] = parts.length > 1 ? [parts[0]!, parts[1]!] : ["", parts[0]!];
    entries.set(index, { ...entries.get(index), [field]: value });
  }
  return [...entries.values()];
}
