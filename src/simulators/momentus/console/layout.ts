import { csrfField } from "../../console/controls.ts";
import { type FramedPage, framedPage } from "../../console/frame.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import type { ConsoleCall } from "./console-call.ts";

/** What the pages of this console share: where one can go, and what they say after an action. */

export type Page = Omit<FramedPage, "place" | "said" | "menu" | "who">;

/** What a page says after an action succeeded. The texts are the simulator's own. */
const sayings: Readonly<Record<string, string>> = {
  saved: "The API user was saved.",
  key: "A key was added.",
  secret: "The Secret was regenerated. Every key of this user signs with the new one.",
  app: "The app was changed.",
};

export type MenuEntry = { href: string; label: string; about: string };

/** Where one can go from here. */
export function menuEntries({ account, labels, path, environment }: ConsoleCall): MenuEntry[] {
  const isSupport = account?.role === "support";
  const market = { href: "/connect/marketplace", label: labels.marketplace, about: "Apps, and how to request one." };
  const customers = { href: "/connect", label: labels.customersPage, about: "Customers and their apps." };
  if (path.startsWith("/connect")) return isSupport ? [customers, market] : [market];
  const { href, about } = isSupport ? customers : market;
  return [
    {
      href: `/${environment}/api-users`,
      label: labels.apiUsers,
      about: "Programs that call the API: Secret and Keys.",
    },
    { href, label: labels.momentusConnect, about },
    { href: `/${environment}/about`, label: labels.about, about: "What a mail to the licensing team must name." },
  ];
}

function menuOf(call: ConsoleCall): Content {
  const { account, labels, path } = call;
  if (!account || path === "/") return undefined;
  const links = menuEntries(call).map(
    ({ href, label }) => html`<a href="${href}"${path === href && html` aria-current="page"`}>${label}</a>\n`,
  );
  return html`<nav aria-label="${path.startsWith("/connect") ? labels.momentusConnect : labels.mainMenu}">\n${links}</nav>`;
}

/** Entries as cards; only the name is the link's name. */
export function cards(entries: readonly MenuEntry[]): Html {
  return html`<ul class="cards">${entries.map(
    ({ href, label, about }) => html`<li><a href="${href}">${label}</a><p>${about}</p></li>`,
  )}</ul>`;
}

function signOut({ account, labels, session, path }: ConsoleCall): Content {
  if (!account) return undefined;
  return html`${path !== "/" && html`<a href="/">All environments</a>`}
<form class="who" method="post" action="/signout">${csrfField(session.csrf)}<span>${account.name}</span>
<button>${labels.signOut}</button></form>`;
}

function placeOf({ labels, path, environment }: ConsoleCall): string {
  if (path.startsWith("/connect")) return labels.momentusConnect;
  return path === "/" || path === "/signin" ? "Momentus" : `Enterprise ${environment}`;
}

/** A whole page. `alert` is what went wrong; what went well comes with the query. */
export function answerPage(call: ConsoleCall, page: Page): SimResponse {
  const menu = page.shape !== "menu" && menuOf(call);
  const said = sayings[call.query.get("said") ?? ""];
  return framedPage({ ...page, place: placeOf(call), said, menu, who: signOut(call) });
}
