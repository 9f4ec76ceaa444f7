import { manifestDepthMax } from "../limits.ts";
import { ExpressionError } from "./expression.ts";
import { type Evaluated, isList, isMap, type Known, numberOf, type Plain, textOf } from "./values.ts";

/** Columns and digits that a verb of `format` may ask for. */
const widthMax = 1_000;
const digitsMax = 20;

/** What `format` needs of the evaluator. */
interface FormatUse {
  /** The value behind a reference. */
  known(value: Evaluated): Known;
  plain(value: Evaluated): Plain;
}

/**
 * The pieces of `format(template, values…)`: plain text, and where a `%s` or `%v` has no width the value itself, which may be known
 * only later. Throws an ExpressionError for a verb that is not known, and for too few or too many values.
 */
export function formatPieces(template: string, values: readonly Evaluated[], use: FormatUse): Evaluated[] {
  const pieces: Evaluated[] = [];
  let taken = 0;
  let from = 0;
  for (const match of template.matchAll(/%(?:%|([-+ 0]*)(\d{0,4})(?:\.(\d{1,3}))?([a-zA-Z]?))/g)) {
    pieces.push(template.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[0] === "%%") {
      pieces.push("%");
      continue;
    }
    if (taken >= values.length) throw new ExpressionError("format has more verbs than values");
    pieces.push(
      formatOne({ flags: match[1]!, width: match[2]!, digits: match[3], verb: match[4]! }, values[taken]!, use),
    );
    taken += 1;
  }
  if (taken < values.length) throw new ExpressionError("format has more values than verbs");
  pieces.push(template.slice(from));
  return pieces;
}

interface Verb {
  flags: string;
  width: string;
  digits: string | undefined;
  verb: string;
}

function formatOne(verb: Verb, value: Evaluated, use: FormatUse): Evaluated {
  const { flags, width, digits } = verb;
  if (Number(width) > widthMax) throw new ExpressionError(`format can fill up to ${widthMax} columns`);
  const isBare = flags === "" && width === "" && digits === undefined;
  if (isBare && verb.verb === "s") return value;
  if (isBare && verb.verb === "v") return isList(value) || isMap(value) ? jsonOf(use.plain(value)) : value;
  const text = written(verb, use.known(value), use);
  if (flags.includes("-")) return text.padEnd(Number(width));
  const sign = /^[-+ ]/.exec(text)?.[0] ?? "";
  const isNumber = verb.verb === "d" || verb.verb === "f";
  if (flags.includes("0") && isNumber) return sign + text.slice(sign.length).padStart(Number(width) - sign.length, "0");
  return text.padStart(Number(width));
}

function written({ flags, digits, verb }: Verb, value: Known, use: FormatUse): string {
  const plus = (number: number) => (number < 0 ? "" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "");
  if (verb === "s" || verb === "v") return textOf(value);
  if (verb === "q") return jsonOf(use.plain(textOf(value)));
  if (verb === "d") {
    const number = numberOf(value);
    if (!Number.isInteger(number)) throw new ExpressionError("format has %d for a number that is not whole");
    return plus(number) + String(number);
  }
  if (Number(digits) > digitsMax) throw new ExpressionError(`format writes up to ${digitsMax} digits`);
  if (verb === "f") return plus(numberOf(value)) + numberOf(value).toFixed(Number(digits ?? 6));
  throw new ExpressionError(`format knows no verb %${verb}`, undefined, "known here: %s, %v, %d, %f, %q, %%");
}

/** JSON as Terraform's `jsonencode` writes it: keys in order, no blanks, and what means something in HTML as escapes. */
export function jsonOf(value: Plain): string {
  if (isList(value)) return `[${value.map((item) => jsonOf(item as Plain)).join(",")}]`;
  if (isMap(value)) {
    const entries = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${escaped(key)}:${jsonOf(item as Plain)}`).join(",")}}`;
  }
  return typeof value === "string" ? escaped(value) : JSON.stringify(value);
}

const escaped = (text: string): string =>
  JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** What `jsondecode` reads. */
export function jsonValue(text: string): Plain {
  try {
    return fromJson(JSON.parse(text), 0);
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    throw new ExpressionError("this text is not JSON");
  }
}

function fromJson(value: unknown, depth: number): Plain {
  if (depth > manifestDepthMax) throw new ExpressionError("this JSON is nested too deeply");
  if (Array.isArray(value)) return value.map((item) => fromJson(item, depth + 1));
  if (typeof value === "object" && value !== null)
    return new Map(Object.entries(value).map(([key, item]) => [key, fromJson(item, depth + 1)]));
  return value as Plain;
}
