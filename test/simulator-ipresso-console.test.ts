import { beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../src/hands/forms/element.ts";
import type { IpressoSimulatorOptions } from "../src/simulators/ipresso/options.ts";
import type { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import {
  addUser,
  authorize,
  chooseOf,
  deleteUser,
  editUser,
  fillAll,
  goodPassword,
  goTo,
  groupOf,
  makeIpresso,
  newUser,
  openConsole,
  type TestConsole,
  tokenOf,
  userOf,
} from "./ipresso-client.ts";

let simulator: IpressoSimulator;
let admin: TestConsole;

async function renew(options: IpressoSimulatorOptions = {}): Promise<void> {
  ({ simulator } = makeIpresso(options));
  admin = await openConsole(simulator);
}
beforeEach(() => renew());

const addresses = "Allowed IP addresses for API User";
const logins = (console: TestConsole) => console.all("rowheader").map(textOf);
const said = () => admin.all("status").map(textOf);
const credentials = { login: "crm.feed", password: goodPassword };

describe("the document about API users", () => {
  it("leads from ADD to a user who is let in, over edit, to delete and a user who is not", async () => {
    await addUser(admin);
    const { id, created, modified, ...user } = userOf(simulator, "crm.feed");
    expect(user).toEqual({
      ...{ login: "crm.feed", password: goodPassword, name: "CRM", surname: "Feed", email: "crm@coffee.example" },
      ...{ groupIds: [groupOf(simulator, "API Group").id], addresses: ["127.0.0.1", "203.0.113.7"] },
      ...{ isBlocked: false, token: null },
    });
    expect((await authorize(simulator, credentials)).code).toBe(200);
    await editUser(admin, "crm.feed", { Login: "crm.import", "User groups": "Reports" });
    expect([(await authorize(simulator, credentials)).code, said()]).toEqual([401, ["The API user was saved."]]);
    expect((await authorize(simulator, { ...credentials, login: "crm.import" })).code).toBe(200);
    await deleteUser(admin, "crm.import");
    expect([(await authorize(simulator, { ...credentials, login: "crm.import" })).code, said()]).toEqual([
      401,
      ["The API user was deleted."],
    ]);
    expect(simulator.store.mutatingCalls.map(({ method, committed }) => [method, committed])).toEqual([
      ["console/users/add", true],
      ["console/users/save", true],
      ["console/users/delete", true],
    ]);
  });
});

describe("the list of API users", () => {
  it("shows everything but the password, by login, with the column Actions at the end", async () => {
    await goTo(admin, "API Users");
    expect(admin.all("columnheader").map(textOf)).toEqual([
      ...["Login", "Name", "Surname", "E-mail address", "User groups", addresses, "Actions"],
    ]);
    expect(logins(admin)).toEqual(["bi.export", "shop.sync"]);
    const cells = admin.all("cell", undefined, admin.row("bi.export")).map(textOf);
    expect(cells.slice(0, 5)).toEqual([
      ...["Report export", "", "bi@coffee.example", "Reports", "203.0.113.10, 203.0.113.11"],
    ]);
  });

  it("can have no more columns than are printed anywhere", async () => {
    await renew({ listColumns: "narrow" });
    await goTo(admin, "API Users");
    expect(admin.all("columnheader").map(textOf)).toEqual(["Login", "Actions"]);
  });

  it("finds by a part of a login, name or address, and pages through the rest", async () => {
    await renew({ users: 25, consolePageSize: 10 });
    await goTo(admin, "API Users");
    admin.fill("Search", "USER00");
    await admin.click("button", "Search");
    const found = logins(admin);
    for (let page = 1; page < 10 && admin.all("link", "Next").length > 0; page += 1) {
      await admin.click("link", "Next");
      found.push(...logins(admin));
    }
    expect([found.length, new Set(found).size, admin.text().includes("25 in all")]).toEqual([25, 25, true]);
    admin.fill("Search", "report export");
    await admin.click("button", "Search");
    expect(logins(admin)).toEqual(["bi.export"]);
    admin.fill("Search", "nobody");
    await admin.click("button", "Search");
    expect([logins(admin), admin.text().includes("Nothing is found for “nobody”.")]).toEqual([[], true]);
  });

  it("escapes what people type", async () => {
    await addUser(admin, { ...newUser, Name: `<b>"x"&'y'</b>` });
    expect(textOf(admin.row("crm.feed"))).toContain(`<b>"x"&'y'</b>`);
    await chooseOf(admin, "crm.feed", "edit");
    expect(admin.value("Name")).toBe(`<b>"x"&'y'</b>`);
  });
});

describe("a new API user", () => {
  it.each([
    ["Login", "The login is missing."],
    ["Password", "The password is missing."],
    ["E-mail address", "The e-mail address is missing."],
    ["User groups", "The user group is missing."],
  ])("needs %s, which has an asterisk", async (label, says) => {
    await goTo(admin, "API Users");
    await admin.click("button", "ADD");
    expect(admin.field(label).attributes.get("aria-required")).toBe("true");
    fillAll(admin, { ...newUser, [label]: "" });
    await admin.click("button", "Save");
    expect([admin.status, admin.alert(), simulator.store.user("crm.feed")]).toEqual([422, says, undefined]);
  });

  it("needs neither name nor surname nor an address, and then nobody is kept out by address", async () => {
    await addUser(admin, { ...newUser, Name: "", Surname: "", [addresses]: "" });
    expect(userOf(simulator, "crm.feed")).toMatchObject({ name: "", surname: "", addresses: [] });
    expect((await authorize(simulator, credentials, { from: "198.51.100.9" })).code).toBe(200);
  });

  it.each([
    ["Login", "shop.sync", "There is an API user with the login shop.sync already."],
    ["Login", "Shop.Sync", "There is an API user with the login Shop.Sync already."],
    ["E-mail address", "bi@coffee.example", "Another API user has the e-mail address bi@coffee.example."],
    ["E-mail address", "BI@coffee.example", "Another API user has the e-mail address BI@coffee.example."],
    ["E-mail address", "nowhere", "nowhere is no e-mail address."],
  ])("is refused with the %s %s", async (label, value, says) => {
    await addUser(admin, { ...newUser, [label]: value });
    expect([admin.status, admin.alert(), simulator.store.users.size]).toEqual([422, says, 2]);
    expect([admin.value(label), admin.value("Surname"), admin.value("User groups")]).toEqual([
      ...[value, "Feed", "API Group"],
    ]);
  });

  it("may differ from others in letter case only where a switch allows it", async () => {
    await renew({ uniqueIgnoresCase: false });
    await addUser(admin, { ...newUser, Login: "Shop.Sync", "E-mail address": "BI@coffee.example" });
    expect(simulator.store.users.size).toBe(3);
  });

  it.each(["203.0.113.256", "host.example", "203.0.113.1 203.0.113.2", "2001:db8::7", "203.0.113.0/24"])(
    "is refused with the address %s",
    async (address) => {
      await addUser(admin, { ...newUser, [addresses]: `127.0.0.1, ${address}` });
      expect([admin.status, admin.alert()]).toEqual([422, `${address} is no IP address.`]);
    },
  );

  it("may have addresses of other forms where switches take them, and one on each line", async () => {
    await renew({ addressForms: "ipv6", addressesField: "lines" });
    await addUser(admin, { ...newUser, [addresses]: "2001:db8::7\n\n203.0.113.1\n203.0.113.1" });
    expect(userOf(simulator, "crm.feed").addresses).toEqual(["2001:db8::7", "203.0.113.1"]);
    await chooseOf(admin, "crm.feed", "edit");
    expect(admin.value(addresses)).toBe("2001:db8::7\n203.0.113.1");
    await editUser(admin, "crm.feed", { [addresses]: "203.0.113.0/24" });
    expect(admin.alert()).toBe("203.0.113.0/24 is no IP address.");
    await renew({ addressForms: "networks" });
    await addUser(admin, { ...newUser, [addresses]: "203.0.113.0/24, 2001:db8::/32" });
    expect(userOf(simulator, "crm.feed").addresses).toEqual(["203.0.113.0/24", "2001:db8::/32"]);
    await editUser(admin, "crm.feed", { [addresses]: "203.0.113.0/33" });
    expect(admin.alert()).toBe("203.0.113.0/33 is no IP address.");
  });

  it("has one group, or several where a switch allows it", async () => {
    await renew({ groupsPerUser: "several" });
    const { "User groups": _one, ...rest } = newUser;
    await addUser(admin, { ...rest, Reports: true, "Campaign senders": true });
    const ids = ["Campaign senders", "Reports"].map((name) => groupOf(simulator, name).id);
    expect(userOf(simulator, "crm.feed").groupIds.toSorted()).toEqual(ids.toSorted());
    await editUser(admin, "crm.feed", { Reports: false, "Campaign senders": false });
    expect(admin.alert()).toBe("The user group is missing.");
  });

  it("has a group that exists", async () => {
    await goTo(admin, "API Users");
    await admin.click("button", "ADD");
    const fields = { login: "x", password: "y", email: "x@y", group: "999" };
    await admin.post(admin.path, fields);
    expect([admin.status, admin.alert()]).toEqual([422, "The user group is missing."]);
    const ids = ["Reports", "API Group"].map((name) => groupOf(simulator, name).id);
    const query = new URLSearchParams({ ...fields, csrf: admin.csrf, group: `${ids[0]}` });
    query.append("group", `${ids[1]}`);
    await admin.send("POST", admin.path, query.toString());
    expect(userOf(simulator, "x").groupIds).toEqual([ids[0]]);
  });

  it("can say its asterisks in the names of its fields", async () => {
    await renew({ asteriskInName: true });
    await goTo(admin, "API Users");
    await admin.click("button", "ADD");
    const { Login, Password, Name } = newUser;
    fillAll(admin, { "Login *": Login, "Password *": Password, Name, "E-mail address *": "crm@coffee.example" });
    fillAll(admin, { "User groups *": "Reports" });
    await admin.click("button", "Save");
    expect(userOf(simulator, "crm.feed").name).toBe("CRM");
  });
});

describe("an existing API user", () => {
  it("is edited in each field, and keeps its own login and address without a conflict", async () => {
    await chooseOf(admin, "bi.export", "edit");
    expect([admin.title(), admin.value("Login"), admin.value("Password"), admin.value(addresses)]).toEqual([
      ...["Edit: User", "bi.export", "", "203.0.113.10, 203.0.113.11"],
    ]);
    await admin.click("button", "Save");
    const before = userOf(simulator, "bi.export");
    await editUser(admin, "bi.export", newUser);
    expect(simulator.store.users.get(before.id)).toMatchObject({
      ...{ login: "crm.feed", password: goodPassword, name: "CRM", surname: "Feed", email: "crm@coffee.example" },
      ...{ groupIds: [groupOf(simulator, "API Group").id], addresses: ["127.0.0.1", "203.0.113.7"] },
    });
    expect(simulator.store.users.size).toBe(2);
  });

  it("is refused what a new one is refused", async () => {
    await editUser(admin, "bi.export", { Login: "shop.sync" });
    expect([admin.status, admin.alert()]).toEqual([422, "There is an API user with the login shop.sync already."]);
    await editUser(admin, "bi.export", { "E-mail address": "shop.sync@coffee.example" });
    expect(admin.alert()).toContain("Another API user has the e-mail address");
    await editUser(admin, "bi.export", { "User groups": "" });
    expect(admin.alert()).toBe("The user group is missing.");
  });

  it("keeps its password when none is typed, unless a switch wants one", async () => {
    const { password } = simulator.world.apiUser;
    await editUser(admin, "shop.sync", { Name: "Shop 2" });
    expect(userOf(simulator, "shop.sync")).toMatchObject({ name: "Shop 2", password });
    await editUser(admin, "shop.sync", { Password: goodPassword });
    expect(userOf(simulator, "shop.sync").password).toBe(goodPassword);
    await renew({ emptyPasswordOnEdit: "refused" });
    await editUser(admin, "shop.sync", { Name: "Shop 2" });
    expect([admin.status, admin.alert()]).toEqual([422, "The password is missing."]);
  });

  it("keeps its tokens when its password changes, unless a switch ends them", async () => {
    for (const [tokensOutlivePassword, left] of [
      [true, 1],
      [false, 0],
    ] as const) {
      await renew({ tokensOutlivePassword });
      await tokenOf(simulator);
      await editUser(admin, "shop.sync", { Name: "Shop 2" });
      expect(simulator.store.tokens.size).toBe(1);
      await editUser(admin, "shop.sync", { Password: goodPassword });
      expect([tokensOutlivePassword, simulator.store.tokens.size]).toEqual([tokensOutlivePassword, left]);
    }
  });

  it("is what the last one to save says: the form writes all that it shows", async () => {
    await chooseOf(admin, "bi.export", "edit");
    simulator.store.changeUser(userOf(simulator, "bi.export").id, { name: "Somebody else", surname: "Was here" });
    admin.fill("Surname", "Last");
    await admin.click("button", "Save");
    expect(userOf(simulator, "bi.export")).toMatchObject({ name: "Report export", surname: "Last" });
  });

  it("is deleted only after a window was confirmed", async () => {
    await chooseOf(admin, "bi.export", "delete");
    const [window] = admin.all("alertdialog");
    expect([admin.all("alertdialog", "Delete: User").length, textOf(window!).includes("bi.export?")]).toEqual([
      1,
      true,
    ]);
    await admin.click("button", "Cancel");
    expect([admin.all("alertdialog"), logins(admin)]).toEqual([[], ["bi.export", "shop.sync"]]);
    await deleteUser(admin, "bi.export");
    expect([logins(admin), simulator.store.user("bi.export")]).toEqual([["shop.sync"], undefined]);
  });

  it("leaves the list as it was searched when it is deleted", async () => {
    await goTo(admin, "API Users");
    admin.fill("Search", "coffee");
    await admin.click("button", "Search");
    await admin.click("menuitem", "delete", admin.row("bi.export"));
    await admin.click("button", "Confirm");
    expect([admin.value("Search"), logins(admin)]).toEqual(["coffee", ["shop.sync"]]);
  });

  it("leaves login and address to others when it is deleted", async () => {
    await deleteUser(admin, "bi.export");
    await addUser(admin, { ...newUser, Login: "bi.export", "E-mail address": "bi@coffee.example" });
    expect(userOf(simulator, "bi.export").name).toBe("CRM");
  });

  it("that is gone has no page any more", async () => {
    await chooseOf(admin, "bi.export", "delete");
    simulator.store.removeUser(userOf(simulator, "bi.export").id);
    await admin.click("button", "Confirm");
    expect([admin.status, admin.alert()]).toEqual([404, "There is no such page."]);
    expect(simulator.store.mutatingCalls.at(-1)).toMatchObject({ method: "console/users/delete", committed: false });
  });
});
