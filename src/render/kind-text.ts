import type { AttributeSchema, KindSchema } from "../schema.ts";
import { type AttributeRow, attributeRows, removals, traits, typeOf } from "./kind-page.ts";
import { plainStyle, type Style } from "./style.ts";
import { width } from "./visible.ts";

export interface KindTextOptions {
  /** Width of the terminal. */
  columns: number;
  style?: Style;
}

/** Lines longer than this are hard to read however wide the terminal is. */
const columnsMax = 110;

/** How wide text may be on this terminal. */
export const columnsFor = ({ columns }: KindTextOptions): number => Math.min(columnsMax, Math.max(50, columns));

/**
 * A kind for the terminal: what it is, each attribute with its type and marks, what every resource may say too (`meta`), an
 * example. `example` is YAML.
 */
export function renderKind(
  name: string,
  kind: KindSchema,
  meta: Record<string, AttributeSchema>,
  example: string,
  options: KindTextOptions,
): string {
  const style = options.style ?? plainStyle;
  const columns = columnsFor(options);
  const entries = Object.entries(kind.properties);
  const written = entries.filter(([, schema]) => !schema.readOnly);
  const computed = entries.filter(([, schema]) => schema.readOnly);
  const show = (row: AttributeRow) => renderAttribute(row, columns, style);
  const rows = (all: [string, AttributeSchema][]) => all.flatMap(([key, one]) => attributeRows(key, one, required));
  const required = kind.required ?? [];
  return [
    style("strong", name),
    ...wrap(plain(kind.description), columns, "  "),
    "",
    ...facts(kind),
    "",
    style("strong", "Attributes"),
    ...rows(written).flatMap(show),
    ...(computed.length > 0 ? ["", style("strong", "Computed by the system"), ...rows(computed).flatMap(show)] : []),
    "",
    style("strong", "What every resource may say too"),
    ...Object.entries(meta)
      .flatMap(([key, one]) => attributeRows(key, one, []))
      .flatMap(show),
    ...(example ? ["", style("strong", "Example"), ...example.trimEnd().split("\n")] : []),
    "",
  ].join("\n");
}

/** The first sentence of what a kind is. */
export function kindSummary(kind: KindSchema): string {
  return plain(/^.*?[.](?=\s|$)/.exec(kind.description)?.[0] ?? kind.description);
}

function facts(kind: KindSchema): string[] {
  const identity = kind["x-identity"].join(" and ");
  const shared = kind["x-unique"] === false ? ", which several objects may share" : "";
  return [
    `  system type   ${kind["x-system"]}, where it is called ${kind["x-label"]}`,
    `  identity      ${identity ? `${identity}${shared}` : "none: there is one for each system"}`,
    `  removing it   ${plain(removals[kind["x-removal"]])}`,
  ];
}

/** One attribute with its type, marks and description. */
export function renderAttribute([name, schema, required]: AttributeRow, columns: number, style: Style): string[] {
  const marks = [typeOf(schema), traits(schema, required)].filter(Boolean).map(plain).join("; ");
  const label = schema["x-label"] ? `  (${schema["x-label"]})` : "";
  return [`  ${style("add", name)}  ${marks}${style("quiet", label)}`, ...wrap(describe(schema), columns, "      ")];
}

function describe({ description = "", examples = [], default: otherwise }: AttributeSchema): string {
  const [first] = examples;
  const text = plain(description);
  return typeof first === "string" && first !== otherwise ? `${text} For example ${first}` : text;
}

/** Our descriptions are markdown in a small way. */
export const plain = (text: string): string => text.replaceAll("**", "").replaceAll("`", "");

/** Breaks words into lines of at most `columns`. */
export function wrap(text: string, columns: number, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === indent ? line + word : `${line} ${word}`;
    if (width(longer) <= columns || line === indent) line = longer;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return line === indent ? lines : [...lines, line];
}
