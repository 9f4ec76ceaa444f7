import { spawn } from "node:child_process";
import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import type { Lock, LockOwner } from "../src/backends/backend.ts";
import { openLocalLog } from "../src/backends/local.ts";
import { Refusal } from "../src/diagnostic.ts";
import type { Clock, Disk } from "../src/io.ts";
import { systemHost } from "../src/platform/host.ts";
import { Crash, CrashDisk, seeded } from "./world/crash-disk.ts";
import { TestHost } from "./world/dead-or-alive.ts";
import { crashAt, downfalls, fails, untilCrash } from "./world/every-point.ts";
import { processDisk } from "./world/process-disk.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

const folder = "/w/state";
const lockPath = `${folder}/lock`;

const open = (disk: Disk, host = new TestHost(), clock: Clock = new VirtualClock()) =>
  openLocalLog({ folder, disk, clock, host });

async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refusal);
  return error as Refusal;
}

describe("the lock", () => {
  test("is one person's, and names him and the way out to everybody else", async () => {
    const [disk, host] = [new CrashDisk(), new TestHost()];
    const lock = await open(disk, host).lock(host.start(7));
    const refused = await refusal(open(disk, host).lock(host.start(8)));
    expect(refused.message).toBe(
      "the state is locked by ann on build-1 (process 7, `steward apply`, since 2026-11-20T12:00:00Z)",
    );
    expect(refused.reasons[0]!.remedy).toMatch(/steward state unlock/);
    expect(await open(disk).lockOwner()).toEqual(lock.owner);
    await lock.release();
    expect(await open(disk).lockOwner()).toBeUndefined();
    await open(disk, host).lock(host.start(8));
  });

  test("is not taken from oneself either", async () => {
    const [disk, host] = [new CrashDisk(), new TestHost()];
    const owner = host.start(7);
    await open(disk, host).lock(owner);
    await refusal(open(disk, host).lock(owner));
  });

  test("of a dead process on this host is taken over", async () => {
    const [disk, host] = [new CrashDisk(), new TestHost()];
    await open(disk, host).lock(host.start(7));
    host.kill(7);
    const lock = await open(disk, host).lock(host.start(8));
    expect((await open(disk, host).lockOwner())!.pid).toBe(8);
    expect(Object.keys(disk.files())).toEqual([lockPath]);
    await lock.release();
    expect(disk.files()).toEqual({});
  });

  test("of a process whose number a later one got is taken over", async () => {
    const [disk, host] = [new CrashDisk(), new TestHost()];
    await open(disk, host).lock(host.start(7));
    host.processes.set(7, "boot/another");
    expect((await open(disk, host).lock(host.start(8))).owner.pid).toBe(8);
  });

  test.each([
    ["another host", new TestHost("build-2")],
    ["a container of the same name", new TestHost("build-1", "pid:[2]")],
  ])("of a process on %s is never taken over, because nobody here can tell whether it lives", async (_, host) => {
    const disk = new CrashDisk();
    const there = new TestHost();
    await open(disk, there).lock(there.start(7));
    await refusal(open(disk, host).lock(host.start(8)));
  });

  test("is removed by its holder only: who was unlocked meanwhile removes nothing", async () => {
    const [disk, host] = [new CrashDisk(), new TestHost()];
    const first = await open(disk, host).lock(host.start(7));
    expect((await open(disk).breakLock())!.pid).toBe(7);
    await open(disk, host).lock(host.start(8));
    await first.release();
    expect((await open(disk).lockOwner())!.pid).toBe(8);
  });

  test.each(["", '{"owner":{"who":"an', "null", "{}"])(
    "that a crash left as %j is taken over after 3 s",
    async (torn) => {
      const [disk, host, clock] = [new CrashDisk(), new TestHost(), new VirtualClock()];
      disk.plant(lockPath, torn);
      expect(await open(disk).lockOwner()).toMatchObject({ who: "?" });
      const start = clock.now();
      await open(disk, host, clock).lock(host.start(8));
      expect(clock.now() - start).toBe(3_000);
    },
  );

  test("that cannot be read can be broken at once", async () => {
    const disk = new CrashDisk();
    disk.plant(lockPath, "");
    expect(await open(disk).breakLock()).toMatchObject({ who: "?" });
    expect([await open(disk).lockOwner(), await open(disk).breakLock()]).toEqual([undefined, undefined]);
  });

  test("is not believed to be ours by a process that slept while it wrote and was replaced", async () => {
    const host = new TestHost();
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let calls = 0;
    // It has made the file, and goes to sleep before it fills it.
    const disk = new CrashDisk({ turn: () => (++calls === 3 ? asleep : Promise.resolve()) });
    const waiting = refusal(open(disk, host).lock(host.start(7)));
    await new Promise((resolve) => setImmediate(resolve));
    expect(disk.files()[lockPath]!.length).toBeGreaterThan(0);
    await open(disk, host).lock(host.start(8));
    wake();
    expect((await waiting).message).toMatch(/process 8/);
    expect((await open(disk).lockOwner())!.pid).toBe(8);
  });
});

