import { noSuchPage } from "../../console/frame.ts";
import { html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/** The page after signing in, and where the license limit shows if a switch wants it to show at all. */

function start(call: ConsoleCall): SimResponse {
  const { user } = call;
  const content = html`<p>Signed in as ${user?.fullName}. The menu at the top left leads on.</p>`;
  return answerPage(call, { title: call.store.companyName, content });
}

/** The document has this window only in the older desktop program. */
function about(call: ConsoleCall): SimResponse {
  const { labels, store, settings } = call;
  if (settings.licenseShown !== "about") throw noSuchPage();
  const content = html`<dl><dt>${labels.licenseLimit}</dt><dd>${store.licenseLimit}</dd></dl>`;
  return answerPage(call, { title: labels.about, kicker: store.companyName, content });
}

const access = "signed-in";
export const startPages: readonly ConsolePage[] = [
  { name: "console/start", verb: "GET", path: "/", access, run: start },
  { name: "console/about", verb: "GET", path: "/about", access, run: about },
];
