import { csrfField } from "../../console/controls.ts";
import { type FramedPage, framedPage } from "../../console/frame.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { administersCompany, type ConsoleCall, roleOf } from "./console-call.ts";

/** What the pages of this console share: the main menu, who is signed in, and what pages say after an action. */

export type Page = Omit<FramedPage, "place" | "said" | "menu" | "who">;

/** What a page says after an action succeeded. The platform's own words are not documented. */
const sayings: Readonly<Record<string, string>> = {
  user: "The user was saved.",
  group: "The group was saved.",
  account: "The Veslink user was saved.",
  active: "The selection is active.",
  inactive: "The selection is inactive.",
  token: "A new API token was made. The one before does not work any more.",
  cleared: "The API token was cleared.",
};

export const securityPath = "/data-center/security";
export const voyageSecurityPath = "/operations/voyage-reporting-security";

type MenuEntry = { href: string; label: string };
type MenuSection = { label: string; under?: string; entries: readonly MenuEntry[] };

/** The parts of the main menu that the signed-in user sees. */
function menuSections(call: ConsoleCall): MenuSection[] {
  const { labels, settings } = call;
  const dataCenter = { label: labels.dataCenter, entries: [{ href: securityPath, label: labels.security }] };
  const voyages = { href: voyageSecurityPath, label: labels.voyageReportingSecurity };
  return [
    ...(roleOf(call) === "none" ? [] : [dataCenter]),
    ...(administersCompany(call) ? [{ label: labels.operations, under: labels.setup, entries: [voyages] }] : []),
    ...(settings.licenseShown === "about"
      ? [{ label: labels.about, entries: [{ href: "/about", label: labels.about }] }]
      : []),
  ];
}

function menuGroup(label: string, content: Content): Html {
  return html`<div role="group" aria-label="${label}"><p aria-hidden="true">${label}</p>${content}</div>\n`;
}

function mainMenu(call: ConsoleCall): Html {
  const { labels } = call;
  const sections = menuSections(call).map(({ label, under, entries }) => {
    const items = entries.map(({ href, label: text }) => html`<a role="menuitem" href="${href}">${text}</a>`);
    return menuGroup(label, under === undefined ? items : menuGroup(under, items));
  });
  return html`<div class="menu main"><button type="button" aria-haspopup="menu" aria-expanded="false" aria-controls="main-menu" aria-label="${labels.mainMenu}">☰</button>
<div role="menu" id="main-menu" hidden>${sections}</div></div>\n`;
}

/** The button of My Profile shows the first two letters of the user's initials (IMOS - My Profile). */
function who(call: ConsoleCall): Content {
  const { user, labels, session } = call;
  if (!user) return undefined;
  const letters = (user.initials === "" ? user.userName : user.initials).slice(0, 2).toUpperCase();
  return html`<form class="who" method="post" action="/signout">${csrfField(session.csrf)}<span>${user.fullName}</span>
<a class="initials" role="button" href="/my-profile">${letters}</a>
<button>${labels.signOut}</button></form>`;
}

function topOf(call: ConsoleCall): Content {
  return call.user && menuSections(call).length > 0 ? mainMenu(call) : undefined;
}

/** A whole page. `alert` is what went wrong; what went well comes with the query. */
export function answerPage(call: ConsoleCall, page: Page): SimResponse {
  const said = sayings[call.query.get("said") ?? ""];
  return framedPage({ ...page, place: "IMOS Platform", said, start: topOf(call), who: who(call) });
}
