import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package as npm would install it, built from the sources of this moment, in a temporary folder. */
export interface BuiltPackage {
  /** The folder of the package; from inside it, `steward` is the package itself. */
  folder: string;
  /** Path of the program that `steward` starts. */
  program: string;
  close(): void;
}

export interface ChildRun {
  child: ChildProcess;
  /** What it printed, and how it ended. */
  ended: Promise<{ code: number | null; signal: string | null; out: string; err: string }>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Builds the bundle beside copies of what it reads at run time; its type declarations only where they are asked for. */
export function buildPackage({ types = false } = {}): BuiltPackage {
  const folder = mkdtempSync(join(tmpdir(), "steward-built-"));
  const outdir = join(folder, "dist");
  execFileSync(process.execPath, ["scripts/build.mjs", ...(types ? [] : ["--no-types"]), `--outdir=${outdir}`], {
    cwd: root,
  });
  mkdirSync(join(folder, "schemas"), { recursive: true });
  cpSync(join(root, "schemas"), join(folder, "schemas"), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  const packages = dirname(dirname(createRequire(import.meta.url).resolve("commander")));
  symlinkSync(packages, join(folder, "node_modules"));
  return { folder, program: join(outdir, "cli.js"), close: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts a real `steward`. Its environment is only what is given. */
export function startChild(
  program: string,
  words: readonly string[],
  surroundings: { folder: string; env: Record<string, string> },
): ChildRun {
  return startProgram(process.execPath, [program, ...words], surroundings);
}

/** Starts any program and gathers what it prints. */
export function startProgram(
  program: string,
  words: readonly string[],
  { folder, env }: { folder: string; env: Record<string, string> },
): ChildRun {
  const child = spawn(program, words, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString("utf8");
  });
  const ended = new Promise<Awaited<ChildRun["ended"]>>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, out, err }));
  });
  return { child, ended };
}
