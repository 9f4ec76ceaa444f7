import { html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { type ConsoleCall, type ConsolePage, seesSystem } from "./console-call.ts";
import { accessesPath, answerPage, systemPath, usersPath } from "./layout.ts";

/** The page after signing in, and the way from the module System to API Users. */

function start(call: ConsoleCall): SimResponse {
  const { store, account } = call;
  const leads = seesSystem(call) ? "The modules above lead on." : "Your account has no module that is simulated here.";
  return answerPage(call, { title: store.companyName, content: html`<p>Signed in as ${account?.name}. ${leads}</p>` });
}

/** The module opens on its tab; other tabs and other accesses are not simulated. */
function accesses(call: ConsoleCall): SimResponse {
  const { labels } = call;
  const content = html`<ul class="cards"><li><a href="${usersPath}">${labels.apiUsersSection}</a><p>Programs that use the API, and what they may do there.</p></li></ul>`;
  return answerPage(call, { title: labels.systemAccesses, kicker: labels.system, content });
}

export const startPages: readonly ConsolePage[] = [
  { name: "console/start", verb: "GET", path: "/", access: "signed-in", run: start },
  { name: "console/system", verb: "GET", path: systemPath, access: "system", run: accesses },
  { name: "console/accesses", verb: "GET", path: accessesPath, access: "system", run: accesses },
];
