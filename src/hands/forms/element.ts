/** One element of a page as it came from the server. Scripts never run, so it never changes. */
export interface Element {
  /** Lower case. */
  readonly tag: string;
  /** Lower-case names; an attribute without a value is empty. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (Element | string)[];
  /** Undefined for the root, whose tag is `#root`. */
  readonly parent: Element | undefined;
}

/** Every element below this one, in the order of the page. */
export function descendants(element: Element): Element[] {
  return element.children.flatMap((child) => (typeof child === "string" ? [] : [child, ...descendants(child)]));
}

/** The nearest element around this one, itself included, that `matches`. */
export function closestOf(element: Element, matches: (candidate: Element) => boolean): Element | undefined {
  let at: Element | undefined = element;
  while (at && !matches(at)) at = at.parent;
  return at;
}

/** Text that stands between other words without a gap; around everything else there is one. */
const inlineTags = new Set("a abbr b code em i kbd mark s small span strong sub sup time u".split(" "));
const silentTags = new Set(["script", "style", "head"]);

function isHidden({ attributes }: Element): boolean {
  return attributes.has("hidden") || attributes.get("aria-hidden") === "true";
}

function wordsOf(element: Element): string {
  const parts = element.children.map((child) => {
    if (typeof child === "string") return child;
    if (silentTags.has(child.tag) || isHidden(child)) return "";
    return inlineTags.has(child.tag) ? wordsOf(child) : ` ${wordsOf(child)} `;
  });
  return parts.join("");
}

/** What the element says: blanks collapsed, without what is hidden inside it. It can hold what a page shows of a secret. */
export function textOf(element: Element): string {
  return wordsOf(element).replace(/\s+/g, " ").trim();
}

/** Text as it stands, line breaks and blanks included. */
export function rawTextOf(element: Element): string {
  return element.children.map((child) => (typeof child === "string" ? child : rawTextOf(child))).join("");
}
