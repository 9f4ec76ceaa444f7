import { Fault } from "../../diagnostic.ts";
import type { Actual, Plain } from "../../resource.ts";
import type { ListRow } from "../../screen.ts";

import { seenNow } from "../listing.ts";
import { fieldValue, userColumns, userFieldNames } from "./api-user-fields.ts";
import { waysOf } from "./console-ways.ts";
import { permissionsNamed } from "./permissions.ts";
import type { IpressoReader } from "./reader.ts";
import { groupScreen, offeredScreen, userScreen } from "./screens-look.ts";

/** Objects as the console shows them. They are known by what their row is called: nothing else of them is on the screen. */

/** A user as its row shows it. A column that is not there leaves its attribute unknown (IPR-22). */
export function userInRow(reader: IpressoReader, { header, cells }: ListRow): Actual {
  const { groups } = waysOf(reader.system);
  const attributes: Record<string, Plain> = { login: header };
  const unobservable: string[] = [];
  for (const field of userFieldNames) {
    const cell = cells[reader.label(userColumns[field]).text];
    if (cell === undefined) unobservable.push(field);
    else attributes[field] = fieldValue(field, cell, groups);
  }
  return seenNow(header, attributes, unobservable);
}

/** What the list did not show is read on the form (IPR-22). */
export async function userInFull(reader: IpressoReader, listed: Actual): Promise<Actual> {
  if (listed.unobservable.length === 0) return listed;
  const { fields } = await reader.look(userScreen(reader.label, reader.system, listed.id));
  const { groups } = waysOf(reader.system);
  const read = userFieldNames.map((field) => [field, fieldValue(field, fields[field] ?? "", groups)]);
  return { ...listed, attributes: { ...listed.attributes, ...Object.fromEntries(read) }, unobservable: [] };
}

/** A user as it is now, by its login; undefined when the list does not have it. */
export async function userNow(reader: IpressoReader, login: string): Promise<Actual | undefined> {
  const rows = await reader.rows("users", { fresh: true });
  const row = rows.find(({ header }) => header.toLowerCase() === login.toLowerCase());
  return row && userInFull(reader, userInRow(reader, row));
}

/** A group as its row shows it. Of namesakes only the first is known by the name: nothing tells them apart (IPR-12). */
function groupInRow(reader: IpressoReader, { header, cells }: ListRow, namesakesBefore: number): Actual {
  const count = Number(cells[reader.label("usersColumn").text] ?? Number.NaN);
  const users: Record<string, Plain> = Number.isInteger(count) ? { users: count } : {};
  const id = namesakesBefore === 0 ? header : `${header}#${namesakesBefore + 1}`;
  return seenNow(id, { name: header, ...users }, ["permissions"]);
}

/** All groups, each once for each row. */
export function groupsInRows(reader: IpressoReader, rows: readonly ListRow[]): Actual[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const before = seen.get(row.header) ?? 0;
    seen.set(row.header, before + 1);
    return groupInRow(reader, row, before);
  });
}

/** Permissions stand on the form only. Of namesakes they cannot be read: no row is the one that is meant (IPR-12). */
export async function groupInFull(reader: IpressoReader, listed: Actual): Promise<Actual> {
  const name = String(listed.attributes.name);
  const rows = await reader.rows("groups");
  if (rows.filter(({ header }) => header === name).length !== 1) return listed;
  const { fields } = await reader.look(groupScreen(reader.label, reader.system, name));
  const permissions = permissionsNamed(reader.label, namesIn(fields.permissions));
  return { ...listed, attributes: { ...listed.attributes, permissions }, unobservable: [] };
}

/** The permissions that a group can have; undefined where the form for a new one does not open, or shows none yet. Throws a Fault. */
export async function permissionsOffered(reader: IpressoReader): Promise<string[] | undefined> {
  try {
    const { fields } = await reader.look(offeredScreen(reader.label, reader.system));
    const offered = permissionsNamed(reader.label, namesIn(fields.permissions));
    // Boxes may come late, or be other controls: a form without any does not say that there are none.
    return offered.length > 0 ? offered : undefined;
  } catch (error) {
    if (error instanceof Fault && error.details.code === "screen") return undefined;
    throw error;
  }
}

const namesIn = (lines = ""): string[] => lines.split("\n").filter((line) => line !== "");

/** How many groups have this name now. */
export async function groupsNamed(reader: IpressoReader, name: string): Promise<number> {
  const rows = await reader.rows("groups", { fresh: true });
  return rows.filter(({ header }) => header === name).length;
}

/** A group as it is now; undefined when the list does not have it. */
export async function groupNow(reader: IpressoReader, name: string): Promise<Actual | undefined> {
  const rows = await reader.rows("groups", { fresh: true });
  const listed = groupsInRows(reader, rows).find(({ id }) => id === name);
  return listed && groupInFull(reader, listed);
}
