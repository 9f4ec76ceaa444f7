import type { Plan } from "../step.ts";
import type { AttributeView } from "./attribute-view.ts";
import { type ChangeView, type PlanOptions, viewPlan } from "./plan-view.ts";
import type { StepView } from "./step-view.ts";
import { plainStyle, type Style } from "./style.ts";
import { pad, width } from "./visible.ts";

/** Widest first column; longer names push their own line only. */
const columnMax = 56;

/** A plan for a terminal or a log. */
export function renderPlanText(plan: Plan, options: PlanOptions & { style?: Style } = {}): string {
  const style = options.style ?? plainStyle;
  const view = viewPlan(plan, options);
  const blocks = [style("strong", view.title.join(" · ")), ...view.conditions.map((line) => style("wait", line))];
  const column = columnOf(view.changes.map((change) => change.address));
  if (view.changes.length > 0)
    blocks.push(joinChanges(view.changes.map((change) => renderChangeText(change, column, style))));
  if (view.notices.length > 0) blocks.push(["Notices:", ...view.notices.map((notice) => `  ! ${notice}`)].join("\n"));
  blocks.push([style("strong", view.outcome), ...view.closing].join("\n"));
  return `${blocks.join("\n\n")}\n`;
}

/** One change with its attributes, steps and notes. */
export function renderChangeText(change: ChangeView, column: number, style: Style): string {
  const head = `  ${style(change.tone, change.symbol)} ${pad(change.address, column)}  ${style(change.tone, change.what)}`;
  return [
    head,
    ...attributeLines(change.attributes, style),
    ...stepLines(change.steps, style),
    ...change.notes.map((note) => `      ${note}`),
  ].join("\n");
}

/** A blank line around every change that has more than its first line. */
function joinChanges(changes: string[]): string {
  let text = "";
  for (const [index, change] of changes.entries()) {
    const tight = !change.includes("\n") && !changes[index - 1]?.includes("\n");
    text += index === 0 ? change : `${tight ? "\n" : "\n\n"}${change}`;
  }
  return text;
}

/** Where the second column starts, for one set of first columns. */
export function columnOf(texts: string[]): number {
  return texts.reduce((most, text) => Math.max(most, Math.min(width(text), columnMax)), 0);
}

function attributeLines(attributes: AttributeView[], style: Style): string[] {
  const column = columnOf(attributes.map((attribute) => attribute.path));
  return attributes.map(({ path, text, remarks, mark }) => {
    const remark = remarks.length > 0 ? `   ${style(mark ? "wait" : "quiet", remarks.join(" · "))}` : "";
    return `      ${pad(path, column)}  ${text}${remark}`;
  });
}

function stepLines(steps: StepView[], style: Style): string[] {
  const column = columnOf(steps.map((step) => step.title));
  const digits = String(steps.length).length;
  return steps.map(({ number, title, hand, remarks }) => {
    const who = style("quiet", remarks.length > 0 ? pad(hand, 7) : hand);
    const end = `${who} ${remarks.join(" · ")}`;
    // A title that is too long for its column keeps its line to itself, so that the others stay in line.
    const wide = width(title) > column ? `\n${" ".repeat(8 + digits + column)}` : "";
    return `      ${String(number).padStart(digits)}  ${pad(title, column)}${wide}  ${end}`.trimEnd();
  });
}
