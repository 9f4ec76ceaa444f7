import { beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../src/hands/forms/element.ts";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import type { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import {
  addUser,
  addVeslinkAccount,
  chooseRight,
  expand,
  grantApi,
  makeVeson,
  openConsole,
  openRow,
  rightOf,
  type TestConsole,
  userOf,
} from "./veson-client.ts";

let simulator: VesonSimulator;
let clock: { ms: number };
let admin: TestConsole;

async function renew(options: VesonSimulatorOptions = {}): Promise<void> {
  ({ simulator, clock } = makeVeson(options));
  admin = await openConsole(simulator);
}
beforeEach(() => renew());

const veslink = "Veslink (Voyage Reporting)";
const apiRows = () =>
  admin
    .all("rowheader")
    .map(textOf)
    .filter((name) => name.startsWith("API "));
const openRights = async (name: string, module = veslink) => {
  await openRow(admin, name);
  await admin.click("tab", "Access Rights");
  await expand(admin, module);
};
const boxOf = (label: string) => admin.find("checkbox", label, admin.row(label)).attributes;
const pressBox = (label: string) => admin.click("checkbox", label, admin.row(label));

describe("a right selector", () => {
  it("is no check box: it cannot be filled in, and its value stands beside it in words", async () => {
    await openRights("m.ortega");
    expect(() => admin.fill("API Read", true)).toThrow("is no check box");
    expect([rightOf(admin, "API Read"), boxOf("API Read").get("aria-checked")]).toEqual(["No Rights", "false"]);
    for (const right of ["Read, Write, and Delete", "Read and Write", "Read Only", "All Rights Denied"]) {
      await chooseRight(admin, "API Read", right);
      expect([rightOf(admin, "API Read"), boxOf("API Read").get("aria-checked")]).toEqual([right, "true"]);
    }
    await chooseRight(admin, "API Read", "No Rights");
    expect(rightOf(admin, "API Read")).toBe("No Rights");
  });

  it("is selected and cleared by a press", async () => {
    await openRights("m.ortega", "Operations");
    await pressBox("Voyages");
    expect(rightOf(admin, "Voyages")).toBe("Read, Write, and Delete");
    await pressBox("Voyages");
    expect(rightOf(admin, "Voyages")).toBe("No Rights");
  });

  it("goes around by presses on an older site, where there is no menu", async () => {
    await renew({ rightSelector: "cycle" });
    await openRights("m.ortega", "Operations");
    const seen: string[] = [];
    for (let press = 0; press < 5; press += 1) {
      await pressBox("Voyages");
      seen.push(rightOf(admin, "Voyages"));
    }
    expect(seen).toEqual(["Read, Write, and Delete", "Read and Write", "Read Only", "All Rights Denied", "No Rights"]);
    expect(admin.all("menuitem", "Read Only")).toEqual([]);
  });

  it("of a module gives the right to all its items, and shows when they differ", async () => {
    await openRights("m.ortega");
    await chooseRight(admin, veslink, "Read Only");
    expect(["Forms", "API Read", "API Write", "API IMOS Message"].map((label) => rightOf(admin, label))).toEqual(
      Array.from({ length: 4 }, () => "Read Only"),
    );
    await chooseRight(admin, "API Write", "All Rights Denied");
    expect([rightOf(admin, veslink), boxOf(veslink).get("aria-checked")]).toEqual([
      ...["Some rights assigned at a lower level", "mixed"],
    ]);
    await admin.click("button", "Save");
    expect(userOf(simulator, "m.ortega").rights).toEqual({
      ...{ "veslink/forms": "read", "veslink/api-read": "read" },
      ...{ "veslink/api-write": "denied", "veslink/api-imos-message": "read" },
    });
    await openRights("m.ortega");
    expect(rightOf(admin, "API Write")).toBe("All Rights Denied");
  });

  it("counts only after Save, and the branch stays open after it", async () => {
    await openRights("m.ortega");
    await chooseRight(admin, "API Read", "Read Only");
    expect(userOf(simulator, "m.ortega").rights).toEqual({});
    await admin.click("tab", "Profile");
    await admin.click("button", "Save");
    expect(userOf(simulator, "m.ortega").rights).toEqual({ "veslink/api-read": "read" });
    await admin.click("tab", "Access Rights");
    expect(rightOf(admin, "API Read")).toBe("Read Only");
    await expand(admin, "Vessel");
    await admin.click("button", `Expand ${veslink}`);
    expect([apiRows(), admin.all("rowheader", "MV Aurora").length]).toEqual([[], 1]);
  });

  it("of objects and of groups works the same", async () => {
    await openRights("Chartering", "Vessel");
    expect([rightOf(admin, "Vessel"), rightOf(admin, "MV Aurora")]).toEqual(["Read Only", "Read Only"]);
    await pressBox("Vessel");
    await admin.click("button", "Save");
    expect(simulator.store.group("Chartering")!.rights).toEqual({
      ...{ "chartering/estimates": "delete", "operations/voyages": "write" },
    });
  });

  it("shows on a user what the user was given, not what groups give", async () => {
    await openRights("j.doe", "Operations");
    expect(rightOf(admin, "Voyages")).toBe("No Rights");
  });

  it("does nothing for a right that the panel does not have", async () => {
    await openRights("m.ortega");
    const path = /action="(\/data-center\/security\/user-panels[^"]+)"/.exec(admin.source)![1]!;
    for (const press of [
      "right:nothing:delete",
      "right:veslink/api-read:all",
      "toggle:constructor",
      "expand:",
      "right",
    ]) {
      await admin.post(path, { shown: "rights", press });
      expect([press, admin.status, rightOf(admin, "API Read")]).toEqual([press, 200, "No Rights"]);
    }
  });

  it("of an API permission can be a plain check box", async () => {
    await renew({ apiRightsControl: "checkbox" });
    await openRights("j.doe");
    expect([admin.value("API Read"), admin.value("API Write")]).toEqual([true, false]);
    admin.fill("API Write", true);
    admin.fill("API Read", false);
    await admin.click("button", `Expand ${veslink}`);
    await admin.click("button", "Save");
    expect(userOf(simulator, "j.doe").rights).toEqual({ "veslink/api-write": "delete" });
  });
});

