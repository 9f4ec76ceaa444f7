import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ConsoleBench, type ConsoleCase, makeConsoleBench } from "../console-fixture.ts";

/** What `steward console check` must find at a console. */

export interface Checked {
  code: number;
  counts: Record<string, number>;
  labels: { key: string; is: string; because?: string; picture?: string }[];
}

/** What `console check --json` says. */
export async function check(bench: ConsoleBench, type: string): Promise<Checked> {
  const { code, out, err } = await bench.run(`console check ${type} --json`);
  if (!out.startsWith("{")) throw new Error(out + err);
  return { code, ...(JSON.parse(out) as Omit<Checked, "code">) };
}

/** The labels of which that was found. */
export const keysOf = ({ labels }: Checked, is: string): string[] =>
  labels
    .filter((one) => one.is === is)
    .map(({ key }) => key)
    .sort();

/** Declares the tests of these consoles, which are looked at by a real browser or by forms, where no pictures are made. */
export function testConsoleCheck(cases: readonly ConsoleCase[], hand: "browser" | "forms"): void {
  describe.each(cases.map((one) => [one.type, one] as const))("console check of %s", (type, one) => {
    test("finds every label that is reached without a write, and changes nothing", async (context) => {
      const started = one.start();
      const bench = await makeConsoleBench(context, one, started, hand);
      expect((await bench.run("trust --all")).code).toBe(0);
      const { code, out, err } = await bench.run(`console check ${type}`);
      expect([out, err, code]).toEqual([expect.stringContaining("Nothing is missing: "), "", 0]);
      const lines = out.split("\n").filter((line) => /^ {2}(?:found|not seen) /.test(line));
      const saying = (words: string): string[] =>
        lines.flatMap((line) => new RegExp(`(\\w+) · ${words}.* \\(.+\\)$`).exec(line)?.[1] ?? []).sort();
      expect(saying("not reachable without a write")).toEqual([...one.needWrite].sort());
      expect(saying("not reached: ")).toEqual([...one.unreached].sort());
      expect(started.writes()).toBe(0);
      expect(existsSync(join(bench.folder, ".steward", "evidence"))).toBe(false);
    });

    test("reports exactly the labels that read otherwise, with what is there and a picture, and takes their words", async (context) => {
      const bench = await makeConsoleBench(context, one, one.start(one.renamed), hand);
      expect((await bench.run("trust --all")).code).toBe(0);
      const found = await check(bench, type);
      expect([found.code, keysOf(found, "missing")]).toEqual([1, Object.keys(one.renamed).sort()]);
      expect(found.counts.missing).toBe(3);
      for (const { key, is, because, picture } of found.labels) {
        if (is !== "missing") continue;
        expect([key, because]).toEqual([key, expect.stringMatching(/^there is no .+ on .+/)]);
        expect(picture !== undefined && existsSync(join(bench.folder, picture))).toBe(hand === "browser");
      }
      const words = Object.entries(one.renamed).map(([key, text]) => `${key}: "${text}"`);
      await bench.declare(`screens: { ${words.join(", ")} }`);
      const distrusted = await bench.run(`console check ${type}`);
      expect([distrusted.code, distrusted.err]).toEqual([4, expect.stringContaining("screens none →")]);
      expect((await bench.run(`trust ${type}`)).code).toBe(0);
      const again = await check(bench, type);
      expect([again.code, keysOf(again, "missing")]).toEqual([0, []]);
      for (const key of Object.keys(one.renamed)) expect(keysOf(again, "found")).toContain(key);
    });
  });
}
