import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type YAMLError,
  type Node as YamlNode,
} from "yaml";
import { manifestDepthMax, manifestNodesMax } from "../limits.ts";
import type { Entry, Node, ScalarNode, TextFile } from "./node.ts";
import type { Report } from "./report.ts";
import { reservedKeys } from "./scalars.ts";
import { readEveryday } from "./yaml-everyday.ts";
import { findControl, type ScanError, scanYaml } from "./yaml-scan.ts";

/** Syntax errors that are reported of one file; what follows the first is often only its echo. */
const syntaxErrorsMax = 20;

/**
 * Reads YAML 1.2, one document. Undefined when the file is empty or wrong; what is wrong is in the report.
 * Time and memory are bounded: nesting, nodes behind aliases, and errors.
 */
export function readYaml(file: TextFile, report: Report): Node | undefined {
  const control = findControl(file.text);
  if (control) return refuse(control, file, report);
  return readEveryday(file) ?? readAll(file, report);
}

/** Reads with the library from beginning to end: everything that is not everyday, and everything that is wrong. */
export function readAll(file: TextFile, report: Report): Node | undefined {
  const wrong = scanYaml(file.text);
  if (wrong) return refuse(wrong, file, report);
  const documents = parse(file, report);
  const first = documents[0];
  if (!first) return undefined;
  if (documents.length > 1) {
    const at = documents[1]!.range[0];
    report.error(
      "a manifest file holds one document",
      { file, at, end: at + 1 },
      { hint: "put the second one in a file of its own" },
    );
    return undefined;
  }
  if (first.errors.length > 0) {
    reportSyntax(first.errors, file, report);
    return undefined;
  }
  if (!first.contents || (isScalar(first.contents) && first.contents.value === null && !first.contents.tag))
    return undefined;
  const errors = report.errors;
  const node = new Conversion(file, report).convert(first.contents as YamlNode, 1);
  return report.errors === errors ? node : undefined;
}

function refuse({ message, hint, at, length }: ScanError, file: TextFile, report: Report): undefined {
  report.error(message, { file, at, end: at + length }, { hint });
}

function parse(file: TextFile, report: Report): Document.Parsed[] {
  try {
    const documents = parseAllDocuments(file.text, {
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      version: "1.2",
    });
    return Array.isArray(documents) ? documents : [];
  } catch (error) {
    // The library recurses; what is deeper than the stack ends here and nowhere else.
    if (!(error instanceof RangeError)) throw error;
    report.error(
      "this file is nested too deeply",
      { file, at: 0, end: 1 },
      { hint: `at most ${manifestDepthMax} levels` },
    );
    return [];
  }
}

/** The library's nodes made into ours, aliases followed. */
class Conversion {
  readonly #file: TextFile;
  readonly #report: Report;
  readonly #anchors = new Map<string, { node: Node; size: number } | "open">();
  #nodes = 0;
  #stopped = false;

  constructor(file: TextFile, report: Report) {
    this.#file = file;
    this.#report = report;
  }

  convert(node: YamlNode, depth: number): Node | undefined {
    if (this.#stopped) return undefined;
    const [at, end] = node.range ?? [0, 1];
    if (depth > manifestDepthMax) {
      return this.#stop("this is nested too deeply", at, end, `at most ${manifestDepthMax} levels`);
    }
    if (isAlias(node)) return this.#follow(node, at, end);
    const before = this.#nodes;
    if (!this.#count(1, at, end)) return undefined;
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor) this.#anchors.set(anchor, "open");
    const result = this.#convertPlain(node, at, end, depth);
    if (anchor && result) this.#anchors.set(anchor, { node: result, size: this.#nodes - before });
    return result;
  }

  #convertPlain(node: YamlNode, at: number, end: number, depth: number): Node | undefined {
    const file = this.#file;
    if (isScalar(node)) return this.#scalar(node.value, node.tag, at, end);
    if (node.tag !== undefined) this.#refuseTag(node.tag, at);
    if (isSeq(node)) {
      const items = node.items
        .map((item) => this.convert(item as YamlNode, depth + 1))
        .filter((item) => item !== undefined);
      return { type: "list", file, at, end, items };
    }
    if (!isMap(node)) return undefined;
    const entries: Entry[] = [];
    const seen = new Map<string, number>();
    for (const pair of node.items) {
      const entry = this.#entry(pair.key as YamlNode | null, pair.value as YamlNode | null, seen, depth);
      if (entry) entries.push(entry);
    }
    return { type: "map", file, at, end, entries };
  }