describe("the API permissions of a new user", () => {
  const permissions = ["API Read", "API Write", "API IMOS Message"];

  it("come a while after the user, when the panel is opened again", async () => {
    await addUser(admin);
    await openRights("sys.fuel");
    expect(apiRows()).toEqual([]);
    clock.ms += 15 * 60 * 1000 - 1;
    await openRights("sys.fuel");
    expect([apiRows(), admin.all("rowheader", "Forms").length]).toEqual([[], 1]);
    clock.ms += 1;
    await admin.click("tab", "Profile");
    await admin.click("tab", "Access Rights");
    expect(apiRows()).toEqual([]);
    await openRights("sys.fuel");
    expect(apiRows()).toEqual(permissions);
  });

  it("are there at once when the Veslink account exists", async () => {
    await addUser(admin);
    await addVeslinkAccount(admin, "sys.fuel");
    await openRights("sys.fuel");
    expect(apiRows()).toEqual(permissions);
  });

  it("can come to an open panel, and on some sites with the first save", async () => {
    await renew({ openPanelSeesApiRights: true });
    await addUser(admin);
    await admin.click("tab", "Access Rights");
    await expand(admin, veslink);
    simulator.store.addVeslinkAccount({ userName: "SYS.FUEL", password: "x" });
    await admin.click("tab", "Access Rights");
    expect(apiRows()).toEqual(permissions);
    await renew({ apiRightsDelayMs: 0 });
    await admin.goto("/data-center/security/new-user?tab=rights&expanded=veslink");
    expect(apiRows()).toEqual(permissions);
  });

  it("never come where the module APIs is not licensed", async () => {
    simulator.store.isApiLicensed = false;
    await openRights("m.ortega");
    expect(apiRows()).toEqual([]);
    await openRights("Chartering");
    expect(apiRows()).toEqual([]);
  });

  it("are left alone by a right that is given to the module while they are not there", async () => {
    await addUser(admin);
    await openRights("sys.fuel");
    await chooseRight(admin, veslink, "Read Only");
    await admin.click("button", "Save");
    expect(userOf(simulator, "sys.fuel").rights).toEqual({ "veslink/forms": "read" });
  });
});

describe("rights of a user who does not count", () => {
  it.each(["sys.reports", "r.winter", "kiosk"])("%s cannot be changed, and the page says so", async (name) => {
    const before = userOf(simulator, name).rights;
    await openRow(admin, name);
    await grantApi(admin, "API Write");
    expect([admin.status, admin.alert()]).toEqual([
      ...[422, "Rights can be set only while the user counts against the license limit."],
    ]);
    expect(admin.text()).toContain("rights can be set only while it does");
    expect(userOf(simulator, name).rights).toEqual(before);
  });

  it("cannot be changed by the save that makes it not count, and can by the one that makes it count", async () => {
    await openRights("m.ortega");
    await chooseRight(admin, "API Read", "Read Only");
    await admin.click("tab", "Profile");
    admin.fill("External Access Only", true);
    await admin.click("button", "Save");
    expect([admin.status, userOf(simulator, "m.ortega").isExternalOnly]).toEqual([422, false]);
    await openRights("sys.reports");
    await chooseRight(admin, "API Write", "Read Only");
    await admin.click("tab", "Profile");
    admin.fill("External Access Only", false);
    await admin.click("button", "Save");
    expect(userOf(simulator, "sys.reports")).toMatchObject({
      isExternalOnly: false,
      rights: { "veslink/api-write": "read" },
    });
  });

  it("can be dropped without a word, or be allowed", async () => {
    for (const [rightsWithoutSeat, saved] of [
      ["dropped", undefined],
      ["allowed", "read"],
    ] as const) {
      await renew({ rightsWithoutSeat });
      await openRow(admin, "sys.reports");
      await grantApi(admin, "API Write");
      expect(admin.all("status")).toHaveLength(1);
      expect([rightsWithoutSeat, userOf(simulator, "sys.reports").rights["veslink/api-write"]]).toEqual([
        rightsWithoutSeat,
        saved,
      ]);
      expect(rightOf(admin, "API Write")).toBe(saved === undefined ? "No Rights" : "Read Only");
    }
  });

  it("do not stop other changes of the same user", async () => {
    await openRow(admin, "sys.reports");
    admin.fill("Full Name", "Other name");
    await admin.click("button", "Save");
    expect(userOf(simulator, "sys.reports").fullName).toBe("Other name");
  });
});