/** A dead process's lock, taken over, and given back: work whose every point can crash. */
async function succession(disk: Disk, host: TestHost, pid: number): Promise<void> {
  const lock = await open(disk, host).lock(host.start(pid));
  await lock.release();
}

describe("a lock whose holder crashes", () => {
  test.each(downfalls)(
    "while taking, taking over or giving back, at any point, locks nobody out (%o)",
    async (downfall) => {
      let runs = 0;
      for (let n = 1, more = true; more; n++) {
        for (let m = 1, evenMore = true; evenMore; m++) {
          const [disk, host] = [new CrashDisk(), new TestHost()];
          crashAt(disk, n);
          more = !(await untilCrash(() => succession(disk, host, 1)));
          host.kill(1);
          const second = disk.crash(downfall);
          crashAt(second, m);
          evenMore = !(await untilCrash(() => succession(second, host, 2)));
          host.kill(2);
          const third = second.crash(downfall);
          const lock = await open(third, host).lock(host.start(3));
          expect((await open(third).lockOwner())!.pid).toBe(3);
          await lock.release();
          expect(Object.keys(third.files())).toEqual([]);
          runs++;
        }
      }
      expect(runs).toBeGreaterThan(50);
    },
  );
});

/** Three processes want a dead one's lock at the same time; a seed decides who goes on when, and who dies where. */
async function scramble(seed: number, deaths: boolean): Promise<{ got: number; died: number }> {
  const random = seeded(seed);
  const host = new TestHost();
  const disk = new CrashDisk();
  await open(disk, host).lock(host.start(1));
  host.kill(1);
  const pause = async (turns: number) => {
    for (let n = 0; n < turns; n++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  // Three seconds are longer than anything that one of them is ever paused for.
  const clock: Clock = { now: () => 0, sleep: () => pause(60) };
  const holding = new Set<number>();
  let [got, died] = [0, 0];
  const one = async (pid: number) => {
    const owner: LockOwner = host.start(pid);
    const deathAt = deaths && random(2) ? random(12) : -1;
    let calls = 0;
    const view = processDisk(disk, async () => {
      if (calls++ === deathAt) throw new Crash("killed");
      await pause(random(4));
    });
    let lock: Lock | undefined;
    const alive = await untilCrash(async () => {
      lock = await open(view, host, clock)
        .lock(owner)
        .catch((error: unknown) => {
          if (error instanceof Refusal) return undefined;
          throw error;
        });
      if (!lock) return;
      got++;
      holding.add(pid);
      expect([...holding]).toEqual([pid]);
      await pause(random(20));
      holding.delete(pid);
      await lock.release();
    });
    holding.delete(pid);
    if (alive) return;
    died++;
    host.kill(pid);
  };
  await Promise.all([2, 3, 4].map(one));
  for (const pid of [2, 3, 4]) host.kill(pid);
  await (await open(disk, host, clock).lock(host.start(9))).release();
  expect(Object.keys(disk.files())).toEqual([]);
  return { got, died };
}

describe("several processes that take over a dead one's lock at once", () => {
  test.each([false, true])(
    "never hold it together, and never lose it for good (with deaths among them: %s)",
    async (deaths) => {
      const total = { got: 0, died: 0 };
      for (let seed = 1; seed <= 1_000; seed++) {
        const { got, died } = await scramble(seed, deaths);
        total.got += got;
        total.died += died;
      }
      expect(total.got).toBeGreaterThan(800);
      expect(total.died > 200).toBe(deaths);
    },
  );
});

describe("this machine", () => {
  test("tells a living process from a dead one, and from a later one of the same number", async () => {
    const host = await systemHost();
    expect(host.host).toBe(hostname());
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const [ours, theirs] = await Promise.all([host.started(process.pid), host.started(child.pid!)]);
    expect(ours).toBeTruthy();
    expect(theirs).toBeTruthy();
    if (process.platform === "linux") expect(theirs).not.toBe(ours);
    expect(await host.started(child.pid!)).toBe(theirs);
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    expect(await host.started(child.pid!)).toBeUndefined();
  });
});

test("the check of the tests above can fail: a crash disk that is not restarted stays dead", async () => {
  const disk = new CrashDisk();
  crashAt(disk, 1);
  expect(await untilCrash(() => succession(disk, new TestHost(), 1))).toBe(false);
  expect(await fails(() => disk.read(lockPath))).toBe(true);
});
