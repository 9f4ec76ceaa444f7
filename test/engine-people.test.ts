import { describe, expect, it } from "vitest";
import type { ApplyReport } from "../src/apply/apply.ts";
import { renderPlanText } from "../src/render/plan-text.ts";
import { askedSteps, loansOut } from "../src/run.ts";
import type { State } from "../src/state.ts";
import { depotManifest as depot } from "./world/depot.ts";
import { PeopleWorld, sayResults } from "./world/people-world.ts";

async function begun(text: string): Promise<{ world: PeopleWorld; report: ApplyReport }> {
  const world = new PeopleWorld();
  await world.trust(text);
  return { world, report: await world.apply(text) };
}

async function stateOf(world: PeopleWorld, text: string): Promise<State> {
  return (await world.open(text)).state;
}

const one = depot(["a"]);
const runOf = async (world: PeopleWorld, text = one): Promise<string> =>
  Object.keys((await stateOf(world, text)).runs)[0] ?? "";
const goOn = async (world: PeopleWorld, text = one): Promise<ApplyReport> =>
  world.apply(text, { resume: await runOf(world, text) });

describe("a run that needs a person", () => {
  it("waits with what was asked, and everything else untouched", async () => {
    const { report } = await begun(one);
    expect(report.outcome).toBe("waiting");
    expect(sayResults(report.steps)).toEqual([
      ...["a/observe waiting", "a/borrow untouched", "a/wait untouched", "a/create untouched"],
      ...["a/adopt untouched", "a/prove untouched", "a/giveBack untouched"],
    ]);
  });

  it("reserves its addresses until it is finished", async () => {
    const { world } = await begun(one);
    const plan = await world.plan(one);
    expect(plan.changes.map(({ blocked }) => blocked?.because)).toEqual([expect.stringMatching(/has not finished it/)]);
    expect(plan.steps).toEqual([]);
  });

  it("goes on with the same plan file, and comes to no changes", async () => {
    const world = new PeopleWorld();
    await world.trust(one);
    const file = await world.plan(one);
    await world.apply(one, { file });
    await world.confirm(one, "depot_account.a/observe", "absent", { fields: { licensed: "yes" } });
    await world.confirm(one, "depot_account.a/create", "done");
    const report = await world.apply(one, { file });
    expect(report.outcome).toBe("done");
    expect(sayResults(report.steps)).toEqual([
      ...["a/observe done", "a/borrow not-needed", "a/wait not-needed", "a/create done"],
      ...["a/adopt not-needed", "a/prove done", "a/giveBack not-needed"],
    ]);
    expect((await world.plan(one)).changes).toEqual([]);
    expect(world.subjects()).toEqual([]);
    // It is there now, whatever was answered before.
    expect((await stateOf(world, one)).answers ?? {}).toEqual({});
  });

  it("is left alone by another apply, and both live side by side", async () => {
    const { world } = await begun(one);
    const two = depot(["a", "b"]);
    const report = await world.apply(two);
    expect(report.outcome).toBe("waiting");
    expect(Object.keys((await stateOf(world, two)).runs)).toHaveLength(2);
    await world.confirm(two, "depot_account.b/observe", "absent", { fields: { licensed: "yes" } });
    await world.confirm(two, "depot_account.b/create", "done");
    await world.confirm(two, "depot_account.a/observe", "absent", { fields: { licensed: "yes" } });
    await world.confirm(two, "depot_account.a/create", "done");
    for (const run of Object.keys((await stateOf(world, two)).runs)) await world.apply(two, { resume: run });
    expect((await world.plan(two)).changes).toEqual([]);
  });

  it("takes the branch that was found, with what the person saw", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "found");
    await world.confirm(one, "depot_account.a/adopt", "done", { fields: { note: "hello" } });
    expect((await goOn(world)).outcome).toBe("done");
    expect((await stateOf(world, one)).entries["depot_account.a"]).toMatchObject({
      origin: "adopted",
      status: "ready",
    });
    expect((await world.plan(one)).changes).toEqual([]);
  });

  it("ends the branch when what was found differs, and the next plan shows the update with its date", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "found");
    const report = await world.confirm(one, "depot_account.a/adopt", "done", { fields: { note: "other" } });
    expect(report).toMatchObject({ runEnded: "dropped", because: "the note differs", droppedCount: 1 });
    expect(world.depot.proofs).toEqual([]);
    const [change] = (await world.plan(one)).changes;
    expect(change).toMatchObject({ action: "update", attributes: [{ before: "other", after: "hello" }] });
    expect(change?.attributes[0]?.note).toMatch(/^attested on \d{4}-\d\d-\d\d$/);
  });

  it("takes found for a create that turns out to be there already", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", { fields: { licensed: "yes" } });
    await world.confirm(one, "depot_account.a/create", "found");
    const state = await stateOf(world, one);
    expect(Object.values(state.runs)[0]?.answers["depot_account.a/observe"]?.result).toBe("found");
    await world.confirm(one, "depot_account.a/adopt", "done", { fields: { note: "hello" } });
    expect((await goOn(world)).outcome).toBe("done");
  });
});

