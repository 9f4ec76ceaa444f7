import { describe, expect, test } from "vitest";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import { fuelAndToken, VesonWorld, vesonManifest } from "./world/veson-world.ts";

/** A system user with its token from nothing, by the console, in the order of the vendor's document. */

type Settings = Omit<VesonSimulatorOptions, "now" | "sleep">;

/** Applies the usual two resources; `limit` is what the manifest says of the licenses, the true one unless it says otherwise. */
async function make(settings: Settings, license: { limit?: number | undefined; borrow_from?: string[] } = {}) {
  const world = new VesonWorld(settings);
  const { limit = world.veson.store.licenseLimit, ...rest } = license;
  const text = vesonManifest(fuelAndToken, { license: { limit, borrow_from: ["j.doe"], ...rest } });
  await world.trust(text);
  const before = world.user("j.doe");
  const report = await world.apply(text);
  const results = Object.fromEntries(report.steps.map(({ step, result }) => [step.id.split("/")[1], result]));
  return { world, text, report, results, before };
}

/** The system user is as the document leaves one, its token works and lies in the sink, and a new plan is empty. */
async function expectMade({ world, text, before }: Awaited<ReturnType<typeof make>>): Promise<void> {
  const { userName, fullName, email, isInactive, isExternalOnly, rights, token } = world.user("sys.fuel");
  expect({ userName, fullName, email, isInactive, isExternalOnly, rights }).toEqual({
    ...{ userName: "sys.fuel", fullName: "Fuel export", email: "sys.fuel@shipping.example" },
    ...{ isInactive: false, isExternalOnly: true, rights: { "veslink/api-read": "delete" } },
  });
  expect(await world.secret(text, "FUEL_TOKEN")).toBe(token);
  expect(await world.secret(text, "FUEL_PASSWORD")).toBe(world.user("sys.fuel").password);
  expect({ ...world.user("j.doe"), modified: 0 }).toEqual({ ...before, modified: 0 });
  // A code of the authenticator counts once.
  world.clock.advance(60_000);
  expect((await world.plan(text)).changes).toEqual([]);
}

/** What was saved, in order. */
function written(world: VesonWorld): string[] {
  return world.veson.store.mutatingCalls.filter(({ committed }) => committed).map(({ method }) => method);
}

describe("a system user with its token", () => {
  test("is made without touching anybody while a license is free", async () => {
    const made = await make({ seatsFree: 1 });
    expect(made.report.outcome).toBe("done");
    expect(made.results).toMatchObject({
      licenses: "done",
      park: "not-needed",
      unpark: "not-needed",
      external: "done",
    });
    await expectMade(made);
    expect(written(made.world)).toEqual([
      ...["console/users/add", "console/veslink/add"],
      ...["console/users/save", "console/users/save", "console/users/save"],
    ]);
  });

  test("borrows the license of whoever agreed where none is free, and gives it back last", async () => {
    const made = await make({ seatsFree: 0 });
    expect(made.report.outcome).toBe("done");
    expect(made.results).toMatchObject({ park: "done", create: "done", "park:late": "not-needed", unpark: "done" });
    await expectMade(made);
  });

  test("borrows one late where the limit of the manifest is wrong and the save is refused", async () => {
    const made = await make({ seatsFree: 0 }, { limit: 100 });
    expect(made.report.outcome).toBe("done");
    expect(made.results).toMatchObject({ park: "not-needed", create: "refused", "park:late": "done" });
    expect(made.results).toMatchObject({ "create:late": "done", unpark: "done" });
    await expectMade(made);
  });

  test("needs no Veslink account where the permissions show at once", async () => {
    const made = await make({ apiRightsDelayMs: 0 });
    expect(made.results).toMatchObject({ veslink: "not-needed", rights: "done" });
    await expectMade(made);
  });

  test.each<[string, Settings]>([
    ["rights are plain check boxes", { apiRightsControl: "checkbox" }],
    ["the list has only the documented columns", { listColumns: "narrow", seatsFree: 0 }],
    ["the list shows inactive users by itself", { inactiveListed: true }],
    ["a token shows when it is requested", { tokenShown: "on-request" }],
    ["a token shows once", { tokenReadableAgain: false }],
    ["a token works only with External Access Only", { tokenWorksBeforeExternalOnly: false }],
    ["a second factor is asked for", { signInMode: "mfa" }],
    ["a save writes the whole panel", { saveWrites: "panel" }],
    ["the list has pages", { consolePageSize: 3, seatsFree: 0 }],
    ["a full license stops New User already", { seatCheckedAt: "new-user", seatsFree: 0 }],
  ])("is made where %s", async (_name, settings) => {
    const made = await make(settings);
    expect(made.report.steps.filter(({ result }) => result === "failed")).toEqual([]);
    await expectMade(made);
  });
});
