import type { SimResponse } from "../wire.ts";
import { type ApiCall, bodyOf, type Endpoint } from "./api-call.ts";
import { answerJson, invalid, notFound } from "./api-errors.ts";
import type { MembershipRow } from "./records.ts";
import { answerSearch } from "./search.ts";

/** Which users have which roles. Adding and removing take one user and a comma list of roles, or the other way round. */

const wire = ({ user, role }: MembershipRow): { User: string; Role: string } => ({ User: user, Role: role });

function namesIn(list: unknown, what: string): string[] {
  const names = typeof list === "string" ? list.split(",").map((name) => name.trim()) : [];
  if (names.length === 0 || names.includes("")) throw invalid(`${what} is missing`);
  return [...new Set(names)];
}

/** Every pair that is meant; users and roles must exist. */
function pairsOf(call: ApiCall, userList: unknown, roleList: unknown): MembershipRow[] {
  const [users, roles] = [namesIn(userList, "User"), namesIn(roleList, "Role")];
  if (users.length > 1 && roles.length > 1) throw invalid("only one of User and Role may be a list");
  const noUser = users.find((user) => !call.database.users.get(user));
  if (noUser !== undefined) throw notFound(`user ${noUser}`);
  const noRole = roles.find((role) => !call.database.roles.get(role));
  if (noRole !== undefined) throw notFound(`role ${noRole}`);
  return users.flatMap((user) => roles.map((role) => ({ id: `${user}/${role}`, user, role })));
}

/** A pair that exists already is passed over (assumed). The text is the simulator's own. */
function add(call: ApiCall): string {
  const body = bodyOf(call);
  const missing = pairsOf(call, body.User, body.Role).filter((pair) => !call.database.userRoles.get(pair.id));
  for (const pair of missing) call.database.userRoles.put(pair, call.at);
  return `simulated: ${missing.length} user roles were added`;
}

function remove(call: ApiCall): SimResponse {
  const held = pairsOf(call, call.keys[0], call.keys[1]).filter((pair) => call.database.userRoles.get(pair.id));
  if (held.length === 0) throw notFound("such user role");
  for (const pair of held) call.database.userRoles.remove(pair.id, call.at);
  if (call.settings.removalAnswer === "204") return { status: 204, headers: {}, body: "" };
  return answerJson(`simulated: ${held.length} user roles were removed`);
}

function get(call: ApiCall): SimResponse {
  const row = call.database.userRoles.get(`${call.keys[0]}/${call.keys[1]}`);
  if (!row) throw notFound("such user role");
  return answerJson(wire(row));
}

export const userRoleEndpoints: readonly Endpoint[] = [
  {
    ...{ name: "userRoles/search", verb: "GET", path: "", isList: true },
    run: (call) => answerSearch(call, call.database.userRoles.asOf(call.listsAt).map(wire), ["User", "Role"]),
  },
  { name: "userRoles/get", verb: "GET", path: ":key/:key", run: get },
  { name: "userRoles/add", verb: "POST", path: "", run: (call) => answerJson(add(call)) },
  { name: "userRoles/delete", verb: "DELETE", path: ":key/:key", run: remove },
];
