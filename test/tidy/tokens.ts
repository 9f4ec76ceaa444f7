/**
 * A scanner for the TypeScript that we write: enough to tell words from strings, comments, templates and regular expressions,
 * and to find where functions begin and end.
 */

export type TokenKind = "word" | "punctuation" | "string" | "comment" | "regex" | "number";

export interface Token {
  kind: TokenKind;
  text: string;
  /** Counts from 1. */
  line: number;
  lineEnd: number;
}

/** What one file is made of. `code` leaves the comments out. */
export interface Scanned {
  all: Token[];
  code: Token[];
}

const patterns: [TokenKind, RegExp][] = [
  ["comment", /\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  ["string", /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y],
  ["number", /\d[\w.]*/y],
  ["word", /[#@]?[\p{L}_$][\p{L}\p{N}_$]*/uy],
  ["punctuation", /=>|\?\.(?!\d)|\.\.\.|\S/y],
];
const regex = /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const templateText = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;
const beforeRegex = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "new",
  "delete",
  "void",
  "throw",
  "await",
  "else",
]);

/** Splits a file into tokens. */
export function scan(text: string): Scanned {
  const tokens: Token[] = [];
  const nesting: ("brace" | "template")[] = [];
  let at = 0;
  let line = 1;
  const push = (kind: TokenKind, piece: string) => {
    const lineEnd = line + piece.split("\n").length - 1;
    tokens.push({ kind, text: piece, line, lineEnd });
    line = lineEnd;
    at += piece.length;
  };
  const pushTemplate = (lead: string) => {
    const piece = lead + match(templateText, text, at + lead.length);
    const inside = text.startsWith("${", at + piece.length);
    push("string", piece + (inside ? "${" : "`"));
    if (inside) nesting.push("template");
  };
  while (at < text.length) {
    const blank = match(/\s+/y, text, at);
    line += blank.split("\n").length - 1;
    at += blank.length;
    if (at >= text.length) break;
    if (text[at] === "`") pushTemplate("`");
    else if (text[at] === "}" && nesting.pop() === "template") pushTemplate("}");
    else {
      const [kind, piece] = nextToken(text, at, tokens);
      if (piece === "{") nesting.push("brace");
      push(kind, piece);
    }
  }
  return { all: tokens, code: tokens.filter((token) => token.kind !== "comment") };
}

function nextToken(text: string, at: number, before: Token[]): [TokenKind, string] {
  if (text[at] === "/" && regexMayFollow(before)) {
    const piece = match(regex, text, at);
    if (piece !== "") return ["regex", piece];
  }
  for (const [kind, pattern] of patterns) {
    const piece = match(pattern, text, at);
    if (piece !== "") return [kind, piece];
  }
  return ["punctuation", text[at]!];
}

function regexMayFollow(before: Token[]): boolean {
  const last = before.findLast((token) => token.kind !== "comment");
  if (!last) return true;
  if (last.kind === "punctuation") return !")]}".includes(last.text);
  return last.kind === "word" && beforeRegex.has(last.text);
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/** Index of the partner of every bracket. */
export function pairs(code: Token[]): Map<number, number> {
  const partner = new Map<number, number>();
  const open: number[] = [];
  for (const [index, { kind, text }] of code.entries()) {
    if (kind !== "punctuation") continue;
    if (text === "(" || text === "[" || text === "{") open.push(index);
    if (text !== ")" && text !== "]" && text !== "}") continue;
    const start = open.pop();
    if (start === undefined) continue;
    partner.set(start, index);
    partner.set(index, start);
  }
  return partner;
}

/** The bracket that each token stands in; undefined at the top of the file. */
export function enclosing(code: Token[], partner: Map<number, number>): (number | undefined)[] {
  const open: number[] = [];
  return code.map((_token, index) => {
    const end = partner.get(index);
    if (end !== undefined && end < index) open.pop();
    const inside = open.at(-1);
    if (end !== undefined && end > index) open.push(index);
    return inside;
  });
}
