// Runs one of the suites that take minutes: node scripts/long.mjs crash-pairs | people-pairs | property | kill-child | provider-crash | browsers | terraform.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";

const suites = ["crash-pairs", "people-pairs", "property", "kill-child", "provider-crash", "browsers", "terraform"];
const [suite] = process.argv.slice(2);
if (!suites.includes(suite)) {
  console.error(`no such suite: ${suite}; there are ${suites.join(", ")}`);
  process.exit(64);
}
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const env = { ...process.env, STEWARD_LONG_SUITE: `${suite}*` };
// Nothing else is to be done meanwhile: every core works.
const workers = `--maxWorkers=${availableParallelism()}`;
const child = spawnSync(process.execPath, [vitest, "run", workers], { stdio: "inherit", env });
process.exit(child.status ?? 1);
