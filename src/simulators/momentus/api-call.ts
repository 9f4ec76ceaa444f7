import type { SimResponse } from "../wire.ts";
import { invalid } from "./api-errors.ts";
import type { MomentusDatabase } from "./database.ts";
import type { ApiPrincipal } from "./jwt.ts";
import type { MomentusSettings } from "./options.ts";
import type { EnvironmentName } from "./records.ts";
import type { MomentusStore } from "./store.ts";

/** One call of the v1 API, after authentication. */
export type ApiCall = {
  readonly store: MomentusStore;
  readonly database: MomentusDatabase;
  readonly settings: MomentusSettings;
  readonly environment: EnvironmentName;
  readonly principal: ApiPrincipal;
  readonly subject: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: string;
  /** What stands in the path after the subject, decoded. */
  readonly keys: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly at: number;
  /** What searches are read as of; earlier than `at` while they lag. */
  readonly listsAt: number;
};

/** One endpoint. `path` follows the subject; `:key` stands for one part. */
export type Endpoint = {
  readonly name: string;
  readonly verb: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly isList?: boolean;
  readonly run: (call: ApiCall) => SimResponse;
};

/** The JSON object of the body. Throws a 400. */
export function bodyOf(call: ApiCall): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(call.body);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Falls through: text that is no JSON is answered like JSON that is no object.
  }
  throw invalid("the body must be a JSON object");
}
