import { manifestDepthMax, manifestNodesMax } from "../limits.ts";
import type { Entry, ListNode, MapNode, Node, ScalarNode, TextFile } from "../manifest/node.ts";
import type { Report } from "../manifest/report.ts";
import { reservedKeys } from "../manifest/scalars.ts";

/** Why a text is not JSON, and where. Thrown to leave the reading; nobody else sees it. */
class NotJson extends Error {
  readonly at: number;
  readonly end: number;
  readonly hint: string | undefined;

  constructor(message: string, at: number, end: number, hint?: string) {
    super(message);
    this.at = at;
    this.end = end;
    this.hint = hint;
  }
}

/**
 * Reads JSON (RFC 8259) and keeps the place of every key and value. Undefined when it is wrong; what is wrong is in the report.
 * Bounded in nesting and in nodes. A key that stands twice in one map is an error: readers of JSON do not agree which one counts.
 */
export function readJson(file: TextFile, report: Report): Node | undefined {
  const errors = report.errors;
  try {
    const node = new JsonReading(file, report).read();
    return report.errors === errors ? node : undefined;
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    const end = Math.max(error.at + 1, error.end);
    report.error(error.message, { file, at: error.at, end }, { hint: error.hint });
    return undefined;
  }
}

const quote = 0x22;
const backslash = 0x5c;
const literals: readonly [word: string, value: true | false | null][] = [
  ["true", true],
  ["false", false],
  ["null", null],
];
const escapes: Record<string, string> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** A surrogate that stands alone; a pair of them is one character here. */
const halfCharacter = /\p{Cs}/u;
/** Digits of a number; more have no meaning in what we read, and a number of a million digits takes seconds. */
const numberLengthMax = 100;

class JsonReading {
  readonly #file: TextFile;
  readonly #text: string;
  readonly #report: Report;
  #at = 0;
  #nodes = 0;

  constructor(file: TextFile, report: Report) {
    this.#file = file;
    this.#text = file.text;
    this.#report = report;
  }

