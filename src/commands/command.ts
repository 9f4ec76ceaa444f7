import type { Command as Program } from "commander";

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
}

/** Options that every command understands. */
export interface SharedOptions {
  /** Environment of the manifest. */
  env?: string;
  format: "text" | "json" | "markdown";
  /** Manifest file or folder; default: `steward.yaml`, else `steward/`, else the current folder. */
  manifest?: string;
  var: Record<string, string>;
  debug: boolean;
  untrusted: boolean;
  stateIsPersistent: boolean;
}

/** One file of src/commands: adds its subcommand to the program. */
export type AddCommand = (program: Program, run: RunCommand) => void;

/**
 * Wraps a command's action: gathers options, prints what it throws in the right channel and sets the exit code
 * that the action returns.
 */
export type RunCommand = <O extends object, A extends unknown[]>(
  action: (console: Console, options: SharedOptions & O, ...args: A) => Promise<number>,
) => (...args: unknown[]) => Promise<void>;
