import { html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { environmentNames } from "../records.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage, cards, menuEntries } from "./layout.ts";

/** The start page, each environment's Main Menu, and what a mail to the licensing team must name. */

function start(call: ConsoleCall): SimResponse {
  const { labels, store, account } = call;
  const enterprises = environmentNames.map((name) => ({
    ...{ href: `/${name}`, label: `Enterprise ${name}`, about: `The ${name} database, with its own API users.` },
  }));
  const href = account?.role === "support" ? "/connect" : "/connect/marketplace";
  const connect = { href, label: labels.momentusConnect, about: "Apps of both databases." };
  return answerPage(call, { title: store.customerName, content: cards([...enterprises, connect]), shape: "menu" });
}

function mainMenu(call: ConsoleCall): SimResponse {
  const { labels, store } = call;
  const content = html`<nav aria-label="${labels.mainMenu}">${cards(menuEntries(call))}</nav>`;
  return answerPage(call, { title: labels.mainMenu, kicker: store.customerName, content, shape: "menu" });
}

/** That Enterprise has such a page is assumed. */
function about(call: ConsoleCall): SimResponse {
  const { labels, store, environment } = call;
  const content = html`<dl><dt>${labels.environmentUrl}</dt><dd>http://${call.host}/${environment}</dd>
<dt>${labels.serialNumber}</dt><dd>${store.serialNumbers[environment]}</dd></dl>`;
  return answerPage(call, { title: labels.about, kicker: store.customerName, content });
}

export const startPages: readonly ConsolePage[] = [
  { name: "console/start", verb: "GET", path: "/", access: "signed-in", run: start },
  { name: "console/mainMenu", verb: "GET", path: "/:env", access: "signed-in", run: mainMenu },
  { name: "console/about", verb: "GET", path: "/:env/about", access: "signed-in", run: about },
];