describe("an answer", () => {
  it("that cannot see never leads to a create or an absence", async () => {
    const { world } = await begun(one);
    const report = await world.confirm(one, "depot_account.a/observe", "cannot-see");
    expect(report).toMatchObject({ became: "open", next: [{ operation: "observe" }] });
    const resumed = await goOn(world);
    expect(sayResults(resumed.steps).slice(0, 4)).toEqual([
      ...["a/observe waiting", "a/borrow untouched", "a/wait untouched", "a/create untouched"],
    ]);
  });

  it("of an earlier run is shown with its date by the next plan, and asked for anew", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", { fields: { licensed: "yes" } });
    await world.abandon(one, await runOf(world));
    const plan = await world.plan(one);
    expect(plan.steps[0]).toMatchObject({ answered: { result: "absent", on: expect.stringMatching(/^\d{4}-/) } });
    expect(renderPlanText(plan)).toMatch(/asks, changes nothing · asked anew; on \d{4}-\d\d-\d\d it was absent/);
    expect(sayResults((await world.apply(one, { file: plan })).steps)[0]).toBe("a/observe waiting");
  });

  it("that nobody gave never leads to a create or a delete, however often the run is resumed", async () => {
    const { world } = await begun(one);
    for (let count = 0; count < 3; count++) expect((await goOn(world)).outcome).toBe("waiting");
    expect((await stateOf(world, one)).entries).toEqual({});
  });

  it("is refused whole when anything of it does not fit", async () => {
    const { world } = await begun(one);
    const told = { fields: { licensed: "perhaps", color: "red" } };
    const answer = world.confirm(one, "depot_account.a/observe", "absent", told);
    await expect(answer).rejects.toThrow(/--field color is not asked for[\s\S]*must be one of: yes, no/);
    await expect(world.confirm(one, "depot_account.a/observe", "done")).rejects.toThrow(/cannot end with done/);
    expect(Object.values((await stateOf(world, one)).runs)[0]?.answers).toEqual({});
  });

  it("for what does not wait is refused, and says what does", async () => {
    const { world } = await begun(one);
    await expect(world.confirm(one, "depot_account.a/create", "done")).rejects.toThrow(/not the turn of/);
    await expect(world.confirm(one, "depot_account.z/create", "done")).rejects.toThrow(/no open run has a step/);
    await expect(world.confirm(one, "depot_account.a/prove", "done")).rejects.toThrow(/not a person's step/);
  });

  it("not-done leaves it waiting, failed ends it and only a new plan leads on", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", { fields: { licensed: "yes" } });
    expect((await world.confirm(one, "depot_account.a/create", "not-done")).became).toBe("open");
    const report = await world.confirm(one, "depot_account.a/create", "failed");
    expect(report).toMatchObject({ became: "failed", runEnded: "dropped" });
    expect((await world.plan(one)).changes).toMatchObject([{ action: "create" }]);
  });

  it("that ends its question as failed decides no branch: nothing is proven, and the run is over", async () => {
    const text = depot(["foreign"]);
    const { world } = await begun(text);
    const report = await world.confirm(text, "depot_account.foreign/observe", "found");
    expect(report).toMatchObject({ became: "failed", runEnded: "dropped" });
    expect(world.depot.proofs).toEqual([]);
    expect((await stateOf(world, text)).runs).toEqual({});
    expect((await world.plan(text)).changes).toMatchObject([{ action: "create" }]);
  });

  it("that is taken back waits again, and shows so", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", { fields: { licensed: "yes" } });
    const report = await world.confirm(one, "depot_account.a/observe", "cannot-see");
    expect(report).toMatchObject({ became: "open", next: [{ operation: "observe" }] });
    await expect(world.confirm(one, "depot_account.a/create", "done")).rejects.toThrow(/not the turn of/);
    expect(Object.values((await stateOf(world, one)).runs).flatMap(askedSteps)).toHaveLength(1);
    await world.confirm(one, "depot_account.a/observe", "found");
    await world.confirm(one, "depot_account.a/adopt", "done", { fields: { note: "hello" } });
    expect((await goOn(world)).outcome).toBe("done");
  });

  it("can be corrected until something was done because of it", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", { fields: { licensed: "yes" } });
    await world.confirm(one, "depot_account.a/observe", "found");
    await world.confirm(one, "depot_account.a/adopt", "done", { fields: { note: "hello" } });
    const again = world.confirm(one, "depot_account.a/observe", "absent", { fields: { licensed: "yes" } });
    await expect(again).rejects.toThrow(/is done already/);
  });
});

