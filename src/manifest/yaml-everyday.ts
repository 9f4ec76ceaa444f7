import { CST } from "yaml";
import { manifestDepthMax, manifestNodesMax } from "../limits.ts";
import { Lexemes } from "./lexemes.ts";
import type { Entry, MapNode, Node, ScalarNode, TextFile } from "./node.ts";
import { plainScalar, reservedKeys } from "./scalars.ts";

/**
 * Reads the YAML that manifests are written in nearly always: block maps and lists, flow maps and lists, scalars on one line.
 * The lexemes are the library's; what is saved is its syntax tree, which takes three quarters of its time. Undefined as soon
 * as anything else comes, right or wrong: then the library reads the whole file. A test holds both readings equal.
 */
export function readEveryday(file: TextFile): Node | undefined {
  try {
    return new Everyday(file).read();
  } catch (error) {
    if (error === unusual) return undefined;
    throw error;
  }
}

/** Thrown to leave the file to the library. */
const unusual = new Error("not everyday YAML");

class Everyday {
  readonly #file: TextFile;
  readonly #lexemes: Lexemes;
  #scalars = 0;

  constructor(file: TextFile) {
    this.#file = file;
    this.#lexemes = new Lexemes(file.text, unusual);
  }

  read(): Node {
    const lexemes = this.#lexemes;
    lexemes.next();
    if (lexemes.source === "---" && lexemes.at === lexemes.lineAt) {
      lexemes.next();
      if (!lexemes.onNewLine) throw unusual;
    }
    if (lexemes.ended) throw unusual;
    const node = this.#block(0, -1);
    if (!lexemes.ended || node.type === "scalar") throw unusual;
    return node;
  }

