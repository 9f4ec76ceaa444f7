import { describe, expect, it } from "vitest";
import { problemOf } from "../src/apply/answer.ts";
import { onlyWaits } from "../src/apply/runs.ts";
import { askedSteps, loansOut } from "../src/run.ts";
import type { State } from "../src/state.ts";
import type { StepReport, StepResult } from "../src/step.ts";
import { depotManifest } from "./world/depot.ts";
import { PeopleWorld, sayResults } from "./world/people-world.ts";

/** Which answers count: for branches that were left, for runs that were given up, for what is owed. */

const one = depotManifest(["a"]);
const two = depotManifest(["a", "b"]);
const byHand = depotManifest(["a"], false);
const licensed = { fields: { licensed: "yes" } };
const unlicensed = { fields: { licensed: "no" } };

async function begun(text: string): Promise<PeopleWorld> {
  const world = new PeopleWorld();
  await world.trust(text);
  await world.apply(text);
  return world;
}

const stateOf = async (world: PeopleWorld, text: string): Promise<State> => (await world.open(text)).state;
const runsOf = async (world: PeopleWorld, text: string): Promise<string[]> =>
  Object.keys((await stateOf(world, text)).runs);

/** What people are asked for, run by run. */
async function askedIn(world: PeopleWorld, text: string): Promise<string[]> {
  const runs = Object.values((await stateOf(world, text)).runs);
  return runs.flatMap((run) => askedSteps(run).map(({ step }) => step.id.replace("depot_account.", "")));
}

describe("a branch that is not taken any more", () => {
  it("asks for no create once it was found, and answers to that are refused", async () => {
    const world = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", licensed);
    expect(await askedIn(world, one)).toEqual(["a/create"]);
    await world.confirm(one, "depot_account.a/observe", "found");
    expect(await askedIn(world, one)).toEqual(["a/adopt"]);
    const late = world.confirm(one, "depot_account.a/create", "done");
    await expect(late).rejects.toThrow(/a\/create is not needed: its branch was not taken/);
    const said = await late.catch((error) => error.reasons[0].remedy);
    expect(said).toBe("waiting are: depot_account.a/adopt");
    expect((await stateOf(world, one)).entries).toEqual({});
  });

  it("leaves no adoption behind when found was a mistake", async () => {
    const world = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "found");
    expect(await askedIn(world, one)).toEqual(["a/adopt"]);
    await world.confirm(one, "depot_account.a/observe", "absent", licensed);
    expect(await askedIn(world, one)).toEqual(["a/create"]);
    await expect(world.confirm(one, "depot_account.a/adopt", "done")).rejects.toThrow(/its branch was not taken/);
    await world.confirm(one, "depot_account.a/create", "done");
    const [run = ""] = await runsOf(world, one);
    expect((await world.apply(one, { resume: run })).outcome).toBe("done");
    expect((await stateOf(world, one)).entries["depot_account.a"]).toMatchObject({ origin: "created" });
  });

  it("does not fail the run with what was said of it before it was left", async () => {
    const world = await begun(two);
    await world.confirm(two, "depot_account.a/observe", "found");
    const said = await world.confirm(two, "depot_account.a/adopt", "failed");
    // The other account keeps the run open.
    expect(said).toMatchObject({ became: "failed" });
    expect(said.runEnded).toBeUndefined();
    for (const name of ["a", "b"]) {
      await world.confirm(two, `depot_account.${name}/observe`, "absent", licensed);
      await world.confirm(two, `depot_account.${name}/create`, "done");
    }
    const [run = ""] = await runsOf(world, two);
    const report = await world.apply(two, { resume: run });
    expect(report.outcome).toBe("done");
    expect(sayResults(report.steps)).toContain("a/adopt not-needed");
    expect((await world.plan(two)).changes).toEqual([]);
  });
});

describe("a branch that ended because of what was told", () => {
  it("says why nothing goes on there, and is no fault of the run that waits for somebody else", async () => {
    const world = await begun(two);
    await world.confirm(two, "depot_account.a/observe", "found");
    await world.confirm(two, "depot_account.a/adopt", "done", { fields: { note: "another" } });
    const [run = ""] = await runsOf(world, two);
    const report = await world.apply(two, { resume: run });
    expect(report.steps.find(({ step }) => step.id === "depot_account.a/prove")).toMatchObject({
      result: "skipped",
      because: "depot_account.a/adopt was done, and ended its branch: the note differs",
    });
    expect(sayResults(report.steps)).toContain("b/observe waiting");
    expect(report.outcome).toBe("waiting");
    const of = (result: StepResult): StepReport[] => [...report.steps, { ...report.steps[0]!, result }];
    for (const result of ["failed", "in-doubt", "lost"] as const) expect(onlyWaits(of(result), {}), result).toBe(false);
    expect(onlyWaits(of("untouched"), {})).toBe(true);
    expect(onlyWaits(report.steps, { stop: AbortSignal.abort() })).toBe(false);
  });
});

