import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { StateLog } from "../src/backends/backend.ts";
import { openLocalLog } from "../src/backends/local.ts";
import { Refusal } from "../src/diagnostic.ts";
import type { Disk } from "../src/io.ts";
import { systemClock } from "../src/platform/clock.ts";
import { systemDisk } from "../src/platform/disk.ts";
import { systemHost } from "../src/platform/host.ts";
import { CrashDisk } from "./world/crash-disk.ts";
import { TestHost } from "./world/dead-or-alive.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

const folder = "/w/state";
const logPath = `${folder}/log.jsonl`;
const lineage = "l-1";

const open = (disk: Disk): StateLog => openLocalLog({ folder, disk, clock: new VirtualClock(), host: new TestHost() });
const numbers = (contents: { records: { [name: string]: unknown }[] }) => contents.records.map((record) => record.n);

/** A log of records 1 to `count` and its lines, the header first. */
async function written(count: number): Promise<{ disk: CrashDisk; lines: string[] }> {
  const disk = new CrashDisk();
  const log = open(disk);
  for (let n = 1; n <= count; n++) await log.append(n - 1, [{ n, text: `é ${n}` }], lineage);
  return { disk, lines: disk.files()[logPath]!.split("\n").slice(0, -1) };
}

async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Refusal);
  return error as Refusal;
}

describe("a local log", () => {
  test("is empty before the first append", async () => {
    expect(await open(new CrashDisk()).read()).toEqual({ lineage: undefined, serial: 0, records: [], torn: false });
  });

  test("gives back what was appended, in order, to another process", async () => {
    const { disk } = await written(3);
    const log = open(disk);
    const contents = await log.read();
    expect(contents).toMatchObject({ lineage, serial: 3, torn: false });
    expect(contents.records).toEqual([
      { n: 1, text: "é 1" },
      { n: 2, text: "é 2" },
      { n: 3, text: "é 3" },
    ]);
    expect(await log.append(3, [{ n: 4 }, { n: 5 }], lineage)).toBe(5);
    expect(numbers(await open(disk).read())).toEqual([1, 2, 3, 4, 5]);
  });

  test("writes calls of one moment together, with one sync", async () => {
    const { disk } = await written(1);
    const log = open(disk);
    await log.append(1, [{ n: 2 }], lineage);
    const points: string[] = [];
    disk.onPoint = (name) => points.push(name);
    const serials = await Promise.all([3, 4, 5, 6].map((n) => log.append("any", [{ n }], lineage)));
    expect(serials).toEqual([3, 4, 5, 6]);
    expect(points.filter((name) => name.startsWith("before"))).toEqual([
      "before append log.jsonl",
      "before syncFile log.jsonl",
    ]);
  });

  test("refuses a serial that moved, without hurting the calls beside it", async () => {
    const { disk } = await written(2);
    const log = open(disk);
    const [first, second, third] = await Promise.allSettled([
      log.append(2, [{ n: 3 }], lineage),
      log.append(2, [{ n: 99 }], lineage),
      log.append(3, [{ n: 4 }], lineage),
    ]);
    expect(first).toMatchObject({ status: "fulfilled", value: 3 });
    expect(second).toMatchObject({ status: "rejected", reason: expect.any(Refusal) });
    expect(third).toMatchObject({ status: "fulfilled", value: 4 });
    expect(numbers(await open(disk).read())).toEqual([1, 2, 3, 4]);
  });

  test("refuses to append when somebody else appended, until it is read again", async () => {
    const { disk } = await written(2);
    const [ours, theirs] = [open(disk), open(disk)];
    await ours.read();
    await theirs.append(2, [{ n: 3 }], lineage);
    expect((await refusal(ours.append("any", [{ n: 9 }], lineage))).message).toMatch(/somebody else/);
    await ours.read();
    expect(await ours.append(3, [{ n: 4 }], lineage)).toBe(4);
  });

  test("refuses records of another lineage", async () => {
    const { disk } = await written(1);
    expect((await refusal(open(disk).append("any", [{ n: 2 }], "l-2"))).message).toMatch(/another lineage \(l-1\)/);
  });

  test("refuses a newer format", async () => {
    const { disk, lines } = await written(1);
    disk.plant(logPath, [lines[0]!.replace('"formatVersion":1', '"formatVersion":2'), lines[1]!, ""].join("\n"));
    const refused = await refusal(open(disk).read());
    expect(refused.message).toMatch(/format 2; this Steward knows formats up to 1/);
  });
});

