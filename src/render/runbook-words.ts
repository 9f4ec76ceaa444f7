import { type Piece, words } from "./act-view.ts";
import type { GoOnView, RunbookView, StepOfTask } from "./runbook-view.ts";

/** What a runbook says of itself, the same in every format. */

const command = (text: string): Piece => ({ is: "command", text });
const foreign = (text: string): Piece => ({ is: "said", text });

/** How a runbook is followed, for somebody who has never seen Steward. */
export function runbookRules({ begin, goOn }: RunbookView): Piece[][] {
  const does =
    " in the folder of the manifest. Steward does what it can by itself, and ends with exit code 3 when only people are missing.";
  const told =
    "After each step, tell Steward how it ended, with the command below the step. Steward knows only what it is told; the boxes are for you.";
  return [
    [words("Run "), command(begin), words(does)],
    [words("Do the tasks in order. Tick a step when it is done, or when its condition says that it is not needed.")],
    [words(told)],
    [
      words("Steward then names what waits next. Where this runbook says Go on, run "),
      command(goOn),
      words(begin === goOn ? " again." : ": Steward says what stands for RUN."),
    ],
    [words("When a screen shows something else than is written here, stop, and tell Steward that.")],
    [
      words(
        "A label that is called assumed stands in no document of the vendor, and may read otherwise on your screen.",
      ),
    ],
    [
      words("Never write a secret into this runbook: "),
      command("steward do"),
      words(" shows the secrets that a step needs, and takes those that it gives."),
    ],
  ];
}

/** "You say how it ended: …. It asks for Secret and Key without echo." Empty when nothing more than the command is known. */
export function sayOutcomes({ told: { ways, ask }, asks }: StepOfTask): Piece[] {
  if (ways.length === 0) return [];
  const ends = ways.flatMap(({ means }, index) => [words(index === 0 ? "" : " · "), foreign(means)]);
  const more = ask.remark === undefined ? [] : [words(". It "), foreign(ask.remark)];
  return [words(asks ? "You say what you saw: " : "You say how it ended: "), ...ends, ...more, words(".")];
}

/** What is run before the first task and after each. */
export function sayGoOn({ when, lines }: GoOnView, { begin, goOn }: RunbookView): Piece[] {
  const next = when === "last" ? ". At the end it says: Apply complete." : ". Steward says what waits.";
  const end = lines.length > 0 ? ". Steward does by itself:" : next;
  const isFirst = when === "first";
  return [words(isFirst ? "Begin: run " : "Go on: run "), command(isFirst ? begin : goOn), words(end)];
}

/** Whoever follows no task and yet is needed. */
export const operator = {
  role: "Whoever runs Steward",
  does: "begins, tells what was done, goes on",
  where: "the folder of the manifest and its state",
};

/** When a runbook has come to its end. */
export function runbookEnd({ check }: RunbookView): Piece[] {
  return [words("All is done when "), command(check), words(" says: No changes.")];
}

/** Heading and words above the commands for whoever has no terminal. */
export const appendix = {
  title: "Telling Steward without a terminal",
  text: "Each of these commands says what steward do would ask. What stands in angle brackets is yours to fill in; secrets are lines of standard input.",
};

/** Columns for what was seen. */
export const noteColumns = ["Date and time", "Who", "What was seen"];
/** What is noted of each step. */
export const stepNotes = ["Done by", "Date and time", "Result and remarks (never a secret)"];
