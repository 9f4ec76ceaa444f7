import { isReturnOf, type Plan, type Step } from "../step.ts";
import { type AssumedLabels, assumedLabels, type Item, signIn, viewActs } from "./act-view.ts";
import { type CommandPlace, doCommand } from "./command-line.ts";
import { explainWhen, type MeaningOf, type NameOfStep } from "./condition.ts";
import { applyCommand, completeHints } from "./hints.ts";
import type { Instruction } from "./instruction-view.ts";
import { sayMoment } from "./moment.ts";
import { saidIn, viewPlan } from "./plan-view.ts";
import { divide, type Task, type TaskStep } from "./runbook-tasks.ts";
import { type ToldView, viewTold } from "./told-view.ts";
import { capital, count, phrase } from "./visible.ts";

/** A plan as work for people, in words that are safe to print. Markdown and HTML are made from it, so they say the same. */
export interface RunbookView {
  environment: string;
  /** "Plan: 3 to create, …". */
  outcome: string;
  /** When and from which plan it was made. */
  facts: { name: string; text: string }[];
  /** What the plan does: resources and verbs. */
  changes: { symbol: string; address: string; what: string }[];
  /** Further changes, which are only counted. */
  moreChanges: number;
  roles: RoleView[];
  /** In the order of the plan: Steward goes on before the first task, after the last, and where it has something to do. */
  parts: (TaskView | GoOnView)[];
  /** What is given back in every case. */
  returns: ReturnView[];
  /** The command that begins. */
  begin: string;
  /** The command that goes on after a task. */
  goOn: string;
  /** The command that shows whether all is done. */
  check: string;
}

interface RoleView {
  role: string;
  /** "tasks 1 and 3". */
  tasks: string;
  addresses: string[];
}

export interface TaskView {
  is: "task";
  number: number;
  role: string;
  /** "Waits for task 1 (an Enterprise support user)." */
  waits: string;
  steps: StepOfTask[];
}

export interface StepOfTask {
  /** `2.1`. */
  number: string;
  id: string;
  title: string;
  system: string;
  /** Whether it is a question. */
  asks: boolean;
  /** When it is needed, and what is borrowed with it. */
  conditions: string[];
  items: Item[];
  assumed: AssumedLabels[];
  told: ToldView;
}

/** What Steward does by itself when it goes on. */
export interface GoOnView {
  is: "go-on";
  /** Before the first task, after the last one, or in between. */
  when: "first" | "last" | "between";
  lines: { title: string; address: string; conditions: string[] }[];
  /** Further steps, which are only counted. */
  more: number;
}

export interface ReturnView {
  title: string;
  /** "step 3.1", or "Steward does it by itself". */
  where: string;
  conditions: string[];
}

/** Steps of Steward that are named between two tasks, and changes that are named at the beginning; the rest are counted. */
const namedMax = 20;
/** Characters of a digest that tell plans apart for a reader. */
const digestCharacters = 12;

/** What a runbook has to say. `file` is the name of the plan file, `manifest` where the manifest was looked for. */
export function viewRunbook(
  plan: Plan,
  instructions: readonly Instruction[],
  { file, manifest }: { file?: string; manifest?: string } = {},
): RunbookView {
  const { tasks, alone } = divide(plan.steps, instructions);
  const numbers = numbersOf(tasks);
  const words: Words = {
    ...{
      place: { env: saidIn(plan).env, manifest },
      nameOf: namesIn(plan.steps, numbers),
      meaningOf: meaningsIn(instructions),
    },
    ...{ numbers, steps: plan.steps },
  };
  const ofFile = file === undefined ? undefined : applyCommand(file, { manifest });
  const goOn = (after: number): GoOnView => {
    const when = after === 0 ? "first" : after === tasks.length ? "last" : "between";
    return viewGoOn(when, alone.get(after) ?? [], words);
  };
  const { changes, outcome } = viewPlan(plan);
  return {
    environment: phrase(plan.environment),
    outcome,
    facts: factsOf(plan),
    changes: changes.slice(0, namedMax).map(({ symbol, address, what }) => ({ symbol, address, what })),
    moreChanges: Math.max(0, changes.length - namedMax),
    roles: rolesOf(tasks),
    parts: [goOn(0), ...tasks.flatMap((task) => [viewTask(task, tasks, words), goOn(task.number)])].filter(isOfUse),
    returns: plan.steps.filter(({ always }) => always).map((step) => viewReturn(step, words)),
    begin: ofFile ?? sayApply(plan, manifest),
    goOn: ofFile ?? completeHints("steward apply --resume RUN", words.place),
    check: completeHints("steward plan", words.place),
  };
}

/** What every part of a runbook is said with. */
interface Words {
  place: CommandPlace;
  nameOf: NameOfStep;
  meaningOf: MeaningOf;
  /** `2.1` by the id of a step of a person. */
  numbers: ReadonlyMap<string, string>;
  steps: readonly Step[];
}

/** An answer leads to the next person by itself; Steward has to go on only where it has something to do. */
function isOfUse(part: TaskView | GoOnView): boolean {
  return part.is === "task" || part.when !== "between" || part.lines.length > 0;
}

function meaningsIn(instructions: readonly Instruction[]): MeaningOf {
  const screens = new Map(instructions.map(({ step, screen }) => [step.id, screen]));
  return (id, is) => screens.get(id)?.results.find(({ result }) => result === is)?.means;
}

function sayApply(plan: Plan, manifest: string | undefined): string {
  return completeHints(plan.scope.destroy ? "steward destroy" : "steward apply", { ...saidIn(plan), manifest });
}

