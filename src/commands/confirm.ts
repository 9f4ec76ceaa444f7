import { askedStep } from "../apply/answer.ts";
import { Fault } from "../diagnostic.ts";
import { stringify } from "../render/json.ts";
import { phrase } from "../render/visible.ts";
import { type AnswerResult, answerResults } from "../screen.ts";
import { Secret } from "../secret.ts";
import { answerUnderLock, exitOf, sayAnswer, type ToldReport } from "./answered.ts";
import { sayResume } from "./asked.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { type Session, withSession } from "./session.ts";
import { gather } from "./shared-options.ts";

interface ConfirmFlags {
  result: AnswerResult;
  field?: string[];
  secret?: string[];
}

/** `steward confirm`. */
export const addConfirm: AddCommand = (command, run) => {
  command
    .description(
      "Says how a step of a person ended, without a terminal. Standard input holds one line for each --secret, in their order. Credentials are tested before they are believed; when they are refused, nothing is recorded and the step goes on waiting. A Veson token can be tested only later: until it is proven it may be told again, and when it is refused it is asked for again.",
    )
    .argument("<step>", "for example momentus_api_user.moco_serv/create; steward status names those that wait")
    .requiredOption("--result <result>", `one of ${answerResults.join(", ")}`)
    .option("--field <name=value>", "what the step asks for; may be repeated", gather)
    .option("--secret <name>", "a secret that the step asks for, a line of standard input; may be repeated", gather)
    .addHelpText(
      "after",
      `
Results: done, not-done (goes on waiting), failed (given up). For a question: found, absent, cannot-see (goes on waiting).

Examples:
  steward confirm momentus_api_user.moco_serv/observe --result absent --field rights=support --field licensed=yes
  steward confirm momentus_api_user.moco_serv/create --result done --secret secret --secret key < two-lines`,
    )
    .action(run<ConfirmFlags, [string]>(confirm));
};

async function confirm(console: Console, options: SharedOptions & ConfirmFlags, id: string): Promise<number> {
  if (!answerResults.includes(options.result)) {
    throw new WrongUsage(`--result ${options.result} is not one of ${answerResults.join(", ")}`);
  }
  const { result, field = [], secret = [] } = options;
  const fields = fieldsIn(field);
  assertSecretNames(secret);
  return withSession(console, options, {}, async (session) => {
    // Nobody types or pipes a secret for what is refused anyway.
    const seen = askedStep(session.workspace, id);
    const given = { result, fields, secrets: await secretsIn(console, secret) };
    const report = await answerUnderLock(session, "confirm", id, given, seen);
    if (options.format === "json") console.write(answerJson(session, report));
    else console.write(sayAnswer(session, report));
    return exitOf(report);
  });
}

function fieldsIn(words: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1) throw new WrongUsage(`write --field as NAME=VALUE`);
    const name = word.slice(0, at);
    if (Object.hasOwn(fields, name)) throw new WrongUsage(`--field ${name} is given twice`);
    Object.defineProperty(fields, name, { value: word.slice(at + 1), enumerable: true });
  }
  return fields;
}

function assertSecretNames(names: readonly string[]): void {
  if (names.some((name) => name.includes("="))) {
    const way = "--secret NAME, with the value as a line of standard input";
    throw new WrongUsage(
      `a secret never stands on the command line: ${way}. What you typed is in your shell's history now`,
    );
  }
  if (new Set(names).size < names.length) throw new WrongUsage("a --secret is given twice");
}

/** One line of standard input for each name; on a terminal each is asked for, and nothing of it is shown. */
async function secretsIn(console: Console, names: readonly string[]): Promise<Record<string, Secret>> {
  if (names.length === 0) return {};
  const lines = console.canAsk ? await askEach(console, names) : linesOf(await console.readInput());
  if (lines.length !== names.length) {
    throw new WrongUsage(
      `standard input holds ${lines.length} lines, and ${names.length} are needed: one for each --secret`,
    );
  }
  return Object.fromEntries(names.map((name, index) => [name, new Secret(lines[index] ?? "")]));
}

async function askEach(console: Console, names: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const name of names) {
    const line = await console.ask(`${phrase(name)} (not shown): `, { secret: true });
    if (line === undefined) throw new Fault("it was stopped before anything was told", { happened: "no" });
    lines.push(line.trim());
  }
  return lines;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.trim());
}

function answerJson(session: Session, told: ToldReport): string {
  const { step, became, because, proofs, next, runEnded, run, leftSecrets } = told;
  return stringify({
    formatVersion: 1,
    step: step.id,
    run: run.id,
    became,
    because,
    proofs: proofs.map((proof) => ({ step: proof.step.id, result: proof.result, because: proof.because })),
    next: next.map(({ id }) => id),
    ended: runEnded,
    leftSecrets: leftSecrets.length > 0 ? leftSecrets : undefined,
    resume: runEnded ? undefined : sayResume(session, run.id),
    serial: session.workspace.state.serial,
  });
}
