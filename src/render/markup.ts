import { shorten, spellOut, visible } from "./visible.ts";

/** One cell, one notice or one condition. */
export const phraseCharactersMax = 400;

/** Text from outside between backticks: nothing in it can end the span, the cell or the line. */
export function codeSpan(text: string): string {
  const inert = shorten(visible(text), phraseCharactersMax).replace(/[`|]/g, spellOut).trim();
  return inert === "" ? "` `" : `\`${inert}\``;
}

/** Text between more backticks than it holds, so that it can be copied as it is. Not for the cell of a table. */
export function exactSpan(text: string): string {
  const shown = visible(text);
  if (shown.trim() === "") return "` `";
  const mark = "`".repeat(longestRun(shown) + 1);
  const blank = /^`|`$/.test(shown) ? " " : "";
  return `${mark}${blank}${shown}${blank}${mark}`;
}

/**
 * Words of a sentence from outside. What no markdown takes for more than a word stays as it is; everything else, such as an
 * address, a name with signs in it or mark-up, becomes a code span of its own. Blanks are not kept: not for exact values.
 */
export function sentence(text: string): string {
  const parts = visible(text).trim().split(/ +/);
  // A number in front would begin a list.
  return parts
    .map((part, index) => (word.test(part) || (index > 0 && sign.test(part)) ? part : spanOf(part)))
    .join(" ");
}

/** Lines in a fence that is longer than any run of backticks inside. */
export function fence(text: string): string {
  const mark = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${mark}text\n${text}\n${mark}`;
}

/** Text for HTML, as content or inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0)};`);
}

/** Letters with the marks of a sentence around them. */
const word = /^[("'“]*[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*[)"'”]*[,.;:!?…]*[)"'”]*$/u;
/** A small number, as in "step 1.2", or a dash. */
const sign = /^(?:\d{1,4}(?:\.\d{1,4})?[,.;:!?]?|[–›·])$/u;

/** A span that leaves the mark at the end of the word outside. */
function spanOf(part: string): string {
  const end = /[^,.;:!?…][,.;:!?…]$/u.test(part) ? part.slice(-1) : "";
  return `${exactSpan(part.slice(0, part.length - end.length))}${end}`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}
