import { describe, expect, test } from "vitest";
import { consoleCases, makeConsoleBench } from "./console-fixture.ts";

/** `steward dump` and `steward tokens` at consoles, in a real browser. */

const caseOf = (type: string) => consoleCases.find((one) => one.type === type)!;

describe("dump", () => {
  test("of an iPresso panel has what stands on forms only, and all of it can be taken over", async (context) => {
    const started = caseOf("ipresso").start();
    const bench = await makeConsoleBench(context, caseOf("ipresso"), started);
    await bench.run("trust --all");
    const { code, out, err } = await bench.run("dump ipresso");
    expect([code, err]).toEqual([0, expect.stringContaining("6 objects can be taken over. Nothing was changed.")]);
    expect(out).toContain("permissions: [GET contact, POST campaign]");
    expect(out).not.toContain("!redacted");
    await bench.declare("", { resources: out });
    const plan = await bench.run("plan");
    expect([plan.code, plan.out]).toEqual([0, expect.stringContaining("0 to create, 6 to adopt, 0 to update")]);
    expect(started.writes()).toBe(0);
  });

  test("of a Veson site offers system users with their rights, and nobody's account and no token", async (context) => {
    const started = caseOf("veson").start();
    const bench = await makeConsoleBench(context, caseOf("veson"), started);
    await bench.run("trust --all");
    const { code, out } = await bench.run("dump veson");
    expect(code).toBe(0);
    expect(out).toMatch(/user_name: sys\.reports\n(?: {6}.*\n)*? {6}api_permission: read\n/);
    expect(out).toContain("# left out: 7, each somebody's account and no system user (VES-02)");
    expect(out).toContain("# left out: 2, each a token that Steward did not request");
    expect(out).not.toMatch(/j\.doe|redacted/);
    await bench.declare("", { resources: out });
    const plan = await bench.run("plan");
    expect([plan.code, plan.out]).toEqual([0, expect.stringContaining("0 to create, 4 to adopt, 0 to update")]);
    expect(started.writes()).toBe(0);
  });
});

test("tokens do not count the key of an installation among tokens, and say that it is not delivered", async (context) => {
  const bench = await makeConsoleBench(context, caseOf("ipresso"), caseOf("ipresso").start());
  await bench.run("trust --all");
  expect((await bench.run("tokens")).out).not.toContain("live token");
  await bench.declare("", {
    resources: "resources: { ipresso_api_settings: { panel: { deliver_to: local:KEY } } }\n",
  });
  const { out } = await bench.run("tokens");
  expect(out).toMatch(/ipresso_api_settings\.panel +ipresso +not delivered yet/);
  expect(out).not.toContain("live token");
});
