import { sayAssumed } from "./act-view.ts";
import { indent, itemBlocks, markdownOf, wayLines } from "./instruction-markdown.ts";
import { exactSpan, fence, sentence } from "./markup.ts";
import {
  type GoOnView,
  type ReturnView,
  type RunbookView,
  type StepOfTask,
  sayMore,
  type TaskView,
} from "./runbook-view.ts";
import {
  appendix,
  noteColumns,
  operator,
  runbookEnd,
  runbookRules,
  sayGoOn,
  sayOutcomes,
  stepNotes,
} from "./runbook-words.ts";
import { capital } from "./visible.ts";

/** A runbook as markdown with check boxes. What comes from outside stands in code that it cannot close, or is plain words. */
export function runbookMarkdown(view: RunbookView): string {
  const blocks = [
    ...head(view),
    ...view.parts.flatMap((part) => (part.is === "task" ? task(part) : goOn(part, view))),
    ...returns(view.returns),
    "## Done",
    `${box} ${markdownOf(runbookEnd(view))}`,
    ...notes(),
    ...commands(view),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const box = "- [ ]";

function head(view: RunbookView): string[] {
  const facts = view.facts.map(({ name, text }) => `- ${name}: ${exactSpan(text)}`);
  const roles = view.roles.map(({ role, tasks, addresses }) => {
    const where = addresses.length > 0 ? `, at ${addresses.map(exactSpan).join(", ")}` : "";
    return `- ${sentence(capital(role))} for ${tasks}${where}`;
  });
  const changes = view.changes.map(
    ({ symbol, address, what }) => `- ${exactSpan(`${symbol} ${address}`)} ${sentence(what)}`,
  );
  const rules = runbookRules(view).map((rule, index) => `${index + 1}. ${markdownOf(rule)}`);
  return [
    `# Runbook for environment ${sentence(view.environment)}`,
    view.outcome,
    facts.join("\n"),
    "## What changes",
    [...changes, ...sayMore(view.moreChanges, "change").map((more) => `- ${more}`)].join("\n"),
    "## Who is needed",
    [...roles, `- ${operator.role}: ${operator.does}, in ${operator.where}`].join("\n"),
    "## How to follow it",
    rules.join("\n"),
  ];
}

function task({ number, role, waits, steps }: TaskView): string[] {
  return [`## Task ${number}: ${sentence(role)}`, sentence(waits), ...steps.map(step)];
}

function step(view: StepOfTask): string {
  const { number, title, id, system, conditions, items, assumed, told } = view;
  const blocks = [
    `**${number}** ${sentence(title)}`,
    `on ${sentence(system)}, step ${exactSpan(id)}`,
    ...(conditions.length > 0 ? [conditions.map((one) => `> ${sentence(one)}`).join("\n>\n")] : []),
    itemBlocks(items),
    ...sayAssumed(assumed).map((remark) => `${sentence(remark)}.`),
    [`**${told.when}:**`, markdownOf(sayOutcomes(view))].join(" ").trim(),
    fence(told.ask.command),
    stepNotes.map((name) => `${name}: ________`).join(" · "),
  ];
  return `${box} ${indent(blocks.join("\n\n"), 2)}`;
}

function goOn(view: GoOnView, book: RunbookView): string[] {
  const rows = view.lines.map(({ title, address, conditions }) => {
    return `- ${[`${sentence(title)} (${exactSpan(address)}).`, ...conditions.map(sentence)].join(" ")}`;
  });
  const all = [...rows, ...sayMore(view.more, "step").map((more) => `- ${more}`)];
  return [indent([`${box} ${markdownOf(sayGoOn(view, book))}`, ...all].join("\n"), 2)];
}

function returns(views: readonly ReturnView[]): string[] {
  if (views.length === 0) return [];
  const rows = views.map(({ title, where, conditions }) => {
    return `${box} ${[`${sentence(title)} (${sentence(where)}).`, ...conditions.map(sentence)].join(" ")}`;
  });
  return ["## Given back at the end, whatever happened", rows.join("\n")];
}

function notes(): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const blank = row(noteColumns.map(() => " "));
  return [
    "## Notes",
    "Never a secret.",
    [row(noteColumns), row(noteColumns.map(() => "---")), blank, blank].join("\n"),
  ];
}

function commands({ parts }: RunbookView): string[] {
  const steps = parts
    .flatMap((part) => (part.is === "task" ? part.steps : []))
    .filter(({ told }) => told.ways.length > 0);
  if (steps.length === 0) return [];
  const blocks = steps.map(({ number, title, told }) => `**${number}** ${sentence(title)}\n\n${wayLines(told)}`);
  return [`## ${appendix.title}`, appendix.text, ...blocks];
}