describe("that something can go on without a person", () => {
  it("is not said where nothing is left to do, nor where somebody else has borrowed what is needed", async () => {
    const world = await begun(two);
    const [run = ""] = await runsOf(world, two);
    expect(await world.confirm(two, "depot_account.a/observe", "absent", unlicensed)).toMatchObject({ canGoOn: true });
    await world.apply(two, { resume: run });
    expect(await world.confirm(two, "depot_account.b/observe", "absent", unlicensed)).toMatchObject({ canGoOn: false });
    await world.confirm(two, "depot_account.b/observe", "found");
    const ended = { fields: { note: "another" } };
    expect(await world.confirm(two, "depot_account.b/adopt", "done", ended)).toMatchObject({ canGoOn: false });
  });

  it("is said of what is to be given back after a failure", async () => {
    const world = await begun(two);
    const [run = ""] = await runsOf(world, two);
    await world.confirm(two, "depot_account.a/observe", "absent", unlicensed);
    await world.apply(two, { resume: run });
    expect(await world.confirm(two, "depot_account.a/wait", "done")).toMatchObject({ canGoOn: false });
    expect(await world.confirm(two, "depot_account.a/create", "failed")).toMatchObject({ canGoOn: true });
    await world.apply(two, { resume: run });
    expect(loansOut(await stateOf(world, two))).toEqual([]);
  });
});

describe("an abandoned run", () => {
  it("asks only for what gives back, takes no other answer, and yields its names to the next run", async () => {
    const world = await begun(byHand);
    await world.confirm(byHand, "depot_account.a/observe", "absent", unlicensed);
    await world.confirm(byHand, "depot_account.a/borrow", "done");
    await world.confirm(byHand, "depot_account.a/wait", "done");
    expect(await askedIn(world, byHand)).toEqual(["a/create"]);
    const [first = ""] = await runsOf(world, byHand);
    await world.abandon(byHand, first);
    expect(await askedIn(world, byHand)).toEqual(["a/giveBack"]);
    for (const step of ["create", "observe"]) {
      const late = world.confirm(byHand, `depot_account.a/${step}`, "failed");
      await expect(late, step).rejects.toThrow(step === "create" ? /run \w+ was abandoned/ : /is done already/);
    }
    expect((await world.apply(byHand)).outcome).toBe("waiting");
    expect(await askedIn(world, byHand)).toEqual(["a/giveBack", "a/observe"]);
    const second = (await runsOf(world, byHand)).find((id) => id !== first);
    expect((await world.confirm(byHand, "depot_account.a/observe", "absent", licensed)).run.id).toBe(second);
    expect((await world.confirm(byHand, "depot_account.a/create", "done")).run.id).toBe(second);
    const back = await world.confirm(byHand, "depot_account.a/giveBack", "done");
    expect([back.run.id, back.runEnded]).toEqual([first, "abandoned"]);
  });
});

describe("a run that is given up", () => {
  it("says how many of its steps were not done, whether or not anything was borrowed", async () => {
    const world = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", licensed);
    const [made = ""] = await runsOf(world, one);
    // The branches of somebody else's account and of a license are not taken: create and prove are left.
    expect(await world.abandon(one, made)).toMatchObject({ outcome: "closed", undone: 2 });
    await world.apply(one);
    await world.confirm(one, "depot_account.a/observe", "absent", licensed);
    await world.confirm(one, "depot_account.a/create", "done");
    await world.apply(one, { resume: (await runsOf(world, one))[0] ?? "" });
    const changed = one.replace("hello", "changed");
    await world.apply(changed);
    const [change = ""] = await runsOf(world, changed);
    expect(await world.abandon(changed, change)).toMatchObject({ outcome: "closed", steps: [], undone: 1 });
  });
});

