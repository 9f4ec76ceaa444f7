/** The one style sheet and the one script of the console. */

export const styleSheet = `:root { --ink: #1f2933; --soft: #52606d; --line: #d5dce4; --paper: #fff; --back: #f4f6f8; --lead: #0b5cad; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
a { color: var(--lead); }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .75rem 1.25rem; background: #12324f; color: #fff; }
header a { color: #fff; text-decoration: none; padding: .25rem 0; }
header a:hover, header a[aria-current] { text-decoration: underline; text-underline-offset: .3em; }
header nav { display: flex; flex-wrap: wrap; gap: 1.25rem; flex: 1; }
header p { margin: 0; font-weight: 600; }
main { max-width: 62rem; margin: 1.5rem auto; padding: 1.25rem 1.5rem; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
h1 { margin: 0 0 1rem; font-size: 1.4rem; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.1rem; }
footer { max-width: 62rem; margin: 0 auto 2rem; padding: 0 1.5rem; color: var(--soft); font-size: .85rem; }
.bar { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; justify-content: space-between; margin-bottom: 1rem; position: relative; }
.bar form, .row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
.field { display: grid; gap: .25rem; margin-bottom: 1rem; max-width: 32rem; }
.bar .field { margin: 0; }
.check { display: flex; gap: .5rem; align-items: center; margin-bottom: .6rem; }
label, dt { font-weight: 600; }
dd { margin: 0 0 .75rem; }
input, select, textarea { font: inherit; color: inherit; padding: .4rem .55rem; border: 1px solid #9aa5b1; border-radius: 5px; background: #fff; }
input[type=checkbox] { width: 1.1rem; height: 1.1rem; }
input[readonly] { background: var(--back); font-family: ui-monospace, monospace; }
:focus-visible { outline: 3px solid #7ab8f5; outline-offset: 1px; }
button, .button { font: inherit; padding: .4rem .9rem; border: 1px solid #9aa5b1; border-radius: 5px; background: #fff; color: inherit; cursor: pointer; text-decoration: none; }
button.lead { background: var(--lead); border-color: var(--lead); color: #fff; }
header button { background: transparent; color: #fff; border-color: #fff8; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .5rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; }
thead th { color: var(--soft); font-size: .85rem; }
[role=tablist] { display: flex; gap: .25rem; border-bottom: 1px solid var(--line); margin-bottom: 1.25rem; }
[role=tab] { padding: .5rem 1rem; color: inherit; text-decoration: none; border-bottom: 3px solid transparent; }
[role=tab][aria-selected=true] { border-color: var(--lead); font-weight: 600; }
.menu { position: relative; display: inline-block; }
[role=menu] { position: absolute; right: 0; z-index: 1; min-width: 14rem; padding: .25rem; background: #fff; border: 1px solid var(--line); border-radius: 6px; box-shadow: 0 6px 20px #0002; }
td [role=menu].at-key { left: 0; right: auto; }
[role=menuitem] { display: block; width: 100%; padding: .45rem .7rem; border: 0; border-radius: 4px; background: none; color: inherit; text-align: left; text-decoration: none; }
[role=menuitem]:hover { background: var(--back); }
[hidden] { display: none; }
.says { padding: .6rem .9rem; border-radius: 5px; margin-bottom: 1rem; background: #e3f5e8; border: 1px solid #9ad1aa; }
.alert { background: #fdecea; border-color: #e2a29b; }
.none { color: var(--soft); }
@media (max-width: 40rem) { main { margin: 0; border: 0; border-radius: 0; } .field { max-width: none; } }
`;

/** Opens menus by click and by right-click, closes them, and copies. Everything else works without it. */
export const script = `const close = () => {
  for (const menu of document.querySelectorAll("[role=menu]")) menu.hidden = true;
  for (const button of document.querySelectorAll("[aria-haspopup=menu]")) button.setAttribute("aria-expanded", "false");
};
const open = (menu) => {
  close();
  menu.hidden = false;
  menu.querySelector("[role=menuitem]")?.focus();
};
document.addEventListener("click", async (event) => {
  const copied = event.target.closest("[data-copy]");
  if (copied) await navigator.clipboard.writeText(copied.dataset.copy);
  const button = event.target.closest("[aria-haspopup=menu]");
  const menu = button && document.getElementById(button.getAttribute("aria-controls"));
  if (!menu || !menu.hidden) return close();
  open(menu);
  button.setAttribute("aria-expanded", "true");
});
document.addEventListener("contextmenu", (event) => {
  const target = event.target.closest("[data-menu]");
  if (!target) return;
  event.preventDefault();
  open(document.getElementById(target.dataset.menu));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
`;
