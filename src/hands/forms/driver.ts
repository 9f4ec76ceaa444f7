import { assert, Fault, type Happened } from "../../diagnostic.ts";
import { consoleRedirectsMax } from "../../limits.ts";
import { Secret } from "../../secret.ts";
import { screenFault } from "../screen-fault.ts";
import type { Unsaid } from "../unsaid.ts";
import { Cookies } from "./cookies.ts";
import { closestOf, type Element, textOf } from "./element.ts";
import { choicesOf, type FieldInput, formData, inputProblem, isOn, shownText } from "./fields.ts";
import { notThere, type PagePlace } from "./not-there.ts";
import { elementById, fieldRoles, roleOf, withRole } from "./page.ts";
import { parsePage } from "./parse.ts";
import { type ConsoleRequest, type ConsoleResponse, headerOf, type SendRequest } from "./wire.ts";

export interface ConsoleDriverOptions {
  /** Where the console is, without a path: its `host` goes into every request, and nothing is sent elsewhere. */
  origin?: string;
  /** Name of the configured system, for faults. */
  on?: string;
  /** What must not be said of a page. */
  unsaid?: Unsaid;
}

/** Who signs in. */
export interface Account {
  username: string;
  password: Secret | string;
}

/** What the sign-in pages of our simulators call their controls. */
const signInLabels = { userName: "User name", password: "Password", signIn: "Sign in" };
const placeholder = "http://console.invalid";

/**
 * Uses a console as a person does: by role, accessible name and label. It follows links, sends forms and keeps cookies; it runs
 * no script, so it works on pages that a server renders whole, and it reads only our own simulators' pages (see parse.ts).
 * Items of a closed menu can be used without opening it. Every Fault of its own has the code `page` (what came is no readable
 * page), `screen` (something is not as expected) or `unauthorized`. What the page shows can hold secrets: never print it.
 */
export class ConsoleDriver {
  /** Of the last answer; 0 before the first, and while there is none. */
  status = 0;
  /** Where the page came from, with the query. */
  path = "/";
  page: Element = parsePage("");
  /** What the last pressed copy button put into the clipboard. */
  copied: Secret | undefined;
  readonly #send: SendRequest;
  readonly #options: ConsoleDriverOptions;
  readonly #cookies = new Cookies();
  #filled = new Map<Element, FieldInput>();

  constructor(send: SendRequest, options: ConsoleDriverOptions = {}) {
    this.#send = send;
    this.#options = options;
  }

