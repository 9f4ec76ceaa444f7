import { Command, CommanderError } from "commander";
import { commandEntries } from "./commands/all.ts";
import type { Action, CommandEntry, Console, RunCommand, SharedOptions } from "./commands/command.ts";
import { type ErrorOptions, reportError } from "./commands/errors.ts";
import { addSharedOptions, sharedDefaults } from "./commands/shared-options.ts";
import { exitCodes } from "./diagnostic.ts";
import { stringify } from "./render/json.ts";
import { version } from "./version.ts";

const examples = `
Examples:
  steward demo                             see all of it work, in a minute
  steward trust --all                      pin where credentials and secrets may go
  steward plan --env test --out plan.json  show the changes and keep them for apply
  steward apply plan.json                  carry out exactly that plan
  steward help plan                        more about one command

Exit codes: 0 done · 1 a system failed · 2 changes present (--detailed-exitcode) · 3 waiting for a person · 4 refused
            64 wrong usage · 65 the manifest is invalid · 70 a bug of Steward`;

/** Runs one command line, without the name of the program. Returns the exit code; throws nothing. */
export async function main(argv: readonly string[], console: Console): Promise<number> {
  const seen: ErrorOptions & { console: Console } = {
    console,
    format: formatIn(ownWords(argv)),
    debug: ownWords(argv).includes("--debug"),
  };
  let code: number = exitCodes.done;
  const run: RunCommand =
    <O extends object, A extends unknown[]>(action: Action<O, A>) =>
    async (...params: unknown[]) => {
      const options = (params.at(-1) as Command).opts<SharedOptions & O & { color: boolean }>();
      if (!options.color) seen.console = { ...console, color: false };
      code = await action(seen.console, { ...sharedDefaults, ...options }, ...(params.slice(0, -2) as A));
    };
  try {
    const program = await makeProgram(argv, seen, run);
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return reportError(error, seen.console, seen);
  }
}

async function makeProgram(
  argv: readonly string[],
  seen: ErrorOptions & { console: Console },
  run: RunCommand,
): Promise<Command> {
  const { console } = seen;
  const program = new Command("steward")
    .description("API users, groups and tokens as code: declare, review a plan, apply exactly that plan.")
    .version(version(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show this help")
    .commandsGroup("Help:")
    .helpCommand("help [command]", "more about one command")
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .addHelpText("after", examples);
  program.configureOutput({
    writeOut: (text) => console.write(text),
    writeErr: (text) => console.note(text),
    outputError: (text) => printUsageError(text, seen),
    getOutHelpWidth: () => console.columns,
    getErrHelpWidth: () => console.columns,
    getOutHasColors: () => console.color,
    getErrHasColors: () => console.color,
  });
  const words = argv.filter((word) => !word.startsWith("-"));
  const chosen = words[0] === "help" ? words[1] : words[0];
  for (const entry of commandEntries) await addEntry(program, entry, chosen, run);
  return program;
}

async function addEntry(program: Command, entry: CommandEntry, chosen: string | undefined, run: RunCommand) {
  const command = program.command(entry.name).helpGroup(entry.group).description(entry.summary);
  if (entry.name !== chosen) return;
  (await entry.load())(command, run);
  command.summary(entry.summary);
  addSharedOptions(command);
}

function printUsageError(text: string, { console, format }: ErrorOptions & { console: Console }): void {
  const message = text.trim().replace(/^error: /, "");
  if (format === "json") console.write(stringify({ formatVersion: 1, error: "usage", message }));
  else console.note(`error: ${message}\nFor help:  steward --help, or steward COMMAND --help\n`);
}

/** Words behind `--` are no options of ours: `steward secret exec` gives them to a program. */
function ownWords(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf("--");
  return at < 0 ? argv : argv.slice(0, at);
}

/** Needed before the options are read: wrong usage has to know it too. */
function formatIn(argv: readonly string[]): string | undefined {
  const at = argv.indexOf("--format");
  if (at >= 0) return argv[at + 1];
  return argv.find((word) => word.startsWith("--format="))?.slice("--format=".length);
}
