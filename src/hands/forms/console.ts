import { Fault } from "../../diagnostic.ts";
import type { ListRow, SignIn } from "../../screen.ts";
import { Secret } from "../../secret.ts";
import type { ConsolePage, Control, Heard, Where } from "../console.ts";
import { screenFault, signedOutFault } from "../screen-fault.ts";
import { Unsaid } from "../unsaid.ts";
import { ConsoleDriver, type ConsoleDriverOptions } from "./driver.ts";
import { closestOf, descendants, type Element, textOf } from "./element.ts";
import { realChoicesOf } from "./fields.ts";
import { notThere } from "./not-there.ts";
import { elementById, fieldRoles, nameOf, roleOf } from "./page.ts";
import { rowsOf } from "./table.ts";
import type { SendRequest } from "./wire.ts";

export interface FormsConsoleOptions extends ConsoleDriverOptions {
  /** What the sign-in page is told by. */
  signIn?: SignIn;
}

/** The port of a console over pages that a server renders whole, without a browser. Nothing on such a page has to be waited for. */
export class FormsConsole implements ConsolePage {
  sent = 0;
  readonly unsaid = new Unsaid();
  readonly #driver: ConsoleDriver;
  readonly #signIn: SignIn | undefined;

  constructor(send: SendRequest, { signIn, ...options }: FormsConsoleOptions = {}) {
    this.#driver = new ConsoleDriver((request) => this.#counted(send, request), { ...options, unsaid: this.unsaid });
    this.#signIn = signIn;
  }

  get status(): number {
    return this.#driver.status;
  }

  get address(): string {
    return `${this.#driver.place.origin ?? ""}${this.#driver.path}`;
  }

  async open(url: string): Promise<void> {
    await this.#arrive(this.#driver.goto(url));
  }

  async press({ role, text }: Control, where: Where = {}): Promise<void> {
    const scope = where.menu ? this.#menu(where.menu, this.#scope(where)) : this.#scope(where);
    await this.#arrive(this.#driver.click(role, text, scope));
  }

