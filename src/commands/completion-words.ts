import type { Argument, Command, Option } from "commander";

/** One word that may come next, and what it is. */
export interface Candidate {
  word: string;
  about?: string;
}

/** Words of the manifest and the schemas, asked for only when they are needed. */
export type Source = Record<"address" | "system" | "sink" | "kind" | "type", () => Candidate[]>;

/** Names of arguments and of option values, and where their words come from. Others are left to the shell. */
const sources: [pattern: RegExp, from: (keyof Source)[]][] = [
  [/address/i, ["address"]],
  [/kind or a system type/i, ["kind", "type"]],
  [/systems and sinks/i, ["system", "sink"]],
  [/system/i, ["system"]],
  [/sink/i, ["sink"]],
  [/kind/i, ["kind"]],
];

/** What may stand in the place of the last word, which may be unfinished or empty. */
export function candidatesFor(program: Command, words: readonly string[], source: Source): Candidate[] {
  const before = words.slice(0, -1);
  const last = words.at(-1) ?? "";
  if (before.includes("--")) return [];
  const command = commandOf(program, before);
  const option = waitingOption(command, before.at(-1));
  const all = option ? valuesOf(option, source) : nextWords(command, before, last, source);
  return all.filter(({ word }) => word.startsWith(last)).map(({ word, about }) => ({ word, about: oneLine(about) }));
}

const oneLine = (text = ""): string => text.replace(/[\t\n].*$/s, "");

/** The command or subcommand that the words lead to. */
function commandOf(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) command = command.commands.find((sub) => sub.name() === word) ?? command;
  return command;
}

function waitingOption(command: Command, word: string | undefined): Option | undefined {
  if (!word?.startsWith("-")) return undefined;
  const option = command.options.find(({ long, short }) => long === word || short === word);
  return option?.required || option?.optional ? option : undefined;
}

function valuesOf(option: Option, source: Source): Candidate[] {
  if (option.argChoices) return option.argChoices.map((word) => ({ word }));
  return fromSource(/<(.+)>/.exec(option.flags)?.[1] ?? "", source);
}

function nextWords(command: Command, before: readonly string[], last: string, source: Source): Candidate[] {
  if (last.startsWith("-")) {
    return command.options
      .filter((option) => !option.hidden)
      .map((option) => ({ word: option.long ?? option.flags, about: option.description }));
  }
  if (command.commands.length > 0) {
    const subs = command.commands.map((sub) => ({ word: sub.name(), about: sub.summary() || sub.description() }));
    return command.parent ? subs : [...subs, { word: "help", about: "more about one command" }];
  }
  return argumentWords(argumentAt(command, before), source);
}

/** The argument whose turn it is; a repeated one takes all that follow. */
function argumentAt(command: Command, before: readonly string[]): Argument | undefined {
  const own = before.slice(before.lastIndexOf(command.name()) + 1);
  const given = own.filter((word, index) => !word.startsWith("-") && !waitingOption(command, own[index - 1]));
  const all = command.registeredArguments;
  const lastOne = all.at(-1);
  return all[given.length] ?? (lastOne?.variadic ? lastOne : undefined);
}

function argumentWords(argument: Argument | undefined, source: Source): Candidate[] {
  if (!argument) return [];
  if (argument.argChoices) return argument.argChoices.map((word) => ({ word }));
  return fromSource(`${argument.name()} ${argument.description}`, source);
}

function fromSource(name: string, source: Source): Candidate[] {
  const from = sources.find(([pattern]) => pattern.test(name))?.[1] ?? [];
  return from.flatMap((one) => source[one]());
}
