import { describe, expect, test } from "vitest";
import type { LogRecord, StateLog } from "../src/backends/backend.ts";
import { openLocalLog } from "../src/backends/local.ts";
import { sharedLog } from "../src/backends/shared.ts";
import { Refusal } from "../src/diagnostic.ts";
import { CrashDisk } from "./world/crash-disk.ts";
import { TestHost } from "./world/dead-or-alive.ts";
import { VirtualClock } from "./world/virtual-clock.ts";

const folder = "/w/journal";
const lineage = "l-1";

/** One process at the log, and everything that it knows of it, in order. */
function open(disk: CrashDisk, host: TestHost, pid: number) {
  const seen: LogRecord[] = [];
  const clock = new VirtualClock();
  const owner = host.start(pid);
  let locks = 0;
  const log = sharedLog({
    log: openLocalLog({ folder, disk, clock, host }),
    clock,
    owner: () => ({ ...owner, id: `${pid}-${locks++}` }),
    onOthers: (records) => seen.push(...records),
  });
  const append = async (record: LogRecord, check?: () => void) => {
    await log.append("any", [record], lineage, check);
    seen.push(record);
  };
  return { log, seen, append, locks: () => locks };
}

const numbers = (records: readonly LogRecord[]) => records.map((record) => record.n);
const whole = async (log: StateLog) => numbers((await log.read()).records);

describe("a log that several processes keep", () => {
  test("has every record once, and each process knows them in one order", async () => {
    const disk = new CrashDisk();
    const host = new TestHost();
    const processes = [1, 2, 3].map((pid) => open(disk, host, pid));
    const appends = processes.flatMap(({ append }, index) =>
      Array.from({ length: 20 }, (_, n) => append({ n: 100 * index + n })),
    );
    await Promise.all(appends);
    for (const { log } of processes) await log.follow();
    const order = await whole(openLocalLog({ folder, disk, clock: new VirtualClock(), host }));
    expect(new Set(order).size).toBe(60);
    for (const { seen } of processes) expect(numbers(seen)).toEqual(order);
  });

  test("writes what comes at one moment under one lock", async () => {
    const one = open(new CrashDisk(), new TestHost(), 1);
    await Promise.all(Array.from({ length: 10 }, (_, n) => one.append({ n })));
    expect(one.locks()).toBe(1);
  });

  test("lets one of two take what can be taken once", async () => {
    const disk = new CrashDisk();
    const host = new TestHost();
    const processes = [1, 2].map((pid) => open(disk, host, pid));
    const took = await Promise.allSettled(
      processes.map(({ append, seen }, pid) =>
        append({ takes: "seat", n: pid }, () => {
          if (seen.some(({ takes }) => takes === "seat")) throw new Error("it is lent");
        }),
      ),
    );
    expect(took.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await processes[0]!.log.read()).records.length).toBe(1);
  });

  test("refuses to go on when records that it knew are gone", async () => {
    const disk = new CrashDisk();
    const host = new TestHost();
    const one = open(disk, host, 1);
    await one.append({ n: 1 });
    await one.append({ n: 2 });
    const path = `${folder}/log.jsonl`;
    disk.plant(path, disk.files()[path]!.split("\n").slice(0, 2).join("\n"));
    await expect(one.append({ n: 3 })).rejects.toThrow(Refusal);
  });

  test("keeps a snapshot of what everybody appended, and reads from there on", async () => {
    const disk = new CrashDisk();
    const host = new TestHost();
    const [one, other] = [1, 2].map((pid) => open(disk, host, pid));
    for (let n = 0; n < 4; n++) await (n % 2 ? one! : other!).append({ n });
    const state = { serial: 0, numbers: [] as number[] };
    const folding = sharedLog({
      log: openLocalLog({ folder, disk, clock: new VirtualClock(), host }),
      clock: new VirtualClock(),
      owner: () => host.start(3),
      onOthers: (records) => {
        state.serial += records.length;
        state.numbers.push(...(numbers(records) as number[]));
      },
    });
    await folding.writeSnapshot(0, state);
    expect(state.numbers).toEqual([0, 1, 2, 3]);
    await one!.append({ n: 4 });
    const { snapshot, records } = await open(disk, host, 4).log.read();
    expect([snapshot, numbers(records)]).toEqual([{ serial: 4, state }, [4]]);
    await other!.log.follow();
    expect(numbers(other!.seen)).toEqual([0, 1, 2, 3, 4]);
  });

  test("waits for a lock that somebody holds, and says who when it takes too long", async () => {
    const disk = new CrashDisk();
    const host = new TestHost();
    const one = open(disk, host, 1);
    const lock = await one.log.lock(host.start(7, "do"));
    await expect(one.append({ n: 1 })).rejects.toThrow("locked by ann on build-1 (process 7");
    await lock.release();
    await one.append({ n: 2 });
    expect(await whole(one.log)).toEqual([2]);
  });
});
