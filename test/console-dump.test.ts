import { describe, expect, type TestContext, test } from "vitest";
import type { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import { consoleCases, makeConsoleBench } from "./console-fixture.ts";

/** `steward dump` and `steward tokens` at consoles. Forms read as a browser does, which the suites of both hands hold alike. */

const caseOf = (type: string) => consoleCases.find((one) => one.type === type)!;

describe("dump", () => {
  test("of an iPresso panel has what stands on forms only, and all of it can be taken over", async (context) => {
    const started = caseOf("ipresso").start();
    const bench = await makeConsoleBench(context, caseOf("ipresso"), started, "forms");
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
    const bench = await makeConsoleBench(context, caseOf("veson"), started, "forms");
    await bench.run("trust --all");
    const { code, out } = await bench.run("dump veson");
    expect(code).toBe(0);
    expect(out).toMatch(
      /# only what the list shows: its panel is not opened: it has a token, which may show only once \(VES-14\)\n(?: {4}#.*\n)*? {4}# sys_reports:/,
    );
    expect(out).toContain("# left out: 7, each somebody's account and no system user (VES-02)");
    expect(out).toContain("# left out: 2, each a token that Steward did not request");
    expect(out).not.toMatch(/j\.doe/);
    await bench.declare("", { resources: out });
    const plan = await bench.run("plan");
    expect([plan.code, plan.out]).toEqual([0, expect.stringContaining("0 to create, 3 to adopt, 0 to update")]);
    expect(started.writes()).toBe(0);
  });

  test.each([["wide"], ["narrow"]] as const)(
    "VES-14 uses up nobody's token: %s list",
    async (listColumns, context?: TestContext) => {
      const site = new VesonSimulator({ seed: 5, listColumns, tokenReadableAgain: false });
      const { store, world } = site;
      store.unreadTokens.add(store.user("sys.reports")!.id);
      const started = { site, ...world.admin, writes: () => store.mutatingCalls.length };
      const bench = await makeConsoleBench(context!, caseOf("veson"), started);
      await bench.run("trust --all");
      const { code, out } = await bench.run("dump veson");
      expect([code, store.unreadTokens.size, started.writes()]).toEqual([0, 1, 0]);
      const why = listColumns === "wide" ? "it has a token" : "the list does not say whether it has a token";
      expect(out).toContain(`# only what the list shows: its panel is not opened: ${why}`);
      expect(out).toContain("group_name: Operations");
    },
  );

  test("writes all others where one cannot be opened, and says which and why", async (context) => {
    const started = caseOf("ipresso").start();
    const { groups } = (started.site as IpressoSimulator).store;
    const [group] = groups.values();
    groups.put({ ...group!, id: 900, name: "  led  by blanks" }, 0);
    const bench = await makeConsoleBench(context, caseOf("ipresso"), started, "forms");
    await bench.run("trust --all");
    const { code, out } = await bench.run("dump ipresso");
    expect(code).toBe(0);
    expect(out).toContain("# only what the list shows: ");
    expect(out).toContain("permissions: [GET contact, POST campaign]");

    const site = new VesonSimulator({ seed: 5, listColumns: "narrow" });
    site.store.addGroup({ name: "  two  blanks " });
    const veson = { site, ...site.world.admin, writes: () => site.store.mutatingCalls.length };
    const narrow = await makeConsoleBench(context, caseOf("veson"), veson, "forms");
    await narrow.run("trust --all");
    const told = await narrow.run("dump veson");
    expect([told.code, told.out]).toEqual([0, expect.stringMatching(/# +group_name: "?two blanks/)]);
  });
});

test("tokens do not count the key of an installation among tokens, and say that it is not delivered", async (context) => {
  const bench = await makeConsoleBench(context, caseOf("ipresso"), caseOf("ipresso").start(), "forms");
  await bench.run("trust --all");
  expect((await bench.run("tokens")).out).not.toContain("live token");
  await bench.declare("", {
    resources: "resources: { ipresso_api_settings: { panel: { deliver_to: local:KEY } } }\n",
  });
  const { out } = await bench.run("tokens");
  expect(out).toMatch(/ipresso_api_settings\.panel +ipresso +not delivered yet/);
  expect(out).not.toContain("live token");
});
