import { execFileSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, parseEnv } from "node:util";
import { armor, Decrypter } from "age-encryption";
import { beforeAll, describe, expect, test } from "vitest";
import { Fault, Refusal } from "../src/diagnostic.ts";
import type { Disk } from "../src/io.ts";
import type { SinkConfig } from "../src/manifest/manifest.ts";
import { systemDisk } from "../src/platform/disk.ts";
import { Secret } from "../src/secret.ts";
import { generateIdentity } from "../src/sinks/age-format.ts";
import { openSink, secretPathProblem, sinkSettings } from "../src/sinks/open.ts";
import type { Sink } from "../src/sinks/sink.ts";
import { CrashDisk } from "./world/crash-disk.ts";

const source = { file: "steward.yaml", line: 1, column: 1 };
const folder = "/w";
let keys: { identity: Secret; recipient: string };
let others: { identity: Secret; recipient: string };

beforeAll(async () => {
  keys = await generateIdentity();
  others = await generateIdentity();
});

interface Member {
  settings: () => SinkConfig["settings"];
  paths: [string, string];
  badPaths: string[];
  /** Laws that this sink need not keep, with the reason. */
  skip: Partial<Record<"swapped" | "hidden", string>>;
}

const members: Record<string, Member> = {
  age: {
    settings: () => ({ path: "secrets/test/", recipients: [keys.recipient] }),
    paths: ["velocloud/ci-token", "velocloud/ci-password"],
    badPaths: [
      "",
      "/etc/x",
      "../x",
      "a/../b",
      "a//b",
      "a/",
      ".git/x",
      "a b",
      "a\nb",
      "é",
      "x.age.json",
      "a.age.json/b",
      "~/x",
    ],
    skip: {},
  },
  "env-file": {
    settings: () => ({ path: "secrets/test.env" }),
    paths: ["VCO_TOKEN", "VCO_PASSWORD"],
    badPaths: ["", "vco", "A-B", "1A", "A=B", "A B", "../A", "A__NEXT", "A\nB", "$(id)"],
    skip: {
      swapped: "values stand in clear, so that nothing ties them to their names",
      hidden: "values stand in clear; that is what the file is for",
    },
  },
};

function open(type: string, disk: Disk, environment = "test", identity: Secret | undefined = keys.identity): Sink {
  const config = { name: "local", type, settings: members[type]!.settings(), source };
  return openSink(config, { disk, folder, environment, ...(identity && { identity }) });
}

