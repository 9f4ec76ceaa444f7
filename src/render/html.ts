import { escapeHtml } from "./markup.ts";
import { visible } from "./visible.ts";

/** HTML that was built by `html`; only that goes into a page as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template. Text is made visible and escaped; a list is put together; nothing shows for `undefined`. */
export type Content = Html | string | number | undefined | readonly Content[];

/** Builds HTML; whatever is put into it is escaped, as content and inside a quoted attribute. */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Html {
  const text = parts.reduce((whole, part, index) => `${whole}${textOf(contents[index - 1])}${part}`);
  return new Html(text);
}

function textOf(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "object") return content.map(textOf).join("");
  return escapeHtml(visible(String(content)));
}
