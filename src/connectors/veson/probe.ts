import { createHash } from "node:crypto";
import { Fault } from "../../diagnostic.ts";
import type { HttpResponse } from "../../io.ts";
import type { Secret } from "../../secret.ts";
import type { Probe } from "../connector.ts";
import type { HttpCall, HttpClient } from "../http.ts";

/**
 * The data plane, asked whether a token works. The token stands in the query of the call, as documented, which no trace and no
 * fault ever shows (VES-18). What a wrong token is answered with is not documented: both usual refusals count as one.
 */
export class TokenProbe {
  readonly #http: HttpClient;
  readonly #path: string;
  readonly #asked = new Map<string, Promise<Probe>>();

  constructor(http: HttpClient, path: string) {
    this.#http = http;
    this.#path = path;
  }

  /** Asks once for each command; `fresh` asks again. */
  ask(token: Secret, { fresh = false }: { fresh?: boolean } = {}): Promise<Probe> {
    // One way, so that no credential is kept here.
    const name = createHash("sha256").update(token.reveal()).digest("hex");
    const asked = (fresh ? undefined : this.#asked.get(name)) ?? this.#send(token);
    this.#asked.set(name, asked);
    return asked;
  }

  async #send(token: Secret): Promise<Probe> {
    const call: HttpCall = {
      method: "GET",
      path: this.#path,
      query: new URLSearchParams({ apiToken: token.reveal() }).toString(),
      headers: { accept: "application/json" },
      effect: "read",
    };
    try {
      return judged(await this.#http.send(call), this.#path);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { health: "inconclusive", detail: error.message };
    }
  }
}

function judged({ status, headers }: HttpResponse, path: string): Probe {
  const isPage = /^text\/html\b/i.test(String(headers["content-type"] ?? ""));
  if (isPage) return { health: "inconclusive", detail: `a page instead of an answer for ${path} (HTTP ${status})` };
  if (status >= 200 && status < 300) return { health: "working" };
  if (status === 401 || status === 403) {
    return { health: "refused", detail: `HTTP ${status} for ${path}: no valid token, or its user may not read that` };
  }
  return { health: "inconclusive", detail: `HTTP ${status} for ${path}` };
}