  read(): Node {
    this.#blanks();
    if (this.#at === this.#text.length) throw new NotJson("this file is empty", 0, 0, "synthesise it again");
    const node = this.#value(1);
    this.#blanks();
    if (this.#at < this.#text.length) throw this.#wrong("something stands behind the end of the JSON");
    return node;
  }

  #value(depth: number): Node {
    const { length } = this.#text;
    this.#nodes += 1;
    if (this.#nodes > manifestNodesMax)
      throw this.#wrong("this file is too large", `at most ${manifestNodesMax} values`);
    if (depth > manifestDepthMax) throw this.#wrong("this is nested too deeply", `at most ${manifestDepthMax} levels`);
    const first = this.#text.charCodeAt(this.#at);
    if (first === quote) return this.#textNode();
    if (first === 0x7b) return this.#map(depth);
    if (first === 0x5b) return this.#list(depth);
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return this.#number();
    if (this.#at === length) throw this.#ended();
    return this.#literal();
  }

  #map(depth: number): MapNode {
    const at = this.#at;
    const entries: Entry[] = [];
    const seen = new Map<string, number>();
    this.#at += 1;
    this.#blanks();
    while (this.#text[this.#at] !== "}") {
      if (entries.length > 0) this.#comma("}");
      entries.push(this.#entry(seen, depth));
      this.#blanks();
    }
    this.#at += 1;
    return { type: "map", file: this.#file, at, end: this.#at, entries };
  }

  #entry(seen: Map<string, number>, depth: number): Entry {
    const at = this.#at;
    if (this.#text.charCodeAt(at) !== quote) throw this.#expected("a key in double quotes");
    const key = this.#string();
    const end = this.#at;
    this.#checkKey(key, at, end, seen);
    this.#blanks();
    if (this.#text[this.#at] !== ":") throw this.#expected("a colon");
    this.#at += 1;
    this.#blanks();
    return { key, at, end, value: this.#value(depth + 1) };
  }

  #checkKey(key: string, at: number, end: number, seen: Map<string, number>): void {
    const span = { file: this.#file, at, end };
    const first = seen.get(key);
    if (first !== undefined) {
      const source = this.#file.source(first, first + 1);
      const hint = `the first is in line ${source.line}, column ${source.column}; keep one of them`;
      this.#report.error("this key stands here twice", span, { hint });
    } else if (reservedKeys.has(key)) {
      this.#report.error(`"${key}" cannot be a key`, span, { hint: "give it another name" });
    }
    seen.set(key, at);
  }

  #list(depth: number): ListNode {
    const at = this.#at;
    const items: Node[] = [];
    this.#at += 1;
    this.#blanks();
    while (this.#text[this.#at] !== "]") {
      if (items.length > 0) this.#comma("]");
      items.push(this.#value(depth + 1));
      this.#blanks();
    }
    this.#at += 1;
    return { type: "list", file: this.#file, at, end: this.#at, items };
  }

  #comma(close: string): void {
    if (this.#text[this.#at] !== ",") throw this.#expected(`a comma or ${close}`);
    this.#at += 1;
    this.#blanks();
    if (this.#text[this.#at] === close) throw this.#wrong(`a comma stands before ${close}`, "take it out");
  }

  #textNode(): ScalarNode {
    const at = this.#at;
    const value = this.#string();
    return { type: "scalar", file: this.#file, at, end: this.#at, value };
  }

  /** Reads the string that begins here; nearly all have no escapes and are one slice of the file. */
  #string(): string {
    const text = this.#text;
    const from = this.#at + 1;
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (code === backslash) return this.#escaped(from, at);
      if (!(code >= 0x20)) throw this.#badCharacter(at);
      at += 1;
    }
    this.#at = at + 1;
    return text.slice(from, at);
  }

  #escaped(from: number, firstEscape: number): string {
    const text = this.#text;
    let value = "";
    let plain = from;
    let at = firstEscape;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (!(code >= 0x20)) throw this.#badCharacter(at);
      if (code !== backslash) {
        at += 1;
        continue;
      }
      value += text.slice(plain, at);
      const { character, length } = escapeAt(text, at);
      value += character;
      at += length;
      plain = at;
    }
    this.#at = at + 1;
    value += text.slice(plain, at);
    if (halfCharacter.test(value))
      throw new NotJson("half of a character stands here", from - 1, at + 1, "a \\u escape lacks its other half");
    return value;
  }

  #badCharacter(at: number): NotJson {
    if (at >= this.#text.length) return this.#ended();
    const hint = "write it as an escape, such as \\n";
    return new NotJson("a line break or another control character stands inside quotes", at, at + 1, hint);
  }

  #number(): ScalarNode {
    const at = this.#at;
    numberForm.lastIndex = at;
    const written = numberForm.exec(this.#text)?.[0] ?? "";
    const end = at + written.length;
    const value = Number(written);
    if (written === "" || /[\w.+-]/.test(this.#text[end] ?? ""))
      throw new NotJson("this is not a number", at, at + 1, "put it in quotes if it is text");
    if (written.length > numberLengthMax || !Number.isFinite(value) || isInexact(value))
      throw new NotJson("this number is too large", at, end, "put it in quotes if it is text");
    this.#at = end;
    return { type: "scalar", file: this.#file, at, end, value };
  }

  #literal(): ScalarNode {
    const at = this.#at;
    for (const [word, value] of literals) {
      const end = at + word.length;
      if (!this.#text.startsWith(word, at) || /\w/.test(this.#text[end] ?? "")) continue;
      this.#at = end;
      return { type: "scalar", file: this.#file, at, end, value };
    }
    throw this.#expected("a value");
  }

  #blanks(): void {
    const text = this.#text;
    let at = this.#at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
      at += 1;
    }
    this.#at = at;
  }

  #expected(what: string): NotJson {
    if (this.#at >= this.#text.length) return this.#ended();
    return this.#wrong(`this is not JSON: ${what} must stand here`);
  }

  #ended(): NotJson {
    const at = Math.max(0, this.#text.length - 1);
    return new NotJson("this file ends too early: it is not whole", at, at + 1, "synthesise it again");
  }

  #wrong(message: string, hint?: string): NotJson {
    return new NotJson(message, this.#at, this.#at + 1, hint);
  }
}

/** A whole number above 2^53 is another one when it is read. */
const isInexact = (value: number): boolean => Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER;

function escapeAt(text: string, at: number): { character: string; length: number } {
  const letter = text[at + 1] ?? "";
  if (letter === "u") {
    const hex = text.slice(at + 2, at + 6);
    if (/^[0-9a-fA-F]{4}$/.test(hex)) return { character: String.fromCharCode(Number.parseInt(hex, 16)), length: 6 };
  } else if (Object.hasOwn(escapes, letter)) {
    return { character: escapes[letter]!, length: 2 };
  }
  throw new NotJson("a backslash begins an escape that JSON does not know", at, at + 2, "write \\\\ for a backslash");
}

/** Where a character of a string's value stands in the file: behind escapes not at the same distance. */
export function rawOffset(node: ScalarNode, offset: number): number {
  const { text } = node.file;
  let at = node.at + 1;
  for (let index = 0; index < offset && at < node.end - 1; index++) {
    at += text.charCodeAt(at) === backslash ? (text[at + 1] === "u" ? 6 : 2) : 1;
  }
  return at;
}
