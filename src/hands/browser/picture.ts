import type { Locator, Page } from "playwright-core";
import { pictureMs } from "../../limits.ts";
import type { Secret } from "../../secret.ts";
import type { Control } from "../console.ts";
import { Unsaid } from "../unsaid.ts";
import { locate } from "./locate.ts";
import { cellsBelow } from "./table.ts";

/** Dark enough to be seen as a bar, on a page of any color. */
const maskColor = "#3d3d3d";

/** Pictures of a page, with a bar over every secret. */
export class Picture {
  readonly #page: Page;
  /** Controls that show a secret, by role and text. */
  readonly #hidden = new Map<string, Control>();
  /** Values that are known to be secret, wherever they show. */
  readonly #values = new Unsaid();
  #hasValues = false;

  constructor(page: Page, secrets: readonly Control[]) {
    this.#page = page;
    for (const control of secrets) this.#hide(control);
  }

  /** From now on neither this control nor this value shows. */
  hide(control: Control, value: Secret): void {
    this.#hide(control);
    this.#values.add(value);
    this.#hasValues ||= value.reveal() !== "";
  }

  /** The whole page as a PNG. Rejects when the page cannot be seen. */
  async take(): Promise<Uint8Array> {
    const mask = [...this.#fields(), ...(await this.#cells()), ...(await this.#repeated())];
    const draw = (): Promise<Uint8Array> =>
      this.#page.screenshot({
        ...{ fullPage: true, animations: "disabled", caret: "hide", scale: "css" },
        ...{ mask, maskColor, timeout: pictureMs },
      });
    // On a machine with much to do a browser may fail to draw a page, and does it when it is asked again.
    return draw().catch((error: unknown) => {
      if (this.#page.isClosed()) throw error;
      return draw();
    });
  }

  #hide({ role, text }: Control): void {
    this.#hidden.set(`${role} ${text}`, { role, text });
  }

  /** Every password field, and every field that shows a secret. */
  #fields(): Locator[] {
    const fields = [...this.#hidden.values()].filter(({ role }) => role !== "columnheader");
    return [this.#page.locator("input[type=password]"), ...fields.map((control) => locate(this.#page, control))];
  }

  async #cells(): Promise<Locator[]> {
    const columns = [...this.#hidden.values()].filter(({ role }) => role === "columnheader");
    const found = await Promise.all(columns.map(({ text }) => cellsBelow(this.#page, text)));
    return found.flat();
  }

  /** Whatever else repeats a known value, such as a message. The page is asked what it shows; it is told nothing. */
  async #repeated(): Promise<Locator[]> {
    if (!this.#hasValues) return [];
    const all = this.#page.locator("body *");
    const shown = await all.evaluateAll(readShown);
    const own = shown.map(({ words }) => this.#values.isIn(words));
    const whole = shown.map(({ whole }) => this.#values.isIn(whole));
    // One whose words are split over what is in it: the smallest such part.
    const isAround = new Set(shown.flatMap(({ parent }, index) => (own[index] || whole[index] ? [parent] : [])));
    const hiding = shown.flatMap((_one, index) =>
      own[index] || (whole[index] && !isAround.has(index)) ? [all.nth(index)] : [],
    );
    // What another page shows inside of this one cannot be asked.
    return [...hiding, this.#page.locator("iframe, frame, object, embed")];
  }
}

/** What one element shows. */
interface Shown {
  /** Its own: text, what is entered, what stands there instead, what its style adds. */
  words: string;
  /** With all that is in it; empty for a large part of the page. */
  whole: string;
  /** Place of the element around it; -1 for none. */
  parent: number;
}

/** Runs in the page. It is told nothing. */
function readShown(elements: readonly unknown[]): Shown[] {
  interface Seen {
    readonly childNodes: Iterable<{ nodeType: number; nodeValue: string | null }>;
    readonly attributes: Iterable<{ value: string }>;
    readonly parentElement: unknown;
    readonly textContent: string | null;
    readonly value?: unknown;
    readonly placeholder?: unknown;
  }
  const style = (globalThis as unknown as { getComputedStyle(element: unknown, part: string): { content: string } })
    .getComputedStyle;
  const wholeCharactersMax = 2_000;
  const places = new Map(elements.map((element, index) => [element, index]));
  return (elements as readonly Seen[]).map((element) => {
    const text = [...element.childNodes].map((node) => (node.nodeType === 3 ? (node.nodeValue ?? "") : "")).join("");
    const fields = [element.value, element.placeholder].filter((one) => typeof one === "string");
    const added = ["::before", "::after"].map((part) => style(element, part).content);
    const isAdded = added.some((content) => content !== "none" && content !== "normal");
    // A style can add what an attribute holds.
    const held = isAdded ? [...added, ...[...element.attributes].map(({ value }) => value)] : [];
    const all = element.textContent ?? "";
    return {
      words: [text, ...fields, ...held].join("\n\n"),
      whole: all.length > wholeCharactersMax ? "" : all,
      parent: places.get(element.parentElement) ?? -1,
    };
  });
}
