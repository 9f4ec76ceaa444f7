import { formEnd, postForm, table } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { pathOf, shownUser } from "./api-user-access.ts";
import { userBar } from "./api-user-form.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/**
 * Keys and Secret of a saved API user. Nobody documents how a key is removed, so nothing here does. A key that stopped
 * working with a copy of the database looks like the others.
 */

function keys(call: ConsoleCall): SimResponse {
  const user = shownUser(call);
  const { labels } = call;
  const listed = call.store[call.environment].keys.asOf(call.listsAt).filter((key) => key.apiUserId === user.id);
  const rows = listed.map(
    (key, index) => html`<tr><td><div class="menu"><code tabindex="0" data-menu="key-${index}">${key.id}</code>
<div role="menu" id="key-${index}" hidden><button type="button" role="menuitem" data-copy="${key.id}">${labels.copyKey}</button></div></div></td></tr>`,
  );
  const add = postForm(call, pathOf(call, user, "/keys"), html`<button>${labels.add}</button>`);
  const content = html`${userBar(call, user, labels.keys)}${table([labels.keyColumn], rows)}
<p class="hint">Right-click a key to copy it. Several keys may be used at the same time.</p>${add}`;
  return answerPage(call, { title: user.id, kicker: labels.apiUsers, content });
}

function addKey(call: ConsoleCall): SimResponse {
  const user = shownUser(call);
  call.store.addKey(call.environment, user.id);
  return redirect(pathOf(call, user, "/keys"), "key");
}

/** That the product asks first is assumed. */
function askToRegenerate(call: ConsoleCall): SimResponse {
  const user = shownUser(call);
  const { labels } = call;
  const form = formEnd(call, labels.regenerateConfirm, pathOf(call, user), "danger");
  const content = html`<p>All keys of ${user.id} sign with its Secret. Whoever uses one of them needs the new Secret.</p>
${postForm(call, pathOf(call, user, "/secret"), form)}`;
  return answerPage(call, { title: labels.regenerateQuestion, kicker: user.id, content });
}

function regenerate(call: ConsoleCall): SimResponse {
  const user = shownUser(call);
  call.store.regenerateSecret(call.environment, user.id);
  return redirect(pathOf(call, user), "secret");
}

const access = "signed-in";
export const apiUserKeyPages: readonly ConsolePage[] = [
  { name: "console/keys/list", verb: "GET", path: "/:env/api-users/:key/keys", isList: true, access, run: keys },
  { name: "console/keys/add", verb: "POST", path: "/:env/api-users/:key/keys", access, run: addKey },
  { name: "console/secret/ask", verb: "GET", path: "/:env/api-users/:key/secret", access, run: askToRegenerate },
  { name: "console/secret/regenerate", verb: "POST", path: "/:env/api-users/:key/secret", access, run: regenerate },
];
