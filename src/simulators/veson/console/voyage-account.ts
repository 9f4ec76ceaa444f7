import { checkbox, postForm, pressButton, region, textField } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import type { AccountDraft, AccountForm } from "../drafts.ts";
import { SaveRefusal, type VeslinkAccountRecord } from "../records.ts";
import { apiPermissions, vesselNodes } from "../rights.ts";
import { saveAccountOf } from "../save-account.ts";
import { allowsReading } from "../standing.ts";
import { type ConsoleCall, type ConsolePage, requireCompany, rowOf } from "./console-call.ts";
import { answerPage, voyageSecurityPath } from "./layout.ts";
import { draftOf, targetOf, typed } from "./panel.ts";

/**
 * A Veslink account on its two pages, User Information and Permissions. The fields of the first and the button that saves are not
 * documented. Form Access is left out: nothing is printed of what stands in it.
 */

function formOf({ store }: ConsoleCall, account: VeslinkAccountRecord | undefined): AccountForm {
  const {
    userName = "",
    email = "",
    administersCompany = false,
    restrictsVessels = false,
    vessels = [],
  } = account ?? {};
  const rights = store.user(userName)?.rights ?? {};
  const apiRights = apiPermissions.filter((key) => allowsReading(rights[key]));
  return { userName, email, administersCompany, restrictsVessels, vessels, apiRights };
}

const pathOf = ({ targetId, id }: AccountDraft): string =>
  `${voyageSecurityPath}/${targetId === null ? "new-users" : "open-users"}/${id}`;

function information({ labels }: ConsoleCall, draft: AccountDraft): Html {
  const { userName, email } = draft.values;
  const isReadOnly = draft.targetId !== null;
  const typedHint = draft.password === "" ? undefined : "Typed already; it is not shown again.";
  const nameHint = isReadOnly ? undefined : "The same name and password as in the platform.";
  return html`<div class="fields">${textField({ name: "user-name", label: labels.userName, value: userName, isReadOnly, hint: nameHint })}
${textField({ name: "email", label: labels.email, value: email })}
${textField({ name: "password", label: labels.password, type: "password", hint: typedHint })}
${textField({ name: "confirm", label: labels.newPasswordConfirm, type: "password", hint: typedHint })}</div>`;
}

function permissions({ labels, store }: ConsoleCall, { values }: AccountDraft): Html {
  const names = [labels.apiRead, labels.apiWrite, labels.apiImosMessage];
  const api = apiPermissions.map((key, index) => checkbox(key, names[index]!, values.apiRights.includes(key)));
  const general = html`<div class="checks">${checkbox("company", labels.administerCompany, values.administersCompany)}</div>
${store.isApiLicensed && region("api-permissions", labels.viewApiPermissions, html`<div class="checks">${api}</div>`, 3)}`;
  const vessels = vesselNodes.map(({ key, label }) => {
    const isOn = values.vessels.includes(key);
    return html`<tr><th scope="row">${label}</th><td><input type="checkbox" name="${key}" value="Y" aria-label="${labels.hasAccess}"${isOn && html` checked`}></td></tr>`;
  });
  const access = html`<div class="checks">${checkbox("restrict", labels.restrictVesselAccess, values.restrictsVessels)}</div>
<table class="even"><thead><tr><th scope="col">${labels.name}</th><th scope="col">${labels.hasAccess}</th></tr></thead><tbody>${vessels}</tbody></table>`;
  return html`${region("general-permissions", labels.generalPermissions, general)}${region("vessel-access", labels.vesselAccess, access)}`;
}

