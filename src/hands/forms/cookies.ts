import { consoleCookieCharactersMax, consoleCookiesMax } from "../../limits.ts";
import { Secret } from "../../secret.ts";
import type { ConsoleResponse } from "./wire.ts";

/** Cookies of one console. Whoever holds a session's cookie is signed in, so they are secrets. */
export class Cookies {
  readonly #values = new Map<string, Secret>();

  /** Keeps what an answer sets and drops what it ends. One that is too long is not kept; the oldest make room. */
  keep({ headers }: ConsoleResponse): void {
    for (const line of [headers["set-cookie"] ?? []].flat()) {
      const [, name, value = ""] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
      if (name === undefined || line.length > consoleCookieCharactersMax) continue;
      this.#values.delete(name);
      if (!/;\s*max-age=(?:0|-\d+)\s*(?:;|$)/i.test(line)) this.#values.set(name, new Secret(value.trim()));
      const [oldest] = this.#values.keys();
      if (this.#values.size > consoleCookiesMax && oldest !== undefined) this.#values.delete(oldest);
    }
  }

  get(name: string): Secret | undefined {
    return this.#values.get(name);
  }

  /** The header, or nothing when there is no cookie. */
  header(): { cookie?: string } {
    const pairs = [...this.#values].map(([name, value]) => `${name}=${value.reveal()}`);
    return pairs.length > 0 ? { cookie: pairs.join("; ") } : {};
  }
}
