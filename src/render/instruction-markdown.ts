import { type Item, type Piece, sayAssumed } from "./act-view.ts";
import { fieldTexts } from "./instruction.ts";
import { type Instruction, type InstructionOptions, viewInstruction } from "./instruction-view.ts";
import { exactSpan, fence, sentence } from "./markup.ts";
import { plainStyle } from "./style.ts";
import type { ToldView } from "./told-view.ts";
import { capital } from "./visible.ts";

/**
 * A step of a person for a pull request or a ticket. What comes from outside stands in a code span or in a fence that it cannot
 * close, unless it is plain words.
 */
export function instructionMarkdown(instruction: Instruction, options: InstructionOptions): string {
  const view = viewInstruction(instruction, options);
  const where = `${exactSpan(view.system)} (${exactSpan(view.environment)})`;
  const blocks = [
    `### Waiting for a person: ${sentence(capital(view.title))}`,
    `Step ${exactSpan(view.id)} on ${where}, for ${sentence(view.role)}.`,
    itemBlocks(view.items),
    ...sayAssumed(view.assumed).map(sentence),
    ...(view.told ? toldBlocks(view.told) : []),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** Numbered items; their fields stand in a fence below each. */
export function itemBlocks(items: readonly Item[]): string {
  return items
    .map((item, index) => {
      const number = `${index + 1}. `;
      const parts = [markdownOf(item.pieces)];
      if (item.fields.length > 0) parts.push(fence(fieldTexts(item.fields, plainStyle).join("\n")));
      if (item.after.length > 0) parts.push(markdownOf(item.after));
      return `${number}${indent(parts.join("\n\n"), number.length)}`;
    })
    .join("\n");
}

/** How a step is told: the command for a terminal in a fence, the others as a list. */
function toldBlocks(told: ToldView): string[] {
  const { when, ask, ways } = told;
  const remark = ask.remark === undefined ? "" : ` It ${sentence(ask.remark)}.`;
  const others = ways.length > 0 ? ["Or without a terminal, one of these:", wayLines(told)] : [];
  return [`**${when}**, on a terminal:${remark}`, fence(ask.command), ...others];
}

/** One command for each way in which a step may have ended. */
export function wayLines({ ways }: ToldView): string {
  const lines = ways.map(({ means, command, remarks }) => {
    const more = remarks.map((one) => `  ${markdownOf(one)}`);
    return [`- ${sentence(means)}: ${exactSpan(command)}`, ...more].join("  \n");
  });
  return lines.join("\n");
}

/** Every line but the first moved in, as the rest of a list item is. Empty lines stay empty. */
export function indent(text: string, columns: number): string {
  return text.replace(/\n(?=[^\n])/g, `\n${" ".repeat(columns)}`);
}

/** A sentence in which only our own words can format anything. */
export function markdownOf(pieces: readonly Piece[]): string {
  return pieces
    .map(({ is, text }) => {
      if (is === "words") return text;
      return is === "said" ? sentence(text) : exactSpan(text);
    })
    .join("");
}