async function thrown(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

const values = [
  "s3cret",
  "",
  "with space",
  "#hash = 'no",
  "päß",
  "two\nlines",
  'a$b`c"d',
  "tab\tend",
  "x".repeat(5000),
];

for (const [type, { paths, badPaths, skip }] of Object.entries(members)) {
  const [path, second] = paths;

  describe(`a sink of type ${type}`, () => {
    test("holds nothing at first", async () => {
      const sink = open(type, new CrashDisk());
      expect([await sink.has(path, "i1"), await sink.read(path, "current"), await sink.inspect(path)]).toEqual([
        undefined,
        undefined,
        [],
      ]);
    });

    test("keeps a put as next until it is promoted, and then as current", async () => {
      const disk = new CrashDisk();
      const sink = open(type, disk);
      await sink.put(path, "i1", new Secret("one"));
      expect(await sink.has(path, "i1")).toBe("next");
      expect(await sink.read(path, "current")).toBeUndefined();
      await sink.promote(path, "i1");
      await sink.put(path, "i2", new Secret("two"));
      const again = open(type, disk.crash());
      expect(await again.inspect(path)).toEqual([
        { slot: "current", issueId: "i1" },
        { slot: "next", issueId: "i2" },
      ]);
      expect((await again.read(path, "current"))!.reveal()).toBe("one");
      expect((await again.read(path, "next"))!.reveal()).toBe("two");
      await again.promote(path, "i2");
      expect(await again.inspect(path)).toEqual([{ slot: "current", issueId: "i2" }]);
      expect(await again.has(path, "i1")).toBeUndefined();
    });

    test("may be told everything twice", async () => {
      const sink = open(type, new CrashDisk());
      for (let round = 0; round < 2; round++) await sink.put(path, "i1", new Secret("one"));
      for (let round = 0; round < 2; round++) await sink.promote(path, "i1");
      expect(await sink.inspect(path)).toEqual([{ slot: "current", issueId: "i1" }]);
    });

    test("promotes only what it holds", async () => {
      const sink = open(type, new CrashDisk());
      await sink.put(path, "i1", new Secret("one"));
      const error = await thrown(sink.promote(path, "i2"));
      expect(error).toBeInstanceOf(Fault);
      expect((error as Fault).details).toMatchObject({ happened: "no", on: "local" });
      expect(await sink.inspect(path)).toEqual([{ slot: "next", issueId: "i1" }]);
    });

    test.each(values)("gives back %j", async (value) => {
      const disk = new CrashDisk();
      const sink = open(type, disk);
      await sink.put(second, "i0", new Secret("beside it"));
      await sink.put(path, "i1", new Secret(value));
      expect((await open(type, disk).read(path, "next"))!.reveal()).toBe(value);
      expect((await sink.read(second, "next"))!.reveal()).toBe("beside it");
    });

    test("refuses a put, a read and a promote for another environment, and changes nothing (law 9)", async () => {
      const disk = new CrashDisk();
      await open(type, disk).put(path, "i1", new Secret("one"));
      const before = disk.files();
      const prod = open(type, disk, "prod");
      for (const work of [
        () => prod.put(path, "i2", new Secret("two")),
        () => prod.read(path, "next"),
        () => prod.promote(path, "i1"),
        () => prod.has(path, "i1"),
      ]) {
        const error = await thrown(work());
        expect(error).toBeInstanceOf(Refusal);
        expect(error.message).toMatch(/environment test, this run is for prod/);
      }
      expect(disk.files()).toEqual(before);
    });

    test.each(badPaths)("refuses the path %j before anything is written", async (bad) => {
      const disk = new CrashDisk();
      const error = await thrown(open(type, disk).put(bad, "i1", new Secret("one")));
      expect(error).toBeInstanceOf(Refusal);
      expect(secretPathProblem(type, bad)).toBe((error as Refusal).reasons[0]!.remedy);
      expect(disk.files()).toEqual({});
    });

    test("loses nothing when two write to it at once, through one sink or two", async () => {
      const disk = new CrashDisk({ turn: () => new Promise((resolve) => setImmediate(resolve)) });
      const sinks = [open(type, disk), open(type, disk)];
      await Promise.all(
        paths.flatMap((each, n) => [sinks[n]!.put(each, "i1", new Secret(each)), sinks[1 - n]!.promote(each, "i1")]),
      );
      await Promise.all([sinks[0]!.put(path, "i2", new Secret("two")), sinks[1]!.put(second, "i2", new Secret("two"))]);
      for (const each of paths)
        expect(await sinks[0]!.inspect(each)).toEqual([
          { slot: "current", issueId: "i1" },
          { slot: "next", issueId: "i2" },
        ]);
    });

    test("refuses a file that is damaged and says what to do", async () => {
      const disk = new CrashDisk();
      await open(type, disk).put(path, "i1", new Secret("one"));
      const [file, content] = Object.entries(disk.files())[0]!;
      for (const damaged of ["", "x", "null", content.slice(0, -20), content.replace(/steward/i, "stewart")]) {
        disk.plant(file, damaged);
        const error = await thrown(open(type, disk).put(path, "i2", new Secret("two")));
        expect(error).toBeInstanceOf(Refusal);
        expect((error as Refusal).reasons[0]!.remedy).toMatch(/restore/);
        expect(disk.files()[file]).toBe(damaged);
      }
    });

    test("never shows a value in what it throws or in itself", async () => {
      const canary = "c4nary'\r\"";
      const disk = new CrashDisk({
        onPoint: (name) => {
          if (name.startsWith("before rename")) throw new Fault("disk full", { happened: "no" });
        },
      });
      const sink = open(type, disk);
      const error = await thrown(sink.put(path, "i1", new Secret(canary)));
      expect(inspect([error, sink], { depth: 9 }) + error.stack).not.toContain("c4nary");
    });

    test.skipIf(skip.hidden)("keeps no value in clear on the disk", async () => {
      const disk = new CrashDisk();
      await open(type, disk).put(path, "i1", new Secret("c4nary"));
      expect(JSON.stringify(disk.files())).not.toContain("c4nary");
    });

    test.skipIf(skip.swapped)("refuses files and slots that were swapped", async () => {
      const disk = new CrashDisk();
      const sink = open(type, disk);
      for (const each of paths) await sink.put(each, "i1", new Secret(each));
      await sink.promote(path, "i1");
      await sink.put(path, "i2", new Secret("two"));
      const [mine, theirs] = paths.map((each) => Object.keys(disk.files()).find((file) => file.includes(each))!);
      const file = JSON.parse(disk.files()[mine!]!);
      const swaps = [
        disk.files()[theirs!]!,
        JSON.stringify({ ...file, current: { ...file.current, ciphertext: file.next.ciphertext } }),
        JSON.stringify({ ...file, current: JSON.parse(disk.files()[theirs!]!).next }),
      ];
      for (const swapped of swaps) {
        disk.plant(mine!, swapped);
        expect(await thrown(open(type, disk).read(path, "current"))).toBeInstanceOf(Refusal);
      }
    });

    test("is pinned by its settings: equal settings give equal text", () => {
      const target = JSON.stringify(open(type, new CrashDisk()).target);
      expect(JSON.stringify(open(type, new CrashDisk(), "prod").target)).toBe(target);
      expect(target).toContain(`"type":"${type}"`);
      expect(Object.keys(sinkSettings[type]!.properties!).sort()).toEqual(
        Object.keys(JSON.parse(target)).filter((key) => key !== "type"),
      );
    });

    test("writes files that only their owner reads, on a real disk", async () => {
      const real = await mkdtemp(join(tmpdir(), "steward-sink-"));
      try {
        const config = { name: "local", type, settings: members[type]!.settings(), source };
        const sink = openSink(config, { disk: systemDisk, folder: real, environment: "test", identity: keys.identity });
        await sink.put(path, "i1", new Secret("one"));
        await sink.promote(path, "i1");
        expect((await sink.read(path, "current"))!.reveal()).toBe("one");
        const at = join(real, type === "age" ? `secrets/test/${path}.age.json` : "secrets/test.env");
        expect((await stat(at)).mode & 0o777).toBe(0o600);
        expect((await stat(join(real, "secrets"))).mode & 0o777).toBe(0o700);
      } finally {
        await rm(real, { recursive: true, force: true });
      }
    });
  });
}

describe("the age sink", () => {
  test("writes the official age format, for each recipient", async () => {
    const disk = new CrashDisk();
    const settings = { path: "s", recipients: [others.recipient, keys.recipient] };
    const sink = openSink({ name: "local", type: "age", settings, source }, { disk, folder, environment: "test" });
    await sink.put("a/b", "i1", new Secret("one"));
    const { ciphertext } = JSON.parse(disk.files()["/w/s/a/b.age.json"]!).next;
    for (const { identity } of [keys, others]) {
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity.reveal());
      const plain = await decrypter.decrypt(armor.decode(ciphertext), "text");
      expect(JSON.parse(plain)).toEqual({ environment: "test", path: "a/b", issueId: "i1", value: "one" });
    }
    expect(sink.target.recipients).toEqual([others.recipient, keys.recipient].sort());
  });

  test("writes, promotes and inspects without an identity, and says so when it should read", async () => {
    const config = { name: "local", type: "age", settings: members.age!.settings(), source };
    const sink = openSink(config, { disk: new CrashDisk(), folder, environment: "test" });
    await sink.put("a", "i1", new Secret("one"));
    await sink.promote("a", "i1");
    expect([sink.readable, await sink.has("a", "i1")]).toEqual([false, "current"]);
    expect((await thrown(sink.read("a", "current"))).message).toMatch(/can only be written here/);
  });

  test("takes a key file with comments and several keys", async () => {
    const disk = new CrashDisk();
    await open("age", disk).put("a", "i1", new Secret("one"));
    const file = new Secret(`# created: today\n${others.identity.reveal()}\r\n\n${keys.identity.reveal()}\n`);
    expect((await open("age", disk, "test", file).read("a", "next"))!.reveal()).toBe("one");
  });

  test.each(["AGE-SECRET-KEY-1WRONG", ""])("says that an identity does not fit, without showing it", async (text) => {
    const disk = new CrashDisk();
    await open("age", disk).put("a", "i1", new Secret("one"));
    for (const identity of [new Secret(text), others.identity]) {
      const error = await thrown(open("age", disk, "test", identity).read("a", "next"));
      expect(error).toBeInstanceOf(Fault);
      expect(inspect(error)).not.toMatch(/AGE-SECRET/);
    }
  });

  test("refuses a recipient that is no age key", async () => {
    const settings = { path: "s", recipients: ["age1nonsense"] };
    const sink = openSink(
      { name: "local", type: "age", settings, source },
      { disk: new CrashDisk(), folder, environment: "test" },
    );
    expect(await thrown(sink.put("a", "i1", new Secret("one")))).toBeInstanceOf(Refusal);
  });
});

