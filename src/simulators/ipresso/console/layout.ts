import { csrfField, tabs } from "../../console/controls.ts";
import { type FramedPage, framedPage } from "../../console/frame.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { type ConsoleCall, seesSystem } from "./console-call.ts";

/** What the pages of this console share: the modules, who is signed in, and what pages say after an action. */

export type Page = Omit<FramedPage, "place" | "said" | "menu" | "who">;

/** What a page says after an action succeeded. The vendor's own words are not documented. */
const sayings: Readonly<Record<string, string>> = {
  user: "The API user was saved.",
  "user-deleted": "The API user was deleted.",
  group: "The user group was saved.",
  "group-deleted": "The user group was deleted.",
  settings: "The settings were saved.",
};

export const systemPath = "/system";
export const accessesPath = `${systemPath}/accesses`;
export const usersPath = `${accessesPath}/api-users`;
export const groupsPath = `${accessesPath}/user-groups`;
export const settingsPath = `${accessesPath}/api-users-settings`;

/** The module, and its tab below it once one is in it. */
function menuOf(call: ConsoleCall): Content {
  const { labels, path } = call;
  if (!seesSystem(call)) return undefined;
  const isInside = path === systemPath || path.startsWith(`${systemPath}/`);
  const link = html`<a href="${systemPath}"${isInside && html` aria-current="true"`}>${labels.system}</a>`;
  const tab = html`<div class="part" role="tablist" aria-label="${labels.system}"><a role="tab" href="${accessesPath}" aria-selected="true">${labels.systemAccesses}</a></div>`;
  return html`<nav aria-label="${labels.modules}">${link}</nav>\n${isInside && tab}`;
}

function who({ account, labels, session }: ConsoleCall): Content {
  if (!account) return undefined;
  return html`<form class="who" method="post" action="/signout">${csrfField(session.csrf)}<span>${account.name}</span>
<button>${labels.signOut}</button></form>`;
}

/** The two subsections of API Users. What stands beside them is at the other end of the line. */
export function subsections({ labels }: ConsoleCall, selected: string, beside: Html): Html {
  const items = [
    { label: labels.apiUsers, href: usersPath },
    { label: labels.userGroups, href: groupsPath },
  ];
  return tabs(items, selected, beside);
}

/** A link that looks like a button: red ones add, blue ones edit, as in the documents. */
export function buttonLink(href: string, label: string, color: "red" | "blue" | "plain" = "plain"): Html {
  return html`<a class="button ${color}" role="button" href="${href}">${label}</a>`;
}

/** A whole page. `alert` is what went wrong; what went well comes with the query. */
export function answerPage(call: ConsoleCall, page: Page): SimResponse {
  const said = sayings[call.query.get("said") ?? ""];
  return framedPage({ ...page, place: "iPresso", said, menu: menuOf(call), who: who(call) });
}
