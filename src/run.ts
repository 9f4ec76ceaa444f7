import type { Address } from "./resource.ts";
import type { Answer } from "./screen.ts";
import type { OpenRun, State, StepProgress } from "./state.ts";
import { isOwed, isReturnOf, type Predicate, type Step, type StepResult, type When } from "./step.ts";

/** What an open run shows: which branches are taken, what is finished, what waits, what is borrowed. Pure. */

/** What is known of the step that decides a branch. */
interface Deciding {
  progress: StepProgress | undefined;
  answer: Answer | undefined;
  isAbandoned: boolean;
}

/** Whether a step was carried out; undefined while nobody knows. */
const wasDone = ({ progress }: Deciding): boolean | undefined =>
  progress?.state === "done" ? true : progress?.state === "not-done" ? false : undefined;

/** The closed set of predicates. Undefined: not decided yet. */
const predicates: Record<Predicate, (of: Deciding) => boolean | undefined> = {
  absent: ({ answer }) => wasFound(answer, { found: false, absent: true }),
  found: ({ answer }) => wasFound(answer, { found: true, absent: false }),
  unlicensed: ({ answer }) => {
    if (answer?.result === "found") return false;
    const licensed = answer?.fields.licensed;
    return licensed === undefined ? undefined : licensed === "no";
  },
  unrequested: ({ answer }) => {
    const absent = wasFound(answer, { found: false, absent: true });
    return absent === true ? answer?.fields.status === "not listed" : absent;
  },
  declined: ({ answer }) => {
    const absent = wasFound(answer, { found: false, absent: true });
    return absent === true ? answer?.fields.status === "declined" : absent;
  },
  full: ({ answer }) => wasFound(answer, { found: false, absent: true }),
  "right-missing": ({ answer }) => wasFound(answer, { found: false, absent: true }),
  refused: ({ progress }) => {
    if (progress?.state === "not-done") return progress.refused === true;
    return progress?.state === "done" ? false : undefined;
  },
  failed: (of) => {
    const done = wasDone(of);
    return done === undefined ? undefined : !done;
  },
  borrowed: (of) => {
    const done = wasDone(of);
    if (done !== undefined) return done;
    // Whoever was asked to send a mail, or was cut off while sending it, may have sent it.
    return of.isAbandoned ? of.progress !== undefined : undefined;
  },
};

function wasFound(answer: Answer | undefined, is: { found: boolean; absent: boolean }): boolean | undefined {
  return answer?.result === "found" ? is.found : answer?.result === "absent" ? is.absent : undefined;
}

/** Whether a branch is taken; undefined while the step that decides it has not shown it. */
export function decide({ is, of }: When, run: OpenRun): boolean | undefined {
  const shown = decidersOf({ is, of }, run).map((step) => decideBy(is, step.id, step, run));
  if (shown.length === 0) return decideBy(is, of, undefined, run);
  if (shown.includes(true)) return true;
  return shown.every((one) => one === false) ? false : undefined;
}

/**
 * The steps that decide a branch: one, or all of the same operation where they stand in branches of which one is taken. Such an
 * operation was carried out when one of them was.
 */
export function decidersOf({ is, of }: When, run: OpenRun): Step[] {
  const deciding = run.plan.steps.find((step) => step.id === of);
  if (is !== "borrowed" || !deciding) return deciding ? [deciding] : [];
  return run.plan.steps.filter(({ address, operation }) => {
    return address === deciding.address && operation === deciding.operation;
  });
}

function decideBy(is: Predicate, of: string, deciding: Step | undefined, run: OpenRun): boolean | undefined {
  // What is never done has not borrowed anything either.
  if (deciding && isLeftOut(run, deciding)) return false;
  const progress = run.steps[of];
  // Whoever found it there, and foreign, has made nothing.
  if (is === "borrowed" && deciding && progress?.state !== "done" && hasFailedQuestion(run, deciding)) return false;
  // An answer that the question ended with as failed decides nothing.
  const answer = progress?.state === "not-done" ? undefined : run.answers[of];
  return predicates[is]({ progress, answer, isAbandoned: run.abandoned === true });
}