describe("what is owed", () => {
  it("stays owed when a person says that it cannot be given back, in a run that goes on", async () => {
    const world = await begun(byHand);
    await world.confirm(byHand, "depot_account.a/observe", "absent", unlicensed);
    await world.confirm(byHand, "depot_account.a/borrow", "done");
    await world.confirm(byHand, "depot_account.a/wait", "done");
    const failed = await world.confirm(byHand, "depot_account.a/create", "failed");
    expect(failed.runEnded).toBeUndefined();
    expect(await askedIn(world, byHand)).toEqual(["a/giveBack"]);
    await staysOwed(world);
    const last = await world.confirm(byHand, "depot_account.a/giveBack", "done");
    expect(last).toMatchObject({ runEnded: "dropped" });
    expect(loansOut(await stateOf(world, byHand))).toEqual([]);
  });

  it("stays owed in an abandoned run too, whoever applies meanwhile", async () => {
    const world = await begun(byHand);
    await world.confirm(byHand, "depot_account.a/observe", "absent", unlicensed);
    await world.confirm(byHand, "depot_account.a/borrow", "done");
    const [run = ""] = await runsOf(world, byHand);
    expect(await world.abandon(byHand, run)).toMatchObject({ outcome: "waiting" });
    await staysOwed(world);
    await world.apply(depotManifest([], false));
    await staysOwed(world);
    expect(await world.abandon(byHand, run)).toMatchObject({ outcome: "waiting" });
    expect(await world.confirm(byHand, "depot_account.a/giveBack", "done")).toMatchObject({ runEnded: "abandoned" });
  });

  it("stays owed when the log says that somebody once gave it up", async () => {
    const world = await begun(byHand);
    await world.confirm(byHand, "depot_account.a/observe", "absent", unlicensed);
    await world.confirm(byHand, "depot_account.a/borrow", "done");
    const [run = ""] = await runsOf(world, byHand);
    await world.abandon(byHand, run);
    await world.withLock(byHand, "test", async (workspace) => {
      const of = { run, step: "depot_account.a/giveBack", address: "depot_account.a" };
      await workspace.append([{ type: "nothing", at: workspace.timestamp(), ...of, because: "no mail program" }]);
    });
    expect(await world.abandon(byHand, run)).toMatchObject({ outcome: "waiting" });
    await staysOwed(world);
  });

  it("stays owed when another loan of the run went back, and this one's mail does not get through", async () => {
    const world = await begun(two);
    const [run = ""] = await runsOf(world, two);
    for (const name of ["a", "b"]) await world.confirm(two, `depot_account.${name}/observe`, "absent", unlicensed);
    for (const name of ["a", "b"]) {
      if (name === "a") await world.apply(two, { resume: run });
      await world.confirm(two, `depot_account.${name}/wait`, "done");
      await world.confirm(two, `depot_account.${name}/create`, "failed");
      if (name === "b") world.outbox.faults.push("refused");
      await world.apply(two, { resume: run });
    }
    expect(loansOut(await stateOf(world, two))).toMatchObject([{ address: "depot_account.b" }]);
    await world.apply(depotManifest([]));
    expect(world.subjects().at(-1)).toBe("remove depot_account.b");
    expect((await stateOf(world, two)).runs).toEqual({});
  });

  async function staysOwed(world: PeopleWorld): Promise<void> {
    for (const result of ["failed", "not-done"] as const) {
      const report = await world.confirm(byHand, "depot_account.a/giveBack", result);
      expect(report, result).toMatchObject({ became: "open", next: [{ operation: "giveBack" }] });
      expect(report.runEnded, result).toBeUndefined();
    }
    expect(loansOut(await stateOf(world, byHand))).toMatchObject([{ address: "depot_account.a" }]);
  }
});

describe("a plan file that was carried out", () => {
  it("leaves nothing to do when it is applied again, and does nothing", async () => {
    const world = new PeopleWorld();
    await world.trust(one);
    const file = await world.plan(one);
    await world.apply(one, { file });
    await world.confirm(one, "depot_account.a/observe", "absent", licensed);
    await world.confirm(one, "depot_account.a/create", "done");
    expect((await world.apply(one, { file })).outcome).toBe("done");
    const { serial } = await stateOf(world, one);
    expect(await world.apply(one, { file })).toMatchObject({ outcome: "done-before", steps: [], resumed: false });
    // Also when it would be too old by now.
    world.clock.advance(30 * 86_400_000);
    expect(await world.apply(one, { file })).toMatchObject({ outcome: "done-before" });
    expect((await stateOf(world, one)).serial).toBe(serial);
  });

  it("is no such file when its run was given up", async () => {
    const world = new PeopleWorld();
    await world.trust(one);
    const file = await world.plan(one);
    await world.apply(one, { file });
    const [run = ""] = await runsOf(world, one);
    await world.abandon(one, run);
    expect((await world.apply(one, { file })).outcome).toBe("waiting");
  });
});

describe("a value that is told", () => {
  const ask = { name: "key", label: "Key", pattern: { matches: "a|bc", says: "a or bc" } };

  it.each(["a", "bc"])("passes when the whole of it has the form: %s", (value) => {
    expect(problemOf(ask, value)).toBeUndefined();
  });

  it.each(["ac", "abc", "xa", "bcx", "a\n", "a\nbc", " a"])("is refused when only a part has it: %j", (value) => {
    expect(problemOf(ask, value)).toBe("Key (key) must be a or bc");
  });
});
