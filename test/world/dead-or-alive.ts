import type { LockOwner } from "../../src/backends/backend.ts";
import type { HostInfo } from "../../src/backends/local-lock.ts";

/** A machine whose processes the test starts and kills: pid to start time. */
export class TestHost implements HostInfo {
  readonly host: string;
  readonly pidSpace: string;
  readonly processes = new Map<number, string>();

  constructor(host = "build-1", pidSpace = "pid:[1]") {
    this.host = host;
    this.pidSpace = pidSpace;
  }

  /** A process that lives from now on, as the owner of a lock. */
  start(pid: number, command = "apply"): LockOwner {
    this.processes.set(pid, `boot/${pid}`);
    return { who: "ann", host: this.host, pid, command, since: "2026-11-20T12:00:00Z", id: `${this.host}-${pid}` };
  }

  kill(pid: number): void {
    this.processes.delete(pid);
  }

  async started(pid: number): Promise<string | undefined> {
    return this.processes.get(pid);
  }
}
