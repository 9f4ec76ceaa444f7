import type { Locator, Page } from "playwright-core";
import { pictureMs } from "../../limits.ts";
import type { Secret } from "../../secret.ts";
import type { Control } from "../console.ts";
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
  readonly #values = new Set<Secret>();

  constructor(page: Page, secrets: readonly Control[]) {
    this.#page = page;
    for (const control of secrets) this.#hide(control);
  }

  /** From now on neither this control nor this value shows. */
  hide(control: Control, value: Secret): void {
    this.#hide(control);
    if (value.reveal() !== "") this.#values.add(value);
  }

  /** The whole page as a PNG. Rejects when the page cannot be seen. */
  async take(): Promise<Uint8Array> {
    const mask = [...this.#fields(), ...(await this.#cells()), ...(await this.#repeated())];
    return this.#page.screenshot({
      ...{ fullPage: true, animations: "disabled", caret: "hide", scale: "css" },
      ...{ mask, maskColor, timeout: pictureMs },
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
    if (this.#values.size === 0) return [];
    const all = this.#page.locator("body *");
    const texts = await all.evaluateAll(readTexts);
    const values = [...this.#values].map((secret) => secret.reveal());
    return texts.flatMap((text, index) => (values.some((value) => text.includes(value)) ? [all.nth(index)] : []));
  }
}

/** Runs in the page: of each element its own words and what is entered into it. */
function readTexts(elements: readonly unknown[]): string[] {
  interface Seen {
    readonly childNodes: Iterable<{ nodeType: number; nodeValue: string | null }>;
    readonly value?: unknown;
  }
  return (elements as Seen[]).map(({ childNodes, value }) => {
    const own = [...childNodes].flatMap((node) => (node.nodeType === 3 ? (node.nodeValue ?? "") : []));
    return own.join("") + (typeof value === "string" ? ` ${value}` : "");
  });
}
