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
  /** The run was closed although it is not done, because it can never go on: a new plan leads on. */
  closed?: boolean;
}

/** Steps that are named in one row; the rest are counted. */
const namedMax = 20;
/** Why a step that did not run did not, when nobody said it. */
const standing: Record<StepResult, [label: string, tone: Tone, because: string]> = {
  done: ["done", "good", ""],
  failed: ["failed", "bad", ""],
  "in-doubt": ["in doubt", "bad", "the next run reads back what happened, before anything else"],
  lost: ["lost", "bad", "it is revoked and issued anew"],
  waiting: ["waiting", "wait", "for a person"],
  skipped: ["skipped", "wait", "needed a step that did not end well"],
  "not-needed": ["not needed", "quiet", ""],
  untouched: ["untouched", "quiet", ""],
};
const order: StepResult[] = ["done", "failed", "in-doubt", "lost", "waiting", "skipped", "not-needed", "untouched"];

/** The honest table after an apply. `stopped` says in one sentence why it ended early. */
export function renderRun(report: RunReport, options: { style?: Style; stopped?: string } = {}): string {
  const style = options.style ?? plainStyle;
  const steps = report.results.length;
  const finished = report.results.every(({ result }) => result === "done");
  if (finished && options.stopped === undefined) {
    return `${style("good", "Apply complete:")} ${count(steps, "step")} done. State serial ${report.serial}.\n`;
  }
  const head =
    options.stopped === undefined ? "apply did not get through" : `apply stopped: ${phrase(options.stopped)}`;
  const rows = order.flatMap((result) => resultLines(report, result, style));
  const goOn = `${report.closed ? "Go on with a new plan" : "Run it again"}:  ${phrase(report.resume)}`;
  const close = finished ? "Every step is done." : `What is done is recorded. ${goOn}`;
  return `${[style("bad", head), "", ...rows, "", `${close}     (state serial ${report.serial}, lock released)`].join("\n")}\n`;
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
  return stringify({ formatVersion: 1, counts, results, serial: report.serial, resume: report.resume });
}

function resultLines(report: RunReport, result: StepResult, style: Style): string[] {
  const group = report.results.filter((one) => one.result === result);
  if (group.length === 0) return [];
  const [label, tone, usual] = standing[result];
  const head = `  ${style(tone, pad(label, 9))}  ${String(group.length).padStart(3)}`;
  if (result === "done" || result === "untouched") return [`${head}   ${placesOf(group)}`];
  const named = group.slice(0, namedMax).map((one) => [nameOf(one.step), sayBecause(one, usual)] as const);
  const column = named.reduce((most, [name]) => Math.max(most, width(name)), 0);
  const rest = group.length > namedMax ? [`${" ".repeat(17)}… ${group.length - namedMax} more`] : [];
  const lines = named.map(([name, because], index) => {
    return `${index === 0 ? head : " ".repeat(14)}   ${pad(name, column)}    ${because}`.trimEnd();
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
