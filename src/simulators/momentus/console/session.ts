import type { SimRequest, SimResponse } from "../../wire.ts";
import type { MomentusSettings } from "../options.ts";
import type { SessionRecord } from "../records.ts";
import type { MomentusStore } from "../store.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { html } from "./html.ts";
import { answerPage, postForm, redirect, textField } from "./layout.ts";

/** Signing in and out. One session reaches Enterprise in both environments and Connect. The page itself is assumed. */

type Moment = { store: MomentusStore; settings: MomentusSettings; at: number };

const cookieName = "momentus.session";
const cookie = (value: string): string => `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Lax`;

function openSession({ store, settings, at }: Moment, username: string | null): SessionRecord {
  for (const old of store.sessions.values()) if (old.expiresAt <= at) store.sessions.delete(old.id);
  const session = {
    id: store.random.hex(40),
    username,
    csrf: store.random.hex(40),
    expiresAt: at + settings.sessionLifetimeMs,
  };
  store.sessions.set(session.id, session);
  return session;
}

/** The session that the request's cookie names, if it lives; each request prolongs it. */
export function sessionOf({ store, settings, at }: Moment, request: SimRequest): SessionRecord | undefined {
  const id = /(?:^|;\s*)momentus\.session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  const session = store.sessions.get(id ?? "");
  if (!session || session.expiresAt <= at) return undefined;
  const prolonged = { ...session, expiresAt: at + settings.sessionLifetimeMs };
  store.sessions.set(session.id, prolonged);
  return prolonged;
}

/** A session of nobody yet: the sign-in form needs a token too. */
export function openAnonymousSession(moment: Moment): SessionRecord {
  return openSession(moment, null);
}

/** The answer with the session's cookie. */
export function withSession(response: SimResponse, session: SessionRecord): SimResponse {
  return { ...response, headers: { ...response.headers, "set-cookie": [cookie(session.id)] } };
}

/** A path of this site, or the start page: nobody is sent elsewhere. */
function localPath(next: string | null): string {
  return next !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : "/";
}

function signInPage(call: ConsoleCall, alert?: string): SimResponse {
  const { labels } = call;
  const next = call.query.get("next") ?? call.form.get("next");
  const fields = html`<input type="hidden" name="next" value="${localPath(next)}">
<div class="fields">${textField({ name: "username", label: labels.userName, isFirst: true })}
${textField({ name: "password", label: labels.password, type: "password" })}</div>
<div class="row end"><button class="lead">${labels.signIn}</button></div>`;
  const page = { title: labels.signIn, content: postForm(call, "/signin", fields), alert, shape: "narrow" } as const;
  return withSession(answerPage(call, { ...page, status: alert === undefined ? 200 : 403 }), call.session);
}

function signIn(call: ConsoleCall): SimResponse {
  const account = call.store.account(call.form.get("username") ?? "");
  if (account?.password !== (call.form.get("password") ?? ""))
    return signInPage(call, "User name or password is wrong.");
  call.store.sessions.delete(call.session.id);
  return withSession(redirect(localPath(call.form.get("next"))), openSession(call, account.username));
}

function signOut(call: ConsoleCall): SimResponse {
  call.store.sessions.delete(call.session.id);
  const response = redirect("/signin");
  return { ...response, headers: { ...response.headers, "set-cookie": [`${cookie("")}; Max-Age=0`] } };
}

export const sessionPages: readonly ConsolePage[] = [
  { name: "console/signIn", verb: "GET", path: "/signin", access: "anyone", run: (call) => signInPage(call) },
  { name: "console/signIn/submit", verb: "POST", path: "/signin", access: "anyone", run: signIn },
  { name: "console/signOut", verb: "POST", path: "/signout", access: "signed-in", run: signOut },
];
