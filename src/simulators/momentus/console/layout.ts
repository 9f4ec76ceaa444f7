import type { SimResponse } from "../../wire.ts";
import type { ConsoleCall } from "./console-call.ts";
import { type Content, type Html, html } from "./html.ts";

/** What all pages share: frame, forms, tabs, menus. */

export type Page = {
  title: string;
  content: Content;
  status?: number;
  alert?: string | undefined;
  /** What the title belongs to, above it. */
  kicker?: string;
  /** `menu`: the page is the menu itself, so the frame has none. `narrow`: one small form. */
  shape?: "menu" | "narrow";
};

/** What a page says after an action succeeded. The texts are the simulator's own. */
const sayings: Readonly<Record<string, string>> = {
  saved: "The API user was saved.",
  key: "A key was added.",
  secret: "The Secret was regenerated. Every key of this user signs with the new one.",
  app: "The app was changed.",
};

const pageHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
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

const csrfField = (csrf: string): Html => html`<input type="hidden" name="csrf" value="${csrf}">`;

function placeOf({ labels, path, environment }: ConsoleCall): string {
  if (path.startsWith("/connect")) return labels.momentusConnect;
  return path === "/" || path === "/signin" ? "Momentus" : `Enterprise ${environment}`;
}

function messages(call: ConsoleCall, alert: string | undefined): Html {
  const said = sayings[call.query.get("said") ?? ""];
  return html`${alert !== undefined && html`<div class="says alert" role="alert">${alert}</div>\n`}
${said !== undefined && html`<div class="says" role="status">${said}</div>\n`}`;
}

/** A whole page. `alert` is what went wrong; what went well comes with the query. */
export function answerPage(call: ConsoleCall, page: Page): SimResponse {
  const { title, content, status = 200, alert, kicker, shape } = page;
  const place = placeOf(call);
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - simulated ${place}</title>
<link rel="icon" href="/assets/console.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/console.css">
<script src="/assets/console.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><div class="top"><p class="where">${place}</p><span class="tag">Simulator</span>
${signOut(call)}</div>
${shape !== "menu" && menuOf(call)}</header>
<main id="content"${shape === "narrow" && html` class="narrow"`}>
${kicker !== undefined && html`<p class="kicker">${kicker}</p>\n`}<h1>${title}</h1>
${messages(call, alert)}${content}
</main>
<footer>A simulation made from public documents. It is not the vendor's product, and it forgets everything when it ends.</footer>
</body>
</html>
`;
  return { status, headers: { ...pageHeaders }, body: body.text };
}

/** On to another page after a form. */
export function redirect(location: string, said?: string): SimResponse {
  const query = said === undefined ? "" : `${location.includes("?") ? "&" : "?"}said=${said}`;
  return { status: 303, headers: { location: location + query, "cache-control": "no-store" }, body: "" };
}

/** A form that posts, with the session's token. */
export function postForm(call: ConsoleCall, action: string, content: Content, role?: string): Html {
  return html`<form method="post" action="${action}"${role !== undefined && html` role="${role}"`}>${csrfField(call.session.csrf)}${content}</form>`;
}

export type TextField = {
  name: string;
  label: string;
  value?: string;
  type?: "text" | "password" | "search";
  lengthMax?: number;
  /** Shown below the field. */
  hint?: string;
  isReadOnly?: boolean;
  isLong?: boolean;
  /** Has the cursor when the page opens. */
  isFirst?: boolean;
};

/** A field for text with its label bound to it. */
export function textField({ name, label, value = "", type = "text", hint, lengthMax, ...is }: TextField): Html {
  const id = `f-${name}`;
  const described = hint !== undefined && html` aria-describedby="${id}-hint"`;
  const bounds = html`${lengthMax !== undefined && html` maxlength="${lengthMax}"`}${is.isReadOnly && html` readonly`}`;
  const rest = html`${bounds}${described}${is.isFirst && html` autofocus`}`;
  const field = is.isLong
    ? html`<textarea id="${id}" name="${name}" rows="3"${rest}>\n${value}</textarea>`
    : html`<input id="${id}" name="${name}" type="${type}" value="${value}" autocomplete="off" spellcheck="false"${rest}>`;
  const says = hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`;
  const shape = is.isLong ? " wide" : is.isReadOnly ? " exact" : "";
  return html`<div class="field${shape}"><label for="${id}">${label}</label>${field}${says}</div>\n`;
}

/** Buttons at the end of a form: what sends it, and a way out. */
export function formEnd(call: ConsoleCall, send: string, back: string, kind: "lead" | "danger" = "lead"): Html {
  return html`<div class="row end"><button class="${kind}">${send}</button>
<a class="button" role="button" href="${back}">${call.labels.cancel}</a></div>`;
}

/** A check box with its label bound to it. */
export function checkbox(name: string, label: string, isChecked: boolean): Html {
  return html`<div class="check"><input id="f-${name}" name="${name}" type="checkbox" value="Y"${isChecked && html` checked`}><label for="f-${name}">${label}</label></div>\n`;
}

/** A choice of one with its label bound to it. */
export function select(name: string, label: string, options: readonly string[], chosen: string): Html {
  const items = options.map((option) => html`<option${option === chosen && html` selected`}>${option}</option>`);
  return html`<div class="field"><label for="f-${name}">${label}</label><select id="f-${name}" name="${name}">${items}</select></div>\n`;
}

/** Tabs are pages of their own; the present one is marked. What stands beside them is at the other end of the line. */
export function tabs(items: readonly { label: string; href: string }[], selected: string, beside?: Html): Html {
  const links = items.map(
    ({ label, href }) =>
      html`<a role="tab" href="${href}" aria-selected="${label === selected ? "true" : "false"}">${label}</a>`,
  );
  return html`<div class="split"><div role="tablist">${links}</div>\n${beside}</div>\n`;
}

/** A button that opens a menu. The name of an icon is in `name`. */
export function menuButton(id: string, name: string, items: Content, icon?: string): Html {
  const label = icon !== undefined && html` aria-label="${name}"`;
  return html`<div class="menu"><button type="button" aria-haspopup="menu" aria-expanded="false" aria-controls="${id}"${label}>${icon ?? name}</button>
<div role="menu" id="${id}" hidden>${items}</div></div>`;
}

/** A table, or a line that says that there is nothing. Tables that stand above one another have even columns. */
export function table(columns: readonly string[], rows: readonly Html[], empty = "There is nothing to show."): Html {
  if (rows.length === 0) return html`<p class="none">${empty}</p>`;
  const head = columns.map((column) => html`<th scope="col">${column}</th>`);
  const body = rows.map((row) => html`${row}\n`);
  return html`<table class="even"><thead><tr>${head}</tr></thead>\n<tbody>\n${body}</tbody></table>`;
}

/** A status or a flag that catches the eye. */
export function badge(text: string, kind: string): Html {
  return html`<span class="badge ${kind}">${text}</span>`;
}
