import { checkbox, formEnd, menuButton, postForm, select, tabs, textField } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import type { ApiUserFields, ApiUserRecord } from "../records.ts";
import { pathOf, requireLicense, shownUser } from "./api-user-access.ts";
import { type ConsoleCall, type ConsolePage, isSupport } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/** The form of an API user: a new one, and a saved one with its Secret. */

type Values = ApiUserFields & { readonly id: string };

function blank(call: ConsoleCall): Values {
  return {
    ...{ id: "", displayName: "", description: "", isRetired: false, isInternal: false },
    organization: call.store[call.environment].organizations[0] ?? "",
    ...{ enforceAccessPrivileges: false, allowProxyUser: false, hasLicenseSpecialAccess: false },
  };
}

/** The form as it was sent, on top of what the account cannot change. */
function sent(call: ConsoleCall, before: Values): Values {
  const { form } = call;
  // Browsers send line breaks as two characters.
  const text = (name: string): string => (form.get(name) ?? "").replaceAll("\r\n", "\n").trim();
  const isOn = (name: string): boolean => form.has(name);
  // Customers are not shown these two, and what they send for them is ignored.
  const special = isSupport(call)
    ? { isInternal: isOn("internal"), hasLicenseSpecialAccess: isOn("license-special-access") }
    : { isInternal: before.isInternal, hasLicenseSpecialAccess: before.hasLicenseSpecialAccess };
  return {
    ...{ id: before.id === "" ? text("id") : before.id, displayName: text("display-name") },
    ...{ description: text("description"), organization: text("organization"), isRetired: isOn("retire") },
    ...{ enforceAccessPrivileges: isOn("enforce-access-privileges"), allowProxyUser: isOn("allow-proxy-user") },
    ...special,
  };
}

/**
 * What is wrong with the values. The document wants IDs of at most ten characters without spaces and special characters,
 * and MOCO-SERV has a hyphen. That the display name is mandatory is assumed; all texts are the simulator's own.
 */
function problemIn(call: ConsoleCall, values: Values): string | undefined {
  const { labels } = call;
  if (values.displayName === "") return `${labels.displayName} is missing.`;
  if (!/^[A-Za-z0-9-]{1,10}$/.test(values.id)) {
    return `${labels.id} must have 1 to 10 letters and digits, without spaces and special characters.`;
  }
  const isKnown = call.store[call.environment].organizations.includes(values.organization);
  return isKnown ? undefined : `${labels.organization} is not known.`;
}

/** A saved user has a Secret, and its ID stays. */
function fieldsOf(call: ConsoleCall, values: Values, secret: string | undefined): Html {
  const { labels } = call;
  const organizations = call.store[call.environment].organizations;
  const { id } = values;
  const idHint = "At most 10 characters, no spaces or special characters. It cannot be changed later.";
  const idField = secret !== undefined ? { isReadOnly: true } : { lengthMax: 10, hint: idHint };
  return html`${textField({ name: "display-name", label: labels.displayName, value: values.displayName })}
${textField({ name: "id", label: labels.id, value: id, ...idField })}
${textField({ name: "description", label: labels.description, value: values.description, isLong: true })}
${select("organization", labels.organization, organizations, values.organization)}
${secret !== undefined && textField({ name: "secret", label: labels.secret, value: secret, isReadOnly: true })}
<div class="checks">${checkbox("enforce-access-privileges", labels.enforceAccessPrivileges, values.enforceAccessPrivileges)}
${checkbox("allow-proxy-user", labels.allowProxyUser, values.allowProxyUser)}
${checkbox("retire", labels.retire, values.isRetired)}
${isSupport(call) && checkbox("internal", labels.internal, values.isInternal)}
${isSupport(call) && checkbox("license-special-access", labels.licenseSpecialAccess, values.hasLicenseSpecialAccess)}</div>`;
}

const listPath = (call: ConsoleCall): string => `/${call.environment}/api-users`;

function formOf(call: ConsoleCall, action: string, values: Values, secret?: string): Html {
  const fields = html`<div class="fields">${fieldsOf(call, values, secret)}</div>`;
  return postForm(call, action, html`${fields}${formEnd(call, call.labels.ok, listPath(call))}`);
}

function newForm(call: ConsoleCall, values: Values, alert?: string): SimResponse {
  requireLicense(call, "add");
  const { labels, environment } = call;
  const content = formOf(call, `/${environment}/add-api-user`, values);
  const status = alert === undefined ? 200 : 422;
  return answerPage(call, { title: labels.addApiUser, kicker: labels.apiUsers, content, alert, status });
}

/** Saving a new user makes its Secret and its first Key. */
function add(call: ConsoleCall): SimResponse {
  requireLicense(call, "add");
  const values = sent(call, blank(call));
  const isTaken = call.store[call.environment].apiUser(values.id) !== undefined;
  const problem = problemIn(call, values) ?? (isTaken ? `There is an API user ${values.id} already.` : undefined);
  if (problem !== undefined) return newForm(call, values, problem);
  const user = call.store.addApiUser(call.environment, values);
  call.store.addKey(call.environment, user.id);
  return redirect(pathOf(call, user), "saved");
}

/** Tabs and the menu Tools, at the top of each page of a saved user. */
export function userBar(call: ConsoleCall, user: ApiUserRecord, selected: string): Html {
  const { labels } = call;
  const items: Content = html`<button type="button" role="menuitem" data-copy="${user.secret}">${labels.copySecret}</button>
<a role="menuitem" href="${pathOf(call, user, "/secret")}">${labels.regenerateSecret}</a>`;
  const pages = [
    { label: labels.general, href: pathOf(call, user) },
    { label: labels.keys, href: pathOf(call, user, "/keys") },
  ];
  return tabs(pages, selected, menuButton("tools", labels.tools, items));
}

function savedForm(call: ConsoleCall, user: ApiUserRecord, values: Values, alert?: string): SimResponse {
  const { labels } = call;
  const content = html`${userBar(call, user, labels.general)}${formOf(call, pathOf(call, user), values, user.secret)}`;
  const status = alert === undefined ? 200 : 422;
  return answerPage(call, { title: user.id, kicker: labels.apiUsers, content, alert, status });
}

function view(call: ConsoleCall): SimResponse {
  const user = shownUser(call);
  return savedForm(call, user, user);
}

function save(call: ConsoleCall): SimResponse {
  const user = shownUser(call);
  const { id, ...values } = sent(call, user);
  const problem = problemIn(call, { id, ...values });
  if (problem !== undefined) return savedForm(call, user, { id, ...values }, problem);
  return redirect(pathOf(call, call.store.changeApiUser(call.environment, user.id, values)), "saved");
}

export const apiUserFormPages: readonly ConsolePage[] = [
  {
    ...{ name: "console/apiUsers/addForm", verb: "GET", path: "/:env/add-api-user", access: "signed-in" },
    run: (call) => newForm(call, blank(call)),
  },
  { name: "console/apiUsers/add", verb: "POST", path: "/:env/add-api-user", access: "signed-in", run: add },
  { name: "console/apiUsers/view", verb: "GET", path: "/:env/api-users/:key", access: "signed-in", run: view },
  { name: "console/apiUsers/save", verb: "POST", path: "/:env/api-users/:key", access: "signed-in", run: save },
];
