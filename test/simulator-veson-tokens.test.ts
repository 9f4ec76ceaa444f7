import { beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../src/hands/forms/element.ts";
import type { VesonSimulatorOptions } from "../src/simulators/veson/options.ts";
import type { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import {
  addUser,
  addVeslinkAccount,
  fillAll,
  goodPassword,
  grantApi,
  makeVeson,
  openConsole,
  openRow,
  requestToken,
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
beforeEach(() => renew());

const shown = () => (admin.all("textbox", "API Token").length > 0 ? admin.secret("API Token").reveal() : undefined);
const save = () => admin.click("button", "Save");

describe("requesting a token", () => {
  it("counts with the save: until then the one before works, and then only the new one", async () => {
    const before = simulator.world.system.token;
    await openRow(admin, "sys.reports");
    await admin.click("button", "Request New API Token");
    expect([shown(), await works(simulator, before)]).toEqual([undefined, true]);
    expect(admin.text()).toContain("Not saved");
    await save();
    expect(admin.text()).not.toContain("Not saved");
    const token = shown();
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect([await works(simulator, before), await works(simulator, token)]).toEqual([false, true]);
    expect(userOf(simulator, "sys.reports").token).toBe(token);
  });

  it("is forgotten when the panel is closed without a save", async () => {
    await openRow(admin, "sys.reports");
    await admin.click("button", "Request New API Token");
    await admin.click("button", "Close");
    await openRow(admin, "sys.reports");
    expect(shown()).toBe(simulator.world.system.token);
  });

  it("needs no license and no interactive sign-in: the user may be external only", async () => {
    await renew({ seatsFree: 0 });
    await openRow(admin, "sys.reports");
    expect(await works(simulator, await requestToken(admin))).toBe(true);
    expect(userOf(simulator, "sys.reports").isExternalOnly).toBe(true);
  });

  it("wants a user that is saved, with a permission that is saved", async () => {
    await admin.goto("/data-center/security/new-user");
    await admin.click("button", "Request New API Token");
    expect([admin.status, admin.alert()]).toEqual([422, "Save the user first, then request its token."]);
    await openRow(admin, "m.ortega");
    await admin.click("button", "Request New API Token");
    expect([admin.status, admin.alert()]).toEqual([422, expect.stringContaining("no Veslink API permission")]);
    await grantApi(admin);
    expect(await works(simulator, await requestToken(admin))).toBe(true);
  });

  it("can be allowed without a permission, which makes a token that is let in nowhere", async () => {
    await renew({ tokenNeedsPermission: false });
    await openRow(admin, "m.ortega");
    const token = await requestToken(admin);
    expect([userOf(simulator, "m.ortega").token, await works(simulator, token)]).toEqual([token, false]);
  });

  it("keeps what was typed beside it", async () => {
    await openRow(admin, "sys.reports");
    admin.fill("Full Name", "Other");
    await admin.click("button", "Request New API Token");
    expect(admin.value("Full Name")).toBe("Other");
    await save();
    expect(userOf(simulator, "sys.reports").fullName).toBe("Other");
  });
});

describe("a token on the screen", () => {
  it("can be read again at any time", async () => {
    for (let time = 0; time < 3; time += 1) {
      await openRow(admin, "sys.reports");
      expect(shown()).toBe(simulator.world.system.token);
    }
  });

  it("can show once only, after the save", async () => {
    await renew({ tokenReadableAgain: false });
    await openRow(admin, "sys.reports");
    expect([shown(), admin.text().includes("There is a token.")]).toEqual([undefined, true]);
    const token = await requestToken(admin);
    expect(token).toBe(userOf(simulator, "sys.reports").token);
    await openRow(admin, "sys.reports");
    expect(shown()).toBeUndefined();
  });

  it("can show with the request already, before it works", async () => {
    await renew({ tokenShown: "on-request" });
    await openRow(admin, "sys.reports");
    await admin.click("button", "Request New API Token");
    const token = shown();
    expect(await works(simulator, token)).toBe(false);
    await save();
    expect([shown(), await works(simulator, token)]).toEqual([token, true]);
  });
});

describe("the end of a token", () => {
  it("is Clear and save", async () => {
    const { token } = simulator.world.system;
    await openRow(admin, "sys.reports");
    await admin.click("button", "Clear API Token");
    expect(await works(simulator, token)).toBe(true);
    await save();
    expect([await works(simulator, token), userOf(simulator, "sys.reports").token]).toEqual([false, null]);
    expect([shown(), admin.all("button", "Clear API Token")]).toEqual([undefined, []]);
  });

  it.each([true, false])("with deactivation is a switch: it survives %j", async (tokenSurvivesDeactivation) => {
    await renew({ tokenSurvivesDeactivation });
    const { token } = simulator.world.system;
    for (const isInactive of [true, false]) {
      await openRow(admin, "sys.reports");
      admin.fill("Inactive", isInactive);
      await save();
      expect(await works(simulator, token)).toBe(!isInactive && tokenSurvivesDeactivation);
    }
    expect(userOf(simulator, "sys.reports").token).toBe(tokenSurvivesDeactivation ? token : null);
  });

  it.each([true, false])(
    "with the list's Deactivate is the same switch: it survives %j",
    async (tokenSurvivesDeactivation) => {
      await renew({ tokenSurvivesDeactivation });
      await admin.goto("/data-center/security");
      admin.fill("Select sys.reports", true);
      await admin.click("link", "Deactivate");
      expect(userOf(simulator, "sys.reports").token !== null).toBe(tokenSurvivesDeactivation);
    },
  );

  it.each([true, false])(
    "with the last API permission is a switch: it survives %j",
    async (tokenSurvivesRevocation) => {
      await renew({ tokenSurvivesRevocation });
      const { token } = simulator.world.business;
      await openRow(admin, "j.doe");
      await grantApi(admin, "API Read", "No Rights");
      expect([await works(simulator, token), userOf(simulator, "j.doe").token !== null]).toEqual([
        false,
        tokenSurvivesRevocation,
      ]);
      await grantApi(admin);
      expect(await works(simulator, token)).toBe(tokenSurvivesRevocation);
    },
  );
});

describe("My Profile", () => {
  it("is behind the first two letters of one's initials, and requests and clears one's own token", async () => {
    const business = await openConsole(simulator, "business");
    const { token } = simulator.world.business;
    await business.click("button", "JD");
    expect([business.title(), business.secret("API Token").reveal()]).toEqual(["My Profile", token]);
    await business.click("button", "Request New API Token");
    const next = business.secret("API Token").reveal();
    expect([next === token, await works(simulator, token), await works(simulator, next)]).toEqual([false, false, true]);
    await business.click("button", "Clear API Token");
    expect([await works(simulator, next), business.all("textbox", "API Token")]).toEqual([false, []]);
    expect(simulator.store.mutatingCalls.map(({ method }) => method)).toEqual([
      ...["console/profile/requestToken", "console/profile/clearToken"],
    ]);
  });

  it("gives no token to somebody without a permission, and shows one once where it does", async () => {
    await admin.click("button", "SH");
    await admin.click("button", "Request New API Token");
    expect([admin.status, admin.alert()]).toEqual([409, expect.stringContaining("no Veslink API permission")]);
    await renew({ tokenReadableAgain: false });
    const business = await openConsole(simulator, "business");
    await business.goto("/my-profile");
    await business.click("button", "Request New API Token");
    expect(business.all("textbox", "API Token")).toHaveLength(1);
    await business.goto("/my-profile");
    expect(business.all("textbox", "API Token")).toEqual([]);
  });
});

describe("Voyage Reporting Security", () => {
  const openAccount = async (name: string) => {
    await admin.goto("/");
    await admin.click("button", "Main menu");
    await admin.click("menuitem", "Voyage Reporting Security");
    await admin.click("link", name);
  };

  it("lists the Veslink accounts with their API permissions", async () => {
    await admin.goto("/operations/voyage-reporting-security");
    expect([admin.title(), admin.all("rowheader").map(textOf)]).toEqual(["Security", ["s.harper", "sys.reports"]]);
    expect(textOf(admin.row("sys.reports"))).toBe("sys.reports ImosApp API Read");
  });

  it("adds an account under the same name, with a password of the same policy, once", async () => {
    await addUser(admin);
    await addVeslinkAccount(admin, "sys.fuel", "weak");
    expect([admin.status, admin.alert()]).toEqual([422, expect.stringContaining("The password needs")]);
    await addVeslinkAccount(admin, "sys.fuel");
    expect(simulator.store.veslinkAccount("sys.fuel")).toMatchObject({ authType: "ImosApp", password: goodPassword });
    await addVeslinkAccount(admin, "SYS.FUEL");
    expect([admin.status, admin.alert()]).toEqual([422, "There is a Veslink user sys.fuel already."]);
    await addVeslinkAccount(admin, "");
    expect(admin.alert()).toBe("The user name is missing.");
    await addVeslinkAccount(admin, "captain");
    expect(simulator.store.veslinkAccount("captain")!.authType).toBe("None");
  });

  it("grants and takes API permissions, which are those of Module Rights", async () => {
    await openAccount("sys.reports");
    simulator.store.changeUser(userOf(simulator, "sys.reports").id, { isExternalOnly: false });
    await admin.click("link", "Permissions");
    expect([admin.title(), admin.value("API Read"), admin.value("API Write")]).toEqual([
      "Add User/Permissions",
      true,
      false,
    ]);
    fillAll(admin, { "API Read": false, "API Write": true });
    await admin.click("link", "User Information");
    await save();
    expect(userOf(simulator, "sys.reports").rights).toMatchObject({ "veslink/api-write": "delete" });
    expect(userOf(simulator, "sys.reports").rights).not.toHaveProperty("veslink/api-read");
    await openRow(admin, "sys.reports");
    await admin.goto(`${admin.path}&tab=rights&expanded=veslink`);
    expect(textOf(admin.row("API Write"))).toContain("Read, Write, and Delete");
  });

  it("grants none to a user who does not count, nor to an account without a user", async () => {
    await openAccount("sys.reports");
    await admin.click("link", "Permissions");
    admin.fill("API Write", true);
    await save();
    expect([admin.status, admin.alert()]).toEqual([422, expect.stringContaining("counts against the license limit")]);
    simulator.store.addVeslinkAccount({ userName: "captain", password: goodPassword });
    await openAccount("captain");
    await admin.click("link", "Permissions");
    admin.fill("API Read", true);
    await save();
    expect(admin.alert()).toBe("API permissions need a user of this name in the platform.");
  });

  it("grants a new account's permissions with the account", async () => {
    await addUser(admin);
    await admin.goto("/operations/voyage-reporting-security/new");
    fillAll(admin, { "User Name": "sys.fuel", Password: goodPassword, Confirm: goodPassword });
    await admin.click("link", "Permissions");
    admin.fill("API IMOS Message", true);
    await save();
    expect(userOf(simulator, "sys.fuel").rights).toEqual({ "veslink/api-imos-message": "delete" });
  });

  it("restricts vessels, and hands on the company account", async () => {
    await openAccount("sys.reports");
    await admin.click("link", "Permissions");
    fillAll(admin, { "Restrict Vessel Access": true, "Administer Company Account": true });
    await admin.click("button", "Save");
    expect(simulator.store.veslinkAccount("sys.reports")).toMatchObject({
      restrictsVessels: true,
      administersCompany: true,
    });
  });
});

describe("a user of a new site", () => {
  it("is there with a token or without, and nobody has another's", () => {
    const tokens = simulator.store.users.values().flatMap(({ token }) => token ?? []);
    expect([tokens.length, new Set(tokens).size]).toEqual([2, 2]);
  });
});
