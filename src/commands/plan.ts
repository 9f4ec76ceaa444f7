import { resolve } from "node:path";
import { planNow } from "../apply/apply.ts";
import { settleDoubts } from "../apply/settle.ts";
import { exitCodes } from "../diagnostic.ts";
import { replaceFile } from "../durable.ts";
import type { Disk } from "../io.ts";
import { planBytesMax } from "../limits.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { planIn, planText } from "../plan/file.ts";
import { systemDisk } from "../platform/disk.ts";
import { refresh } from "../refresh.ts";
import { renderDiagnostics } from "../render/diagnostics.ts";
import { type RunbookFormat, renderRunbook } from "../render/runbook.ts";
import { styleFor } from "../render/style.ts";
import { phrase } from "../render/visible.ts";
import type { Plan } from "../step.ts";
import { version } from "../version.ts";
import { instructionsOf, rolesIn } from "./asked.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { planFromFile } from "./plan-actual.ts";
import { addConsentOptions, type ConsentOptions, consentsOf } from "./plan-options.ts";
import { detailedExitCode, noteDoubts, planAs } from "./print-plan.ts";
import { watchProgress } from "./progress.ts";
import { kindsOf, loadManifest, type Session, withSession } from "./session.ts";
import { addBrowserOptions, formatOption } from "./shared-options.ts";
import { type AppFlags, synthesize } from "./synthesize.ts";
import { withHints } from "./with-hints.ts";

interface PlanFlags extends ConsentOptions, AppFlags {
  out?: string;
  actual?: string;
  detailedExitcode?: true;
  destroy?: true;
  runbook?: string;
}

