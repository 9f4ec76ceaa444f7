import { carryOut } from "./apply.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { sayPlace } from "./said.ts";
import { withSession } from "./session.ts";
import { addBrowserOptions, parseCount } from "./shared-options.ts";

interface DestroyFlags {
  allowDeletions?: number;
  autoApprove?: true;
}

/** `steward destroy`. */
export const addDestroy: AddCommand = (command, run) => {
  addBrowserOptions(command);
  command
    .description(
      "Removes everything that the state records of this environment: what Steward created is deleted, what it adopted or imported is forgotten. Secrets stay in their sinks, and are named at the end. Shows the plan and asks. Never done in protected environments.",
    )
    .option("--allow-deletions <n>", "allow exactly this many removals", parseCount)
    .option("--auto-approve", "do not ask")
    .addHelpText(
      "after",
      "\nExamples:\n  steward plan --destroy --env test           show it only\n  steward destroy --env test --allow-deletions 4",
    )
    .action(run<DestroyFlags, []>(destroy));
};

async function destroy(console: Console, options: SharedOptions & DestroyFlags): Promise<number> {
  return withSession(console, { ...options, destroy: true }, {}, (session) => {
    const { allowDeletions, autoApprove = false } = options;
    const consents = { ...(allowDeletions === undefined ? {} : { allowDeletions }), restore: [], replace: [] };
    const again = `steward destroy${sayPlace(session)}`;
    return carryOut(session, "destroy", { consents, destroy: true, autoApprove, again });
  });
}
