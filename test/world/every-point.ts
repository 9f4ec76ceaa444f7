import { Crash, type CrashDisk, type CrashOptions } from "./crash-disk.ts";

/** The ways in which a machine can go down: the power is cut (all lost, or seeded parts), or only the process dies. */
export const downfalls: CrashOptions[] = [
  { keep: "nothing" },
  { keep: "everything" },
  ...[1, 2, 3, 4, 5, 6].map((seed) => ({ keep: "some" as const, seed })),
];

/** Throws a Crash at the n-th point of the disk, counted from 1, and counts the points. */
export function crashAt(disk: CrashDisk, n: number): { count: number } {
  const points = { count: 0 };
  disk.onPoint = (name) => {
    if (++points.count === n) throw new Crash(name);
  };
  return points;
}

/** Runs work that a Crash may end; any other error is a failure of the test. Tells whether it came to its end. */
export async function untilCrash(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Crash) return false;
    throw error;
  }
}

/** Whether an assertion fails: for tests which prove that a broken disk is noticed. */
export async function fails(work: () => Promise<unknown>): Promise<boolean> {
  return work().then(
    () => false,
    () => true,
  );
}
