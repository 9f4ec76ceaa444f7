import { Fault, type Happened } from "../../diagnostic.ts";
import { consolePageCharactersMax, consolePageDepthMax, consolePageElementsMax } from "../../limits.ts";
import type { Element } from "./element.ts";

/**
 * Reads HTML as our own simulated consoles write it: tags closed where they belong, attributes quoted. It is no browser: what
 * a browser would repair is refused, so that nobody acts on a page that was read wrong.
 */

interface OpenElement extends Element {
  readonly attributes: Map<string, string>;
  readonly children: (OpenElement | string)[];
  readonly parent: OpenElement | undefined;
}

const voidTags = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** Their content is text up to the end tag; in the first two not even entities count. */
const textTags = new Set(["script", "style", "textarea", "title"]);
const verbatimTags = new Set(["script", "style"]);
const entities: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" },
};

function characterOf(code: number, written: string): string {
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : written;
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (written, decimal, hex, name) => {
    if (decimal !== undefined) return characterOf(Number(decimal), written);
    if (hex !== undefined) return characterOf(Number.parseInt(hex, 16), written);
    return entities[name] ?? written;
  });
}

class PageReader {
  private readonly text: string;
  private readonly fail: (problem: string) => Fault;
  private readonly root: OpenElement = { tag: "#root", attributes: new Map(), children: [], parent: undefined };
  private at: OpenElement = this.root;
  private position = 0;
  private elements = 0;
  private depth = 0;

  constructor(text: string, fail: (problem: string) => Fault) {
    this.text = text;
    this.fail = fail;
  }

  whole(): Element {
    while (this.position < this.text.length) this.next();
    if (this.at !== this.root) throw this.fail(`<${this.at.tag}> is never closed`);
    return this.root;
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found) this.position = pattern.lastIndex;
    return found ?? undefined;
  }

  private next(): void {
    const words = this.take(/[^<]+/y);
    if (words) this.at.children.push(decode(words[0]));
    else if (this.text.startsWith("<!", this.position)) this.skip();
    else this.tag();
  }

  /** A comment or the doctype. */
  private skip(): void {
    const end = this.text.startsWith("<!--", this.position) ? "-->" : ">";
    this.position = this.endOf(end) + end.length;
  }

  private endOf(text: string): number {
    const end = this.text.indexOf(text, this.position);
    if (end < 0) throw this.fail(`${text} is missing`);
    return end;
  }

  private tag(): void {
    const begin = this.take(/<(\/?)([a-z][a-z0-9-]*)/iy);
    if (!begin) throw this.fail("a < begins no tag");
    const tag = begin[2]!.toLowerCase();
    const attributes = this.attributes();
    if (!this.take(/\s*\/?>/y)) throw this.fail(`the tag <${tag}> cannot be read`);
    if (begin[1] === "/") this.close(tag);
    else this.open(tag, attributes);
  }

  private attributes(): Map<string, string> {
    const attributes = new Map<string, string>();
    for (;;) {
      const found = this.take(/\s+([a-z][a-z0-9:_-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/iy);
      if (!found) return attributes;
      const name = found[1]!.toLowerCase();
      if (!attributes.has(name)) attributes.set(name, decode(found[2] ?? found[3] ?? found[4] ?? ""));
    }
  }

  private close(tag: string): void {
    if (this.at.tag !== tag || !this.at.parent) throw this.fail(`</${tag}> closes <${this.at.tag}>`);
    this.at = this.at.parent;
    this.depth -= 1;
  }

  private open(tag: string, attributes: Map<string, string>): void {
    this.elements += 1;
    if (this.elements > consolePageElementsMax) throw this.fail(`it has more than ${consolePageElementsMax} elements`);
    const element: OpenElement = { tag, attributes, children: [], parent: this.at };
    this.at.children.push(element);
    if (voidTags.has(tag)) return;
    this.depth += 1;
    if (this.depth > consolePageDepthMax) throw this.fail(`its elements are nested deeper than ${consolePageDepthMax}`);
    this.at = element;
    if (textTags.has(tag)) this.content(tag);
  }

  private content(tag: string): void {
    const words = this.text.slice(this.position, this.endOf(`</${tag}`));
    this.position += words.length;
    // The line break after <textarea> is layout, not value.
    const kept = tag === "textarea" ? words.replace(/^\r?\n/, "") : words;
    if (kept !== "") this.at.children.push(verbatimTags.has(tag) ? kept : decode(kept));
  }
}

/**
 * The tree of a page. Throws a Fault (code `page`) when the text is too long, nested too deep or not well formed; `happened`
 * says what is known of the request that the page answered, `at` where it came from.
 */
export function parsePage(text: string, { happened = "no", at }: { happened?: Happened; at?: string } = {}): Element {
  const fail = (problem: string): Fault =>
    new Fault(`the page${at === undefined ? "" : ` ${at}`} cannot be read: ${problem}`, {
      ...{ happened, code: "page" },
      remedy: "only pages of Steward's own simulators are read; look at this one in a browser",
    });
  if (text.length > consolePageCharactersMax) throw fail(`it is longer than ${consolePageCharactersMax} characters`);
  return new PageReader(text, fail).whole();
}
