import type { SeededRandom } from "../random.ts";
import type { SimRequest, SimResponse } from "../wire.ts";

/** Sessions of the simulated consoles. */

/** `username` is null until the session has signed in. */
export type SessionRecord = {
  readonly id: string;
  readonly username: string | null;
  readonly csrf: string;
  readonly expiresAt: number;
};

/** What sessions need to know of a simulator, and when. */
export type SessionMoment = {
  readonly store: { readonly sessions: Map<string, SessionRecord>; readonly random: SeededRandom };
  readonly settings: { readonly sessionLifetimeMs: number };
  readonly at: number;
};

/** A path of this site, or the start page: nobody is sent elsewhere. */
export function localPath(next: string | null): string {
  return next !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : "/";
}

/** Sessions that are kept in one cookie. */
export class CookieSessions {
  private readonly cookieName: string;

  constructor(cookieName: string) {
    this.cookieName = cookieName;
  }

  /** A new session. Of nobody when `username` is null: the sign-in form needs a token too. */
  open({ store, settings, at }: SessionMoment, username: string | null): SessionRecord {
    for (const old of store.sessions.values()) if (old.expiresAt <= at) store.sessions.delete(old.id);
    const session = {
      id: store.random.hex(40),
      username,
      csrf: store.random.hex(40),
      expiresAt: at + settings.sessionLifetimeMs,
    };
    store.sessions.set(session.id, session);
    return session;
  }

  /** The session that the request's cookie names, if it lives; each request prolongs it. */
  of({ store, settings, at }: SessionMoment, request: SimRequest): SessionRecord | undefined {
    const session = store.sessions.get(this.idIn(request) ?? "");
    if (!session || session.expiresAt <= at) return undefined;
    const prolonged = { ...session, expiresAt: at + settings.sessionLifetimeMs };
    store.sessions.set(session.id, prolonged);
    return prolonged;
  }

  /** Ends the session that the request's cookie names. */
  end({ sessions }: { readonly sessions: Map<string, SessionRecord> }, request: SimRequest): void {
    sessions.delete(this.idIn(request) ?? "");
  }

  /** The answer with the session's cookie. */
  keep(response: SimResponse, session: SessionRecord): SimResponse {
    return this.withCookie(response, this.cookie(session.id));
  }

  /** The answer that takes the cookie away. */
  drop(response: SimResponse): SimResponse {
    return this.withCookie(response, `${this.cookie("")}; Max-Age=0`);
  }

  private cookie(value: string): string {
    return `${this.cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax`;
  }

  private withCookie(response: SimResponse, cookie: string): SimResponse {
    return { ...response, headers: { ...response.headers, "set-cookie": [cookie] } };
  }

  private idIn(request: SimRequest): string | undefined {
    const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
    return pairs.find(([name]) => name === this.cookieName)?.[1];
  }
}
