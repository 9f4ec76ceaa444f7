import type { Address } from "../resource.ts";
import type { Screen } from "../screen.ts";
import type { Step } from "../step.ts";
import { type CommandPlace, doCommand } from "./command-line.ts";
import { stringify } from "./json.ts";
import { type Loan, sayLoan } from "./loan.ts";
import { sayAgo, sayMoment } from "./moment.ts";
import { plainStyle, type Style } from "./style.ts";
import { renderTable } from "./table.ts";
import { count, pad, phrase } from "./visible.ts";

/** An open run, for whom it waits, and what is borrowed meanwhile. Times are ISO 8601. */
export interface WaitingRun {
  run: { id: string; openedAt: string; by: string };
  waiting: WaitingStep[];
  /** Steps that are asked for when `name` has gone back, and for which resource it is borrowed now. */
  heldUp?: { step: string; name: string; holder: Address }[];
  /** Not returned yet. */
  loans: Loan[];
  /** The command that goes on, for example `steward apply plan.json`. */
  resume: string;
  /** The command that closes the run without finishing it. Absent where it was given up already, and only people are waited for. */
  close?: string;
}

/** An open run of a system that this manifest does not declare: the journal of providers holds several. */
export interface RunElsewhere {
  run: string;
  system: string;
  /** The manifest that declares it. */
  manifest: string;
}

/** A step that waits for a person, since it was asked for. */
interface WaitingStep {
  step: Step;
  screen: Screen;
  since: string;
  /** What was answered before and did not settle it. */
  answeredBefore?: string;
}

interface WaitingOptions extends CommandPlace {
  nowMs: number;
  elsewhere?: readonly RunElsewhere[];
}

/** Steps whose command is printed; for more of them the table has to do. */
const namedMax = 5;

/** What waits, for whom and since when, what is borrowed, and the commands that go on. */
export function renderWaiting(runs: readonly WaitingRun[], options: WaitingOptions & { style?: Style }): string {
  const style = options.style ?? plainStyle;
  const { elsewhere = [] } = options;
  const others = elsewhere.map(
    ({ run, system, manifest }) =>
      `Run ${phrase(run)} is of ${phrase(system)}: steward status --manifest ${phrase(manifest)}\n`,
  );
  const here = elsewhere.length > 0 ? "Nothing waits for a person on this system.\n" : "Nothing waits for a person.\n";
  const own = runs.length === 0 ? [here] : runs.map((one) => blocksOf(one, options, style).join("\n"));
  return [...own, ...others].join(runs.length === 0 ? "" : "\n");
}

/** The same for programs. */
export function waitingJson(
  runs: readonly WaitingRun[],
  place: CommandPlace,
  elsewhere: readonly RunElsewhere[] = [],
): string {
  const documents = runs.map(({ run, waiting, heldUp, loans, resume }) => ({
    ...{ run, resume },
    waiting: waiting.map(({ step, screen, since, answeredBefore }) => ({
      ...{ step: step.id, address: step.address, system: step.system, title: step.title },
      ...{ question: step.asks === true, role: screen.role, since, answeredBefore },
      ...{ results: screen.results.map(({ result }) => result), do: doCommand(step.id, place) },
    })),
    ...(heldUp && heldUp.length > 0 ? { heldUp } : {}),
    loans,
  }));
  return stringify({ formatVersion: 1, runs: documents, ...(elsewhere.length > 0 ? { elsewhere } : {}) });
}

function blocksOf(one: WaitingRun, options: WaitingOptions, style: Style): string[] {
  const { run, waiting, loans } = one;
  const waits = one.close === undefined ? "was given up, and waits" : "waits";
  const steps = waiting.length === 0 ? "is not finished" : `${waits}: ${count(waiting.length, "step")}`;
  const head = `Run ${phrase(run.id)} ${steps}`;
  const opened = `opened ${sayAgo(run.openedAt, options.nowMs)} (${sayMoment(run.openedAt)}) by ${phrase(run.by)}`;
  const blocks = [`${style("wait", head)} · ${opened}\n`];
  if (waiting.length > 0) blocks.push(waitingTable(waiting, options, style));
  const heldUp = one.heldUp ?? [];
  if (heldUp.length > 0) blocks.push(heldUp.map((held) => `  ${sayHeldUp(held)}\n`).join(""));
  if (loans.length > 0) blocks.push(`${loanLines(one, options, style).join("\n")}\n`);
  blocks.push(`${wayOn(one, options).join("\n")}\n`);
  return blocks;
}

/** Why a step is not asked for yet, as one line. */
export function sayHeldUp({ step, name, holder }: NonNullable<WaitingRun["heldUp"]>[number]): string {
  return `${phrase(step)} is asked for when the ${phrase(name)} has gone back that ${phrase(holder)} has borrowed`;
}

function waitingTable(waiting: readonly WaitingStep[], { nowMs }: WaitingOptions, style: Style): string {
  const answered = waiting.some(({ answeredBefore }) => answeredBefore !== undefined);
  const headings = ["waits for", "step", "since", ...(answered ? ["answered before"] : [])];
  const rows = waiting.map(({ step, screen, since, answeredBefore }) => {
    const moment = `${sayAgo(since, nowMs)} (${sayMoment(since)})`;
    return [screen.role, step.id, moment, answeredBefore];
  });
  const table = renderTable(headings, rows, style);
  return table.replace(/^(?=[^\n])/gm, "  ");
}

function loanLines({ waiting, loans, close }: WaitingRun, { nowMs }: WaitingOptions, style: Style): string[] {
  const lines = loans.map((loan) => `  ${style("bad", sayLoan(loan, nowMs))}, for ${phrase(loan.address)}`);
  const told = "It goes back when the steps of this run are told.";
  if (close === undefined) return [...lines, `  ${told}`];
  const way = waiting.length === 0 ? "To give it back now:" : `${told} To drop the run and give it back:`;
  return [...lines, `  ${way}  ${phrase(close)}`];
}

/** A run that was given up is closed by the last answer. */
function wayOn({ waiting, resume, close }: WaitingRun, place: CommandPlace): string[] {
  const line = (what: string, command: string): string => `  ${pad(what, 21)}${command}`;
  const goOn = phrase(resume);
  if (waiting.length === 0) return [line("Go on:", goOn)];
  const steps = waiting.length > namedMax ? ["STEP"] : waiting.map(({ step }) => step.id);
  const shown = steps.map((id, index) => line(index === 0 ? "See, do and tell it:" : "", doCommand(id, place)));
  return close === undefined ? shown : [...shown, line("Then go on:", goOn)];
}
