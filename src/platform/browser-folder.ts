import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { platform, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { Fault } from "../diagnostic.ts";
import { ownPid, systemHost } from "./host.ts";

/**
 * Where browsers keep what goes with them: profile, cookies, cache. Each process has a folder of its own below one of this user's,
 * so that what a killed process left is known to be ours, and is removed by the next one.
 */
export class BrowserFolder {
  readonly #path = join(tmpdir(), `steward-browser-${userInfo().uid}`, `of-${ownPid}`);
  #launches = 0;
  #before: Record<string, string | undefined> = {};

  /** Temporary files that this work makes go into our folder: whoever starts browsers asks the system where they go. */
  async around<T>(work: () => Promise<T>): Promise<T> {
    await this.#prepare();
    this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Takes the folder away with all in it. No browser may run any more. */
  async remove(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }

  async #prepare(): Promise<void> {
    const shared = join(this.#path, "..");
    await mkdir(shared, { recursive: true, mode: 0o700 });
    await assertOurs(shared);
    await removeLeft(shared);
    await mkdir(this.#path, { recursive: true, mode: 0o700 });
  }

  #enter(): void {
    this.#launches += 1;
    if (this.#launches > 1) return;
    for (const name of temporaryVariables) {
      this.#before[name] = env[name];
      env[name] = this.#path;
    }
  }

  #leave(): void {
    this.#launches -= 1;
    if (this.#launches > 0) return;
    for (const [name, value] of Object.entries(this.#before)) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
  }
}

/** What `os.tmpdir()` looks at. */
const temporaryVariables = platform() === "win32" ? ["TEMP", "TMP"] : ["TMPDIR"];

/** A profile holds a session while it is used: nobody else may have made the folder. */
async function assertOurs(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o022) === 0) return;
  if (platform() === "win32" && found.isDirectory()) return;
  throw new Fault(`the folder ${path} belongs to somebody else, or others may change it`, {
    ...{ happened: "no", code: "browser", remedy: "remove it, and run again" },
  });
}

/** Folders of processes that are gone. */
async function removeLeft(shared: string): Promise<void> {
  const host = await systemHost();
  for (const name of await readdir(shared)) {
    const [, pid] = /^of-(\d+)$/.exec(name) ?? [];
    if (pid === undefined || (await host.started(Number(pid))) !== undefined) continue;
    await rm(join(shared, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
