/**
 * What is left of markdown when fences are taken out and each run of code spans and plain words is one sign. What remains are
 * the signs that can format something.
 */
export function outsideOfSpans(markdown: string): string {
  return markdown
    .replace(/^( *)(`{3,})text\n[\s\S]*?\n\1\2$/gm, "")
    .replace(/(?<!`)(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, "¤")
    .replace(/¤[,.;:!?…]*(?: ["'“(]*(?:[–›·]|\p{L}+|\d+(?:\.\d+)?|¤)[,.;:!?…"'”)]*)*/gu, "¤");
}
