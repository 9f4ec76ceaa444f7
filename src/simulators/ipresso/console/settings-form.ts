import { checkbox, postForm, region, select, textField } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { type Installation, SaveRefusal } from "../records.ts";
import { withValidity } from "../saving.ts";
import { type ConsoleCall, type ConsolePage, typed } from "./console-call.ts";
import { answerPage, buttonLink, settingsPath, usersPath } from "./layout.ts";

/** API Users - Settings: the key of the installation, how long tokens count, and whether each authorization returns another. */

const words = ({ labels }: ConsoleCall): Html =>
  html`<span class="on">${labels.yes}</span><span class="off">${labels.no}</span>`;

/** The control among the others; the words Yes and No stand beside a slider. */
function differentToken(call: ConsoleCall, isOn: boolean): Content {
  const { labels, settings } = call;
  if (settings.differentTokenControl === "switch") return undefined;
  if (settings.differentTokenControl === "check-box") {
    return html`<div class="wide slider">${checkbox("different-token", labels.differentToken, isOn)}${words(call)}</div>`;
  }
  const choices = [
    { value: "Y", text: labels.yes },
    { value: "N", text: labels.no },
  ];
  return select("different-token", labels.differentToken, choices, isOn ? "Y" : "N");
}

/** The control as a switch that counts at once: a form of its own. */
function differentTokenSwitch(call: ConsoleCall): Content {
  const { labels, settings, store } = call;
  if (settings.differentTokenControl !== "switch") return undefined;
  const isOn = store.installation.returnsDifferentToken;
  const state = html`role="switch" aria-checked="${isOn ? "true" : "false"}" aria-labelledby="different-token"`;
  const button = html`<div class="check"><button name="press" value="switch" ${state}></button><span id="different-token">${labels.differentToken}</span></div>`;
  return postForm(call, settingsPath, html`<div class="slider alone">${button}${words(call)}</div>`);
}

type Shown = { readonly validity: string; readonly isDifferent: boolean };

function shownOf({ validitySeconds, returnsDifferentToken }: Installation): Shown {
  return { validity: String(validitySeconds), isDifferent: returnsDifferentToken };
}

/** The settings, for a page of their own or for the top of the list. */
function settingsForms(call: ConsoleCall, shown: Shown = shownOf(call.store.installation), end?: Content): Html {
  const { labels, store } = call;
  const { customerKey } = store.installation;
  const validity = { value: shown.validity, lengthMax: 9, hint: "In seconds; for all API users." };
  const fields = html`<div class="fields">${textField({ name: "api-key", label: labels.apiKey, value: customerKey, isReadOnly: true })}
${textField({ name: "validity", label: labels.validity, ...validity })}
${differentToken(call, shown.isDifferent)}</div>`;
  const save = html`<div class="row end"><button class="lead">${labels.save}</button>${end}</div>`;
  return html`${differentTokenSwitch(call)}${postForm(call, settingsPath, html`${fields}${save}`)}`;
}

/** The settings above the list of API users, if the switch wants them there. */
export function settingsAboveList(call: ConsoleCall): Content {
  if (call.settings.settingsPlace !== "list") return undefined;
  return region("settings", call.labels.settings, settingsForms(call));
}

/** A page of their own, also for what was typed above the list and is wrong. */
function settingsPage(call: ConsoleCall, shown?: Shown, alert?: string): SimResponse {
  const { labels } = call;
  const content = settingsForms(call, shown, buttonLink(usersPath, labels.cancel));
  const kicker = `${labels.system} › ${labels.systemAccesses}`;
  const status = alert === undefined ? 200 : 422;
  return answerPage(call, { title: labels.settingsHeading, kicker, content, alert, status });
}

function isDifferentAfter({ settings, form, store }: ConsoleCall): boolean {
  if (settings.differentTokenControl === "switch") return store.installation.returnsDifferentToken;
  const sent = form.get("different-token");
  return settings.differentTokenControl === "choice" ? sent === "Y" : sent !== null;
}

/** The form, or the switch beside it. */
function save(call: ConsoleCall): SimResponse {
  const { store, settings, form } = call;
  const { installation } = store;
  const back = settings.settingsPlace === "list" ? usersPath : settingsPath;
  if (settings.differentTokenControl === "switch" && form.get("press") === "switch") {
    store.installation = { ...installation, returnsDifferentToken: !installation.returnsDifferentToken };
    return redirect(back, "settings");
  }
  const validity = typed(call, "validity");
  const isDifferent = isDifferentAfter(call);
  try {
    store.installation = { ...withValidity(installation, validity), returnsDifferentToken: isDifferent };
    return redirect(back, "settings");
  } catch (error) {
    if (!(error instanceof SaveRefusal)) throw error;
    return settingsPage(call, { validity, isDifferent }, error.message);
  }
}

const view = (call: ConsoleCall): SimResponse => settingsPage(call);
const access = "system";
export const settingsPages: readonly ConsolePage[] = [
  { name: "console/settings/view", verb: "GET", path: settingsPath, access, run: view },
  { name: "console/settings/save", verb: "POST", path: settingsPath, isWrite: true, access, run: save },
];
