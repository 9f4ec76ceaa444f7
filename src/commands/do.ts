import { type AskedStep, askedStep, problemOf } from "../apply/answer.ts";
import type { Given } from "../connectors/connector.ts";
import { exitCodes, Refusal } from "../diagnostic.ts";
import { renderInstruction } from "../render/instruction.ts";
import { renderRefusal } from "../render/refusal.ts";
import { phrase } from "../render/visible.ts";
import type { Ask, ScreenResult } from "../screen.ts";
import { Secret } from "../secret.ts";
import { neededSecret, neededSecrets, placeOf, writeMail } from "./asked.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { answerUnderLock, exitOf, sayAnswer } from "./confirm.ts";
import { type Session, withSession } from "./session.ts";

/** Wrong values that are asked for again before the command gives up. */
const triesMax = 5;

/** `steward do`. */
export const addDo: AddCommand = (command, run) => {
  command
    .description(
      "Shows what a person is to do, shows each secret that is needed once, and asks how it ended. On a terminal only. Nothing is locked while you work.",
    )
    .argument("<step>", "for example momentus_api_user.moco_serv/create; steward status names those that wait")
    .option("--show", "show the instruction and ask nothing; works without a terminal too")
    .addHelpText("after", "\nExample:\n  steward do momentus_api_user.moco_serv/create")
    .action(run<{ show?: true }, [string]>(doStep));
};

async function doStep(console: Console, options: SharedOptions & { show?: true }, id: string): Promise<number> {
  if (!options.show) assertTerminal(console, id);
  return withSession(console, options, {}, async (session) => {
    const asked = askedStep(session.workspace, id);
    // Whoever is asked here need not be told how to answer elsewhere.
    const shown = options.show ? asked : { ...asked, screen: { ...asked.screen, results: [] } };
    console.write(renderInstruction(shown, { ...placeOf(session), style: session.style }));
    const file = await writeMail(session, asked.run, asked.step);
    if (file !== undefined) console.write(`\n  The mail is in ${phrase(file)}\n`);
    if (options.show) return exitCodes.done;
    for (const needed of neededSecrets(asked)) await showOnce(session, asked, needed);
    return askUntilTaken(session, asked);
  });
}

function assertTerminal(console: Console, id: string): void {
  if (console.canAsk && console.isTerminal) return;
  const remedy = `see it with: steward do ${id} --show; tell it with: steward confirm ${id} --result RESULT`;
  throw new Refusal([{ message: "steward do shows secrets and asks questions, and this is no terminal", remedy }]);
}

/** Shown on the terminal when whoever sits there is ready, and taken away again. */
async function showOnce(
  session: Session,
  asked: AskedStep,
  needed: { label: string; secret: string; part?: string },
): Promise<void> {
  const { console } = session;
  const answer = await console.ask(`\n  ${phrase(needed.label)}: press Enter to see it once, s to skip it. `);
  if (answer === undefined || answer.trim() === "s") return;
  const value = await neededSecret(session, asked, needed);
  await console.ask(`  ${value}   press Enter when you have it. `);
  // Up to the line of the value, and away with it.
  if (console.isTerminal) console.note("\u001b[1A\u001b[2K");
}

/** What cannot be right is asked for again, a bounded number of times. */
async function askUntilTaken(session: Session, asked: AskedStep): Promise<number> {
  const { console, style } = session;
  for (let tries = 1; ; tries++) {
    const given = await askAll(console, asked);
    if (!given) {
      console.note("Nothing was recorded; the step goes on waiting.\n");
      return exitCodes.waiting;
    }
    try {
      const report = await answerUnderLock(session, "do", asked.step.id, given, asked);
      console.write(sayAnswer(session, report));
      return exitOf(report);
    } catch (error) {
      if (!(error instanceof Refusal) || tries >= triesMax) throw error;
      console.note(`\n${renderRefusal(error, style)}\nNothing was recorded. Tell it again.\n`);
    }
  }
}

/** How it ended, and what is to be told then; undefined at the end of input. */
async function askAll(console: Console, { screen }: AskedStep): Promise<Given | undefined> {
  const result = await askResult(console, screen.results);
  if (!result) return undefined;
  const given: Given = { result: result.result, fields: {}, secrets: {} };
  for (const ask of result.asks) {
    const value = await askOne(console, ask);
    if (value === undefined) return undefined;
    if (value === "") continue;
    if (ask.secret) given.secrets[ask.name] = new Secret(value);
    else given.fields[ask.name] = value;
  }
  return given;
}

async function askResult(console: Console, results: readonly ScreenResult[]): Promise<ScreenResult | undefined> {
  const lines = results.map(({ means }, index) => `    ${index + 1}  ${phrase(means)}\n`).join("");
  console.note(`\n  How did it end?\n${lines}`);
  for (let tries = 0; tries < triesMax; tries++) {
    const answer = await console.ask(`  1 to ${results.length}: `);
    if (answer === undefined) return undefined;
    const word = answer.trim();
    const chosen = results.find(({ result }, index) => word === String(index + 1) || word === result);
    if (chosen) return chosen;
  }
  return undefined;
}

async function askOne(console: Console, ask: Ask): Promise<string | undefined> {
  const choices = ask.choices ? ` [${ask.choices.join("/")}]` : "";
  const remark = ask.secret ? " (not shown)" : ask.optional ? " (may be left empty)" : "";
  for (let tries = 0; tries < triesMax; tries++) {
    const answer = await console.ask(`  ${phrase(ask.label)}${choices}${remark}: `, { secret: ask.secret === true });
    if (answer === undefined) return undefined;
    const problem = problemOf(ask, answer.trim());
    if (problem === undefined) return answer.trim();
    console.note(`  ${phrase(problem)}\n`);
  }
  return undefined;
}
