import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, type TestContext, test } from "vitest";
import type { ConsolePage } from "../src/hands/console.ts";
import { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { type ConsoleBench, consoleCases, makeConsoleBench } from "./console-fixture.ts";
import { behindSingleSignOn } from "./single-sign-on.ts";
import { findLeaks } from "./world/leaks.ts";

/** Commands that carry plans out in a real browser. */

const [momentus] = consoleCases;
const user = (more: string): string =>
  `    one: { user_id: REPORTS, organization: "10", description: For reports, enforce_access_privileges: true, deliver_to: "local:momentus/reports", ${more} }\n`;
const one = `resources:\n  momentus_api_user:\n${user("display_name: Reports")}`;
const two = `resources:
  momentus_api_user:
    moco_serv: { user_id: MOCO-SERV, display_name: Momentus Connect, description: Internal Momentus Connect API User, organization: any, internal: true, license_special_access: true, deliver_to: "local:momentus/moco-serv" }
  momentus_app_approval:
    floor_plan: { app: Floor Plan Studio, connect_user: "\${momentus_api_user.moco_serv}" }
`;

async function makeBench(context: TestContext, options: ConstructorParameters<typeof MomentusSimulator>[0] = {}) {
  const simulator = new MomentusSimulator({ seed: 5, ...options });
  const { username, password } = simulator.world.support;
  const bench = await makeConsoleBench(context, momentus!, { site: simulator, username, password });
  return { simulator, bench, password };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
}

async function trusted(bench: ConsoleBench, resources: string, more = "", hasCredentials = true): Promise<void> {
  await bench.declare(more, { resources, hasCredentials });
  const { code, err } = await bench.run("trust --all");
  if (code !== 0) throw new Error(err);
}

/** A link in place of the folder of the environment's pictures; where it leads. */
function linkedEvidence({ folder }: ConsoleBench): string {
  const elsewhere = join(folder, "elsewhere");
  mkdirSync(elsewhere);
  mkdirSync(join(folder, ".steward", "evidence"), { recursive: true });
  symlinkSync(elsewhere, join(folder, ".steward", "evidence", "test"));
  return elsewhere;
}

const pictureIn = (text: string): string => /the page as it was: (\S+\.png)/.exec(text)?.[1] ?? "none is named";

describe("apply in a browser", () => {
  test("carries a plan out, keeps pictures of each step, and no secret anywhere but in its sink", async (context) => {
    const { simulator, bench, password } = await makeBench(context);
    await trusted(bench, two);
    const plan = await bench.run("plan --out plan.json");
    expect(plan.out).toMatch(/2 {2}create the API user +browser → local:momentus\/moco-serv · if absent/);
    expect((await bench.run("plan --format markdown")).out).toMatch(/5 {2}approve the app +browser if absent/);
    const applied = await bench.run("apply plan.json --debug");
    const [, folder = ""] = /Pictures of what the browser did: {2}(\S+)/.exec(applied.out) ?? [];
    expect([applied.code, folder]).toEqual([0, expect.stringMatching(/^\.steward\/evidence\/test\/\d{4}-\S+$/)]);
    expect(applied.err).toMatch(/done {6}2\/9 {2}momentus_api_user\.moco_serv\/create/);
    const pictures = filesIn(join(bench.folder, folder));
    expect([...new Set(pictures.map((path) => path.split("/")[0]))].sort()).toEqual([
      "001-momentus_api_user.moco_serv-observe",
      "002-momentus_api_user.moco_serv-create",
      "003-momentus_app_approval.floor_plan-observe",
      "004-momentus_app_approval.floor_plan-approve",
    ]);
    expect(pictures).toContain("002-momentus_api_user.moco_serv-create/01-start.png");
    for (const path of pictures) expect(statSync(join(bench.folder, folder, path)).mode & 0o777).toBe(0o600);
    const again = await bench.run("plan --debug");
    expect(again.out).toContain("No changes.");

    const { secret, key } = simulator.store.credentialsOf("prod", "MOCO-SERV");
    const sessions = [...simulator.store.sessions.keys()].map((id, index): [string, string] => [
      `session ${index}`,
      id,
    ]);
    const secrets = new Map([["password", password], ["secret", secret], ["key", key], ...sessions] as const);
    const texts = filesIn(bench.folder).filter((path) => !path.endsWith(".png"));
    const written = texts.map((path) => readFileSync(join(bench.folder, path), "latin1"));
    const shown = [plan, applied, again].map(({ out, err }) => out + err);
    expect(findLeaks([...written, ...shown].join("\n"), secrets)).toEqual([]);
    expect(texts.some((path) => path.startsWith(".steward/evidence"))).toBe(false);
  });

  test("begins a step anew when the session ends on the way, and says where it was refused something", async (context) => {
    const { simulator, bench } = await makeBench(context, {
      faults: ["session-ends:console/apiUsers/addForm:1"],
    });
    await trusted(bench, one);
    const applied = await bench.run("apply --auto-approve");
    expect([applied.err.replace(/^done .*\n/gm, ""), applied.code]).toEqual(["", 0]);
    expect(simulator.store.prod.apiUser("REPORTS")?.displayName).toBe("Reports");

    await trusted(
      bench,
      `${one}${user('display_name: " "')
        .replace("one:", "other:")
        .replaceAll(/reports\b/gi, "OTHERS")}`,
    );
    const stopped = await bench.run("apply --auto-approve");
    expect([stopped.code, stopped.out]).toEqual([1, expect.stringContaining("Display Name is missing.")]);
    expect(existsSync(pictureIn(stopped.out))).toBe(true);
  });

  test("stops at a label that reads otherwise, names it and a picture, and goes on with its words", async (context) => {
    const { simulator, bench } = await makeBench(context, { labels: { ok: "Store" } });
    await trusted(bench, one);
    const stopped = await bench.run("apply --auto-approve --format json");
    const report = JSON.parse(stopped.out) as { pictures: string; results: { because?: string; remedy?: string }[] };
    const failed = report.results.find(({ because }) => because !== undefined);
    expect(failed?.because).toMatch(
      /there is no button "OK" on "Add API User" \(\/prod\/add-api-user\); there is .*"Store"/,
    );
    expect(failed?.remedy).toContain("steward console check");
    expect(existsSync(pictureIn(failed?.remedy ?? ""))).toBe(true);
    expect([stopped.code, existsSync(join(bench.folder, report.pictures))]).toEqual([1, true]);
    expect(simulator.store.prod.apiUser("REPORTS")).toBeUndefined();
    await trusted(bench, one, 'screens: { ok: "Store" }');
    expect((await bench.run("apply --auto-approve")).code).toBe(0);
    expect(simulator.store.prod.apiUser("REPORTS")?.displayName).toBe("Reports");
  });

  test("waits for a person, exit 3, when the session of one ends, and goes on after the next login", async (context) => {
    const simulator = new MomentusSimulator({ seed: 5 });
    const { username, password } = simulator.world.support;
    const { site, provider, continues } = await behindSingleSignOn(simulator);
    onTestFinished(() => provider.close());
    let endsAt = Number.POSITIVE_INFINITY;
    const ending: typeof site = {
      async handle(request) {
        if (request.path === "/prod/api-users") endsAt -= 1;
        if (request.path === "/prod/api-users" && endsAt === 0) simulator.store.sessions.clear();
        return site.handle(request);
      },
    };
    const bench = await makeConsoleBench(context, momentus!, { site: ending, username, password });
    await trusted(bench, one, "console_session: local:momentus/session", false);
    const atWindow = (page: ConsolePage) => page.press({ role: "button", text: continues });
    expect((await bench.run("console login momentus", { atWindow })).code).toBe(0);
    expect((await bench.run("plan --out plan.json")).code).toBe(0);
    // The list is read, looked at to answer the question, and once more on the way to the form.
    endsAt = 3;
    const waiting = await bench.run("apply plan.json --debug");
    expect([waiting.code, waiting.out]).toEqual([3, expect.stringContaining("steward console login momentus")]);
    expect(simulator.store.prod.apiUser("REPORTS")).toBeUndefined();
    expect((await bench.run("console login momentus", { atWindow })).code).toBe(0);
    const applied = await bench.run("apply plan.json");
    expect([applied.code, simulator.store.prod.apiUser("REPORTS")?.displayName]).toEqual([0, "Reports"]);
    const runs = readdirSync(join(bench.folder, ".steward", "evidence", "test"));
    expect(runs.filter((name) => !name.endsWith("-reading"))).toHaveLength(1);
  });

  test("writes no picture through a link in place of the folder of the environment, and says so once", async (context) => {
    const { simulator, bench } = await makeBench(context);
    await trusted(bench, one);
    const elsewhere = linkedEvidence(bench);
    const applied = await bench.run("apply --auto-approve");
    expect([applied.code, simulator.store.prod.apiUser("REPORTS")?.displayName]).toEqual([0, "Reports"]);
    expect(filesIn(elsewhere)).toEqual([]);
    expect(applied.out).not.toContain("Pictures of what the browser did");
    const said = `${applied.out}${applied.err}`.match(/Pictures are missing: {2}no picture .*/g);
    expect(said).toEqual([expect.stringMatching(/\.steward\/evidence\/test.* is a link.*, nor \d+ more$/)]);
  });

  test("nor is a picture lost without a word where a plan or a comparison stops", async (context) => {
    const { bench } = await makeBench(context, { faults: ["500:console/apiUsers/list:9"] });
    await trusted(bench, one);
    const elsewhere = linkedEvidence(bench);
    for (const words of ["plan", "drift"]) {
      const { err } = await bench.run(words);
      expect(err, words).toMatch(/Pictures are missing: {2}no picture .* could be kept: .*evidence/);
    }
    expect(filesIn(elsewhere)).toEqual([]);
  });

  test("keeps the pictures of the last twenty runs", async (context) => {
    const { bench } = await makeBench(context);
    await trusted(bench, one);
    const evidence = join(bench.folder, ".steward", "evidence", "test");
    const old = Array.from(
      { length: 25 },
      (_, index) => `2026-01-01T00-00-${String(index).padStart(2, "0")}Z-run${index}`,
    );
    for (const name of old) mkdirSync(join(evidence, name, "001-step"), { recursive: true });
    mkdirSync(join(evidence, "notes"));
    expect((await bench.run("apply --auto-approve")).code).toBe(0);
    const left = readdirSync(evidence).sort();
    expect(left.slice(0, 19)).toEqual(old.slice(6));
    expect([left.length, left.at(-1)]).toEqual([21, "notes"]);
  });
});
