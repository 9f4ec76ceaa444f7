import { beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../src/hands/forms/element.ts";
import type { IpressoSimulatorOptions } from "../src/simulators/ipresso/options.ts";
import { everyPermission } from "../src/simulators/ipresso/permissions.ts";
import type { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import {
  addGroup,
  callApi,
  deleteGroup,
  deleteUser,
  editUser,
  goTo,
  groupOf,
  makeIpresso,
  openConsole,
  type TestConsole,
  tokenOf,
} from "./ipresso-client.ts";

let simulator: IpressoSimulator;
let admin: TestConsole;

async function renew(options: IpressoSimulatorOptions = {}): Promise<void> {
  ({ simulator } = makeIpresso(options));
  admin = await openConsole(simulator);
}
beforeEach(() => renew());

const names = () => admin.all("rowheader").map(textOf);
const openGroup = async (name: string) => {
  await goTo(admin, "User groups");
  await admin.click("button", "Edit", admin.row(name));
};

describe("the list of user groups", () => {
  it("shows groups by name with how many users they have", async () => {
    await goTo(admin, "User groups");
    expect([names(), admin.all("columnheader").map(textOf)]).toEqual([
      ["API Group", "Campaign senders", "Reports"],
      ["Name", "Users", "Actions"],
    ]);
    expect(textOf(admin.all("cell", undefined, admin.row("Reports"))[0]!)).toBe("1");
    expect(textOf(admin.all("cell", undefined, admin.row("Campaign senders"))[0]!)).toBe("0");
  });

  it("can offer its actions in a menu, as the list of users does", async () => {
    await renew({ groupActions: "menu" });
    await goTo(admin, "User groups");
    expect([admin.all("button", "Edit"), admin.all("button", "Delete")]).toEqual([[], []]);
    await admin.click("button", "More options", admin.row("Reports"));
    await admin.click("menuitem", "edit", admin.row("Reports"));
    expect([admin.title(), admin.value("Name")]).toEqual(["Edit: Group", "Reports"]);
    await goTo(admin, "User groups");
    await admin.click("menuitem", "delete", admin.row("Campaign senders"));
    await admin.click("button", "Confirm");
    expect(names()).toEqual(["API Group", "Reports"]);
  });

  it("is searched and paged like that of users", async () => {
    await renew({ consolePageSize: 2 });
    await goTo(admin, "User groups");
    const found = names();
    await admin.click("link", "Next");
    expect([...found, ...names()]).toEqual(["API Group", "Campaign senders", "Reports"]);
    await admin.click("link", "Previous");
    admin.fill("Search", "rep");
    await admin.click("button", "Search");
    expect(names()).toEqual(["Reports"]);
  });
});

describe("a user group", () => {
  it("has permissions by operation type and area, which the API follows", async () => {
    await addGroup(admin, "Feeds", ["GET tag", "POST contact", "DELETE segmentation"]);
    expect(admin.all("status").map(textOf)).toEqual(["The user group was saved."]);
    expect(groupOf(simulator, "Feeds").permissions).toEqual(["GET tag", "POST contact", "DELETE segmentation"]);
    await editUser(admin, "shop.sync", { "User groups": "Feeds" });
    const token = await tokenOf(simulator);
    const statuses = [];
    for (const target of ["GET tag", "DELETE segmentation/1", "GET contact/1", "DELETE tag/1"]) {
      statuses.push((await callApi(simulator, target, { token })).status);
    }
    expect(statuses).toEqual([200, 501, 403, 403]);
  });

  it("offers each permission once, under the heading of its operation", async () => {
    await goTo(admin, "User groups");
    await admin.click("button", "Add");
    expect(admin.title()).toBe("Add: Group");
    const panel = admin.find("group", "Permissions API");
    const offered = ["GET", "POST", "PUT", "DELETE"].flatMap((verb) =>
      admin
        .all("checkbox", undefined, admin.find("group", verb, panel))
        .map(({ attributes }) => attributes.get("name")),
    );
    expect(offered).toEqual(everyPermission.map((permission) => permission.toLowerCase().replace(" ", "-")));
    for (const permission of everyPermission)
      expect([permission, admin.value(permission)]).toEqual([permission, false]);
  });

  it("is edited in name and permissions", async () => {
    await openGroup("Campaign senders");
    expect([admin.title(), admin.value("Name"), admin.value("POST campaign"), admin.value("GET tag")]).toEqual([
      ...["Edit: Group", "Campaign senders", true, false],
    ]);
    admin.fill("Name", "Senders");
    admin.fill("POST campaign", false);
    admin.fill("GET tag", true);
    await admin.click("button", "Save");
    expect([names(), groupOf(simulator, "Senders").permissions]).toEqual([
      ["API Group", "Reports", "Senders"],
      ["GET contact", "GET tag"],
    ]);
  });

  it("needs a name, and keeps what was typed", async () => {
    await addGroup(admin, " ", ["PUT tag"]);
    expect([admin.status, admin.alert(), admin.value("PUT tag")]).toEqual([422, "The name is missing.", true]);
    await openGroup("Reports");
    admin.fill("Name", "");
    await admin.click("button", "Save");
    expect([admin.alert(), groupOf(simulator, "Reports").name]).toEqual(["The name is missing.", "Reports"]);
  });

  it("may have the name of another, unless a switch refuses it", async () => {
    await addGroup(admin, "Reports");
    expect(names()).toEqual(["API Group", "Campaign senders", "Reports", "Reports"]);
    await renew({ groupNamesRepeat: false });
    await addGroup(admin, "Reports");
    expect([admin.status, admin.alert()]).toEqual([422, "There is a group Reports already."]);
    await openGroup("Reports");
    await admin.click("button", "Save");
    expect(admin.alert()).toBeUndefined();
  });
});

describe("deleting a user group", () => {
  it("is refused while it has a user, and done when the users were moved or deleted", async () => {
    await deleteGroup(admin, "Reports");
    expect([admin.status, admin.alert(), names()]).toEqual([
      ...[409, "The group Reports has 1 user. Move them to another group or delete them first."],
      ["API Group", "Campaign senders", "Reports"],
    ]);
    await editUser(admin, "bi.export", { "User groups": "API Group" });
    await deleteGroup(admin, "Reports");
    expect([admin.status, admin.all("status").map(textOf), names()]).toEqual([
      ...[200, ["The user group was deleted."]],
      ["API Group", "Campaign senders"],
    ]);
    await deleteGroup(admin, "API Group");
    expect(admin.alert()).toContain("The group API Group has 2 users.");
    await deleteUser(admin, "bi.export");
    await deleteUser(admin, "shop.sync");
    await deleteGroup(admin, "API Group");
    expect(names()).toEqual(["Campaign senders"]);
  });

  it("asks first and does nothing before, unless a switch leaves the window out", async () => {
    await goTo(admin, "User groups");
    await admin.click("button", "Delete", admin.row("Campaign senders"));
    expect(admin.all("alertdialog", "Delete: Group")).toHaveLength(1);
    await admin.click("button", "Cancel");
    expect(names()).toContain("Campaign senders");
    for (const groupActions of ["buttons", "menu"] as const) {
      await renew({ groupDeletionAsks: false, groupActions });
      await goTo(admin, "User groups");
      const row = admin.row("Campaign senders");
      await (groupActions === "menu" ? admin.click("menuitem", "delete", row) : admin.click("button", "Delete", row));
      expect([groupActions, names()]).toEqual([groupActions, ["API Group", "Reports"]]);
    }
  });

  it("leads nowhere when the group is gone already", async () => {
    await goTo(admin, "User groups");
    await admin.click("button", "Delete", admin.row("Campaign senders"));
    simulator.store.removeGroup(groupOf(simulator, "Campaign senders").id);
    await admin.click("button", "Confirm");
    expect(admin.status).toBe(404);
  });
});
