import { recover as recoverRuns } from "../apply/runs.ts";
import { exitCodes } from "../diagnostic.ts";
import { doCommand } from "../render/command-line.ts";
import { completeHints } from "../render/hints.ts";
import { stringify } from "../render/json.ts";
import { phrase } from "../render/visible.ts";
import { askedSteps, closingCommand, isWaiting } from "../run.ts";
import type { OpenRun } from "../state.ts";
import { placeOf } from "./asked.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { sayDoubts } from "./print-plan.ts";
import { watchProgress } from "./progress.ts";
import { saidHere, sayPlace } from "./said.ts";
import { type Session, withLock, withSession } from "./session.ts";
import { addBrowserOptions } from "./shared-options.ts";

/** `steward recover`. */
export const addRecover: AddCommand = (command, run) => {
  addBrowserOptions(command);
  command
    .description(
      "Settles what an unfinished run left in doubt by reading back, gives back what was borrowed, and closes the run. Every apply does so first; this command does only that.",
    )
    .addHelpText("after", "\nExample:\n  steward recover --env test")
    .action(run<object, []>(recover));
};

async function recover(console: Console, options: SharedOptions): Promise<number> {
  return withSession(console, options, {}, async (session) => {
    const { workspace } = session;
    const watch = watchProgress(session);
    const { before, doubts } = await withLock(session, "recover", async () => {
      const before = Object.keys(workspace.state.runs);
      const { onStep, onWait } = watch;
      return { before, doubts: await recoverRuns(workspace, { stop: console.stop, onStep, onWait }) };
    }).finally(() => watch.close());
    const left = Object.values(workspace.state.runs);
    const open = left.map(({ id }) => id);
    const closed = before.filter((run) => !open.includes(run));
    const code = left.every(waitsForPerson) ? (left.length > 0 ? exitCodes.waiting : exitCodes.done) : exitCodes.fault;
    const settled = doubts.map(({ step, settled }) => ({ step: step.id, ...settled }));
    if (options.format === "json") {
      console.write(stringify({ formatVersion: 1, settled, closed, open, serial: workspace.state.serial }));
      return code;
    }
    if (doubts.length > 0) console.write(`Reading back says:\n${sayDoubts(doubts)}\n`);
    for (const run of closed) console.write(`Run ${phrase(run)} is closed.\n`);
    for (const run of left) console.write(`Run ${phrase(run.id)} stays open: ${sayWhyOpen(session, run)}\n`);
    if (before.length === 0) console.write("No run is unfinished: there is nothing to recover.\n");
    else if (open.length === 0) console.write(`To go on:  steward plan${sayPlace(session)}\n`);
    return code;
  });
}

const waitsForPerson = (run: OpenRun): boolean => isWaiting(run) || askedSteps(run).length > 0;

function sayWhyOpen(session: Session, run: OpenRun): string {
  if (run.abandoned && waitsForPerson(run)) {
    const commands = askedSteps(run).map(({ step }) => doCommand(step.id, placeOf(session)));
    return `a person still has to give back what it borrowed: ${commands.join(", ")}`;
  }
  const said = waitsForPerson(run)
    ? `it waits for a person: steward status; to give it up: ${closingCommand(run)}`
    : "try again when its system can be read.";
  return completeHints(said, saidHere(session));
}
