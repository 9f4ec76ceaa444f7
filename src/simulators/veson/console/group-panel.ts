import { checkbox, region, textField } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import type { GroupDraft, GroupForm } from "../drafts.ts";
import { type GroupRecord, SaveRefusal } from "../records.ts";
import { addGroupOf, descriptionLengthMax, saveGroupOf } from "../save-group.ts";
import { type ConsoleCall, type ConsolePage, requireSecurity, rowOf } from "./console-call.ts";
import { securityPath } from "./layout.ts";
import { draftOf, openingOf, panelPage, panelPath, reopened, targetOf, typed } from "./panel.ts";
import { pressedRights, type RightsPanel, rightsTab } from "./rights-view.ts";

/** The panel Group. How a group becomes a member of another is not documented, so nothing here does it. */

function formOf({ store }: ConsoleCall, group: GroupRecord | undefined): GroupForm {
  const { name = "", description = "", isInactive = false, isSecurityAdmin = false } = group ?? {};
  const { isAuthenticationOnly = false, rights = {} } = group ?? {};
  const members = store.users.values().filter(({ groupIds }) => group !== undefined && groupIds.includes(group.id));
  return {
    ...{ name, description, isInactive, isSecurityAdmin, isAuthenticationOnly, rights },
    memberIds: members.map(({ id }) => id),
  };
}

function profile(call: ConsoleCall, { values }: GroupDraft): Html {
  const { labels, store } = call;
  const users = store.users.values().sort((a, b) => (a.userName < b.userName ? -1 : 1));
  const hint = `At most ${descriptionLengthMax} characters.`;
  const members = users.map(({ id, userName }) => checkbox(`user-${id}`, userName, values.memberIds.includes(id)));
  const details = html`<div class="fields">${textField({ name: "group-name", label: labels.groupName, value: values.name })}
${textField({ name: "description", label: labels.description, value: values.description, lengthMax: descriptionLengthMax, hint })}
<div class="checks">${checkbox("inactive", labels.inactive, values.isInactive)}
${checkbox("security-admin", labels.securityAdmin, values.isSecurityAdmin)}
${checkbox("authentication-only", labels.authenticationOnly, values.isAuthenticationOnly)}</div></div>`;
  return html`${region("group-details", labels.groupDetails, details, 3)}
${region("members", labels.members, html`<div class="checks">${members}</div>`, 3)}`;
}

function rightsOf({ store }: ConsoleCall, draft: GroupDraft): RightsPanel {
  return { rights: draft.values.rights, expanded: draft.expanded, hasApiRights: store.isApiLicensed, isEditable: true };
}

function show(call: ConsoleCall, draft: GroupDraft, alert?: string): SimResponse {
  const group = targetOf(draft, call.store.groups);
  const content = draft.tab === "profile" ? profile(call, draft) : rightsTab(call, rightsOf(call, draft));
  const name = group ? group.name : call.labels.newGroup;
  return panelPage(call, { title: call.labels.group, name, draft, content, isEditable: true, alert });
}

function open(call: ConsoleCall): SimResponse {
  requireSecurity(call, "groups");
  const group = call.keys.length > 0 ? rowOf(call, call.store.groups) : undefined;
  const base = formOf(call, group);
  const draft: GroupDraft = { ...openingOf(call), kind: "group", targetId: group?.id ?? null, base, values: base };
  return show(call, call.store.drafts.put(draft));
}

function withTyped(call: ConsoleCall, draft: GroupDraft): GroupDraft {
  const { form, store } = call;
  if (form.get("shown") !== "profile") {
    const { rights, expanded } = pressedRights(call, rightsOf(call, draft));
    return { ...draft, expanded, values: { ...draft.values, rights } };
  }
  const members = store.users.values().filter(({ id }) => form.has(`user-${id}`));
  const values: GroupForm = {
    ...draft.values,
    ...{ name: typed(call, "group-name"), description: typed(call, "description") },
    ...{ isInactive: form.has("inactive"), isSecurityAdmin: form.has("security-admin") },
    ...{ isAuthenticationOnly: form.has("authentication-only"), memberIds: members.map(({ id }) => id) },
  };
  return { ...draft, values };
}

function press(call: ConsoleCall): SimResponse {
  requireSecurity(call, "groups");
  const draft = withTyped(call, draftOf(call, "group"));
  const asked = call.form.get("press") ?? "";
  const tab = asked === "tab:profile" ? "profile" : asked === "tab:rights" ? "rights" : draft.tab;
  return redirect(panelPath(call.store.drafts.put({ ...draft, tab })));
}

function save(call: ConsoleCall): SimResponse {
  requireSecurity(call, "groups");
  const { store } = call;
  const draft = store.drafts.put(withTyped(call, draftOf(call, "group")));
  try {
    const before = targetOf(draft, store.groups);
    const saved = before ? saveGroupOf(call, draft, before) : addGroupOf(call, draft);
    return redirect(reopened(draft, saved.id), "group");
  } catch (error) {
    if (!(error instanceof SaveRefusal)) throw error;
    return show(call, draft, error.message);
  }
}

const view = (call: ConsoleCall): SimResponse => {
  requireSecurity(call, "groups");
  return show(call, draftOf(call, "group"));
};
const access = "signed-in";
const [addedPath, openPath] = [`${securityPath}/new-groups/:key`, `${securityPath}/group-panels/:key`];
export const groupPanelPages: readonly ConsolePage[] = [
  { name: "console/groups/new", verb: "GET", path: `${securityPath}/new-group`, access, run: open },
  { name: "console/groups/open", verb: "GET", path: `${securityPath}/groups/:key`, access, run: open },
  { name: "console/groups/add", verb: "POST", path: addedPath, press: "save", isWrite: true, access, run: save },
  { name: "console/groups/save", verb: "POST", path: openPath, press: "save", isWrite: true, access, run: save },
  ...[addedPath, openPath].flatMap((path): ConsolePage[] => [
    { name: "console/groups/panel", verb: "GET", path, access, run: view },
    { name: "console/groups/press", verb: "POST", path, access, run: press },
  ]),
];
