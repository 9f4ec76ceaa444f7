#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import type { Console } from "./commands/command.ts";
import { Fault } from "./diagnostic.ts";
import { main } from "./main.ts";
import { Questions } from "./platform/questions.ts";

/** Ended by Ctrl-C, as shells expect it. */
const interruptedExitCode = 130;
const columnsDefault = 120;

// undici parses HTTP in WebAssembly. V8 would take 100 ms of CPU to optimize what one command needs for a few (docs/benchmarks.md).
// Later releases may not know the flag and would say so on standard error.
if (Number.parseInt(process.versions.node, 10) <= 24) setFlagsFromString("--wasm-tiering-budget=1000000000");

const stop = new AbortController();
const { stdin, stdout, stderr, env } = process;
/** It runs until it is stopped: there is nothing to wait for and nothing to say. */
const isServer = process.argv[2] === "simulate";

function onInterrupt(): void {
  if (stop.signal.aborted) process.exit(interruptedExitCode);
  if (!isServer) stderr.write("\nstopping; what has begun is finished first; press again to end at once\n");
  const remedy = "run the command again";
  stop.abort(new Fault("it was stopped by a signal", { happened: "no", code: "aborted", remedy }));
}

/** Whoever reads our output may leave early; a run goes on to its end all the same. */
function onOutputError(error: { code?: string }): void {
  if (error.code !== "EPIPE") throw error;
}

const questions = new Questions({
  input: stdin,
  show: (text) => void stderr.write(text),
  stop: stop.signal,
  onInterrupt,
});

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** NO_COLOR and FORCE_COLOR speak before the terminal does. */
function wantsColor(): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0";
  return stdout.isTTY === true && env.TERM !== "dumb";
}

const console: Console = {
  write: (text) => void stdout.write(text),
  note: (text) => void stderr.write(text),
  isTerminal: stdout.isTTY === true,
  notesAreTerminal: stderr.isTTY === true && env.TERM !== "dumb",
  canAsk: stdin.isTTY === true,
  ask: (question, options) => questions.ask(question, options),
  readInput,
  color: wantsColor(),
  // A terminal that tells no width says 0.
  columns: stdout.columns || stderr.columns || columnsDefault,
  folder: process.cwd(),
  environmentVariables: env,
  stop: stop.signal,
};

stdout.on("error", onOutputError);
stderr.on("error", onOutputError);
process.on("SIGINT", onInterrupt);
process.on("SIGTERM", onInterrupt);
process.exitCode = await main(process.argv.slice(2), console);
questions.close();
