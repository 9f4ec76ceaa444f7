/** Just enough of a document tree to find things on a simulated console the way a browser's driver does. */

export interface Element {
  tag: string;
  attributes: Map<string, string>;
  children: (Element | string)[];
  parent: Element | undefined;
}

const voidTags = new Set(["input", "meta", "link", "br"]);
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const decode = (text: string) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]!);

function attributesOf(text: string): Map<string, string> {
  const found = text.matchAll(/([a-z-]+)(?:="([^"]*)")?/g);
  return new Map([...found].map(([, name, value]) => [name!, decode(value ?? "")]));
}

/** Throws on a tag that is closed in the wrong place, so that sloppy pages do not pass. */
export function parsePage(text: string): Element {
  const root: Element = { tag: "#root", attributes: new Map(), children: [], parent: undefined };
  let at = root;
  for (const [, slash, tag, attributes, words] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:\s[^>]*)?)>|([^<]+)/g)) {
    if (words !== undefined) {
      at.children.push(decode(words));
    } else if (slash === "/") {
      if (at.tag !== tag) throw new Error(`</${tag}> closes <${at.tag}>`);
      at = at.parent!;
    } else {
      const element: Element = { tag: tag!, attributes: attributesOf(attributes!), children: [], parent: at };
      at.children.push(element);
      if (!voidTags.has(tag!)) at = element;
    }
  }
  if (at !== root) throw new Error(`<${at.tag}> is never closed`);
  return root;
}

export function textOf(element: Element): string {
  const parts = element.children.map((child) => (typeof child === "string" ? child : textOf(child)));
  return parts.join("").replace(/\s+/g, " ").trim();
}

export function descendants(element: Element): Element[] {
  return element.children.flatMap((child) => (typeof child === "string" ? [] : [child, ...descendants(child)]));
}

const tagRoles: Record<string, string> = {
  ...{ a: "link", button: "button", h1: "heading", h2: "heading", nav: "navigation", select: "combobox", tr: "row" },
  ...{ textarea: "textbox", table: "table", td: "cell", section: "region", main: "main", dt: "term" },
};

export function roleOf(element: Element): string | undefined {
  const { tag, attributes } = element;
  const type = attributes.get("type");
  if (attributes.has("role")) return attributes.get("role");
  if (tag === "th") return attributes.get("scope") === "row" ? "rowheader" : "columnheader";
  if (tag !== "input") return tagRoles[tag];
  return type === "checkbox" ? "checkbox" : type === "search" ? "searchbox" : type === "hidden" ? undefined : "textbox";
}

function rootOf(element: Element): Element {
  return element.parent ? rootOf(element.parent) : element;
}

const fieldTags = ["input", "select", "textarea"];

/** The accessible name: aria-label, the heading that labels it, the label of a field, the text of anything else. */
export function nameOf(element: Element): string {
  const { tag, attributes } = element;
  const everything = descendants(rootOf(element));
  const labeled = attributes.get("aria-labelledby");
  if (attributes.has("aria-label")) return attributes.get("aria-label")!;
  if (labeled !== undefined) return textOf(everything.find((other) => other.attributes.get("id") === labeled)!);
  if (!fieldTags.includes(tag)) return textOf(element);
  const label = everything.find(
    (other) => other.tag === "label" && other.attributes.get("for") === attributes.get("id"),
  );
  return label ? textOf(label) : "";
}

/** What is wrong with the page for somebody who cannot see it. */
export function accessibilityProblems(page: Element): string[] {
  const all = descendants(page);
  const ids = all.flatMap((element) => element.attributes.get("id") ?? []);
  const nameless = all.filter(
    (element) =>
      ["textbox", "searchbox", "checkbox", "combobox", "button", "link", "menuitem", "tab"].includes(
        roleOf(element) ?? "",
      ) && nameOf(element) === "",
  );
  const pointers = all.flatMap((element) =>
    ["for", "aria-controls", "aria-labelledby", "data-menu"].flatMap((name) => element.attributes.get(name) ?? []),
  );
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `the id ${id} is there twice`),
    ...nameless.map((element) => `<${element.tag}> has no name`),
    ...pointers.filter((id) => !ids.includes(id)).map((id) => `nothing has the id ${id}`),
    ...(all.filter(({ tag }) => tag === "h1").length === 1 ? [] : ["a page has one h1"]),
  ];
}
