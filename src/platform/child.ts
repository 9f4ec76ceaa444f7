import { spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";

interface ChildOptions {
  folder: string;
  /** All of the child's environment. */
  environment: Record<string, string | undefined>;
  /** A terminal sends Ctrl-C to the child as well; then it is not sent twice. */
  terminal: boolean;
}

/** What became of a child: its exit code, as shells count it, or why it could not be started. */
export type ChildEnd = { code: number } | { problem: "absent" | "not-executable" | string };

const forwarded = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;
/** A child that a signal ended has this code plus the signal's number. */
const signalCodeBase = 128;

/** Runs a program with our input and output until it ends. Signals that we get meanwhile go to it instead. */
export function runChild(command: string, words: readonly string[], options: ChildOptions): Promise<ChildEnd> {
  const { folder: cwd, environment: env, terminal } = options;
  const child = spawn(command, words, { cwd, env, stdio: "inherit" });
  const giveBack = takeSignals((signal) => {
    if (!terminal || signal !== "SIGINT") child.kill(signal);
  });
  return new Promise<ChildEnd>((resolve) => {
    child.on("error", ({ code }: NodeJS.ErrnoException) => resolve({ problem: problemOf(code) }));
    child.on("exit", (code, signal) => resolve({ code: code ?? signalCodeBase + numberOf(signal) }));
  }).finally(giveBack);
}

/** Our own listeners rest, so that Ctrl-C is the child's matter alone. Returns what gives the signals back. */
function takeSignals(onSignal: (signal: NodeJS.Signals) => void): () => void {
  const before = forwarded.map((signal) => [signal, process.listeners(signal)] as const);
  for (const [signal, listeners] of before) {
    for (const listener of listeners) process.off(signal, listener);
    process.on(signal, onSignal);
  }
  return () => {
    for (const [signal, listeners] of before) {
      process.off(signal, onSignal);
      for (const listener of listeners) process.on(signal, listener);
    }
  };
}

function problemOf(code: string | undefined): string {
  if (code === "ENOENT") return "absent";
  return code === "EACCES" ? "not-executable" : (code ?? "unknown");
}

function numberOf(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}
