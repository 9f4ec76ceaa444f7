import { badge, csrfField, menuButton, postForm, pressButton, select, textField } from "../../console/controls.ts";
import { PageRefusal, redirect } from "../../console/frame.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { SaveRefusal } from "../records.ts";
import { setActivity } from "../saving.ts";
import { type ConsoleCall, type ConsolePage, requireSecurity, roleOf } from "./console-call.ts";
import { answerPage, securityPath } from "./layout.ts";
import { type ListQuery, listQueryOf, listQueryText } from "./list-query.ts";
import { type ListRow, listRows } from "./list-rows.ts";

/** The Security List: users and groups in one list, with what is done to several of them at once. */

function filterForm({ labels }: ConsoleCall, { search, status, type }: ListQuery): Html {
  const statuses = [labels.active, labels.inactive, labels.all];
  return html`<form role="search" method="get" action="${securityPath}">
${textField({ name: "search", label: labels.search, value: search, type: "search" })}
${select("status", labels.status, statuses, status)}${select("type", labels.type, [labels.all, labels.user, labels.group], type)}
<button>${labels.search}</button></form>`;
}

function toolbar(call: ConsoleCall, query: ListQuery): Html {
  const { labels } = call;
  const list = listQueryText(query);
  const role = roleOf(call);
  const user = role === "all" && html`<a role="menuitem" href="${securityPath}/new-user?${list}">${labels.newUser}</a>`;
  const group = html`<a role="menuitem" href="${securityPath}/new-group?${list}">${labels.newGroup}</a>`;
  const report = html`<a role="menuitem" href="${securityPath}/report?${list}">${labels.userGroupReport}</a>`;
  return html`<div class="bar">${filterForm(call, query)}<div class="row tools">
${menuButton("add-menu", labels.add, [user, group])}${menuButton("report-menu", labels.report, report, "▤")}</div></div>`;
}

const yesNo = (labels: ConsoleCall["labels"], value: boolean | undefined): Content =>
  value !== undefined && (value ? labels.yes : html`<span class="soft">${labels.no}</span>`);

/** Columns of the list; the first two after the name are all that stands beside an open panel. */
function columnsOf({ labels, settings }: ConsoleCall, isBeside: boolean): [string, (row: ListRow) => Content][] {
  const few: [string, (row: ListRow) => Content][] = [
    [labels.type, ({ kind }) => (kind === "user" ? labels.user : labels.group)],
    [labels.status, ({ isActive }) => (isActive ? labels.active : badge(labels.inactive, "retired"))],
  ];
  if (isBeside || settings.listColumns === "narrow") return few;
  return [
    few[0]!,
    [labels.fullName, ({ fullName }) => fullName],
    [labels.email, ({ email }) => email],
    few[1]!,
    [labels.readOnly, ({ isReadOnly }) => yesNo(labels, isReadOnly)],
    [labels.securityAdmin, ({ isSecurityAdmin }) => yesNo(labels, isSecurityAdmin)],
    [labels.externalAccessOnly, ({ isExternalOnly }) => yesNo(labels, isExternalOnly)],
    [labels.authenticationOnly, ({ isAuthenticationOnly }) => yesNo(labels, isAuthenticationOnly)],
    [labels.groupMembership, ({ groups }) => groups.join(", ")],
    [labels.apiToken, ({ hasToken }) => yesNo(labels, hasToken)],
  ];
}

function rowOf(query: ListQuery, row: ListRow, columns: [string, (row: ListRow) => Content][], open: string): Html {
  const key = `${row.kind}-${row.id}`;
  const cells = columns.map(([, content]) => html`<td>${content(row)}</td>`);
  const href = `${securityPath}/${row.kind}s/${row.id}?${listQueryText(query)}`;
  return html`<tr${key === open && html` class="open"`}><td><input type="checkbox" name="select" value="${key}" aria-label="Select ${row.name}"></td>
<th scope="row"><a href="${href}"${key === open && html` aria-current="true"`}>${row.name}</a></th>${cells}</tr>\n`;
}

function pagesLine({ labels }: ConsoleCall, query: ListQuery, page: number, pages: number, all: number): Html {
  const link = (to: number, text: string): Content =>
    to >= 1 && to <= pages && html`<a href="${securityPath}?${listQueryText(query, to)}">${text}</a>`;
  const turn =
    pages > 1 &&
    html`${link(page - 1, labels.previous)} <span>${page} / ${pages}</span> ${link(page + 1, labels.next)}`;
  return html`<p class="pages"><span>${all} in all</span>${turn}</p>`;
}

