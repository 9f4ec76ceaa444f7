import type { SimResponse } from "../wire.ts";
import { type Content, html } from "./html.ts";

/** The frame around every page of a simulated console, and the answers that consoles give. */

export type FramedPage = {
  title: string;
  content: Content;
  /** The part of the product that the page belongs to. */
  place: string;
  /** 200 when left out. */
  status?: number;
  /** What went wrong. */
  alert?: string | undefined;
  /** What went well. */
  said?: string | undefined;
  /** What the title belongs to, above it. */
  kicker?: string | undefined;
  /** `menu`: the page is the menu itself. `narrow`: one small form. `wide`: as wide as the window. */
  shape?: "menu" | "narrow" | "wide" | undefined;
  /** What stands before the place, at the very top. */
  start?: Content;
  /** Where one can go from here, below the top. */
  menu?: Content;
  /** Who is signed in, and the way out. */
  who?: Content;
};

const pageHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** A whole page. It says that it is a simulator's. */
export function framedPage({ title, content, place, status = 200, kicker, shape, ...page }: FramedPage): SimResponse {
  const { alert, said, start, menu, who } = page;
  const mainClass = (shape === "narrow" || shape === "wide") && html` class="${shape}"`;
  const messages = html`${alert !== undefined && html`<div class="says alert" role="alert">${alert}</div>\n`}
${said !== undefined && html`<div class="says" role="status">${said}</div>\n`}`;
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - simulated ${place}</title>
<link rel="icon" href="/assets/console.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/console.css">
<script src="/assets/console.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><div class="top">${start}<p class="where">${place}</p><span class="tag">Simulator</span>
${who}</div>
${menu}</header>
<main id="content"${mainClass}>
${kicker !== undefined && html`<p class="kicker">${kicker}</p>\n`}<h1>${title}</h1>
${messages}${content}
</main>
<footer>A simulation made from public documents. It is not the vendor's product, and it forgets everything when it ends.</footer>
</body>
</html>
`;
  return { status, headers: { ...pageHeaders }, body: body.text };
}

/** On to another page after a form. `said` names what the page says then. */
export function redirect(location: string, said?: string): SimResponse {
  const query = said === undefined ? "" : `${location.includes("?") ? "&" : "?"}said=${said}`;
  return { status: 303, headers: { location: location + query, "cache-control": "no-store" }, body: "" };
}

/** A refusal that is shown as a page of its own; texts are the simulators' own. */
export class PageRefusal extends Error {
  readonly status: number;
  readonly title: string;
  constructor(status: number, title: string, message: string) {
    super(message);
    this.status = status;
    this.title = title;
  }
}

export const noSuchPage = (): PageRefusal => new PageRefusal(404, "Not found", "There is no such page.");
