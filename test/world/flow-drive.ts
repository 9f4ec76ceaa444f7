import type { ApplyReport } from "../../src/apply/apply.ts";
import type { State } from "../../src/state.ts";
import type { Consents, Plan } from "../../src/step.ts";
import type { FlowWorld } from "./flow-world.ts";
import type { Task, Told } from "./support-person.ts";

/** How the person deals with a task: undefined puts it off. */
export type Conduct = (task: Task, world: FlowWorld) => Promise<Told | undefined>;

export const honestly: Conduct = (task, world) => world.person.work(task);

/** So often something fails before people and pipeline stop trying. */
const failuresMax = 2;

export interface DriveOptions {
  conduct?: Conduct;
  /** What each new plan is given. */
  consents?(state: State): Partial<Consents>;
  /** Commands and looks until the flow must be at its end. */
  roundsMax?: number;
  /** Called before each command that writes, with what it is. */
  onCommand?(name: string): Promise<void>;
  /** Shown the state each time that somebody looks what comes next. */
  onLook?(state: State): void;
}

/**
 * A pipeline and the people around it, until a plan says that there is nothing to do or nothing goes on without an answer that
 * nobody gives. Whatever stands in the state decides what comes next, so that it goes on after any crash.
 */
export class FlowDrive {
  readonly #world: FlowWorld;
  readonly #text: string;
  readonly #options: DriveOptions;
  /** Tasks that the person cannot finish before something else has happened. */
  readonly #putOff = new Set<string>();
  /** What was last told of a task that goes on waiting: the same is not told twice. */
  readonly #toldLast = new Map<string, string>();
  /** Applies one after the other that failed for another reason than people. */
  #unfinished = 0;
  /** How often a step could not be done, by its id: nobody tries for ever. */
  readonly #failures = new Map<string, number>();

  constructor(world: FlowWorld, text: string, options: DriveOptions = {}) {
    this.#world = world;
    this.#text = text;
    this.#options = options;
  }

  /** Answers the last plan: without changes, or with those that wait for an answer. */
  async toTheEnd(): Promise<Plan> {
    const { roundsMax = 60 } = this.#options;
    let serial = -1;
    for (let round = 0; round < roundsMax; round++) {
      this.#world.team.work();
      const { state, tasks } = await this.#world.look(this.#text);
      this.#options.onLook?.(state);
      if (await this.#tellOne(tasks)) continue;
      // Everybody was asked, everything was resumed, and nothing was recorded since.
      if (state.serial === serial || this.#unfinished >= failuresMax) return this.#world.plan(this.#text);
      serial = state.serial;
      const plan = await this.#goOn(state);
      if (plan) return plan;
    }
    throw new Error(`it does not come to an end: ${JSON.stringify((await this.#world.plan(this.#text)).changes)}`);
  }

  /** One answer of a person; false when nobody has anything to tell. */
  async #tellOne(tasks: readonly Task[]): Promise<boolean> {
    const { conduct = honestly } = this.#options;
    for (const task of tasks) {
      const name = `${task.run} ${task.step}`;
      if (this.#putOff.has(name) || (this.#failures.get(task.step) ?? 0) >= failuresMax) continue;
      const told = await conduct(task, this.#world);
      if (!told || told.result === "not-done" || told.result === "cannot-see") this.#putOff.add(name);
      if (!told || this.#toldLast.get(name) === JSON.stringify(told)) continue;
      this.#toldLast.set(name, JSON.stringify(told));
      await this.#options.onCommand?.(`confirm ${task.step} ${told.result}`);
      const { became } = await this.#world.confirm(this.#text, task, told);
      if (became === "failed") this.#failures.set(task.step, (this.#failures.get(task.step) ?? 0) + 1);
      return true;
    }
    return false;
  }

  /** Resumes what is open, by its plan file where the pipeline has it; else plans, and applies what was planned. */
  async #goOn(state: State): Promise<Plan | undefined> {
    const world = this.#world;
    const runs = Object.values(state.runs);
    this.#putOff.clear();
    for (const run of runs) {
      const isOurs = world.file?.digest === run.plan.digest;
      await this.#options.onCommand?.("apply again");
      this.#count(await world.apply(this.#text, isOurs && world.file ? { file: world.file } : { resume: run.id }));
    }
    if (runs.length > 0) return undefined;
    const plan = await world.plan(this.#text, this.#options.consents?.(state));
    if (plan.steps.length === 0) return plan;
    world.file = plan;
    await this.#options.onCommand?.("apply");
    this.#count(await world.apply(this.#text, { file: plan }));
    return undefined;
  }

  #count({ outcome }: ApplyReport): void {
    this.#unfinished = outcome === "unfinished" ? this.#unfinished + 1 : 0;
  }
}

/** Drives a flow to its end. */
export function drive(world: FlowWorld, text: string, options: DriveOptions = {}): Promise<Plan> {
  return new FlowDrive(world, text, options).toTheEnd();
}
