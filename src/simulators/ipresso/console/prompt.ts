import { postForm } from "../../console/controls.ts";
import { type Html, html } from "../../console/html.ts";
import type { ConsoleCall } from "./console-call.ts";

/** A window that asks before something is deleted; its words and buttons are assumed. */
export type Prompt = {
  readonly heading: string;
  readonly text: string;
  /** Where confirming leads, and where canceling does. */
  readonly action: string;
  readonly back: string;
};

/** A page below a window, if there is one: nothing on it can be used meanwhile. */
export function withPrompt(call: ConsoleCall, page: Html, prompt: Prompt | undefined): Html {
  if (!prompt) return page;
  const { labels } = call;
  const { heading, text, action, back } = prompt;
  const buttons = html`<div class="row end"><button class="red">${labels.confirm}</button>
<a class="button" role="button" href="${back}" autofocus>${labels.cancel}</a></div>`;
  return html`<div inert>${page}</div>
<div class="shade"><div class="window" role="alertdialog" aria-modal="true" aria-labelledby="prompt" aria-describedby="prompt-text">
<h2 id="prompt">${heading}</h2><p id="prompt-text">${text}</p>${postForm(call, action, buttons)}</div></div>`;
}
