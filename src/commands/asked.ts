import { join } from "node:path";
import { type AskedStep, showStep } from "../apply/answer.ts";
import { operationOf } from "../apply/context.ts";
import { filledSecret } from "../apply/filled.ts";
import { mailOf } from "../apply/mail.ts";
import type { Kind } from "../connectors/connector.ts";
import { replaceFile } from "../durable.ts";
import { draftText } from "../eml.ts";
import { linklessDisk } from "../linkless-disk.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { completeHints } from "../render/hints.ts";
import { renderInstruction } from "../render/instruction.ts";
import type { Instruction, InstructionOptions } from "../render/instruction-view.ts";
import { sayLoan } from "../render/loan.ts";
import { phrase } from "../render/visible.ts";
import type { WaitingRun } from "../render/waiting.ts";
import { resolveAll } from "../resolve.ts";
import { askedSteps, closingCommand, loansOut, stepsHeldUp } from "../run.ts";
import type { OpenRun } from "../state.ts";
import type { Plan, Step } from "../step.ts";
import { saidHere } from "./said.ts";
import type { Session } from "./session.ts";

/** What commands that speak of people's work have in common. */

/** The screens of everything in a plan that a person does, for a runbook. What is known only later is named by its address. */
export function instructionsOf(plan: Plan, kinds: ReadonlyMap<string, Kind>, manifest: Manifest): Instruction[] {
  return plan.steps.flatMap((step) => {
    const screen = kinds.get(step.kind)?.operations[step.operation]?.screen;
    const system = manifest.systems[step.system];
    if (step.hand !== "person" || !screen || !system) return [];
    const input = resolveAll(step.input, (address, attribute) => `(${attribute || "id"} of ${address})`);
    return [{ step, screen: screen({ ...step, input }, system) }];
  });
}

/** Who does each step of a plan that a person does, by its id. */
export function rolesIn(plan: Plan, kinds: ReadonlyMap<string, Kind>, manifest: Manifest): Map<string, string> {
  return new Map(instructionsOf(plan, kinds, manifest).map(({ step, screen }) => [step.id, screen.role]));
}

/** How instructions name commands here. */
export function placeOf(session: Session): InstructionOptions {
  return { environment: session.manifest.environment, ...saidHere(session) };
}

/** The command that goes on with a run whose plan file nobody has at hand; what providers began, Terraform goes on with. */
export function sayResume(session: Session, run: string): string {
  if (session.workspace.state.isJournal) return "terraform apply";
  return completeHints(`steward apply --resume ${run}`, saidHere(session));
}

/** What is asked for in a run only when somebody else has given back. */
export function heldUpIn({ workspace: { state } }: Session, run: OpenRun): NonNullable<WaitingRun["heldUp"]> {
  return stepsHeldUp(state, run).map(({ step, holder: { address, name } }) => {
    return { step: step.id, name, holder: address };
  });
}

/** What waits in one open run, and what it has borrowed. */
export function waitingIn(session: Session, run: OpenRun): WaitingRun {
  const { workspace } = session;
  const waiting = askedSteps(run).map(({ step, since, answer }) => ({
    ...showStep(workspace, run, step),
    since,
    ...(answer ? { answeredBefore: `${answer.result}, said ${answer.by} on ${answer.at.slice(0, 10)}` } : {}),
  }));
  const loans = loansOut(workspace.state).flatMap(({ run: of, ...loan }) => (of.id === run.id ? [loan] : []));
  const heldUp = heldUpIn(session, run);
  const { id, openedAt, by } = run;
  const isGivenUp = run.abandoned && waiting.length > 0;
  const close = isGivenUp ? {} : { close: completeHints(closingCommand(run), saidHere(session)) };
  return { run: { id, openedAt, by }, waiting, heldUp, loans, resume: sayResume(session, id), ...close };
}

/** Who goes without what a run has borrowed, and the command that gives it back without going on. */
export function sayLoans(session: Session, run: OpenRun): string {
  const { loans } = waitingIn(session, run);
  if (loans.length === 0) return "";
  const lines = loans.map((loan) => `${session.style("bad", sayLoan(loan, session.workspace.io.clock.now()))}\n`);
  return `${lines.join("")}To give it back without going on:  ${completeHints(closingCommand(run), saidHere(session))}\n`;
}

/** Shows what a person is to do, with the mail that they are to send. `isDoing`: `steward do` asks below it how it ended. */
export async function showInstruction(session: Session, asked: AskedStep, { isDoing = false } = {}): Promise<void> {
  const { console, style } = session;
  console.write(renderInstruction(asked, { ...placeOf(session), style, isDoing }));
  const file = await writeMail(session, asked.run, asked.step);
  if (file !== undefined) console.write(`\n  The mail is in ${phrase(file)}\n`);
}

/**
 * Writes the mail that a person is to send as a file beside the state, and says where. Written anew each time it is shown: its
 * text is in the plan. Undefined when the step is no mail.
 */
async function writeMail(session: Session, run: OpenRun, step: Step): Promise<string | undefined> {
  const { workspace, manifest } = session;
  if (step.hand !== "person" || !operationOf(workspace, step).mail || !run.steps[step.id]) return undefined;
  const folder = join(".steward", "outbox", manifest.environment);
  const path = join(folder, `${run.id}-${step.id.replaceAll(/[^\w.-]+/g, "-")}.eml`);
  const disk = linklessDisk(workspace.io.disk, manifest.folder);
  await disk.makeFolder(join(manifest.folder, folder));
  await replaceFile(disk, join(manifest.folder, path), Buffer.from(draftText(mailOf(workspace, run, step))));
  return path;
}

/** Names of the secrets that a person needs for a step, in the order of its screen. */
export function neededSecrets(asked: AskedStep): { label: string; secret: string; part?: string }[] {
  return asked.screen.acts.flatMap((act) =>
    act.act === "fill" || act.act === "prompt"
      ? act.fields.flatMap(({ label, value }) => (typeof value === "object" ? [{ label: label.text, ...value }] : []))
      : [],
  );
}

/** The value of one secret of a step's input, or of a part of a bundle. */
export async function neededSecret(
  session: Session,
  { step }: AskedStep,
  needed: { secret: string; part?: string },
): Promise<string> {
  return (await filledSecret(step, session.workspace.secrets, needed)).reveal();
}
