// Copies of the project in which a piece of source is another one for the time of a test run.
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { transformSync } from "esbuild";
import { wholeId } from "./table.mjs";

/** A run of a few tests takes seconds; whatever takes this long waits for something that will not come. */
const runMaxMs = 120_000;
const left = new Set(["node_modules", "dist", "coverage"]);

/** Runs tests in copies of the project below the machine's temporary folder. `remove` takes them away. */
export class Trial {
  #folder = mkdtempSync(join(realpathSync(tmpdir()), "steward-rules-"));
  #copies;
  #vitest;
  #running = new Set();

  constructor(root, copies) {
    const require = createRequire(join(root, "package.json"));
    this.#vitest = join(dirname(require.resolve("vitest/package.json")), "vitest.mjs");
    this.#copies = Array.from({ length: copies }, (_none, index) =>
      this.#copy(root, join(this.#folder, String(index))),
    );
    process.once("SIGINT", () => process.exit(130));
    process.once("exit", () => this.remove());
  }

  remove() {
    for (const child of this.#running) killGroup(child);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Which files have the tests of each rule of a system, with the code as it is. A rule with a test that fails already is left out. */
  async withoutChange(prefix) {
    const [copy] = this.#copies;
    const mention = testFiles(copy).filter((file) => mentions(copy, file, `${prefix}-`));
    const { tests, failure } = await this.#run(copy, mention, `\\b${prefix}-\\d`, []);
    const problems = failure === undefined ? [] : [`the tests cannot be run: ${failure}`];
    const files = new Map();
    const idsOf = (name) => [...name.matchAll(new RegExp(`\\b${prefix}-\\d+\\b`, "g"))].map(([id]) => id);
    for (const { status, fullName, file } of tests) {
      if (status !== "passed") continue;
      for (const id of idsOf(fullName)) files.set(id, (files.get(id) ?? new Set()).add(file));
    }
    for (const { status, fullName, messages } of tests) {
      if (status !== "failed") continue;
      const [why = ""] = (messages[0] ?? "").split("\n");
      problems.push(`a test fails although nothing is taken out: ${fullName}: ${why}`);
      for (const id of idsOf(fullName)) files.delete(id);
    }
    return { files, problems };
  }

  /** Tries every mutant in the next copy that is free; tells each result at once. */
  async tryAll(mutants, files, tell) {
    const results = [];
    const waiting = [...mutants];
    const work = async (copy) => {
      for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
        const begun = Date.now();
        const result = await this.#try(copy, mutant, [...files.get(mutant.id)]);
        results.push({ mutant, result });
        tell(mutant, result, Date.now() - begun);
      }
    };
    await Promise.all(this.#copies.map(work));
    return results;
  }

  /** "caught", "survived", or why a failure proves nothing: "broken" code, or tests that "hung". */
  async #try(copy, { id, file, find, instead }, files) {
    const path = join(copy, file);
    const before = readFileSync(path, "utf8");
    const after = before.replace(find, () => instead);
    if (!compiles(file, after)) return "broken";
    writeFileSync(path, after);
    try {
      const { tests, failure } = await this.#run(copy, files, wholeId(id).source, ["--bail=1", "--maxWorkers=1"]);
      if (failure !== undefined) return failure === "hung" ? "hung" : "broken";
      const failed = tests.filter(({ status }) => status === "failed");
      if (failed.length === 0) return "survived";
      return failed.every(({ messages }) => /\bReferenceError\b/.test(messages.join())) ? "broken" : "caught";
    } finally {
      writeFileSync(path, before);
    }
  }

  #copy(root, folder) {
    const names = readdirSync(root).filter((name) => !left.has(name) && !name.startsWith("."));
    for (const name of names) cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(realpathSync(join(root, "node_modules")), join(folder, "node_modules"));
    return folder;
  }

  /** The tests of these files whose name matches. `failure` when they could not be run at all. */
  async #run(copy, files, pattern, more) {
    const report = join(copy, "rules-report.json");
    rmSync(report, { force: true });
    const words = [this.#vitest, "run", ...files, "-t", pattern, "--reporter=json", `--outputFile=${report}`, ...more];
    // What a run compiled the next one finds by its content: half of the time.
    words.push("--experimental.fsModuleCache", `--experimental.fsModuleCachePath=${join(copy, ".compiled")}`);
    const child = spawn(process.execPath, words, { cwd: copy, stdio: ["ignore", "ignore", "pipe"], detached: true });
    this.#running.add(child);
    const ended = await endOf(child);
    this.#running.delete(child);
    if (ended.hung) return { tests: [], failure: "hung" };
    if (!existsSync(report)) return { tests: [], failure: ended.errors };
    const { testResults } = JSON.parse(readFileSync(report, "utf8"));
    const tests = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ status, fullName, failureMessages }) => ({
        ...{ status, fullName, messages: failureMessages },
        file: relative(copy, name),
      })),
    );
    const unread = testResults.find(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    );
    return { tests, failure: unread?.message };
  }
}

function testFiles(copy) {
  const files = readdirSync(join(copy, "test"), { recursive: true }).map((file) => `test/${file}`);
  return files.filter((file) => file.endsWith(".test.ts") && !file.endsWith(".long.test.ts"));
}

/** Whether a test file, or a file of the tests that it imports, has the text: names may be made elsewhere. */
function mentions(copy, file, text, seen = new Set()) {
  if (seen.has(file) || !existsSync(join(copy, file))) return false;
  seen.add(file);
  const source = readFileSync(join(copy, file), "utf8");
  if (source.includes(text)) return true;
  const imports = [...source.matchAll(/from "(\.[^"]*\.ts)"/g)].map(([, path]) => join(dirname(file), path));
  return imports.some((path) => path.startsWith("test/") && mentions(copy, path, text, seen));
}

function compiles(file, text) {
  try {
    if (file.endsWith(".json")) JSON.parse(text);
    else transformSync(text, { loader: "ts" });
    return true;
  } catch {
    return false;
  }
}

/** The tests run in children of the child. */
function killGroup({ pid }) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

function endOf(child) {
  return new Promise((resolve) => {
    let errors = "";
    let hung = false;
    child.stderr.on("data", (text) => {
      errors += text;
    });
    const timer = setTimeout(() => {
      hung = true;
      killGroup(child);
    }, runMaxMs);
    child.on("close", () => {
      clearTimeout(timer);
      resolve({ errors, hung });
    });
  });
}
