import { postForm, textField } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { html } from "../../console/html.ts";
import { CookieSessions, localPath } from "../../console/session.ts";
import type { SimResponse } from "../../wire.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/** Signing in and out. How the panel does it is not documented; the page is assumed. API users cannot sign in here. */

/** Kept in one cookie. */
export const sessions = new CookieSessions("ipresso.session");

function signInPage(call: ConsoleCall, alert?: string): SimResponse {
  const { labels } = call;
  const next = localPath(call.query.get("next") ?? call.form.get("next"));
  const fields = html`<input type="hidden" name="next" value="${next}">
<div class="fields">${textField({ name: "username", label: labels.userName, isFirst: true })}
${textField({ name: "password", label: labels.signInPassword, type: "password" })}</div>
<div class="row end"><button class="lead">${labels.signIn}</button></div>`;
  const page = { title: labels.signIn, content: postForm(call, "/signin", fields), alert, shape: "narrow" } as const;
  return sessions.keep(answerPage(call, { ...page, status: alert === undefined ? 200 : 403 }), call.session);
}

function signIn(call: ConsoleCall): SimResponse {
  const { store, form, session } = call;
  const account = store.account(form.get("username") ?? "");
  if (account?.password !== (form.get("password") ?? "")) return signInPage(call, "User name or password is wrong.");
  store.sessions.delete(session.id);
  return sessions.keep(redirect(localPath(form.get("next"))), sessions.open(call, account.username));
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
