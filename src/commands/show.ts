import { exitCodes } from "../diagnostic.ts";
import { readPlanFile } from "./apply.ts";
import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { planAs } from "./print-plan.ts";
import { formatOption } from "./shared-options.ts";

/** `steward show`. */
export const addShow: AddCommand = (command, run) => {
  command
    .description("Prints a plan file. Needs no manifest and no credentials. A file that was edited is refused.")
    .argument("<file>", "plan file of: steward plan --out FILE")
    .addOption(formatOption(["text", "json", "markdown"]))
    .addHelpText("after", "\nExamples:\n  steward show plan.json\n  steward show plan.json --format markdown")
    .action(run<object, [string]>(show));
};

async function show(console: Console, options: SharedOptions, name: string): Promise<number> {
  const { plan } = readPlanFile(console, name);
  console.write(planAs(options.format, plan, console, { file: name }));
  return exitCodes.done;
}
