import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import process from "node:process";

export interface AppOptions {
  folder: string;
  /** All of its environment. */
  environment: Record<string, string | undefined>;
  timeoutMs: number;
  /** Ends it early. */
  signal: AbortSignal;
  /** Gets what it prints, both streams as they come. */
  onOutput(text: string): void;
}

/** How an app ended. */
export type AppEnd = { is: "ended"; code: number } | { is: "timeout" } | { is: "stopped" } | { is: "absent" };

/** How long an app that is told to end may take before it is killed. */
const endGraceMs = 2_000;
/** How long what it printed last may take to arrive: something that it started and left may keep the stream open for ever. */
const outputGraceMs = 1_000;
/** As shells count a program that a signal ended. */
const signalCode = 128;

/**
 * Runs a command line in a shell, without input and without a terminal, as a group of processes of its own: when its time is over, or the
 * signal says so, all of them are ended.
 */
export async function runApp(command: string, options: AppOptions): Promise<AppEnd> {
  const { folder: cwd, environment: env, timeoutMs, signal, onOutput } = options;
  const detached = process.platform !== "win32";
  const child = spawn(command, { cwd, env, shell: true, detached, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", onOutput);
  let early: AppEnd | undefined;
  let killing: NodeJS.Timeout | undefined;
  const end = (because: AppEnd): void => {
    early ??= because;
    sendTo(child.pid, detached, "SIGTERM");
    killing ??= setTimeout(() => sendTo(child.pid, detached, "SIGKILL"), endGraceMs);
  };
  const timer = setTimeout(() => end({ is: "timeout" }), timeoutMs);
  const onAbort = (): void => end({ is: "stopped" });
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const ended = await new Promise<AppEnd>((resolve) => {
      child.on("error", () => resolve({ is: "absent" }));
      child.on("exit", (code) => {
        const last = { is: "ended", code: code ?? signalCode } as const;
        child.on("close", () => resolve(last));
        setTimeout(() => resolve(last), outputGraceMs).unref();
      });
    });
    return early ?? ended;
  } finally {
    clearTimeout(timer);
    clearTimeout(killing);
    signal.removeEventListener("abort", onAbort);
    // What it left running in the background has no business here.
    sendTo(child.pid, detached, "SIGKILL");
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** To the whole group where there is one; a group that is gone already is no error. */
function sendTo(pid: number | undefined, isGroup: boolean, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** When a file was last written, to the nanosecond; undefined when there is none, or no way to it. */
export function writtenAt(path: string): bigint | undefined {
  try {
    return statSync(path, { bigint: true }).mtimeNs;
  } catch {
    return undefined;
  }
}
