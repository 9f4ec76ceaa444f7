import { menuButton, table } from "../../console/controls.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import type { ApiUserRecord } from "../records.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage, buttonLink, settingsPath, subsections, usersPath } from "./layout.ts";
import {
  emptyText,
  type ListQuery,
  listPage,
  listQueryOf,
  listQueryText,
  pagesLine,
  searchForm,
} from "./list-query.ts";
import { type Prompt, withPrompt } from "./prompt.ts";
import { settingsAboveList } from "./settings-form.ts";

/** The subsection API Users. Of its columns the document names only Actions. */

type Row = ApiUserRecord & { readonly groups: readonly string[] };

/** Each user with the names of its groups, as of then. */
function everyRow({ store, listsAt }: ConsoleCall): Row[] {
  const groups = store.groups.asOf(listsAt);
  return store.users.asOf(listsAt).map((user) => {
    const own = groups.filter(({ id }) => user.groupIds.includes(id));
    return { ...user, groups: own.map(({ name }) => name) };
  });
}

function columnsOf({ labels, settings }: ConsoleCall): [string, (row: Row) => Content][] {
  if (settings.listColumns === "narrow") return [];
  return [
    [labels.nameColumn, ({ name }) => name],
    [labels.surnameColumn, ({ surname }) => surname],
    [labels.emailColumn, ({ email }) => email],
    [labels.groupsColumn, ({ groups }) => groups.join(", ")],
    [labels.addressesColumn, ({ addresses }) => addresses.join(", ")],
  ];
}

function actionsOf({ labels }: ConsoleCall, { id }: Row, query: ListQuery): Html {
  const items = html`<a role="menuitem" href="${usersPath}/${id}">${labels.editUser}</a>
<a role="menuitem" href="${usersPath}/${id}/delete?${listQueryText(query)}">${labels.deleteUser}</a>`;
  return html`<td><div class="row">${menuButton(`user-${id}`, labels.moreOptions, items, "⋮")}</div></td>`;
}

/** The list, below a window if one is given. */
export function userList(call: ConsoleCall, prompt?: Prompt): SimResponse {
  const { labels, settings } = call;
  const query = listQueryOf(call);
  const page = listPage(call, query, everyRow(call), ({ login, name, surname, email }) => [
    login,
    name,
    surname,
    email,
  ]);
  const columns = columnsOf(call);
  const rows = page.rows.map((row) => {
    const cells = columns.map(([, content]) => html`<td>${content(row)}</td>`);
    return html`<tr><th scope="row">${row.login}</th>${cells}${actionsOf(call, row, query)}</tr>`;
  });
  const heads = [labels.loginColumn, ...columns.map(([label]) => label), labels.actions];
  const toSettings = settings.settingsPlace === "page" && html`<a href="${settingsPath}">${labels.settings}</a>`;
  const beside = html`<div class="row">${toSettings}${buttonLink(`${usersPath}/add`, labels.addUser, "red")}</div>`;
  const content = html`${subsections(call, labels.apiUsers, beside)}${settingsAboveList(call)}${searchForm(call, usersPath, query)}
<div class="people">${table(heads, rows, emptyText(query))}</div>${pagesLine(call, usersPath, query, page)}`;
  const kicker = `${labels.system} › ${labels.systemAccesses}`;
  return answerPage(call, { title: labels.apiUsersSection, kicker, content: withPrompt(call, content, prompt) });
}

export const userListPages: readonly ConsolePage[] = [
  {
    ...{ name: "console/users/list", verb: "GET", path: usersPath, isList: true, access: "system" },
    run: (call) => userList(call),
  },
];
