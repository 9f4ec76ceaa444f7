import { enclosing, pairs, type Token } from "./tokens.ts";

const control = new Set(["if", "for", "while", "switch", "catch", "with", "await"]);
/** After these a brace opens a type, not a body. */
const typeLead = new Set([":", "|", "&", "<", ",", "(", "[", "=>", "extends", "is", "keyof", "readonly"]);
/** These end a return type without a body: overloads, interfaces, a ternary. */
const typeEnd = new Set([";", ",", ")", "]", "}", "=", "=>"]);

export interface FunctionBody {
  line: number;
  lines: number;
}

/** The bodies of all functions, methods and arrows; the callback of `describe` only groups tests and is left out. */
export function functionBodies(code: Token[]): FunctionBody[] {
  const partner = pairs(code);
  const around = enclosing(code, partner);
  const bodies = new Set<number>();
  for (const [index, token] of code.entries()) {
    if (token.kind !== "punctuation") continue;
    if (token.text === "=>" && isBrace(code[index + 1]) && !groupsTests(code, partner, around[index]))
      bodies.add(index + 1);
    if (token.text !== ")") continue;
    const body = bodyAfter(code, partner, index);
    if (body !== undefined) bodies.add(body);
  }
  return [...bodies].map((start) => {
    const end = code[partner.get(start) ?? code.length - 1]!;
    return { line: code[start]!.line, lines: end.line - code[start]!.line + 1 };
  });
}

function bodyAfter(code: Token[], partner: Map<number, number>, close: number): number | undefined {
  const open = partner.get(close);
  const name = open === undefined ? undefined : code[open - 1];
  if (name?.kind === "word" && control.has(name.text)) return undefined;
  if (isBrace(code[close + 1])) return close + 1;
  return code[close + 1]?.text === ":" ? bodyAfterType(code, partner, close + 2) : undefined;
}

function bodyAfterType(code: Token[], partner: Map<number, number>, start: number): number | undefined {
  for (let index = start; index < code.length; index++) {
    const { kind, text } = code[index]!;
    if (kind !== "punctuation") continue;
    if (text === "{" && !typeLead.has(code[index - 1]!.text)) return index;
    if (text === "{" || text === "(" || text === "[") index = partner.get(index) ?? code.length;
    else if (text === ",") {
      if (!insideAngles(code, start, index)) return undefined;
    } else if (typeEnd.has(text)) return undefined;
  }
  return undefined;
}

function insideAngles(code: Token[], start: number, index: number): boolean {
  let depth = 0;
  for (const { text } of code.slice(start, index)) depth += text === "<" ? 1 : text === ">" ? -1 : 0;
  return depth > 0;
}

function groupsTests(code: Token[], partner: Map<number, number>, open: number | undefined): boolean {
  if (open === undefined || code[open]!.text !== "(") return false;
  const before = code[open - 1];
  if (before?.text === "describe") return true;
  const first = before?.text === ")" ? partner.get(open - 1) : undefined;
  return first !== undefined && code[first - 3]?.text === "describe";
}

function isBrace(token: Token | undefined): boolean {
  return token?.kind === "punctuation" && token.text === "{";
}
