import type { Command } from "commander";
import { exitCodes, Fault, Refusal } from "../diagnostic.ts";
import { type ChildEnd, runChild } from "../platform/child.ts";
import { stringify } from "../render/json.ts";
import type { Address, SecretEntry, StateEntry } from "../resource.ts";
import type { Secret } from "../secret.ts";
import type { AddCommand, Console, RunCommand, SharedOptions } from "./command.ts";
import { WrongUsage } from "./errors.ts";
import { recordedEntry } from "./recorded.ts";
import { type Session, withSession } from "./session.ts";
import { withheldVariables } from "./withheld.ts";

interface GetFlags {
  name?: string;
  force?: true;
}

/** As shells say that a program was not found, or is none. */
const notFoundCode = 127;
const notRunnableCode = 126;

/** `steward secret`. */
export const addSecret: AddCommand = (command, run) => {
  command.description("Takes a secret out of its sink, to a terminal or into the environment of one program.");
  command
    .command("get")
    .summary("print a secret, to a terminal only")
    .description("Prints a secret, to a terminal only. A program gets it better with: steward secret exec")
    .argument("<address>", "for example velocloud_api_token.ci")
    .option("--name <name>", "which one, when the resource has several")
    .option("--force", "also into a pipe or a file")
    .addHelpText("after", "\nExample:\n  steward secret get velocloud_api_token.ci")
    .action(run<GetFlags, [string]>(get));
  addExec(command, run);
};

function addExec(command: Command, run: RunCommand): void {
  const exec = command.command("exec");
  exec
    .summary("run a program with secrets in its environment")
    .description(
      "Runs a program with secrets in its environment, and nowhere else. Without =VARIABLE the name is that of the address in capitals: velocloud_api_token.ci becomes VELOCLOUD_API_TOKEN_CI. ADDRESS:NAME picks one of several secrets. What the manifest reads as ${env.NAME}, and the age identity, are left out of it.",
    )
    .usage("[options] ADDRESS[=VARIABLE]... -- COMMAND...")
    .argument("<words...>", "addresses, then -- and the command")
    .addHelpText(
      "after",
      "\nThe exit code is that of the program; signals go to it.\n\nExample:\n  steward secret exec velocloud_api_token.ci=VCO_TOKEN -- ./report.sh",
    )
    .action(
      run<object, [string[]]>((console, options, words) => execute(console, options, words, afterDashes(exec, words))),
    );
}

/** The words behind `--`; commander leaves the two dashes out of the arguments. */
function afterDashes(exec: Command, words: string[]): string[] {
  let root = exec;
  while (root.parent) root = root.parent;
  const { rawArgs } = root as Command & { rawArgs: readonly string[] };
  const at = rawArgs.indexOf("--");
  const behind = at < 0 ? [] : rawArgs.slice(at + 1);
  if (behind.length === 0) throw new WrongUsage("write -- and the command behind the addresses");
  if (behind.length >= words.length) throw new WrongUsage("write the address of a secret before --");
  return behind;
}

async function get(console: Console, options: SharedOptions & GetFlags, address: string): Promise<number> {
  if (!console.isTerminal && !options.force) {
    const message = "standard output is no terminal, and the secret would go into a file or another program";
    const remedy = "give it to a program with: steward secret exec ADDRESS -- COMMAND; if this is meant: --force";
    throw new Refusal([{ message, remedy }]);
  }
  return withSession(console, options, { reads: true }, async (session) => {
    const secret = await takeOut(session, address, options.name);
    const value = secret.reveal();
    console.write(options.format === "json" ? stringify({ formatVersion: 1, address, value }) : `${value}\n`);
    return exitCodes.done;
  });
}

async function execute(
  console: Console,
  options: SharedOptions,
  words: string[],
  commandWords: string[],
): Promise<number> {
  const wanted = words.slice(0, words.length - commandWords.length).map(parseWanted);
  const environment = { ...console.environmentVariables };
  await withSession(console, options, { reads: true }, async (session) => {
    for (const name of withheldVariables(session.manifest)) delete environment[name];
    for (const { address, name, variable } of wanted) {
      environment[variable] = (await takeOut(session, address, name)).reveal();
    }
    return exitCodes.done;
  });
  console.stop.throwIfAborted();
  const [program = "", ...rest] = commandWords;
  const end = await runChild(program, rest, { folder: console.folder, environment, terminal: console.canAsk });
  return "code" in end ? end.code : sayNotStarted(console, program, end);
}

function sayNotStarted(console: Console, program: string, { problem }: Exclude<ChildEnd, { code: number }>): number {
  const why = problem === "absent" ? "there is no such program" : `it cannot be run (${problem})`;
  console.note(`error: ${program}: ${why}\n`);
  return problem === "absent" ? notFoundCode : notRunnableCode;
}

interface Wanted {
  address: Address;
  name?: string;
  variable: string;
}

function parseWanted(text: string): Wanted {
  const match = /^([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)(?::([a-z][a-z0-9_]*))?(?:=(.*))?$/s.exec(text);
  if (!match) throw new WrongUsage(`"${text}" is not ADDRESS or ADDRESS=VARIABLE`);
  const [, address = "", name, written] = match;
  const variable = written ?? address.replace(".", "_").toUpperCase();
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))
    throw new WrongUsage(`"${variable}" cannot be the name of a variable`);
  return { address, variable, ...(name === undefined ? {} : { name }) };
}

async function takeOut(session: Session, address: Address, name: string | undefined): Promise<Secret> {
  const entry = recordedEntry(session, address);
  const target = choose(entry, name);
  const secret = target.delivered ? await session.workspace.secrets.recall(target) : undefined;
  if (secret) return secret;
  const readable = session.workspace.sinks.get(target.sink)?.readable ?? true;
  const place = `${target.sink}:${target.path}`;
  throw new Fault(
    readable ? `the sink does not hold it at ${place}` : `the sink of ${place} can only be written here`,
    {
      happened: "no",
      on: target.sink,
      address,
      remedy: readable
        ? `if you moved the sink's files, put them back; otherwise have it issued anew: steward plan --replace ${address}`
        : "set STEWARD_AGE_IDENTITY or STEWARD_AGE_IDENTITY_FILE to a private key of this sink",
    },
  );
}

function choose(entry: StateEntry, name: string | undefined): SecretEntry {
  const names = Object.keys(entry.secrets);
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  const target = chosen !== undefined && Object.hasOwn(entry.secrets, chosen) ? entry.secrets[chosen] : undefined;
  if (target) return target;
  const message =
    names.length === 0
      ? `Steward holds no secret of ${entry.address}`
      : `${entry.address} has the secrets ${names.join(", ")}${name === undefined ? "" : `, and none named ${name}`}`;
  const remedy =
    names.length === 0 ? "only what Steward set or was given is in a sink" : "choose one: --name NAME, or ADDRESS:NAME";
  throw new Refusal([{ message, remedy }]);
}