describe("the env-file sink", () => {
  test("writes what a shell and a dotenv reader both read", async () => {
    const real = await mkdtemp(join(tmpdir(), "steward-env-"));
    try {
      const settings = { path: "test.env" };
      const surroundings = { disk: systemDisk, folder: real, environment: "test" };
      const sink = openSink({ name: "local", type: "env-file", settings, source }, surroundings);
      for (const [n, value] of values.entries()) await sink.put(`V${n}`, `i${n}`, new Secret(value));
      const file = join(real, "test.env");
      const text = Buffer.from((await systemDisk.read(file))!).toString();
      for (const [n, value] of values.entries()) {
        expect(parseEnv(text)[`V${n}__NEXT`]).toBe(value);
        const shown = execFileSync("sh", ["-c", `. "$1"; printf %s "$V${n}__NEXT"`, "sh", file]).toString();
        expect(shown).toBe(value);
      }
    } finally {
      await rm(real, { recursive: true, force: true });
    }
  });

  test.each(["it's $5", "'\"", "back'tick`", "'\\", "ends in \\", "cr\r", "nul\0"])(
    "refuses %j, which the two read differently",
    async (value) => {
      const disk = new CrashDisk();
      const error = await thrown(open("env-file", disk).put("A", "i1", new Secret(value)));
      expect(error).toBeInstanceOf(Refusal);
      expect((error as Refusal).reasons[0]!.remedy).toMatch(/type age/);
      expect(disk.files()).toEqual({});
    },
  );

  test("never writes into a file that is not its own", async () => {
    const disk = new CrashDisk();
    disk.plant("/w/secrets/test.env", "MINE=1\n");
    expect(await thrown(open("env-file", disk).put("A", "i1", new Secret("one")))).toBeInstanceOf(Refusal);
    expect(disk.files()["/w/secrets/test.env"]).toBe("MINE=1\n");
  });
});
