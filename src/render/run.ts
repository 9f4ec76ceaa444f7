import type { Step, StepReport, StepResult } from "../step.ts";
import { stringify } from "./json.ts";
import { plainStyle, type Style, type Tone } from "./style.ts";
import { count, pad, phrase, width } from "./visible.ts";

/** What one apply did, step by step. */
export interface RunReport {
  results: StepReport[];
  /** State serial after the run. */
  serial: number;
  /** The command that goes on, for example `steward apply plan.json`. */
  resume: string;
  /** Nothing is wrong and only people are missing: exit code 3. */
  waits: boolean;
  /** The run was closed although it is not done, because it can never go on: a new plan leads on. */
  closed?: boolean;
  /** The run was given up: the last answer closes it, and nothing of it goes on. */
  givenUp?: boolean;
  /** Places of secrets that nothing refers to any more. */
  leftSecrets?: readonly string[];
  /** Folder of the pictures of what a browser did. */
  pictures?: string;
  /** Why some of them are missing. */
  picturesProblem?: string;
}

/** Narrowest column of labels. */
const labelColumns = 9;
/** Results whose steps need no line of their own. */
const summed = new Set<StepResult>(["done", "not-needed", "untouched"]);
/** Steps that are named in one row; the rest are counted. */
const namedMax = 20;
/** Why a step that did not run did not, when nobody said it. */
const standing: Record<StepResult, [label: string, tone: Tone, because: string]> = {
  done: ["done", "good", ""],
  failed: ["failed", "bad", ""],
  refused: ["refused", "wait", ""],
  "in-doubt": ["in doubt", "bad", "the next run reads back what happened, before anything else"],
  lost: ["lost", "bad", "it is revoked and issued anew"],
  waiting: ["waiting", "wait", "for a person"],
  skipped: ["skipped", "wait", "needed a step that did not end well"],
  "not-needed": ["not needed", "quiet", ""],
  untouched: ["untouched", "quiet", ""],
};
const order: StepResult[] = [
  ...(["done", "failed", "refused", "in-doubt", "lost", "waiting", "skipped", "not-needed", "untouched"] as const),
];

/** The honest table after an apply. `stopped` says in one sentence why it ended early. */
export function renderRun(report: RunReport, options: { style?: Style; stopped?: string } = {}): string {
  const style = options.style ?? plainStyle;
  const number = (result: StepResult): number => report.results.filter((one) => one.result === result).length;
  // What was refused was done in another way.
  const needed = report.results.length - number("not-needed") - number("refused");
  const finished = number("done") === needed;
  const place = `state serial ${report.serial}, lock released`;
  if (finished && options.stopped === undefined) {
    const rest = number("not-needed") > 0 ? `, ${number("not-needed")} not needed` : "";
    const done = `${count(needed, "step")} done${rest}`;
    return `${style("good", "Apply complete:")} ${done}. State serial ${report.serial}.\n${saidLines(report).join("")}${sayPictures(report)}`;
  }
  const { waits } = report;
  const head = waits
    ? style("wait", "apply waits for a person")
    : style(
        "bad",
        options.stopped === undefined ? "apply did not get through" : `apply stopped: ${phrase(options.stopped)}`,
      );
  const rows = resultRows(report, style);
  const goOn = `${report.closed ? "Go on with a new plan" : "Run it again"}:  ${phrase(report.resume)}`;
  const close = finished ? "Every step is done." : `What is done is recorded. ${goOn}`;
  const givenUp = "The run was given up: nothing else of it goes on, and the last answer closes it. Exit code 3.";
  const end = waits
    ? report.givenUp
      ? [`${givenUp}     (${place})`]
      : [
          `The rest of the plan went on without you: ${number("done")} of ${needed} steps are done. Exit code 3.`,
          `When it is told, go on:  ${phrase(report.resume)}     (${place})`,
        ]
    : [`${close}     (${place})`];
  const said = saidLines(report, ["done"]);
  return `${[head, "", ...rows, "", ...end].join("\n")}\n${said.join("")}${sayPictures(report)}`;
}

function sayPictures({ pictures, picturesProblem }: RunReport): string {
  const kept = pictures === undefined ? "" : `Pictures of what the browser did:  ${phrase(pictures)}\n`;
  return picturesProblem === undefined ? kept : `${kept}Pictures are missing:  ${phrase(picturesProblem)}\n`;
}

/** What steps that are done have to say. */
function saidLines({ results }: RunReport, of: readonly StepResult[] = ["done", "refused"]): string[] {
  return results.flatMap(({ step, result, because }) => {
    return of.includes(result) && because !== undefined ? [`  ${nameOf(step)}    ${phrase(because)}\n`] : [];
  });
}

/** The same for programs. */
export function runJson(report: RunReport): string {
  const counts = Object.fromEntries(
    order.map((result) => [result, report.results.filter((one) => one.result === result).length]),
  );
  const results = report.results.map(({ step, result, because, remedy }) => ({
    step: step.id,
    address: step.address,
    result,
    because,
    remedy,
  }));
  return stringify({
    formatVersion: 1,
    counts,
    results,
    serial: report.serial,
    resume: report.resume,
    leftSecrets: report.leftSecrets?.length ? report.leftSecrets : undefined,
    pictures: report.pictures,
    picturesProblem: report.picturesProblem,
  });
}

/** The rows of all results, under one another. */
function resultRows(report: RunReport, style: Style): string[] {
  const present = order.filter((result) => report.results.some((one) => one.result === result));
  const column = present.reduce((most, result) => Math.max(most, width(standing[result][0])), labelColumns);
  return present.flatMap((result) => resultLines(report, result, { style, column }));
}

interface Rows {
  style: Style;
  /** Width of the labels. */
  column: number;
}

function resultLines(report: RunReport, result: StepResult, { style, column }: Rows): string[] {
  const group = report.results.filter((one) => one.result === result);
  const [label, tone, said] = standing[result];
  const usual = report.waits && result === "skipped" ? "needs a step that waits" : said;
  const head = `  ${style(tone, pad(label, column))}  ${String(group.length).padStart(3)}   `;
  if (summed.has(result)) return [`${head}${placesOf(group)}`];
  const blank = " ".repeat(column + 10);
  const named = group.slice(0, namedMax).map((one) => [nameOf(one.step), sayBecause(one, usual)] as const);
  const names = named.reduce((most, [name]) => Math.max(most, width(name)), 0);
  const rest = group.length > namedMax ? [`${blank}… ${group.length - namedMax} more`] : [];
  const lines = named.map(([name, because], index) => {
    return `${index === 0 ? head : blank}${pad(name, names)}    ${because}`.trimEnd();
  });
  return [...lines, ...rest];
}

function sayBecause({ because, remedy }: RunReport["results"][number], usual: string): string {
  const why = phrase(because ?? usual);
  return remedy === undefined ? why : `${why} (${phrase(remedy)})`;
}

function placesOf(group: RunReport["results"]): string {
  const addresses = [...new Set(group.map(({ step }) => phrase(step.address)))];
  const shown = addresses.slice(0, 3).join(", ");
  return addresses.length > 3 ? `${shown} and ${addresses.length - 3} more` : shown;
}

function nameOf(step: Step): string {
  return phrase(`${step.address} › ${step.id.slice(step.address.length + 1)}`);
}
