import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import { type Disk, FileExists } from "../src/io.ts";
import { systemClock } from "../src/platform/clock.ts";
import { systemDisk } from "../src/platform/disk.ts";
import { systemRandom } from "../src/platform/random.ts";
import { CrashDisk } from "./world/crash-disk.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

let real: string;
beforeEach(async () => {
  real = await mkdtemp(join(tmpdir(), "steward-disk-"));
});
afterEach(() => rm(real, { recursive: true, force: true }));

const bytes = (text: string) => Buffer.from(text);
const text = (found: Uint8Array | undefined) => found && Buffer.from(found).toString();

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

describe.each<[string, () => Disk]>([
  ["the machine's", () => systemDisk],
  ["the crashing", () => new CrashDisk()],
])("%s disk", (_, make) => {
  test("keeps the contract of the port", async () => {
    const disk = make();
    const at = join(real, "a/b/file");
    expect([
      await disk.read(at),
      await disk.readFrom(at, 3),
      await disk.size(at),
      await disk.list(join(real, "a")),
    ]).toEqual([undefined, undefined, undefined, []]);
    for (let round = 0; round < 2; round++) await disk.makeFolder(join(real, "a/b"));
    await disk.write(at, bytes("hello"));
    await disk.write(at, bytes("hallo"), { exclusive: false });
    await disk.append(at, bytes(" world"));
    expect([text(await disk.read(at)), text(await disk.readFrom(at, 6)), await disk.size(at)]).toEqual([
      "hallo world",
      "world",
      11,
    ]);
    expect(text(await disk.readFrom(at, 99))).toBe("");
    await disk.truncate(at, 5);
    await disk.append(join(real, "a/b/made"), bytes("x"));
    await disk.syncFile(at);
    await disk.syncFolder(join(real, "a/b"));
    await disk.rename(at, join(real, "a/b/made"));
    expect([await disk.list(join(real, "a/b")), text(await disk.read(join(real, "a/b/made")))]).toEqual([
      ["made"],
      "hallo",
    ]);
    expect(await disk.list(join(real, "a"))).toEqual(["b"]);
    for (let round = 0; round < 2; round++) await disk.remove(join(real, "a/b/made"));
    expect(await disk.list(join(real, "a/b"))).toEqual([]);
  });

  test("makes a file exclusively, once", async () => {
    const disk = make();
    await disk.makeFolder(real);
    const results = await Promise.allSettled(
      [1, 2, 3].map((n) => disk.write(join(real, "x"), bytes(`${n}`), { exclusive: true })),
    );
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    for (const result of results) if (result.status === "rejected") expect(result.reason).toBeInstanceOf(FileExists);
  });
});

describe("the machine's disk", () => {
  test("gives files and folders to their owner only, unless a mode is given", async () => {
    const mode = async (path: string) => (await stat(path)).mode & 0o777;
    await systemDisk.makeFolder(join(real, "a/b"));
    await systemDisk.write(join(real, "a/secret"), bytes("x"));
    await systemDisk.append(join(real, "a/log"), bytes("x"));
    await systemDisk.write(join(real, "a/public"), bytes("x"), { mode: 0o644 });
    const names = ["a", "a/b", "a/secret", "a/log", "a/public"];
    const modes = await Promise.all(names.map((name) => mode(join(real, name))));
    expect(modes).toEqual([0o700, 0o700, 0o600, 0o600, 0o644]);
  });

  test("says in plain words what went wrong, on which path, and what to do", async () => {
    await writeFile(join(real, "file"), "x");
    const below = await faultOf(systemDisk.write(join(real, "file/below"), bytes("x")));
    expect(below.message).toBe(`cannot write ${real}/file/below: a part of the path is a file, not a folder`);
    expect(below.details).toMatchObject({
      happened: "unknown",
      at: `${real}/file/below`,
      code: "ENOTDIR",
      remedy: expect.any(String),
    });
    await mkdir(join(real, "folder"));
    expect((await faultOf(systemDisk.read(join(real, "folder")))).details).toMatchObject({
      happened: "no",
      code: "EISDIR",
    });
    expect((await faultOf(systemDisk.makeFolder(join(real, "file")))).message).toMatch(
      /a file of that name is in the way/,
    );
    expect((await faultOf(systemDisk.append(join(real, "none/x"), bytes("x")))).details.code).toBe("ENOENT");
    await symlink("circle", join(real, "circle"));
    expect((await faultOf(systemDisk.read(join(real, "circle")))).details.code).toBe("ELOOP");
  });

  test.skipIf(process.getuid?.() === 0)("says that permission is denied", async () => {
    await writeFile(join(real, "file"), "x");
    await chmod(join(real, "file"), 0);
    expect((await faultOf(systemDisk.read(join(real, "file")))).message).toMatch(/permission denied/);
  });
});

describe.each([
  ["the machine's", systemClock],
  ["the virtual", new VirtualClock()],
])("%s clock", (_, clock) => {
  test("moves on while it sleeps, and wakes up with the reason of its signal", async () => {
    const start = clock.now();
    await clock.sleep(20);
    expect(clock.now() - start).toBeGreaterThanOrEqual(19);
    await expect(clock.sleep(10_000, AbortSignal.abort("before"))).rejects.toBe("before");
    const stop = new AbortController();
    const sleeping = clock.sleep(10_000, stop.signal);
    stop.abort("meanwhile");
    await expect(sleeping).rejects.toBe("meanwhile");
  });
});

test("a virtual clock takes no time, and lets sleepers side by side share theirs", async () => {
  const clock = new VirtualClock(0);
  const start = performance.now();
  await Promise.all([clock.sleep(3_600_000), clock.sleep(7_200_000)]);
  clock.advance(5);
  expect(clock.now()).toBe(7_200_005);
  expect(performance.now() - start).toBeLessThan(1_000);
});

test("random bytes are as many as asked for, and differ", () => {
  const two = [systemRandom.bytes(16), systemRandom.bytes(16)];
  expect(two.map((each) => each.length)).toEqual([16, 16]);
  expect(two[0]).not.toEqual(two[1]);
});
