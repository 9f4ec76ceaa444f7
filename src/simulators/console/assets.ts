import type { SimRequest, SimResponse } from "../wire.ts";

/** The style sheet, the icon and the one script of the consoles. Nothing comes from elsewhere. */

/** What a console looks like of its own. */
export type Theme = {
  /** Color of links and main buttons, and the same darker; both as in CSS, with enough contrast on white. */
  lead: string;
  leadDark: string;
  /** What the icon draws, in a square of 16 by 16. */
  mark: string;
  /** Rules beside those of all consoles. */
  more?: string;
};

const frame = `:root {
  --ink: #1b2733; --soft: #51606f; --line: #d8dee6; --edge: #7c8896; --paper: #fff; --back: #f3f5f8;
  --good: #17603a; --bad: #9c1c13;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
a { color: var(--lead); text-underline-offset: .18em; }
a:hover { color: var(--lead-dark); }
:focus-visible { outline: 3px solid var(--lead); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; padding: .5rem 1rem; background: var(--paper); }
.skip:focus { left: .5rem; top: .5rem; z-index: 2; }
header { background: var(--paper); border-bottom: 1px solid var(--line); }
.top, header nav { max-width: 66rem; margin: 0 auto; padding: 0 1.5rem; display: flex; flex-wrap: wrap; align-items: center; }
.top { padding-top: .75rem; padding-bottom: .75rem; gap: .5rem 1rem; }
.where { margin: 0; font-size: 1.125rem; font-weight: 650; }
.tag { padding: .05rem .6rem; border: 1px solid var(--edge); border-radius: 1rem; color: var(--soft); font-size: .8125rem; }
.who { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin-left: auto; color: var(--soft); }
header nav { gap: 0 .25rem; margin-bottom: -1px; }
header nav a, [role=tab] { padding: .5rem .75rem; color: var(--ink); text-decoration: none; border-bottom: 3px solid transparent; }
header nav a { margin-left: -.75rem; margin-right: .75rem; }
header nav a:hover, [role=tab]:hover { border-color: var(--edge); }
header nav a[aria-current], [role=tab][aria-selected=true] { border-color: var(--lead); font-weight: 600; }
main { max-width: 63rem; margin: 1.75rem auto 1rem; padding: 1.5rem 1.75rem 1.75rem; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
main.narrow { max-width: 26rem; margin-top: 4rem; }
footer { max-width: 63rem; margin: 0 auto 2rem; padding: 0 1.75rem; color: var(--soft); font-size: .8125rem; }
main.narrow + footer { max-width: 26rem; }
h1 { margin: 0 0 1.25rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2rem 0 .5rem; font-size: 1.125rem; }
.kicker { margin: 0 0 .15rem; color: var(--soft); font-size: .875rem; }
.none, .hint { color: var(--soft); }
.hint { font-size: .875rem; }
.says { padding: .65rem 1rem; border-left: 4px solid var(--good); border-radius: 4px; margin-bottom: 1.25rem; background: #e6f4ec; }
.alert { border-color: var(--bad); background: #fdeceb; }
.toast { position: fixed; right: 1.5rem; bottom: 1.5rem; margin: 0; box-shadow: 0 6px 20px #0003; }
[hidden] { display: none !important; }
`;

