// Runs one of the suites that take minutes: node scripts/long.mjs crash-pairs | property | kill-child.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const suites = ["crash-pairs", "property", "kill-child"];
const [suite] = process.argv.slice(2);
if (!suites.includes(suite)) {
  console.error(`no such suite: ${suite}; there are ${suites.join(", ")}`);
  process.exit(64);
}
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const env = { ...process.env, STEWARD_LONG_SUITE: `${suite}-*` };
const child = spawnSync(process.execPath, [vitest, "run"], { stdio: "inherit", env });
process.exit(child.status ?? 1);
