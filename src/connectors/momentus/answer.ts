import { Fault, type FaultDetails } from "../../diagnostic.ts";
import type { HttpResponse } from "../../io.ts";
import { momentusTokenLifetimeSeconds, vendorMessageCharactersMax } from "../../limits.ts";

/** What is known of a call when its answer is judged. */
interface Circumstances {
  /** How far our clock is ahead of the system's, where an answer bore a date. */
  skewMs: number | undefined;
  /** Serial number of the environment, where the manifest says it. */
  serialNumber: string | undefined;
  /** Takes credentials out of a text: a system may repeat what it was sent. */
  clean(text: string): string;
}

/** Why an answer is no success. */
interface Unsuccessful {
  message: string;
  details: FaultDetails;
}

/**
 * Judges by the status alone (MOM-13): 200 and 204 are success, text/html is another place. The texts of the system are shown
 * and never interpreted. Undefined for a success.
 */
export function failureIn(response: HttpResponse, circumstances: Circumstances): Unsuccessful | undefined {
  const { status } = response;
  if (status >= 500) {
    return { message: `it failed (HTTP ${status})`, details: { happened: "unknown", transient: true, code: "broken" } };
  }
  if (status === 401) return unauthorized(response, circumstances);
  if (status >= 300 && status < 400) return misplaced(`it redirects elsewhere (HTTP ${status})`, "unknown");
  if (isPage(response)) {
    const happened = status >= 400 ? "no" : "unknown";
    return misplaced(`it answered with a page instead of JSON (HTTP ${status})`, happened);
  }
  return status >= 400 ? refused(response, circumstances) : undefined;
}

/** The JSON of a success; undefined for a 204 or an empty body. Throws a Fault when it cannot be read. */
export function valueIn({ status, body }: HttpResponse): unknown {
  if (status === 204 || body.trim() === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    const message = "it gave an answer that is cut off or is not JSON";
    throw new Fault(message, { happened: "unknown", transient: true, code: "broken" });
  }
}

/** Whether a value is a map, not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the fault is the system's own "no" to one object, such as an ID that it does not know. */
export function isRefusal(error: unknown): error is Fault {
  return error instanceof Fault && (error.details.code === "refused" || error.details.code === "absent");
}

function isPage({ headers, body }: HttpResponse): boolean {
  return /^\s*text\/html/i.test(String(headers["content-type"] ?? "")) || /^\s*</.test(body);
}

function misplaced(message: string, happened: FaultDetails["happened"]): Unsuccessful {
  const remedy =
    "check the url of the system: it ends with the environment, such as /prod or /test; another path, a sign-in page or a proxy answers there";
  return { message, details: { happened, code: "misplaced", remedy } };
}

/** The detail stands in `WWW-Authenticate`, not in the body. A token is judged by the system's clock (MOM-17). */
function unauthorized({ headers }: HttpResponse, { skewMs, clean }: Circumstances): Unsuccessful {
  const challenge = [headers["www-authenticate"] ?? []].flat().join(", ");
  const told = /error_description="([^"]*)"/i.exec(challenge)?.[1] ?? challenge;
  const detail = told.trim() === "" ? "" : `: ${quoted(clean(told))}`;
  const isEarly = skewMs !== undefined && skewMs > 2_000;
  const isLate = skewMs !== undefined && skewMs < -(momentusTokenLifetimeSeconds - 2) * 1_000;
  if (isEarly || isLate) {
    const apart = `${Math.abs(Math.round(skewMs / 1000))} s ${isEarly ? "ahead of" : "behind"} the system's`;
    const message = `it does not accept the token${detail}; this machine's clock is ${apart} (MOM-17)`;
    return { message, details: { happened: "no", code: "clock", remedy: "set the clock of this machine" } };
  }
  const remedy =
    "check ID, Secret and Key of the API user and that it is not retired (MOM-09); a copy of production to this environment may have made it invalid (MOM-08)";
  return {
    message: `it does not accept the credentials${detail}`,
    details: { happened: "no", code: "unauthorized", remedy },
  };
}

function refused(response: HttpResponse, { clean, serialNumber }: Circumstances): Unsuccessful {
  const { status } = response;
  const told = messagesIn(response.body);
  const detail = told === "" ? `(HTTP ${status})` : `(HTTP ${status}): ${quoted(clean(told))}`;
  if (status === 403) {
    const serial = serialNumber === undefined ? "the serial number" : `the serial number ${serialNumber}`;
    const remedy = `check the allowed endpoints and access privileges of the API user, and whether the API is licensed: the vendor asks for the address of the environment and ${serial} (MOM-18)`;
    return { message: `it does not allow this ${detail}`, details: { happened: "no", code: "privilege", remedy } };
  }
  const code = status === 404 ? "absent" : "refused";
  return { message: `it refused ${detail}`, details: { happened: "no", code } };
}

/** `{Status, ErrorList: [{Message}]}`, as JSON or as URL-encoded JSON. Of its inner names only Message is known (MOM-13). */
function messagesIn(body: string): string {
  const parsed = parsedError(body);
  const list = isRecord(parsed) && Array.isArray(parsed.ErrorList) ? parsed.ErrorList : [];
  const texts = list.flatMap((item) => (isRecord(item) && typeof item.Message === "string" ? [item.Message] : []));
  return texts.join("; ");
}

function parsedError(body: string): unknown {
  for (const read of [() => body, () => decodeURIComponent(body.replaceAll("+", " "))]) {
    try {
      return JSON.parse(read());
    } catch {
      // The other form may fit; a body in neither form tells nothing.
    }
  }
  return undefined;
}

function quoted(text: string): string {
  const printable = text.replace(/[\p{Cc}\p{Cf}]+/gu, " ");
  const short = printable.slice(0, vendorMessageCharactersMax);
  return `"${short}${short.length < printable.length ? "…" : ""}"`;
}
