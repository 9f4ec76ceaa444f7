import { describe, expect, test } from "vitest";
import { startProgress } from "../src/render/progress.ts";

function stage(terminal: boolean, columns = 60) {
  const written: string[] = [];
  const clock = { now: 0 };
  const options = { write: (text: string) => written.push(text), now: () => clock.now, terminal, columns };
  return { written, clock, progress: startProgress(3, options) };
}

describe("progress", () => {
  test("in a pipe is one line per finished piece", () => {
    const { written, clock, progress } = stage(false);
    progress.start("velocloud_role.a/create");
    progress.pause("velocloud", 5_000);
    clock.now = 1_250;
    progress.finish("velocloud_role.a/create");
    progress.start("b\u001b[2K/create");
    progress.finish("b\u001b[2K/create", "failed");
    progress.tick();
    progress.close();
    expect(written).toEqual([
      "done      1/3  velocloud_role.a/create  1.3 s\n",
      "failed    2/3  b\\u001b[2K/create  0.0 s\n",
    ]);
  });

  test("says nothing of how many there are where nobody knows", () => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    const progress = startProgress(undefined, { write, now: () => 0, terminal: false });
    progress.start("one");
    progress.finish("one");
    expect(written).toEqual(["done      1  one  0.0 s\n"]);
  });

  test("on a terminal is one line in place with what runs and what it waits for", () => {
    const { written, clock, progress } = stage(true);
    progress.start("one");
    clock.now = 500;
    progress.start("two");
    progress.pause("velocloud", 5_000);
    expect(written.at(-1)).toBe("\r\u001b[2K0/3 · velocloud asked to slow down, 5 s · one and 1 more");
    clock.now = 6_000;
    progress.tick();
    expect(written.at(-1)).toBe("\r\u001b[2K0/3 · one and 1 more");
    progress.close();
    expect(written.at(-1)).toBe("\r\u001b[2K");
    expect(written.join("")).not.toContain("\n");
  });

  test("says why a step waits", () => {
    const { written, progress } = stage(true, 80);
    progress.pause("velocloud_role.a/create", 60_000, "is read again after the commit grace");
    expect(written.at(-1)).toContain("velocloud_role.a/create is read again after the commit grace, 60 s");
  });

  test("on a terminal a failure stays on the screen", () => {
    const { written, progress } = stage(true);
    progress.start("one");
    progress.finish("one", "failed");
    expect(written.join("")).toContain("failed    1/3  one");
  });

  test("on a terminal a step that waits stays on the screen, and one that is not needed does not", () => {
    const { written, progress } = stage(true);
    progress.start("one");
    progress.finish("one", "waiting");
    progress.start("two");
    progress.finish("two", "not-needed");
    expect(written.join("")).toContain("waiting   1/3  one");
    expect(written.join("")).not.toContain("not-needed");
  });

  test("never writes a line wider than the terminal, and redraws no faster than ten times a second", () => {
    const { written, progress } = stage(true, 20);
    for (let index = 0; index < 1_000; index++) progress.start(`piece-${index}-with-a-long-name`);
    expect(written).toHaveLength(1);
    expect(written[0]!.length - "\r\u001b[2K".length).toBeLessThan(20);
  });

  test("draws nothing after it was closed", () => {
    const { written, progress } = stage(true);
    progress.close();
    const before = written.length;
    progress.start("one");
    progress.tick();
    expect(written).toHaveLength(before);
  });
});
