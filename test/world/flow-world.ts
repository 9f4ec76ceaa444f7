import { type AnswerReport, showStep } from "../../src/apply/answer.ts";
import { operationOf } from "../../src/apply/context.ts";
import { filledSecret } from "../../src/apply/filled.ts";
import { mailOf } from "../../src/apply/mail.ts";
import { draftText } from "../../src/eml.ts";
import type { Io } from "../../src/io.ts";
import type { Manifest } from "../../src/manifest/manifest.ts";
import { askedSteps } from "../../src/run.ts";
import { LicensingTeam } from "../../src/simulators/momentus/mail.ts";
import type { MomentusSimulatorOptions } from "../../src/simulators/momentus/options.ts";
import type { MomentusSimulator } from "../../src/simulators/momentus/simulator.ts";
import { readMail } from "../../src/simulators/smtp-mail.ts";
import type { OpenRun, State } from "../../src/state.ts";
import type { Plan, Step } from "../../src/step.ts";
import type { Workspace } from "../../src/workspace.ts";
import { CrashDisk } from "./crash-disk.ts";
import { MomentusWorld } from "./momentus-world.ts";
import { confirmIn } from "./people-world.ts";
import { type Desk, SupportPerson, type Task, type Told } from "./support-person.ts";
import { seededRandom } from "./test-world.ts";

export const url = "https://venue.test/prod";
const mailFrom = "iam@venue.example";

/** Everything that a flow looks like at one moment, for a copy of it. */
export interface FlowMoment {
  momentus: MomentusSimulator;
  team: LicensingTeam;
  files: Record<string, string>;
  nowMs: number;
  arrived: FlowWorld["outbox"]["arrived"];
  person: Pick<SupportPerson, "rights" | "remembered">;
  file: Plan | undefined;
}

/**
 * A Momentus environment with the people around it: one who works at the console, and the licensing team, which reads the mails
 * that arrive. A pipeline keeps the plan file that it applies.
 */
export class FlowWorld extends MomentusWorld {
  readonly team: LicensingTeam;
  readonly person: SupportPerson;
  /** The plan file that the pipeline holds. */
  file: Plan | undefined;
  readonly #random: Io["random"];
  static readonly #manifests = new Map<string, Manifest>();

  constructor(options: Omit<MomentusSimulatorOptions, "now" | "sleep"> = {}, moment?: FlowMoment, seed = 5) {
    super(options, moment?.momentus);
    const { store } = this.momentus;
    this.team = moment?.team.clone(store) ?? new LicensingTeam(store, { urls: { prod: url } });
    this.person = new SupportPerson(this.#desk());
    this.#random = seededRandom(`flow ${seed}`);
    this.outbox.onMail = ({ from, to, subject, text, messageId }) =>
      store.sendMail({ from, to, subject, text, messageId });
    if (moment) this.#goOnFrom(moment);
  }

  #goOnFrom({ files, nowMs, arrived, person, file }: FlowMoment): void {
    this.clock.advance(nowMs - this.clock.now());
    this.disk = new CrashDisk({ onPoint: (name) => this.point(name) });
    for (const [path, content] of Object.entries(files)) this.disk.plant(path, content);
    for (const sent of arrived) this.outbox.arrived.push(sent);
    for (const [name, told] of person.remembered) this.person.remembered.set(name, told);
    this.person.rights = person.rights;
    this.file = file;
  }

  /** Keeps everything as it is now. Between two commands only. */
  moment(): FlowMoment {
    this.momentus.settlePending();
    const momentus = this.momentus.clone();
    const person = { rights: this.person.rights, remembered: new Map(this.person.remembered) };
    const arrived = [...this.outbox.arrived];
    const { file } = this;
    const team = this.team.clone(momentus.store);
    return { momentus, team, files: this.disk.files(), nowMs: this.clock.now(), arrived, person, file };
  }

  override io(): Io {
    return { ...super.io(), random: this.#random };
  }

  /** The same text is read once for all worlds: nothing of it depends on one. */
  override manifest(text: string): Manifest {
    const known = FlowWorld.#manifests.get(text) ?? super.manifest(text);
    FlowWorld.#manifests.set(text, known);
    return known;
  }

  #desk(): Desk {
    const { world, store } = this.momentus;
    return {
      handle: (request) => this.momentus.handle(request),
      accounts: { support: world.support, customer: world.customerAdmin },
      send: (mail) => {
        const { to, subject, text } = readMail(mail);
        store.sendMail({ from: mailFrom, to, subject, text });
      },
      inbox: () => store.outbox.findLast(({ to }) => to === mailFrom)?.text,
    };
  }

  async state(text: string): Promise<State> {
    return (await this.open(text)).state;
  }

  /** The state, and everything that waits for a person, in the order of the runs and their plans. */
  async look(text: string): Promise<{ state: State; tasks: Task[] }> {
    const workspace = await this.open(text);
    const { state } = workspace;
    const tasks = Object.values(state.runs).flatMap((run) =>
      askedSteps(run).map(({ step }) => taskOf(workspace, run, step)),
    );
    return { state, tasks };
  }

  /** What `steward confirm` does. */
  async confirm(text: string, task: Pick<Task, "run" | "step">, told: Told): Promise<AnswerReport> {
    const report = await confirmIn(this, text, task.step, told.result, told);
    if (report.became === "done") this.person.forget(task);
    return report;
  }
}

function taskOf(workspace: Workspace, run: OpenRun, step: Step): Task {
  const shown = showStep(workspace, run, step);
  const isMail = operationOf(workspace, step).mail !== undefined;
  return {
    run: run.id,
    step: step.id,
    screen: shown.screen,
    reveal: (name, part) =>
      filledSecret(shown.step, workspace.secrets, { secret: name, ...(part === undefined ? {} : { part }) }),
    ...(isMail ? { mail: draftText(mailOf(workspace, run, step)) } : {}),
  };
}

/** What `steward forget` records. */
export async function forgetEntry(world: FlowWorld, text: string, address: string): Promise<void> {
  await world.withLock(text, "forget", async (workspace) => {
    const at = workspace.timestamp();
    await workspace.append([{ type: "entry", at, by: "test", why: "forget", address, entry: null }]);
  });
}
