import { Secret } from "../../secret.ts";
import { isRecord } from "./answer.ts";
import type { ApiUserCredentials } from "./jwt.ts";

/** Name of the bundle in the state entry of an API user and of a Key. */
export const bundleSecret = "credentials";

/** ID, Secret and Key as one text for a sink: `{"id", "secret", "key"}` (MOM-26). */
export function makeBundle({ id, secret, key }: ApiUserCredentials): Secret {
  return new Secret(JSON.stringify({ id, secret: secret.reveal(), key: key.reveal() }));
}

/** Reads a bundle; undefined when a sink holds something else. */
export function readBundle(bundle: Secret): ApiUserCredentials | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bundle.reveal());
  } catch {
    return undefined;
  }
  if (!isRecord(parsed)) return undefined;
  const { id, secret, key } = parsed;
  if (typeof id !== "string" || typeof secret !== "string" || typeof key !== "string") return undefined;
  return { id, secret: new Secret(secret), key: new Secret(key) };
}

/** What of a Key may be shown and recorded: its first 8 hex digits (MOM-26). */
export function keyPrefix(key: Secret): string {
  return key.reveal().slice(0, 8).toLowerCase();
}
