import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { consoleCases, makeConsoleBench } from "./console-fixture.ts";
import { check, keysOf, testConsoleCheck } from "./world/console-check.ts";

/** `steward console check`: of one console in a real browser, of the others by forms. Each in a browser is in a long suite. */

const [momentus, ...others] = consoleCases;

testConsoleCheck([momentus!], "browser");
testConsoleCheck(others, "forms");

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
    const bench = await makeConsoleBench(context, momentus!, momentus!.start(moved), "forms");
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
