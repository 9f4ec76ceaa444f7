import { describe, expect, test } from "vitest";
import { askedStep } from "../src/apply/answer.ts";
import { askedSteps, loansOut } from "../src/run.ts";
import type { AnswerResult } from "../src/screen.ts";
import { fuelAndToken, makeSite, planned, refusalOf, type Site } from "./veson-fixture.ts";
import { confirmIn } from "./world/people-world.ts";

/** Whose turn it is while people set a user up: one after the other, and what closes comes last (decision 0032). */

const idOf = (operation: string): string =>
  operation === "request" ? "veson_api_token.fuel/request" : `veson_user.fuel/${operation}`;

const tell = ({ world, text }: Site, operation: string, result: AnswerResult, fields: Record<string, string> = {}) =>
  confirmIn(world, text, idOf(operation), result, { fields });

const runs = async ({ world, text }: Site) => Object.values((await world.open(text)).state.runs);

/** What people are shown as waiting, by operation, in every open run. */
async function offered(site: Site): Promise<string[]> {
  return (await runs(site)).flatMap((run) => askedSteps(run).map(({ step }) => step.operation));
}

async function begun(): Promise<Site> {
  const site = await makeSite(fuelAndToken, { seatsFree: 0 }, { hand: "person" });
  await site.world.apply(site.text);
  await tell(site, "observe", "absent");
  return site;
}

async function parked(): Promise<Site> {
  const site = await begun();
  await tell(site, "licenses", "absent");
  await tell(site, "park", "done");
  return site;
}

async function abandon({ world, text }: Site, run: { id: string } | undefined): Promise<void> {
  await world.abandon(text, run?.id ?? "");
}

describe("what closes and gives back", () => {
  test("waits while a user that is to be made is told not to be made yet, and the run stays open", async () => {
    const site = await parked();
    const report = await tell(site, "create", "not-done");
    expect(report.next.map(({ operation }) => operation)).toEqual(["create"]);
    expect(await offered(site)).toEqual(["create"]);
    await tell(site, "create", "done");
    expect(await offered(site)).toEqual(["permissions"]);
  });

  test("is asked for one after the other when a run is given up: first who was made, then who was parked", async () => {
    const site = await parked();
    await tell(site, "create", "not-done");
    await abandon(site, (await runs(site))[0]);
    expect(await offered(site)).toEqual(["external"]);
    await tell(site, "external", "absent");
    expect(await offered(site)).toEqual(["unpark"]);
  });

  test("never touches an account that was there already", async () => {
    const site = await parked();
    await tell(site, "create", "found");
    await abandon(site, (await runs(site))[0]);
    expect(await offered(site)).toEqual(["unpark"]);
    expect((await tell(site, "unpark", "done")).runEnded).toBe("abandoned");
  });
});

describe("a run that was given up and still owes something", () => {
  test("keeps its user to itself: nothing new is begun for it before that is told", async () => {
    const site = await parked();
    const [first] = await runs(site);
    await abandon(site, first);
    const { plan, changes, steps } = await planned(site);
    expect(steps).toEqual([]);
    expect(changes).toContain("blocked none veson_user.fuel");
    const change = plan.changes.find(({ address }) => address === "veson_user.fuel");
    expect(change?.blocked?.because).toContain(`run ${first?.id} was given up, and ${idOf("external")} waits`);
    expect(change?.notes.join()).toContain(`steward do ${idOf("external")}`);
    expect((await site.world.apply(site.text)).outcome).toBe("nothing-to-do");
    expect(await runs(site)).toHaveLength(1);
    await tell(site, "external", "absent");
    expect((await planned(site)).changes).toContain("create veson_user.fuel");
    await tell(site, "unpark", "done");
    expect(await runs(site)).toEqual([]);
  });

  test("records a user that is told to be closed, so that the next plan goes on with it", async () => {
    const site = await parked();
    await abandon(site, (await runs(site))[0]);
    await tell(site, "external", "done");
    await tell(site, "unpark", "done");
    const entry = (await site.world.open(site.text)).state.entries["veson_user.fuel"];
    expect(entry).toMatchObject({ id: "sys.fuel", attributes: { external_access_only: true }, origin: "created" });
    expect(entry?.secrets.password?.delivered).toBe(true);
    const { changes, steps } = await planned(site);
    expect(changes).toContain("update veson_user.fuel");
    expect(steps).not.toContain("observe");
    expect(steps).not.toContain("create");
    expect(steps).toContain("rights");
  });
});

