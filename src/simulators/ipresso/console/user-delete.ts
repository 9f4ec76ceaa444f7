import { redirect } from "../../console/frame.ts";
import type { SimResponse } from "../../wire.ts";
import { type ConsoleCall, type ConsolePage, rowOf } from "./console-call.ts";
import { usersPath } from "./layout.ts";
import { listQueryOf, listQueryText } from "./list-query.ts";
import { userList } from "./user-list.ts";

/** Deleting an API user: a window asks first. Afterwards the user is gone and cannot use the API any more. */

function ask(call: ConsoleCall): SimResponse {
  const { id, login } = rowOf(call, call.store.users);
  const query = listQueryText(listQueryOf(call));
  return userList(call, {
    ...{ heading: call.labels.deleteUserHeading, text: `Delete the API user ${login}?` },
    ...{ action: `${usersPath}/${id}/delete?${query}`, back: `${usersPath}?${query}` },
  });
}

function remove(call: ConsoleCall): SimResponse {
  call.store.removeUser(rowOf(call, call.store.users).id);
  return redirect(`${usersPath}?${listQueryText(listQueryOf(call))}`, "user-deleted");
}

const path = `${usersPath}/:key/delete`;
export const userDeletePages: readonly ConsolePage[] = [
  { name: "console/users/askToDelete", verb: "GET", path, access: "system", run: ask },
  { name: "console/users/delete", verb: "POST", path, isWrite: true, access: "system", run: remove },
];
