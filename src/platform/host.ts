import { readFile, readlink } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { kill, pid } from "node:process";
import type { HostInfo } from "../backends/local-lock.ts";

/** This machine and its processes. Where there is no /proc, a process is only known to live or not. */
export async function systemHost(): Promise<HostInfo> {
  return {
    host: hostname(),
    // Two containers may share a host name and a folder, but not the numbering of processes.
    pidSpace: await readlink("/proc/self/ns/pid").catch(() => ""),
    started: startOf,
  };
}

async function startOf(pid: number): Promise<string | undefined> {
  try {
    kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if ((error as { code?: string }).code === "ESRCH") return undefined;
  }
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name in brackets may hold spaces and brackets; the start time is the 20th field after the last bracket.
  const field = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return field ? `${boot.trim()}/${field}` : "alive";
}

/** Number of this process. */
export const ownPid: number = pid;

/** Name of the user that we run as; undefined where the system knows none. */
export function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
