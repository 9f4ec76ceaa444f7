import { postForm, textField } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { html } from "../../console/html.ts";
import { CookieSessions, localPath } from "../../console/session.ts";
import type { SimResponse } from "../../wire.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/** Signing in and out. One session reaches Enterprise in both environments and Connect. The page itself is assumed. */

/** Kept in one cookie. */
export const sessions = new CookieSessions("momentus.session");

function signInPage(call: ConsoleCall, alert?: string): SimResponse {
  const { labels } = call;
  const next = call.query.get("next") ?? call.form.get("next");
  const fields = html`<input type="hidden" name="next" value="${localPath(next)}">
<div class="fields">${textField({ name: "username", label: labels.userName, isFirst: true })}
${textField({ name: "password", label: labels.password, type: "password" })}</div>
<div class="row end"><button class="lead">${labels.signIn}</button></div>`;
  const page = { title: labels.signIn, content: postForm(call, "/signin", fields), alert, shape: "narrow" } as const;
  return sessions.keep(answerPage(call, { ...page, status: alert === undefined ? 200 : 403 }), call.session);
}

function signIn(call: ConsoleCall): SimResponse {
  const account = call.store.account(call.form.get("username") ?? "");
  if (account?.password !== (call.form.get("password") ?? ""))
    return signInPage(call, "User name or password is wrong.");
  call.store.sessions.delete(call.session.id);
  return sessions.keep(redirect(localPath(call.form.get("next"))), sessions.open(call, account.username));
}

function signOut(call: ConsoleCall): SimResponse {
  call.store.sessions.delete(call.session.id);
  return sessions.drop(redirect("/signin"));
}

export const sessionPages: readonly ConsolePage[] = [
  { name: "console/signIn", verb: "GET", path: "/signin", access: "anyone", run: (call) => signInPage(call) },
  { name: "console/signIn/submit", verb: "POST", path: "/signin", access: "anyone", run: signIn },
  { name: "console/signOut", verb: "POST", path: "/signout", access: "signed-in", run: signOut },
];
