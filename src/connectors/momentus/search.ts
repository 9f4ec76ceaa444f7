import { Fault } from "../../diagnostic.ts";
import { momentusPageSize, momentusPagesMax } from "../../limits.ts";
import { isRecord } from "./answer.ts";
import type { Answer, MomentusClient, Subject } from "./client.ts";

/** The rows of a search. An incomplete one proves no absence. */
export interface Found {
  rows: Record<string, unknown>[];
  complete: boolean;
  because?: string;
}

interface Metadata {
  total: number | undefined;
  next: string | undefined;
}

/**
 * Every row that a filter finds, page by page (MOM-14). Options are joined by `$`. Later pages are asked for with the cookies of
 * the first answer, because the results wait on one server.
 */
export async function searchAll(client: MomentusClient, url: string, subject: Subject, filter: string): Promise<Found> {
  const rows: Record<string, unknown>[] = [];
  const cookies = new Map<string, string>();
  const asked = new Set<string>();
  let query = `search=${encodeURIComponent(filter)}$page_size=${momentusPageSize}`;
  for (;;) {
    asked.add(query);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await client.get(subject, cookie === "" ? { query } : { query, cookie });
    rows.push(...rowsIn(answer, subject));
    keepCookies(cookies, answer);
    const metadata = metadataIn(answer);
    if (metadata?.next === undefined) return found(rows, metadata);
    query = queryOf(metadata.next, `${url}/api/v1/${subject}`);
    if (asked.has(query) || asked.size >= momentusPagesMax) throw broken(`the pages of ${subject} do not end`);
  }
}

/** Text for a filter; a quote is doubled. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Without the metadata, or with fewer rows than it counts, what is missing may be there all the same. */
function found(rows: Record<string, unknown>[], metadata: Metadata | undefined): Found {
  if (!metadata) return { rows, complete: false, because: "the answer lacks X-SearchMetadata (MOM-14)" };
  const { total } = metadata;
  if (total === undefined || rows.length >= total) return { rows, complete: true };
  return { rows, complete: false, because: `${rows.length} of ${total} results came (MOM-14)` };
}

function rowsIn({ value }: Answer, subject: Subject): Record<string, unknown>[] {
  if (Array.isArray(value) && value.every(isRecord)) return value;
  throw broken(`the search of ${subject} gave no list of objects`);
}

function metadataIn({ headers }: Answer): Metadata | undefined {
  const text = [headers["x-searchmetadata"] ?? []].flat()[0];
  if (text === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw broken("X-SearchMetadata is not JSON");
  }
  if (!isRecord(parsed)) throw broken("X-SearchMetadata is no object");
  const links = isRecord(parsed.Links) ? parsed.Links : {};
  const next = typeof links.Next === "string" && links.Next !== "" ? links.Next : undefined;
  return { total: typeof parsed.ResultsTotal === "number" ? parsed.ResultsTotal : undefined, next };
}

/**
 * Only what stands after `?` is taken from a link, and only from one to the same host and path: a token goes nowhere else. The
 * scheme may differ, because a load balancer often ends TLS before the server that writes the link.
 */
function queryOf(link: string, address: string): string {
  const own = new URL(address);
  const to = URL.canParse(link, address) ? new URL(link, address) : undefined;
  const isOurs =
    to?.host === own.host &&
    to.pathname.replace(/\/$/, "").toLowerCase() === own.pathname.toLowerCase() &&
    /^\?search=/i.test(to.search);
  if (isOurs) return to.search.slice(1);
  const message = "the next page of a list lies at another address, which is not asked (MOM-14)";
  const remedy = "check the url of the system: use the address that the system itself names in its links";
  throw new Fault(message, { happened: "no", code: "misplaced", remedy });
}

function keepCookies(cookies: Map<string, string>, { headers }: Answer): void {
  for (const line of [headers["set-cookie"] ?? []].flat()) {
    const pair = /^\s*([^=;\s]+)=([^;]*)/.exec(line);
    if (pair) cookies.set(pair[1]!, pair[2]!.trim());
  }
}

function broken(message: string): Fault {
  return new Fault(message, { happened: "no", code: "broken", remedy: "check the url of the system" });
}
