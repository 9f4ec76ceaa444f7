import { beforeEach, describe, expect, it } from "vitest";
import type { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import {
  chooseRight,
  expand,
  fillAll,
  goToList,
  makeVeson,
  openConsole,
  openRow,
  type TestConsole,
  userOf,
  works,
} from "./veson-client.ts";

let simulator: VesonSimulator;
let admin: TestConsole;

beforeEach(async () => {
  ({ simulator } = makeVeson());
  admin = await openConsole(simulator);
});

const newGroup = async (fields: Record<string, string | boolean>) => {
  await goToList(admin);
  await admin.click("button", "+");
  await admin.click("menuitem", "New Group");
  fillAll(admin, fields);
};
const idOf = (name: string) => simulator.store.group(name)!.id;

describe("a new group", () => {
  it("is saved with details, members and rights at once", async () => {
    await newGroup({ "Group Name": "Integrations", Description: "Programs", "j.doe": true, "sys.reports": true });
    await admin.click("tab", "Access Rights");
    await expand(admin, "Veslink (Voyage Reporting)");
    await chooseRight(admin, "API Write", "Read and Write");
    await admin.click("button", "Save");
    const group = simulator.store.group("Integrations")!;
    expect(group).toMatchObject({
      description: "Programs",
      rights: { "veslink/api-write": "write" },
      isInactive: false,
    });
    expect(userOf(simulator, "j.doe").groupIds).toEqual([idOf("Chartering"), group.id]);
    expect(userOf(simulator, "sys.reports").groupIds).toEqual([group.id]);
    expect(userOf(simulator, "m.ortega").groupIds).toEqual([idOf("Chartering")]);
    expect(simulator.store.mutatingCalls.map(({ method }) => method)).toEqual(["console/groups/add"]);
  });

  it("wants a name of its own, in any letter case", async () => {
    for (const [name, says] of [
      ["", "The group name is missing."],
      ["chartering", "There is a group Chartering already."],
    ] as const) {
      await newGroup({ "Group Name": name });
      await admin.click("button", "Save");
      expect([admin.status, admin.alert()]).toEqual([422, says]);
    }
    expect(simulator.store.groups.size).toBe(3);
    await newGroup({ "Group Name": "j.doe" });
    await admin.click("button", "Save");
    expect(simulator.store.group("j.doe")).toBeDefined();
  });

  it("takes a description of 100 characters and none that is longer", async () => {
    await newGroup({ "Group Name": "Long" });
    expect(() => admin.fill("Description", "x".repeat(101))).toThrow("takes at most 100 characters");
    const path = /action="(\/data-center\/security\/new-groups[^"]+)"/.exec(admin.source)![1]!;
    const typed = { shown: "profile", press: "save", "group-name": "Long" };
    await admin.post(path, { ...typed, description: "x".repeat(101) });
    expect([admin.status, admin.alert()]).toEqual([422, "The description is longer than 100 characters."]);
    await admin.post(path, { ...typed, description: "x".repeat(100) });
    expect(simulator.store.group("Long")!.description).toHaveLength(100);
  });
});

describe("an existing group", () => {
  it("changes its members on the panel, and only those that were changed", async () => {
    await openRow(admin, "Chartering");
    expect([admin.value("j.doe"), admin.value("m.ortega"), admin.value("p.okafor")]).toEqual([true, true, false]);
    simulator.store.changeUser(userOf(simulator, "g.lund").id, { groupIds: [idOf("Chartering")] });
    fillAll(admin, { "m.ortega": false, "p.okafor": true });
    await admin.click("tab", "Access Rights");
    await admin.click("tab", "Profile");
    await admin.click("button", "Save");
    const members = simulator.store.users.values().filter(({ groupIds }) => groupIds.includes(idOf("Chartering")));
    expect(members.map(({ userName }) => userName)).toEqual(["g.lund", "j.doe", "p.okafor"]);
  });

  it("inactivates its members with it: they cannot sign in, and their tokens are refused", async () => {
    const { business } = simulator.world;
    await openRow(admin, "Chartering");
    admin.fill("Inactive", true);
    await admin.click("button", "Save");
    expect([await works(simulator, business.token), userOf(simulator, "j.doe").isInactive]).toEqual([false, false]);
    await expect(openConsole(simulator, "business")).rejects.toThrow("does not let");
    await goToList(admin);
    expect([admin.all("link", "j.doe"), admin.all("link", "Chartering")]).toEqual([[], []]);
  });

  it("disables its rights with Authentication Only", async () => {
    await openRow(admin, "Chartering");
    admin.fill("Authentication Only", true);
    await admin.click("button", "Save");
    expect(await works(simulator, simulator.world.business.token)).toBe(false);
  });

  it("makes its members Security Admins, who may not change other users by that", async () => {
    await openRow(admin, "Chartering");
    admin.fill("Security Admin", true);
    await admin.click("button", "Save");
    const business = await openConsole(simulator, "business");
    await openRow(business, "m.ortega");
    expect([business.status, business.all("button", "Save")]).toEqual([200, []]);
    await business.goto("/data-center/security/new-user");
    expect([business.status, business.alert()]).toEqual([403, "Only a Security Admin may change users."]);
  });
});
