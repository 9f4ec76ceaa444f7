import { ExpressionError, expressionLengthMax } from "./expression.ts";

/** One word of an expression. `"` begins a quoted text: the parser reads on from `at`, because templates may stand in it. */
export interface Token {
  type: "name" | "number" | "symbol" | '"' | "end";
  text: string;
  at: number;
  end: number;
}

const blank = /[ \t\r\n]*/y;
const nameForm = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const numberForm = /[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const symbolForm = /\.\.\.|=>|&&|\|\||==|!=|<=|>=|\[\*\]|\.\*|[[\](){}.,:?=<>+*/%!-]/y;

/** The words of an expression one by one. */
export class Lexer {
  readonly text: string;
  /** Where the next word is looked for. */
  at: number;
  /** Where the expression must have ended. */
  #limit = Number.POSITIVE_INFINITY;
  #peeked: { from: number; token: Token } | undefined;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  /** The next word, taken. */
  next(): Token {
    const token = this.peek();
    this.at = token.end;
    return token;
  }

  /** Takes expressions from here on for too long when they go further than allowed; `undefined`: an expression ended. */
  bound(from: number | undefined): void {
    this.#limit = from === undefined ? Number.POSITIVE_INFINITY : from + expressionLengthMax;
  }

  /** Throws when an expression goes on too long. */
  assertWithin(at: number): void {
    if (at <= this.#limit) return;
    const from = this.#limit - expressionLengthMax;
    const message = `this expression is longer than ${expressionLengthMax} characters`;
    throw new ExpressionError(message, { at: from, end: from + 2 });
  }

  /** The next word, not taken. */
  peek(): Token {
    if (this.#peeked?.from !== this.at) this.#peeked = { from: this.at, token: this.#read() };
    return this.#peeked.token;
  }

  #read(): Token {
    const at = this.#skip(blank, this.at);
    this.assertWithin(at);
    if (at >= this.text.length) return { type: "end", text: "", at: this.text.length, end: this.text.length };
    if (this.text[at] === '"') return { type: '"', text: '"', at, end: at + 1 };
    return this.#token("name", nameForm, at) ?? this.#token("number", numberForm, at) ?? this.#symbol(at);
  }

  /** The digits of `.0`, the old way to write an index; a number would take the next dot with it. */
  digits(): Token | undefined {
    const match = /[0-9]+/y;
    const token = this.#token("number", match, this.at);
    if (token) this.at = token.end;
    return token;
  }

  #symbol(at: number): Token {
    if (this.text.startsWith("<<", at)) throw new ExpressionError("a heredoc is not read here", { at, end: at + 2 });
    const token = this.#token("symbol", symbolForm, at);
    if (token) return token;
    throw new ExpressionError("this character has no meaning in an expression", { at, end: at + 1 });
  }

  #token(type: Token["type"], form: RegExp, at: number): Token | undefined {
    const end = this.#skip(form, at);
    return end > at ? { type, text: this.text.slice(at, end), at, end } : undefined;
  }

  #skip(form: RegExp, at: number): number {
    form.lastIndex = at;
    return form.test(this.text) ? form.lastIndex : at;
  }
}
