import { postForm, textField } from "../../console/controls.ts";
import { PageRefusal, redirect } from "../../console/frame.ts";
import { html } from "../../console/html.ts";
import { localPath } from "../../console/session.ts";
import type { SimResponse } from "../../wire.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";
import { enter, sessions, signInPage, signInProblem } from "./session.ts";

/**
 * An identity provider, on the same site because a simulator has one. It knows every user by name and password and sends the
 * browser back with a code that is good once. Everything here is assumed; it is the shape of the usual sign-in by redirect.
 */

const providerPath = "/identity-provider";

function providerPage(call: ConsoleCall, alert?: string): SimResponse {
  const { labels } = call;
  const next = localPath(call.query.get("next") ?? call.form.get("next"));
  const fields = html`<input type="hidden" name="next" value="${next}"><div class="fields">
${textField({ name: "username", label: labels.signInUserName, isFirst: true })}
${textField({ name: "password", label: labels.signInPassword, type: "password" })}</div>
<div class="row end"><button class="lead">${labels.providerContinue}</button></div>`;
  const status = alert === undefined ? 200 : 403;
  const content = postForm(call, providerPath, fields);
  const answer = answerPage(call, { title: "Simulated identity provider", content, alert, status, shape: "narrow" });
  return sessions.keep(answer, call.session);
}

function requireSso({ settings, labels }: ConsoleCall): void {
  if (settings.signInMode === "sso") return;
  throw new PageRefusal(404, labels.signIn, "This site does not sign in that way.");
}

function begin(call: ConsoleCall): SimResponse {
  requireSso(call);
  return redirect(`${providerPath}?next=${encodeURIComponent(localPath(call.form.get("next")))}`);
}

function authenticate(call: ConsoleCall): SimResponse {
  requireSso(call);
  const { store, form } = call;
  const user = store.user(form.get("username") ?? "");
  if (user?.password !== (form.get("password") ?? "")) return providerPage(call, "User name or password is wrong.");
  const code = store.random.hex(32);
  store.providerCodes.set(code, user.userName);
  return redirect(`/sso/return?code=${code}&next=${encodeURIComponent(localPath(form.get("next")))}`);
}

function comeBack(call: ConsoleCall): SimResponse {
  requireSso(call);
  const { store, query } = call;
  const code = query.get("code") ?? "";
  const user = store.user(store.providerCodes.get(code) ?? "");
  store.providerCodes.delete(code);
  if (!user) return signInPage(call, "The identity provider's answer is not valid any more.");
  const problem = signInProblem(call, user);
  return problem === undefined ? enter(call, user) : signInPage(call, problem);
}

const access = "anyone";
export const ssoPages: readonly ConsolePage[] = [
  { name: "console/sso/begin", verb: "POST", path: "/sso", access, run: begin },
  {
    ...{ name: "console/sso/provider", verb: "GET", path: providerPath, access },
    run: (call) => {
      requireSso(call);
      return providerPage(call);
    },
  },
  { name: "console/sso/provider/submit", verb: "POST", path: providerPath, access, run: authenticate },
  { name: "console/sso/return", verb: "GET", path: "/sso/return", access, run: comeBack },
];
