import { expect, test } from "vitest";
import { durationMs } from "../src/schema.ts";
import { assertPinned } from "../src/trust.ts";
import { makeBench, userAndToken } from "./commands-fixture.ts";

const pinned = { type: "velocloud", url: "https://a.example", proxy: null, ca: null };

test("what changed since it was trusted is said in words, old and new, without nulls", () => {
  const pins = { systems: { v: pinned }, sinks: {} };
  const today = { ...pinned, url: "https://b.example", proxy: "http://p.example:3128" };
  expect(() => assertPinned(pins, "systems", "v", today)).toThrow(
    /^system v changed since it was trusted: url https:\/\/a\.example → https:\/\/b\.example, proxy none → http:\/\/p\.example:3128$/,
  );
});

test("a number where a duration is asked for gets a hint that is right", async () => {
  const bench = await makeBench(userAndToken.replace("lifetime: 90d", "lifetime: 60"));
  try {
    const { code, err } = await bench.steward("validate --env test");
    expect(code).toBe(65);
    expect(err).toContain("such as 60d");
    expect(err).not.toContain("quotes");
    expect(durationMs("60d")).toBe(60 * 86_400_000);
  } finally {
    bench.close();
  }
});
