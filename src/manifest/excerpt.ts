import type { Diagnostic } from "../diagnostic.ts";
import type { Source } from "../resource.ts";
import type { TextFile } from "./node.ts";

/** Pieces of each file that must not be printed, by the file's path. */
export type Hidden = Map<string, { at: number; end: number }[]>;

/** Characters of a source line that are shown at most. */
const lineLengthMax = 160;
/** A line that no person wrote, such as a whole file without line breaks, is not shown: all of it would be searched for secrets. */
const lineReadMax = 20_000;

/** What stands in the place of a hidden piece; its length says nothing about the piece. */
const mask = "(hidden)";

/**
 * Values behind a name that sounds like a secret are hidden also where no schema was asked: in a file that is not YAML,
 * or under a misspelled attribute. References and maps stay visible.
 */
const secretLooking =
  /(?:[\w-]*(?:passw|passphrase|secret|token|credential|private|apikey|api_key)[\w-]*|\bvalue)["']?[ \t]*:[ \t]*/gi;
/** A key with its colon, anywhere in a line. */
const anyKey = /[\w"'-]\s*:(?:\s|$)/;
/** Lines above that may have begun a value; a key in PEM has about 50. */
const linesBackMax = 100;
const harmless = /^(?:["']?\$\{|[{*#]|$)/;

/** The line that a source stands on, shortened, with its secrets hidden. Control characters are still in it. */
export function excerptOf(
  file: TextFile,
  source: Source,
  hidden: { at: number; end: number }[],
): Diagnostic["excerpt"] {
  const { at, end } = file.lineSpan(source.line);
  if (end - at > lineReadMax) return undefined;
  const line = file.text.slice(at, end);
  const goesOn = continuesSecret(file, source.line, line) ? [{ at: 0, end: line.length }] : [];
  const spans = [...hidden.map((span) => ({ at: span.at - at, end: span.end - at })), ...guessed(line), ...goesOn]
    .map((span) => ({ at: Math.max(0, span.at), end: Math.min(line.length, span.end) }))
    .filter((span) => span.at < span.end)
    .sort((a, b) => a.at - b.at);
  const from = Math.max(0, Math.min(line.length, source.column - 1));
  const to = Math.max(from + 1, Math.min(line.length, from + (source.length ?? 1)));
  return cut(display(line, spans, from, to));
}

interface Shown {
  line: string;
  from: number;
  length: number;
}

function display(line: string, spans: { at: number; end: number }[], from: number, to: number): Shown {
  let shown = "";
  let shownFrom = -1;
  let shownTo = -1;
  let next = 0;
  for (let index = 0; index <= line.length; index++) {
    if (index >= from && shownFrom < 0) shownFrom = shown.length;
    if (index >= to && shownTo < 0) shownTo = shown.length;
    if (index === line.length) break;
    while (spans[next] && spans[next]!.end <= index) next += 1;
    const span = spans[next];
    if (!span || index < span.at) shown += line[index];
    else if (index === span.at || index === 0) shown += mask;
  }
  const start = Math.max(0, shownFrom);
  return { line: shown, from: start, length: Math.max(1, (shownTo < 0 ? shown.length : shownTo) - start) };
}

/** Shortens a long line around the place that matters. */
function cut(shown: Shown): Shown {
  if (shown.line.length <= lineLengthMax) return shown;
  const start = Math.max(0, Math.min(shown.from - 60, shown.line.length - lineLengthMax));
  const piece = shown.line.slice(start, start + lineLengthMax);
  const before = start > 0 ? "…" : "";
  const after = start + lineLengthMax < shown.line.length ? "…" : "";
  const from = shown.from - start + before.length;
  return {
    line: before + piece + after,
    from,
    length: Math.max(1, Math.min(shown.length, lineLengthMax - (shown.from - start))),
  };
}

function guessed(line: string): { at: number; end: number }[] {
  const spans: { at: number; end: number }[] = [];
  for (const match of line.matchAll(secretLooking)) {
    const at = match.index + match[0].length;
    if (!harmless.test(line.slice(at, at + 3))) spans.push({ at, end: valueEnd(line, at) });
  }
  return spans;
}

/**
 * Whether a line looks like a part of the value of a secret-looking key above it: a block, a text over several lines, or a
 * quote that was not closed.
 */
function continuesSecret(file: TextFile, number: number, line: string): boolean {
  const isKey = anyKey.test(line);
  for (let above = number - 1; above >= Math.max(1, number - linesBackMax); above--) {
    const { at, end } = file.lineSpan(above);
    const text = file.text.slice(at, end);
    const secret = [...text.matchAll(secretLooking)].at(-1);
    const value = secret && text.slice(secret.index + secret[0].length);
    if (value !== undefined && !anyKey.test(value)) return !isKey || opensQuote(value);
    if (anyKey.test(text)) return false;
  }
  return false;
}

function opensQuote(value: string): boolean {
  const quote = value[0];
  return (quote === '"' || quote === "'") && !value.slice(1).includes(quote);
}

/** Where a value ends whose text nobody understood: at the last closing quote, else at the end of the line. */
function valueEnd(line: string, at: number): number {
  const quote = line[at];
  if (quote === '"' || quote === "'") {
    const closing = line.lastIndexOf(quote);
    return closing > at ? closing + 1 : line.length;
  }
  return line.length;
}
