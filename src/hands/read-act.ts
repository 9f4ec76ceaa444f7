import { Fault } from "../diagnostic.ts";
import type { ListRow, ReadAct } from "../screen.ts";
import type { Secret } from "../secret.ts";
import type { ConsolePage } from "./console.ts";
import { quoted } from "./screen-fault.ts";
import type { Unsaid } from "./unsaid.ts";

/** What of a page answers a question: the cell that is meant, in our words. */

type ColumnRead = Extract<ReadAct, { column: object }>;

const problem = (message: string): Fault =>
  new Fault(message, { happened: "no", code: "screen", remedy: "open the console and look" });

/** Whether a secret begins so, in any letter case. */
export function beginsSo(secret: Secret, begins: string): boolean {
  return secret.reveal().toLowerCase().startsWith(begins.toLowerCase());
}

/** The secret that is meant, of those in a column. Throws a Fault when it is not there, or there more than once. */
export function secretMeant({ column, begins }: ColumnRead, secrets: readonly Secret[]): Secret {
  const isMeant = (secret: Secret): boolean =>
    secret
      .reveal()
      .toLowerCase()
      .startsWith((begins ?? "").toLowerCase());
  const found = begins === undefined ? secrets.slice(-1) : secrets.filter(isMeant);
  const [secret] = found;
  if (secret && found.length === 1) return secret;
  const which = begins === undefined ? "" : ` that begins with ${quoted(begins)}`;
  const count = found.length === 0 ? "is none" : `are ${found.length}`;
  throw problem(`there ${count}${which} under ${quoted(column.text)}`);
}

/** The cell that is meant, in our words. Throws a Fault when it is not there and nothing says what that means. */
export function cellMeant(act: ColumnRead, rows: readonly ListRow[], unsaid: Unsaid): string {
  const { column, row, missing } = act;
  const meant = row === undefined ? rows.slice(-1) : rows.filter(({ header }) => header === row);
  const shown = meant.flatMap(({ cells }) => cells[column.text] ?? []);
  const [text] = shown;
  if (text !== undefined && shown.length === 1) return inOurWords(act, text, unsaid);
  if (shown.length === 0 && missing !== undefined) return missing;
  const where = row === undefined ? "no list" : `no single row ${quoted(row)}`;
  throw problem(`${where} has something under ${quoted(column.text)}`);
}

/** The word of ours that the screen's word stands for. Throws a Fault for one that none stands for; no secret is in it. */
export function inOurWords({ words, ask }: ReadAct, shown: string, unsaid: Unsaid): string {
  if (!words) return shown;
  const found = Object.entries(words).find(([, { text }]) => text === shown);
  if (found) return found[0];
  const known = Object.values(words).map(({ text }) => quoted(text));
  throw problem(`${quoted(unsaid.clean(shown))} is none of the words that are known for ${ask}: ${known.join(", ")}`);
}

/** Which of the words stands in the row. Throws a Fault when the row shows none of them. */
export async function wordInRow(
  page: ConsolePage,
  { inRow, missing, words = {} }: Extract<ReadAct, { inRow: string }>,
): Promise<string> {
  if (!(await page.has({ role: "rowheader", text: inRow }))) return missing;
  for (const [name, { text }] of Object.entries(words)) {
    if (await page.has({ role: "cell", text }, { row: inRow })) return name;
  }
  const known = Object.values(words).map(({ text }) => quoted(text));
  throw new Fault(`the row ${quoted(inRow)} shows none of ${known.join(", ")}`, { happened: "no", code: "screen" });
}
