import type { HttpResponse } from "../../io.ts";
import type { Secret } from "../../secret.ts";
import type { HttpCall, HttpClient } from "../http.ts";
import { type Authentication, readAuthentication } from "./answer.ts";

/** Login, password and key of one authorization. */
export interface Credentials {
  login: string;
  password: Secret;
  customerKey: Secret;
}

/** The one call of the API 2.0 that Steward makes: an authorization, as the vendor's public client makes it (IPR-17). */
export class IpressoClient {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  /**
   * Asks whether login, password and key are accepted. It may make a new token (IPR-04), which is thrown away. The key is part of
   * the path, so that the path is shown without its end (IPR-21). Throws a Fault when there is no answer.
   */
  authenticate(credentials: Credentials): Promise<Authentication> {
    const { login, password, customerKey } = credentials;
    const basic = Buffer.from(`${login}:${password.reveal()}`, "utf8").toString("base64");
    const call: HttpCall = {
      method: "GET",
      path: "/api/2/auth/",
      secretPart: customerKey,
      headers: { authorization: `Basic ${basic}`, "user-agent": "iPresso", accept: "text/json" },
      effect: "read",
    };
    return this.#http.sendJudged(call, (response) => this.#judge(call, response, credentials, basic));
  }

  #judge(
    call: HttpCall,
    response: HttpResponse,
    { password, customerKey }: Credentials,
    basic: string,
  ): Authentication {
    const { status } = response;
    if (status >= 500) {
      const details = { happened: "no", transient: true, code: "broken" } as const;
      throw this.#http.fault(call, `it failed (HTTP ${status})`, details);
    }
    const unsaid = [basic, password.reveal(), customerKey.reveal()].filter((value) => value !== "");
    const clean = (text: string) => unsaid.reduce((cleaned, value) => cleaned.replaceAll(value, "(secret)"), text);
    return readAuthentication(response, clean);
  }
}
