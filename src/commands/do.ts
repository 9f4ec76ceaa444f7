import { type AskedStep, askedStep, problemOf } from "../apply/answer.ts";
import type { Given } from "../connectors/connector.ts";
import { exitCodes, Refusal } from "../diagnostic.ts";
import { renderRefusal } from "../render/refusal.ts";
import { phrase } from "../render/visible.ts";
import type { Ask, ScreenResult } from "../screen.ts";
import { Secret } from "../secret.ts";
import { answerUnderLock, exitOf, sayAnswer } from "./answered.ts";
import { neededSecret, neededSecrets, showInstruction } from "./asked.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
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
    await showInstruction(session, shown, { isDoing: !options.show });
    if (options.show) return exitCodes.done;
    for (const needed of neededSecrets(asked)) {
      if (!console.stop.aborted) await showOnce(session, asked, needed);
    }
    return askUntilTaken(session, asked);
  });
}

function assertTerminal(console: Console, id: string): void {
  // Questions and secrets go to standard error: that must not be a file either.
  if (console.canAsk && console.isTerminal && console.notesAreTerminal) return;
  const remedy = `see it with: steward do ${id} --show; tell it with: steward confirm ${id} --result RESULT`;
  throw new Refusal([{ message: "steward do shows secrets and asks questions, and this is no terminal", remedy }]);
}

/** A terminal's second screen: it has no scrollback, and nothing of it is left when it is put away. */
const secondScreen = { show: "\u001b[?1049h\u001b[H", hide: "\u001b[?1049l" };
const [home, wipeRow] = ["\u001b[H", "\u001b[2K\u001b[B"];

/**
 * Wipes each row that a text at the top of the screen took, and some more for what Ctrl-C says: where a terminal has no second
 * screen, or is told to have none, it stood on the first. Whole screens are not erased: some terminals keep those for scrolling.
 */
function wipe(text: string, columns: number): string {
  const rows = text.split("\n").reduce((sum, line) => sum + Math.ceil((line.length + 1) / columns), 4);
  return `${home}${wipeRow.repeat(rows)}${home}`;
}

/** Shown on the terminal when whoever sits there is ready, and taken away again, also when they stop there. */
async function showOnce(
  session: Session,
  asked: AskedStep,
  needed: { label: string; secret: string; part?: string },
): Promise<void> {
  const { console } = session;
  const label = phrase(needed.label);
  const answer = await console.ask(`\n  ${label}: press Enter to see it once, s to skip it. `);
  if (answer === undefined || answer.trim() === "s") return;
  const value = await neededSecret(session, asked, needed);
  const question = `  ${label}:\n\n  ${value}\n\n  Press Enter when you have it. `;
  try {
    await console.ask(`${secondScreen.show}${question}`, { secret: true });
  } finally {
    console.note(`${wipe(question, console.columns)}${secondScreen.hide}`);
  }
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
async function askAll(console: Console, { screen, step }: AskedStep): Promise<Given | undefined> {
  if (console.stop.aborted) return undefined;
  const result = await askResult(console, screen.results, step.asks ? "What did you see?" : "How did it end?");
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

async function askResult(
  console: Console,
  results: readonly ScreenResult[],
  question: string,
): Promise<ScreenResult | undefined> {
  const lines = results.map(({ means }, index) => `    ${index + 1}  ${phrase(means)}\n`).join("");
  console.note(`\n  ${question}\n${lines}`);
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