/** The list, whole or beside a panel. `open` is the row of the panel, as in `user-12`. */
export function listPart(call: ConsoleCall, query: ListQuery, open = "", isBeside = false): Html {
  const { labels, settings, session } = call;
  const rows = listRows(call, query);
  const pages = Math.max(1, Math.ceil(rows.length / settings.consolePageSize));
  const page = Math.min(pages, query.page);
  const shown = rows.slice((page - 1) * settings.consolePageSize, page * settings.consolePageSize);
  const columns = columnsOf(call, isBeside);
  const head = [labels.name, ...columns.map(([label]) => label)].map((label) => html`<th scope="col">${label}</th>`);
  const actions = html`<p class="row selection" data-selection hidden>${pressButton("activate", labels.activate, html`role="link"`)}
${pressButton("deactivate", labels.deactivate, html`role="link"`)}</p>`;
  const table = html`<table><thead><tr><td></td>${head}</tr></thead>\n<tbody>\n${shown.map((row) => rowOf(query, row, columns, open))}</tbody></table>`;
  const nothing = html`<p class="none">Nothing is found.</p>`;
  const form = html`<form method="post" action="${securityPath}/selection" class="scroll">${csrfField(session.csrf)}
<input type="hidden" name="list" value="${listQueryText(query)}">${actions}${shown.length > 0 ? table : nothing}</form>`;
  return html`${toolbar(call, query)}${form}${pagesLine(call, query, page, pages, rows.length)}`;
}

function list(call: ConsoleCall): SimResponse {
  requireSecurity(call);
  const content = listPart(call, listQueryOf(call, call.query));
  return answerPage(call, { title: call.labels.securityList, content, shape: "wide" });
}

function chosenIds(chosen: readonly string[], kind: ListRow["kind"]): number[] {
  return chosen.filter((key) => key.startsWith(`${kind}-`)).map((key) => Number(key.slice(kind.length + 1)));
}

/** Whether the platform asks first is not documented; a switch lets it. */
function confirmation(call: ConsoleCall, chosen: readonly string[], action: string): SimResponse {
  const { labels, form } = call;
  const title = action === "activate" ? labels.activate : labels.deactivate;
  const list = form.get("list") ?? "";
  const kept = chosen.map((key) => html`<input type="hidden" name="select" value="${key}">`);
  const content = html`<p>${chosen.length} selected.</p>${postForm(
    call,
    `${securityPath}/selection`,
    html`${kept}<input type="hidden" name="list" value="${list}"><input type="hidden" name="sure" value="Y">
<div class="row end">${pressButton(action, title, html`class="danger"`)}<a class="button" role="button" href="${securityPath}?${list}">${labels.cancel}</a></div>`,
  )}`;
  return answerPage(call, { title, kicker: labels.securityList, content });
}

function turn(call: ConsoleCall): SimResponse {
  const { form, settings, store, labels } = call;
  const chosen = form.getAll("select");
  const action = form.get("press") === "activate" ? "activate" : "deactivate";
  const ids = { users: chosenIds(chosen, "user"), groups: chosenIds(chosen, "group") };
  requireSecurity(call, ids.users.length > 0 ? "users" : "groups");
  const isKnown = ids.users.every((id) => store.users.get(id)) && ids.groups.every((id) => store.groups.get(id));
  if (chosen.length === 0 || !isKnown)
    throw new PageRefusal(409, labels.securityList, "Select one or more rows first.");
  if (settings.activationAsks && !form.has("sure")) return confirmation(call, chosen, action);
  try {
    setActivity(call, ids, action === "deactivate");
  } catch (error) {
    if (error instanceof SaveRefusal) throw new PageRefusal(409, labels.securityList, error.message);
    throw error;
  }
  return redirect(`${securityPath}?${form.get("list") ?? ""}`, action === "activate" ? "active" : "inactive");
}

const access = "signed-in";
const selection = { verb: "POST", path: `${securityPath}/selection`, access, isWrite: true, run: turn } as const;
export const securityListPages: readonly ConsolePage[] = [
  { name: "console/security/list", verb: "GET", path: securityPath, isList: true, access, run: list },
  { name: "console/security/activate", press: "activate", ...selection },
  { name: "console/security/deactivate", press: "deactivate", ...selection },
];