function show(call: ConsoleCall, draft: AccountDraft, alert?: string): SimResponse {
  const { labels, store } = call;
  const isFirst = draft.page === "information";
  const link = (page: AccountDraft["page"], label: string): Html =>
    pressButton(`page:${page}`, label, html`role="link"${draft.page === page && html` aria-current="page"`}`);
  const save = pressButton("save", labels.save, html`class="lead"`);
  const close = html`<a class="button" role="button" href="${voyageSecurityPath}">${labels.close}</a>`;
  // The Enter key presses the first button of a form, and that shall be Save.
  const fields = html`<input type="hidden" name="shown" value="${draft.page}"><div class="row at-end">${save}${close}</div>
<div class="aside"><div class="side">${link("information", labels.userInformation)}${link("permissions", labels.permissions)}</div>
<div>${isFirst ? information(call, draft) : permissions(call, draft)}</div></div>`;
  const account = targetOf(draft, store.veslinkAccounts);
  return answerPage(call, {
    ...{ title: isFirst ? labels.userInformationPage : labels.permissionsPage, alert },
    ...{ kicker: account?.userName ?? labels.voyageReportingSecurity, content: postForm(call, pathOf(draft), fields) },
    ...{ status: alert === undefined ? 200 : 422 },
  });
}

function open(call: ConsoleCall): SimResponse {
  requireCompany(call);
  const { store, session } = call;
  const account = call.keys.length > 0 ? rowOf(call, store.veslinkAccounts) : undefined;
  const base = formOf(call, account);
  const draft: AccountDraft = {
    ...{ kind: "account", id: store.random.hex(16), sessionId: session.id, targetId: account?.id ?? null, list: "" },
    ...{ page: "information", password: "", confirmation: "", base, values: base },
  };
  return show(call, store.drafts.put(draft));
}

function withTyped(call: ConsoleCall, draft: AccountDraft): AccountDraft {
  const { form } = call;
  const { values } = draft;
  if (form.get("shown") !== "information") {
    const apiRights = apiPermissions.filter((key) => form.has(key));
    const vessels = vesselNodes.map(({ key }) => key).filter((key) => form.has(key));
    const flags = { administersCompany: form.has("company"), restrictsVessels: form.has("restrict") };
    return { ...draft, values: { ...values, ...flags, apiRights, vessels } };
  }
  const userName = draft.targetId === null ? typed(call, "user-name") : values.userName;
  // A new account is of the user whose name it gets, and shows what that user has.
  const apiRights = userName === values.userName ? values.apiRights : formOf(call, undefined).apiRights;
  return {
    ...draft,
    ...{ values: { ...values, userName, email: typed(call, "email"), apiRights } },
    ...{ password: form.get("password") || draft.password, confirmation: form.get("confirm") || draft.confirmation },
  };
}

function press(call: ConsoleCall): SimResponse {
  requireCompany(call);
  const draft = withTyped(call, draftOf(call, "account"));
  const page = call.form.get("press") === "page:permissions" ? "permissions" : "information";
  return redirect(pathOf(call.store.drafts.put({ ...draft, page })));
}

function save(call: ConsoleCall): SimResponse {
  requireCompany(call);
  const draft = call.store.drafts.put(withTyped(call, draftOf(call, "account")));
  try {
    saveAccountOf(call, draft);
    return redirect(voyageSecurityPath, "account");
  } catch (error) {
    if (!(error instanceof SaveRefusal)) throw error;
    return show(call, draft, error.message);
  }
}

const view = (call: ConsoleCall): SimResponse => {
  requireCompany(call);
  return show(call, draftOf(call, "account"));
};
const access = "signed-in";
const [added, opened] = [`${voyageSecurityPath}/new-users/:key`, `${voyageSecurityPath}/open-users/:key`];
export const voyageAccountPages: readonly ConsolePage[] = [
  { name: "console/veslink/new", verb: "GET", path: `${voyageSecurityPath}/new`, access, run: open },
  { name: "console/veslink/open", verb: "GET", path: `${voyageSecurityPath}/users/:key`, access, run: open },
  { name: "console/veslink/add", verb: "POST", path: added, press: "save", isWrite: true, access, run: save },
  { name: "console/veslink/save", verb: "POST", path: opened, press: "save", isWrite: true, access, run: save },
  ...[added, opened].flatMap((path): ConsolePage[] => [
    { name: "console/veslink/panel", verb: "GET", path, access, run: view },
    { name: "console/veslink/press", verb: "POST", path, access, run: press },
  ]),
];
