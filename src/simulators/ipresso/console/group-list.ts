import { menuButton, postForm, table } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { type GroupRecord, SaveRefusal } from "../records.ts";
import { removeGroupOf } from "../saving.ts";
import { type ConsoleCall, type ConsolePage, rowOf } from "./console-call.ts";
import { answerPage, buttonLink, groupsPath, subsections } from "./layout.ts";
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

/** The subsection User groups, and deleting a group. What it lists is assumed; permissions are on the form. */

/** Where deleting begins: with a window, or at once. */
function deleteControl(call: ConsoleCall, id: number, query: ListQuery, role?: "menuitem"): Html {
  const { labels, settings } = call;
  const href = `${groupsPath}/${id}/delete?${listQueryText(query)}`;
  const label = role ? labels.deleteUser : labels.deleteGroup;
  if (!settings.groupDeletionAsks) {
    return postForm(call, href, html`<button${role && html` role="${role}"`}>${label}</button>`, role && "none");
  }
  return role ? html`<a role="menuitem" href="${href}">${label}</a>` : buttonLink(href, label);
}

function actionsOf(call: ConsoleCall, { id }: GroupRecord, query: ListQuery): Html {
  const { labels, settings } = call;
  const edit = `${groupsPath}/${id}`;
  if (settings.groupActions === "buttons") {
    return html`<td><div class="row">${buttonLink(edit, labels.editGroup, "blue")}${deleteControl(call, id, query)}</div></td>`;
  }
  const items = html`<a role="menuitem" href="${edit}">${labels.editUser}</a>${deleteControl(call, id, query, "menuitem")}`;
  return html`<td><div class="row">${menuButton(`group-${id}`, labels.moreOptions, items, "⋮")}</div></td>`;
}

function groupList(call: ConsoleCall, { prompt, alert }: { prompt?: Prompt; alert?: string } = {}): SimResponse {
  const { labels, store, listsAt } = call;
  const query = listQueryOf(call);
  const users = store.users.asOf(listsAt);
  const page = listPage(call, query, store.groups.asOf(listsAt), ({ name }) => [name]);
  const rows = page.rows.map((group) => {
    const count = users.filter(({ groupIds }) => groupIds.includes(group.id)).length;
    return html`<tr><th scope="row">${group.name}</th><td>${count}</td>${actionsOf(call, group, query)}</tr>`;
  });
  const beside = html`<div class="row">${buttonLink(`${groupsPath}/add`, labels.addGroup, "red")}</div>`;
  const heads = [labels.groupNameColumn, labels.usersColumn, labels.actions];
  const content = html`${subsections(call, labels.userGroups, beside)}${searchForm(call, groupsPath, query)}
${table(heads, rows, emptyText(query))}${pagesLine(call, groupsPath, query, page)}`;
  const kicker = `${labels.system} › ${labels.systemAccesses}`;
  const status = alert === undefined ? 200 : 409;
  const whole = withPrompt(call, content, prompt);
  return answerPage(call, { title: labels.apiUsersSection, kicker, content: whole, alert, status });
}

function ask(call: ConsoleCall): SimResponse {
  const { id, name } = rowOf(call, call.store.groups);
  const query = listQueryText(listQueryOf(call));
  const prompt = {
    ...{ heading: call.labels.deleteGroupHeading, text: `Delete the user group ${name}? This cannot be undone.` },
    ...{ action: `${groupsPath}/${id}/delete?${query}`, back: `${groupsPath}?${query}` },
  };
  return groupList(call, { prompt });
}

function remove(call: ConsoleCall): SimResponse {
  try {
    removeGroupOf(call, rowOf(call, call.store.groups));
    return redirect(`${groupsPath}?${listQueryText(listQueryOf(call))}`, "group-deleted");
  } catch (error) {
    if (!(error instanceof SaveRefusal)) throw error;
    return groupList(call, { alert: error.message });
  }
}

const access = "system";
const path = `${groupsPath}/:key/delete`;
const list = (call: ConsoleCall): SimResponse => groupList(call);
export const groupListPages: readonly ConsolePage[] = [
  { name: "console/groups/list", verb: "GET", path: groupsPath, isList: true, access, run: list },
  { name: "console/groups/askToDelete", verb: "GET", path, access, run: ask },
  { name: "console/groups/delete", verb: "POST", path, isWrite: true, access, run: remove },
];