describe("a loan", () => {
  const unlicensed = { fields: { licensed: "no" } };

  it("is taken only when it is needed, and given back when the work is done", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", unlicensed);
    expect((await goOn(world)).outcome).toBe("waiting");
    expect(world.subjects()).toEqual(["add depot_account.a"]);
    await world.confirm(one, "depot_account.a/wait", "done");
    await world.confirm(one, "depot_account.a/create", "done");
    expect((await goOn(world)).outcome).toBe("done");
    expect(world.subjects()).toEqual(["add depot_account.a", "remove depot_account.a"]);
  });

  it("is taken when nobody can even see without it", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "cannot-see", unlicensed);
    await goOn(world);
    await world.confirm(one, "depot_account.a/wait", "done");
    await world.confirm(one, "depot_account.a/observe", "absent", unlicensed);
    await world.confirm(one, "depot_account.a/create", "done");
    expect((await goOn(world)).outcome).toBe("done");
    expect(world.subjects()).toEqual(["add depot_account.a", "remove depot_account.a"]);
  });

  it("goes back too when the question is answered again with what was lent: licensed by now", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "cannot-see", unlicensed);
    await goOn(world);
    await world.confirm(one, "depot_account.a/observe", "absent", { fields: { licensed: "yes" } });
    expect(loansOut(await stateOf(world, one))).toHaveLength(1);
    await world.confirm(one, "depot_account.a/create", "done");
    expect((await goOn(world)).outcome).toBe("done");
    expect(world.subjects()).toEqual(["add depot_account.a", "remove depot_account.a"]);
  });

  it("is asked about until a person says what became of the mail, whatever is answered in between", async () => {
    const text = depot(["a"], false);
    const { world } = await begun(text);
    await world.confirm(text, "depot_account.a/observe", "cannot-see", unlicensed);
    await world.confirm(text, "depot_account.a/observe", "absent", { fields: { licensed: "yes" } });
    await world.confirm(text, "depot_account.a/create", "done");
    expect((await goOn(world, text)).outcome).toBe("waiting");
    await world.confirm(text, "depot_account.a/borrow", "done");
    expect(await goOn(world, text)).toMatchObject({ outcome: "waiting" });
    expect(await world.confirm(text, "depot_account.a/giveBack", "done")).toMatchObject({ runEnded: "done" });
  });

  it("is not given back while a person is at work", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", unlicensed);
    await goOn(world);
    await world.confirm(one, "depot_account.a/wait", "done");
    for (let count = 0; count < 3; count++) await goOn(world);
    expect(world.subjects()).toEqual(["add depot_account.a"]);
    expect(loansOut(await stateOf(world, one))).toMatchObject([{ system: "depot", name: "license" }]);
  });

  it("says nothing of the object: that is ready before everything is given back, and after an abandonment too", async () => {
    const text = depot(["a"], false);
    const { world } = await begun(text);
    const status = async () => (await stateOf(world, text)).entries["depot_account.a"]?.status;
    await world.confirm(text, "depot_account.a/observe", "absent", unlicensed);
    await world.confirm(text, "depot_account.a/borrow", "done");
    await world.confirm(text, "depot_account.a/wait", "done");
    await world.confirm(text, "depot_account.a/create", "done");
    expect(await status()).toBe("tainted");
    expect((await goOn(world, text)).outcome).toBe("waiting");
    expect(await status()).toBe("ready");
    await world.abandon(text, await runOf(world, text));
    await world.confirm(text, "depot_account.a/giveBack", "done");
    expect(await status()).toBe("ready");
    expect((await world.plan(text)).changes).toEqual([]);
  });

  it("is given back when the work failed", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", unlicensed);
    await goOn(world);
    await world.confirm(one, "depot_account.a/wait", "done");
    await world.confirm(one, "depot_account.a/create", "failed");
    await goOn(world);
    expect(world.subjects()).toEqual(["add depot_account.a", "remove depot_account.a"]);
    expect((await stateOf(world, one)).runs).toEqual({});
  });

  it("is given back when the run is abandoned, at whatever point", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", unlicensed);
    await goOn(world);
    expect(await world.abandon(one, await runOf(world))).toMatchObject({ outcome: "closed" });
    expect(world.subjects()).toEqual(["add depot_account.a", "remove depot_account.a"]);
    expect((await world.plan(one)).changes).toMatchObject([{ action: "create" }]);
  });

  it("is not given back when it was never taken", async () => {
    const { world } = await begun(one);
    expect(await world.abandon(one, await runOf(world))).toMatchObject({ outcome: "closed" });
    expect(world.subjects()).toEqual([]);
  });

  it("is asked for again with the same Message-ID when nobody knows whether the mail went", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", unlicensed);
    world.outbox.faults.push("cut after commit");
    expect((await goOn(world)).outcome).toBe("unfinished");
    await goOn(world);
    expect(world.outbox.arrived).toHaveLength(2);
    expect(world.subjects()).toEqual(["add depot_account.a"]);
  });

  it("counts as taken when a cut mail is abandoned", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", unlicensed);
    world.outbox.faults.push("cut before");
    await goOn(world);
    await world.abandon(one, await runOf(world));
    expect(world.subjects()).toEqual(["remove depot_account.a"]);
  });

  it("stays owed when the mail back does not get through, and the next apply sends it", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", unlicensed);
    await goOn(world);
    world.outbox.faults.push("refused");
    expect(await world.abandon(one, await runOf(world))).toMatchObject({ outcome: "unfinished" });
    await world.apply(depot([]));
    expect(world.subjects()).toEqual(["add depot_account.a", "remove depot_account.a"]);
    expect((await stateOf(world, one)).runs).toEqual({});
  });

  it("is lent to one at a time on a system, in one run and across runs", async () => {
    const two = depot(["a", "b"]);
    const { world } = await begun(two);
    for (const name of ["a", "b"]) await world.confirm(two, `depot_account.${name}/observe`, "absent", unlicensed);
    const report = await goOn(world, two);
    expect(world.subjects()).toEqual(["add depot_account.a"]);
    expect(report.steps.find(({ step }) => step.id === "depot_account.b/borrow")).toMatchObject({
      result: "waiting",
      because: expect.stringMatching(/depot_account\.a has borrowed it/),
    });
    await world.confirm(two, "depot_account.a/wait", "done");
    await world.confirm(two, "depot_account.a/create", "done");
    await goOn(world, two);
    expect(world.subjects()).toEqual(["add depot_account.a", "remove depot_account.a", "add depot_account.b"]);
    await world.confirm(two, "depot_account.b/wait", "done");
    await world.confirm(two, "depot_account.b/create", "done");
    expect((await goOn(world, two)).outcome).toBe("done");
    expect(world.subjects().at(-1)).toBe("remove depot_account.b");
  });

  it("without a mail server is asked for and given back by a person, who confirms it", async () => {
    const text = depot(["a"], false);
    const { world } = await begun(text);
    await world.confirm(text, "depot_account.a/observe", "absent", unlicensed);
    await world.confirm(text, "depot_account.a/borrow", "done");
    await world.confirm(text, "depot_account.a/wait", "done");
    await world.confirm(text, "depot_account.a/create", "done");
    expect((await goOn(world, text)).outcome).toBe("waiting");
    const report = await world.confirm(text, "depot_account.a/giveBack", "done");
    expect(report.runEnded).toBe("done");
  });

  it("without a mail server keeps an abandoned run open until a person gave it back", async () => {
    const text = depot(["a"], false);
    const { world } = await begun(text);
    await world.confirm(text, "depot_account.a/observe", "absent", unlicensed);
    // The person was asked to send the mail, and may have done so.
    expect(await world.abandon(text, await runOf(world, text))).toMatchObject({ outcome: "waiting" });
    expect(await world.confirm(text, "depot_account.a/giveBack", "done")).toMatchObject({ runEnded: "abandoned" });
    expect((await world.plan(text)).changes).toMatchObject([{ action: "create" }]);
  });

  it("stays with people at work when the manifest slips under their run: they finish, or somebody abandons it", async () => {
    const { world } = await begun(one);
    await world.confirm(one, "depot_account.a/observe", "absent", unlicensed);
    await goOn(world);
    const changed = one.replace("hello", "bye");
    await expect(world.apply(changed, { resume: await runOf(world) })).rejects.toThrow(/declared differently/);
    expect(world.subjects()).toEqual(["add depot_account.a"]);
    await world.abandon(changed, await runOf(world));
    expect(world.subjects()).toEqual(["add depot_account.a", "remove depot_account.a"]);
  });
});
