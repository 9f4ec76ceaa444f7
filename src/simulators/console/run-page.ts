import type { SimRequest, SimResponse } from "../wire.ts";
import { noSuchPage, PageRefusal, redirect } from "./frame.ts";
import { decodedPart, matchPath, placeOf } from "./paths.ts";
import type { CookieSessions, SessionRecord } from "./session.ts";

/** How every simulated console comes from a request to a page. */

type Page = { readonly name: string; readonly verb: "GET" | "POST"; readonly path: string };

/** Where a request goes: the page, or none, with what stands in the places of its path. */
export type FoundPage<P> = {
  readonly kind: "console";
  readonly page: P | undefined;
  /** The page's name, or that of what was not found. */
  readonly method: string;
  readonly keys: readonly string[];
  readonly path: string;
};

/** What a form sent; empty for everything else. */
export function sentForm({ method, body }: SimRequest): URLSearchParams {
  return new URLSearchParams(method === "POST" ? body : "");
}

/** Finds the page for a request; every path has a route. `fits` may leave a page to others of the same path. */
export function findPage<P extends Page>(
  pages: readonly P[],
  request: SimRequest,
  fits: (page: P) => boolean = () => true,
): FoundPage<P> {
  const { path } = placeOf(request);
  for (const page of pages) {
    const matched = page.verb === request.method && fits(page) ? matchPath(page.path, path) : undefined;
    if (!matched) continue;
    return { kind: "console", page, method: page.name, path, keys: matched.map(({ part }) => decodedPart(part)) };
  }
  return { kind: "console", page: undefined, method: "console/unknown", keys: [], path };
}

/** Runs a page: a form must belong to the session, and what is refused is said on a page of its own. */
export function runPage<C extends { form: URLSearchParams; session: SessionRecord }>(
  call: C,
  page: { readonly verb: "GET" | "POST"; readonly run: (call: C) => SimResponse } | undefined,
  refused: (refusal: PageRefusal) => SimResponse,
): SimResponse {
  try {
    if (!page) throw noSuchPage();
    if (page.verb === "POST" && call.form.get("csrf") !== call.session.csrf) {
      throw new PageRefusal(403, "Refused", "This form does not belong to your session. Open the page again.");
    }
    return page.run(call);
  } catch (error) {
    if (error instanceof PageRefusal) return refused(error);
    throw error;
  }
}

/** To the sign-in page, and from there back to what was asked for. */
export function toSignIn(request: SimRequest, sessions: CookieSessions, session: SessionRecord) {
  const next = request.method === "GET" ? request.path : "/";
  return { response: sessions.keep(redirect(`/signin?next=${encodeURIComponent(next)}`), session), actor: null };
}
