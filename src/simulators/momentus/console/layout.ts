import type { SimResponse } from "../../wire.ts";
import type { ConsoleCall } from "./console-call.ts";
import { type Content, type Html, html } from "./html.ts";

/** What all pages share: frame, forms, tabs, menus. */

export type Page = { title: string; content: Content; status?: number; alert?: string | undefined };

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
    "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

function menuOf({ account, labels, path, environment }: ConsoleCall): Content {
  if (!account) return undefined;
  const link = (href: string, text: string): Html =>
    html`<a href="${href}"${path === href && html` aria-current="page"`}>${text}</a>`;
  const isConnect = path.startsWith("/connect");
  return html`<nav aria-label="${isConnect ? labels.momentusConnect : labels.mainMenu}">
${isConnect && account.role === "support" && link("/connect", labels.customersPage)}
${isConnect && link("/connect/marketplace", labels.marketplace)}
${link(`/${environment}/api-users`, labels.apiUsers)}
${!isConnect && link(account.role === "support" ? "/connect" : "/connect/marketplace", labels.momentusConnect)}
${link(`/${environment}/about`, labels.about)}
</nav>`;
}

function signOut({ account, labels, session }: ConsoleCall): Content {
  if (!account) return undefined;
  return html`<form method="post" action="/signout">${csrfField(session.csrf)}<span>${account.name}</span>
<button>${labels.signOut}</button></form>`;
}

const csrfField = (csrf: string): Html => html`<input type="hidden" name="csrf" value="${csrf}">`;

/** A whole page. `alert` is what went wrong; what went well comes with the query. */
export function answerPage(call: ConsoleCall, { title, content, status = 200, alert }: Page): SimResponse {
  const said = sayings[call.query.get("said") ?? ""];
  const where = call.path.startsWith("/connect") ? call.labels.momentusConnect : `Enterprise ${call.environment}`;
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - simulated ${where}</title>
<link rel="stylesheet" href="/assets/console.css">
<script src="/assets/console.js" defer></script>
</head>
<body>
<header><p>${where}</p>${menuOf(call)}${signOut(call)}</header>
<main>
<h1>${title}</h1>
${alert !== undefined && html`<div class="says alert" role="alert">${alert}</div>`}
${said !== undefined && html`<div class="says" role="status">${said}</div>`}
${content}
</main>
<footer>A simulation made from public documents. It is not the vendor's product.</footer>
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
  isReadOnly?: boolean;
  isLong?: boolean;
};

/** A field for text with its label bound to it. */
export function textField({ name, label, value = "", type = "text", isReadOnly, isLong, lengthMax }: TextField): Html {
  const id = `f-${name}`;
  const bounds = html`${lengthMax !== undefined && html` maxlength="${lengthMax}"`}${isReadOnly && html` readonly`}`;
  const field = isLong
    ? html`<textarea id="${id}" name="${name}" rows="3">${value}</textarea>`
    : html`<input id="${id}" name="${name}" type="${type}" value="${value}" autocomplete="off"${bounds}>`;
  return html`<div class="field"><label for="${id}">${label}</label>${field}</div>`;
}

/** A check box with its label bound to it. */
export function checkbox(name: string, label: string, isChecked: boolean): Html {
  return html`<div class="check"><input id="f-${name}" name="${name}" type="checkbox" value="Y"${isChecked && html` checked`}><label for="f-${name}">${label}</label></div>`;
}

/** A choice of one with its label bound to it. */
export function select(name: string, label: string, options: readonly string[], chosen: string): Html {
  const items = options.map((option) => html`<option${option === chosen && html` selected`}>${option}</option>`);
  return html`<div class="field"><label for="f-${name}">${label}</label><select id="f-${name}" name="${name}">${items}</select></div>`;
}

/** Tabs are pages of their own; the present one is marked. */
export function tabs(items: readonly { label: string; href: string }[], selected: string): Html {
  const links = items.map(
    ({ label, href }) =>
      html`<a role="tab" href="${href}" aria-selected="${label === selected ? "true" : "false"}">${label}</a>`,
  );
  return html`<div role="tablist">${links}</div>`;
}

/** A button that opens a menu. The name of an icon is in `name`. */
export function menuButton(id: string, name: string, items: Content, icon?: string): Html {
  const label = icon !== undefined && html` aria-label="${name}"`;
  return html`<div class="menu"><button type="button" aria-haspopup="menu" aria-expanded="false" aria-controls="${id}"${label}>${icon ?? name}</button>
<div role="menu" id="${id}" hidden>${items}</div></div>`;
}

/** A table, or a line that says that there is nothing. */
export function table(columns: readonly string[], rows: readonly Html[]): Html {
  if (rows.length === 0) return html`<p class="none">There is nothing to show.</p>`;
  const head = columns.map((column) => html`<th scope="col">${column}</th>`);
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
