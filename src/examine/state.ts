import type { StateLog } from "../backends/backend.ts";
import type { Finding } from "../connectors/connector.ts";
import { type State, stepsInDoubt } from "../state.ts";

/** Checks of the state for `doctor`: what it holds, whether it is locked, torn or has runs that were not finished. */
export async function examineState(state: State, log: StateLog): Promise<Finding[]> {
  const findings: Finding[] = [contents(state)];
  if ((await log.read()).torn) {
    const message = "a write was cut off at the end of the log; the line is left out";
    findings.push({ level: "warning", message, remedy: "nothing to do: the next command that appends cuts it off" });
  }
  const owner = await log.lockOwner();
  if (owner) {
    const message = `locked by ${owner.who} on ${owner.host} (process ${owner.pid}, steward ${owner.command}, since ${owner.since})`;
    const remedy = "wait until that run has ended; if it is surely dead: steward state unlock";
    findings.push({ level: "warning", message, remedy });
  } else findings.push({ level: "ok", message: "not locked" });
  return [...findings, ...runs(state), ...tainted(state)];
}

function contents({ lineage, serial, entries }: State): Finding {
  if (lineage === "") return { level: "ok", message: "new: nothing was ever recorded" };
  const count = Object.keys(entries).length;
  const what = `${count} ${count === 1 ? "object" : "objects"}`;
  return { level: "ok", message: `readable: ${what}, serial ${serial}, lineage ${lineage.slice(0, 8)}` };
}

function runs(state: State): Finding[] {
  const inDoubt = stepsInDoubt(state);
  return Object.values(state.runs).map((run) => {
    const doubts = inDoubt.filter((one) => one.run.id === run.id).length;
    const message = `run ${run.id} of ${run.by} is not finished${doubts > 0 ? `, ${doubts} of its steps in doubt` : ""}`;
    return { level: "warning", message, remedy: "steward apply or steward recover settles it" };
  });
}

function tainted(state: State): Finding[] {
  return Object.values(state.entries)
    .filter((entry) => entry.status === "tainted")
    .map((entry) => ({
      level: "warning" as const,
      message: `${entry.address} is tainted${entry.because === undefined ? "" : `: ${entry.because}`}`,
      remedy: "steward plan shows what is left to do",
    }));
}
