import { type Content, type Html, html } from "./html.ts";

/** Fields, buttons, tabs, menus and tables of all simulated consoles. Every field has its label bound to it. */

/** What a form needs to know of the call that it answers. */
type FormCall = { readonly session: { readonly csrf: string } };

/** The token that each form of a session carries. */
export const csrfField = (csrf: string): Html => html`<input type="hidden" name="csrf" value="${csrf}">`;

/** A form that posts, with the session's token. */
export function postForm({ session }: FormCall, action: string, content: Content, role?: string): Html {
  return html`<form method="post" action="${action}"${role !== undefined && html` role="${role}"`}>${csrfField(session.csrf)}${content}</form>`;
}

/**
 * The asterisk of a mandatory field. Only `spoken` is part of the field's accessible name: documents show an asterisk and do not
 * tell how it is made.
 */
export type Star = "silent" | "spoken";

const starOf = (star: Star | undefined): Content =>
  star !== undefined && html` <span class="star"${star === "silent" && html` aria-hidden="true"`}>*</span>`;

type TextField = {
  name: string;
  label: string;
  value?: string;
  type?: "text" | "password" | "search";
  star?: Star | undefined;
  lengthMax?: number;
  /** Shown below the field. */
  hint?: string | undefined;
  isReadOnly?: boolean;
  isLong?: boolean;
  /** Has the cursor when the page opens. */
  isFirst?: boolean;
};

/** A field for text. */
export function textField({ name, label, value = "", type = "text", star, hint, lengthMax, ...is }: TextField): Html {
  const id = `f-${name}`;
  const described = hint !== undefined && html` aria-describedby="${id}-hint"`;
  const needs = html`${lengthMax !== undefined && html` maxlength="${lengthMax}"`}${star !== undefined && html` aria-required="true"`}`;
  const bounds = html`${needs}${is.isReadOnly && html` readonly`}`;
  const rest = html`${bounds}${described}${is.isFirst && html` autofocus`}`;
  const field = is.isLong
    ? html`<textarea id="${id}" name="${name}" rows="3"${rest}>\n${value}</textarea>`
    : html`<input id="${id}" name="${name}" type="${type}" value="${value}" autocomplete="off" spellcheck="false"${rest}>`;
  const says = hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`;
  const shape = is.isLong ? " wide" : is.isReadOnly ? " exact" : "";
  return html`<div class="field${shape}"><label for="${id}">${label}${starOf(star)}</label>${field}${says}</div>\n`;
}

/** Buttons at the end of a form: what sends it, and a way out. */
export function formEnd(
  { labels }: { readonly labels: { readonly cancel: string } },
  send: string,
  back: string,
  kind: "lead" | "danger" = "lead",
): Html {
  return html`<div class="row end"><button class="${kind}">${send}</button>
<a class="button" role="button" href="${back}">${labels.cancel}</a></div>`;
}

/** A check box. One that is not allowed is shown and cannot be changed. */
export function checkbox(name: string, label: string, isChecked: boolean, isAllowed = true): Html {
  const state = html`${isChecked && html` checked`}${!isAllowed && html` disabled`}`;
  return html`<div class="check"><input id="f-${name}" name="${name}" type="checkbox" value="Y"${state}><label for="f-${name}">${label}</label></div>\n`;
}

/** What can be chosen: words that are sent as they stand, or words and what is sent for them. */
type Choice = string | { readonly value: string; readonly text: string };

/** A choice of one; `chosen` is what is sent for it. */
export function select(name: string, label: string, options: readonly Choice[], chosen: string, star?: Star): Html {
  const items = options.map((option) => {
    const { value, text } = typeof option === "string" ? { value: undefined, text: option } : option;
    const sent = value !== undefined && html` value="${value}"`;
    return html`<option${sent}${(value ?? text) === chosen && html` selected`}>${text}</option>`;
  });
  const needs = star !== undefined && html` aria-required="true"`;
  return html`<div class="field"><label for="f-${name}">${label}${starOf(star)}</label><select id="f-${name}" name="${name}"${needs}>${items}</select></div>\n`;
}

/** A button whose value says which of the form's buttons was pressed. `more` are further attributes. */
export function pressButton(value: string, label: Content, more?: Html): Html {
  return html`<button name="press" value="${value}"${more !== undefined && html` ${more}`}>${label}</button>`;
}

/** A part of a page with its heading. `id` is unique on the page. */
export function region(id: string, heading: string, content: Content, level: 2 | 3 = 2): Html {
  const title = level === 2 ? html`<h2 id="${id}">${heading}</h2>` : html`<h3 id="${id}">${heading}</h3>`;
  return html`<section aria-labelledby="${id}">${title}${content}</section>\n`;
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
