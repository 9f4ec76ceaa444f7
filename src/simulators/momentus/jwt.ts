import { createHmac, timingSafeEqual } from "node:crypto";
import { Unauthorized } from "./api-errors.ts";
import type { MomentusSettings } from "./options.ts";
import type { ApiUserRecord, EnvironmentName } from "./records.ts";
import type { MomentusStore } from "./store.ts";

/** Who calls the API: the API user, and the user it acts for. */
export type ApiPrincipal = { readonly apiUser: ApiUserRecord; readonly actor: string };

type Claims = Readonly<Record<string, unknown>>;
type Parts = { header: Claims; claims: Claims; signed: string; signature: Buffer };
type Moment = { store: MomentusStore; settings: MomentusSettings; at: number };

const base64url = /^[A-Za-z0-9_-]+$/;

function decode(part: string): Claims {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as Claims;
  } catch {
    // Falls through to the one answer for everything that cannot be read.
  }
  throw new Unauthorized("the token cannot be read");
}

function split(authorization: string | undefined): Parts {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) throw new Unauthorized("a bearer token is missing");
  const [head = "", body = "", signature = "", ...more] = token.split(".");
  if (more.length > 0 || ![head, body, signature].every((part) => base64url.test(part))) {
    throw new Unauthorized("the token cannot be read");
  }
  const signed = `${head}.${body}`;
  return { header: decode(head), claims: decode(body), signed, signature: Buffer.from(signature, "base64url") };
}

/** HS256 over the Secret's text as it stands, hyphens included. */
function isSigned({ signed, signature }: Parts, secret: string): boolean {
  const expected = createHmac("sha256", Buffer.from(secret, "utf8")).update(signed).digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

function secondsIn(claims: Claims, name: string): number {
  const value = claims[name];
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new Unauthorized(`the claim ${name} must be a number`);
  return value * 1000;
}

/** `iat` and `exp` must be there; `nbf` counts when it is. That a future `iat` is refused is assumed. */
function checkTimes(claims: Claims, { settings, at }: Moment): void {
  const [issued, expires] = [secondsIn(claims, "iat"), secondsIn(claims, "exp")];
  const begins = Math.max(issued, claims.nbf === undefined ? issued : secondsIn(claims, "nbf"));
  if (begins > at + settings.clockToleranceMs) throw new Unauthorized("the token is not valid yet");
  if (expires <= at - settings.clockToleranceMs) throw new Unauthorized("the token has expired");
  if (expires - issued > settings.jwtLifetimeMsMax) throw new Unauthorized("the token lives too long");
}

/** The user named by `sub`, if the API user may act for others. A retired user is nobody (assumed). */
function actorOf(moment: Moment, environment: EnvironmentName, user: ApiUserRecord, claims: Claims): string {
  if (claims.sub === undefined) return user.id;
  if (!user.allowProxyUser) throw new Unauthorized("this API user may not act for others");
  const row = typeof claims.sub === "string" ? moment.store[environment].users.get(claims.sub) : undefined;
  if (!row || row.fields.Retire === "Y") throw new Unauthorized("there is no such user to act for");
  return row.id;
}

/**
 * Verifies the token of one request: header, signature, `iss` = ID of the API user, `key` = one of its Keys, times, and
 * `sub`. Throws Unauthorized. That a retired API user is answered 401 is assumed.
 */
export function verifyToken(
  moment: Moment,
  environment: EnvironmentName,
  authorization: string | undefined,
): ApiPrincipal {
  const parts = split(authorization);
  const { header, claims } = parts;
  if (header.alg !== "HS256" || header.typ !== "JWT") throw new Unauthorized("the token must be an HS256 JWT");
  const database = moment.store[environment];
  const apiUser = typeof claims.iss === "string" ? database.apiUsers.get(claims.iss) : undefined;
  if (!apiUser) throw new Unauthorized("there is no such API user");
  if (!isSigned(parts, apiUser.secret)) throw new Unauthorized("the signature is wrong");
  const key = typeof claims.key === "string" ? database.keys.get(claims.key.toLowerCase()) : undefined;
  if (key?.apiUserId !== apiUser.id || !key.isValid) throw new Unauthorized("the key is not valid");
  if (apiUser.isRetired) throw new Unauthorized("the API user is retired");
  checkTimes(claims, moment);
  return { apiUser, actor: actorOf(moment, environment, apiUser, claims) };
}