  /** Opens a page. An address of another site is a Fault. */
  async goto(path: string): Promise<void> {
    await this.send("GET", this.#local(path), "");
  }

  /** Everything with this role, and with this name when one is given, on the page or within a part of it. */
  all(role: string, name?: string, within: Element = this.page): Element[] {
    return withRole(within, role, name);
  }

  /** The one element with this role and name. Throws a Fault when there is none or more than one. */
  find(role: string, name: string, within?: Element): Element {
    return this.#one(role, name, this.all(role, name, within), within);
  }

  /** The row of a table that this row header names. */
  row(name: string): Element {
    const header = this.find("rowheader", name);
    return closestOf(header, (element) => roleOf(element) === "row") ?? header;
  }

  /** The one field with this label. */
  field(label: string, within?: Element): Element {
    const found = fieldRoles.flatMap((role) => this.all(role, label, within));
    return this.#one("field", label, found, within);
  }

  /** What a field shows: on or off for a check box, the words of the chosen option, else the text. A filled-in secret is not told. */
  value(label: string): string | boolean {
    return this.valueOf(this.field(label));
  }

  /** What one field shows. */
  valueOf(field: Element): string | boolean {
    return roleOf(field) === "checkbox" ? isOn(field, this.#filled) : String(shownText(field, this.#filled));
  }

  /** The text of a field that shows a secret. */
  secret(label: string): Secret {
    return this.secretOf(this.field(label));
  }

  /** The text of one field, when that is a secret. */
  secretOf(field: Element): Secret {
    const shown = shownText(field, this.#filled);
    return shown instanceof Secret ? shown : new Secret(shown);
  }

  /** The words of a select's options. */
  choices(label: string): string[] {
    return choicesOf(this.field(label));
  }

  /** Fills in one field; nothing is sent before a button is pressed. Throws a Fault when the field does not take it. */
  fill(label: string, input: FieldInput): void {
    this.fillIn(this.field(label), label, input);
  }

  /** Fills in one field, which faults call by `label`. */
  fillIn(field: Element, label: string, input: FieldInput): void {
    const problem = inputProblem(field, input);
    if (problem !== undefined) throw screenFault(this.place, `the field "${label}" ${problem}`);
    this.#filled.set(field, input);
  }

  /** Follows a link, sends the form of a button, or does what the button does on the page: opens a menu, copies. */
  async click(role: string, name: string, within?: Element): Promise<void> {
    const element = this.find(role, name, within);
    const { attributes } = element;
    const [href, copied] = [attributes.get("href"), attributes.get("data-copy")];
    if (attributes.has("disabled")) throw screenFault(this.place, `the ${role} "${name}" is disabled`);
    if (href !== undefined) return this.goto(href);
    if (copied !== undefined) this.copied = new Secret(copied);
    else if (attributes.get("aria-haspopup") === "menu") this.#openMenu(element);
    else await this.#press(element, `${role} "${name}"`);
  }

  /** Sends a form with what was filled in, as if `pressed` had been pressed. */
  async submit(form: Element, pressed?: Element): Promise<void> {
    assert(form.tag === "form", `<${form.tag}> is no form`);
    const data = formData(form, this.#filled, pressed).toString();
    const action = this.#local(form.attributes.get("action") || this.path);
    if (form.attributes.get("method")?.toLowerCase() === "post") return this.send("POST", action, data);
    await this.send("GET", `${action.split("?")[0]}?${data}`, "");
  }

  /** Throws a Fault (code `unauthorized`) when user name or password is not accepted. */
  async signIn({ username, password }: Account): Promise<void> {
    await this.goto("/signin");
    this.fill(signInLabels.userName, username);
    this.fill(signInLabels.password, password);
    await this.click("button", signInLabels.signIn);
    if (this.all("textbox", signInLabels.password).length === 0) return;
    const remedy = "check user name and password";
    const details = { happened: "no", code: "unauthorized", at: this.#options.origin ?? "", remedy } as const;
    throw new Fault(`the console does not let ${username} in`, { ...details, ...this.#on() });
  }

  /** All words of the page. */
  text(): string {
    return textOf(this.page);
  }

  /** What the page says went wrong, all of it. */
  alert(): string | undefined {
    const alerts = this.alerts();
    return alerts.length > 0 ? alerts.join("; ") : undefined;
  }

  /** The words of every alert. */
  alerts(): string[] {
    return this.all("alert")
      .map(textOf)
      .filter((text) => text !== "");
  }

  /** The first heading. */
  title(): string {
    const [heading] = this.all("heading");
    return heading ? textOf(heading) : "";
  }

  cookie(name: string): Secret | undefined {
    return this.#cookies.get(name);
  }

  /**
   * Sends one request and follows where it leads. A page is shown whatever its status; what is no page is a Fault. While there
   * is no answer there is no page: nobody acts on the one before it.
   */
  async send(method: ConsoleRequest["method"], path: string, body: string): Promise<void> {
    this.#leave(path);
    // Once a form is on its way, nothing that fails later can say that nothing happened.
    const later: Happened = method === "GET" ? "no" : "unknown";
    let request = this.#requestOf(method, path, body);
    for (let hop = 0; hop <= consoleRedirectsMax; hop += 1) {
      const response = await this.#exchange(request, hop > 0 ? later : undefined);
      this.#cookies.keep(response);
      if (![301, 302, 303].includes(response.status)) return this.#show(request.path, response, later, hop);
      request = this.#requestOf("GET", this.#local(headerOf(response, "location") ?? "", later), "");
    }
    throw this.#pageFault(`more than ${consoleRedirectsMax} redirects follow ${method} ${pathOf(path)}`, later);
  }

  /** `happened` is what is known of everything before this request; undefined for the first. */
  async #exchange(request: ConsoleRequest, happened: Happened | undefined): Promise<ConsoleResponse> {
    try {
      return await this.#send(request);
    } catch (error) {
      if (happened !== "unknown" || !(error instanceof Fault)) throw error;
      throw new Fault(error.message, { ...error.details, happened });
    }
  }

  #leave(path: string): void {
    this.status = 0;
    this.path = path;
    this.page = parsePage("");
    this.copied = undefined;
    this.#filled = new Map();
  }

  #show(path: string, response: ConsoleResponse, happened: Happened, hop: number): void {
    this.status = response.status;
    this.path = path;
    const problem = problemOf(response);
    // Refused for haste, the first request was not performed.
    const known = response.status === 429 && hop === 0 ? "no" : happened;
    const transient = response.status === 429 || response.status >= 500;
    if (problem !== undefined) throw this.#pageFault(`${pathOf(path)} ${problem}`, known, transient);
    this.page = parsePage(response.body, { happened, at: pathOf(path) });
  }

  #pageFault(message: string, happened: Happened, transient = false): Fault {
    const at = this.#options.origin ?? pathOf(this.path);
    const remedy = "open the console in a browser and look";
    return new Fault(message, { happened, code: "page", at, transient, remedy, ...this.#on() });
  }

  #one(role: string, name: string, found: Element[], within: Element | undefined): Element {
    const [element] = found;
    if (element && found.length === 1) return element;
    throw notThere(this.place, { role, name, ...(within ? { within } : {}) }, found.length);
  }

  #openMenu(button: Element): void {
    const id = button.attributes.get("aria-controls") ?? "";
    if (!elementById(this.page, id)) throw screenFault(this.place, `the menu "${textOf(button)}" leads nowhere`);
  }

  async #press(element: Element, what: string): Promise<void> {
    const form = closestOf(element, ({ tag }) => tag === "form");
    const type = element.attributes.get("type") ?? "submit";
    if (!form || type !== "submit") throw screenFault(this.place, `the ${what} does nothing without scripts`);
    await this.submit(form, element);
  }

  /** The path of a link, a form or a redirect. Throws a Fault when it leads to another site. */
  #local(target: string, happened: Happened = "no"): string {
    const base = this.#options.origin ?? placeholder;
    const url = URL.canParse(target, base + this.path) ? new URL(target, base + this.path) : undefined;
    if (url && url.origin === new URL(base).origin) return url.pathname + url.search;
    throw this.#pageFault(`${pathOf(this.path)} leads to another site, where nothing is sent`, happened);
  }

  #requestOf(method: ConsoleRequest["method"], path: string, body: string): ConsoleRequest {
    const { host } = new URL(this.#options.origin ?? placeholder);
    const type = method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {};
    return { method, path, body, headers: { host, ...this.#cookies.header(), ...type } };
  }

  /** Where the page is, for faults about it. */
  get place(): PagePlace {
    const { origin, on, unsaid } = this.#options;
    return { page: this.page, path: pathOf(this.path), origin, on, ...(unsaid ? { unsaid } : {}) };
  }

  #on(): { on?: string } {
    return this.#options.on === undefined ? {} : { on: this.#options.on };
  }
}

function pathOf(path: string): string {
  return path.split("?")[0]!;
}

/** Why an answer is no page, as the end of a sentence. */
function problemOf(response: ConsoleResponse): string | undefined {
  const { status, body } = response;
  const length = Number(headerOf(response, "content-length") ?? 0);
  if (length > Buffer.byteLength(body)) return "was cut off";
  const isPage = /^text\/html\b/i.test(headerOf(response, "content-type") ?? "");
  return isPage && (status < 300 || status >= 400) ? undefined : `was answered with HTTP ${status} and no page`;
}
