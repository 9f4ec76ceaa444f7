import { formEnd, postForm, type Star, select, textField } from "../../console/controls.ts";
import { redirect } from "../../console/frame.ts";
import { type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { type ApiUserFields, type ApiUserRecord, SaveRefusal } from "../records.ts";
import { addUserOf, saveUserOf, type TypedUser } from "../saving.ts";
import { type ConsoleCall, type ConsolePage, rowOf, typed } from "./console-call.ts";
import { answerPage, usersPath } from "./layout.ts";

/** The form of an API user. Login, Password, E-mail address and User groups have an asterisk: they are mandatory. */

const blank: ApiUserFields = { login: "", name: "", surname: "", email: "", groupIds: [], addresses: [] };

function starOf({ settings }: ConsoleCall): Star {
  return settings.asteriskInName ? "spoken" : "silent";
}

function typedUser(call: ConsoleCall): TypedUser {
  const { form, settings } = call;
  const groups = settings.groupsPerUser === "one" ? form.getAll("group").slice(0, 1) : form.getAll("group");
  const addresses = typed(call, "addresses").split(settings.addressesField === "line" ? "," : "\n");
  return {
    ...{ login: typed(call, "login"), name: typed(call, "name"), surname: typed(call, "surname") },
    // Blanks may belong to a password.
    ...{ email: typed(call, "email"), password: form.get("password") ?? "" },
    groupIds: groups.map(Number).filter((id) => id > 0),
    addresses: [...new Set(addresses.map((address) => address.trim()).filter((address) => address !== ""))],
  };
}

function groupField(call: ConsoleCall, { groupIds }: ApiUserFields): Html {
  const { labels, settings, store } = call;
  const groups = store.groups.values().sort((a, b) => (a.name < b.name ? -1 : 1));
  const star = starOf(call);
  if (settings.groupsPerUser === "one") {
    const choices = groups.map(({ id, name }) => ({ value: String(id), text: name }));
    const none = { value: "", text: "" };
    return select("group", labels.groupsOfUser, [none, ...choices], String(groupIds[0] ?? ""), star);
  }
  const boxes = groups.map(({ id, name }) => groupBox(id, name, groupIds.includes(id)));
  const asterisk = html`<span class="star"${star === "silent" && html` aria-hidden="true"`}>*</span>`;
  return html`<div class="wide" role="group" aria-labelledby="groups"><p class="title" id="groups">${labels.groupsOfUser} ${asterisk}</p><div class="checks">${boxes}</div></div>`;
}

/** One of several boxes of one name, which the form sends as often as it is on. */
function groupBox(id: number, name: string, isOn: boolean): Html {
  return html`<div class="check"><input id="f-group-${id}" name="group" type="checkbox" value="${id}"${isOn && html` checked`}><label for="f-group-${id}">${name}</label></div>\n`;
}

function addressesField({ labels, settings }: ConsoleCall, { addresses }: ApiUserFields): Html {
  const isLong = settings.addressesField === "lines";
  const form = isLong ? "One on each line." : "Several are separated by commas.";
  const hint = `${form} Nobody at another address can use this user; empty allows all.`;
  const value = addresses.join(isLong ? "\n" : ", ");
  return textField({ name: "addresses", label: labels.allowedAddresses, value, isLong, hint });
}

function fieldsOf(call: ConsoleCall, values: ApiUserFields, isNew: boolean): Html {
  const { labels, settings } = call;
  const star = starOf(call);
  const mayStay = !isNew && settings.emptyPasswordOnEdit === "unchanged";
  const password = mayStay ? { hint: "Empty leaves it as it is." } : { star };
  return html`<div class="fields">${textField({ name: "login", label: labels.login, value: values.login, star, isFirst: true })}
${textField({ name: "password", label: labels.password, type: "password", ...password })}
${textField({ name: "name", label: labels.name, value: values.name })}
${textField({ name: "surname", label: labels.surname, value: values.surname })}
${textField({ name: "email", label: labels.email, value: values.email, star })}
${groupField(call, values)}
${addressesField(call, values)}</div>`;
}

/** A new user, or one that exists. A password that was typed is not shown again. */
function form(call: ConsoleCall, values: ApiUserFields, user: ApiUserRecord | undefined, alert?: string): SimResponse {
  const { labels } = call;
  const action = user ? `${usersPath}/${user.id}` : `${usersPath}/add`;
  const fields = fieldsOf(call, values, user === undefined);
  const content = postForm(call, action, html`${fields}${formEnd(call, labels.save, usersPath)}`);
  const title = user ? labels.editUserHeading : labels.addUserHeading;
  const kicker = user ? `${labels.apiUsersSection} › ${user.login}` : labels.apiUsersSection;
  return answerPage(call, { title, kicker, content, alert, status: alert === undefined ? 200 : 422 });
}

function save(call: ConsoleCall, user: ApiUserRecord | undefined): SimResponse {
  const values = typedUser(call);
  try {
    if (user) saveUserOf(call, values, user);
    else addUserOf(call, values);
    return redirect(usersPath, "user");
  } catch (error) {
    if (!(error instanceof SaveRefusal)) throw error;
    return form(call, values, user, error.message);
  }
}

function edit(call: ConsoleCall): SimResponse {
  const user = rowOf(call, call.store.users);
  return form(call, user, user);
}

const access = "system";
const [added, open] = [`${usersPath}/add`, `${usersPath}/:key`];
const addPage = (call: ConsoleCall): SimResponse => form(call, blank, undefined);
const savePage = (call: ConsoleCall): SimResponse => save(call, rowOf(call, call.store.users));
export const userFormPages: readonly ConsolePage[] = [
  { name: "console/users/addForm", verb: "GET", path: added, access, run: addPage },
  { name: "console/users/add", verb: "POST", path: added, isWrite: true, access, run: (call) => save(call, undefined) },
  { name: "console/users/view", verb: "GET", path: open, access, run: edit },
  { name: "console/users/save", verb: "POST", path: open, isWrite: true, access, run: savePage },
];