describe("damage to a log", () => {
  const cases: Record<string, (lines: string[]) => string[]> = {
    "an edited line": (lines) => lines.with(2, lines[2]!.replace('"n":2', '"n":7')),
    "an edited last line": (lines) => lines.with(4, lines[4]!.replace('"n":4', '"n":7')),
    "a line taken out": (lines) => lines.toSpliced(2, 1),
    "a line put in twice": (lines) => lines.toSpliced(2, 0, lines[2]!),
    "two lines swapped": (lines) => lines.with(2, lines[3]!).with(3, lines[2]!),
    "a line cut in the middle of the log": (lines) => lines.with(2, lines[2]!.slice(0, 20)),
    "an empty line": (lines) => lines.toSpliced(3, 0, ""),
    "an edited header": (lines) => lines.with(0, lines[0]!.replace("l-1", "l-7")),
    "a header that is gone": (lines) => lines.slice(1),
    "an edited number": (lines) => lines.with(3, lines[3]!.replace('"seq":3', '"seq":4')),
    "a space put in": (lines) => lines.with(2, lines[2]!.replace(":", ": ")),
  };
  test.each(Object.entries(cases))("%s is refused with the way out", async (_, damage) => {
    const { disk, lines } = await written(4);
    disk.plant(logPath, `${damage(lines).join("\n")}\n`);
    const refused = await refusal(open(disk).read());
    expect(refused.message).toContain(logPath);
    expect(refused.reasons[0]!.remedy).toMatch(/restore the file from version control or a backup.*steward state show/);
    await refusal(open(disk).append("any", [{ n: 5 }], lineage));
  });

  test("every cut of the last line is recovered: left out on reading, cut off by the next append", async () => {
    const { disk: whole, lines } = await written(3);
    const text = Buffer.from(whole.files()[logPath]!);
    const start = Buffer.byteLength(`${lines.slice(0, 3).join("\n")}\n`);
    for (let cut = start; cut < text.length; cut++) {
      const disk = new CrashDisk();
      disk.plant(logPath, text.subarray(0, cut));
      // Without its line end the last record is still whole, and counts.
      const kept = cut === text.length - 1 ? [1, 2, 3] : [1, 2];
      const log = open(disk);
      const contents = await log.read();
      expect([numbers(contents), contents.torn]).toEqual([kept, cut > start && kept.length === 2]);
      await log.append(kept.length, [{ n: 8 }, { n: 9 }], lineage);
      expect(await open(disk.crash()).read()).toMatchObject({ serial: kept.length + 2, torn: false });
      expect(numbers(await open(disk.crash()).read())).toEqual([...kept, 8, 9]);
    }
  });

  test("a tail of zeros, as a power cut leaves it, is recovered", async () => {
    const { disk, lines } = await written(2);
    disk.plant(logPath, Buffer.concat([Buffer.from(`${lines.join("\n")}\n`), Buffer.alloc(300)]));
    expect(await open(disk).read()).toMatchObject({ serial: 2, torn: true });
  });

  test("every cut of the header of a new log counts as an empty log", async () => {
    const { lines } = await written(1);
    for (let cut = 0; cut <= lines[0]!.length; cut++) {
      const disk = new CrashDisk();
      disk.plant(logPath, lines[0]!.slice(0, cut));
      const log = open(disk);
      expect(await log.read()).toMatchObject({ lineage: undefined, serial: 0, torn: cut > 0 });
      await log.append(0, [{ n: 1 }], lineage);
      expect(numbers(await open(disk.crash()).read())).toEqual([1]);
    }
  });

  test("another file under the log's name is refused", async () => {
    const disk = new CrashDisk();
    disk.plant(logPath, "shopping list");
    await refusal(open(disk).read());
  });
});

