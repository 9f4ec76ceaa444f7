import { resolve } from "node:path";
import { planNow } from "../apply/apply.ts";
import { settleDoubts } from "../apply/settle.ts";
import { exitCodes } from "../diagnostic.ts";
import { replaceFile } from "../durable.ts";
import type { Disk } from "../io.ts";
import { planText } from "../plan/file.ts";
import { systemDisk } from "../platform/disk.ts";
import { refresh } from "../refresh.ts";
import type { Plan } from "../step.ts";
import { version } from "../version.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { planFromFile } from "./plan-actual.ts";
import { addConsentOptions, type ConsentOptions, consentsOf } from "./plan-options.ts";
import { planAs, sayDoubts, saysChanges } from "./print-plan.ts";
import { watchProgress } from "./progress.ts";
import { withHints } from "./refusals.ts";
import { loadManifest, type Session, withSession } from "./session.ts";
import { formatOption } from "./shared-options.ts";

interface PlanFlags extends ConsentOptions {
  out?: string;
  actual?: string;
  detailedExitcode?: true;
  destroy?: true;
}

/** `steward plan`. */
export const addPlan: AddCommand = (command, run) => {
  command
    .description(
      "Reads the systems and shows what apply would do. Writes nothing, not even state: what is in doubt after an unfinished run is settled in memory and shown.",
    )
    .option("--out <file>", "keep the plan for: steward apply FILE")
    .option("--detailed-exitcode", "exit 2 when there are changes or something is held")
    .option("--actual <file>", "read only the manifest and this file of steward refresh: no credentials, no network")
    .option("--destroy", "plan the removal of everything that is recorded")
    .addOption(formatOption(["text", "json", "markdown"]));
  addConsentOptions(command);
  command
    .addHelpText(
      "after",
      `
Examples:
  steward plan --env test --out plan.json
  steward plan --format markdown --actual actual.json   for a pull request
  steward plan --allow-deletions 7 --out plan.json`,
    )
    .action(run<PlanFlags, []>(plan));
};

async function plan(console: Console, options: SharedOptions & PlanFlags): Promise<number> {
  if (options.actual !== undefined) {
    const { actual } = options;
    const manifest = loadManifest(console, options);
    const found = await withHints(console, options, manifest, () => planFromFile(console, options, manifest, actual));
    return finish(console, options, found, console.world?.io?.disk ?? systemDisk);
  }
  return withSession(console, options, { reads: true }, async (session) => {
    const made = await planSession(session, options);
    return finish(console, options, made, session.workspace.io.disk);
  });
}

async function planSession(session: Session, options: PlanFlags): Promise<Plan> {
  const { workspace, console, manifest } = session;
  const consents = consentsOf(options, manifest, workspace.state);
  const watch = watchProgress(session);
  try {
    const doubts = await settleDoubts(workspace, { into: "memory", wait: false });
    if (doubts.length > 0) console.note(`An earlier run was cut off. Reading back says:\n${sayDoubts(doubts)}\n`);
    const observation = await refresh(workspace, { probe: "harmless", watch: watch.refresh });
    const now = workspace.io.clock.now();
    const destroy = options.destroy ?? false;
    return planNow(workspace, observation, { consents, destroy, version: version(), now }).plan;
  } finally {
    watch.close();
  }
}

async function finish(console: Console, options: SharedOptions & PlanFlags, made: Plan, disk: Disk): Promise<number> {
  if (options.out !== undefined)
    await replaceFile(disk, resolve(console.folder, options.out), Buffer.from(planText(made)));
  console.write(planAs(options.format, made, console, options.out === undefined ? {} : { file: options.out }));
  return options.detailedExitcode && saysChanges(made) ? exitCodes.changes : exitCodes.done;
}
