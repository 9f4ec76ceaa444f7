import { type ApiCall, bodyOf, type Endpoint } from "./api-call.ts";
import { answerJson, invalid, notFound } from "./api-errors.ts";
import { changesIn, type FieldRules, initialFields, roleFields, userFields } from "./fields.ts";
import type { FieldValue, WireRow } from "./records.ts";
import { answerSearch } from "./search.ts";

/** Users and Roles: found, read, added and changed the same way. Neither can be deleted. */

type Subject = { name: string; what: string; table: "users" | "roles"; rules: FieldRules };
type Fields = Record<string, FieldValue>;

const users: Subject = { name: "users", what: "user", table: "users", rules: userFields };
const roles: Subject = { name: "roles", what: "role", table: "roles", rules: roleFields };

function rowOf(call: ApiCall, subject: Subject, id: string): WireRow {
  const row = call.database[subject.table].get(id);
  if (!row) throw notFound(`${subject.what} ${id}`);
  return row;
}

const stamp = (call: ApiCall): string => new Date(call.at).toISOString();
const changed = (call: ApiCall): Fields => ({ ChangedBy: call.principal.actor, ChangedOn: stamp(call) });
const entered = (call: ApiCall): Fields => ({ EnteredBy: call.principal.actor, EnteredOn: stamp(call) });

/** Rules that need the rest of the database. That a login ID is unique is documented for copies, assumed for the rest. */
function checkPlace(call: ApiCall, id: string, fields: Fields): void {
  const { Organization: organization, LoginID: login } = fields;
  if (typeof organization === "string" && !call.database.organizations.includes(organization)) {
    throw invalid(`there is no organization ${organization}`);
  }
  if (typeof login !== "string") return;
  const holder = call.database.users.find((row) => row.id !== id && row.fields.LoginID === login);
  if (holder) throw invalid(`the login ID ${login} is taken`);
}

function newId(call: ApiCall, subject: Subject, fields: Fields): string {
  const id = fields.ID;
  if (typeof id !== "string" || id === "") throw invalid("ID is missing");
  if (call.database[subject.table].get(id)) throw invalid(`there is a ${subject.what} ${id} already`);
  if (typeof fields.DisplayName !== "string" || fields.DisplayName === "") throw invalid("DisplayName is missing");
  return id;
}

function add(call: ApiCall, subject: Subject): WireRow {
  const given = changesIn(subject.rules, bodyOf(call));
  const id = newId(call, subject, given);
  const login = subject === users ? { LoginID: given.LoginID ?? id } : {};
  const fields = { ...initialFields(subject.rules), ...given, ...login, ...entered(call), ...changed(call) };
  checkPlace(call, id, fields);
  const row = { id, fields };
  call.database[subject.table].put(row, call.at);
  return row;
}

/** The ID is permanent: a body that names another one is refused (assumed). */
function edit(call: ApiCall, subject: Subject): WireRow {
  const row = rowOf(call, subject, call.keys[0]!);
  const changes = changesIn(subject.rules, bodyOf(call));
  if (changes.ID !== undefined && changes.ID !== row.id) throw invalid("the ID cannot be changed");
  checkPlace(call, row.id, changes);
  const result = { id: row.id, fields: { ...row.fields, ...changes, ...changed(call) } };
  call.database[subject.table].put(result, call.at);
  return result;
}

/** What CopySettings, CopyMenus and CopyAccessPrivileges take along is not documented beyond the names; assumed. */
const settingsFields = ["Theme", "Locale", "Dashboard", "RemoteAccess", "MobileAccess"];
const privilegeFields = ["Group", "AccessLevel", "AuthConfiguration"];
const copyFlags = ["CopyRoles", "CopyAccessPrivileges", "CopyMenus", "CopyOrganizations", "CopySettings"];

function copiedFields(source: WireRow, body: Readonly<Record<string, unknown>>): Fields {
  const wrong = copyFlags.find((name) => ![undefined, null, "Y", "N"].includes(body[name] as string));
  if (wrong !== undefined) throw invalid(`${wrong} must be Y or N`);
  const names = [
    ...(body.CopyAccessPrivileges === "Y" ? privilegeFields : []),
    ...(body.CopyOrganizations === "Y" ? ["Organization"] : []),
    ...(body.CopySettings === "Y" ? settingsFields : []),
  ];
  return Object.fromEntries(names.map((name) => [name, source.fields[name] ?? null]));
}

function copyUser(call: ApiCall): WireRow {
  const source = rowOf(call, users, call.keys[0]!);
  const body = bodyOf(call);
  const given = changesIn(userFields, body);
  if (typeof given.Email !== "string" || given.Email === "") throw invalid("Email is missing");
  const id = newId(call, users, given);
  const taken = { ...initialFields(userFields), ...copiedFields(source, body) };
  const fields = { ...taken, ...given, LoginID: given.LoginID ?? id, ...entered(call), ...changed(call) };
  checkPlace(call, id, fields);
  call.database.users.put({ id, fields }, call.at);
  for (const held of body.CopyRoles === "Y" ? call.database.userRoles.values() : []) {
    const membership = { id: `${id}/${held.role}`, user: id, role: held.role };
    if (held.user === source.id) call.database.userRoles.put(membership, call.at);
  }
  return { id, fields };
}

/** Sends a mail and changes nothing. */
function sendActivateUserEmail(call: ApiCall): void {
  const { fields } = rowOf(call, users, call.keys[0]!);
  if (typeof fields.Email !== "string" || fields.Email === "") throw invalid("the user has no Email");
  const subject = "Activate your user";
  const text = `${fields.DisplayName ?? ""}, set your password to activate your user.`;
  call.store.sendMail({ from: "noreply@momentus.example", to: fields.Email, subject, text });
}

function endpointsOf(subject: Subject): Endpoint[] {
  const { name } = subject;
  const search = (call: ApiCall) => {
    const rows = call.database[subject.table].asOf(call.listsAt).map((row) => row.fields);
    return answerSearch(call, rows, Object.keys(subject.rules));
  };
  return [
    { name: `${name}/search`, verb: "GET", path: "", isList: true, run: search },
    {
      ...{ name: `${name}/get`, verb: "GET", path: ":key" },
      run: (call) => answerJson(rowOf(call, subject, call.keys[0]!).fields),
    },
    { name: `${name}/add`, verb: "POST", path: "", run: (call) => answerJson(add(call, subject).fields) },
    { name: `${name}/edit`, verb: "PUT", path: ":key", run: (call) => answerJson(edit(call, subject).fields) },
  ];
}

export const userEndpoints: readonly Endpoint[] = [
  ...endpointsOf(users),
  { name: "users/copy", verb: "PUT", path: ":key/Copy", run: (call) => answerJson(copyUser(call).fields) },
  {
    ...{ name: "users/sendActivateUserEmail", verb: "PUT", path: ":key/SendActivateUserEmail" },
    run: (call) => {
      sendActivateUserEmail(call);
      return { status: 200, headers: {}, body: "" };
    },
  },
];

export const roleEndpoints: readonly Endpoint[] = endpointsOf(roles);
