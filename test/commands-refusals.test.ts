import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOfPlan } from "../src/plan/file.ts";
import type { Plan } from "../src/step.ts";
import { type Answer, type Bench, bringUp, makeBench, origin, userAndToken } from "./commands-fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await makeBench();
});
afterEach(() => bench.close());

const writes = () => bench.simulator.store.mutatingCalls.length;
const plannedFile = async () => {
  await bench.steward("trust --all --env test");
  await bench.steward("plan --env test --out plan.json");
};
/** Rewrites the plan file; with `seal` its digest fits again. */
const rewrite = (edit: (plan: Plan) => void, seal: boolean) => {
  const plan = JSON.parse(bench.read("plan.json")) as Plan;
  edit(plan);
  if (seal) plan.digest = digestOfPlan(plan);
  bench.write("plan.json", JSON.stringify(plan));
};
const retitle = (plan: Plan) => {
  plan.steps[0]!.title = "something else";
};
const expectRefused = (answer: Answer, because: string) => {
  expect(answer.err).toContain(because);
  expect(answer.code).toBe(4);
  expect(writes()).toBe(0);
};

describe("a plan file is a proposal, not an order", () => {
  beforeEach(plannedFile);

  test("an edited one is refused", async () => {
    rewrite(retitle, false);
    expectRefused(await bench.steward("apply plan.json"), "the plan file was edited");
  });

  test("an edited one whose digest was made to fit is refused with the difference", async () => {
    rewrite(retitle, true);
    expectRefused(await bench.steward("apply plan.json"), "step velocloud_admin_user.ci/create differs");
  });

  test("an empty, a cut and a missing one are refused, never taken for no changes", async () => {
    bench.write("empty.json", "\n");
    bench.write("cut.json", bench.read("plan.json").slice(0, 500));
    expectRefused(await bench.steward("apply empty.json"), "the plan file is empty");
    expectRefused(await bench.steward("apply cut.json"), "the plan file is damaged");
    expectRefused(await bench.steward("apply nowhere.json"), "there is no file nowhere.json");
    // A device says that it has no bytes, and may give them without end.
    expectRefused(await bench.steward("show /dev/null"), "/dev/null is a device or a pipe, not a file");
    expectRefused(await bench.steward("show ."), ". is a folder, not a file");
  });

  test("one of before stays when a new one for its file is refused, and that is said", async () => {
    const [manifest, plan] = [bench.read("steward.yaml"), bench.read("plan.json")];
    const { now } = JSON.parse(plan) as { now: string };
    bench.write("steward.yaml", manifest.replace("Enterprise Standard Admin", "Enterprise Standard Adnim"));
    const refused = await bench.steward("plan --env test --out plan.json");
    const told = `plan.json still holds the plan of ${now}: no new one was made.`;
    expect([refused.code, refused.err]).toEqual([65, expect.stringContaining(told)]);
    expect(bench.read("plan.json")).toBe(plan);
    for (const [name, words] of [
      ["notes.txt", "mine"],
      ["empty.json", ""],
    ] as const) {
      bench.write(name, words);
      const { code, err } = await bench.steward(`plan --env test --out ${name}`);
      expect([code, err.includes("still holds"), bench.read(name)]).toEqual([65, false, words]);
    }
  });

  test("what made a plan fail is told, also where its file is a folder or a pipe", async () => {
    bench.write("steward.yaml", "systems: 1\n");
    mkdirSync(join(bench.folder, "plans"));
    execFileSync("mkfifo", [join(bench.folder, "pipe")]);
    for (const name of ["plans", "pipe"]) {
      const { code, err } = await bench.steward(`plan --env test --out ${name}`);
      expect([code, err]).toEqual([65, expect.stringContaining("systems must be")]);
    }
  });

  test("one that was written is the plan, though its runbook cannot be", async () => {
    mkdirSync(join(bench.folder, "run.md"));
    const { code, err } = await bench.steward("plan --env test --out fresh.json --runbook run.md");
    expect([code, err.includes("still holds")]).toEqual([1, false]);
    expect((await bench.steward("apply fresh.json")).code).toBe(0);
  });

  test("one of another environment is refused", async () => {
    expectRefused(await bench.steward("apply plan.json --env prod"), "the plan is for environment test");
  });

  test("a stale one is refused: the manifest moved on, or a week went by", async () => {
    bench.declare(userAndToken.replace("lifetime: 90d", "lifetime: 60d"));
    const stale = await bench.steward("apply plan.json");
    expectRefused(stale, "the plan is stale: the manifest changed since\n");
    expect(stale.err).not.toContain("lineage");
    bench.declare(userAndToken);
    bench.clock.advance(8 * 86_400_000);
    expectRefused(await bench.steward("apply plan.json"), "the plan is 8 days old");
  });

  test("its consents are printed first", async () => {
    await bench.steward("plan --env test --restore velocloud_admin_user.ci --out plan.json");
    const { code, out } = await bench.steward("apply plan.json");
    expect(code).toBe(0);
    expect(out.split("\n")[0]).toBe("Whoever planned consented to: --restore velocloud_admin_user.ci");
  });

  test("consents on the command line beside it are wrong usage", async () => {
    expect((await bench.steward("apply plan.json --allow-deletions 3")).code).toBe(64);
  });
});

