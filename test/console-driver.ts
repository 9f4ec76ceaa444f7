import type { SimRequest, SimResponse } from "../src/simulators/wire.ts";
import { descendants, type Element, nameOf, parsePage, roleOf, textOf } from "./console-page.ts";

const redirectsMax = 5;

/** Uses a simulated console as a person would: by role, accessible name and label. Keeps cookies, follows redirects. */
export class ConsoleDriver {
  readonly cookies = new Map<string, string>();
  status = 0;
  path = "/";
  source = "";
  page: Element = parsePage("<p></p>");
  private readonly handle: (request: SimRequest) => Promise<SimResponse>;

  constructor(simulator: { handle(request: SimRequest): Promise<SimResponse> }) {
    this.handle = (request) => simulator.handle(request);
  }

  async goto(path: string): Promise<void> {
    await this.send("GET", path, "");
  }

  all(role: string, name?: string, within: Element = this.page): Element[] {
    const found = descendants(within).filter((element) => roleOf(element) === role);
    return found.filter((element) => name === undefined || nameOf(element) === name);
  }

  find(role: string, name: string, within?: Element): Element {
    const found = this.all(role, name, within);
    if (found.length !== 1) throw new Error(`${found.length} of ${role} "${name}" on ${this.path}:\n${this.text()}`);
    return found[0]!;
  }

  /** The row that this row header names. */
  row(name: string): Element {
    const header = this.find("rowheader", name);
    return header.parent!;
  }

  field(label: string): Element {
    const fields = ["textbox", "searchbox", "combobox", "checkbox"].flatMap((role) => this.all(role, label));
    if (fields.length !== 1) throw new Error(`${fields.length} fields "${label}" on ${this.path}:\n${this.text()}`);
    return fields[0]!;
  }

  value(label: string): string | boolean {
    const field = this.field(label);
    if (roleOf(field) === "checkbox") return field.attributes.has("checked");
    return sentValue(field);
  }

  fill(label: string, value: string | boolean): void {
    const field = this.field(label);
    if (typeof value === "boolean") {
      if (value) field.attributes.set("checked", "");
      else field.attributes.delete("checked");
    } else if (field.tag === "select") {
      const option = descendants(field).find((one) => textOf(one) === value);
      if (!option) throw new Error(`"${label}" has no option ${value}`);
      for (const one of descendants(field)) one.attributes.delete("selected");
      option.attributes.set("selected", "");
    } else if (field.tag === "textarea") field.children = [value];
    else field.attributes.set("value", value);
  }

  /** Follows a link or sends the form of a button. */
  async click(role: string, name: string, within?: Element): Promise<void> {
    const element = this.find(role, name, within);
    const href = element.attributes.get("href");
    if (href !== undefined) return this.goto(href);
    await this.submit(formOf(element));
  }

  async submit(form: Element): Promise<void> {
    const values = new URLSearchParams();
    for (const field of descendants(form)) {
      const name = field.attributes.get("name");
      if (name === undefined || (field.attributes.get("type") === "checkbox" && !field.attributes.has("checked")))
        continue;
      values.set(name, sentValue(field));
    }
    const action = form.attributes.get("action") ?? this.path;
    const isPost = form.attributes.get("method") === "post";
    await (isPost ? this.send("POST", action, values.toString()) : this.send("GET", `${action}?${values}`, ""));
  }

  async signIn({ username, password }: { username: string; password: string }): Promise<void> {
    await this.goto("/signin");
    this.fill("User name", username);
    this.fill("Password", password);
    await this.click("button", "Sign in");
  }

  text(): string {
    return textOf(this.page);
  }

  alert(): string | undefined {
    const [alert] = this.all("alert");
    return alert && textOf(alert);
  }

  title(): string {
    return textOf(this.all("heading")[0]!);
  }

  async send(method: string, path: string, body: string): Promise<void> {
    let [verb, to, text] = [method, path, body];
    for (let hop = 0; hop <= redirectsMax; hop += 1) {
      const response = await this.handle({ method: verb, path: to, headers: this.headers(), body: text });
      this.keepCookies(response);
      const location = response.headers.location;
      if (response.status !== 303 || typeof location !== "string") return this.show(to, response);
      [verb, to, text] = ["GET", location, ""];
    }
    throw new Error(`more than ${redirectsMax} redirects from ${path}`);
  }

  private headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return { host: "venue.example", cookie, "content-type": "application/x-www-form-urlencoded" };
  }

  private keepCookies(response: SimResponse): void {
    for (const cookie of [response.headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.cookies.set(name, value);
    }
  }

  private show(path: string, response: SimResponse): void {
    this.path = path;
    this.status = response.status;
    this.source = response.body;
    this.page = parsePage(response.body.replace(/^<!doctype html>/, ""));
  }
}

function formOf(element: Element): Element {
  if (element.tag === "form") return element;
  if (!element.parent) throw new Error("a button outside of forms does nothing here");
  return formOf(element.parent);
}

function sentValue(field: Element): string {
  if (field.tag === "textarea") return textOf(field);
  if (field.tag !== "select") return field.attributes.get("value") ?? "";
  const options = descendants(field);
  return textOf(options.find((option) => option.attributes.has("selected")) ?? options[0]!);
}