function factsOf(plan: Plan): RunbookView["facts"] {
  const systems = Object.keys(plan.basis.targets).sort();
  return [
    { name: systems.length === 1 ? "System" : "Systems", text: phrase(systems.join(", ")) },
    { name: "Plan of", text: sayMoment(plan.now) },
    { name: "Plan digest", text: phrase(plan.digest.slice(0, digestCharacters)) },
    { name: "Made by", text: `Steward ${phrase(plan.basis.version)}, from state serial ${plan.serial}` },
  ];
}

function rolesOf(tasks: readonly Task[]): RoleView[] {
  const roles = [...new Set(tasks.map(({ role }) => role))];
  return roles.map((role) => {
    const own = tasks.filter((task) => task.role === role);
    const urls = own.flatMap(({ steps }) => steps.flatMap(({ screen }) => screen?.url ?? []));
    return {
      role: phrase(role),
      tasks: sayTasks(own.map(({ number }) => number)),
      addresses: [...new Set(urls)].map(phrase),
    };
  });
}

function viewTask(task: Task, tasks: readonly Task[], words: Words): TaskView {
  let signedIn: string | undefined;
  return {
    is: "task",
    number: task.number,
    role: phrase(task.role),
    waits: sayWaits(task, tasks),
    steps: task.steps.map((one) => {
      const view = viewStep(one, words, one.screen?.url !== signedIn);
      signedIn = one.screen?.url ?? signedIn;
      return view;
    }),
  };
}

function sayWaits({ after }: Task, tasks: readonly Task[]): string {
  const named = tasks.filter(({ number }) => after.includes(number));
  // What another of them waits for itself needs no word.
  const last = named.filter(({ number }) => !named.some((other) => other.after.includes(number)));
  if (last.length === 0) return "Can begin at once.";
  return `Waits for ${last.map(({ number, role }) => `task ${number} (${phrase(role)})`).join(" and ")}.`;
}

function viewStep({ step, screen }: TaskStep, words: Words, signsIn: boolean): StepOfTask {
  const { place } = words;
  const later: Item = {
    ...{ pieces: [{ is: "words", text: "Steward shows what to do when its time comes: run the command below." }] },
    ...{ fields: [], after: [] },
  };
  const acts = screen ? viewActs(screen.acts, step.id, place) : [later];
  return {
    number: words.numbers.get(step.id) ?? "",
    id: phrase(step.id),
    title: capital(phrase(step.title)),
    system: phrase(step.system),
    asks: step.asks === true,
    conditions: conditionsOf(step, words),
    items: [...(screen && signsIn ? signIn(screen) : []), ...acts],
    assumed: assumedLabels(screen?.acts ?? []),
    told: screen
      ? viewTold(step, screen.results, place)
      : { when: "When its time comes", ask: { command: doCommand(step.id, place) }, ways: [] },
  };
}

function viewGoOn(when: GoOnView["when"], steps: readonly Step[], words: Words): GoOnView {
  const lines = steps.slice(0, namedMax).map((step) => ({
    ...{ title: capital(phrase(step.title)), address: phrase(step.address) },
    conditions: conditionsOf(step, words),
  }));
  return { is: "go-on", when, lines, more: steps.length - lines.length };
}

function viewReturn(step: Step, words: Words): ReturnView {
  const number = words.numbers.get(step.id);
  return {
    title: capital(phrase(step.title)),
    where: number === undefined ? "Steward does it by itself" : `step ${number}`,
    conditions: conditionsOf(step, words),
  };
}

function conditionsOf(step: Step, { nameOf, meaningOf, steps, numbers }: Words): string[] {
  const { when, always, asks, loan } = step;
  const conditions = [];
  const isLoan = (id: string): boolean => steps.find((other) => other.id === id)?.loan?.part === "take";
  if (when) conditions.push(explainWhen(when, nameOf, meaningOf, isLoan));
  if (always) conditions.push("Also when something before it failed.");
  if (asks) conditions.push("A question: look, and change nothing.");
  if (loan?.part === "take") {
    const back = steps.find((other) => isReturnOf(other, step));
    const where =
      back && (numbers.has(back.id) ? ` Step ${numbers.get(back.id)} gives it back.` : " Steward gives it back.");
    conditions.push(`Borrows ${phrase(loan.name)} on ${phrase(step.system)}.${where ?? ""}`);
  }
  if (loan?.part === "return") conditions.push(`Gives ${phrase(loan.name)} on ${phrase(step.system)} back.`);
  return conditions;
}

function numbersOf(tasks: readonly Task[]): Map<string, string> {
  return new Map(
    tasks.flatMap(({ number, steps }) =>
      steps.map(({ step }, index): [string, string] => [step.id, `${number}.${index + 1}`]),
    ),
  );
}

function namesIn(steps: readonly Step[], numbers: ReadonlyMap<string, string>): NameOfStep {
  const titles = new Map(steps.map((step) => [step.id, step.title]));
  return (id) => {
    const number = numbers.get(id);
    if (number !== undefined) return `step ${number}`;
    const title = titles.get(id);
    return title === undefined ? undefined : `“${phrase(title)}”`;
  };
}

/** "task 1", "tasks 1, 2 and 4". */
function sayTasks(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((one, other) => one - other);
  const last = sorted.pop();
  if (sorted.length === 0) return `task ${last}`;
  return `tasks ${sorted.join(", ")} and ${last}`;
}

/** "… and 12 more steps"; nothing when all were named. */
export function sayMore(more: number, what: string): string[] {
  return more > 0 ? [`… and ${count(more, `more ${what}`)}`] : [];
}
