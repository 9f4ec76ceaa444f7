import { createHmac } from "node:crypto";
import { Fault } from "../../diagnostic.ts";
import { momentusTokenLifetimeSeconds } from "../../limits.ts";
import type { Secret } from "../../secret.ts";

/** ID, Secret and one Key of an API user. */
export interface ApiUserCredentials {
  id: string;
  secret: Secret;
  key: Secret;
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A token for one call (MOM-11): HS256 with the text of the Secret as it stands. `iss` is the ID and `key` the Key, not the
 * other way round. Times are whole seconds.
 */
export function signToken({ id, secret, key }: ApiUserCredentials, nowMs: number): string {
  const now = Math.floor(nowMs / 1000);
  const claims = { iss: id, key: key.reveal(), iat: now, nbf: now, exp: now + momentusTokenLifetimeSeconds };
  const signed = `${encode({ typ: "JWT", alg: "HS256" })}.${encode(claims)}`;
  const signature = createHmac("sha256", Buffer.from(secret.reveal(), "utf8")).update(signed).digest("base64url");
  return `${signed}.${signature}`;
}

/** Throws a Fault when Secret or Key is no GUID, which the vendor's own client refuses as well (MOM-12). */
export function assertGuids(system: string, { secret, key }: Pick<ApiUserCredentials, "secret" | "key">): void {
  const wrong = Object.entries({ secret, key }).filter(([, value]) => !guid.test(value.reveal()));
  if (wrong.length === 0) return;
  const names = wrong.map(([name]) => name).join(" and ");
  throw new Fault(`the ${names} of the credentials ${wrong.length > 1 ? "are no GUIDs" : "is no GUID"} (MOM-12)`, {
    happened: "no",
    on: system,
    code: "settings",
    remedy: "copy Secret and Key from the screen of the API user, without blanks: 8-4-4-4-12 hex digits",
  });
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part), "utf8").toString("base64url");
}
