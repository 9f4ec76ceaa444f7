import type { ExecuteOptions } from "../apply/execute.ts";
import type { RefreshWatch } from "../refresh.ts";
import { sayLoan } from "../render/loan.ts";
import { type Progress, startProgress } from "../render/progress.ts";
import { loansOut } from "../run.ts";
import type { Step } from "../step.ts";
import type { Session } from "./session.ts";

/** How often a line in place is drawn anew, so that a pause counts down. */
const tickMs = 500;

/** Progress of one command: in place on a terminal, in a pipeline one line a step. */
interface Watch {
  refresh: RefreshWatch;
  /** Ends what was shown; what is shown next are the steps of a run, of `total`. */
  begin(total: number): void;
  onStep: NonNullable<ExecuteOptions["onStep"]>;
  onWait: NonNullable<ExecuteOptions["onWait"]>;
  close(): void;
}

/** Shows how far a command is, on standard error. */
export function watchProgress(session: Session): Watch {
  const { console, style, workspace } = session;
  const now = () => workspace.io.clock.now();
  const shared = { write: (text: string) => console.note(text), now, columns: console.columns, style };
  const opened: Progress[] = [];
  // What an earlier run left is given back before anybody counts.
  let stepsTotal: number | undefined;
  const timer = console.notesAreTerminal ? setInterval(() => opened.at(-1)?.tick(), tickMs) : undefined;
  let isLoanSaid = false;
  const begin = (total?: number): Progress => {
    opened.at(-1)?.close();
    const progress = startProgress(total, { ...shared, terminal: console.notesAreTerminal });
    opened.push(progress);
    return progress;
  };
  const pause = (who: string, untilMs: number, why: string) => {
    (opened.at(-1) ?? begin(stepsTotal)).pause(who, untilMs, why);
    const seconds = Math.ceil((untilMs - now()) / 1_000);
    if (!console.notesAreTerminal) console.note(`waiting   ${who} ${why}: ${seconds} s\n`);
  };
  session.pauses.listener = (system, untilMs) => pause(system, untilMs, "asked to slow down");
  return {
    refresh: watchRefresh(session, begin),
    begin(total) {
      for (const progress of opened.splice(0)) progress.close();
      stepsTotal = total;
    },
    onStep({ step, state, because }) {
      const progress = opened.at(-1) ?? begin(stepsTotal);
      if (state === "started") progress.start(step.id);
      else progress.finish(step.id, isUnproven(step, state, because) ? "unproven" : state);
    },
    onWait(step, untilMs) {
      if (!isLoanSaid) console.note(sayLockedOut(session));
      isLoanSaid = true;
      pause(step.id, untilMs, "was cut off and may still be carried out");
    },
    close() {
      clearInterval(timer);
      session.pauses.listener = undefined;
      for (const progress of opened) progress.close();
    },
  };
}

/** What has to be said of a proof is that nobody could have it. */
function isUnproven({ records }: Step, state: string, because: string | undefined): boolean {
  return state === "done" && records.is === "proven" && because !== undefined;
}

/** Who goes without what is borrowed while it is not known what became of a step. No other command is safe sooner. */
function sayLockedOut({ workspace, console }: Session): string {
  const loans = loansOut(workspace.state);
  const lines = loans.map((loan) => `${sayLoan(loan, workspace.io.clock.now())}\n`);
  const why = "It goes back when it is known what became of the step that was cut off; no other command is quicker.\n";
  return loans.length === 0 ? "" : `${console.notesAreTerminal ? "\n" : ""}${lines.join("")}${why}`;
}

/** Reading is quick and writes nothing: a pipeline's log needs no line for each list. */
function watchRefresh({ console, manifest, workspace }: Session, begin: (total: number) => Progress): RefreshWatch {
  if (!console.notesAreTerminal) return { start() {}, finish() {} };
  let progress: Progress | undefined;
  const total = Object.keys(manifest.systems).reduce((sum, name) => sum + workspace.connector(name).kinds.length, 0);
  return {
    start(piece) {
      progress ??= begin(total);
      progress.start(piece);
    },
    finish: (piece) => progress?.finish(piece),
  };
}
