import { describe, expect, test } from "vitest";
import { askedStep } from "../src/apply/answer.ts";
import { loansOut } from "../src/run.ts";
import type { AnswerResult } from "../src/screen.ts";
import { fuelAndToken, makeSite, planned, type Site } from "./veson-fixture.ts";
import { confirmIn } from "./world/people-world.ts";

/** Work of people that does not come to its end: whatever is true can be told, and something always leads on. */

const idOf = (operation: string): string =>
  operation === "request" ? "veson_api_token.fuel/request" : `veson_user.fuel/${operation}`;

const tell = ({ world, text }: Site, operation: string, result: AnswerResult, fields: Record<string, string> = {}) =>
  confirmIn(world, text, idOf(operation), result, { fields });

/** What people are asked for, after `apply --abandon` or an answer. */
async function asked({ world, text }: Site): Promise<string[]> {
  const { state } = await world.open(text);
  return Object.values(state.runs).flatMap((run) =>
    Object.entries(run.steps).flatMap(([id, { state: now }]) => (now === "asked" ? [id.split("/")[1] ?? ""] : [])),
  );
}

const runs = async ({ world, text }: Site) => Object.values((await world.open(text)).state.runs);

/** A run in which j.doe is parked and the user is asked for. */
async function parked(): Promise<Site> {
  const site = await makeSite(fuelAndToken, { seatsFree: 0 }, { hand: "person" });
  await site.world.apply(site.text);
  await tell(site, "observe", "absent");
  await tell(site, "licenses", "absent");
  await tell(site, "park", "done");
  expect(await asked(site)).toContain("create");
  return site;
}

async function abandoned(site: Site): Promise<void> {
  const [run] = await runs(site);
  await site.world.abandon(site.text, run?.id ?? "");
}

/** The same with the user made, up to the end of its window. */
async function made(rights: "done" | "failed" = "failed"): Promise<Site> {
  const site = await parked();
  await tell(site, "create", "done");
  await tell(site, "permissions", "found");
  const shown = { api_read: "delete", api_write: "none", api_imos_message: "none" };
  await tell(site, "rights", rights, rights === "done" ? shown : {});
  if (rights === "done") await tell(site, "request", "failed");
  return site;
}

describe("a run that a person gives up while somebody is parked", () => {
  test("leads on by what is true: a user that was never made is told to be absent, and the license goes back (VES-08)", async () => {
    const site = await parked();
    await abandoned(site);
    const { screen } = askedStep(await site.world.open(site.text), idOf("external"));
    expect(screen.results).toContainEqual({
      result: "absent",
      means: "there is no sys.fuel: it was never made",
      asks: [],
    });
    await tell(site, "external", "absent");
    const { runEnded } = await tell(site, "unpark", "done");
    expect(runEnded).toBe("abandoned");
    expect(await runs(site)).toEqual([]);
    expect((await site.world.open(site.text)).state.entries).toEqual({});
    expect((await planned(site)).changes).toContain("create veson_user.fuel");
  });

  test("takes a user that was made and not told to its end, records it, and the next plan gives it back unasked", async () => {
    const site = await parked();
    await abandoned(site);
    await tell(site, "external", "failed");
    await tell(site, "deactivate", "done");
    expect((await tell(site, "unpark", "done")).runEnded).toBe("abandoned");
    expect((await site.world.open(site.text)).state.entries).toMatchObject({ "veson_user.fuel": { id: "sys.fuel" } });
    expect((await planned(site)).changes).toContain("revive veson_user.fuel");
  });
});

describe("a person who cannot close a user", () => {
  test("is asked to make it inactive, and the next plan gives it back unasked (VES-07)", async () => {
    const site = await made();
    expect(await tell(site, "external", "failed")).toMatchObject({
      became: "failed",
      next: [{ operation: "deactivate" }],
    });
    await tell(site, "deactivate", "done");
    expect((await tell(site, "unpark", "done")).runEnded).toBe("dropped");
    expect((await planned(site)).changes).toContain("revive veson_user.fuel");
  });

  test("nor make it inactive is believed: the run ends, and the next plan closes it (VES-05)", async () => {
    const site = await made("done");
    await tell(site, "external", "failed");
    expect(await tell(site, "deactivate", "failed")).toMatchObject({
      became: "failed",
      next: [{ operation: "unpark" }],
    });
    expect((await tell(site, "unpark", "done")).runEnded).toBe("dropped");
    const { changes, steps } = await planned(site);
    expect(changes).toContain("update veson_user.fuel");
    expect(steps).toEqual(["request", "prove", "update"]);
    await site.world.apply(site.text);
    await tell(site, "update", "done");
    expect((await planned(site)).changes).not.toContain("update veson_user.fuel");
  });

  test("ends an abandoned run in the same way", async () => {
    const site = await made();
    await abandoned(site);
    await tell(site, "external", "failed");
    await tell(site, "deactivate", "failed");
    expect((await tell(site, "unpark", "done")).runEnded).toBe("abandoned");
    expect(await runs(site)).toEqual([]);
  });
});

describe("a person who cannot give the license back", () => {
  test("is recorded, and asked again as long as it is owed (VES-08)", async () => {
    const site = await parked();
    await abandoned(site);
    await tell(site, "external", "absent");
    const report = await tell(site, "unpark", "failed");
    expect(report).toMatchObject({ became: "open", next: [{ operation: "unpark" }] });
    expect(loansOut((await site.world.open(site.text)).state)).toMatchObject([{ from: "j.doe" }]);
    expect((await runs(site))[0]?.answers[idOf("unpark")]).toMatchObject({ result: "failed" });
    expect((await tell(site, "unpark", "done")).runEnded).toBe("abandoned");
  });
});
