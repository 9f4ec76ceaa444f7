/** What this console looks like beside the others: a list with a panel to its right, and right selectors. */
export const consoleStyle = `main.wide { max-width: min(100rem, calc(100% - 3rem)); margin: 1.25rem auto; }
.top .menu.main { margin-left: -.5rem; }
header:has(+ main.wide) .top { max-width: 100rem; }
main.wide + footer { max-width: 100rem; }
.menu.main > button { border: 0; font-size: 1.25rem; line-height: 1; padding: .35rem .6rem; background: none; }
.menu.main [role=group] + [role=group] { margin-top: .3rem; padding-top: .3rem; border-top: 1px solid var(--line); }
.menu.main p { margin: .3rem .75rem; color: var(--soft); font-size: .8125rem; font-weight: 600; }
.menu.main [role=group] [role=group] { margin-left: .6rem; }
.menu.main [role=group] [role=group] p { font-weight: 400; }
.initials { display: inline-grid; place-items: center; width: 2.1rem; height: 2.1rem; border-radius: 50%; background: var(--lead); color: #fff; font-size: .875rem; font-weight: 600; text-decoration: none; }
.initials:hover { background: var(--lead-dark); color: #fff; }
.tools { gap: .5rem; }
.tools [role=menu] { left: auto; right: 0; }
.soft { color: var(--soft); }
.scroll { overflow-x: auto; }
main.wide .bar select { min-width: 7rem; }
main.wide .bar input { width: 14rem; }
main.wide th, main.wide td { padding: .45rem .75rem .45rem 0; overflow-wrap: normal; }
main.wide thead th { vertical-align: bottom; }
main.wide thead td, main.wide tbody td:first-child { width: 2rem; }
main.wide tbody td:first-child input { display: block; }
main.wide .list tbody th { overflow-wrap: anywhere; }
main.wide .bar input, main.wide .bar select, main.wide .bar button { height: 2.45rem; }
main.wide .beside .bar input { width: 9rem; }
main.wide .beside .bar select { min-width: 5rem; padding-left: .4rem; padding-right: .2rem; }
tr.open { background: var(--back); }
.selection { margin: 0 0 .5rem; }
[role=link] { border: 0; padding: 0; background: none; color: var(--lead); text-decoration: underline; text-underline-offset: .18em; }
[role=link]:hover { background: none; color: var(--lead-dark); }
.selection [role=link] { margin-right: 1rem; }
.beside { display: grid; grid-template-columns: minmax(22rem, 5fr) minmax(30rem, 7fr); gap: 2rem; align-items: start; }
.beside .bar { margin-bottom: .75rem; }
.panel { border-left: 1px solid var(--line); padding-left: 2rem; }
.panel-top { display: flex; flex-wrap: wrap; gap: .5rem 1rem; justify-content: space-between; align-items: start; margin-bottom: 1rem; }
.panel-top h2 { margin: 0; }
.panel-name { margin: 0; color: var(--soft); overflow-wrap: anywhere; }
main h3 { margin: 1.75rem 0 .75rem; font-size: 1rem; }
.panel [role=tablist] { border-bottom: 1px solid var(--line); }
.panel [role=tab] { border: 0; border-bottom: 3px solid transparent; border-radius: 0; background: none; margin-bottom: -1px; }
.panel [role=tab]:hover { border-color: var(--edge); }
.panel [role=tab][aria-selected=true] { border-color: var(--lead); font-weight: 600; }
.panel .fields { grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr)); gap: .9rem 1.25rem; }
.panel .checks { grid-template-columns: repeat(auto-fill, minmax(min(100%, 12rem), 1fr)); }
.panel section > .field.exact { margin-bottom: 1rem; }
.fields .exact input { font-family: inherit; font-size: inherit; }
.expander { border: 0; padding: .25rem 0; background: none; color: var(--lead); }
.expander:hover { background: none; color: var(--lead-dark); text-decoration: underline; }
.fields p.wide { margin: 0; }
.pair { grid-column: 1 / -1; display: grid; grid-template-columns: inherit; gap: inherit; }
.aside section:first-child > h2 { margin-top: 0; }
.rights { max-width: 44rem; }
.rights td:first-child { width: 1.75rem; }
.rights th { font-weight: 400; }
.rights td:nth-child(3) { width: 6.5rem; }
.rights td:last-child { width: 13rem; color: var(--soft); }
.rights .level1 > th { font-weight: 600; }
.rights .level2 > th { padding-left: 1.25rem; }
.arrow { width: 1.5rem; height: 1.5rem; border: 0; padding: 0; background: none; line-height: 1; }
.right { display: inline-flex; gap: .35rem; align-items: center; vertical-align: middle; }
.tri { display: inline-grid; place-items: center; width: 1.25rem; height: 1.25rem; padding: 0; border-radius: 4px; font-size: .8125rem; font-weight: 700; line-height: 1; }
.tri.delete, .tri.write, .tri.read { background: var(--lead); border-color: var(--lead); color: #fff; }
.tri.write { background: #3d7f83; border-color: #3d7f83; }
.tri.read { background: #5b8f92; border-color: #5b8f92; }
.tri.denied { background: var(--bad); border-color: var(--bad); color: #fff; }
.tri.delete::before { content: "✓"; }
.tri.write::before { content: "W"; }
.tri.read::before { content: "R"; }
.tri.denied::before { content: "✕"; }
.tri.none::before { content: "\\a0"; }
.tri.mixed::before { content: "–"; }
.tri:disabled { opacity: .55; cursor: default; }
.on-hover { opacity: 0; }
tr:hover .on-hover, .on-hover:focus-within { opacity: 1; }
.on-hover button[aria-haspopup] { border: 0; padding: 0 .4rem; background: none; }
@media (hover: none) { .on-hover { opacity: 1; } }
.aside { display: grid; grid-template-columns: 12rem 1fr; gap: 2rem; }
.side { display: grid; gap: .25rem; align-content: start; border-right: 1px solid var(--line); }
.side [role=link] { padding: .45rem .5rem; text-align: left; text-decoration: none; }
.side [role=link][aria-current] { font-weight: 600; border-left: 3px solid var(--lead); border-radius: 0; }
.at-end { justify-content: end; margin-bottom: 1.25rem; }
@media (max-width: 62rem) {
  .beside { grid-template-columns: 1fr; }
  .beside .panel { order: -1; border-left: 0; padding-left: 0; border-bottom: 1px solid var(--line); padding-bottom: 1.5rem; }
}
@media (max-width: 40rem) { .aside { grid-template-columns: 1fr; } .side { border-right: 0; } main.wide { max-width: none; } }
`;
