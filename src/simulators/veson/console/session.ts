import { postForm, textField } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { type Html, html } from "../../console/html.ts";
import { CookieSessions, localPath } from "../../console/session.ts";
import type { SimResponse } from "../../wire.ts";
import type { UserRecord } from "../records.ts";
import type { Moment } from "../saving.ts";
import { isActive } from "../standing.ts";
import { matchingPeriod } from "../totp.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/** Signing in and out. The pages are assumed; what an external-only user is told is documented. */

/** Kept in one cookie. */
export const sessions = new CookieSessions("imos.session");

/** Why a user may not sign in now, or undefined. */
export function signInProblem({ store }: Moment, user: UserRecord): string | undefined {
  // The page "Veslink Onboard - User Master.Smith is external only and may not log on interactively."
  if (user.isExternalOnly) return `User ${user.userName} is external only and may not log on interactively.`;
  return isActive(user, store.groups.values()) ? undefined : `User ${user.userName} is inactive.`;
}

const nextOf = (call: ConsoleCall): string => localPath(call.query.get("next") ?? call.form.get("next"));

function page(call: ConsoleCall, action: string, fields: Html, button: string, alert?: string): SimResponse {
  const form = postForm(
    call,
    action,
    html`<input type="hidden" name="next" value="${nextOf(call)}">${fields}<div class="row end"><button class="lead">${button}</button></div>`,
  );
  const status = alert === undefined ? 200 : 403;
  const answer = answerPage(call, { title: call.labels.signIn, content: form, alert, status, shape: "narrow" });
  return sessions.keep(answer, call.session);
}

/** Where a password is asked for, and where the identity provider is the only way. */
export function signInPage(call: ConsoleCall, alert?: string): SimResponse {
  const { labels, settings } = call;
  if (settings.signInMode === "sso") return page(call, "/sso", html``, labels.singleSignOn, alert);
  const fields = html`<div class="fields">${textField({ name: "username", label: labels.signInUserName, isFirst: true })}
${textField({ name: "password", label: labels.signInPassword, type: "password" })}</div>`;
  return page(call, "/signin", fields, labels.signIn, alert);
}

function codePage(call: ConsoleCall, alert?: string): SimResponse {
  const { labels } = call;
  const hint = "The six digits that your authenticator shows now.";
  const field = textField({ name: "code", label: labels.signInCode, lengthMax: 6, hint, isFirst: true });
  return page(call, "/signin/code", html`<div class="fields">${field}</div>`, labels.verify, alert);
}

/** Ends the session that asked, and opens one of the user. */
export function enter(call: ConsoleCall, user: UserRecord): SimResponse {
  const { store, session, form } = call;
  store.sessions.delete(session.id);
  store.halfSignedIn.delete(session.id);
  return sessions.keep(
    redirect(localPath(form.get("next") ?? call.query.get("next"))),
    sessions.open(call, user.userName),
  );
}

function signIn(call: ConsoleCall): SimResponse {
  const { store, settings, form, session } = call;
  if (settings.signInMode === "sso") return signInPage(call, "Single sign-on is the only way in.");
  const user = store.user(form.get("username") ?? "");
  if (user?.authentication !== "IMOS" || user.password !== (form.get("password") ?? "")) {
    return signInPage(call, "User name or password is wrong.");
  }
  const problem = signInProblem(call, user);
  if (problem !== undefined) return signInPage(call, problem);
  if (settings.signInMode === "password") return enter(call, user);
  store.halfSignedIn.set(session.id, user.userName);
  return redirect(`/signin/code?next=${encodeURIComponent(nextOf(call))}`);
}

function askForCode(call: ConsoleCall): SimResponse {
  return call.store.halfSignedIn.has(call.session.id) ? codePage(call) : redirect("/signin");
}

function checkCode(call: ConsoleCall): SimResponse {
  const { store, settings, form, session, at } = call;
  const user = store.user(store.halfSignedIn.get(session.id) ?? "");
  if (!user) return redirect("/signin");
  const period = matchingPeriod(user.totpSecret, (form.get("code") ?? "").trim(), at);
  const isUsed = period !== undefined && !settings.codesRepeat && period <= (store.usedCodes.get(user.userName) ?? -1);
  if (period === undefined || isUsed) return codePage(call, "The code is wrong or was used already.");
  const problem = signInProblem(call, user);
  if (problem !== undefined) return signInPage(call, problem);
  store.usedCodes.set(user.userName, period);
  return enter(call, user);
}

function signOut(call: ConsoleCall): SimResponse {
  call.store.sessions.delete(call.session.id);
  return sessions.drop(redirect("/signin"));
}

const access = "anyone";
export const sessionPages: readonly ConsolePage[] = [
  { name: "console/signIn", verb: "GET", path: "/signin", access, run: (call) => signInPage(call) },
  { name: "console/signIn/submit", verb: "POST", path: "/signin", access, run: signIn },
  { name: "console/signIn/code", verb: "GET", path: "/signin/code", access, run: askForCode },
  { name: "console/signIn/code/submit", verb: "POST", path: "/signin/code", access, run: checkCode },
  { name: "console/signOut", verb: "POST", path: "/signout", access: "signed-in", run: signOut },
];
