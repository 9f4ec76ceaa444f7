import { Lexer } from "yaml";
import { manifestDepthMax, manifestLexemesMax } from "../limits.ts";
import { documentMark, flowEndMark, scalarMark } from "./lexemes.ts";

/** Why a text is not handed to the parser. */
export interface ScanError {
  message: string;
  hint: string;
  at: number;
  length: number;
}

/** YAML forbids them in plain text; the library lets them pass. */
const controls = /(?![\t\n\r\u0085])\p{Cc}/u;

/** The first character that YAML does not let stand in a text. */
export function findControl(text: string): ScanError | undefined {
  const at = text.search(controls);
  return at < 0 ? undefined : forbidden(at);
}

/**
 * One pass over the lexemes before anything is built from them: the parser keeps everything that is open, so sixteen
 * million brackets must never reach it. Also refuses what a manifest never needs: directives.
 */
export function scanYaml(text: string): ScanError | undefined {
  let at = 0;
  let flow = 0;
  let compact = 0;
  let count = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (isScalar) isScalar = false;
    else if (lexeme === scalarMark) {
      isScalar = true;
      continue;
    } else if (lexeme === documentMark || lexeme === flowEndMark) {
      if (lexeme === flowEndMark) flow = 0;
      continue;
    } else {
      flow = Math.max(0, flow + step(lexeme));
      compact = isIndicator(lexeme) ? compact + 1 : isBlank(lexeme) ? compact : 0;
      if (flow > manifestDepthMax || compact > manifestDepthMax) return tooDeep(at);
      if (lexeme.startsWith("%")) return directive(at, lexeme.length);
    }
    at += lexeme.length;
    count += 1;
    if (count > manifestLexemesMax) return tooLarge(at);
  }
  return undefined;
}

const step = (lexeme: string): number =>
  lexeme === "{" || lexeme === "[" ? 1 : lexeme === "}" || lexeme === "]" ? -1 : 0;

const isIndicator = (lexeme: string): boolean => lexeme === "-" || lexeme === "?" || lexeme === ":";

const isBlank = (lexeme: string): boolean => lexeme[0] === " " || lexeme[0] === "\t";

const tooDeep = (at: number): ScanError => ({
  message: "this is nested too deeply",
  hint: `at most ${manifestDepthMax} levels`,
  at,
  length: 1,
});

const tooLarge = (at: number): ScanError => ({
  message: "this file is too large",
  hint: "split it into several files",
  at: at - 1,
  length: 1,
});

const directive = (at: number, length: number): ScanError => ({
  message: "directives are not supported",
  hint: "leave this line out; manifests are YAML 1.2",
  at,
  length,
});

const forbidden = (at: number): ScanError => ({
  message: "a control character stands here",
  hint: 'leave it out, or write it as an escape in double quotes, such as "\\u0007"',
  at,
  length: 1,
});