/** Whether the question that a step hangs on ended as failed. */
function hasFailedQuestion({ plan, steps }: OpenRun, { when }: Step): boolean {
  const question = plan.steps.find(({ id }) => id === when?.of);
  return question?.asks === true && steps[question.id]?.state === "not-done";
}

/** Whether the branch of a step is not taken. */
export function isLeftOut(run: OpenRun, step: Step): boolean {
  return step.when !== undefined && !mayHaveBorrowed(run, step) && decide(step.when, run) === false;
}

/** Whether the branch of a step is taken; false while that is not decided. */
export function isTaken(run: OpenRun, step: Step): boolean {
  return step.when === undefined || mayHaveBorrowed(run, step) || decide(step.when, run) === true;
}

/** Once somebody began to borrow, what is answered later makes no difference: with what was lent, the answer is another one. */
function mayHaveBorrowed(run: OpenRun, step: Step): boolean {
  const progress = run.steps[step.id];
  return step.loan?.part === "take" && progress !== undefined && progress.state !== "not-done";
}

/** Whether nothing is left to do about a step: it is done, or its branch is not taken. */
export function isFinished(run: OpenRun, step: Step): boolean {
  return run.steps[step.id]?.state === "done" || wasRefused(run, step) || isLeftOut(run, step);
}

/** Whether the system refused a step in a way for which the plan has a branch. */
export function wasRefused(run: OpenRun, { id }: Step): boolean {
  const progress = run.steps[id];
  return progress?.state === "not-done" && progress.refused === true;
}

/** Steps that a person was asked for and has not answered, and whose turn it is. */
export function askedSteps(run: OpenRun): { step: Step; since: string; answer?: Answer }[] {
  return run.plan.steps.flatMap((step) => {
    const progress = run.steps[step.id];
    if (progress?.state !== "asked" || !isTurnOf(run, step)) return [];
    const answer = run.answers[step.id];
    return [{ step, since: progress.at, ...(answer ? { answer } : {}) }];
  });
}

/**
 * Whether a person may do a step that was asked for: it is still wanted, and nobody is at work on anything that comes before it. Of what was
 * asked earlier the question may be answered otherwise by now, or the run given up.
 */
export function isTurnOf(run: OpenRun, step: Step): boolean {
  if (!isWanted(run, step)) return false;
  const steps = new Map(run.plan.steps.map((one) => [one.id, one]));
  const seen = new Set<string>();
  const before = [...step.needs];
  for (let id = before.pop(); id !== undefined; id = before.pop()) {
    const other = steps.get(id);
    if (!other || seen.has(id)) continue;
    seen.add(id);
    if (run.steps[id]?.state === "asked" && isWanted(run, other)) return false;
    // What comes before something that is settled is settled with it.
    if (!isFinished(run, other)) before.push(...other.needs);
  }
  return true;
}

/**
 * Of an abandoned run only what closes and gives back is wanted; of any run nothing of a branch that is not taken any more, or
 * that needs what a person could not do.
 */
function isWanted(run: OpenRun, step: Step): boolean {
  if (!isTaken(run, step) || (run.abandoned && !step.always)) return false;
  return (
    step.always === true || !run.plan.steps.some((other) => step.needs.includes(other.id) && isGivenUp(run, other))
  );
}

/** What a person could not do, nobody is asked for again in this run (decision 0019). What is owed never ends so. */
function isGivenUp(run: OpenRun, step: Step): boolean {
  if (step.hand !== "person" || isOwed(step)) return false;
  return run.steps[step.id]?.state === "not-done" && !isFinished(run, step);
}

/** What an abandoned run still has to close. */
function toBeClosed(run: OpenRun): Step[] {
  const hasBegun = ({ when, needs }: Step): boolean => when !== undefined || needs.some((need) => run.steps[need]);
  return run.plan.steps.filter((step) => {
    return (
      step.always &&
      !isOwed(step) &&
      hasBegun(step) &&
      isTaken(run, step) &&
      !isFinished(run, step) &&
      !isGivenUp(run, step)
    );
  });
}

