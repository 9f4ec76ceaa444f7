import { beforeEach, describe, expect, it } from "vitest";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import type { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import {
  addUser,
  goToList,
  makeSystemUser,
  makeVeson,
  openConsole,
  openRow,
  systemUser,
  type TestConsole,
  userOf,
  works,
} from "./veson-client.ts";

let simulator: VesonSimulator;
let admin: TestConsole;

async function renew(options: VesonSimulatorOptions = {}): Promise<void> {
  ({ simulator } = makeVeson(options));
  admin = await openConsole(simulator);
}
beforeEach(() => renew({ seatsFree: 0 }));

/** Sets a flag of a user on the panel and saves. */
async function setFlag(name: string, flag: string, value: boolean): Promise<void> {
  await openRow(admin, name);
  admin.fill(flag, value);
  await admin.click("button", "Save");
}

const noLicense = expect.stringMatching(/^No license is left\. 5 users count against the limit of 5/);

describe("the license count", () => {
  it("has active users who are neither External Access Only nor Authentication Only", async () => {
    // s.harper, g.lund, j.doe, m.ortega and p.okafor; not r.winter, kiosk and sys.reports.
    expect([simulator.store.seatsUsed, simulator.store.licenseLimit]).toEqual([5, 5]);
    for (const flag of ["Inactive", "External Access Only", "Authentication Only"]) {
      await setFlag("m.ortega", flag, true);
      expect([flag, simulator.store.seatsUsed]).toEqual([flag, 4]);
      await setFlag("m.ortega", flag, false);
      expect([flag, simulator.store.seatsUsed]).toEqual([flag, 5]);
    }
    await setFlag("m.ortega", "Read-Only", true);
    expect(simulator.store.seatsUsed).toBe(5);
  });

  it("leaves out the users of a group that is inactive or Authentication Only", async () => {
    for (const flag of ["Inactive", "Authentication Only"]) {
      await openRow(admin, "Chartering");
      admin.fill(flag, true);
      await admin.click("button", "Save");
      expect([flag, simulator.store.seatsUsed]).toEqual([flag, 3]);
      admin.fill(flag, false);
      await admin.click("button", "Save");
      expect([flag, simulator.store.seatsUsed]).toEqual([flag, 5]);
    }
  });

  it("shows nowhere, or on a page of its own where a switch wants it", async () => {
    await admin.goto("/about");
    expect([admin.status, admin.all("menuitem", "About")]).toEqual([404, []]);
    await renew({ licenseShown: "about", seatsFree: 3 });
    await admin.click("menuitem", "About");
    expect(admin.text()).toContain("License Limit 8");
  });
});

describe("a full license", () => {
  it("refuses a new user who would count, and takes one who does not", async () => {
    await addUser(admin);
    expect([admin.status, admin.alert(), simulator.store.user("sys.fuel")]).toEqual([422, noLicense, undefined]);
    expect(admin.value("User Name")).toBe("sys.fuel");
    await addUser(admin, { ...systemUser, "External Access Only": true });
    expect([admin.status, simulator.store.seatsUsed]).toEqual([200, 5]);
  });

  it("refuses to let somebody count again: active, not external, not of an inactive group", async () => {
    await setFlag("r.winter", "Inactive", false);
    expect([admin.alert(), userOf(simulator, "r.winter").isInactive]).toEqual([noLicense, true]);
    await setFlag("sys.reports", "External Access Only", false);
    expect([admin.alert(), userOf(simulator, "sys.reports").isExternalOnly]).toEqual([noLicense, true]);
    await setFlag("kiosk", "Authentication Only", false);
    expect([admin.alert(), userOf(simulator, "kiosk").isAuthenticationOnly]).toEqual([noLicense, true]);
  });

  it("refuses Activate of the list as a whole, even if one of the selection would fit", async () => {
    await renew({ seatsFree: 1 });
    await setFlag("m.ortega", "Inactive", true);
    simulator.store.licenseLimit = 5;
    await goToList(admin);
    admin.fill("Status", "Inactive");
    await admin.click("button", "Search");
    for (const name of ["m.ortega", "r.winter"]) admin.fill(`Select ${name}`, true);
    await admin.click("link", "Activate");
    expect([admin.status, admin.alert()]).toEqual([409, expect.stringContaining("No license is left")]);
    expect([userOf(simulator, "m.ortega").isInactive, userOf(simulator, "r.winter").isInactive]).toEqual([true, true]);
  });

  it("refuses to activate a group whose members do not fit", async () => {
    const group = simulator.store.addGroup({ name: "Interns", isInactive: true });
    simulator.store.addUser({ userName: "intern", groupIds: [group.id] });
    expect(simulator.store.seatsUsed).toBe(5);
    await openRow(admin, "Interns");
    admin.fill("Inactive", false);
    await admin.click("button", "Save");
    expect([admin.alert(), simulator.store.group("Interns")!.isInactive]).toEqual([noLicense, true]);
    admin.fill("intern", false);
    await admin.click("button", "Save");
    expect([admin.alert(), userOf(simulator, "intern").groupIds]).toEqual([noLicense, [group.id]]);
  });

  it("never stops what lets fewer users count, not even above the limit", async () => {
    simulator.store.licenseLimit = 2;
    await setFlag("m.ortega", "Inactive", true);
    await openRow(admin, "p.okafor");
    admin.fill("Full Name", "Paul O.");
    await admin.click("button", "Save");
    expect([simulator.store.seatsUsed, userOf(simulator, "p.okafor").fullName]).toEqual([4, "Paul O."]);
  });

  it("can refuse already when New User is chosen", async () => {
    await renew({ seatsFree: 0, seatCheckedAt: "new-user" });
    await goToList(admin);
    await admin.click("menuitem", "New User");
    expect([admin.status, admin.alert()]).toEqual([409, noLicense]);
    await setFlag("m.ortega", "Inactive", true);
    await goToList(admin);
    await admin.click("menuitem", "New User");
    expect(admin.status).toBe(200);
  });
});

describe("a borrowed license, as the document describes it", () => {
  it("is another user's, who is active again once the system user is external", async () => {
    await setFlag("m.ortega", "Inactive", true);
    const token = await makeSystemUser(admin);
    expect(simulator.store.seatsUsed).toBe(4);
    await setFlag("m.ortega", "Inactive", false);
    expect([simulator.store.seatsUsed, userOf(simulator, "m.ortega").isInactive]).toEqual([5, false]);
    expect(await works(simulator, token)).toBe(true);
  });

  it("cannot be given back while the system user still counts", async () => {
    await setFlag("m.ortega", "Inactive", true);
    await addUser(admin);
    await setFlag("m.ortega", "Inactive", false);
    expect([admin.alert(), userOf(simulator, "m.ortega").isInactive]).toEqual([noLicense, true]);
    await setFlag("sys.fuel", "Inactive", true);
    await setFlag("m.ortega", "Inactive", false);
    expect(userOf(simulator, "m.ortega").isInactive).toBe(false);
  });

  it("may be taken by somebody else meanwhile", async () => {
    await setFlag("m.ortega", "Inactive", true);
    simulator.store.changeUser(userOf(simulator, "r.winter").id, { isInactive: false });
    await addUser(admin);
    expect([admin.alert(), simulator.store.user("sys.fuel")]).toEqual([noLicense, undefined]);
  });
});
