import { table } from "../../console/controls.ts";
import { html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { apiPermissions } from "../rights.ts";
import { allowsReading } from "../standing.ts";
import { type ConsoleCall, type ConsolePage, requireCompany } from "./console-call.ts";
import { answerPage, voyageSecurityPath } from "./layout.ts";

/**
 * Voyage Reporting Security: the list of Veslink accounts. Its heading is Security, its button for a new one is only a picture. The
 * columns are assumed; that the API permissions show in it too. Groups of Veslink are not simulated.
 */

function list(call: ConsoleCall): SimResponse {
  requireCompany(call);
  const { labels, store, settings, listsAt, query } = call;
  const users = store.users.asOf(listsAt);
  const accounts = store.veslinkAccounts.asOf(listsAt).sort((a, b) => (a.userName < b.userName ? -1 : 1));
  const pages = Math.max(1, Math.ceil(accounts.length / settings.consolePageSize));
  const page = Math.min(pages, Math.max(1, Number.parseInt(query.get("page") ?? "1", 10) || 1));
  const shown = accounts.slice((page - 1) * settings.consolePageSize, page * settings.consolePageSize);
  const names = [labels.apiRead, labels.apiWrite, labels.apiImosMessage];
  const rows = shown.map(({ id, userName, authType }) => {
    const user = users.find((candidate) => candidate.userName.toUpperCase() === userName.toUpperCase());
    const granted = names.filter((_, index) => allowsReading(user?.rights[apiPermissions[index]!]));
    return html`<tr><th scope="row"><a href="${voyageSecurityPath}/users/${id}">${userName}</a></th><td>${authType}</td><td>${granted.join(", ")}</td></tr>`;
  });
  const link = (to: number, text: string) =>
    to >= 1 && to <= pages && html`<a href="${voyageSecurityPath}?page=${to}">${text}</a>`;
  const turn =
    pages > 1 &&
    html`${link(page - 1, labels.previous)} <span>${page} / ${pages}</span> ${link(page + 1, labels.next)}`;
  const add = html`<div class="row tools"><a class="button" role="button" href="${voyageSecurityPath}/new" aria-label="${labels.addVeslinkUser}">+</a></div>`;
  const content = html`${add}${table([labels.userName, labels.authType, labels.viewApiPermissions], rows)}
<p class="pages"><span>${accounts.length} in all</span>${turn}</p>`;
  return answerPage(call, { title: labels.voyageSecurity, kicker: labels.voyageReportingSecurity, content });
}

export const voyageListPages: readonly ConsolePage[] = [
  { name: "console/veslink/list", verb: "GET", path: voyageSecurityPath, isList: true, access: "signed-in", run: list },
];
