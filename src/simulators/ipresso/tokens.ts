import type { SimRequest, SimResponse } from "../wire.ts";
import { lets } from "./addresses.ts";
import { ApiRefusal, answer } from "./api-call.ts";
import type { ApiUserRecord, TokenRecord } from "./records.ts";
import type { Moment } from "./saving.ts";

/** Authorization and the tokens that it returns. */

/** Both from the vendor's public client. */
const addressBlocked = 112;
const userBlocked = 113;

function headerOf({ settings }: Moment, { headers }: SimRequest, name: string): string | undefined {
  return headers[name] ?? (settings.oldHeaderNames ? headers[name.replaceAll("-", "_")] : undefined);
}

/** Which status a missing User-Agent has is not documented. Throws ApiRefusal. */
function checkUserAgent(moment: Moment, request: SimRequest): void {
  const agents = [
    headerOf(moment, request, "user-agent"),
    moment.settings.oldHeaderNames && request.headers.user_agent,
  ];
  if (!moment.settings.checksUserAgent || agents.includes("iPresso")) return;
  throw new ApiRefusal(400, "simulated: the header User-Agent must be iPresso");
}

/** Who may not come in although the credentials are good. Throws ApiRefusal: 403 with an error code is final. */
function checkStanding({ settings }: Moment, user: ApiUserRecord, request: SimRequest): void {
  if (user.isBlocked) throw new ApiRefusal(403, "simulated: the user is blocked", { errorCode: userBlocked });
  if (lets(user.addresses, settings.seenFrom ?? request.from ?? "127.0.0.1")) return;
  throw new ApiRefusal(403, "simulated: the IP address is blocked", { errorCode: addressBlocked });
}

/** Login and password of the header Authorization, which is Basic. */
function credentialsOf({ headers }: SimRequest): { login: string; password: string } | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(headers.authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { login: text.slice(0, colon), password: text.slice(colon + 1) };
}

const endOf = ({ settings, store }: Moment, { since, validMs }: TokenRecord): number =>
  since + (settings.validityCounts === "all-tokens" ? store.installation.validitySeconds * 1000 : validMs);

/** The token that an authorization returns. While the option of a different token is off, it is the one before. */
function tokenFor(moment: Moment, user: ApiUserRecord): string {
  const { store, settings, at } = moment;
  for (const token of store.tokens.values()) if (endOf(moment, token) <= at) store.tokens.delete(token.id);
  if (store.installation.returnsDifferentToken) {
    if (settings.olderTokens === "die") store.endTokens(user.id);
    return store.newToken();
  }
  const isKept = user.token !== null && (settings.sameToken === "always" || store.tokens.has(user.token));
  const token = isKept ? user.token! : store.newToken();
  if (!isKept) store.changeUser(user.id, { token });
  return token;
}

/** `GET /api/2/auth/CUSTOMER_KEY` with Basic. The order in which it looks at key, login and address is assumed. Throws ApiRefusal. */
export function authorize(moment: Moment, request: SimRequest, key: string): SimResponse {
  const { store, settings, at } = moment;
  checkUserAgent(moment, request);
  if (key !== store.installation.customerKey) throw new ApiRefusal(401, "Unauthorized: Wrong customer token");
  const credentials = credentialsOf(request);
  const user = credentials && store.user(credentials.login);
  if (!user || user.password !== credentials?.password) {
    throw new ApiRefusal(settings.wrongLoginStatus, "simulated: login or password is wrong");
  }
  checkStanding(moment, user, request);
  const id = tokenFor(moment, user);
  store.tokens.set(id, { id, userId: user.id, since: at, validMs: store.installation.validitySeconds * 1000 });
  return answer(200, "OK", { data: id });
}

/** The token that a request brings, whatever it is worth. */
export function tokenIn(moment: Moment, request: SimRequest): string {
  return headerOf(moment, request, "ipresso-token") ?? "";
}

/**
 * Whose token the call brings. Throws ApiRefusal: 403 without an error code is what makes a client authorize again, be the token
 * missing, wrong, expired, or that of a user who is gone.
 */
export function authenticate(moment: Moment, request: SimRequest): ApiUserRecord {
  const { store, settings, at } = moment;
  checkUserAgent(moment, request);
  const token = store.tokens.get(tokenIn(moment, request));
  const user = token && store.users.get(token.userId);
  if (!user || endOf(moment, token) <= at) throw new ApiRefusal(403, "simulated: the token is not valid");
  checkStanding(moment, user, request);
  if (settings.useProlongs) store.tokens.set(token.id, { ...token, since: at });
  return user;
}
