import { join } from "node:path";
import { Refusal } from "../diagnostic.ts";
import { type Clock, type Disk, FileExists } from "../io.ts";
import type { Lock, LockOwner } from "./backend.ts";
import { shortHash } from "./local-format.ts";

/** What has to be known of a machine to tell whether the holder of a lock still lives. */
export interface HostInfo {
  host: string;
  /** Which numbering of processes this is (the pid namespace of Linux); "" where there is only one. */
  pidSpace: string;
  /** When a process began, in the machine's own words; undefined when no such process lives. */
  started(pid: number): Promise<string | undefined>;
}

interface LockPlace {
  folder: string;
  disk: Disk;
  clock: Clock;
  host: HostInfo;
}

/** What the file holds. */
interface LockFile {
  owner: LockOwner;
  pidSpace: string;
  started: string;
}

/** A file that is just being written is whole after some milliseconds; one that a crash cut never is. */
const unreadableWaitMs = 3_000;
/** Ends a race that goes on and on; each round somebody else got or gave back the lock. */
const roundsMax = 10;

/**
 * Takes the lock, or throws a Refusal that names who has it. It is taken over when its holder ran on this host and is dead,
 * and when the file has been unreadable for 3 s (a crash cut its writing). Neither file nor name is synced: a power cut ends
 * every holder too.
 */
export async function takeLock(place: LockPlace, owner: LockOwner): Promise<Lock> {
  const { disk, folder } = place;
  const path = join(folder, "lock");
  const started = (await place.host.started(owner.pid)) ?? "";
  const bytes = Buffer.from(
    `${JSON.stringify({ owner, pidSpace: place.host.pidSpace, started } satisfies LockFile)}\n`,
  );
  await disk.makeFolder(folder);
  for (let round = 0; round < roundsMax; round++) {
    const created = await createFile(disk, path, bytes);
    const found = await disk.read(path);
    if (!found) continue;
    // A process that was stopped between making and filling the file may have been taken for dead in the meantime.
    if (created && same(found, bytes)) return lockOf(place, owner);
    const held = await livingOwner(place, path, found);
    if (held === "changed") continue;
    if (held) throw refusal(held);
    if (await takeOver(place, path, found, bytes, owner)) return lockOf(place, owner);
  }
  throw new Refusal([{ message: `the lock in ${folder} changes hands all the time`, remedy: "run the command again" }]);
}

/** For people: an owner of question marks when the file cannot be read. */
export async function lockOwner({ disk, folder }: LockPlace): Promise<LockOwner | undefined> {
  const bytes = await disk.read(join(folder, "lock"));
  return bytes && (parse(bytes)?.owner ?? unknownOwner);
}

/** Removes the lock and whatever crashed takeovers left. */
export async function breakLock(place: LockPlace): Promise<LockOwner | undefined> {
  const owner = await lockOwner(place);
  await removeClaims(place);
  await place.disk.remove(join(place.folder, "lock"));
  return owner;
}

function lockOf(place: LockPlace, owner: LockOwner): Lock {
  const path = join(place.folder, "lock");
  const release = async () => {
    const bytes = await place.disk.read(path);
    if (!bytes || parse(bytes)?.owner.id !== owner.id) return;
    // What a takeover that came too late and died has left. Nobody alive needs a claim while we hold the lock.
    await removeClaims(place);
    await place.disk.remove(path);
  };
  return { owner, release };
}

/**
 * Puts our lock in the place of a dead one. Whoever first creates the claim file of that very lock may do it. A claim of a
 * dead process is itself claimed in the same way, so no claim is ever taken away from somebody who lives. The name of a
 * claim comes from the content that it replaces, which never comes back.
 */
async function takeOver(
  place: LockPlace,
  path: string,
  dead: Uint8Array,
  bytes: Buffer,
  owner: LockOwner,
): Promise<boolean> {
  const { disk, folder } = place;
  let claim = claimPath(folder, path, dead);
  for (let depth = 0; depth < roundsMax; depth++) {
    if (await createFile(disk, claim, bytes)) return replaceDead(place, path, claim, dead, bytes, owner);
    const other = await disk.read(claim);
    if (!other) return false;
    const living = await livingOwner(place, claim, other);
    if (living === "changed") return false;
    if (living) throw refusal(living);
    claim = claimPath(folder, claim, other);
  }
  return false;
}

async function replaceDead(
  place: LockPlace,
  path: string,
  claim: string,
  dead: Uint8Array,
  bytes: Buffer,
  owner: LockOwner,
): Promise<boolean> {
  const { disk, folder } = place;
  const now = await disk.read(path);
  if (!now || !same(now, dead)) {
    // Somebody was faster and has already cleaned up behind himself.
    await disk.remove(claim);
    return false;
  }
  const temporary = join(folder, `lock.${owner.id}.tmp`);
  await disk.write(temporary, bytes, { mode: 0o600 });
  // One step from the dead lock to ours: at no time is there none.
  await disk.rename(temporary, path);
  await removeClaims(place);
  return true;
}

async function removeClaims({ disk, folder }: LockPlace): Promise<void> {
  for (const name of await disk.list(folder))
    if (/^lock\..+\.(claim|tmp)$/.test(name)) await disk.remove(join(folder, name));
}

function claimPath(folder: string, path: string, content: Uint8Array): string {
  return join(folder, `lock.${shortHash(`${path}\n${Buffer.from(content).toString("hex")}`)}.claim`);
}

/** Undefined when nobody alive can hold this file; "changed" when the file is not what it was. */
async function livingOwner(
  place: LockPlace,
  path: string,
  bytes: Uint8Array,
): Promise<LockOwner | "changed" | undefined> {
  const file = parse(bytes);
  if (file) return (await isDead(place.host, file)) ? undefined : file.owner;
  await place.clock.sleep(unreadableWaitMs);
  const later = await place.disk.read(path);
  return later && same(later, bytes) ? undefined : "changed";
}

async function isDead(host: HostInfo, { owner, pidSpace, started }: LockFile): Promise<boolean> {
  if (owner.host !== host.host || pidSpace !== host.pidSpace) return false;
  const now = await host.started(owner.pid);
  return now === undefined || now !== started;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

async function createFile(disk: Disk, path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await disk.write(path, bytes, { mode: 0o600, exclusive: true });
    return true;
  } catch (error) {
    if (error instanceof FileExists) return false;
    throw error;
  }
}

function parse(bytes: Uint8Array): LockFile | undefined {
  try {
    const file = JSON.parse(new TextDecoder().decode(bytes)) as LockFile;
    const { owner } = file;
    const whole = typeof owner.host === "string" && typeof owner.id === "string" && Number.isSafeInteger(owner.pid);
    return whole ? file : undefined;
  } catch {
    return undefined;
  }
}

const unknownOwner: LockOwner = { who: "?", host: "?", pid: 0, command: "?", since: "?", id: "" };

function refusal({ who, host, pid, command, since }: LockOwner): Refusal {
  const message = `the state is locked by ${who} on ${host} (process ${pid}, \`steward ${command}\`, since ${since})`;
  const remedy = "wait until that run has ended; if it is surely dead: steward state unlock";
  return new Refusal([{ message, remedy }]);
}
