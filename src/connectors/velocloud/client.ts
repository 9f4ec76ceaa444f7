import { Fault } from "../../diagnostic.ts";
import { Secret } from "../../secret.ts";
import type { HttpCall, HttpClient, JsonAnswer } from "../http.ts";
import { errorIn, isRecord, isUnauthorized, refusalDetails } from "./envelope.ts";
import type { Login } from "./scopes.ts";

/** How we prove who we are. Values are asked for when they are needed first. */
export type Identity =
  | { by: "token"; token: () => Promise<Secret> }
  | { by: "session"; login: Login; username: () => Promise<string>; password: () => Promise<Secret> };

/** Parameters of a call; a Secret is revealed only in the request's body. */
export type Params = { [name: string]: unknown };

/**
 * The portal API in its REST form (VCO-20) for one identity. It knows sessions and envelopes, not users or tokens.
 * Never calls refreshApiToken (VCO-26).
 */
export class VelocloudClient {
  readonly #http: HttpClient;
  readonly #identity: Identity;
  #session: Promise<Secret> | undefined;
  readonly #ended = new WeakSet<Secret>();

  constructor(http: HttpClient, identity: Identity) {
    this.#http = http;
    this.#identity = identity;
  }

  /** A call that changes nothing. */
  read(method: string, params: Params): Promise<unknown> {
    return this.#call(method, params, "read");
  }

  /** A call that changes something. Throws a Fault when the answer counts the rows and there is none. */
  async write(method: string, params: Params): Promise<Record<string, unknown>> {
    const answer = await this.#call(method, params, "write");
    const call = callOf(method, "write");
    if (!isRecord(answer)) {
      throw this.#http.fault(call, "it gave an answer without fields", { happened: "unknown", code: "broken" });
    }
    if (typeof answer.rows !== "number" || answer.rows >= 1) return answer;
    const message = "it changed nothing: the object is not there for these credentials";
    throw this.#http.fault(call, message, { happened: "no", code: "absent" });
  }

  /** Logs in when that was not done yet. Throws a Fault with the code `unauthorized` when the login is refused. */
  async begin(): Promise<void> {
    if (this.#identity.by === "session") await this.#sessionId();
  }

  /** Ends the session, if there is one. Never throws. */
  async end(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    try {
      const id = await session;
      if (id) await this.#http.send({ ...callOf("logout", "read"), headers: cookieHeaders(id), body: "{}" });
    } catch {
      // A session that cannot be ended ends by itself; the command's own outcome matters more.
    }
  }

  async #call(method: string, params: Params, effect: HttpCall["effect"]): Promise<unknown> {
    const session = this.#identity.by === "session" ? await this.#sessionId() : undefined;
    try {
      return await this.#once(method, params, effect, session);
    } catch (error) {
      if (!session || !isUnauthorized(error)) throw error;
      // The session ended: nothing was done, and one new login may help (VCO-23).
      const renewed = await this.#renew(session);
      return this.#once(method, params, effect, renewed);
    }
  }

  async #once(
    method: string,
    params: Params,
    effect: HttpCall["effect"],
    session: Secret | undefined,
  ): Promise<unknown> {
    const headers = session ? cookieHeaders(session) : await this.#tokenHeaders();
    const call: HttpCall = { ...callOf(method, effect), headers, body: bodyOf(params) };
    const answer = await this.#http.sendJson(call);
    return this.#resultOf(call, answer, params);
  }

  #resultOf(call: HttpCall, answer: JsonAnswer, params: Params): unknown {
    const refused = errorIn(answer.status, answer.value, (text) => withoutSecrets(text, params));
    if (!refused) return answer.value;
    throw this.#http.fault(call, refused.message, refusalDetails(refused));
  }

  async #tokenHeaders(): Promise<Record<string, string>> {
    if (this.#identity.by !== "token") return jsonHeaders;
    return { ...jsonHeaders, authorization: `Token ${(await this.#identity.token()).reveal()}` };
  }

  #sessionId(): Promise<Secret> {
    this.#session ??= this.#logIn().catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  /** Calls side by side whose session ended share one new login. */
  #renew(ended: Secret): Promise<Secret> {
    if (!this.#ended.has(ended)) this.#session = undefined;
    this.#ended.add(ended);
    return this.#sessionId();
  }

  /** Judged by the cookie alone; 200 and 302 are both fine and redirects are not followed (VCO-21). */
  async #logIn(): Promise<Secret> {
    const identity = this.#identity;
    if (identity.by !== "session") throw new Error("a token has no session");
    const [username, password] = [await identity.username(), await identity.password()];
    const body = JSON.stringify({ username, password: password.reveal() });
    const call: HttpCall = { ...callOf(`login/${identity.login}Login`, "read"), body };
    const { status, headers, body: page } = await this.#http.send(call);
    const session = sessionIn(headers["set-cookie"]);
    if (session) return session;
    const happened = "no";
    if (status >= 500) {
      const message = `the login failed (HTTP ${status})`;
      throw this.#http.fault(call, message, { happened, transient: true, code: "broken" });
    }
    if (status === 404 || status === 405 || (status === 200 && /^\s*</.test(page))) {
      const remedy = "check the url of the system, and whether a proxy or a sign-in page stands before it";
      const message = `the login gave no session (HTTP ${status})`;
      throw this.#http.fault(call, message, { happened, code: "misplaced", remedy });
    }
    throw this.#http.fault(call, `the login as ${username} was refused`, {
      happened: "no",
      code: "unauthorized",
      remedy: "check name and password; a second factor or a single sign-on stands in the way of a login by password",
    });
  }
}

const jsonHeaders: Record<string, string> = { "content-type": "application/json", accept: "application/json" };

function cookieHeaders(session: Secret): Record<string, string> {
  return { ...jsonHeaders, cookie: `velocloud.session=${session.reveal()}` };
}

function callOf(method: string, effect: HttpCall["effect"]): HttpCall {
  return { method: "POST", path: `/portal/rest/${method}`, headers: jsonHeaders, effect };
}

function bodyOf(params: Params): string {
  return JSON.stringify(params, function reveal(this: Record<string, unknown>, name, value: unknown) {
    const given = this[name];
    return given instanceof Secret ? given.reveal() : value;
  });
}

function sessionIn(cookies: string | string[] | undefined): Secret | undefined {
  for (const cookie of [cookies ?? []].flat()) {
    const value = /^velocloud\.session=([^;\s]+)/.exec(cookie)?.[1];
    if (value) return new Secret(value);
  }
  return undefined;
}

function withoutSecrets(message: string, params: unknown): string {
  if (params instanceof Secret) return message.split(params.reveal()).join("(secret)");
  if (!isRecord(params)) return message;
  return Object.values(params).reduce<string>(withoutSecrets, message);
}

/** Whether a login with this password works. A Fault other than the refusal is passed on. */
export async function loginWorks(client: VelocloudClient): Promise<boolean> {
  try {
    await client.begin();
    return true;
  } catch (error) {
    if (error instanceof Fault && isUnauthorized(error)) return false;
    throw error;
  } finally {
    await client.end();
  }
}
