import type { Command } from "commander";
import type { LockOwner } from "../backends/backend.ts";
import { exitCodes, Refusal } from "../diagnostic.ts";
import { stringify } from "../render/json.ts";
import { renderEntry, renderRuns } from "../render/state-text.ts";
import { renderTable } from "../render/table.ts";
import { count, phrase } from "../render/visible.ts";
import type { OpenRun, State } from "../state.ts";
import type { AddCommand, Console, RunCommand, SharedOptions } from "./command.ts";
import { recordedEntry } from "./recorded.ts";
import { type Session, withSession } from "./session.ts";

/** `steward state`. */
export const addState: AddCommand = (command, run) => {
  command.description("Looks into the state, which holds no secrets, and takes a lock away.");
  addList(command, run);
  command
    .command("show")
    .summary("show what is recorded of one resource")
    .description("Shows what is recorded of one resource.")
    .argument("<address>", "for example velocloud_api_token.ci")
    .addHelpText("after", "\nExample:\n  steward state show velocloud_api_token.ci")
    .action(run<object, [string]>((console, options, address) => open(console, options, show(address))));
  command
    .command("unlock")
    .summary("take the lock away")
    .description(
      "Takes the lock from whoever holds it. Two runs at once can damage what they manage: be sure it is dead.",
    )
    .option("--force", "do not ask")
    .addHelpText("after", "\nExample:\n  steward state unlock")
    .action(run<{ force?: true }, []>((console, options) => open(console, options, unlock(options.force ?? false))));
};

function addList(command: Command, run: RunCommand): void {
  command
    .command("list")
    .summary("list what is recorded, and unfinished runs")
    .description("Lists what is recorded, and the runs that were not finished.")
    .addHelpText("after", "\nExample:\n  steward state list --env test")
    .action(run<object, []>((console, options) => open(console, options, list)));
}

function open(console: Console, options: SharedOptions, body: (session: Session) => Promise<void>): Promise<number> {
  return withSession(console, options, { reads: true }, async (session) => {
    await body(session);
    return exitCodes.done;
  });
}

async function list({ workspace, console, options, style }: Session): Promise<void> {
  const { state } = workspace;
  const entries = Object.values(state.entries).sort((a, b) => (a.address < b.address ? -1 : 1));
  if (options.format === "json") {
    const { lineage, serial } = state;
    console.write(stringify({ formatVersion: 1, lineage, serial, entries, runs: runsOf(state) }));
    return;
  }
  if (entries.length === 0) console.write(`Nothing is recorded in ${workspace.log.place}.\n`);
  else {
    const rows = entries.map((entry) => [entry.address, entry.system, entry.id, entry.origin, entry.status]);
    console.write(renderTable(["address", "system", "id", "origin", "status"], rows, style));
    console.write(`\n${count(entries.length, "object")} · serial ${state.serial} · ${workspace.log.place}\n`);
  }
  console.write(renderRuns(Object.values(state.runs), style));
}

function runsOf(state: State) {
  return Object.values(state.runs).map((run: OpenRun) => ({
    id: run.id,
    openedAt: run.openedAt,
    by: run.by,
    digest: run.plan.digest,
    steps: run.plan.steps.map(({ id, title }) => ({ id, title, state: run.steps[id]?.state ?? "untouched" })),
  }));
}

const show =
  (address: string) =>
  async (session: Session): Promise<void> => {
    const { console, options, style } = session;
    const entry = recordedEntry(session, address);
    console.write(options.format === "json" ? stringify({ formatVersion: 1, entry }) : renderEntry(entry, style));
  };

const unlock =
  (force: boolean) =>
  async ({ workspace, console, options }: Session): Promise<void> => {
    const owner = await workspace.log.lockOwner();
    if (owner && !force) await assertAgreed(console, owner);
    const freed = owner && (await workspace.log.breakLock());
    if (options.format === "json") console.write(stringify({ formatVersion: 1, unlocked: owner !== undefined, owner }));
    else if (freed) console.write(`The lock of ${sayOwner(freed)} is taken away.\n`);
    else console.write("The state is not locked.\n");
  };

async function assertAgreed(console: Console, owner: LockOwner): Promise<void> {
  const held = `the state is locked by ${sayOwner(owner)}`;
  if (!console.canAsk) {
    throw new Refusal([{ message: held, remedy: "if that process is surely dead: steward state unlock --force" }]);
  }
  console.note(
    `${held[0]!.toUpperCase()}${held.slice(1)}.\nTaking it from a run that is alive can damage what it manages.\n`,
  );
  const answer = await console.ask("Take it away? Only yes takes it: ");
  if (answer?.trim() === "yes") return;
  throw new Refusal([{ message: "the lock stays", remedy: "answer yes, or wait until that run has ended" }]);
}

function sayOwner({ who, host, pid, command, since }: LockOwner): string {
  return phrase(`${who} on ${host} (process ${pid}, steward ${command}, since ${since})`);
}