  /** A node of a block, at the lexeme that is current. `outer` is the column that it must be right of. */
  #block(depth: number, outer: number): Node {
    const lexemes = this.#lexemes;
    if (depth > manifestDepthMax) throw unusual;
    if (lexemes.type === "-") return this.#list(lexemes.column, depth);
    if (lexemes.type === "{" || lexemes.type === "[") return this.#inline(depth, outer);
    const { column } = lexemes;
    const scalar = this.#scalar();
    if (lexemes.type !== ":" || lexemes.onNewLine) return this.#alone(scalar);
    return this.#map(scalar, column, depth);
  }

  #map(first: ScalarNode, column: number, depth: number): MapNode {
    const lexemes = this.#lexemes;
    const entries: Entry[] = [];
    const keys = new Keys();
    let key = first;
    for (;;) {
      keys.add(key);
      const value = this.#afterColon(column, depth);
      entries.push({ key: key.value as string, at: key.at, end: key.end, value });
      if (lexemes.ended || lexemes.column < column) break;
      if (lexemes.column !== column || lexemes.type === "-") throw unusual;
      key = this.#scalar();
      if (lexemes.type !== ":" || lexemes.onNewLine) throw unusual;
    }
    return { type: "map", file: this.#file, at: first.at, end: entries.at(-1)!.value.end, entries };
  }

  /** What stands behind the colon of a block map, which is the current lexeme. */
  #afterColon(column: number, depth: number): Node {
    const lexemes = this.#lexemes;
    const colon = lexemes.end;
    lexemes.next();
    if (!lexemes.onNewLine) return this.#inline(depth + 1, column);
    if (!lexemes.ended && (lexemes.column > column || (lexemes.column === column && lexemes.type === "-"))) {
      return this.#block(depth + 1, column);
    }
    return { type: "scalar", file: this.#file, at: colon, end: colon, value: null };
  }

  #list(column: number, depth: number): Node {
    const lexemes = this.#lexemes;
    const { at } = lexemes;
    const items: Node[] = [];
    while (!lexemes.ended && lexemes.type === "-" && lexemes.column === column) {
      lexemes.next();
      if (lexemes.ended || (lexemes.onNewLine && lexemes.column <= column)) throw unusual;
      items.push(this.#block(depth + 1, column));
    }
    // What stands left of the list belongs to a block around it; a key in the same column only to the map that holds it.
    if (!lexemes.ended && lexemes.column > column) throw unusual;
    return { type: "list", file: this.#file, at, end: items.at(-1)!.end, items };
  }

  /** A value on the line of its key, or a flow collection; nothing may follow it on its last line. */
  #inline(depth: number, outer: number): Node {
    const { type } = this.#lexemes;
    return this.#alone(type === "{" || type === "[" ? this.#flow(depth, outer) : this.#scalar());
  }

  #alone(node: Node): Node {
    if (!this.#lexemes.onNewLine) throw unusual;
    return node;
  }

  #flow(depth: number, outer: number): Node {
    const lexemes = this.#lexemes;
    if (depth > manifestDepthMax) throw unusual;
    const { at, type, lineAt } = lexemes;
    const close = type === "{" ? "}" : "]";
    const entries: Entry[] = [];
    const items: Node[] = [];
    const keys = new Keys();
    this.#nextInFlow(outer, lineAt);
    while (lexemes.type !== close) {
      if (type === "{") entries.push(this.#flowEntry(keys, depth, outer));
      else items.push(this.#flowValue(depth, outer));
      if (lexemes.type === ",") this.#nextInFlow(outer, lineAt);
      else if (lexemes.type !== close) throw unusual;
    }
    const { end } = lexemes;
    lexemes.next();
    const file = this.#file;
    return type === "{" ? { type: "map", file, at, end, entries } : { type: "list", file, at, end, items };
  }

  #flowEntry(keys: Keys, depth: number, outer: number): Entry {
    const lexemes = this.#lexemes;
    const key = this.#scalar();
    keys.add(key);
    if (lexemes.type !== ":" || lexemes.onNewLine) throw unusual;
    this.#nextInFlow(outer, lexemes.lineAt);
    return { key: key.value as string, at: key.at, end: key.end, value: this.#flowValue(depth, outer) };
  }

  #flowValue(depth: number, outer: number): Node {
    const { type } = this.#lexemes;
    return type === "{" || type === "[" ? this.#flow(depth + 1, outer) : this.#scalar();
  }

  /** The next lexeme inside brackets; a line in them stands right of the block around them. */
  #nextInFlow(outer: number, lineAt: number): void {
    const lexemes = this.#lexemes;
    lexemes.next();
    if (lexemes.ended || (lexemes.lineAt !== lineAt && lexemes.column <= Math.max(0, outer))) throw unusual;
  }

  #scalar(): ScalarNode {
    const { type, source, at, end } = this.#lexemes;
    const file = this.#file;
    const value = type === "plain" ? plainScalar(source) : quoted(type, source, at);
    this.#scalars += 1;
    if (value === undefined || this.#scalars > manifestNodesMax) throw unusual;
    this.#lexemes.next();
    return { type: "scalar", file, at, end, value };
  }
}

/** The text of a quoted scalar on one line; undefined when it is none. */
function quoted(type: string, source: string, offset: number): string | undefined {
  if (type !== '"' && type !== "'") return undefined;
  if (source.length < 2 || !source.endsWith(type) || source.includes("\n")) return undefined;
  const inside = source.slice(1, -1);
  if (!inside.includes(type === '"' ? "\\" : "'"))
    return inside.trimEnd() === inside && !/[\t]/.test(inside) ? inside : undefined;
  let wrong = false;
  const token = {
    type: type === '"' ? "double-quoted-scalar" : "single-quoted-scalar",
    offset,
    indent: 0,
    source,
  } as const;
  const resolved = CST.resolveAsScalar(token, true, () => {
    wrong = true;
  });
  return wrong ? undefined : resolved.value;
}

/** The keys of one map: text, each once. Small maps are compared, large ones are looked up. */
class Keys {
  readonly #few: string[] = [];
  #many: Set<string> | undefined;

  add({ value }: ScalarNode): void {
    if (typeof value !== "string" || value === "<<" || value.length > 1_000 || reservedKeys.has(value)) throw unusual;
    if (this.#many ? this.#many.has(value) : this.#few.includes(value)) throw unusual;
    if (this.#many) this.#many.add(value);
    else if (this.#few.push(value) > 16) this.#many = new Set(this.#few);
  }
}
