import type { Locator, Page } from "playwright-core";
import type { ListRow } from "../../screen.ts";

/** One cell as a page has it. */
interface SeenCell {
  is: "cell" | "columnheader" | "rowheader";
  text: string;
}

/** The rows of all tables and grids of a page, without those of headings. */
export async function readRows(page: Page): Promise<ListRow[]> {
  const tables = await page.getByRole("table").or(page.getByRole("grid")).evaluateAll(readTables);
  return tables.flatMap((rows) => {
    const head = rows.find((cells) => cells.some(({ is }) => is === "columnheader")) ?? [];
    return rows.flatMap((cells): ListRow[] => {
      if (cells.length === 0 || cells.some(({ is }) => is === "columnheader")) return [];
      const named = cells.map(({ text }, index): [string, string] => [head[index]?.text ?? "", text]);
      const header = cells.find(({ is }) => is === "rowheader")?.text ?? "";
      return [{ header, cells: Object.fromEntries(named.filter(([name]) => name !== "")) }];
    });
  });
}

/** The cells below a heading, for a picture that does not show them. */
export async function cellsBelow(page: Page, heading: string): Promise<Locator[]> {
  const column = page.getByRole("columnheader", { name: heading, exact: true });
  const tables = page.getByRole("table").or(page.getByRole("grid")).filter({ has: column });
  const places = await tables.evaluateAll(readTables);
  return places.map((rows, index) => {
    const head = rows.find((cells) => cells.some(({ is }) => is === "columnheader")) ?? [];
    const at = head.findIndex(({ text }) => text === heading);
    const table = tables.nth(index);
    // Where the words of a heading are not its name, more is covered rather than less.
    const cell = `:nth-child(${at + 1}):not(th:not([scope=row]), [role=columnheader])`;
    return at < 0 ? table : table.locator(`tr > ${cell}, [role=row] > ${cell}`);
  });
}

/** Runs in the page: the rows of tables, each with its cells. */
function readTables(tables: readonly unknown[]): SeenCell[][][] {
  interface Seen {
    readonly tagName: string;
    readonly nodeType: number;
    readonly nodeValue: string | null;
    readonly childNodes: Iterable<Seen>;
    readonly scope?: string;
    getAttribute(name: string): string | null;
    querySelectorAll(query: string): Iterable<Seen>;
    closest(query: string): Seen | null;
    checkVisibility(): boolean;
  }
  const inline = new Set("A ABBR B CODE EM I KBD MARK S SMALL SPAN STRONG SUB SUP TIME U".split(" "));
  const words = (element: Seen): string =>
    [...element.childNodes]
      .map((node) => {
        if (node.nodeType === 3) return node.nodeValue ?? "";
        if (node.nodeType !== 1 || !node.checkVisibility()) return "";
        return inline.has(node.tagName) ? words(node) : ` ${words(node)} `;
      })
      .join("");
  const roleOf = (cell: Seen): SeenCell["is"] => {
    const role = cell.getAttribute("role") ?? (cell.tagName === "TH" ? `${cell.scope ?? ""}header` : "cell");
    if (role === "rowheader") return "rowheader";
    return role.endsWith("header") ? "columnheader" : "cell";
  };
  const cellQuery = "td, th, [role=cell], [role=gridcell], [role=columnheader], [role=rowheader]";
  const within = (table: Seen, query: string, row: string): Seen[] =>
    [...table.querySelectorAll(query)].filter((element) => element.closest(row) === table);
  return (tables as Seen[]).map((table) =>
    within(table, "tr, [role=row]", "table, [role=table], [role=grid]").map((row) =>
      within(row, cellQuery, "tr, [role=row]").map((cell) => ({
        is: roleOf(cell),
        text: words(cell).replace(/\s+/g, " ").trim(),
      })),
    ),
  );
}
