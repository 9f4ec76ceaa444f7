import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ConsoleBench, consoleCases, makeConsoleBench } from "./console-fixture.ts";

/** `steward console check` in a real browser, for every connector that has a console. */

interface Checked {
  code: number;
  counts: Record<string, number>;
  labels: { key: string; is: string; because?: string; picture?: string }[];
}

async function check(bench: ConsoleBench, type: string): Promise<Checked> {
  const { code, out, err } = await bench.run(`console check ${type} --json`);
  if (!out.startsWith("{")) throw new Error(out + err);
  return { code, ...(JSON.parse(out) as Omit<Checked, "code">) };
}

const keysOf = ({ labels }: Checked, is: string): string[] =>
  labels
    .filter((one) => one.is === is)
    .map(({ key }) => key)
    .sort();

describe.each(consoleCases.map((one) => [one.type, one] as const))("console check of %s", (type, one) => {
  test("finds every label that is reached without a write, and changes nothing", async (context) => {
    const started = one.start();
    const bench = await makeConsoleBench(context, one, started);
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
    const bench = await makeConsoleBench(context, one, one.start(one.renamed));
    expect((await bench.run("trust --all")).code).toBe(0);
    const found = await check(bench, type);
    expect([found.code, keysOf(found, "missing")]).toEqual([1, Object.keys(one.renamed).sort()]);
    expect(found.counts.missing).toBe(3);
    for (const { key, is, because, picture } of found.labels) {
      if (is !== "missing") continue;
      expect([key, because]).toEqual([key, expect.stringMatching(/^there is no .+ on .+/)]);
      expect(existsSync(join(bench.folder, picture ?? "nowhere"))).toBe(true);
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

const [momentus] = consoleCases;

describe("console check", () => {
  test("says which of the sign-in page's controls read otherwise, and that nothing else was seen", async (context) => {
    const bench = await makeConsoleBench(context, momentus!, momentus!.start({ signIn: "Log in" }));
    await bench.run("trust --all");
    const found = await check(bench, "momentus");
    expect([found.code, keysOf(found, "missing"), keysOf(found, "found")]).toEqual([
      ...[1, ["signIn"], ["password", "userName"]],
    ]);
    expect(found.counts["needs-write"]).toBe(0);
  });

  test("follows a way that the manifest gives, and names what stands behind a menu that is missing", async (context) => {
    const moved = { about: "Help", environmentUrl: "Address" };
    const bench = await makeConsoleBench(context, momentus!, momentus!.start(moved));
    await bench.declare('screens: { about: "API Users > Help" }');
    await bench.run("trust --all");
    const found = await check(bench, "momentus");
    expect(keysOf(found, "missing")).toEqual(["environmentUrl"]);
    await bench.declare('screens: { about: "Nowhere > Help" }');
    await bench.run("trust --all");
    const lost = await check(bench, "momentus");
    const about = lost.labels.find(({ key }) => key === "environmentUrl");
    expect(about).toMatchObject({ is: "not-reached", because: "about is missing on the way" });
  });

  test("is refused where no browser works, and names a system that is not declared", async (context) => {
    const bench = await makeConsoleBench(context, momentus!, momentus!.start());
    expect(await bench.run("console check momentum")).toMatchObject({
      code: 64,
      err: expect.stringContaining("did you mean momentus?"),
    });
    await bench.declare("", { hand: "person" });
    await bench.run("trust --all");
    expect(await bench.run("console check momentus")).toMatchObject({
      code: 4,
      err: expect.stringContaining("write hand: browser"),
    });
    expect(readdirSync(bench.folder)).not.toContain("evidence");
  });
});