  #entry(key: YamlNode | null, value: YamlNode | null, seen: Map<string, number>, depth: number): Entry | undefined {
    const file = this.#file;
    const [at, end] = key?.range ?? [0, 1];
    const name = this.#key(key, at, end);
    if (name === undefined) return undefined;
    const first = seen.get(name);
    if (first !== undefined) {
      const source = file.source(first, first + 1);
      this.#report.error(
        `the key "${name}" stands here twice`,
        { file, at, end },
        { hint: `the first is in line ${source.line}, column ${source.column}; keep one of them` },
      );
    }
    seen.set(name, at);
    const node: Node | undefined = value
      ? this.convert(value, depth + 1)
      : { type: "scalar", file, at, end, value: null };
    return node && { key: name, at, end, value: node };
  }

  #key(key: YamlNode | null, at: number, end: number): string | undefined {
    const span = { file: this.#file, at, end };
    if (!isScalar(key) || typeof key.value !== "string" || key.tag !== undefined || key.anchor) {
      this.#report.error("a key must be plain text", span, { hint: "put it in quotes" });
    } else if (key.value === "<<" && key.type === "PLAIN") {
      this.#report.error("merge keys are not supported", span, { hint: "write the attributes out" });
    } else if (reservedKeys.has(key.value)) {
      this.#report.error(`"${key.value}" cannot be a key`, span, { hint: "give it another name" });
    } else {
      return key.value;
    }
    return undefined;
  }

  #scalar(value: unknown, tag: string | undefined, at: number, end: number): ScalarNode | undefined {
    const file = this.#file;
    const node: ScalarNode = { type: "scalar", file, at, end, value: isPlain(value) ? value : String(value) };
    if (tag === undefined) return node;
    if (tag === "!redacted") return { ...node, tag: "redacted" };
    if (tag !== "!clear") return this.#refuseTag(tag, at);
    if (value !== null && value !== "") {
      this.#report.error(
        "nothing can stand behind !clear",
        { file, at, end },
        { hint: "!clear alone empties the attribute" },
      );
    }
    return { ...node, value: null, tag: "clear" };
  }

  #refuseTag(tag: string, at: number): undefined {
    // The range of a node does not include its tag.
    const before = this.#file.text.lastIndexOf("!", at);
    const start = before < 0 ? at : this.#file.text[before - 1] === "!" ? before - 1 : before;
    this.#report.error(
      `the tag ${tag.replace("tag:yaml.org,2002:", "!!")} is not known here`,
      { file: this.#file, at: start, end: at },
      { hint: "allowed: !clear, which empties an attribute" },
    );
    return undefined;
  }

  #follow(alias: Alias, at: number, end: number): Node | undefined {
    const target = this.#anchors.get(alias.source);
    const span = { file: this.#file, at, end };
    if (target === "open") this.#report.error("this alias contains itself", span, { hint: "write the value out" });
    else if (!target)
      this.#report.error("this alias has no anchor before it", span, {
        hint: "put a text that begins with * in quotes",
      });
    else if (this.#count(target.size, at, end)) return target.node;
    return undefined;
  }

  #count(nodes: number, at: number, end: number): boolean {
    this.#nodes += nodes;
    if (this.#nodes <= manifestNodesMax) return true;
    this.#stop("this file is too large with its aliases followed", at, end, `at most ${manifestNodesMax} nodes`);
    return false;
  }

  #stop(message: string, at: number, end: number, hint: string): undefined {
    this.#stopped = true;
    this.#report.error(message, { file: this.#file, at, end }, { hint });
    return undefined;
  }
}

const isPlain = (value: unknown): value is ScalarNode["value"] =>
  value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** The library's errors in our words: its own may repeat the text, and the text may hold a secret. */
const syntaxWords: Record<string, [message: string, hint?: string]> = {
  TAB_AS_INDENT: ["a tab is used for indentation", "use spaces"],
  BAD_INDENT: ["the indentation is wrong", "entries of one map or list begin in the same column"],
  BAD_ALIAS: ["this alias cannot be used", "put a text that begins with * in quotes"],
  ALIAS_PROPS: ["an alias cannot have a tag or an anchor"],
  BAD_DQ_ESCAPE: [
    "a backslash in double quotes begins an escape that YAML does not know",
    "use single quotes, or write \\\\",
  ],
  BAD_SCALAR_START: ["a plain text cannot begin with this character", "put it in quotes"],
  BLOCK_AS_IMPLICIT_KEY: ["a value stands where a key must stand", "put a text with a colon in quotes"],
  BLOCK_IN_FLOW: ["a block cannot stand inside { } or [ ]"],
  KEY_OVER_1024_CHARS: ["a key is longer than 1024 characters"],
  MISSING_CHAR: ["something is missing here: a quote, a bracket, a comma, a colon or a space"],
  MULTILINE_IMPLICIT_KEY: ["a key cannot go over several lines", "is a colon missing?"],
  MULTIPLE_ANCHORS: ["a value can have one anchor only"],
  MULTIPLE_DOCS: ["a manifest file holds one document"],
  MULTIPLE_TAGS: ["a value can have one tag only"],
  RESOURCE_EXHAUSTION: ["this is nested too deeply", `at most ${manifestDepthMax} levels`],
  TAG_RESOLVE_FAILED: ["this tag is not known here", "allowed: !clear, which empties an attribute"],
  UNEXPECTED_TOKEN: ["this does not belong here"],
};

/** The first error of each line: what follows on the same line is its echo. */
function reportSyntax(errors: YAMLError[], file: TextFile, report: Report): void {
  const lines = new Set<number>();
  for (const error of errors) {
    const at = Math.min(error.pos[0], file.text.length);
    const { line } = file.source(at, at + 1);
    if (lines.has(line) || lines.size >= syntaxErrorsMax) continue;
    lines.add(line);
    const [message, hint] = syntaxWords[error.code] ?? ["this is not YAML"];
    const end = Math.max(at + 1, Math.min(error.pos[1], at + 80, file.lineSpan(line).end));
    report.error(message, { file, at, end }, { hint: nearbyHint(error.code, file.text, at) ?? hint });
  }
}

function nearbyHint(code: string, text: string, at: number): string | undefined {
  if (text[at] === "{" && text[at - 1] === "$") return "inside { } and [ ], put a text with ${…} in quotes";
  const tab = code !== "TAB_AS_INDENT" && text.slice(Math.max(0, at - 1), at + 1).includes("\t");
  return tab ? "there is a tab here; use spaces" : undefined;
}
