import type { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { type ServedSimulator, type Simulator, serveSimulator } from "../src/simulators/server.ts";
import type { SimRequest, SimResponse } from "../src/simulators/wire.ts";
import { html, redirect } from "./console-pages.ts";

/**
 * Momentus behind a company's single sign-on, at a site of its own. The sign-in page of Momentus itself never shows: whoever has
 * no session is led to that site, and comes back with one after a press of "Continue as Ada".
 */
export async function behindSingleSignOn(
  momentus: MomentusSimulator,
): Promise<{ site: Simulator; provider: ServedSimulator; continues: string }> {
  const continues = "Continue as Ada";
  const provider = await serveSimulator({
    async handle({ method, path, body }) {
      const { searchParams } = new URL(path, "http://provider.test");
      if (method === "POST") return redirect(new URLSearchParams(body).get("back") ?? "/");
      const back = searchParams.get("back") ?? "";
      return html(
        `<h1>Acme sign-in</h1><form method="post"><input type="hidden" name="back" value="${back}"><button>${continues}</button></form>`,
      );
    },
  });
  const site: Simulator = {
    async handle(request) {
      const { pathname, searchParams } = new URL(request.path, "http://console.test");
      if (pathname === "/back") return signedIn(momentus, request, searchParams.get("next") ?? "/");
      const answer = await momentus.handle(request);
      const leadsTo = String(answer.headers.location ?? "");
      if (!leadsTo.startsWith("/signin")) return answer;
      const next = new URL(leadsTo, "http://console.test").searchParams.get("next") ?? "/";
      const back = `http://${request.headers.host}/back?next=${encodeURIComponent(next)}`;
      return redirect(`${provider.url}/authorize?back=${encodeURIComponent(back)}`);
    },
  };
  return { site, provider, continues };
}

/** A session as the sign-in page gives it, whoever asked for it. */
export async function signedIn(
  momentus: MomentusSimulator,
  { headers }: SimRequest,
  next: string,
): Promise<SimResponse> {
  const { username, password } = momentus.world.support;
  const page = await momentus.handle({
    method: "GET",
    path: "/signin",
    headers: { host: headers.host ?? "" },
    body: "",
  });
  const [, csrf = ""] = /name="csrf" value="([^"]+)"/.exec(page.body) ?? [];
  const [cookie = ""] = String(page.headers["set-cookie"]).split(";");
  const body = new URLSearchParams({ csrf, username, password, next }).toString();
  const form = { "content-type": "application/x-www-form-urlencoded", cookie, host: headers.host ?? "" };
  return momentus.handle({ method: "POST", path: "/signin", headers: form, body });
}
