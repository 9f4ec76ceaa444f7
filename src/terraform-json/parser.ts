import { readExpression } from "../manifest/interpolate.ts";
import { type BinaryOperator, type Expression, ExpressionError, expressionDepthMax } from "./expression.ts";
import { Lexer, type Token } from "./lexer.ts";

/** Whether a text has to be read as a template. */
export const isTemplate = (text: string): boolean => text.includes("${") || text.includes("%{");

/**
 * Takes a template apart into plain pieces and expressions. `$${` and `%%{` stand for `${` and `%{`. Throws an ExpressionError.
 * Linear in the text.
 */
export function parseTemplate(text: string): (string | Expression)[] {
  const lexer = new Lexer(text, 0);
  return new Parser(lexer).template();
}

/** An expression that stands alone: what `--var` gives for a list or a map. */
export function parseExpression(text: string): Expression {
  const lexer = new Lexer(text, 0);
  lexer.bound(0);
  const expression = new Parser(lexer).expression(0);
  const rest = lexer.peek();
  if (rest.type !== "end") throw new ExpressionError("something stands behind the expression", rest);
  return expression;
}

const levels: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["==", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

/** Operators of one rank in a row. */
const operatorsMax = 100;

class Parser {
  readonly #lexer: Lexer;

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  /** The whole text as a template. */
  template(): (string | Expression)[] {
    const { text } = this.#lexer;
    const pieces = new Pieces(text);
    let at = 0;
    for (;;) {
      const opening = nextOpening(text, at);
      if (opening < 0) break;
      at = this.#piece(pieces, opening, 0);
    }
    return pieces.finish(text.length);
  }

  /** What begins at `opening`, a `${` or `%{` or the escape of one. Returns where the text goes on. */
  #piece(pieces: Pieces, opening: number, depth: number): number {
    const { text } = this.#lexer;
    if (text[opening - 1] === text[opening] && opening > pieces.from) {
      pieces.escape(opening);
      return opening + 2;
    }
    if (text[opening] === "%")
      throw new ExpressionError("template directives are not evaluated", { at: opening, end: opening + 2 });
    const expression = this.#interpolation(opening, depth);
    pieces.add(expression, opening);
    return pieces.from;
  }

  /** `${…}` with its braces. */
  #interpolation(opening: number, depth: number): Expression {
    const lexer = this.#lexer;
    if (/^\$\{(?:sink|file):/.test(lexer.text.slice(opening, opening + 7))) return ours(lexer, opening);
    lexer.at = opening + 2;
    if (depth === 0) lexer.bound(opening);
    const inside = this.expression(depth + 1);
    const close = lexer.next();
    if (close.text !== "}") throw unexpected(close, "}", lexer);
    if (depth === 0) lexer.bound(undefined);
    return { ...inside, at: opening, end: close.end };
  }

  expression(depth: number): Expression {
    const lexer = this.#lexer;
    if (depth > expressionDepthMax) {
      const { at } = lexer.peek();
      throw new ExpressionError(`this is nested more than ${expressionDepthMax} levels deep`, { at, end: at + 1 });
    }
    const condition = this.#binary(0, depth);
    if (lexer.peek().text !== "?") return condition;
    lexer.next();
    const yes = this.expression(depth + 1);
    this.#take(":");
    const no = this.expression(depth + 1);
    return { is: "choice", condition, yes, no, at: condition.at, end: no.end };
  }

  #binary(level: number, depth: number): Expression {
    const operators = levels[level];
    if (!operators) return this.#unary(depth);
    let left = this.#binary(level + 1, depth);
    for (let count = 0; ; count++) {
      const operator = operators.find((one) => one === this.#lexer.peek().text);
      if (!operator) return left;
      const sign = this.#lexer.next();
      if (count === operatorsMax) throw new ExpressionError(`more than ${operatorsMax} operators stand in a row`, sign);
      const right = this.#binary(level + 1, depth);
      left = { is: "binary", operator, left, right, at: left.at, end: right.end };
    }
  }

  #unary(depth: number): Expression {
    const { text, at } = this.#lexer.peek();
    if (text !== "-" && text !== "!") return this.#postfix(this.#primary(depth), depth);
    if (depth > expressionDepthMax) throw new ExpressionError("this is nested too deeply", { at, end: at + 1 });
    this.#lexer.next();
    const of = this.#unary(depth + 1);
    return { is: "unary", operator: text, of, at, end: of.end };
  }

  #postfix(first: Expression, depth: number): Expression {
    const lexer = this.#lexer;
    let of = first;
    for (let count = 0; count <= expressionDepthMax; count++) {
      const { text, at } = lexer.peek();
      if (text === "[*]" || text === ".*") throw new ExpressionError("a splat is not evaluated", { at, end: at + 2 });
      if (text !== "." && text !== "[") return of;
      lexer.next();
      of = text === "." ? this.#attribute(of) : this.#index(of, depth);
    }
    throw new ExpressionError("this path is too long", { at: first.at, end: of.end });
  }

  #attribute(of: Expression): Expression {
    const digits = this.#lexer.digits();
    if (digits) {
      const { at, end, text } = digits;
      return { is: "index", of, key: { is: "literal", value: Number(text), at, end }, at: of.at, end };
    }
    const name = this.#lexer.next();
    if (name.type !== "name") throw unexpected(name, "a name", this.#lexer);
    return { is: "attribute", of, name: name.text, at: of.at, end: name.end };
  }

  #index(of: Expression, depth: number): Expression {
    const key = this.expression(depth + 1);
    const { end } = this.#take("]");
    return { is: "index", of, key, at: of.at, end };
  }

  #primary(depth: number): Expression {
    const token = this.#lexer.next();
    const { at, end, text } = token;
    if (token.type === '"') return this.#quoted(at, depth);
    if (token.type === "number") return { is: "literal", value: Number(text), at, end };
    if (token.type === "name") return this.#named(token, depth);
    if (text === "(") {
      const inside = this.expression(depth + 1);
      return { ...inside, at, end: this.#take(")").end };
    }
    if (text === "[") return this.#list(at, depth);
    if (text === "{") return this.#map(at, depth);
    throw unexpected(token, "a value", this.#lexer);
  }

  #named({ text, at, end }: Token, depth: number): Expression {
    if (text === "true" || text === "false") return { is: "literal", value: text === "true", at, end };
    if (text === "null") return { is: "literal", value: null, at, end };
    if (this.#lexer.peek().text !== "(") return { is: "name", name: text, at, end };
    this.#lexer.next();
    return this.#call(text, at, depth);
  }

  #call(name: string, at: number, depth: number): Expression {
    const lexer = this.#lexer;
    const args: Expression[] = [];
    let spread = false;
    while (lexer.peek().text !== ")") {
      args.push(this.expression(depth + 1));
      if (lexer.peek().text === "...") {
        lexer.next();
        spread = true;
        break;
      }
      if (lexer.peek().text !== ")") this.#take(",");
    }
    return { is: "call", name, args, spread, at, end: this.#take(")").end };
  }

  #list(at: number, depth: number): Expression {
    const lexer = this.#lexer;
    this.#refuseFor();
    const items: Expression[] = [];
    while (lexer.peek().text !== "]") {
      items.push(this.expression(depth + 1));
      if (lexer.peek().text !== "]") this.#take(",");
    }
    return { is: "list", items, at, end: this.#take("]").end };
  }

  #map(at: number, depth: number): Expression {
    const lexer = this.#lexer;
    this.#refuseFor();
    const entries: { key: Expression; value: Expression }[] = [];
    while (lexer.peek().text !== "}") {
      const key = this.#key(depth);
      const sign = lexer.next();
      if (sign.text !== "=" && sign.text !== ":") throw unexpected(sign, "=", lexer);
      entries.push({ key, value: this.expression(depth + 1) });
      // Entries end with a comma or with their line.
      const { at: next } = lexer.peek();
      if (lexer.peek().text === ",") lexer.next();
      else if (lexer.peek().text !== "}" && !lexer.text.slice(lexer.at, next).includes("\n"))
        throw unexpected(lexer.peek(), ", or }", lexer);
    }
    return { is: "map", entries, at, end: this.#take("}").end };
  }

  /** A plain word is itself and no name of something. */
  #key(depth: number): Expression {
    const token = this.#lexer.peek();
    const key = this.expression(depth + 1);
    if (key.is !== "name" || token.text === "(") return key;
    return { is: "literal", value: key.name, at: key.at, end: key.end };
  }

  #refuseFor(): void {
    const token = this.#lexer.peek();
    if (token.type === "name" && token.text === "for")
      throw new ExpressionError("a for expression is not evaluated", token, "let the code write the list out");
  }

  #take(text: string): Token {
    const token = this.#lexer.next();
    if (token.text !== text) throw unexpected(token, text, this.#lexer);
    return token;
  }

  /** A quoted text, from its first quote on; it may hold templates again. */
  #quoted(at: number, depth: number): Expression {
    const lexer = this.#lexer;
    const { text } = lexer;
    const pieces = new Pieces(text, at + 1);
    let index = at + 1;
    for (;;) {
      const character = text[index];
      lexer.assertWithin(index);
      if (character === undefined || character === "\n")
        throw new ExpressionError("this quote is not closed", { at, end: at + 1 });
      if (character === '"') break;
      if (character === "\\") index = pieces.backslash(index);
      else if ((character === "$" || character === "%") && text[index + 1] === "{")
        index = this.#piece(pieces, index, depth + 1);
      else index += 1;
    }
    lexer.at = index + 1;
    return { is: "template", parts: pieces.finish(index), at, end: index + 1 };
  }
}

