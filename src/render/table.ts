import { plainStyle, type Style } from "./style.ts";
import { pad, phrase, width } from "./visible.ts";

/** Aligned columns under capital headings. Cells are made phrase; an empty cell shows `–`. */
export function renderTable(headings: string[], rows: (string | undefined)[][], style: Style = plainStyle): string {
  const cells = rows.map((row) => headings.map((_heading, column) => cellOf(row[column])));
  const titles = headings.map((heading) => heading.toUpperCase());
  const columns = titles.map((title, column) =>
    cells.reduce((most, row) => Math.max(most, width(row[column]!)), width(title)),
  );
  const line = (row: string[]) =>
    row
      .map((cell, column) => pad(cell, columns[column]!))
      .join("  ")
      .trimEnd();
  return `${[style("strong", line(titles)), ...cells.map(line)].join("\n")}\n`;
}

function cellOf(text: string | undefined): string {
  return text === undefined || text === "" ? "–" : phrase(text);
}
