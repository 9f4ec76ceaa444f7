import { Fault, type FaultDetails } from "../../diagnostic.ts";
import { vendorMessageCharactersMax } from "../../limits.ts";

/** What an answer says went wrong, whatever its HTTP status (VCO-30). */
export interface Refused {
  /** `unauthorized`, `privilege`, `contradiction`, `broken` or `refused`. */
  code: string;
  message: string;
  remedy?: string;
}

/**
 * The error inside an answer, or undefined. Only two texts steer: the token error and the missing privilege, both known from
 * public client code. What else the vendor writes is passed on and never interpreted. `clean` takes out what must not be shown:
 * an orchestrator may repeat what it was sent.
 */
export function errorIn(status: number, value: unknown, clean: (text: string) => string): Refused | undefined {
  const error = isRecord(value) ? value.error : undefined;
  if (error === undefined || error === null || error === "") {
    if (status >= 500) return { code: "broken", message: `it failed (HTTP ${status})` };
    if (status === 401) return unauthorized(`HTTP ${status}`);
    return status >= 400 ? { code: "refused", message: `it refused (HTTP ${status})` } : undefined;
  }
  const text = clean(messageOf(error));
  if (status === 401 || /^tokenError\b/.test(text)) return unauthorized(text);
  const missing = /user does not have privilege \[([A-Z_:]+)\] required to access \[([A-Za-z/]+)\]/.exec(text);
  if (missing) return privilege(missing[1] ?? "", missing[2] ?? "");
  const carriedOut = isRecord(value) && typeof value.rows === "number" && value.rows > 0;
  return { code: carriedOut ? "contradiction" : "refused", message: `it refused: ${quoted(text)}` };
}

/** A fault out of a refusal. An answer that says "error" did nothing, unless it also says that rows changed (VCO-31). */
export function refusalDetails(refused: Refused): FaultDetails {
  const inDoubt = refused.code === "contradiction" || refused.code === "broken";
  const details: FaultDetails = { happened: inDoubt ? "unknown" : "no", code: refused.code };
  if (refused.remedy !== undefined) details.remedy = refused.remedy;
  return details;
}

/** Whether the credentials were not accepted. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof Fault && error.details.code === "unauthorized";
}

/** Whether the fault is the orchestrator's own "no" to a call that it understood. */
export function isRefusal(error: unknown): error is Fault {
  return error instanceof Fault && (error.details.code === "refused" || error.details.code === "privilege");
}

/** Undefined when the privilege for it is missing. */
export async function unlessForbidden<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Fault && error.details.code === "privilege") return undefined;
    throw error;
  }
}

/** Whether a value is a map, not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unauthorized(text: string): Refused {
  return {
    code: "unauthorized",
    message: `it does not accept the credentials: ${quoted(text)}`,
    remedy:
      "check that the token or password of the system is right, not expired and not revoked; an operator can also have switched token authentication off",
  };
}

function privilege(name: string, method: string): Refused {
  return {
    code: "privilege",
    message: `the privilege ${name} is missing, which ${method} needs`,
    remedy:
      "run as a super user of the same scope; an operator needs the enterprise's delegation of user management as well",
  };
}

function messageOf(error: unknown): string {
  if (typeof error === "string") return error;
  // Nothing is known of other forms, and one that is nested without end cannot be written out.
  if (!isRecord(error)) return typeof error === "object" ? "no reason given" : String(error);
  const own = typeof error.message === "string" ? error.message : "";
  const details = isRecord(error.data) && Array.isArray(error.data.error) ? error.data.error : [];
  const texts = details.flatMap((detail) =>
    isRecord(detail) && typeof detail.message === "string" ? [detail.message] : [],
  );
  return [own, ...texts.filter((text) => text !== own)].filter((text) => text !== "").join("; ") || "no reason given";
}

function quoted(text: string): string {
  const printable = text.replace(/[\p{Cc}\p{Cf}]+/gu, " ");
  const short = printable.slice(0, vendorMessageCharactersMax);
  return `"${short}${short.length < printable.length ? "…" : ""}"`;
}
