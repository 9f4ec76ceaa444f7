import { readdirSync, readFileSync } from "node:fs";

const everyMs = 3;

/** Writes down the command lines of a process and of everything that it starts, until `until` is settled. */
export async function watchCommandLines(pid: number, until: Promise<unknown>): Promise<string[]> {
  const seen = new Set<string>();
  let over = false;
  const ended = until.finally(() => {
    over = true;
  });
  while (!over) {
    for (const each of family(pid)) seen.add(read(`/proc/${each}/cmdline`).replace(/\0/g, " "));
    await Promise.race([new Promise((resolve) => setTimeout(resolve, everyMs)), ended]);
  }
  return [...seen].filter((line) => line !== "");
}

/** A process and its descendants, by the parent that each one names. */
function family(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name): [child: number, parent: number] => [Number(name), parentOf(name)]);
  const found = [pid];
  for (const each of found)
    for (const [child, parent] of parents) if (parent === each && !found.includes(child)) found.push(child);
  return found;
}

function parentOf(pid: string): number {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}

/** Empty when the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
