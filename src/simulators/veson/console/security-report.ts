import { table } from "../../console/controls.ts";
import { html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { type ConsoleCall, type ConsolePage, requireSecurity } from "./console-call.ts";
import { answerPage, securityPath } from "./layout.ts";
import { listQueryOf, listQueryText } from "./list-query.ts";
import { listRows } from "./list-rows.ts";

/** The User/Group Report. The document says that an overlay appears and not what is in it; here a page has who is in which group. */
function report(call: ConsoleCall): SimResponse {
  requireSecurity(call);
  const { labels } = call;
  const query = listQueryOf(call, call.query);
  const rows = listRows(call, { search: "", status: labels.all, type: labels.all, page: 1 }).map(
    ({ name, kind, isActive, groups }) =>
      html`<tr><th scope="row">${name}</th><td>${kind === "user" ? labels.user : labels.group}</td><td>${isActive ? labels.active : labels.inactive}</td><td>${groups.join(", ")}</td></tr>`,
  );
  const columns = [labels.name, labels.type, labels.status, labels.groupMembership];
  const content = html`${table(columns, rows)}<div class="row end"><a class="button" role="button" href="${securityPath}?${listQueryText(query)}">${labels.close}</a></div>`;
  return answerPage(call, { title: labels.userGroupReport, kicker: labels.securityList, content });
}

export const securityReportPages: readonly ConsolePage[] = [
  {
    ...{ name: "console/security/report", verb: "GET", path: `${securityPath}/report` },
    ...{ isList: true, access: "signed-in", run: report },
  },
];
