/** What this console looks like beside the others: red buttons add, blue ones edit, a slider, a window above a list. */
export const consoleStyle = `.part { max-width: 66rem; margin: 0 auto; padding: 0 1.5rem; }
header .part [role=tab] { font-size: .9375rem; margin-left: -.75rem; margin-bottom: -1px; padding: .4rem .75rem; }
.split > .row { margin-left: auto; margin-bottom: .5rem; gap: .5rem 1.25rem; align-items: center; }
.button.red, button.red { background: var(--bad); border-color: var(--bad); color: #fff; }
.button.red:hover, button.red:hover { background: #7c150e; color: #fff; }
.button.blue { background: var(--lead); border-color: var(--lead); color: #fff; }
.button.blue:hover { background: var(--lead-dark); color: #fff; }
td .button, td button { overflow-wrap: normal; white-space: nowrap; }
.people thead th { overflow-wrap: normal; vertical-align: bottom; }
.people th:nth-child(4) { width: 26%; }
.people th:nth-child(6) { width: 17%; }
.people th:last-child { width: 5rem; }
section:has(> #settings) { padding-bottom: 1.5rem; margin-bottom: 1.5rem; border-bottom: 1px solid var(--line); }
section > #settings { margin-top: 0; margin-bottom: 1rem; }
.title { margin: 0 0 .5rem; font-weight: 600; }
.verbs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: 1.5rem 1.75rem; }
.verbs .check { margin-bottom: .4rem; }
.slider { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; }
.slider .check label, .slider .check span { font-weight: 600; }
.slider .check input, .slider [role=switch] { appearance: none; position: relative; flex: none; width: 2.6rem; height: 1.4rem; margin: 0; padding: 0; border: 1px solid var(--edge); border-radius: 1rem; background: var(--paper); cursor: pointer; }
.slider .check input::before, .slider [role=switch]::before { content: ""; position: absolute; top: .15rem; left: .2rem; width: 1rem; height: 1rem; border-radius: 50%; background: var(--edge); transition: left .1s; }
.slider .check input:checked, .slider [aria-checked=true] { background: var(--good); border-color: var(--good); }
.slider .check input:checked::before, .slider [aria-checked=true]::before { left: 1.3rem; background: #fff; }
.slider .on, .slider .off { color: var(--soft); }
.slider:has(input:checked, [aria-checked=true]) .off, .slider:not(:has(input:checked, [aria-checked=true])) .on { display: none; }
.slider.alone { margin-bottom: 1.5rem; }
.shade { position: fixed; inset: 0; z-index: 3; display: grid; place-items: center; padding: 1rem; background: #1b273366; }
.window { width: min(28rem, 100%); padding: 1.5rem 1.75rem; border-radius: 8px; background: var(--paper); box-shadow: 0 10px 40px #0005; }
.window h2 { margin-top: 0; }
@media (max-width: 40rem) { .part { padding: 0 1rem; } }
@media (max-width: 48rem) {
  .people :is(th, td):is(:nth-child(2), :nth-child(3), :nth-child(6)):not(:last-child) { display: none; }
  .people th:nth-child(4) { width: 40%; }
}
`;