/** The pieces of a template as they come. */
class Pieces {
  /** Where the plain text begins that was not taken yet. */
  from: number;
  readonly #text: string;
  readonly #parts: (string | Expression)[] = [];
  #plain = "";

  constructor(text: string, from = 0) {
    this.#text = text;
    this.from = from;
  }

  /** `$${` at the dollar before the brace: the first dollar only says that the second one means nothing. */
  escape(opening: number): void {
    this.#plain += `${this.#text.slice(this.from, opening - 1)}${this.#text[opening]}{`;
    this.from = opening + 2;
  }

  add(expression: Expression, opening: number): void {
    this.#plain += this.#text.slice(this.from, opening);
    this.#flush();
    this.#parts.push(expression);
    this.from = expression.end;
  }

  /** An escape of a quoted text. Returns where the text goes on. */
  backslash(at: number): number {
    const [whole, hex, plain] =
      /^\\(?:u([0-9a-fA-F]{4})|U[0-9a-fA-F]{8}|([nrt"\\]))/.exec(this.#text.slice(at, at + 10)) ?? [];
    const code = hex ?? whole?.slice(2);
    if (whole === undefined || (plain === undefined && Number.parseInt(code!, 16) > 0x10ffff))
      throw new ExpressionError("a backslash begins an escape that is not known", { at, end: at + 2 }, rawString);
    const meant = plain === undefined ? String.fromCodePoint(Number.parseInt(code!, 16)) : (controls[plain] ?? plain);
    this.#plain += this.#text.slice(this.from, at) + meant;
    this.from = at + whole.length;
    return this.from;
  }

  finish(end: number): (string | Expression)[] {
    this.#plain += this.#text.slice(this.from, end);
    this.#flush();
    return this.#parts;
  }

  #flush(): void {
    if (this.#plain !== "") this.#parts.push(this.#plain);
    this.#plain = "";
  }
}

const controls: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

function nextOpening(text: string, from: number): number {
  const dollar = text.indexOf("${", from);
  const percent = text.indexOf("%{", from);
  return dollar < 0 ? percent : percent < 0 ? dollar : Math.min(dollar, percent);
}

/** `${sink:…}` and `${file:…}` are read by our own rules. */
function ours(lexer: Lexer, opening: number): Expression {
  const expression = readExpression(lexer.text, opening);
  if (expression.kind === "wrong") throw new ExpressionError(expression.message, expression, expression.hint);
  lexer.at = expression.end;
  return { is: "ours", expression, at: opening, end: expression.end };
}

/** The libraries take care of quotes in an argument itself, and not of those inside a list or a map. */
const rawString = "in code, wrap that text in Fn.rawString(…)";

function unexpected({ type, text, at, end }: Token, wanted: string, lexer: Lexer): ExpressionError {
  const found = type === "end" ? "the text ends" : type === "symbol" ? `${text} stands` : "something else stands";
  const isBehindQuote = type !== "end" && lexer.text[at - 1] === '"';
  const hint = isBehindQuote ? `quotes inside a text end it; ${rawString}` : undefined;
  return new ExpressionError(`${found} where ${wanted} must stand`, { at, end: Math.max(end, at + 1) }, hint);
}
