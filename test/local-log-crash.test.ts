import { describe, expect, test } from "vitest";
import type { StateLog } from "../src/backends/backend.ts";
import { openLocalLog } from "../src/backends/local.ts";
import { Fault } from "../src/diagnostic.ts";
import type { Disk } from "../src/io.ts";
import { Crash, CrashDisk, type CrashOptions } from "./world/crash-disk.ts";
import { TestHost } from "./world/dead-or-alive.ts";
import { crashAt, downfalls, fails, untilCrash } from "./world/every-point.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

const lineage = "l-1";
const open = (disk: Disk): StateLog =>
  openLocalLog({ folder: "/w/state", disk, clock: new VirtualClock(), host: new TestHost() });

/** What was asked for and what was acknowledged, up to a crash. */
interface Promises {
  issued: number;
  kept: number;
  snapshot: number;
}

async function add(log: StateLog, told: Promises, count: number): Promise<void> {
  const first = told.issued + 1;
  told.issued += count;
  const one = async (n: number) => {
    await log.append("any", [{ n }], lineage);
    told.kept = Math.max(told.kept, n);
  };
  await Promise.all(Array.from({ length: count }, (_, n) => one(first + n)));
}

/** A day in the life of a log: first record, group commit, snapshot, more records, a second snapshot. */
async function live(disk: CrashDisk, told: Promises): Promise<void> {
  const log = open(disk);
  const { serial } = await log.read();
  told.issued = serial;
  for (const count of [1, 3]) await add(log, told, count);
  await log.writeSnapshot(told.issued, { upTo: told.issued });
  told.snapshot = told.issued;
  for (const count of [2, 1]) await add(log, told, count);
  await log.writeSnapshot(told.issued, { upTo: told.issued });
  told.snapshot = told.issued;
}

/** The law: whole records only, in order, none that was acknowledged missing, and the snapshot no older than acknowledged. */
async function holds(disk: CrashDisk, told: Promises): Promise<void> {
  const { serial, records, snapshot } = await open(disk).read();
  const before = snapshot?.serial ?? 0;
  expect(records.map((record) => record.n)).toEqual(Array.from({ length: serial - before }, (_, n) => before + n + 1));
  if (snapshot) expect(snapshot.state).toEqual({ upTo: snapshot.serial });
  expect(serial).toBeGreaterThanOrEqual(told.kept);
  expect(serial).toBeLessThanOrEqual(told.issued);
  expect(before).toBeGreaterThanOrEqual(told.snapshot);
}

/** Crashes a day at point n and looks at what is left. Tells whether there was such a point. */
async function crashDay(n: number, downfall: CrashOptions, ignore: string[] = []): Promise<boolean> {
  const disk = new CrashDisk({ ignore });
  const told = { issued: 0, kept: 0, snapshot: 0 };
  crashAt(disk, n);
  const ended = await untilCrash(() => live(disk, told));
  await holds(disk.crash(downfall), told);
  return !ended;
}

