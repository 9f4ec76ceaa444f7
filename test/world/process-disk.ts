import type { Disk } from "../../src/io.ts";

/**
 * One process's view of a disk that several share: `turn` is awaited before each call, may wait for others, and may throw to
 * end this process alone.
 */
export function processDisk(disk: Disk, turn: (call: string) => Promise<void>): Disk {
  return new Proxy(disk, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return async (...values: unknown[]) => {
        await turn(String(name));
        return Reflect.apply(member, target, values);
      };
    },
  });
}
