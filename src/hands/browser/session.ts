import { Fault } from "../../diagnostic.ts";
import { Secret } from "../../secret.ts";

/** What keeps somebody signed in at a console: its cookies, and what its pages store in the browser. */

interface Cookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  expires: number;
  httpOnly: boolean;
  secure: boolean;
  sameSite: "Strict" | "Lax" | "None";
}

/** As playwright gives and takes it. */
interface StoredSession {
  cookies: Cookie[];
  origins: { origin: string; localStorage: { name: string; value: string }[] }[];
}

/** The part of a session that belongs to these origins, as one secret. Those of a company's sign-in site stay where they are. */
export function sessionOf(stored: StoredSession, origins: readonly string[]): Secret {
  const hosts = origins.map((origin) => new URL(origin).hostname);
  const isSent = (domain: string, host: string): boolean => {
    const suffix = domain.replace(/^\./, "");
    return host === suffix || (domain.startsWith(".") && host.endsWith(`.${suffix}`));
  };
  const cookies = stored.cookies.filter(({ domain }) => hosts.some((host) => isSent(domain, host)));
  const kept = stored.origins.filter(({ origin }) => origins.includes(origin));
  return new Secret(JSON.stringify({ cookies, origins: kept }));
}

/** Throws a Fault when the sink holds something else. */
export function parseSession(session: Secret, on: string | undefined): StoredSession {
  try {
    const parsed = JSON.parse(session.reveal()) as StoredSession;
    if (Array.isArray(parsed.cookies) && Array.isArray(parsed.origins)) return parsed;
  } catch {
    // The text of the error would repeat what was read.
  }
  const remedy = `sign in again: steward console login ${on ?? "SYSTEM"}`;
  throw new Fault("what the sink holds is no session of a browser", {
    ...{ happened: "no", code: "sign-in", remedy, ...(on === undefined ? {} : { on }) },
  });
}
