import type { Command } from "commander";
import type { HostInfo } from "../backends/local-lock.ts";
import type { BrowserFlags } from "../browser-desks.ts";
import type { BuiltInConnector } from "../connectors/all.ts";
import type { ConsolePage } from "../hands/console.ts";
import type { Io } from "../io.ts";
import type { WorkspaceOptions } from "../workspace.ts";

/**
 * What a command sees of its surroundings. cli.ts makes it from the process; tests make their own, so that every command
 * can run inside a test exactly as it runs in a terminal.
 */
export interface Console {
  /** Standard output: what was asked for. */
  write(text: string): void;
  /** Standard error: progress, notices, errors. */
  note(text: string): void;
  /** Whether standard output is a terminal. */
  isTerminal: boolean;
  /** Whether standard error is one: progress in place. */
  notesAreTerminal: boolean;
  /** Whether standard input is one: questions can be asked. */
  canAsk: boolean;
  /** Asks for one line; undefined at the end of input. `secret` shows nothing of what is typed. */
  ask(question: string, options?: { secret?: boolean }): Promise<string | undefined>;
  /** All of standard input. */
  readInput(): Promise<string>;
  color: boolean;
  columns: number;
  folder: string;
  environmentVariables: Record<string, string | undefined>;
  /** Aborted by the first Ctrl-C; the second ends the process. */
  stop: AbortSignal;
  /** Replaces parts of the machine; the real one is taken for what is left out. */
  world?: World;
}

/** The parts of the machine that a test may replace. */
export interface World {
  io?: Io;
  host?: HostInfo;
  connectors?: readonly BuiltInConnector[];
  /** What works at consoles in place of a browser. */
  deskOf?: WorkspaceOptions["deskOf"];
  /** Who sits at the window of `console login`; then none is shown. */
  atWindow?(page: ConsolePage): Promise<void>;
}

/** Options that every command understands. */
export interface SharedOptions extends BrowserFlags {
  /** Environment of the manifest. */
  env?: string;
  format: "text" | "json" | "markdown";
  /** Manifest file or folder; default: `steward.yaml`, else `steward.yml`, else `steward/`, in the current folder. */
  manifest?: string;
  var: Record<string, string>;
  debug: boolean;
  untrusted: boolean;
  stateIsPersistent: boolean;
}

/**
 * What one file of src/commands exports: gives its subcommand, whose name and summary are set, its arguments, options,
 * description and action. Shared options are added afterwards.
 */
export type AddCommand = (command: Command, run: RunCommand) => void;

/**
 * Wraps a command's action: gathers options, prints what it throws in the right channel and sets the exit code
 * that the action returns.
 */
export type RunCommand = <O extends object, A extends unknown[]>(
  action: Action<O, A>,
) => (...args: unknown[]) => Promise<void>;

/** What a command does, with its options and arguments; resolves with the exit code. */
export type Action<O extends object, A extends unknown[]> = (
  console: Console,
  options: SharedOptions & O,
  ...args: A
) => Promise<number>;

/** An entry of the list of commands: known without loading the command itself. */
export interface CommandEntry {
  name: string;
  /** Heading in `steward --help`. */
  group: string;
  summary: string;
  load(): Promise<AddCommand>;
}
