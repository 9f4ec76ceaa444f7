import { type Command, InvalidArgumentError, Option } from "commander";
import type { SharedOptions } from "./command.ts";

const heading = "Options of every command:";

/** Adds the options that every command understands to a command, or to each of its subcommands. */
export function addSharedOptions(command: Command): void {
  if (command.commands.length > 0) {
    for (const sub of command.commands) addSharedOptions(sub);
    return;
  }
  command.option("--env <name>", "environment of the manifest").helpOption("-h, --help", "show this help");
  const own = command.options.some((option) => option.long === "--format");
  if (!own) command.addOption(formatOption(["text", "json"]));
  command
    .addOption(shared("--manifest <path>", "manifest file or folder (default: steward.yaml, steward.yml or steward/)"))
    .addOption(shared("--var <name=value>", "value of a variable of the manifest; may be repeated").argParser(parseVar))
    .addOption(shared("--debug", "trace requests on standard error, without bodies"))
    .addOption(shared("--no-color", "no color, also on a terminal"))
    .addOption(shared("--untrusted", "never run code that the manifest's folder brings along"))
    .addOption(shared("--state-is-persistent", "with CI=true: the local state is kept after this job"));
}

/** Adds the options of commands that may work at a console in a browser. */
export function addBrowserOptions(command: Command): void {
  const browser = (flags: string, description: string) => new Option(flags, description).helpGroup("Browser:");
  command
    .addOption(browser("--headed", "show the browser's window"))
    .addOption(browser("--slow-mo <ms>", "wait so long before each act in the browser").argParser(parseCount));
}

/** `--format` with these choices. */
export function formatOption(choices: string[]): Option {
  return new Option("--format <format>", "how to print").choices(choices).default("text");
}

function shared(flags: string, description: string): Option {
  return new Option(flags, description).helpGroup(heading);
}

function parseVar(text: string, before: Record<string, string> = {}): Record<string, string> {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Write it as NAME=VALUE.");
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** Parses a count: 0 or more, without a sign. */
export function parseCount(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("Write a whole number, 0 or more.");
  return Number(text);
}

/** Gathers an option that may be repeated. */
export function gather(text: string, before: string[] = []): string[] {
  return [...before, text];
}

/** Values of shared options that were not given. */
export const sharedDefaults: Omit<SharedOptions, "format"> = {
  var: {},
  debug: false,
  untrusted: false,
  stateIsPersistent: false,
};
