import { invalid } from "./api-errors.ts";
import type { FieldValue } from "./records.ts";

/** The part of OData filters that clients of this API use: comparisons, and, or, not, brackets and three functions. */

export type Fields = Readonly<Record<string, FieldValue>>;
type Test = (row: Fields) => boolean;
type Value = (row: Fields) => FieldValue;

const tokenPattern = /\s*(?:('(?:[^']|'')*')|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([(),]))\s*/y;
const comparisons: Readonly<Record<string, (a: FieldValue, b: FieldValue) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  gt: (a, b) => a !== null && b !== null && a > b,
  ge: (a, b) => a !== null && b !== null && a >= b,
  lt: (a, b) => a !== null && b !== null && a < b,
  le: (a, b) => a !== null && b !== null && a <= b,
};
const textTests: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  startswith: (a, b) => a.startsWith(b),
  endswith: (a, b) => a.endsWith(b),
  contains: (a, b) => a.includes(b),
};

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const found = tokenPattern.exec(text);
    if (!found) throw invalid("the search cannot be read");
    tokens.push((found[1] ?? found[2] ?? found[3] ?? found[4])!);
  }
  return tokens;
}

class Parser {
  private position = 0;
  private readonly tokens: readonly string[];
  private readonly known: ReadonlySet<string>;

  constructor(text: string, known: ReadonlySet<string>) {
    this.tokens = tokensOf(text);
    this.known = known;
  }

  whole(): Test {
    const test = this.either();
    if (this.position < this.tokens.length)
      throw invalid(`the search cannot be read from ${this.tokens[this.position]}`);
    return test;
  }

  private takes(token: string): boolean {
    if (this.tokens[this.position]?.toLowerCase() !== token) return false;
    this.position += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.takes(token)) throw invalid(`the search lacks "${token}"`);
  }

  private either(): Test {
    let test = this.both();
    while (this.takes("or")) {
      const [left, right] = [test, this.both()];
      test = (row) => left(row) || right(row);
    }
    return test;
  }

  private both(): Test {
    let test = this.single();
    while (this.takes("and")) {
      const [left, right] = [test, this.single()];
      test = (row) => left(row) && right(row);
    }
    return test;
  }

  private single(): Test {
    if (this.takes("not")) {
      const inner = this.single();
      return (row) => !inner(row);
    }
    if (this.takes("(")) {
      const inner = this.either();
      this.expect(")");
      return inner;
    }
    const name = this.tokens[this.position]?.toLowerCase() ?? "";
    return Object.hasOwn(textTests, name) ? this.textTest(textTests[name]!) : this.comparison();
  }

  private textTest(test: (a: string, b: string) => boolean): Test {
    this.position += 1;
    this.expect("(");
    const left = this.value();
    this.expect(",");
    const right = this.value();
    this.expect(")");
    return (row) => test(String(left(row) ?? ""), String(right(row) ?? ""));
  }

  private comparison(): Test {
    const left = this.value();
    const name = this.tokens[this.position]?.toLowerCase() ?? "";
    if (!Object.hasOwn(comparisons, name)) throw invalid("the search lacks a comparison");
    this.position += 1;
    const right = this.value();
    return (row) => comparisons[name]!(left(row), right(row));
  }

  private value(): Value {
    const token = this.tokens[this.position] ?? "";
    this.position += 1;
    if (token.startsWith("'")) return () => token.slice(1, -1).replaceAll("''", "'");
    if (/^-?\d/.test(token)) return () => Number(token);
    if (token === "null") return () => null;
    if (!this.known.has(token)) throw invalid(`there is no field ${token || "at the end of the search"}`);
    return (row) => row[token] ?? null;
  }
}

/** A test of rows for the text of a search; `All`, in any case, is every row. Throws a 400 when it cannot be read. */
export function readFilter(text: string, known: ReadonlySet<string>): Test {
  return text.trim().toLowerCase() === "all" ? () => true : new Parser(text, known).whole();
}
