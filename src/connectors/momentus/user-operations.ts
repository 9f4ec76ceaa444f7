import { addRow, editRow } from "./rows.ts";
import { userFields } from "./wire.ts";

const edit = editRow("Users", userFields);

/** What can be done to a user. Retiring and un-retiring are changes of one field (MOM-20). */
export const userOperations = { create: addRow("Users", userFields), update: edit, retire: edit, revive: edit };
