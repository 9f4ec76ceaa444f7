import { spawn } from "node:child_process";
import { argv, execPath } from "node:process";

/** How a child ended, and all that it printed, both streams as they came. */
export interface PipedEnd {
  code: number | null;
  signal: string | null;
  text: string;
}

export interface PipedChild {
  ended: Promise<PipedEnd>;
  /** Ends this child, and no other process. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/** The program that runs now, as words to start it again. */
export const ownProgram: readonly [node: string, script: string] = [execPath, argv[1] ?? ""];

/** Starts a program without a terminal. Its standard input holds `input`, or nothing. Rejects when it cannot be started. */
export function startPiped(
  words: readonly string[],
  options: { folder: string; environment: Record<string, string | undefined>; input?: string },
): PipedChild {
  const [program = "", ...rest] = words;
  const { folder: cwd, environment: env, input = "" } = options;
  const child = spawn(program, rest, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  // Whoever does not read its input closes it early.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<PipedEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, text: Buffer.concat(chunks).toString("utf8") }));
  });
  return { ended, kill: (signal) => void child.kill(signal) };
}
