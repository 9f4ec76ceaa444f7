import type { Item, Piece } from "./act-view.ts";
import { fieldTexts } from "./instruction.ts";
import { exactSpan, fence, sentence } from "./markup.ts";
import { plainStyle } from "./style.ts";
import type { ToldView } from "./told-view.ts";

/**
 * What people do, in markdown. What comes from outside stands in a code span or in a fence that it cannot close, unless it is
 * plain words.
 */

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
