/** The style sheet of a runbook: one column for a screen, black on white on paper. */
export const runbookStyle = `
:root { color-scheme: light dark; --ink: #1c2530; --soft: #5a6675; --line: #d9e0e7; --paper: #fff; --back: #f3f5f8; --lead: #0b5cad; --tint: #eef5fc; --warn: #8a5200; --warn-tint: #fff6e5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9aa7b6; --line: #364252; --paper: #1a222c; --back: #11171e; --lead: #7ab8f5; --tint: #1f2f40; --warn: #ffcf7d; --warn-tint: #33291a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
main { max-width: 52rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1, h2, h3 { line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
label > span { min-width: 0; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; }
h2 { font-size: 1.25rem; }
h3 { font-size: 1.08rem; }
p, ul, ol, dl, table { margin: 0; }
.kicker { color: var(--lead); font-weight: 600; letter-spacing: .04em; text-transform: uppercase; font-size: .8rem; }
.outcome { margin-top: .5rem; font-size: 1.1rem; color: var(--soft); }
section, .step { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.35rem; margin-top: 1.25rem; }
section > h2 + * { margin-top: .75rem; }
.facts { display: flex; flex-wrap: wrap; gap: .75rem 2.25rem; margin-top: 1.25rem; }
.facts dt { color: var(--soft); font-size: .85rem; }
.facts dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.roles th:first-child { width: 36%; }
.roles th:last-child { width: 38%; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: .85rem; }
.rules { padding-left: 1.3rem; }
.rules li + li { margin-top: .35rem; }
.task { background: none; border: 0; padding: 0; margin-top: 2.25rem; }
.task > header { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; border-bottom: 2px solid var(--ink); padding-bottom: .4rem; }
.task > header p { color: var(--soft); flex-basis: 100%; }
.number { color: var(--soft); font-weight: 500; margin-right: .5rem; }
.step > h3 label { display: flex; gap: .7rem; align-items: baseline; cursor: pointer; }
input[type="checkbox"] { appearance: none; flex: none; width: 1.15rem; height: 1.15rem; border: 2px solid var(--soft); border-radius: 4px; background: var(--paper); align-self: center; cursor: pointer; }
input[type="checkbox"]:checked { background: var(--lead); border-color: var(--lead); }
input[type="checkbox"]:checked::after { content: "✓"; display: block; color: var(--paper); font: 700 .9rem/1 sans-serif; text-align: center; }
.step > .place { color: var(--soft); font-size: .88rem; margin: .3rem 0 0 1.85rem; }
.conditions { list-style: none; padding: .55rem .85rem; margin: .8rem 0 0; background: var(--warn-tint); border-left: 3px solid var(--warn); border-radius: 4px; }
.acts { padding-left: 1.75rem; margin-top: .9rem; }
.acts > li { margin-top: .45rem; padding-left: .1rem; }
.acts > li::marker { color: var(--soft); font-weight: 600; }
.label { font-weight: 650; }
code { font: .92em/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.value { background: var(--tint); border-radius: 4px; padding: .08em .35em; }
.value, .command { -webkit-user-select: all; user-select: all; }
.fields { width: auto; min-width: 60%; margin: .5rem 0; border: 1px solid var(--line); border-radius: 6px; border-collapse: separate; border-spacing: 0; }
.fields th, .fields td { padding: .4rem .8rem; overflow-wrap: anywhere; }
.fields tr:first-child > * { border-top: 0; }
.fields th { font-weight: 600; min-width: 9rem; max-width: 18rem; }
.box { font-size: 1.15em; line-height: 1; }
.hint, .quiet { color: var(--soft); font-size: .9rem; }
.stop { color: var(--warn); font-weight: 600; }
.quiet { margin-top: .7rem; }
.told { margin-top: 1rem; padding-top: .8rem; border-top: 1px dashed var(--line); }
.told > p + p, .told > p + dl { margin-top: .5rem; }
.command { display: block; background: var(--tint); border-radius: 6px; padding: .4rem .7rem; margin-top: .3rem; white-space: pre-wrap; }
.commands h3 { margin-top: 1.2rem; }
.ways { font-size: .92rem; }
.ways dt { margin-top: .6rem; }
.ways dd { margin: 0; }
.ways .command { background: var(--back); }
.noted { display: grid; grid-template-columns: 1fr 1fr 2fr; gap: .5rem 1.25rem; margin-top: 1rem; }
.noted label { color: var(--soft); font-size: .85rem; }
.noted input { display: block; width: 100%; font: inherit; color: var(--ink); background: none; border: 0; border-bottom: 1px solid var(--soft); border-radius: 0; padding: .25rem 0; }
a { color: var(--lead); }
.go-on { background: none; border-style: dashed; }
.go-on label, .returns label { display: flex; gap: .7rem; align-items: baseline; cursor: pointer; }
.go-on ul { padding-left: 3.1rem; margin-top: .35rem; }
.go-on label input, .returns label input { align-self: start; margin-top: .18rem; }
.plain tr:first-child td { border-top: 0; }
.plain td:first-child { width: 46%; }
.returns { border-color: var(--warn); }
.returns ul { list-style: none; padding: 0; }
.returns li + li { margin-top: .6rem; }
.blank { height: 2.1rem; border-bottom: 1px solid var(--line); }
:focus-visible { outline: 3px solid var(--lead); outline-offset: 2px; }
@media (max-width: 36rem) { .noted { grid-template-columns: 1fr; } .fields { width: 100%; } .fields th { min-width: 0; } section, .step { padding: .9rem 1rem; } }
@page { margin: 16mm 15mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; color: #555; } }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --back: #fff; --lead: #000; --tint: #f2f2f2; --warn: #000; --warn-tint: #f2f2f2; }
  html { font-size: 10pt; }
  body { font-size: 1rem; line-height: 1.4; background: #fff; }
  main { max-width: none; padding: 0; }
  section, .step { border-radius: 0; padding: .7rem .9rem; margin-top: .9rem; }
  .task { padding: 0; margin-top: 1.4rem; }
  .step { break-inside: avoid; }
  th, td { padding-top: .25rem; padding-bottom: .25rem; }
  .fields th, .fields td { padding-top: .2rem; padding-bottom: .2rem; }
  h2, h3, .task > header, .place, .conditions, thead, .told > p { break-after: avoid; }
  .acts > li, tr, .told, .noted, .conditions, .returns, .go-on, .ways div { break-inside: avoid; }
  .value, .command, .conditions { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .noted input { height: 1.7rem; }
  a { color: inherit; text-decoration: none; }
}
`;
