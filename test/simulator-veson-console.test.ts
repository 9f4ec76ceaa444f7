import { beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../src/hands/forms/element.ts";
import type { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import {
  addUser,
  fillAll,
  goodPassword,
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

beforeEach(async () => {
  ({ simulator } = makeVeson());
  admin = await openConsole(simulator);
});

const names = (console: TestConsole) => console.all("rowheader").map(textOf);
const shown = async (status: string, type = "All") => {
  await goToList(admin);
  fillAll(admin, { Status: status, Type: type });
  await admin.click("button", "Search");
  return names(admin);
};

describe("the document about system users", () => {
  it("leads from New User to a token that works, for a user who does not count", async () => {
    const before = simulator.store.seatsUsed;
    const token = await makeSystemUser(admin);
    const { id, created, modified, totpSecret, password, ...user } = userOf(simulator, "sys.fuel");
    expect(user).toEqual({
      ...{ userName: "sys.fuel", fullName: "Fuel export", initials: "", email: "sys.fuel@shipping.example", phone: "" },
      ...{
        isReadOnly: false,
        isInactive: false,
        isSecurityAdmin: false,
        isExternalOnly: true,
        isAuthenticationOnly: false,
      },
      ...{ groupIds: [], rights: { "veslink/api-read": "read" }, authentication: "IMOS", token },
    });
    expect([await works(simulator, token), simulator.store.seatsUsed]).toEqual([true, before]);
    expect(simulator.store.mutatingCalls.map(({ method, committed }) => [method, committed])).toEqual([
      ["console/users/add", true],
      ["console/veslink/add", true],
      ["console/users/save", true],
      ["console/users/save", true],
      ["console/users/save", true],
    ]);
  });
});

describe("the Security List", () => {
  it("has users and groups, by name, and says which is which", async () => {
    expect(await shown("All")).toEqual([
      ...["Chartering", "g.lund", "j.doe", "kiosk", "m.ortega", "Operations", "p.okafor"],
      ...["r.winter", "s.harper", "Security Team", "sys.reports"],
    ]);
    expect(textOf(admin.row("sys.reports"))).toBe(
      "sys.reports User Report export sys.reports@shipping.example Active No No Yes No Yes",
    );
    expect(textOf(admin.row("Security Team"))).toBe("Security Team Group Active Yes No");
    expect(await shown("All", "Group")).toEqual(["Chartering", "Operations", "Security Team"]);
  });

  it("shows who is inactive only under that status, and hides them without a filter", async () => {
    await goToList(admin);
    expect(names(admin)).not.toContain("r.winter");
    expect(await shown("Inactive")).toEqual(["r.winter"]);
    expect(await shown("Active", "User")).not.toContain("r.winter");
    const listing = await openConsole(makeVeson({ inactiveListed: true }).simulator);
    await goToList(listing);
    expect(names(listing)).toContain("r.winter");
  });

  it("finds by a part of a name or an address, and pages through the rest", async () => {
    const many = await openConsole(makeVeson({ users: 25, consolePageSize: 10 }).simulator);
    await goToList(many);
    many.fill("Search", "USER00");
    await many.click("button", "Search");
    const found = names(many);
    for (let page = 1; page < 10 && many.all("link", "Next").length > 0; page += 1) {
      await many.click("link", "Next");
      found.push(...names(many));
    }
    expect([found.length, new Set(found).size, many.text().includes("25 in all")]).toEqual([25, 25, true]);
    many.fill("Search", "user 7");
    await many.click("button", "Search");
    expect(names(many)).toEqual(["user0007"]);
    many.fill("Search", "nobody at all");
    await many.click("button", "Search");
    expect(many.text()).toContain("Nothing is found.");
  });

  it("can have no more columns than are printed anywhere", async () => {
    const narrow = await openConsole(makeVeson({ listColumns: "narrow" }).simulator);
    await goToList(narrow);
    expect(narrow.all("columnheader").map(textOf)).toEqual(["Name", "Type", "Status"]);
  });

  it("stays beside an open panel as it was found", async () => {
    await shown("Inactive");
    await admin.click("link", "r.winter");
    expect([admin.title(), admin.value("Status"), names(admin)]).toEqual(["Security List", "Inactive", ["r.winter"]]);
    await admin.click("button", "Close");
    expect([admin.value("Status"), names(admin)]).toEqual(["Inactive", ["r.winter"]]);
  });

  it("deactivates and activates what is selected, users and groups at once", async () => {
    await goToList(admin);
    for (const name of ["m.ortega", "Operations"]) admin.fill(`Select ${name}`, true);
    await admin.click("link", "Deactivate");
    expect(admin.all("status").map(textOf)).toEqual(["The selection is inactive."]);
    expect(await shown("Inactive")).toEqual(["m.ortega", "Operations", "r.winter"]);
    for (const name of ["m.ortega", "Operations"]) admin.fill(`Select ${name}`, true);
    await admin.click("link", "Activate");
    expect(await shown("Inactive")).toEqual(["r.winter"]);
  });

  it("wants a selection, and can ask first", async () => {
    await goToList(admin);
    await admin.click("link", "Deactivate");
    expect([admin.status, admin.alert()]).toEqual([409, "Select one or more rows first."]);
    const asking = makeVeson({ activationAsks: true }).simulator;
    const careful = await openConsole(asking);
    await goToList(careful);
    careful.fill("Select j.doe", true);
    await careful.click("link", "Deactivate");
    expect([careful.title(), userOf(asking, "j.doe").isInactive]).toEqual(["Deactivate", false]);
    await careful.click("button", "Cancel");
    careful.fill("Select j.doe", true);
    await careful.click("link", "Deactivate");
    await careful.click("button", "Deactivate");
    expect(userOf(asking, "j.doe").isInactive).toBe(true);
    expect(asking.store.mutatingCalls.map(({ committed }) => committed)).toEqual([false, false, true]);
  });

  it("has a report of who is in which group", async () => {
    await goToList(admin);
    await admin.click("button", "Report");
    await admin.click("menuitem", "User/Group Report");
    expect([admin.title(), textOf(admin.row("j.doe"))]).toEqual(["User/Group Report", "j.doe User Active Chartering"]);
    expect(textOf(admin.row("r.winter"))).toBe("r.winter User Inactive");
  });
});

describe("a new user", () => {
  it("is saved with every field of the panel, and the panel stays open on it", async () => {
    const fields = {
      Initials: "SFU",
      "Phone No": "+47 1",
      "Read-Only": true,
      "Authentication Only": true,
      Operations: true,
    };
    await addUser(admin, { ...systemUser, ...fields });
    expect([admin.status, admin.all("status").map(textOf)]).toEqual([200, ["The user was saved."]]);
    const { Password, Confirm, ...kept } = { ...systemUser, ...fields };
    for (const [label, value] of Object.entries(kept)) expect([label, admin.value(label)]).toEqual([label, value]);
    const { groupIds, password } = userOf(simulator, "sys.fuel");
    expect([groupIds, password]).toEqual([[simulator.store.group("Operations")!.id], goodPassword]);
    expect(admin.all("textbox", "Password")).toEqual([]);
  });

  it.each([
    ["", "The user name is missing."],
    ["j.doe", "There is a user j.doe already."],
    ["J.DOE", "There is a user j.doe already."],
  ])("is refused with the name %j", async (name, says) => {
    const before = simulator.store.users.size;
    await addUser(admin, { ...systemUser, "User Name": name });
    expect([admin.status, admin.alert(), simulator.store.users.size]).toEqual([422, says, before]);
    expect([admin.value("User Name"), admin.value("Full Name")]).toEqual([name, "Fuel export"]);
  });

  it("takes a name of 128 characters and none that is longer", async () => {
    await goToList(admin);
    await admin.click("menuitem", "New User");
    expect(() => admin.fill("User Name", "x".repeat(129))).toThrow("takes at most 128 characters");
    const form = /action="([^"]+user[^"]+)"/.exec(admin.source.slice(admin.source.indexOf('class="panel"')))![1]!;
    const typed = { shown: "profile", press: "save", password: goodPassword, confirm: goodPassword };
    await admin.post(form, { ...typed, "user-name": "x".repeat(129) });
    expect([admin.status, admin.alert()]).toEqual([422, "The user name is longer than 128 characters."]);
    await admin.post(form, { ...typed, "user-name": "x".repeat(128) });
    expect(simulator.store.user("x".repeat(128))).toBeDefined();
  });

  it.each([
    ["Short-1a", "at least 12 characters"],
    ["long-enough-77", "an upper-case letter"],
    ["LONG-ENOUGH-77", "a lower-case letter"],
    ["Long-Enough-Xx", "a digit"],
    ["LongEnough7777", "a special character"],
    ['LongEnough77"/ `', "a special character"],
  ])("is refused with the password %j, which needs %s", async (password, needs) => {
    await addUser(admin, { ...systemUser, Password: password, Confirm: password });
    expect([admin.status, admin.alert()]).toEqual([422, `The password needs ${needs}.`]);
    expect(simulator.store.user("sys.fuel")).toBeUndefined();
  });

  it("takes each special character of the policy, and wants the password twice", async () => {
    for (const [index, sign] of [..."~!@#%&_=;:'<,>-.$^{[(|)]}*+?\\"].entries()) {
      const password = `LongEnough77${sign}`;
      await addUser(admin, {
        ...systemUser,
        "User Name": `u${index}`,
        Password: password,
        Confirm: password,
        "External Access Only": true,
      });
      expect([sign, userOf(simulator, `u${index}`).password]).toEqual([sign, password]);
    }
    await addUser(admin, { ...systemUser, Confirm: `${goodPassword}x` });
    expect(admin.alert()).toBe("The two passwords differ.");
    await addUser(admin, { "User Name": "sys.fuel" });
    expect(admin.alert()).toBe("The password is missing.");
  });

  it("keeps what was typed while one looks at the other tab, and never shows the password again", async () => {
    await goToList(admin);
    await admin.click("menuitem", "New User");
    fillAll(admin, { ...systemUser, Chartering: true });
    await admin.click("tab", "Access Rights");
    expect(simulator.store.user("sys.fuel")).toBeUndefined();
    await admin.click("tab", "Profile");
    expect([admin.value("User Name"), admin.value("Chartering"), admin.source.includes(goodPassword)]).toEqual([
      ...["sys.fuel", true, false],
    ]);
    await admin.click("button", "Save");
    expect(userOf(simulator, "sys.fuel").password).toBe(goodPassword);
  });

  it("escapes what people type", async () => {
    await addUser(admin, { ...systemUser, "Full Name": `<b>"x"&'y'</b>` });
    expect(admin.value("Full Name")).toBe(`<b>"x"&'y'</b>`);
    await goToList(admin);
    expect(textOf(admin.row("sys.fuel"))).toContain(`<b>"x"&'y'</b>`);
  });
});

describe("an existing user", () => {
  it("is changed on the panel; nothing counts before Save", async () => {
    await openRow(admin, "j.doe");
    admin.fill("Full Name", "Jane Roe");
    await admin.click("tab", "Access Rights");
    expect(userOf(simulator, "j.doe").fullName).toBe("Jane Doe");
    expect(admin.text()).toContain("Not saved");
    await admin.click("button", "Close");
    await openRow(admin, "j.doe");
    expect(admin.value("Full Name")).toBe("Jane Doe");
    fillAll(admin, { "Full Name": "Jane Roe", Inactive: true });
    await admin.click("button", "Save");
    expect(userOf(simulator, "j.doe")).toMatchObject({ fullName: "Jane Roe", isInactive: true });
  });

  it("gets a new password under Change Password, by the same policy", async () => {
    await openRow(admin, "j.doe");
    expect(admin.all("textbox", "New Password")).toEqual([]);
    await admin.click("button", "Change Password");
    fillAll(admin, { "New Password": "weak", Confirm: "weak" });
    await admin.click("button", "Save");
    expect(admin.alert()).toContain("The password needs");
    fillAll(admin, { "New Password": goodPassword, Confirm: goodPassword });
    await admin.click("button", "Save");
    expect(userOf(simulator, "j.doe").password).toBe(goodPassword);
    expect(admin.all("textbox", "New Password")).toEqual([]);
  });

  it("has no password to change when an identity provider signs it in", async () => {
    simulator.store.changeUser(userOf(simulator, "j.doe").id, { authentication: "Single Sign-On" });
    await openRow(admin, "j.doe");
    expect([admin.all("button", "Change Password"), admin.text().includes("Single Sign-On Authentication")]).toEqual([
      [],
      true,
    ]);
  });

  it("keeps what others changed meanwhile, unless the panel writes all it shows", async () => {
    for (const [saveWrites, fullName] of [
      ["changes", "Jane Other"],
      ["panel", "Jane Doe"],
    ] as const) {
      const site = makeVeson({ saveWrites }).simulator;
      const console = await openConsole(site);
      await openRow(console, "j.doe");
      const { id, rights } = userOf(site, "j.doe");
      site.store.changeUser(id, { fullName: "Jane Other", rights: { ...rights, "data-center/ports": "read" } });
      console.fill("Phone No", "+47 1");
      await console.click("button", "Save");
      const saved = userOf(site, "j.doe");
      expect([saved.fullName, saved.phone]).toEqual([fullName, "+47 1"]);
      expect(saved.rights["data-center/ports"]).toBe(saveWrites === "changes" ? "read" : undefined);
    }
  });

  it("cannot be deleted: there is no button for it anywhere", async () => {
    await openRow(admin, "j.doe");
    expect([...admin.all("button"), ...admin.all("link"), ...admin.all("menuitem")].map(textOf).join()).not.toMatch(
      /delete|remove/i,
    );
  });
});

describe("who may do what", () => {
  it("shows Security to Security Admins only", async () => {
    const business = await openConsole(simulator, "business");
    expect(business.all("menuitem", "Security")).toEqual([]);
    for (const path of ["", "/users/4", "/new-user", "/new-group", "/report"]) {
      await business.goto(`/data-center/security${path}`);
      expect([path, business.status, business.alert()]).toEqual([path, 403, "Security is for Security Admins."]);
    }
  });

  it("lets those whom a group makes Security Admins look at users and change groups only", async () => {
    const groupAdmin = await openConsole(simulator, "groupAdmin");
    await goToList(groupAdmin);
    expect([groupAdmin.all("menuitem", "New User"), groupAdmin.all("menuitem", "New Group").length]).toEqual([[], 1]);
    groupAdmin.fill("Select j.doe", true);
    await groupAdmin.click("link", "Deactivate");
    expect([groupAdmin.status, groupAdmin.alert()]).toEqual([403, "Only a Security Admin may change users."]);
    await openRow(groupAdmin, "j.doe");
    expect(groupAdmin.all("button", "Save")).toEqual([]);
    expect(() => groupAdmin.fill("Full Name", "X")).toThrow("cannot be changed");
    expect(groupAdmin.all("textbox", "API Token")).toEqual([]);
    await groupAdmin.click("tab", "Access Rights");
    await groupAdmin.click("button", "Expand Veslink (Voyage Reporting)");
    expect(textOf(groupAdmin.row("API Read"))).toContain("Read Only");
    await expect(groupAdmin.click("checkbox", "API Read", groupAdmin.row("API Read"))).rejects.toThrow("is disabled");
    const path = /action="(\/data-center\/security\/user-panels[^"]+)"/.exec(groupAdmin.source)![1]!;
    for (const press of ["toggle:veslink/api-read", "token:new", "password"]) {
      await groupAdmin.post(path, { shown: "rights", press });
      expect([press, groupAdmin.status]).toEqual([press, 403]);
    }
    await groupAdmin.post(path, { shown: "profile", press: "save", "user-name": "x" });
    expect([groupAdmin.status, simulator.store.user("x"), simulator.store.mutatingCalls.at(-1)!.committed]).toEqual([
      ...[403, undefined, false],
    ]);
    await openRow(groupAdmin, "Chartering");
    groupAdmin.fill("Description", "Changed");
    await groupAdmin.click("button", "Save");
    expect(simulator.store.group("Chartering")!.description).toBe("Changed");
  });

  it("lets only those administer Veslink who have the permission for the company account", async () => {
    const groupAdmin = await openConsole(simulator, "groupAdmin");
    await groupAdmin.goto("/operations/voyage-reporting-security");
    expect([groupAdmin.status, groupAdmin.alert()]).toEqual([
      403,
      "This needs the permission Administer Company Account.",
    ]);
    expect(groupAdmin.all("menuitem", "Voyage Reporting Security")).toEqual([]);
  });

  it("ends the session of whoever is deactivated or becomes external", async () => {
    const business = await openConsole(simulator, "business");
    await openRow(admin, "j.doe");
    admin.fill("External Access Only", true);
    await admin.click("button", "Save");
    await business.goto("/");
    expect(business.title()).toBe("Sign in");
  });
});
