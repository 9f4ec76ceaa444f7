import type { SimResponse } from "../../wire.ts";
import { environmentNames } from "../records.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { html } from "./html.ts";
import { answerPage } from "./layout.ts";

/** The start page, each environment's Main Menu, and what a mail to the licensing team must name. */

function start(call: ConsoleCall): SimResponse {
  const links = environmentNames.map((name) => html`<li><a href="/${name}/">Enterprise ${name}</a></li>`);
  return answerPage(call, { title: call.store.customerName, content: html`<ul>${links}</ul>` });
}

function mainMenu(call: ConsoleCall): SimResponse {
  const content = html`<p>${call.store.customerName}, environment ${call.environment}.</p>`;
  return answerPage(call, { title: call.labels.mainMenu, content });
}

/** That Enterprise has such a page is assumed. */
function about(call: ConsoleCall): SimResponse {
  const { labels, store, environment } = call;
  const content = html`<dl><dt>${labels.environmentUrl}</dt><dd>http://${call.host}/${environment}</dd>
<dt>${labels.serialNumber}</dt><dd>${store.serialNumbers[environment]}</dd></dl>`;
  return answerPage(call, { title: labels.about, content });
}

export const startPages: readonly ConsolePage[] = [
  { name: "console/start", verb: "GET", path: "/", access: "signed-in", run: start },
  { name: "console/mainMenu", verb: "GET", path: "/:env", access: "signed-in", run: mainMenu },
  { name: "console/about", verb: "GET", path: "/:env/about", access: "signed-in", run: about },
];
