import { postForm, pressButton, region, textField } from "../../console/controls.ts";
import { noSuchPage, PageRefusal, redirect } from "../../console/frame.ts";
import { html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { SaveRefusal, type UserRecord } from "../records.ts";
import { requestedToken } from "../save-user.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/**
 * My Profile: one's own token. The document has it requested and cleared here; that both count at once is assumed. A user who is
 * External Access Only never gets here.
 */

const path = "/my-profile";

function self({ user }: ConsoleCall): UserRecord {
  if (!user) throw noSuchPage();
  return user;
}

function view(call: ConsoleCall): SimResponse {
  const { labels, settings, store } = call;
  const { id, token, fullName } = self(call);
  const isShown = token !== null && (settings.tokenReadableAgain || store.unreadTokens.has(id));
  if (isShown) store.unreadTokens.delete(id);
  const field = isShown && textField({ name: "api-token", label: labels.apiToken, value: token, isReadOnly: true });
  const clear = token !== null && pressButton("token:clear", labels.clearToken);
  const form = postForm(
    call,
    path,
    html`<div class="row end">${pressButton("token:new", labels.requestToken)}${clear}</div>`,
  );
  const state = token === null ? "There is no token." : "There is a token.";
  const content = region("own-token", labels.apiToken, html`<p>${state}</p>${field}${form}`);
  return answerPage(call, { title: labels.myProfile, kicker: fullName, content });
}

function request(call: ConsoleCall): SimResponse {
  const { store, labels } = call;
  const user = self(call);
  try {
    store.changeUser(user.id, { token: requestedToken(call, user) });
  } catch (error) {
    if (error instanceof SaveRefusal) throw new PageRefusal(409, labels.myProfile, error.message);
    throw error;
  }
  store.unreadTokens.add(user.id);
  return redirect(path, "token");
}

function clear(call: ConsoleCall): SimResponse {
  call.store.changeUser(self(call).id, { token: null });
  return redirect(path, "cleared");
}

const access = "signed-in";
export const profilePages: readonly ConsolePage[] = [
  { name: "console/profile/view", verb: "GET", path, access, run: view },
  { name: "console/profile/requestToken", verb: "POST", path, press: "token:new", isWrite: true, access, run: request },
  { name: "console/profile/clearToken", verb: "POST", path, press: "token:clear", isWrite: true, access, run: clear },
];
