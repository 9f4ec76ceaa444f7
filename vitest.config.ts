import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Suites that run for minutes have scripts of their own: they match *.long.test.ts and are left out unless LONG names them. */
const long = process.env.STEWARD_LONG_SUITE;

export default defineConfig({
  test: {
    include: long ? [`test/**/${long}.long.test.ts`] : ["test/**/*.test.ts"],
    exclude: long ? ["node_modules/**"] : ["node_modules/**", "test/**/*.long.test.ts"],
    pool: "forks",
    // Tests that work in a browser or wait for a child leave their core idle now and then.
    maxWorkers: availableParallelism() + 1,
    testTimeout: long ? 1_800_000 : 60_000,
    hookTimeout: 60_000,
    reporters: ["default", "./test/count-reporter.ts"],
  },
});
