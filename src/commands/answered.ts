import { type AnswerReport, type AskedStep, answerStep, askedStep } from "../apply/answer.ts";
import type { Given } from "../connectors/connector.ts";
import { exitCodes } from "../diagnostic.ts";
import { doCommand } from "../render/command-line.ts";
import { count, phrase } from "../render/visible.ts";
import { sayHeldUp } from "../render/waiting.ts";
import { heldUpIn, placeOf, sayResume } from "./asked.ts";
import { WrongUsage } from "./errors.ts";
import { chosenInVain, leftInSinks, sayLeftInSinks } from "./left-in-sinks.ts";
import { sayPlace } from "./said.ts";
import { type Session, withLock } from "./session.ts";

/** What commands that take an answer have in common. */

/** What became of an answer, with the places of secrets that nothing refers to any more. */
export interface ToldReport extends AnswerReport {
  leftSecrets: readonly string[];
}

/** Takes the lock, looks the step up again and records what was told. */
export function answerUnderLock(
  session: Session,
  command: string,
  id: string,
  given: Given,
  seen?: AskedStep,
): Promise<ToldReport> {
  const { workspace, console } = session;
  const entriesBefore = { ...workspace.state.entries };
  return withLock(session, command, async () => {
    const asked = askedStep(workspace, id);
    if (seen && seen.run.id !== asked.run.id) throw new WrongUsage(`${id} belongs to another run now: look again`);
    const report = await answerStep(workspace, asked, given, { stop: console.stop });
    const gone = leftInSinks(entriesBefore, workspace.state.entries);
    const inVain = report.runEnded ? await chosenInVain(workspace, report.run) : [];
    return { ...report, leftSecrets: [...new Set([...gone, ...inVain])].sort() };
  });
}

/** 0: taken in. 1: the step is over and did not succeed. 3: it goes on waiting. */
export function exitOf({ became, proofs }: AnswerReport): number {
  if (became === "open") return exitCodes.waiting;
  const isProven = proofs.every(({ result }) => result === "done");
  return became === "failed" || !isProven ? exitCodes.fault : exitCodes.done;
}

/** What became of an answer, and what comes next. */
export function sayAnswer(session: Session, report: ToldReport): string {
  const { step, became, because, proofs, next, runEnded, canGoOn, run } = report;
  const words = { done: "Recorded", failed: "Recorded as failed", open: "Recorded, and it goes on waiting" }[became];
  const lines = [`${words}: ${phrase(step.id)}${because ? `: ${phrase(because)}` : ""}`];
  for (const proof of proofs) {
    const why = proof.because ? `: ${phrase(proof.because)}` : "";
    lines.push(
      proof.result === "done"
        ? `Proven: ${phrase(proof.step.title)}.`
        : `Not proven yet: ${phrase(proof.step.id)}${why}`,
    );
  }
  const heldUp = heldUpIn(session, run).map((one) => sayHeldUp(one));
  const others = next.filter(({ id }) => id !== step.id);
  if (became === "open" && because) lines.push(`When it can be done:  ${doCommand(step.id, placeOf(session))}`);
  for (const { id } of others) lines.push(`Next for a person:  ${doCommand(id, placeOf(session))}`);
  if (runEnded === "done") lines.push("The run is complete.");
  else if (runEnded === "abandoned") lines.push("Everything was given back, and the abandoned run is closed.");
  else if (runEnded === "dropped") {
    const left =
      report.droppedCount > 0 ? `, and ${count(report.droppedCount, "step was", "steps were")} not begun` : "";
    lines.push(`The run ends here${left}. Go on with a new plan:  steward plan${sayPlace(session)} --out plan.json`);
  } else if (heldUp.length > 0 && !canGoOn && others.length === 0) {
    lines.push(...heldUp);
  } else if (canGoOn || (others.length === 0 && became !== "open")) {
    lines.push(`${others.length > 0 ? "What needs no person goes on with" : "Go on"}:  ${sayResume(session, run.id)}`);
  }
  return `${lines.join("\n")}\n${sayLeftInSinks(report.leftSecrets)}`;
}
