import { type Item, type Piece, sayAssumed } from "./act-view.ts";
import type { FieldLine } from "./field-lines.ts";
import { type Content, Html, html } from "./html.ts";
import { runbookStyle } from "./runbook-style.ts";
import {
  type GoOnView,
  type ReturnView,
  type RunbookView,
  type StepOfTask,
  sayMore,
  type TaskView,
} from "./runbook-view.ts";
import {
  appendix,
  noteColumns,
  operator,
  runbookEnd,
  runbookRules,
  sayGoOn,
  sayOutcomes,
  stepNotes,
} from "./runbook-words.ts";
import type { ToldView } from "./told-view.ts";
import { capital } from "./visible.ts";

/** A runbook as one file that needs nothing else: no script, no picture, no font. Whatever stands in it is escaped. */
export function runbookHtml(view: RunbookView): string {
  // The policy is for a mistake of ours: nothing in the page can load or send anything.
  const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>Runbook for ${view.environment}</title>
<style>${new Html(runbookStyle)}</style>
</head>
<body>
<main>
${head(view)}
${changes(view)}
${roles(view)}
${rules(view)}
${view.parts.map((part) => (part.is === "task" ? task(part) : goOn(part, view)))}
${returns(view.returns)}
${end(view)}
${commands(view)}
</main>
</body>
</html>
`.text;
}

function head({ environment, outcome, facts }: RunbookView): Html {
  return html`<header>
<p class="kicker">Steward</p>
<h1>Runbook for environment ${environment}</h1>
<p class="outcome">${outcome}</p>
<dl class="facts">${facts.map(({ name, text }) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
</header>`;
}

function changes({ changes, moreChanges }: RunbookView): Html {
  const rows = changes.map(
    ({ symbol, address, what }) => html`<tr><td><code>${symbol} ${address}</code></td><td>${what}</td></tr>
`,
  );
  const more = sayMore(moreChanges, "change").map((one) => html`<tr><td colspan="2">${one}</td></tr>`);
  return html`<section>
<h2>What changes</h2>
<table class="plain"><tbody>${rows}${more}</tbody></table>
</section>`;
}

function roles({ roles }: RunbookView): Html {
  const rows = roles.map(
    (
      one,
    ) => html`<tr><td>${capital(one.role)}</td><td>${one.tasks}</td><td>${one.addresses.map((url) => html`<div>${link(url)}</div>`)}</td></tr>
`,
  );
  return html`<section>
<h2>Who is needed</h2>
<table class="roles"><thead><tr><th>Who</th><th>For</th><th>Where</th></tr></thead>
<tbody>${rows}<tr><td>${operator.role}</td><td>${operator.does}</td><td>${operator.where}</td></tr></tbody></table>
</section>`;
}

function rules(view: RunbookView): Html {
  return html`<section>
<h2>How to follow it</h2>
<ol class="rules">${runbookRules(view).map((rule) => html`<li>${pieces(rule)}</li>`)}</ol>
</section>`;
}

function task({ number, role, waits, steps }: TaskView): Html {
  return html`<section class="task">
<header><h2>Task ${number}: ${role}</h2><p>${waits}</p></header>
${steps.map(step)}
</section>
`;
}

function step(view: StepOfTask): Html {
  const { number, title, id, system, conditions, items, assumed } = view;
  const notes = sayAssumed(assumed).map((remark) => html`<p class="quiet">${remark}.</p>`);
  return html`<article class="step">
<h3><label><input type="checkbox"><span><span class="number">${number}</span>${title}</span></label></h3>
<p class="place">on ${system} · <code>${id}</code></p>
${list(conditions, "conditions")}
<ol class="acts">${items.map(act)}</ol>
${notes}
${tell(view)}
<div class="noted">${stepNotes.map((name) => html`<label>${name}<input type="text" autocomplete="off"></label>`)}</div>
</article>
`;
}

function act(item: Item): Html {
  const table = item.fields.length > 0 ? html`<table class="fields">${item.fields.map(field)}</table>` : undefined;
  const after = item.after.length > 0 ? html`<div>${pieces(item.after)}</div>` : undefined;
  const first = item.stops ? html`<span class="stop">${pieces(item.pieces)}</span>` : pieces(item.pieces);
  return html`<li>${first}${table}${after}</li>
`;
}

function field({ labels, is, text, remark }: FieldLine): Html[] {
  const shown =
    is === "text"
      ? html`<code class="value">${text}</code>`
      : html`<span class="${is === "hint" ? "hint" : "box"}">${text}</span>${boxWords[is]}`;
  const more = remark === undefined ? undefined : html` <span class="hint">(${remark})</span>`;
  return labels.map((label) => html`<tr><th scope="row">${label}</th><td>${shown}${more}</td></tr>`);
}

/** A box alone is easily taken for one that is to be ticked here. */
const boxWords = { text: "", hint: "", checked: " checked", clear: " not checked" };

function tell(view: StepOfTask): Html {
  const { when, ask } = view.told;
  return html`<div class="told"><p><strong>${when}:</strong> <span class="hint">${pieces(sayOutcomes(view))}</span></p>
<code class="command">${ask.command}</code></div>`;
}

function goOn(view: GoOnView, book: RunbookView): Html {
  const rows = view.lines.map(
    ({ title, address, conditions }) =>
      html`<li>${title} <code>${address}</code>${conditions.map((one) => html` <span class="hint">${one}</span>`)}</li>
`,
  );
  const more = sayMore(view.more, "step").map((one) => html`<li>${one}</li>`);
  return html`<section class="go-on">
<label><input type="checkbox"><span>${pieces(sayGoOn(view, book))}</span></label>
${rows.length > 0 ? html`<ul>${rows}${more}</ul>` : undefined}</section>
`;
}

function returns(views: readonly ReturnView[]): Html | undefined {
  if (views.length === 0) return undefined;
  const rows = views.map(
    ({ title, where, conditions }) =>
      html`<li><label><input type="checkbox"><span>${title} <span class="hint">(${where})</span>${conditions.map((one) => html`<br><span class="hint">${one}</span>`)}</span></label></li>`,
  );
  return html`<section class="returns">
<h2>Given back at the end, whatever happened</h2>
<ul>${rows}</ul>
</section>`;
}

function end(view: RunbookView): Html {
  const blank = html`<tr>${noteColumns.map(() => html`<td class="blank"></td>`)}</tr>`;
  return html`<section>
<h2>Done</h2>
<p>${pieces(runbookEnd(view))}</p>
</section>
<section>
<h2>Notes</h2>
<p class="hint">Never a secret.</p>
<table><thead><tr>${noteColumns.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>${[blank, blank, blank, blank]}</tbody></table>
</section>`;
}

function commands({ parts }: RunbookView): Html | undefined {
  const steps = parts
    .flatMap((part) => (part.is === "task" ? part.steps : []))
    .filter(({ told }) => told.ways.length > 0);
  if (steps.length === 0) return undefined;
  const way = ({ means, command, remarks }: ToldView["ways"][number]): Html =>
    html`<div><dt>${capital(means)}</dt><dd><code class="command">${command}</code>${remarks.map((one) => html`<div class="hint">${pieces(one)}</div>`)}</dd></div>`;
  return html`<section class="commands">
<h2>${appendix.title}</h2>
<p class="hint">${appendix.text}</p>
${steps.map(
  ({
    number,
    title,
    told,
  }) => html`<h3><span class="number">${number}</span>${title}</h3><dl class="ways">${told.ways.map(way)}</dl>
`,
)}
</section>`;
}

function list(lines: readonly string[], name: string): Html | undefined {
  if (lines.length === 0) return undefined;
  return html`<ul class="${name}">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function pieces(all: readonly Piece[]): Content {
  return all.map(({ is, text }) => {
    if (is === "label") return html`<span class="label">${text}</span>`;
    if (is === "value") return html`<code class="value">${text}</code>`;
    if (is === "command") return html`<code>${text}</code>`;
    return is === "address" ? link(text) : text;
  });
}

/** An address that a browser opens, when it is one of the web; else only its text. */
function link(url: string): Html {
  if (!/^https?:\/\/[^\s\\]+$/i.test(url)) return html`<code>${url}</code>`;
  return html`<a href="${url}" rel="noreferrer noopener">${url}</a>`;
}
