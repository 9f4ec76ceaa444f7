import { checkbox, pressButton, region, textField } from "../../console/controls.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { UserDraft } from "../drafts.ts";
import type { UserFields, UserRecord } from "../records.ts";
import { userNameLengthMax } from "../save-user.ts";
import type { ConsoleCall } from "./console-call.ts";
import type { Labels } from "./labels.ts";
import { typed } from "./panel.ts";

/** The tab Profile of a user: what it shows, and what was typed on it. */

type Flag = "isReadOnly" | "isInactive" | "isSecurityAdmin" | "isExternalOnly" | "isAuthenticationOnly";
const flags: readonly { name: string; flag: Flag; label: keyof Labels }[] = [
  { name: "read-only", flag: "isReadOnly", label: "readOnly" },
  { name: "inactive", flag: "isInactive", label: "inactive" },
  { name: "security-admin", flag: "isSecurityAdmin", label: "securityAdmin" },
  { name: "external-access-only", flag: "isExternalOnly", label: "externalAccessOnly" },
  { name: "authentication-only", flag: "isAuthenticationOnly", label: "authenticationOnly" },
];

/** What a panel of this user, or of a new one, begins with. */
export function userFieldsOf(user: UserRecord | undefined): UserFields {
  const { userName = "", fullName = "", initials = "", email = "", phone = "" } = user ?? {};
  const { isReadOnly = false, isInactive = false, isSecurityAdmin = false } = user ?? {};
  const { isExternalOnly = false, isAuthenticationOnly = false, groupIds = [], rights = {} } = user ?? {};
  return {
    ...{ userName, fullName, initials, email, phone, isReadOnly, isInactive, isSecurityAdmin },
    ...{ isExternalOnly, isAuthenticationOnly, groupIds, rights },
  };
}

/** The draft with what stands in the fields of the tab. An empty password field is one that nobody has typed in again. */
export function withTypedProfile(call: ConsoleCall, draft: UserDraft): UserDraft {
  const { form, store } = call;
  const isOn = (name: string): boolean => form.has(name);
  const own = store.groups.values().filter(({ id }) => isOn(`group-${id}`));
  const values: UserFields = {
    ...draft.values,
    ...{ userName: typed(call, "user-name"), fullName: typed(call, "full-name"), initials: typed(call, "initials") },
    ...{ email: typed(call, "email"), phone: typed(call, "phone"), groupIds: own.map(({ id }) => id) },
    ...Object.fromEntries(flags.map(({ flag, name }) => [flag, isOn(name)])),
  };
  const password = form.get("password") || draft.password;
  const confirmation = form.get("confirm") || draft.confirmation;
  return { ...draft, values, password, confirmation };
}

function passwordFields({ labels }: ConsoleCall, draft: UserDraft): Content {
  const isNew = draft.targetId === null;
  if (!isNew && !draft.isPasswordOpen) return undefined;
  const [first, second] = isNew ? [labels.password, labels.newPasswordConfirm] : [labels.newPassword, labels.confirm];
  const hint = draft.password === "" ? undefined : "Typed already; it is not shown again.";
  return html`<div class="pair">${textField({ name: "password", label: first, type: "password", hint })}
${textField({ name: "confirm", label: second, type: "password", hint })}</div>`;
}

function changePassword({ labels }: ConsoleCall, draft: UserDraft, user: UserRecord | undefined): Content {
  if (user?.authentication !== "IMOS") return undefined;
  const isOpen = draft.isPasswordOpen;
  const state = html`class="expander" aria-expanded="${isOpen ? "true" : "false"}"`;
  return html`<p class="wide">${pressButton("password", html`<span aria-hidden="true">${isOpen ? "▾" : "▸"}</span> ${labels.changePassword}`, state)}</p>`;
}

function details(call: ConsoleCall, draft: UserDraft, user: UserRecord | undefined, isEditable: boolean): Html {
  const { labels } = call;
  const { userName, fullName, initials, email, phone } = draft.values;
  const isReadOnly = !isEditable;
  const checks = flags.map(({ name, flag, label }) => checkbox(name, labels[label], draft.values[flag], isEditable));
  const fields = html`<div class="fields">${textField({ name: "user-name", label: labels.userName, value: userName, lengthMax: userNameLengthMax, isReadOnly })}
${textField({ name: "full-name", label: labels.fullName, value: fullName, isReadOnly })}
${textField({ name: "initials", label: labels.initials, value: initials, lengthMax: 10, isReadOnly })}
${textField({ name: "email", label: labels.email, value: email, isReadOnly })}
${textField({ name: "phone", label: labels.phone, value: phone, isReadOnly })}
${isEditable && changePassword(call, draft, user)}${isEditable && passwordFields(call, draft)}
<div class="checks">${checks}</div></div>`;
  return region("user-details", labels.userDetails, fields, 3);
}

function tokenShownNow({ settings, store }: ConsoleCall, draft: UserDraft, user: UserRecord): string | undefined {
  if (draft.token === "new") return settings.tokenShown === "on-request" ? (draft.newToken ?? undefined) : undefined;
  if (user.token === null) return undefined;
  return settings.tokenReadableAgain || store.unreadTokens.has(user.id) ? user.token : undefined;
}

function tokenState(draft: UserDraft, user: UserRecord | undefined): string {
  if (draft.token === "new") return "A new token was requested. It counts after a save, and the one before ends then.";
  if (draft.token === "clear") return "The token ends with the next save.";
  return user?.token == null ? "There is no token." : "There is a token.";
}

function veslinkApi(call: ConsoleCall, draft: UserDraft, user: UserRecord | undefined, isEditable: boolean): Html {
  const { labels, store } = call;
  const token = isEditable && user ? tokenShownNow(call, draft, user) : undefined;
  // Where a token shows once, this is the time.
  if (user && token !== undefined && token === user.token) store.unreadTokens.delete(user.id);
  const field =
    token !== undefined && textField({ name: "api-token", label: labels.apiToken, value: token, isReadOnly: true });
  const hasToken = user?.token != null || draft.token === "new";
  const buttons = html`<div class="row">${pressButton("token:new", labels.requestToken)}${hasToken && pressButton("token:clear", labels.clearToken)}</div>`;
  return region(
    "veslink-api",
    labels.veslinkApi,
    html`<p>${tokenState(draft, user)}</p>${field}${isEditable && buttons}`,
    3,
  );
}

/** The tab Profile. */
export function userProfile(
  call: ConsoleCall,
  draft: UserDraft,
  user: UserRecord | undefined,
  isEditable: boolean,
): Html {
  const { labels, store } = call;
  const groups = store.groups.values().sort((a, b) => (a.name < b.name ? -1 : 1));
  const memberships = groups.map(({ id, name }) =>
    checkbox(`group-${id}`, name, draft.values.groupIds.includes(id), isEditable),
  );
  const authentication = html`<p>${user?.authentication ?? "IMOS"} Authentication</p>`;
  return html`${details(call, draft, user, isEditable)}
${region("authentication", labels.authentication, authentication, 3)}
${region("group-membership", labels.groupMembership, html`<div class="checks">${memberships}</div>`, 3)}
${veslinkApi(call, draft, user, isEditable)}`;
}
