import type { BuiltPackage } from "./built-package.ts";
import { type KillReport, KillRun, killScenarios } from "./kill-child.ts";

/** How many children live at once; they wait more than they work. */
const atOnceMax = 6;

/** Runs that were killed, and where they were when it happened. */
export interface KillTotals {
  runs: number;
  killed: number;
  /** Different pairs of calls that had arrived and events that were kept. */
  places: number;
}

/** Kills `runs` children, scenarios in turn; each seed is one moment. Prints the totals; throws with the seed of the first that is not recovered. */
export async function killMany({ program }: BuiltPackage, runs: number, seed: number): Promise<KillTotals> {
  const began = Date.now();
  const reports: { name: string; report: KillReport }[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < runs; index = next++) {
      const scenario = killScenarios[index % killScenarios.length]!;
      const run = new KillRun(program, scenario, seed + index);
      try {
        reports.push({ name: scenario.name, report: await run.run() });
      } catch (error) {
        next = runs;
        throw new Error(`${scenario.name}, seed ${seed + index}: ${String(error)}`, { cause: error });
      } finally {
        await run.close();
      }
    }
  };
  await Promise.all(Array.from({ length: atOnceMax }, work));
  const places = new Set(reports.map(({ name, report }) => `${name} ${report.writesBefore} ${report.eventsBefore}`));
  const killed = reports.filter(({ report }) => report.killed).length;
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(
    `SIGKILL: ${reports.length} runs, ${killed} killed at ${places.size} places, ${seconds} s, seeds from ${seed}`,
  );
  return { runs: reports.length, killed, places: places.size };
}
