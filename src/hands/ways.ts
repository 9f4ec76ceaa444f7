import type { Act } from "../screen.ts";
import type { ConsolePage } from "./console.ts";

/** The addresses to which paths of menus and links led in this command, by where they began and what was followed. */
export type Ways = Map<string, string>;

/** The way to where a screen is carried out: by menus, or at once to the address where they led before. */
export class Way {
  readonly #ways: Ways | undefined;
  readonly #page: ConsolePage;
  readonly #url: string;
  readonly #key: string | undefined;
  /** Where the console opened. */
  #began = "";

  constructor(page: ConsolePage, url: string, first: Act | undefined, ways: Ways | undefined) {
    this.#page = page;
    this.#url = url;
    this.#ways = ways;
    this.#key = keyOf(url, first);
  }

  /** Opens the console; true when that is where the first path leads. */
  async open(): Promise<boolean> {
    const known = this.#key === undefined ? undefined : this.#ways?.get(this.#key);
    if (known !== undefined && this.#key !== undefined) {
      await this.#page.open(known);
      if (this.#page.address === known && this.#page.status < 400) return true;
      this.#ways?.delete(this.#key);
    }
    await this.#page.open(this.#url);
    this.#began = this.#page.address;
    return false;
  }

  /**
   * Keeps where the first path led. A page that keeps its address wherever one goes cannot be opened there, nor one that a script
   * tells apart by what follows the `#`: going there loads nothing, and what was shown before stays.
   */
  remember(): void {
    const { address } = this.#page;
    if (this.#key === undefined || address === this.#began || address.includes("#")) return;
    this.#ways?.set(this.#key, address);
  }
}

/** What a way is known by; undefined for what is no path. */
function keyOf(url: string, act: Act | undefined): string | undefined {
  if (act?.act !== "go") return undefined;
  return JSON.stringify([url, ...act.path.map(({ role, text, via = [] }) => [role, text, ...via])]);
}
