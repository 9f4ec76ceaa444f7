import { type Item, type Piece, sayAssumed } from "./act-view.ts";
import type { FieldLine } from "./field-lines.ts";
import { type Instruction, type InstructionOptions, viewInstruction } from "./instruction-view.ts";
import { plainStyle, type Style } from "./style.ts";
import type { ToldView } from "./told-view.ts";
import { capital, pad, width } from "./visible.ts";

/** Widest first column; longer texts push their own line only. */
const columnMax = 52;
/** The same for the ways to tell, whose commands are read from top to bottom: results are sentences. */
const waysColumnMax = 100;

/** A step of a person as numbered text for a terminal: where, what exactly, what to look at, and the commands that tell it. */
export function renderInstruction(instruction: Instruction, options: InstructionOptions & { style?: Style }): string {
  const style = options.style ?? plainStyle;
  const view = viewInstruction(instruction, options);
  const head = `Waiting for a person · step ${view.id} · ${view.system} (${view.environment})`;
  const who = `  ${capital(view.title)} · for ${view.role}`;
  const blocks = [[style("strong", head), who].join("\n"), itemLines(view.items, style).join("\n")];
  const remarks = sayAssumed(view.assumed).map((remark) => style("quiet", `  ${remark}`));
  if (remarks.length > 0) blocks.push(remarks.join("\n"));
  if (view.told) blocks.push(...toldBlocks(view.told, style));
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** Numbered items with their fields below them. */
function itemLines(items: readonly Item[], style: Style): string[] {
  const digits = String(items.length).length;
  const indent = " ".repeat(digits + 4);
  return items.flatMap((item, index) => [
    `  ${String(index + 1).padStart(digits)}. ${textOf(item.pieces, style)}`,
    ...fieldTexts(item.fields, style).map((line) => `${indent}   ${line}`),
    ...(item.after.length > 0 ? [`${indent}${textOf(item.after, style)}`] : []),
  ]);
}

/** Labels and values in two columns. */
export function fieldTexts(fields: readonly FieldLine[], style: Style): string[] {
  const names = fields.map(({ labels }) => labels.join(", "));
  // Boxes that stay clear share a line, which is long and does not widen the column.
  const column = columnOf(names.filter((_name, index) => fields[index]!.labels.length === 1));
  return fields.map(({ is, text, remark }, index) => {
    const shown = is === "hint" ? style("quiet", text) : text;
    const more = remark === undefined ? "" : `   ${style("quiet", `(${remark})`)}`;
    return `${pad(names[index]!, column)}   ${shown}${more}`;
  });
}

function textOf(pieces: readonly Piece[], style: Style): string {
  return pieces.map(({ is, text }) => (is === "words" || is === "said" ? text : style("strong", text))).join("");
}

function toldBlocks({ when, ask, ways }: ToldView, style: Style): string[] {
  const remark = ask.remark === undefined ? "" : `     ${style("quiet", `(${ask.remark})`)}`;
  const first = `  ${when}:  ${style("strong", ask.command)}${remark}`;
  const column = columnOf(
    ways.map(({ means }) => means),
    waysColumnMax,
  );
  const lines = ways.flatMap(({ means, command, remarks }) => [
    `    ${pad(means, column)}   ${command}`,
    ...remarks.map((remark) => `    ${" ".repeat(column)}   ${style("quiet", textOf(remark, plainStyle))}`),
  ]);
  return ways.length === 0 ? [first] : [first, ["  Or without a terminal, one of these:", ...lines].join("\n")];
}

function columnOf(texts: readonly string[], most = columnMax): number {
  return texts.reduce((widest, text) => Math.max(widest, Math.min(width(text), most)), 0);
}
