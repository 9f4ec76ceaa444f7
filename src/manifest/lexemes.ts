import { Lexer } from "yaml";

/** Marks that the lexer puts between lexemes; they take no place in the text. */
export const documentMark = "\u0002";
export const flowEndMark = "\u0018";
export const scalarMark = "\u001f";

/** The library's lexemes one by one, blanks and comments left out, each with its place. */
export class Lexemes {
  /** "plain" for a plain scalar, else the first character: `"`, `'`, `:`, `-`, `{`, `}`, `[`, `]`, `,`. */
  type = "";
  source = "";
  at = 0;
  end = 0;
  /** Start of the line that the lexeme stands on. */
  lineAt = 0;
  /** The lexeme is the first of its line; also true at the end of the text. */
  onNewLine = true;
  ended = false;
  readonly #lexer: Generator<string, void>;
  readonly #unusual: Error;

  /** `unusual` is thrown at whatever an everyday manifest does not have. */
  constructor(text: string, unusual: Error) {
    this.#lexer = new Lexer().lex(text);
    this.#unusual = unusual;
  }

  get column(): number {
    return this.at - this.lineAt;
  }

  next(): void {
    this.onNewLine = this.end === 0;
    let blank = this.onNewLine;
    for (;;) {
      const { done, value } = this.#lexer.next();
      if (done) {
        this.#end();
        return;
      }
      const first = value.charCodeAt(0);
      if (first === 0x1f) {
        this.#take("plain", this.#lexer.next().value as string);
        return;
      }
      if (first === 0x02) continue;
      if (first === 0x20) {
        if (value.includes("\t")) throw this.#unusual;
        blank = true;
      } else if (first === 0x0a || first === 0x0d) {
        this.lineAt = this.end + value.length;
        this.onNewLine = true;
        blank = true;
      } else if (first === 0x23) {
        if (!blank) throw this.#unusual;
      } else {
        this.#take(this.#typeOf(value, first), value);
        return;
      }
      this.end += value.length;
    }
  }

  #take(type: string, source: string): void {
    if (type === "plain" && source.includes("\n")) throw this.#unusual;
    this.type = type;
    this.source = source;
    this.at = this.end;
    this.end += source.length;
  }

  #end(): void {
    this.type = "";
    this.at = this.end;
    this.ended = true;
    this.onNewLine = true;
  }

  #typeOf(source: string, first: number): string {
    const type = source[0]!;
    if (first === 0x22 || first === 0x27) return type;
    if (source === "---") return source;
    if (source.length === 1 && ":-{}[],".includes(type)) return type;
    throw this.#unusual;
  }
}
