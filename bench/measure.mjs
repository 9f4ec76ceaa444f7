// CPU and wall time of a child, as the kernel counts them for a process that has ended: the `time` of bash, in milliseconds.
import { spawnSync } from "node:child_process";

const script = `TIMEFORMAT="%3U %3S %3R"; { time "$@" 2>&4; } 4>&2 2>&3`;

/** Runs node with these words. Throws when it ends with another code than 0. */
export function runNode(words, { cwd, env = {} } = {}) {
  const child = spawnSync("bash", ["-c", script, "bash", process.execPath, ...words], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  if (child.error) throw child.error;
  const [, out, err, times] = child.output;
  if (child.status !== 0)
    throw new Error(`node ${words.join(" ")}: ${child.status}\n${`${out}\n${err}`.slice(0, 2000)}`);
  const [user, system, wall] = times
    .trim()
    .split(/\s+/)
    .map((text) => Number(text) * 1000);
  return { cpuMs: user + system, wallMs: wall, out };
}

/** One figure out of many: the median, with the least and the greatest. */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median: Math.round(median), least: Math.round(sorted[0]), greatest: Math.round(sorted.at(-1)) };
}
