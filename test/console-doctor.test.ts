import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { consoleCases, makeConsoleBench } from "./console-fixture.ts";

/** What `steward doctor` says of browsers, and what it leaves behind. */

const [momentus] = consoleCases;

describe("doctor, of a system whose hand is a browser,", () => {
  test("names the browser and its version, and gets in", async (context) => {
    const bench = await makeConsoleBench(context, momentus!, momentus!.start());
    await bench.run("trust --all");
    const { out, code } = await bench.run("doctor momentus");
    expect(out).toMatch(/ok {7}Chromium \d+\.[\d.]+ starts \((?:from npm|installed|STEWARD_BROWSER)\): \//);
    expect(out).toContain(`the browser gets in at ${bench.origin}/prod`);
    expect([code, out]).toEqual([0, expect.not.stringContaining("error")]);
    bench.variables.CONSOLE_PASSWORD = "not-the-one";
    const refused = await bench.run("doctor momentus");
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringMatching(/it says "User name or password is\s+wrong\."/),
    ]);
  });

  test("says how to get a browser where there is none that starts", async (context) => {
    const bench = await makeConsoleBench(context, momentus!, momentus!.start());
    await bench.run("trust --all");
    bench.variables.STEWARD_BROWSER = "/nowhere/chrome";
    const { out, code } = await bench.run("doctor momentus");
    expect([code, out]).toEqual([1, expect.stringContaining("STEWARD_BROWSER names no program that can be started")]);
    expect(out).toContain("→ give the path of Chrome, Chromium or Edge");
    expect(out).not.toContain("gets in");
  });

  test("leaves no profile behind", async (context) => {
    const temporary = mkdtempSync(join(tmpdir(), "steward-temporary-"));
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    onTestFinished(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      rmSync(temporary, { recursive: true, force: true });
    });
    const bench = await makeConsoleBench(context, momentus!, momentus!.start());
    await bench.run("trust --all");
    expect((await bench.run("doctor momentus")).code).toBe(0);
    expect(process.env.TMPDIR).toBe(temporary);
    const left = readdirSync(temporary, { recursive: true, encoding: "utf8" });
    expect(left.filter((name) => /playwright|of-\d+/.test(name))).toEqual([]);
  });
});
