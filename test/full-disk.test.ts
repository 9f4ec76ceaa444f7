import { afterEach, describe, expect, test } from "vitest";
import { Fault } from "../src/diagnostic.ts";
import type { Disk, Io } from "../src/io.ts";
import { systemDisk } from "../src/platform/disk.ts";
import { systemRandom } from "../src/platform/random.ts";
import { type Bench, bringUp, makeBench } from "./commands-fixture.ts";

let bench: Bench;
afterEach(() => bench.close());

/** Fewer places than this in a run mean that they are not counted any more. */
const placesMin = 12;

/**
 * A disk that is full from its n-th append or write on: half of the bytes are there, as on a real one. What takes no room
 * (renaming, removing, shortening) still works. It has room again when `full.from` is taken away.
 */
function fullDisk(full: { from: number; calls: number }): Disk {
  const orFull = async (path: string, bytes: Uint8Array, write: (part: Uint8Array) => Promise<void>): Promise<void> => {
    if (++full.calls < full.from) return write(bytes);
    await write(bytes.subarray(0, Math.floor(bytes.length / 2)));
    const remedy = "make room and run again";
    throw new Fault(`cannot write ${path}: no space left on the disk`, {
      happened: "unknown",
      at: path,
      remedy,
      code: "ENOSPC",
    });
  };
  return {
    ...systemDisk,
    append: (path, bytes) => orFull(path, bytes, (part) => systemDisk.append(path, part)),
    write: (path, bytes, options) => orFull(path, bytes, (part) => systemDisk.write(path, part, options)),
  };
}

const ioWith = (disk: Disk): Io => ({
  ...{ clock: bench.clock, random: systemRandom, disk, transport: bench.transport, mailer: bench.outbox },
});

/** Every recorded object is there, and whoever is there and ours is recorded or in doubt. */
async function expectTruth(): Promise<void> {
  const { code, out, err } = await bench.steward("state list --env test --format json");
  expect([code, err]).toEqual([0, ""]);
  const { entries } = JSON.parse(out) as { entries: { kind: string; id: string }[] };
  const { store } = bench.simulator;
  for (const { kind, id } of entries) {
    const known = kind === "velocloud_api_token" ? store.tokens.get(Number(id)) : store.users.get(Number(id));
    expect({ kind, id, known: known !== undefined }).toEqual({ kind, id, known: true });
  }
}

async function expectMended(words: string): Promise<void> {
  let code = 1;
  let said = "";
  for (let tries = 0; tries < 3 && code !== 0; tries++) {
    const answer = await bench.steward(words);
    code = answer.code;
    said = answer.out + answer.err;
  }
  expect([code, said]).toEqual([0, said]);
  expect((await bench.steward("plan --env test")).out).toContain("No changes.");
  const { store } = bench.simulator;
  const live = store.tokensOf(store.userNamed("ci@acme.example")!.id).filter((token) => !token.isRevoked);
  expect(live).toHaveLength(1);
  const value = (await bench.steward("secret get velocloud_api_token.ci --env test --force")).out.trim();
  expect(store.tokenValues.get(value)).toBe(live[0]!.id);
}

describe("a disk that is full", () => {
  const runs = [
    { name: "the first apply", before: false, words: "apply --env test --auto-approve" },
    { name: "a rotation", before: true, words: "apply --env test --auto-approve --replace velocloud_api_token.ci" },
  ];

  test.each(runs)(
    "at any place of $name: it says so, records nothing that did not happen, and the next apply mends it",
    async ({ before, words }) => {
      let places = 0;
      for (let from = 1; ; from++) {
        bench = await makeBench();
        if (before) await bringUp(bench);
        else await bench.steward("trust --all --env test");
        const full = { from, calls: 0 };
        const { code, out, err } = await bench.steward(words, { world: { io: ioWith(fullDisk(full)) } });
        if (full.calls < from) {
          expect(code).toBe(0);
          break;
        }
        places++;
        expect({ from, code }).toEqual({ from, code: 1 });
        expect(out + err).toContain("no space left on the disk");
        expect(out + err).toContain("make room");
        await expectTruth();
        await expectMended("apply --env test --auto-approve");
        bench.close();
      }
      console.log(`full disk: ${places} places`);
      expect(places).toBeGreaterThanOrEqual(placesMin);
    },
  );

  test("keeps a plan file or what refresh saw from being half there", async () => {
    bench = await makeBench();
    await bringUp(bench);
    for (const words of ["plan --env test --out kept.json", "refresh --env test --out kept.json"]) {
      bench.write("kept.json", "as it was\n");
      const { code, err } = await bench.steward(words, { world: { io: ioWith(fullDisk({ from: 1, calls: 0 })) } });
      expect([code, err]).toEqual([1, expect.stringContaining("no space left on the disk")]);
      expect(bench.read("kept.json")).toBe("as it was\n");
    }
  });
});
