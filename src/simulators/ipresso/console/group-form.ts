import { checkbox, formEnd, postForm, textField } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { areasOf, everyPermission, type Permission, type Verb, verbs } from "../permissions.ts";
import { type GroupFields, type GroupRecord, SaveRefusal } from "../records.ts";
import { addGroupOf, saveGroupOf } from "../saving.ts";
import { type ConsoleCall, type ConsolePage, rowOf, typed } from "./console-call.ts";
import type { Labels } from "./labels.ts";
import { answerPage, groupsPath } from "./layout.ts";

/** The form of a user group: its name, and its permissions by operation type and area. */

const verbLabels = { GET: "get", POST: "post", PUT: "put", DELETE: "delete" } as const satisfies Record<
  Verb,
  keyof Labels
>;
const fieldName = (permission: Permission): string => permission.toLowerCase().replace(" ", "-");

function typedGroup(call: ConsoleCall): GroupFields {
  const permissions = everyPermission.filter((permission) => call.form.has(fieldName(permission)));
  return { name: typed(call, "name"), permissions };
}

/** Each box says its operation too, so that it has a name of its own. */
function verbGroup({ labels }: ConsoleCall, verb: Verb, granted: readonly Permission[]): Html {
  const label = labels[verbLabels[verb]];
  const boxes = areasOf(verb).map((area) => {
    const permission: Permission = `${verb} ${area}`;
    return checkbox(fieldName(permission), `${label} ${labels[area]}`, granted.includes(permission));
  });
  const id = `verb-${verb.toLowerCase()}`;
  return html`<div role="group" aria-labelledby="${id}"><p class="title" id="${id}">${label}</p>${boxes}</div>\n`;
}

function form(call: ConsoleCall, values: GroupFields, group: GroupRecord | undefined, alert?: string): SimResponse {
  const { labels } = call;
  const name = textField({ name: "name", label: labels.groupName, value: values.name, isFirst: true });
  const columns = verbs.map((verb) => verbGroup(call, verb, values.permissions));
  const permissions = html`<div role="group" aria-labelledby="permissions"><h2 id="permissions">${labels.permissions}</h2>
<div class="verbs">${columns}</div></div>`;
  const action = group ? `${groupsPath}/${group.id}` : `${groupsPath}/add`;
  const end = formEnd(call, labels.save, groupsPath);
  const content = postForm(call, action, html`<div class="fields">${name}</div>${permissions}${end}`);
  const title = group ? labels.editGroupHeading : labels.addGroupHeading;
  const kicker = group ? `${labels.userGroups} › ${group.name}` : labels.userGroups;
  return answerPage(call, { title, kicker, content, alert, status: alert === undefined ? 200 : 422 });
}

function save(call: ConsoleCall, group: GroupRecord | undefined): SimResponse {
  const values = typedGroup(call);
  try {
    if (group) saveGroupOf(call, values, group);
    else addGroupOf(call, values);
    return redirect(groupsPath, "group");
  } catch (error) {
    if (!(error instanceof SaveRefusal)) throw error;
    return form(call, values, group, error.message);
  }
}

function edit(call: ConsoleCall): SimResponse {
  const group = rowOf(call, call.store.groups);
  return form(call, group, group);
}

const access = "system";
const [added, open] = [`${groupsPath}/add`, `${groupsPath}/:key`];
const addPage = (call: ConsoleCall): SimResponse => form(call, { name: "", permissions: [] }, undefined);
const savePage = (call: ConsoleCall): SimResponse => save(call, rowOf(call, call.store.groups));
export const groupFormPages: readonly ConsolePage[] = [
  { name: "console/groups/addForm", verb: "GET", path: added, access, run: addPage },
  {
    name: "console/groups/add",
    verb: "POST",
    path: added,
    isWrite: true,
    access,
    run: (call) => save(call, undefined),
  },
  { name: "console/groups/view", verb: "GET", path: open, access, run: edit },
  { name: "console/groups/save", verb: "POST", path: open, isWrite: true, access, run: savePage },
];
