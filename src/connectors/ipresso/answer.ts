import type { HttpResponse } from "../../io.ts";
import { vendorMessageCharactersMax } from "../../limits.ts";
import type { Probe } from "../connector.ts";

/** Why nobody can tell whether a login works: who asks may not, or asks with the wrong key. */
type Blank = "address" | "key";
export type Authentication = Probe & { because?: Blank };

/** Error codes of the vendor's public client (IPR-19). */
const codes = { exceededLimit: 2, addressBlocked: 112, userBlocked: 113 } as const;

interface Envelope {
  code?: unknown;
  message?: unknown;
  data?: unknown;
  errorCode?: unknown;
}

/**
 * What an answer to an authorization says (IPR-18, IPR-19). `clean` takes secrets out of a text: a system may repeat what it was
 * sent. What is no answer of the API proves nothing (IPR-20).
 */
export function readAuthentication({ status, body }: HttpResponse, clean: (text: string) => string): Authentication {
  const envelope = envelopeIn(body);
  if (!envelope) {
    return { health: "inconclusive", detail: `it gave no answer of the API (HTTP ${status}): check url and api_url` };
  }
  const { message, data, errorCode } = envelope;
  const said = typeof message === "string" ? quoted(clean(message)) : "nothing";
  if (status === 200 && typeof data === "string" && data !== "") return { health: "working" };
  if (errorCode === codes.addressBlocked) {
    const detail = `the address of this machine is not among those that are allowed (error code ${errorCode})`;
    return { health: "inconclusive", detail, because: "address" };
  }
  if (status === 401 && isWrongKey(message)) {
    const detail = `the key of the installation is another one (CUSTOMER_KEY, IPR-18): it says ${said}`;
    return { health: "inconclusive", detail, because: "key" };
  }
  if (errorCode === codes.userBlocked)
    return { health: "refused", detail: `the user is blocked (error code ${errorCode})` };
  const code = typeof errorCode === "number" ? `, error code ${errorCode}` : "";
  const detail = `it says ${said} (HTTP ${status}${code})`;
  const isRefused = (status === 401 || status === 403) && errorCode !== codes.exceededLimit;
  return { health: isRefused ? "refused" : "inconclusive", detail };
}

/** The only text that a public test of a client has written down: "Unauthorized: Wrong customer token". */
const isWrongKey = (message: unknown): boolean =>
  typeof message === "string" && /customer (?:token|key)/i.test(message);

function envelopeIn(body: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && "code" in value ? value : undefined;
  } catch {
    return undefined;
  }
}

function quoted(text: string): string {
  const printable = text.replace(/[\p{Cc}\p{Cf}]+/gu, " ");
  const short = printable.slice(0, vendorMessageCharactersMax);
  return `"${short}${short.length < printable.length ? "…" : ""}"`;
}
