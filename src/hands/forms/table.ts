import type { ListRow } from "../../screen.ts";
import { descendants, type Element, textOf } from "./element.ts";
import { roleOf } from "./page.ts";

const cellRoles = new Set(["cell", "columnheader", "rowheader"]);

function cellsOf(row: Element): Element[] {
  return descendants(row).filter((element) => cellRoles.has(roleOf(element) ?? ""));
}

function rowsIn(table: Element): Element[] {
  return descendants(table).filter((element) => roleOf(element) === "row");
}

function headingsOf(rows: readonly Element[]): string[] {
  const head = rows.find((row) => cellsOf(row).some((cell) => roleOf(cell) === "columnheader"));
  return head ? cellsOf(head).map(textOf) : [];
}

const tablesOf = (page: Element): Element[] => descendants(page).filter((element) => roleOf(element) === "table");

/** The rows of all tables of a page, without those of headings. */
export function rowsOf(page: Element): ListRow[] {
  return tablesOf(page).flatMap((table) => {
    const rows = rowsIn(table);
    const headings = headingsOf(rows);
    return rows.flatMap((row) => {
      const cells = cellsOf(row);
      if (cells.length === 0 || cells.some((cell) => roleOf(cell) === "columnheader")) return [];
      const header = cells.find((cell) => roleOf(cell) === "rowheader");
      const named = cells.map((cell, index): [string, string] => [headings[index] ?? "", textOf(cell)]);
      return [
        { header: header ? textOf(header) : "", cells: Object.fromEntries(named.filter(([name]) => name !== "")) },
      ];
    });
  });
}