describe("a log whose machine goes down", () => {
  test.each(downfalls)("at any point keeps every acknowledged record, and only whole ones (%o)", async (downfall) => {
    let n = 1;
    while (await crashDay(n, downfall)) n++;
    expect(n).toBeGreaterThan(40);
  });

  test("and whose next process goes down too keeps every record that either was told is kept", async () => {
    let runs = 0;
    for (let n = 1, more = true; more; n++) {
      for (let m = 1, evenMore = true; evenMore; m += 3) {
        for (const [first, second] of [
          ["everything", "nothing"],
          ["some", "nothing"],
          ["everything", "some"],
        ] as const) {
          const disk = new CrashDisk();
          const told = { issued: 0, kept: 0, snapshot: 0 };
          crashAt(disk, n);
          more = !(await untilCrash(() => live(disk, told)));
          const next = disk.crash({ keep: first, seed: n });
          crashAt(next, m);
          evenMore = !(await untilCrash(() => live(next, told)));
          await holds(next.crash({ keep: second, seed: m }), told);
          runs++;
        }
      }
    }
    expect(runs).toBeGreaterThan(2_000);
  });

  test("needs each of its syncs: with any one left out, some power cut breaks the law", async () => {
    const whole = new CrashDisk();
    await live(whole, { issued: 0, kept: 0, snapshot: 0 });
    expect(whole.syncs).toBeGreaterThan(8);
    for (let sync = 1; sync <= whole.syncs; sync++) {
      let noticed = false;
      for (let n = 1, more = true; more && !noticed; n++) {
        const run = async () => {
          more = await crashDay(n, { keep: "nothing" }, [`sync#${sync}`]);
        };
        noticed = await fails(run);
      }
      expect(noticed, `nobody missed sync ${sync}`).toBe(true);
    }
  });

  test.each(["syncFile:log.jsonl", "syncFolder:state", "syncFile:snapshot.json.tmp"])(
    "is noticed to break the law when %s does nothing",
    async (ignored) => {
      let noticed = 0;
      for (let n = 1; n < 40; n++) if (await fails(() => crashDay(n, { keep: "nothing" }, [ignored]))) noticed++;
      expect(noticed).toBeGreaterThan(0);
    },
  );

  /** A predecessor was killed after it had written and before it synced; we go on, and then the power goes. */
  async function afterKill(
    before: string,
    ignore: string[],
    work: (log: StateLog, serial: number) => Promise<unknown>,
  ) {
    const first = new CrashDisk();
    crashAtName(first, before);
    await untilCrash(() => open(first).append(0, [{ n: 1 }], lineage));
    const second = first.crash({ keep: "everything" });
    second.ignore.push(...ignore);
    const log = open(second);
    const { serial } = await log.read();
    expect(serial).toBe(1);
    await work(log, serial);
    return open(second.crash()).read();
  }

  test("makes durable what a killed predecessor left, name and content, with the next record", async () => {
    const work = (log: StateLog) => log.append(1, [{ n: 2 }], lineage);
    for (const before of ["before syncFile log.jsonl", "before syncFolder state"]) {
      expect((await afterKill(before, [], work)).serial).toBe(2);
      expect((await afterKill(before, ["syncFolder:state"], work)).serial).toBe(0);
    }
  });

  test("never makes a snapshot durable before the log that it is of", async () => {
    const work = (log: StateLog) => log.writeSnapshot(1, { upTo: 1 });
    expect((await afterKill("before syncFile log.jsonl", [], work)).serial).toBe(1);
    expect(await fails(() => afterKill("before syncFile log.jsonl", ["syncFile:log.jsonl"], work))).toBe(true);
  });
});

function crashAtName(disk: CrashDisk, point: string): void {
  disk.onPoint = (name) => {
    if (name === point) throw new Crash(name);
  };
}

describe("a log whose disk fails but goes on", () => {
  /** A disk that throws a Fault at a point, once. */
  function failing(point: string): CrashDisk {
    let failed = false;
    return new CrashDisk({
      onPoint: (name) => {
        if (failed || name !== point) return;
        failed = true;
        throw new Fault("the disk is full", { happened: "unknown" });
      },
    });
  }

  test("cuts off a half-written record, says that nothing happened, and goes on", async () => {
    const disk = failing("during append log.jsonl");
    const log = open(disk);
    const error = await log.append(0, [{ n: 1 }], lineage).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).details.happened).toBe("no");
    expect(await log.append(0, [{ n: 1 }], lineage)).toBe(1);
    expect(await open(disk.crash()).read()).toMatchObject({ serial: 1, torn: false });
  });

  test("writes nothing more after a sync that failed, because nobody knows what is kept", async () => {
    const disk = failing("before syncFile log.jsonl");
    const log = open(disk);
    const results = await Promise.allSettled([
      log.append("any", [{ n: 1 }], lineage),
      log.append("any", [{ n: 2 }], lineage),
    ]);
    expect(results.map((result) => result.status)).toEqual(["rejected", "rejected"]);
    const error = await log.append("any", [{ n: 3 }], lineage).catch((reason: unknown) => reason);
    expect((error as Fault).details).toMatchObject({ happened: "no", at: "/w/state/log.jsonl" });
  });
});
