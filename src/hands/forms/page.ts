import { descendants, type Element, textOf } from "./element.ts";

/** What somebody who cannot see a page is told of it: roles and accessible names, as far as our own pages need them. */

const tagRoles: Readonly<Record<string, string>> = {
  ...{ button: "button", select: "combobox", textarea: "textbox", option: "option" },
  ...{ h1: "heading", h2: "heading", h3: "heading", h4: "heading", h5: "heading", h6: "heading" },
  ...{ table: "table", tr: "row", td: "cell", ul: "list", ol: "list", li: "listitem", dt: "term", dd: "definition" },
  ...{ nav: "navigation", main: "main", section: "region", header: "banner", footer: "contentinfo", fieldset: "group" },
};

const inputRoles: Readonly<Record<string, string | undefined>> = {
  ...{ checkbox: "checkbox", radio: "radio", search: "searchbox", hidden: undefined },
  ...{ submit: "button", button: "button", reset: "button", image: "button" },
};

/** The role, or undefined for what has none. A password field counts as a textbox. */
export function roleOf({ tag, attributes }: Element): string | undefined {
  const written = attributes.get("role");
  if (written !== undefined) return written === "none" || written === "presentation" ? undefined : written;
  if (tag === "a") return attributes.has("href") ? "link" : undefined;
  if (tag === "th") return attributes.get("scope") === "row" ? "rowheader" : "columnheader";
  if (tag !== "input") return tagRoles[tag];
  const type = (attributes.get("type") ?? "text").toLowerCase();
  return type in inputRoles ? inputRoles[type] : "textbox";
}

/** The roles of what can be filled in. */
export const fieldRoles: readonly string[] = ["textbox", "searchbox", "combobox", "checkbox", "switch"];

const fieldTags = new Set(["input", "select", "textarea"]);
/** Their text is no name: it would be the whole content. */
const namelessByContent = new Set(
  "banner contentinfo form group list main menu navigation region search table tablist tabpanel".split(" "),
);

interface Index {
  ids: ReadonlyMap<string, Element>;
  /** Labels by the id of their field. */
  labels: ReadonlyMap<string, Element>;
}

const indexes = new WeakMap<Element, Index>();

function indexOf(element: Element): Index {
  let root = element;
  while (root.parent) root = root.parent;
  const known = indexes.get(root);
  if (known) return known;
  const all = descendants(root);
  const keyed = (name: string, from: readonly Element[]): Map<string, Element> => {
    const entries = from.flatMap((one) =>
      one.attributes.has(name) ? [[one.attributes.get(name)!, one] as const] : [],
    );
    // The first of several wins, as in a browser.
    return new Map(entries.reverse());
  };
  const labels = all.filter(({ tag }) => tag === "label");
  const index = { ids: keyed("id", all), labels: keyed("for", labels) };
  indexes.set(root, index);
  return index;
}

/** The element with this id on the same page. */
export function elementById(page: Element, id: string): Element | undefined {
  return indexOf(page).ids.get(id);
}

function labelOf(field: Element): string {
  const id = field.attributes.get("id");
  const label = id === undefined ? undefined : indexOf(field).labels.get(id);
  if (label) return textOf(label);
  let around = field.parent;
  while (around && around.tag !== "label") around = around.parent;
  return around ? textOf(around) : (field.attributes.get("title") ?? "");
}

/** The accessible name: `aria-label`, what labels it by reference, the label of a field, the text of most others. */
export function nameOf(element: Element): string {
  const { tag, attributes } = element;
  const written = attributes.get("aria-label")?.trim();
  if (written) return written;
  const references = attributes.get("aria-labelledby")?.split(/\s+/) ?? [];
  const referred = references.flatMap((id) => elementById(element, id) ?? []);
  if (referred.length > 0) return referred.map(textOf).join(" ");
  const role = roleOf(element);
  if (tag === "input" && role === "button") return attributes.get("value") ?? "";
  if (fieldTags.has(tag)) return labelOf(element);
  return role !== undefined && namelessByContent.has(role) ? "" : textOf(element);
}

/** Everything with this role, and with this name when one is given. */
export function withRole(within: Element, role: string, name?: string): Element[] {
  const found = descendants(within).filter((element) => roleOf(element) === role);
  return name === undefined ? found : found.filter((element) => nameOf(element) === name);
}
