import { badge, table, textField } from "../../console/controls.ts";
import { type Content, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import type { ApiUserRecord } from "../records.ts";
import { isVisible, pathOf, requireLicense } from "./api-user-access.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/** The list API Users with its search. Retired users are listed; whether the product hides them is unknown. */

function found(call: ConsoleCall, search: string): ApiUserRecord[] {
  const wanted = search.trim().toUpperCase();
  const users = call.store[call.environment].apiUsers.asOf(call.listsAt).filter((user) => isVisible(call, user));
  const matching = users.filter(({ id, displayName }) => `${id}\n${displayName}`.toUpperCase().includes(wanted));
  return matching.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function paging(call: ConsoleCall, search: string, page: number, pages: number): Content {
  const link = (to: number, text: string): Content => {
    const query = new URLSearchParams({ search, page: String(to) });
    return to >= 1 && to <= pages && html`<a href="/${call.environment}/api-users?${query.toString()}">${text}</a>`;
  };
  const { previous, next } = call.labels;
  return pages > 1 && html`${link(page - 1, previous)} <span>${page} / ${pages}</span> ${link(page + 1, next)}`;
}

function list(call: ConsoleCall): SimResponse {
  requireLicense(call, "menu");
  const { labels, settings } = call;
  const search = call.query.get("search") ?? "";
  const users = found(call, search);
  const pages = Math.max(1, Math.ceil(users.length / settings.consolePageSize));
  const page = Math.min(pages, Math.max(1, Number.parseInt(call.query.get("page") ?? "1", 10) || 1));
  const shown = users.slice((page - 1) * settings.consolePageSize, page * settings.consolePageSize);
  const rows = shown.map(
    (user) => html`<tr><th scope="row"><a href="${pathOf(call, user)}">${user.id}</a></th><td>${user.displayName}</td>
<td>${user.organization}</td><td>${user.isRetired ? badge("Y", "retired") : "N"}</td></tr>`,
  );
  const content = html`<div class="bar"><form role="search" method="get" action="/${call.environment}/api-users">
${textField({ name: "search", label: labels.search, value: search, type: "search" })}<button>${labels.search}</button></form>
<form method="get" action="/${call.environment}/add-api-user"><button class="lead">${labels.add}</button></form></div>
${table([labels.id, labels.displayName, labels.organization, labels.retire], rows, search === "" ? undefined : `Nothing is found for “${search}”.`)}
<p class="pages">${users.length > 0 && html`<span>${users.length} in all</span>`}${paging(call, search, page, pages)}</p>`;
  return answerPage(call, { title: labels.apiUsers, content });
}

export const apiUserListPages: readonly ConsolePage[] = [
  { name: "console/apiUsers/list", verb: "GET", path: "/:env/api-users", isList: true, access: "signed-in", run: list },
];
