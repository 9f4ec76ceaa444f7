import type { Locator, Page, Response } from "playwright-core";
import { Fault } from "../../diagnostic.ts";
import { consoleLoadMs, consolePromptMs, consoleQuietMs, consoleWaitMs } from "../../limits.ts";
import type { ListRow, SignIn } from "../../screen.ts";
import { Secret } from "../../secret.ts";
import type { ConsolePage, Control, Heard, Where } from "../console.ts";
import {
  notThereFault,
  type PageAddress,
  quoted,
  type SeenPage,
  screenFault,
  signedOutFault,
} from "../screen-fault.ts";
import { Unsaid } from "../unsaid.ts";
import { type FieldInput, fieldChoices, fieldValue, fillField, NotTaken } from "./fields.ts";
import { locate, locateAny, locateRow, namesOf, tickedIn } from "./locate.ts";
import { Picture } from "./picture.ts";
import { sessionOf } from "./session.ts";
import { untilSo } from "./somebody.ts";
import { readRows } from "./table.ts";
import { Traffic } from "./traffic.ts";
import { Windows } from "./windows.ts";

export interface BrowserPageOptions {
  /** Where the console is, without a path. Nothing is read from or entered into a page from elsewhere. */
  origin: string;
  /** Further origins that belong to the console, such as that of its sign-in page. */
  otherOrigins?: readonly string[];
  /** Name of the configured system, for faults. */
  on?: string;
  /** What the sign-in page is told by. */
  signIn?: SignIn;
  /** Controls and headings whose values no picture shows. */
  secrets?: readonly Control[];
  /** How long a control may take to appear. */
  waitMs?: number;
  /** Somebody sits at the window: windows of the page and of the browser are theirs. */
  isForPerson?: boolean;
  /** Told of each document and each call of a script: method, address without its query, status. */
  trace?(line: string): void;
}

/** The port of a console in a browser. It waits for conditions, each within a bound, and never for a time. */
export class BrowserPage implements ConsolePage {
  readonly unsaid = new Unsaid();
  readonly #page: Page;
  readonly #options: BrowserPageOptions;
  readonly #quietMs: number;
  readonly #traffic: Traffic;
  readonly #picture: Picture;
  /** Absent where somebody sits there. */
  readonly #windows: Windows | undefined;