const parts = `.bar { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; justify-content: space-between; margin-bottom: 1.25rem; }
.bar form, .row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
.bar .field { flex: 0 1 auto; }
.bar input { width: min(20rem, 100vw - 4rem); }
.bar select { min-width: 10rem; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: 1.1rem 1.75rem; align-items: start; }
.fields .wide, .checks { grid-column: 1 / -1; }
.field { display: grid; gap: .3rem; }
.field .hint { margin: 0; }
.checks { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: .6rem 1.75rem; padding: .9rem 0; border: solid var(--line); border-width: 1px 0; }
.check { display: flex; gap: .6rem; align-items: center; }
.check label { font-weight: 400; }
label, dt { font-weight: 600; }
.star { color: var(--bad); }
dl { margin: 0; }
dd { margin: 0 0 1rem; overflow-wrap: anywhere; }
input, select, textarea { font: inherit; color: inherit; padding: .45rem .6rem; border: 1px solid var(--edge); border-radius: 5px; background: var(--paper); }
input[type=checkbox] { flex: none; width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--lead); }
input[readonly] { background: var(--back); }
.exact input, code { font-family: ui-monospace, "Cascadia Mono", Consolas, monospace; font-size: .9375rem; overflow-wrap: anywhere; }
.row.end { margin-top: 1.5rem; }
button, .button { display: inline-block; font: inherit; line-height: 1.4; padding: .45rem 1rem; border: 1px solid var(--edge); border-radius: 5px; background: var(--paper); color: var(--ink); cursor: pointer; text-decoration: none; }
button:hover, .button:hover { background: var(--back); color: var(--ink); }
button.lead { background: var(--lead); border-color: var(--lead); color: #fff; }
button.lead:hover { background: var(--lead-dark); }
button.danger { background: var(--bad); border-color: var(--bad); color: #fff; }
button.danger:hover { background: #7c150e; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1rem; margin: 0; padding: 0; list-style: none; }
.cards li { position: relative; padding: 1rem 1.1rem; border: 1px solid var(--line); border-radius: 6px; }
.cards li:hover { border-color: var(--lead); }
.cards a { font-weight: 600; }
.cards a::after { content: ""; position: absolute; inset: 0; border-radius: 6px; }
.cards p { margin: .25rem 0 0; color: var(--soft); font-size: .9375rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .6rem .75rem .6rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; overflow-wrap: anywhere; }
thead th { color: var(--soft); font-size: .875rem; font-weight: 600; }
tbody th { font-weight: 600; }
table.even { table-layout: fixed; }
td:last-child button, td:last-child .button { padding: .3rem .75rem; }
td:last-child [role=menuitem] { padding: .5rem .75rem; }
.badge { display: inline-block; padding: .05rem .6rem; border-radius: 1rem; background: #e8edf3; font-size: .875rem; }
.badge.active, .badge.approved { background: #dff1e6; color: var(--good); }
.badge.deleted, .badge.retired { background: #fbe4e2; color: var(--bad); }
.pages { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0 0; color: var(--soft); }
.split { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; border-bottom: 1px solid var(--line); margin-bottom: 1.5rem; }
.split .menu { margin: 0 0 .4rem auto; }
[role=tablist] { display: flex; flex-wrap: wrap; gap: .25rem; align-self: end; }
[role=tab] { margin-bottom: -1px; }
.menu { position: relative; display: inline-block; }
[role=menu] { position: absolute; left: 0; top: 100%; z-index: 1; min-width: 15rem; max-width: calc(100vw - 4rem); margin-top: .25rem; padding: .3rem; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; box-shadow: 0 6px 20px #0002; }
.split [role=menu], td .row [role=menu] { left: auto; right: 0; }
[role=menuitem] { display: block; width: 100%; padding: .5rem .75rem; border: 0; border-radius: 4px; background: none; color: var(--ink); text-align: left; text-decoration: none; }
[role=menuitem]:hover, [role=menuitem]:focus { background: var(--back); color: var(--ink); }
@media (max-width: 40rem) {
  .top, header nav { padding-left: 1rem; padding-right: 1rem; }
  main { margin: 0; padding: 1.25rem 1rem 1.5rem; border-width: 0 0 1px; border-radius: 0; }
  main.narrow { max-width: none; margin-top: 0; }
  footer, main.narrow + footer { max-width: none; margin-top: .75rem; padding: 0 1rem; }
}
`;

/** Opens menus by click, key and right-click, closes them, shows what can be done to selected rows, and copies. */
const script = `let opener;
const openMenu = () => document.querySelector("[role=menu]:not([hidden])");
const itemsOf = (menu) => [...menu.querySelectorAll("[role=menuitem]")];
const close = (back) => {
  const menu = openMenu();
  if (!menu) return;
  menu.hidden = true;
  if (opener.ariaExpanded !== null) opener.ariaExpanded = "false";
  if (back) opener.focus();
};
const open = (menu, from) => {
  close(false);
  opener = from;
  menu.hidden = false;
  if (from.ariaExpanded !== null) from.ariaExpanded = "true";
  itemsOf(menu)[0]?.focus();
};
const say = (text) => {
  let toast = document.querySelector(".toast");
  if (!toast) {
    toast = document.createElement("p");
    toast.className = "says toast";
    toast.setAttribute("role", "status");
    document.body.append(toast);
  }
  toast.textContent = text;
};
const copy = (text) =>
  navigator.clipboard.writeText(text).then(
    () => say("Copied to the clipboard."),
    () => say("The browser does not allow copying here."),
  );
document.addEventListener("click", (event) => {
  const copied = event.target.closest("[data-copy]");
  if (copied) copy(copied.dataset.copy);
  const button = event.target.closest("[aria-haspopup=menu]");
  const menu = button && document.getElementById(button.getAttribute("aria-controls"));
  if (menu && menu.hidden) open(menu, button);
  else close(Boolean(copied || menu));
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  const bar = form?.querySelector("[data-selection]");
  if (bar) bar.hidden = !form.querySelector("[name=select]:checked");
});
document.addEventListener("contextmenu", (event) => {
  const target = event.target.closest("[data-menu]") ?? event.target.querySelector(":scope > .menu > [data-menu]");
  if (!target) return;
  event.preventDefault();
  open(document.getElementById(target.dataset.menu), target);
});
document.addEventListener("keydown", (event) => {
  const menu = openMenu();
  if (!menu) return;
  if (event.key === "Escape") close(true);
  if (event.key === "Tab") close(false);
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
});
`;

/** What `/assets/…` of a console holds. */
export function consoleAssets({
  lead,
  leadDark,
  mark,
  more = "",
}: Theme): (request: SimRequest) => SimResponse | undefined {
  const colors = `:root { --lead: ${lead}; --lead-dark: ${leadDark}; }\n`;
  const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="${lead}"/><path d="${mark}" fill="none" stroke="#fff" stroke-width="2"/></svg>\n`;
  const assets: Readonly<Record<string, { type: string; body: string }>> = {
    "/assets/console.css": { type: "text/css; charset=utf-8", body: colors + frame + parts + more },
    "/assets/console.js": { type: "text/javascript; charset=utf-8", body: script },
    "/assets/console.svg": { type: "image/svg+xml; charset=utf-8", body: icon },
  };
  return ({ path }) => {
    const asset = Object.hasOwn(assets, path) ? assets[path] : undefined;
    return asset && { status: 200, headers: { "content-type": asset.type }, body: asset.body };
  };
}
