import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Console, World } from "../src/commands/command.ts";
import { main } from "../src/main.ts";
import type { RunningSimulators, SimulateOptions } from "../src/simulators/simulate.ts";
import { startSimulators } from "../src/simulators/simulate.ts";

/** What one command printed and how it ended. */
export interface Ran {
  code: number;
  out: string;
  err: string;
}

export interface ConsoleOptions {
  folder: string;
  variables?: Record<string, string>;
  terminal?: boolean;
  answers?: string[];
  stop?: AbortSignal;
  world?: World;
  onWrite?(text: string): void;
  /** All that a terminal shows, in its order, with what is typed unless it is a secret. */
  onScreen?(text: string): void;
  /** What whoever sits at the terminal types; in place of `answers`. */
  onAsk?(question: string): Promise<string | undefined>;
}

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** A folder of its own that goes with the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "steward-test-"));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs one command line in process. */
export async function steward(options: ConsoleOptions, ...argv: string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const show = options.onScreen ?? (() => {});
  const answers = [...(options.answers ?? [])];
  const ask = options.onAsk ?? (async () => answers.shift());
  const terminal = options.terminal ?? false;
  const console: Console = {
    write(text) {
      out.push(text);
      show(text);
      options.onWrite?.(text);
    },
    note(text) {
      err.push(text);
      show(text);
    },
    isTerminal: terminal,
    notesAreTerminal: terminal,
    canAsk: options.answers !== undefined || options.onAsk !== undefined,
    async ask(question, { secret = false } = {}) {
      err.push(question);
      const answer = await ask(question);
      show(`${question}${secret ? "" : (answer ?? "")}\n`);
      return answer;
    },
    readInput: async () => "",
    color: false,
    columns: 100,
    folder: options.folder,
    environmentVariables: { PATH: process.env.PATH ?? "", USER: "tester", ...options.variables },
    stop: options.stop ?? new AbortController().signal,
    ...(options.world ? { world: options.world } : {}),
  };
  const code = await main(argv, console);
  return { code, out: out.join(""), err: err.join("") };
}

/** A simulated orchestrator on loopback, stopped with the test. */
export async function simulated(options: SimulateOptions = {}): Promise<RunningSimulators> {
  const simulators = await startSimulators(options);
  opened.push(() => simulators.close());
  return simulators;
}
