import type { Plan } from "../step.ts";
import { codeSpan, escapeHtml, fence, phraseCharactersMax } from "./markup.ts";
import { columnOf, renderChangeText } from "./plan-text.ts";
import { type ChangeView, type PlanOptions, type PlanView, viewPlan } from "./plan-view.ts";
import { plainStyle } from "./style.ts";
import { count, shorten } from "./visible.ts";

/** GitHub takes 65 536 characters in a comment; the rest is left for what a pipeline puts around it. */
export const markdownCharactersMax = 60_000;
/** The table of changes ends here, so that the details find room too. */
const tableCharactersMax = 20_000;
/** Details of one change; the rest of it is counted in lines. */
const changeCharactersMax = 8_000;
/** Notices and conditions that are shown; the rest are counted. */
const phrasesMax = 20;
/** Kept free for the closing lines and the sentence about what was cut. */
const closingCharactersMax = 2_000;

/**
 * A plan as a comment on a pull request. Whatever comes from the manifest or from a system stands in a code span or in a fence
 * that it cannot close, so that it neither formats, links, mentions nor hides anything. Changes that take something away come
 * first, and a cut says what is missing.
 */
export function renderPlanMarkdown(plan: Plan, options: PlanOptions = {}): string {
  const view = viewPlan(plan, options);
  const changes = [...view.changes].sort((one, other) => Number(other.removes) - Number(one.removes));
  const blocks = [...heading(view), ...table(changes)];
  let left = markdownCharactersMax - closingCharactersMax - blocks.join("\n\n").length;
  let shown = 0;
  for (const block of changes.map(details)) {
    left -= block.length + 2;
    if (left < 0) break;
    blocks.push(block);
    shown++;
  }
  if (shown < changes.length)
    blocks.push(
      `**Cut for room:** details of ${changes.length - shown} of ${count(changes.length, "change")} are not shown. Read them with \`steward show\`.`,
    );
  if (view.closing.length > 0)
    blocks.push(fence(view.closing.map((line) => shorten(line, phraseCharactersMax)).join("\n")));
  return `${blocks.join("\n\n")}\n`;
}

function heading(view: PlanView): string[] {
  const blocks = [`### Steward: ${view.outcome}`, view.title.map(codeSpan).join(" · ")];
  if (view.conditions.length > 0) blocks.push(fence(bounded(view.conditions)));
  if (view.notices.length > 0)
    blocks.push(`**${count(view.notices.length, "notice")}**\n\n${fence(bounded(view.notices))}`);
  return blocks;
}

function bounded(phrases: string[]): string {
  const shown = phrases.slice(0, phrasesMax).map((phrase) => shorten(phrase, phraseCharactersMax));
  if (phrases.length > phrasesMax) shown.push(`… ${phrases.length - phrasesMax} more`);
  return shown.join("\n");
}

function table(changes: ChangeView[]): string[] {
  if (changes.length === 0) return [];
  const lines = ["| | Resource | What |", "|---|---|---|"];
  let left = tableCharactersMax;
  for (const [index, change] of changes.entries()) {
    const row = `| ${codeSpan(change.symbol)} | ${codeSpan(change.address)} | ${codeSpan(change.what)} |`;
    left -= row.length + 1;
    if (left < 0) {
      lines.push(
        `| | **Cut for room:** ${changes.length - index} of ${count(changes.length, "change")} are not listed | |`,
      );
      break;
    }
    lines.push(row);
  }
  return [lines.join("\n")];
}

function details(change: ChangeView): string {
  const summary = `${change.symbol} <code>${escapeHtml(change.address)}</code> <code>${escapeHtml(shorten(change.what, phraseCharactersMax))}</code>`;
  const body = cutLines(renderChangeText(change, columnOf([change.address]), plainStyle));
  return `<details><summary>${summary}</summary>\n\n${fence(body)}\n\n</details>`;
}

/** Whole lines up to the bound. */
function cutLines(text: string): string {
  if (text.length <= changeCharactersMax) return text;
  const lines = text.split("\n").map((line) => shorten(line, 4 * phraseCharactersMax));
  let left = changeCharactersMax;
  const kept = lines.findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  if (kept === -1) return lines.join("\n");
  return [...lines.slice(0, kept), `… ${count(lines.length - kept, "more line")}, cut for room`].join("\n");
}
