#!/usr/bin/env node
import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import type { Console } from "./commands/command.ts";
import { Fault } from "./diagnostic.ts";
import { main } from "./main.ts";

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

/**
 * One reader for all questions of a command. Between questions it goes on reading and throws away: what somebody types or pastes
 * while credentials are tested is neither echoed nor taken for the next answer. Echo is ours, so that a secret has none.
 */
let questions: Interface | undefined;
let isEchoing = false;

function openQuestions(): Interface {
  const output = new Writable({
    write(chunk, _encoding, next) {
      if (isEchoing) stderr.write(chunk);
      next();
    },
  });
  const opened = createInterface({ input: stdin, output, terminal: stdin.isTTY === true, historySize: 0 });
  opened.on("SIGINT", onInterrupt);
  return opened;
}

/** The next line; undefined at the end of input, and when the command is stopped. */
async function ask(question: string, options: { secret?: boolean } = {}): Promise<string | undefined> {
  if (stop.signal.aborted) return undefined;
  questions ??= openQuestions();
  const lines = questions;
  // Away with what was typed before there was a question.
  if (stdin.isTTY === true) lines.write(null, { ctrl: true, name: "u" });
  stderr.write(question);
  isEchoing = !options.secret;
  const answer = await new Promise<string | undefined>((resolve) => {
    const ends = new AbortController();
    const end = (line?: string): void => {
      ends.abort();
      lines.off("line", end);
      lines.off("close", onClose);
      resolve(line);
    };
    const onClose = (): void => {
      questions = undefined;
      end();
    };
    lines.once("line", end);
    lines.once("close", onClose);
    stop.signal.addEventListener("abort", () => end(), { signal: ends.signal });
  });
  isEchoing = false;
  if (options.secret || answer === undefined) stderr.write("\n");
  return answer;
}

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
  ask,
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
questions?.close();
