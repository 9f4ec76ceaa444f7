import { exitCodes } from "../diagnostic.ts";
import { renderWaiting, waitingJson } from "../render/waiting.ts";
import { placeOf, waitingIn } from "./asked.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { withSession } from "./session.ts";

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
    const runs = Object.values(workspace.state.runs).map((run) => waitingIn(session, run));
    const place = placeOf(session);
    const nowMs = workspace.io.clock.now();
    console.write(
      options.format === "json" ? waitingJson(runs, place) : renderWaiting(runs, { ...place, nowMs, style }),
    );
    const isWaiting = runs.some(({ waiting }) => waiting.length > 0);
    return options.detailedExitcode && isWaiting ? exitCodes.waiting : exitCodes.done;
  });
}
