import { exitCodes } from "../diagnostic.ts";
import { type RunElsewhere, renderWaiting, waitingJson } from "../render/waiting.ts";
import type { OpenRun } from "../state.ts";
import { writtenManifestName } from "../terraform/names.ts";
import { placeOf, waitingIn } from "./asked.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { type Session, withSession } from "./session.ts";

/** `steward status`. */
export const addStatus: AddCommand = (command, run) => {
  command
    .description(
      "Shows what waits for a person, for whom and since when, what is borrowed and not given back yet, and the command that goes on. Asks no system.",
    )
    .option("--detailed-exitcode", "exit 3 when something waits for a person")
    .addHelpText("after", "\nExample:\n  steward status --env test")
    .action(run<{ detailedExitcode?: true }, []>(status));
};

async function status(console: Console, options: SharedOptions & { detailedExitcode?: true }): Promise<number> {
  return withSession(console, options, { reads: true }, async (session) => {
    const { workspace, style } = session;
    const open = Object.values(workspace.state.runs);
    const elsewhere = open.flatMap((run) => runElsewhere(session, run) ?? []);
    const runs = open.filter((run) => !runElsewhere(session, run)).map((run) => waitingIn(session, run));
    const place = placeOf(session);
    const nowMs = workspace.io.clock.now();
    console.write(
      options.format === "json"
        ? waitingJson(runs, place, elsewhere)
        : renderWaiting(runs, { ...place, nowMs, style, elsewhere }),
    );
    const isWaiting = runs.some(({ waiting }) => waiting.length > 0);
    return options.detailedExitcode && isWaiting ? exitCodes.waiting : exitCodes.done;
  });
}

/** Providers share a journal, and each writes a manifest that declares its own system alone. */
function runElsewhere({ manifest, workspace }: Session, { id, plan }: OpenRun): RunElsewhere | undefined {
  const system = plan.steps.find((step) => !Object.hasOwn(manifest.systems, step.system))?.system;
  if (system === undefined || !workspace.state.isJournal) return undefined;
  return { run: id, system, manifest: writtenManifestName(system) };
}