describe("a snapshot", () => {
  const snapshotPath = `${folder}/snapshot.json`;

  async function withSnapshot() {
    const { disk } = await written(3);
    const log = open(disk);
    await log.read();
    await log.writeSnapshot(3, { upTo: 3 });
    await log.append(3, [{ n: 4 }], lineage);
    return disk;
  }

  test("spares reading the records before it", async () => {
    const contents = await open(await withSnapshot()).read();
    expect(contents).toMatchObject({ lineage, serial: 4, snapshot: { serial: 3, state: { upTo: 3 } } });
    expect(numbers(contents)).toEqual([4]);
  });

  test("of another serial than the log's last one is not kept", async () => {
    const disk = await withSnapshot();
    const log = open(disk);
    await log.read();
    await log.writeSnapshot(3, { upTo: 99 });
    expect((await open(disk).read()).snapshot).toEqual({ serial: 3, state: { upTo: 3 } });
  });

  test.each<[string, (text: string) => string]>([
    ["cut", (text) => text.slice(0, 40)],
    ["empty", () => ""],
    ["edited in its state", (text) => text.replace('"upTo":3', '"upTo":7')],
    ["edited in its serial", (text) => text.replace('"serial":3', '"serial":2')],
    ["edited in its place", (text) => text.replace(/"lineStart":\d+/, '"lineStart":5')],
    ["of another log", (text) => text.replace(/"sum":"[0-9a-f]{16}"/, '"sum":"0123456789abcdef"')],
    ["of a newer format", (text) => text.replace('"formatVersion":1', '"formatVersion":2')],
    ["null", () => "null\nnull\n"],
  ])("that is %s is ignored and the log is read in full", async (_, damage) => {
    const disk = await withSnapshot();
    const before = disk.files()[snapshotPath]!;
    expect(damage(before)).not.toBe(before);
    disk.plant(snapshotPath, damage(before));
    const contents = await open(disk).read();
    expect(contents.snapshot).toBeUndefined();
    expect(numbers(contents)).toEqual([1, 2, 3, 4]);
  });

  test("that is ahead of the log shows that records are missing, and is refused", async () => {
    const disk = await withSnapshot();
    const lines = disk.files()[logPath]!.split("\n");
    disk.plant(logPath, `${lines.slice(0, 3).join("\n")}\n`);
    const refused = await refusal(open(disk).read());
    expect(refused.message).toMatch(/ends at serial 2, but .* was made at 3: records are missing/);
  });

  test("does not hide damage in the lines after it", async () => {
    const disk = await withSnapshot();
    disk.plant(logPath, disk.files()[logPath]!.replace('"n":4', '"n":7'));
    expect((await refusal(open(disk).read())).message).toMatch(/line 5/);
  });
});

describe("on a real disk", () => {
  test("20 000 records and a snapshot of 10 000 entries are read in well under 150 ms", async () => {
    const real = await mkdtemp(join(tmpdir(), "steward-log-"));
    try {
      const options = { folder: join(real, "a/state"), disk: systemDisk, clock: systemClock, host: await systemHost() };
      const log = openLocalLog(options);
      const records = Array.from({ length: 10_000 }, (_, n) => ({
        t: "outcome",
        n,
        address: `velocloud_admin_user.u${n}`,
      }));
      await log.append(0, records, lineage);
      const state = Object.fromEntries(
        records.map((record) => [record.address, { ...record, attributes: { a: "b".repeat(80) } }]),
      );
      await log.writeSnapshot(10_000, state);
      await log.append(10_000, records, lineage);
      expect((await stat(join(options.folder, "log.jsonl"))).mode & 0o777).toBe(0o600);
      const times: number[] = [];
      for (let round = 0; round < 5; round++) {
        const start = performance.now();
        const contents = await openLocalLog(options).read();
        times.push(performance.now() - start);
        expect([contents.serial, contents.records.length]).toEqual([20_000, 10_000]);
      }
      await rm(join(options.folder, "snapshot.json"));
      const start = performance.now();
      expect((await openLocalLog(options).read()).records.length).toBe(20_000);
      times.push(performance.now() - start);
      console.log(`read: ${times.map((ms) => ms.toFixed(0)).join(", ")} ms (the last one without a snapshot)`);
      expect(Math.min(...times.slice(0, 5))).toBeLessThan(150);
      expect((await readFile(join(options.folder, "log.jsonl"), "utf8")).split("\n").length).toBe(20_002);
    } finally {
      await rm(real, { recursive: true, force: true });
    }
  });
});