describe("who may change what", () => {
  test("nothing is asked of a system that is not trusted, nor of one whose address changed", async () => {
    const untrusted = await bench.steward("plan --env test");
    expectRefused(untrusted, "system velocloud is not trusted yet");
    await bench.steward("trust --all --env test");
    bench.write("steward.yaml", bench.read("steward.yaml").replace(origin, "https://vco.evil.example"));
    expectRefused(await bench.steward("plan --env test"), "system velocloud changed since it was trusted");
    expect(bench.transport.sent).toHaveLength(0);
    const shown = await bench.steward("trust --env test");
    expect(shown.out).toContain(`"${origin}" → "https://vco.evil.example"`);
    expect(shown.out).toContain("steward trust --env test velocloud");
  });

  test("with CI=true a local state is refused by the flag that allows it", async () => {
    bench.environmentVariables.CI = "true";
    expectRefused(await bench.steward("trust --all --env test"), "--state-is-persistent");
    expect((await bench.steward("trust --all --env test --state-is-persistent")).code).toBe(0);
    expectRefused(await bench.steward("apply --env test --auto-approve"), "--state-is-persistent");
    expect((await bench.steward("plan --env test")).code).toBe(0);
  });

  test("without a terminal apply needs a plan file or --auto-approve", async () => {
    await bench.steward("trust --all --env test");
    expectRefused(await bench.steward("apply --env test"), "nobody can be asked here");
    expectRefused(await bench.steward("apply --env test --format json", { answers: ["yes"] }).then(asText), "nobody");
  });

  test("a suggested command can be pasted: it bears the environment, the consents and --destroy", async () => {
    const untrusted = await bench.steward("plan --env test");
    expectRefused(untrusted, "steward trust --env test velocloud");
    expect(untrusted.err).toContain(`system velocloud is not trusted yet: type velocloud, url ${origin}\n`);
    await bringUp(bench);
    const destroy = await bench.steward("destroy --env test --allow-deletions 2");
    expect(destroy.err).toContain("steward plan --destroy --env test --allow-deletions 2 --out plan.json");
    const plan = await bench.steward("plan --env test --destroy --allow-deletions 2");
    expect(plan.out).toContain(
      "keep and apply it:  steward plan --destroy --env test --allow-deletions 2 --out plan.json",
    );
    bench.clock.advance(86_400_000);
    await bench.steward("plan --env test --replace velocloud_api_token.ci --out plan.json");
    bench.declare(userAndToken.replace("lifetime: 90d", "lifetime: 60d"));
    const stale = await bench.steward("apply plan.json");
    expect(stale.err).toContain("steward plan --env test --replace velocloud_api_token.ci --out FILE");
  });

  test("a protected environment takes neither --auto-approve nor destroy, but a reviewed plan", async () => {
    await bench.steward("trust --all --env prod");
    expectRefused(await bench.steward("apply --env prod --auto-approve"), "environment prod is protected");
    expectRefused(await bench.steward("destroy --env prod", { answers: ["yes"] }), "environment prod is protected");
    await bench.steward("plan --env prod --destroy --out destroy.json");
    expectRefused(await bench.steward("apply destroy.json"), "environment prod is protected: destroy");
    await bench.steward("plan --env prod --out plan.json");
    expect((await bench.steward("apply plan.json")).code).toBe(0);
  });

  test("of two applies at once one proceeds and the other names who holds the lock", async () => {
    await bench.steward("trust --all --env test");
    const both = await Promise.all([1, 2].map(() => bench.steward("apply --env test --auto-approve")));
    expect(both.map((answer) => answer.code).sort()).toEqual([0, 4]);
    const refused = both.find((answer) => answer.code === 4)!;
    expect(refused.err).toMatch(/the state is locked by tester on .+ \(process \d+, `steward apply`, since 2026/);
    expect(refused.err).toContain("steward state unlock");
    expect((await bench.steward("plan --env test")).out).toContain("No changes.");
  });

  test("destroy removes what is recorded, with the exact number of removals", async () => {
    await bringUp(bench);
    const refused = await bench.steward("destroy --env test --auto-approve");
    expect(refused.code).toBe(4);
    expect(refused.out, "the plan comes first").toMatch(/- velocloud_api_token\.ci[\s\S]*Plan: .* 2 to delete/);
    for (const words of ["plan --env test --destroy", "plan --env test --destroy --out plan.json"]) {
      expect(await bench.steward(words)).toMatchObject({ code: 4, out: expect.stringContaining("2 to delete") });
    }
    const flag = /--allow-deletions (\d+)/.exec(refused.err)![0];
    expect(flag).toBe("--allow-deletions 2");
    expect((await bench.steward("destroy --env test --auto-approve --allow-deletions 1")).code).toBe(4);
    const done = await bench.steward(`destroy --env test --auto-approve ${flag}`);
    expect(done.out).toMatch(
      /2 secrets stay in their sinks, .*: {2}local:velocloud\/ci-password, local:velocloud\/ci-token\n/,
    );
    expect(done.code).toBe(0);
    expect(bench.simulator.store.userNamed("ci@acme.example")).toBeUndefined();
    expect((await bench.steward("destroy --env test --auto-approve")).out).toBe("No changes.\n");
  });
});

/** An answer whose errors stand in its output. */
const asText = (answer: Answer): Answer => {
  expect(JSON.parse(answer.out)).toMatchObject({ error: "refused" });
  return { ...answer, err: answer.out };
};
