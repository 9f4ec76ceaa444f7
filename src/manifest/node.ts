import type { Source } from "../resource.ts";
import type { Expression } from "./interpolate.ts";

/** One file of the manifest. Lines are counted only when a place is asked for. */
export class TextFile {
  /** Relative to the manifest's folder, with forward slashes. */
  readonly path: string;
  /** Without a byte order mark. */
  readonly text: string;
  /** What it is written in; messages speak the same language. */
  readonly language: "yaml" | "terraform" = "yaml";
  #lineStarts: number[] | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text.startsWith("\uFEFF") ? text.slice(1) : text;
  }

  /** The place of `at`, an offset into `text`. Lines and columns count from 1; columns are UTF-16 code units. */
  source(at: number, end: number): Source {
    const line = this.#lineOf(at);
    const column = at - this.#starts()[line - 1]! + 1;
    return { file: this.path, line, column, length: Math.max(1, end - at) };
  }

  /** Offset of a place that `source` made. */
  offset(line: number, column: number): number {
    return (this.#starts()[line - 1] ?? this.text.length) + column - 1;
  }

  /** Start and end of a line, without its line break. */
  lineSpan(line: number): { at: number; end: number } {
    const starts = this.#starts();
    const at = starts[line - 1] ?? this.text.length;
    let end = (starts[line] ?? this.text.length + 1) - 1;
    if (end > at && this.text[end - 1] === "\r") end -= 1;
    return { at, end: Math.max(at, end) };
  }

  #lineOf(at: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  #starts(): number[] {
    if (this.#lineStarts) return this.#lineStarts;
    const starts = [0];
    for (let at = this.text.indexOf("\n"); at !== -1; at = this.text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
    return starts;
  }
}

/** A piece of a file: offsets into its text. */
export interface Span {
  file: TextFile;
  at: number;
  end: number;
}

export interface ScalarNode extends Span {
  type: "scalar";
  value: string | number | boolean | null;
  /** Our own tags; every other tag is an error before a node is made. `wrong`: reported already, there is no value. */
  tag?: "clear" | "redacted" | "wrong";
  /**
   * What an expression of another language came to: a value, or a text in pieces. Then `value` is what stands in the file, or the
   * value that is not a text. Without it a text is read in our own language.
   */
  evaluated?: { parts?: readonly (string | Expression)[] };
}

export interface ListNode extends Span {
  type: "list";
  items: Node[];
}

/** A key and what stands behind it. `at` and `end` are those of the key; the file is the value's. */
export interface Entry {
  key: string;
  at: number;
  end: number;
  value: Node;
}

export interface MapNode extends Span {
  type: "map";
  entries: Entry[];
}

/** What a YAML text holds, with places, aliases followed. Nodes behind aliases are shared. */
export type Node = ScalarNode | ListNode | MapNode;

export const keySpan = (entry: Entry): Span => ({ file: entry.value.file, at: entry.at, end: entry.end });

export const entryOf = (node: MapNode, key: string): Entry | undefined =>
  node.entries.find((entry) => entry.key === key);

/** Maps are merged key by key, everything else is replaced. */
export function mergeNodes(base: Node, over: Node): Node {
  if (base.type !== "map" || over.type !== "map") return over;
  const overrides = new Map(over.entries.map((entry) => [entry.key, entry]));
  const entries = base.entries.map((entry) => {
    const override = overrides.get(entry.key);
    overrides.delete(entry.key);
    return override ? { ...override, value: mergeNodes(entry.value, override.value) } : entry;
  });
  return { ...base, entries: [...entries, ...overrides.values()] };
}
