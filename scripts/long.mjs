// Runs one of the suites that take minutes: node scripts/long.mjs crash-pairs | property [RUNS].
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const [suite, runs] = process.argv.slice(2);
const suites = {
  "crash-pairs": { env: { STEWARD_LONG_SUITE: "crash-pairs" }, files: [] },
  property: { env: { STEWARD_PROPERTY_RUNS: runs ?? "20000" }, files: ["test/property.test.ts"] },
};
const chosen = suites[suite];
if (!chosen) {
  console.error(`no such suite: ${suite}; there are ${Object.keys(suites).join(", ")}`);
  process.exit(64);
}
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const child = spawnSync(process.execPath, [vitest, "run", ...chosen.files], {
  stdio: "inherit",
  env: { ...process.env, ...chosen.env },
});
process.exit(child.status ?? 1);