  constructor(page: Page, options: BrowserPageOptions) {
    this.#page = page;
    this.#options = options;
    const waitMs = options.waitMs ?? consoleWaitMs;
    page.setDefaultTimeout(waitMs);
    this.#quietMs = Math.min(consoleQuietMs, waitMs);
    this.#traffic = new Traffic(page);
    this.#picture = new Picture(page, options.secrets ?? []);
    page.on("response", (response) => this.#trace(response));
    if (!options.isForPerson) this.#windows = new Windows(page, this.unsaid);
  }

  get sent(): number {
    return this.#traffic.sent;
  }

  get status(): number {
    return this.#traffic.status;
  }

  get address(): string {
    return this.#page.url();
  }

  async open(url: string): Promise<void> {
    const target = URL.canParse(url, this.#options.origin) ? new URL(url, this.#options.origin) : undefined;
    if (!target || !this.#isOurs(target.origin))
      throw screenFault(this.#address(), `${url} is no address of the console`);
    const isSamePage = target.hash !== "" && withoutHash(target) === withoutHash(new URL(this.#page.url()));
    const until = { waitUntil: "domcontentloaded", timeout: consoleLoadMs } as const;
    await this.#act(async () => {
      await this.#page.goto(target.href, until);
      // An address that differs only after its `#` loads nothing, and what was open there would stay open.
      if (isSamePage) await this.#page.reload(until);
    });
    await this.#assertSignedIn();
  }

  async press(control: Control, where: Where = {}): Promise<void> {
    const scope = await this.#scope(where);
    if (where.menu) await this.#openMenu(where.menu, scope);
    // What a menu holds may stand anywhere on the page.
    const found = await this.#find(control, where.menu ? this.#page : scope, where.row);
    await this.#act(() => found.click());
    await this.#assertSignedIn();
  }

  async openRow(name: string): Promise<void> {
    const header = await this.#find({ role: "rowheader", text: name }, this.#page);
    const links = header.getByRole("link");
    const count = await this.#ask(() => links.count());
    if (count > 1) throw screenFault(this.#address(), `the row ${quoted(name)} has ${count} links`);
    await this.#act(() => (count === 1 ? links : header).click());
    await this.#assertSignedIn();
  }

  async enter(field: Control): Promise<void> {
    const found = await this.#find(field, this.#page);
    await this.#act(() => found.press("Enter"));
    await this.#assertSignedIn();
  }

  async fill(control: Control, value: FieldInput): Promise<void> {
    const field = await this.#find(control, this.#page);
    if (value instanceof Secret) this.#hide(control, value);
    try {
      await this.#ask(() => fillField(this.#page, field, value, (action) => this.#act(action)));
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
      throw screenFault(this.#address(), `the field ${quoted(control.text)} ${error.message}`);
    }
  }

  async choices(control: Control): Promise<string[]> {
    const field = await this.#find(control, this.#page);
    return this.#ask(() => fieldChoices(this.#page, field, (action) => this.#act(action)));
  }

  async value(control: Control): Promise<string | boolean> {
    const field = await this.#find(control, this.#page);
    return this.#ask(() => fieldValue(field));
  }

  async ticked(within: Control, all = false): Promise<string[]> {
    const part = await this.#find(within, this.#page);
    // They may come later than what they stand in; none at all is an answer too.
    await this.#appears(part.getByRole("checkbox"));
    return this.#ask(() => tickedIn(part, all));
  }

  async secret(control: Control): Promise<Secret> {
    const field = await this.#find(control, this.#page);
    const secret = new Secret(String(await this.#ask(() => fieldValue(field))));
    this.#hide(control, secret);
    return secret;
  }

  async secrets(column: Control): Promise<Secret[]> {
    await this.#find(column, this.#page);
    const rows = await this.rows();
    const found = rows.flatMap(({ cells }) => (column.text in cells ? [new Secret(cells[column.text] ?? "")] : []));
    for (const secret of found) this.#hide(column, secret);
    return found;
  }

  async has({ part, ...control }: Control, where: Omit<Where, "menu"> = {}): Promise<boolean> {
    const scope = await this.#scope(where);
    return (await this.#ask(() => locate(part ? locate(scope, part) : scope, control).count())) > 0;
  }

  async comesUp(control: Control): Promise<boolean> {
    return this.#appears(locate(this.#page, control), consolePromptMs);
  }

  async isSelected(control: Control, where: Omit<Where, "menu"> = {}): Promise<boolean> {
    const scope = await this.#scope(where);
    return this.#ask(async () => {
      const states = await locate(scope, control).evaluateAll((found) =>
        found.map((one) => (one as { getAttribute(name: string): string | null }).getAttribute("aria-selected")),
      );
      return states.length === 1 && states[0] === "true";
    });
  }

  async waitFor(controls: readonly Control[], withinMs?: number): Promise<Control> {
    const [first] = controls as [Control];
    const each = locateAny(this.#page, [first, ...controls.slice(1)]);
    if (withinMs !== 0 && !(await this.#appears(each, withinMs))) throw await this.#missing(first, this.#page, 0);
    for (const control of controls) if (await this.has(control)) return control;
    throw await this.#missing(first, this.#page, 0);
  }

  rows(): Promise<ListRow[]> {
    return this.#ask(() => readRows(this.#page));
  }

  async hear(): Promise<Heard> {
    const refused = this.#windows?.take() ?? this.#traffic.refused ?? (await this.#badStatus());
    return { alerts: await this.#texts("alert"), ...(refused === undefined ? {} : { refused }) };
  }

  /** Of the page that the last act led to. */
  async #badStatus(): Promise<string | undefined> {
    const { isLeft, status } = this.#traffic;
    return isLeft && status >= 400 ? `${(await this.#heading()) ?? ""} (HTTP ${status})`.trim() : undefined;
  }

  /** A picture of the page in which no secret shows. */
  picture(): Promise<Uint8Array> {
    return this.#picture.take();
  }

  /**
   * Waits until whoever sits at the window has signed in: one of these controls shows on the console's own site, and the sign-in
   * page is gone. False when the time is over; a Fault when the window was closed.
   */
  async untilSignedIn(controls: readonly Control[], withinMs: number): Promise<boolean> {
    const each = locateAny(this.#page, controls as [Control, ...Control[]]);
    const isIn = await untilSo(this.#page, each, () => this.#isInside(each), withinMs);
    if (isIn !== undefined) return isIn;
    const details = { happened: "no", transient: true } as const;
    throw this.#pageFault("the window was closed before anybody had signed in", details);
  }

  async #isInside(shown: Locator): Promise<boolean> {
    return (
      this.#isConsoles(new URL(this.#page.url()).origin) && (await shown.count()) > 0 && !(await this.#showsSignIn())
    );
  }

  /** What keeps whoever is signed in here signed in, without that of other sites. */
  async session(): Promise<Secret> {
    const { origin, otherOrigins = [] } = this.#options;
    return sessionOf(await this.#page.context().storageState(), [origin, ...otherOrigins]);
  }

  #hide(control: Control, secret: Secret): void {
    this.#picture.hide(control, secret);
    this.unsaid.add(secret);
  }

  /** Ends the page, with its cookies. */
  async close(): Promise<void> {
    await this.#page.context().close();
  }

  /** Does something that may lead to another page, and waits for what comes of it. */
  async #act(action: () => Promise<unknown>): Promise<void> {
    try {
      await this.#actHere(action);
    } catch (error) {
      throw error instanceof Fault ? this.#signInElsewhere(error) : error;
    }
  }

  /** A page of the console that is another site's now has somebody sign in there. */
  #signInElsewhere(fault: Fault): Fault {
    const { from = "", to = "" } = this.#traffic.document ?? {};
    const isLed = this.#options.signIn !== undefined && this.#isOurs(from) && !this.#isOurs(to);
    if (!isLed || fault.details.code !== "page" || fault.details.happened !== "no") return fault;
    return signedOutFault({ ...this.#address(), path: "" }, to);
  }

  async #actHere(action: () => Promise<unknown>): Promise<void> {
    this.#traffic.begin();
    const problem = await this.#ask(action).then(
      () => undefined,
      (error: unknown) => error,
    );
    await this.#traffic.settle(consoleLoadMs, this.#quietMs);
    const { trouble, isLeft } = this.#traffic;
    if (trouble) throw this.#pageFault(`the page ${this.#address().path} ${trouble.message}`, trouble);
    if (this.#page.isClosed()) throw this.#pageFault("the browser ended", { happened: "unknown", transient: true });
    // A page that is left slowly outlasts the time for a press; it was pressed all the same.
    if (problem !== undefined && !(isLeft && problem instanceof Fault)) throw problem;
    this.#assertOurs();
  }

  /** Asks the browser something. What it throws has its call in it, and so perhaps a secret: only the kind of it is told. */
  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (error instanceof Fault || error instanceof NotTaken) throw error;
      if (!(error instanceof Error) || error instanceof TypeError) throw error;
      if (this.#page.isClosed()) throw this.#pageFault("the browser ended", { happened: "no", transient: true });
      const isLate = error.name === "TimeoutError";
      const what = isLate
        ? "a control cannot be used: it is disabled, or something lies over it"
        : "the page changed meanwhile";
      throw screenFault(this.#address(), `${what} (${this.#address().path})`);
    }
  }

  /** A control that says its part of the page is looked for there alone: elsewhere its words may be another one's. */
  async #find({ part, ...control }: Control, scope: Page | Locator, row?: string): Promise<Locator> {
    this.#assertOurs();
    if (part && scope === this.#page) return this.#find(control, await this.#find(part, scope), row);
    const found = locate(scope, control);
    // What is there already is asked for once; only what is not has to be waited for.
    let count = await this.#ask(() => found.count());
    if (count === 0 && (await this.#appears(found))) count = await this.#ask(() => found.count());
    if (count === 1) return found;
    throw await this.#missing(control, scope, count, row);
  }

  async #appears(found: Locator, withinMs?: number): Promise<boolean> {
    try {
      await found.first().waitFor(withinMs === undefined ? {} : { timeout: withinMs });
      return true;
    } catch {
      return false;
    }
  }

  async #scope({ row, within }: Where): Promise<Page | Locator> {
    const part = within ? await this.#find(within, this.#page) : this.#page;
    if (row === undefined) return part;
    await this.#find({ role: "rowheader", text: row }, part);
    return locateRow(part, this.#page, row);
  }

  async #openMenu(menu: Control, scope: Page | Locator): Promise<void> {
    const button = await this.#find(menu, scope);
    const isOpen = (await this.#ask(() => button.getAttribute("aria-expanded"))) === "true";
    if (!isOpen) await this.#act(() => button.click());
  }

  async #missing(control: Control, scope: Page | Locator, count: number, row?: string): Promise<Fault> {
    await this.#assertSignedIn();
    const part = "getByRole" in scope && "goto" in scope ? this.#page.locator("body") : (scope as Locator);
    const names = (await namesOf(part, control.role).catch(() => [])).map((name) => this.unsaid.clean(name));
    const sought = { role: control.role, name: control.text, ...(row === undefined ? {} : { row }) };
    return notThereFault(await this.#seen(), sought, count, names);
  }

  async #seen(): Promise<SeenPage> {
    return { ...this.#address(), heading: await this.#heading(), alerts: await this.#texts("alert") };
  }

  async #heading(): Promise<string | undefined> {
    return (await this.#texts("heading"))[0];
  }

  /** The words of each that says anything. */
  async #texts(role: "heading" | "alert"): Promise<string[]> {
    const texts = await this.#ask(() => this.#page.getByRole(role).allInnerTexts());
    return texts.map((text) => this.unsaid.clean(text).replace(/\s+/g, " ").trim()).filter((text) => text !== "");
  }

  async #assertSignedIn(): Promise<void> {
    if (await this.#showsSignIn()) throw signedOutFault(this.#address());
  }

  async #showsSignIn(): Promise<boolean> {
    const { signIn } = this.#options;
    if (!signIn) return false;
    for (const control of [signIn.password, signIn.userName, signIn.button]) {
      if (!(await this.has(control))) return false;
    }
    return true;
  }

  #trace(response: Response): void {
    const request = response.request();
    if (!this.#options.trace || !["document", "xhr", "fetch"].includes(request.resourceType())) return;
    const { origin, pathname } = new URL(request.url());
    this.#options.trace(`${request.method()} ${origin}${this.unsaid.clean(pathname)} ${response.status()} (browser)`);
  }

  #assertOurs(): void {
    const { origin } = new URL(this.#page.url());
    if (this.#isOurs(origin)) return;
    throw this.#pageFault(`the console leads to another site, ${origin}, where nothing is done`, {
      ...{ happened: "no", transient: false },
    });
  }

  #isOurs(origin: string): boolean {
    return this.#options.isForPerson === true || this.#isConsoles(origin);
  }

  #isConsoles(origin: string): boolean {
    return origin === this.#options.origin || (this.#options.otherOrigins ?? []).includes(origin);
  }

  #address(): PageAddress {
    const { origin, pathname } = new URL(this.#page.url());
    const isOpen = this.#isOurs(origin);
    return { path: isOpen ? this.unsaid.clean(pathname) : "", origin: this.#options.origin, on: this.#options.on };
  }

  #pageFault(message: string, { happened, transient }: { happened: "no" | "unknown"; transient: boolean }): Fault {
    const { origin, on } = this.#options;
    const isUntrusted = /ERR_CERT_|ERR_SSL_/.test(message);
    const remedy = isUntrusted
      ? "let this machine trust the authority of the console's certificate: ca_file does not count for a browser"
      : "open the console in a browser and look";
    return new Fault(message, { happened, transient, code: "page", at: origin, remedy, ...(on ? { on } : {}) });
  }
}

const withoutHash = ({ href, hash }: URL): string => href.slice(0, href.length - hash.length);
