import { textField } from "../../console/controls.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { ConsoleCall } from "./console-call.ts";

/** Search and pages of both lists. Whether the lists have them is not documented. */

export type ListQuery = { readonly search: string; readonly page: number };

/** What the address of a page asks for. */
export function listQueryOf({ query }: ConsoleCall): ListQuery {
  const page = Math.max(1, Number.parseInt(query.get("page") ?? "1", 10) || 1);
  return { search: (query.get("search") ?? "").trim(), page };
}

/** The same as text, for a link to a list or to a window above it. */
export function listQueryText({ search, page }: ListQuery): string {
  return new URLSearchParams({ search, page: String(page) }).toString();
}

/** The rows of one page, and which page of how many that is. */
type ListPage<Row> = { rows: readonly Row[]; page: number; pages: number; all: number };

/** Sorts rows by their name, finds those whose words hold the search, and takes one page of them. */
export function listPage<Row>(
  { settings }: ConsoleCall,
  { search, page }: ListQuery,
  rows: readonly Row[],
  wordsOf: (row: Row) => readonly string[],
): ListPage<Row> {
  const wanted = search.toUpperCase();
  const keyed = rows.map((row) => ({ row, words: wordsOf(row).join("\n").toUpperCase() }));
  const found = keyed.filter(({ words }) => words.includes(wanted)).sort((a, b) => (a.words < b.words ? -1 : 1));
  const pages = Math.max(1, Math.ceil(found.length / settings.consolePageSize));
  const shown = Math.min(pages, page);
  const first = (shown - 1) * settings.consolePageSize;
  const some = found.slice(first, first + settings.consolePageSize).map(({ row }) => row);
  return { rows: some, page: shown, pages, all: found.length };
}

/** The field that searches a list. */
export function searchForm({ labels }: ConsoleCall, path: string, { search }: ListQuery): Html {
  return html`<div class="bar"><form role="search" method="get" action="${path}">
${textField({ name: "search", label: labels.search, value: search, type: "search" })}<button>${labels.search}</button></form></div>`;
}

/** How many rows there are, and the way to other pages. */
export function pagesLine(
  { labels }: ConsoleCall,
  path: string,
  { search }: ListQuery,
  { page, pages, all }: ListPage<unknown>,
): Html {
  const link = (to: number, text: string): Content =>
    to >= 1 && to <= pages && html`<a href="${path}?${listQueryText({ search, page: to })}">${text}</a>`;
  const turn =
    pages > 1 &&
    html`${link(page - 1, labels.previous)} <span>${page} / ${pages}</span> ${link(page + 1, labels.next)}`;
  return html`<p class="pages"><span>${all} in all</span>${turn}</p>`;
}

/** What stands in place of a table without rows. */
export function emptyText({ search }: ListQuery): string {
  return search === "" ? "There is nothing to show." : `Nothing is found for “${search}”.`;
}