/** `steward plan`. */
export const addPlan: AddCommand = (command, run) => {
  addBrowserOptions(command);
  command
    .description(
      "Reads the systems and shows what apply would do. Writes nothing, not even state: what is in doubt after an unfinished run is settled in memory and shown.",
    )
    .argument("[folder]", "folder of the manifest, or of steward.yaml and what a CDKTF app synthesised")
    .option("--app <command>", "run this CDKTF app in the folder first; its environment holds no secrets")
    .option("--out <file>", "keep the plan for: steward apply FILE")
    .option("--detailed-exitcode", "exit 2 when there are changes or something is held, 3 when only people are at work")
    .option("--runbook <file>", "write what people do for this plan, as .md or .html, to print or to send")
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
  steward plan --allow-deletions 7 --out plan.json
  steward plan access/ --app "npx tsx main.ts"          declared in code`,
    )
    .action(run<PlanFlags, [string | undefined]>(plan));
};

async function plan(console: Console, given: SharedOptions & PlanFlags, folder?: string): Promise<number> {
  assertRunbookName(console, given);
  const kept = { isWritten: false };
  try {
    return await planned(console, given, folder, kept);
  } catch (error) {
    const { out } = given;
    if (out !== undefined && !kept.isWritten && !(error instanceof WrongUsage)) await noteEarlier(console, out);
    throw error;
  }
}

/**
 * Says that a plan of before lies where the one that failed was to be: whoever goes on with apply FILE would be told of that one.
 * It stays, as it may be what a waiting run goes on with. Never throws: what made the plan fail is what has to be told.
 */
async function noteEarlier(console: Console, out: string): Promise<void> {
  const disk = console.world?.io?.disk ?? systemDisk;
  const path = resolve(console.folder, out);
  try {
    const size = (await disk.size(path)) ?? 0;
    if (size === 0 || size > planBytesMax) return;
    const earlier = planIn(Buffer.from((await disk.read(path)) ?? []).toString("utf8"));
    if (earlier) console.note(`${phrase(out)} still holds the plan of ${earlier.now}: no new one was made.\n`);
  } catch {
    // A folder, or what cannot be read: nothing that somebody could take for a plan.
  }
}

async function planned(
  console: Console,
  given: SharedOptions & PlanFlags,
  folder: string | undefined,
  kept: Made["kept"],
): Promise<number> {
  const options = { ...given, ...manifestOf(given, folder) };
  if (options.app !== undefined) await synthesize(console, options, options.app);
  if (options.actual !== undefined) {
    const { actual } = options;
    const manifest = loadManifest(console, options);
    sayWarnings(console, manifest);
    const found = await withHints(console, options, manifest, () => planFromFile(console, options, manifest, actual));
    return finish({ console, options, manifest, plan: found, disk: console.world?.io?.disk ?? systemDisk, kept });
  }
  return withSession(console, options, { reads: true }, async (session) => {
    sayWarnings(console, session.manifest);
    const plan = await planSession(session, options);
    return finish({ console, options, manifest: session.manifest, plan, disk: session.workspace.io.disk, kept });
  });
}

/** A folder may stand alone or behind --manifest. Code is always read by its folder. */
function manifestOf(
  { manifest, app }: SharedOptions & AppFlags,
  folder: string | undefined,
): Pick<SharedOptions, "manifest"> {
  if (folder !== undefined && manifest !== undefined)
    throw new WrongUsage("name the folder once: alone or as --manifest");
  const path = folder ?? manifest ?? (app === undefined ? undefined : ".");
  return path === undefined ? {} : { manifest: path };
}

/** What the manifest says and Steward leaves out. */
function sayWarnings(console: Console, { warnings }: Manifest): void {
  if (warnings.length > 0) console.note(renderDiagnostics(warnings, styleFor(console.color)));
}

async function planSession(session: Session, options: PlanFlags): Promise<Plan> {
  const { workspace, console } = session;
  const consents = consentsOf(options, workspace);
  const watch = watchProgress(session);
  try {
    const doubts = await settleDoubts(workspace, { into: "memory", wait: false });
    noteDoubts(console, doubts);
    const observation = await refresh(workspace, { probe: "harmless", watch: watch.refresh });
    const now = workspace.io.clock.now();
    const destroy = options.destroy ?? false;
    return planNow(workspace, observation, { consents, destroy, version: version(), now }).plan;
  } finally {
    watch.close();
  }
}

interface Made {
  console: Console;
  options: SharedOptions & PlanFlags;
  manifest: Manifest;
  plan: Plan;
  disk: Disk;
  /** Whether the plan is in its file. */
  kept: { isWritten: boolean };
}

async function finish({ console, options, manifest, plan, disk, kept }: Made): Promise<number> {
  const { out, runbook, format } = options;
  const keep = (name: string, text: string) => replaceFile(disk, resolve(console.folder, name), Buffer.from(text));
  if (out !== undefined) await keep(out, planText(plan));
  kept.isWritten = true;
  const kinds = await kindsOf(console, manifest);
  const file = out === undefined ? {} : { file: out };
  const said = options.manifest === undefined ? {} : { manifest: options.manifest };
  if (runbook !== undefined) {
    await keep(
      runbook,
      renderRunbook(plan, instructionsOf(plan, kinds, manifest), { format: formatOf(runbook), ...file, ...said }),
    );
  }
  console.write(planAs(format, plan, console, { roles: rolesIn(plan, kinds, manifest), ...said, ...file }));
  if (runbook !== undefined) console.note(`The runbook is in ${phrase(runbook)}\n`);
  return options.detailedExitcode ? detailedExitCode(plan) : exitCodes.done;
}

const formatOf = (name: string): RunbookFormat => (name.endsWith(".html") ? "html" : "markdown");

function assertRunbookName({ folder }: Console, { runbook, out }: PlanFlags): void {
  if (runbook === undefined) return;
  if (out !== undefined && resolve(folder, runbook) === resolve(folder, out)) {
    throw new WrongUsage("--out and --runbook name the same file");
  }
  if (!/\.(md|html)$/.test(runbook)) throw new WrongUsage("--runbook writes a file that ends with .md or .html");
}