describe("a question that is answered anew", () => {
  test("takes back what was asked because of it: nobody makes the user while somebody is to be parked first (VES-08)", async () => {
    const site = await begun();
    await tell(site, "licenses", "found");
    expect(await offered(site)).toEqual(["create"]);
    await tell(site, "licenses", "absent");
    expect(await offered(site)).toEqual(["park"]);
    expect(await refusalOf(tell(site, "create", "done"))).toEqual([
      expect.stringContaining(`it is not the turn of ${idOf("create")} yet`),
    ]);
    await tell(site, "licenses", "found");
    // Whoever was asked may have parked somebody: that is told first.
    expect(await offered(site)).toEqual(["park"]);
    await tell(site, "park", "failed");
    expect(await offered(site)).toEqual(["create"]);
    expect(loansOut((await site.world.open(site.text)).state)).toEqual([]);
  });

  test("is not asked again when the user was made because of it", async () => {
    const site = await begun();
    await tell(site, "licenses", "found");
    await tell(site, "create", "done");
    expect(await refusalOf(tell(site, "licenses", "absent"))).toEqual([expect.stringContaining("is done already")]);
    expect(await offered(site)).toEqual(["permissions"]);
  });
});

describe("a token that a person brings", () => {
  const shown = { api_read: "delete", api_write: "none", api_imos_message: "none" };
  const wrong = "0123456789abcdef";

  /** A user that was made with its rights, and its token told. */
  async function told(token: string): Promise<Site> {
    const site = await parked();
    await tell(site, "create", "done");
    await tell(site, "permissions", "found");
    await tell(site, "rights", "done", shown);
    await bring(site, token);
    return site;
  }
  const bring = ({ world, text }: Site, token: string) =>
    confirmIn(world, text, idOf("request"), "done", { secrets: { token } });
  const resume = async (site: Site) =>
    (await site.world.apply(site.text, { resume: (await runs(site))[0]?.id ?? "" })).outcome;

  /** What somebody did at the console, who told it rightly but for the token. */
  function work({ world }: Site): string {
    const token = "the-right-token";
    world.veson.store.addUser({
      userName: "sys.fuel",
      isExternalOnly: true,
      token,
      rights: { "veslink/api-read": "delete" },
    });
    return token;
  }

  test("can be told again before it is proven, and the last one counts (VES-11, VES-14)", async () => {
    const site = await told(wrong);
    await bring(site, "the-right-token");
    expect(await site.world.secret(site.text, "FUEL_TOKEN").catch(() => undefined)).not.toBe(wrong);
    const { screen } = askedStep(await site.world.open(site.text), idOf("request"));
    expect(JSON.stringify(screen.acts)).toContain("you are asked for it again");
  });

  test("is asked for again when its proof is refused, in the same run and without a new window (VES-14)", async () => {
    const site = await told(wrong);
    await tell(site, "external", "done");
    await tell(site, "unpark", "done");
    expect(await resume(site)).toBe("waiting");
    expect(await offered(site)).toEqual(["request"]);
    expect(await resume(site)).toBe("waiting");
    const again = await bring(site, "another-wrong-one");
    expect(again.proofs).toMatchObject([{ result: "waiting", because: expect.stringContaining("is not accepted") }]);
    expect(again.proofs[0]?.because).toContain(`${idOf("request")} is asked for again`);
    const right = await bring(site, work(site));
    expect(right).toMatchObject({ proofs: [{ result: "done" }], runEnded: "done" });
  });
});

describe("a person at the console", () => {
  const screenOf = async ({ world, text }: Site, operation: string) =>
    askedStep(await world.open(text), idOf(operation)).screen;

  test("who tells of a permission what is not wanted is asked again, with the words of the screen (VES-06)", async () => {
    const site = await parked();
    await tell(site, "create", "done");
    await tell(site, "permissions", "found");
    const acts = JSON.stringify((await screenOf(site, "rights")).acts);
    expect(acts).toContain("delete for Read, Write, and Delete; write for Read and Write");
    const slip = { api_read: "none", api_write: "none", api_imos_message: "none" };
    expect(await refusalOf(tell(site, "rights", "done", slip))).toEqual([
      expect.stringContaining("has the API permission none, not read"),
    ]);
    expect(await offered(site)).toEqual(["rights"]);
    expect(await tell(site, "rights", "done", { ...slip, api_read: "delete" })).toMatchObject({ became: "done" });
  });

  test("who is refused for want of a license is told how to go on, and it leads to borrowing (VES-09)", async () => {
    const site = await begun();
    await tell(site, "licenses", "found");
    expect(JSON.stringify((await screenOf(site, "create")).acts)).toContain(`answer ${idOf("licenses")} again`);
    await tell(site, "create", "not-done");
    await tell(site, "licenses", "absent");
    await tell(site, "park", "done");
    expect(await offered(site)).toEqual(["create"]);
  });

  test("who closes a user looks for it before it is asked whether it is there", async () => {
    const site = await parked();
    await abandon(site, (await runs(site))[0]);
    const { acts } = await screenOf(site, "external");
    const at = (find: (act: (typeof acts)[number]) => boolean): number => acts.findIndex(find);
    const asks = at((act) => JSON.stringify(act).includes("Is sys.fuel not in the list?"));
    expect(asks).toBeGreaterThan(at(({ act }) => act === "search"));
    expect(asks).toBe(at(({ act }) => act === "open") - 1);
    const { plan } = (await runs(site))[0]!;
    const closing = plan.steps.filter(({ operation }) => operation === "external" || operation === "deactivate");
    expect(closing.map(({ title }) => title.includes("sys.fuel"))).toEqual([true, true]);
  });
});