  async openRow(name: string): Promise<void> {
    const header = this.#driver.find("rowheader", name);
    const [link, ...others] = this.#driver.all("link", undefined, header);
    if (!link || others.length > 0)
      throw screenFault(this.#driver.place, `the row "${name}" has no link that opens it`);
    await this.#arrive(this.#driver.click("link", textOf(link), header));
  }

  async enter(field: Control): Promise<void> {
    const form = closestOf(this.#field(field), ({ tag }) => tag === "form");
    if (!form) throw screenFault(this.#driver.place, `the field "${field.text}" belongs to no form`);
    const button = descendants(form).find(isSubmit);
    await this.#arrive(this.#driver.submit(form, button));
  }

  async fill(control: Control, value: string | boolean | Secret): Promise<void> {
    const field = this.#field(control);
    if (value instanceof Secret) this.unsaid.add(value);
    if (field.tag !== "button") return this.#driver.fillIn(field, control.text, value);
    if (typeof value !== "boolean") throw screenFault(this.#driver.place, `the ${sayControl(control)} is on or off`);
    if (checked(field) === value) return;
    const { part: within, text } = control;
    await this.press({ role: roleOf(field) ?? control.role, text }, within ? { within } : {});
    const shown = await this.value(control);
    if (shown === value) return;
    throw screenFault(this.#driver.place, `the ${sayControl(control)} shows ${shown} after it was set to ${value}`);
  }

  async choices(control: Control): Promise<string[]> {
    return realChoicesOf(this.#field(control));
  }

  async value(control: Control): Promise<string | boolean> {
    const field = this.#field(control);
    return field.tag === "button" ? checked(field) : this.#driver.valueOf(field);
  }

  async ticked({ role, text }: Control, all = false): Promise<string[]> {
    const boxes = this.#driver.all("checkbox", undefined, this.#driver.find(role, text));
    return boxes.filter((box) => all || this.#driver.valueOf(box) === true).map(nameOf);
  }

  async secret(control: Control): Promise<Secret> {
    const secret = this.#driver.secretOf(this.#field(control));
    this.unsaid.add(secret);
    return secret;
  }

  async secrets(column: Control): Promise<Secret[]> {
    this.#driver.find(column.role, column.text);
    const rows = rowsOf(this.#driver.page);
    const found = rows.flatMap(({ cells }) => (column.text in cells ? [new Secret(cells[column.text] ?? "")] : []));
    for (const secret of found) this.unsaid.add(secret);
    return found;
  }

  async has({ role, text, part }: Control, where: Omit<Where, "menu"> = {}): Promise<boolean> {
    const scope = this.#scope(where);
    const parts = part ? this.#all(part, scope) : [scope];
    return parts.some((one) => this.#all({ role, text }, one).length > 0);
  }

  comesUp(control: Control): Promise<boolean> {
    return this.has(control);
  }

  async isSelected({ role, text }: Control, where: Omit<Where, "menu"> = {}): Promise<boolean> {
    const found = this.#driver.all(role, text, this.#scope(where));
    return found.length === 1 && found[0]?.attributes.get("aria-selected") === "true";
  }

  async waitFor(controls: readonly Control[]): Promise<Control> {
    const found = controls.find((control) => this.#all(control).length > 0);
    if (found) return found;
    const [{ role, text }] = controls as [Control];
    throw notThere(this.#driver.place, { role, name: text }, 0);
  }

  async rows(): Promise<ListRow[]> {
    return rowsOf(this.#driver.page);
  }

  async hear(): Promise<Heard> {
    const { status } = this.#driver;
    const refused = status >= 400 ? { refused: `${this.#driver.title()} (HTTP ${status})`.trim() } : {};
    return { alerts: this.#driver.alerts().map((text) => this.unsaid.clean(text)), ...refused };
  }

  /** One request, counted unless it surely changed nothing: refused for haste, or never arrived. */
  async #counted(send: SendRequest, request: Parameters<SendRequest>[0]): ReturnType<SendRequest> {
    if (request.method === "GET") return send(request);
    this.sent += 1;
    try {
      const response = await send(request);
      if (response.status === 429) this.sent -= 1;
      return response;
    } catch (error) {
      if (error instanceof Fault && error.details.happened === "no") this.sent -= 1;
      throw error;
    }
  }

  async #arrive(moved: Promise<void>): Promise<void> {
    await moved;
    if (this.#signIn && this.#isSignInPage(this.#signIn)) throw signedOutFault(this.#driver.place);
  }

  #isSignInPage({ userName, password, button }: SignIn): boolean {
    return [userName, password, button].every(({ role, text }) => this.#driver.all(role, text).length > 0);
  }

  #scope({ row, within }: Where): Element | undefined {
    const part = within && this.#driver.find(within.role, within.text);
    if (row === undefined) return part;
    const header = this.#driver.find("rowheader", row, part);
    return closestOf(header, (element) => roleOf(element) === "row") ?? header;
  }

  #menu({ role, text }: Control, scope: Element | undefined): Element {
    const button = this.#driver.find(role, text, scope);
    const menu = elementById(this.#driver.page, button.attributes.get("aria-controls") ?? "");
    if (menu) return menu;
    throw screenFault(this.#driver.place, `the ${sayControl({ role, text })} opens no menu`);
  }

  #all({ role, text }: Control, within?: Element): Element[] {
    const roles = role === "field" ? fieldRoles : [role];
    return roles.flatMap((one) => this.#driver.all(one, text, within));
  }

  /** One that says its part of the page is looked for there alone: elsewhere its words may be another one's. */
  #field(control: Control): Element {
    const { role, text, part } = control;
    const within = part && this.#driver.find(part.role, part.text);
    return role === "field" ? this.#driver.field(text, within) : this.#driver.find(role, text, within);
  }
}

const sayControl = ({ role, text }: Control): string => `${role} "${text}"`;

/** A check box that is a button: pressing it sends its form. */
function checked({ attributes }: Element): boolean | string {
  const state = attributes.get("aria-checked") ?? "";
  return state === "mixed" ? state : state === "true";
}

function isSubmit({ tag, attributes }: Element): boolean {
  const type = attributes.get("type") ?? (tag === "button" ? "submit" : "");
  return (tag === "button" || tag === "input") && type === "submit" && !attributes.has("disabled");
}
