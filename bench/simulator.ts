// A simulated orchestrator as a process of its own, so that its CPU does not count. Answers one line for each line of standard
// input: the calls of each method since the line before. Ends with standard input.
import { createInterface } from "node:readline";
import { startSimulators } from "../src/simulators/simulate.ts";

const users = Number(process.argv[2] ?? 0);
const running = await startSimulators({ users });
const { calls } = running.velocloud.store;
process.stdout.write(`${JSON.stringify(running.ready.velocloud)}\n`);

for await (const _line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(Object.fromEntries(calls))}\n`);
  calls.clear();
}
await running.close();