/** Whether people are at work on a run: nobody else may close it, and the same plan goes on with it. */
export function isWaiting(run: OpenRun): boolean {
  if (run.abandoned || run.ended) return false;
  // What a browser answered, nobody worked at.
  const isAnswered = run.plan.steps.some(({ id, hand }) => hand === "person" && run.answers[id] !== undefined);
  return isAnswered || askedSteps(run).length > 0;
}

/** The command that closes an open run without finishing it. What people still owe one that was given up, they do. */
export function closingCommand(run: OpenRun): string {
  const [owed] = run.abandoned ? askedSteps(run) : [];
  if (owed) return `steward do ${owed.step.id}`;
  return isWaiting(run) || run.carrier ? `steward apply --abandon ${run.id}` : "steward recover";
}

/** Something borrowed and not given back yet. */
interface LoanOut {
  run: OpenRun;
  system: string;
  name: string;
  address: Address;
  /** Who goes without it meanwhile. */
  from?: string;
  /** ISO 8601: when it was asked for. */
  since: string;
  /** Nobody has told that it was taken. */
  unsure?: true;
}

/** Everything that open runs have borrowed. What need not be given back is no loan once it is taken. */
export function loansOut(state: State): LoanOut[] {
  return Object.values(state.runs).flatMap((run) =>
    run.plan.steps.flatMap((step): LoanOut[] => {
      const progress = run.steps[step.id];
      if (step.loan?.part !== "take" || progress === undefined || progress.state === "not-done") return [];
      const { name, from } = step.loan;
      const back = run.plan.steps.find((other) => isReturnOf(other, step));
      if (!back || isFinished(run, back)) return [];
      const whom = from === undefined ? {} : { from };
      const unsure = progress.state === "done" ? {} : { unsure: true as const };
      return [{ run, system: step.system, name, ...whom, address: step.address, since: progress.at, ...unsure }];
    }),
  );
}

/** Who holds what a step wants to borrow; undefined when it is free or the step's own. */
export function loanHolder(state: State, run: OpenRun, step: Step): LoanOut | undefined {
  if (step.loan?.part !== "take") return undefined;
  return loansOut(state).find(
    (loan) =>
      loan.system === step.system &&
      loan.name === step.loan?.name &&
      (loan.run.id !== run.id || loan.address !== step.address),
  );
}

/** Steps of people whose turn it would be, were what they borrow not lent to somebody else; and who has it. */
export function stepsHeldUp(state: State, run: OpenRun): { step: Step; holder: LoanOut }[] {
  if (run.abandoned) return [];
  const byId = new Map(run.plan.steps.map((step) => [step.id, step]));
  return run.plan.steps.flatMap((step) => {
    const holder = run.steps[step.id] === undefined ? loanHolder(state, run, step) : undefined;
    const isNext = step.needs.every((need) => isFinished(run, byId.get(need) ?? step));
    return holder && step.hand === "person" && isNext && isTaken(run, step) ? [{ step, holder }] : [];
  });
}

/** Whether a step that ended like this lets what needs it go on. */
export const isGood = (result: StepResult | undefined): boolean =>
  result === "done" || result === "not-needed" || result === "refused";

/** Whether a step has ended for this run: it neither waits nor is it in doubt. */
export const hasEnded = (result: StepResult | undefined): boolean =>
  result !== undefined && result !== "waiting" && result !== "in-doubt" && result !== "untouched";

/** Addresses that open runs have not finished, and the run that holds each. */
export function reservedAddresses(state: State): Map<Address, OpenRun> {
  const reserved = new Map<Address, OpenRun>();
  for (const run of Object.values(state.runs)) {
    // Of an abandoned run what is to be closed is not touched before it is; what is only given back keeps nothing.
    const left = run.abandoned ? toBeClosed(run) : run.plan.steps.filter((step) => !isFinished(run, step));
    for (const { address } of left) reserved.set(address, run);
  }
  return reserved;
}
