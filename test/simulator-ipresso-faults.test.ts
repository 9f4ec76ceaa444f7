import { beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../src/hands/forms/element.ts";
import { faultsOf } from "../src/simulators/fault-methods.ts";
import { endpointNames } from "../src/simulators/ipresso/api.ts";
import { consoleMethodNames } from "../src/simulators/ipresso/console/console.ts";
import type { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { SimulatedCut } from "../src/simulators/wire.ts";
import {
  addGroup,
  addUser,
  authorize,
  callApi,
  deleteGroup,
  deleteUser,
  editUser,
  goTo,
  groupOf,
  makeIpresso,
  newUser,
  openConsole,
  startMs,
  type TestConsole,
  tokenOf,
  userOf,
} from "./ipresso-client.ts";

let simulator: IpressoSimulator;
let clock: { ms: number };
let admin: TestConsole;

beforeEach(async () => {
  ({ simulator, clock } = makeIpresso());
  admin = await openConsole(simulator);
});

const exists = (login = "crm.feed") => simulator.store.user(login) !== undefined;
const committed = () => simulator.store.mutatingCalls.map((call) => call.committed);

describe("faults of the console", () => {
  it("cut the connection before a save or after it, so that a second try meets the first", async () => {
    simulator.faults.add("cut-before:console/users/add:1");
    simulator.faults.add("cut-after-commit:console/users/add:1");
    await expect(addUser(admin)).rejects.toThrow(SimulatedCut);
    expect(exists()).toBe(false);
    await expect(addUser(admin)).rejects.toThrow(SimulatedCut);
    expect(exists()).toBe(true);
    await addUser(admin);
    expect([admin.status, admin.alert()]).toEqual([422, "There is an API user with the login crm.feed already."]);
    expect(committed()).toEqual([false, true, false]);
  });

  it("lose the answer to a new group, which a second try would make twice", async () => {
    simulator.faults.add("cut-after-commit:console/groups/add:1");
    await expect(addGroup(admin, "Feeds")).rejects.toThrow(SimulatedCut);
    await addGroup(admin, "Feeds");
    expect(simulator.store.groups.values().filter(({ name }) => name === "Feeds")).toHaveLength(2);
  });

  it("lose the answer to a deletion, whose second try finds nobody", async () => {
    simulator.faults.add("cut-after-commit:console/users/delete:1");
    await expect(deleteUser(admin, "bi.export")).rejects.toThrow(SimulatedCut);
    expect(exists("bi.export")).toBe(false);
    await expect(deleteUser(admin, "bi.export")).rejects.toThrow('there is no rowheader "bi.export"');
  });

  it("lose the answer to changed settings", async () => {
    simulator.faults.add("cut-after-commit:console/settings/save:1");
    await admin.goto("/system/accesses/api-users-settings");
    admin.fill("The validity of the API key", "60");
    await expect(admin.click("button", "Save")).rejects.toThrow(SimulatedCut);
    expect(simulator.store.installation.validitySeconds).toBe(60);
  });

  it("perform a save later, for the session that sent it and with what was typed then", async () => {
    simulator.faults.add("commit-after:console/users/add:1:45s");
    await expect(addUser(admin)).rejects.toThrow(SimulatedCut);
    await admin.goto("/");
    await admin.click("button", "Sign out");
    clock.ms += 44_999;
    simulator.settlePending();
    expect([exists(), simulator.pendingCount]).toEqual([false, 1]);
    clock.ms += 1;
    simulator.settlePending();
    expect([exists(), simulator.pendingCount, committed()]).toEqual([true, 0, [true]]);
  });

  it("perform a late save only as far as the rules allow then", async () => {
    simulator.faults.add("commit-after:console/users/add:1:45s");
    simulator.faults.add("commit-after:console/groups/delete:1:45s");
    await expect(addUser(admin, { ...newUser, "User groups": "Campaign senders" })).rejects.toThrow(SimulatedCut);
    simulator.store.changeUser(userOf(simulator, "bi.export").id, { login: "crm.feed" });
    await expect(deleteGroup(admin, "Campaign senders")).rejects.toThrow(SimulatedCut);
    simulator.store.changeUser(userOf(simulator, "shop.sync").id, {
      groupIds: [groupOf(simulator, "Campaign senders").id],
    });
    clock.ms += 45_000;
    simulator.settlePending();
    expect([simulator.store.users.size, simulator.store.groups.size, committed()]).toEqual([2, 3, [false, false]]);
  });

  it("end a session in the middle, which leads to signing in and changes nothing", async () => {
    simulator.faults.add("session-ends:console/users/add:1");
    await addUser(admin);
    expect([admin.title(), exists(), committed()]).toEqual(["Sign in", false, [false]]);
    await admin.signIn(simulator.world.admin);
    await addUser(admin);
    expect(exists()).toBe(true);
    simulator.store.endSessions();
    await admin.goto("/system");
    expect(admin.title()).toBe("Sign in");
  });

  it("show the lists as they were", async () => {
    clock.ms += 1000;
    await addUser(admin);
    await addGroup(admin, "Feeds");
    for (const [list, subsection, name] of [
      ["users", "API Users", "crm.feed"],
      ["groups", "User groups", "Feeds"],
    ] as const) {
      await goTo(admin, subsection);
      expect(admin.all("rowheader", name)).toHaveLength(1);
      simulator.faults.add(`list-lags:console/${list}/list:1:500ms`);
      await admin.click("tab", subsection);
      expect(admin.all("rowheader", name)).toEqual([]);
    }
  });

  it("show names and numbers in the lists as they were too", async () => {
    clock.ms += 1000;
    const reports = groupOf(simulator, "Reports").id;
    simulator.store.changeGroup(reports, { name: "Exports" });
    await addUser(admin, { ...newUser, "User groups": "Exports" });
    simulator.faults.add("list-lags:console/*/list:2:500ms");
    await admin.goto("/system/accesses/api-users");
    expect(textOf(admin.row("bi.export"))).toContain("Reports");
    await admin.goto("/system/accesses/user-groups");
    expect(textOf(admin.row("Reports"))).toContain("Reports 1 ");
  });

  it("answer 429 for a while, 500, a page of somebody else, half a page and late", async () => {
    const path = "/system/accesses/api-users";
    simulator.faults.add("429:console/users/list:1:2s");
    await expect(admin.goto(path)).rejects.toThrow("429");
    await expect(admin.goto("/")).rejects.toThrow("429");
    clock.ms += 2000;
    simulator.faults.add("500:console/users/list:1");
    await expect(admin.goto(path)).rejects.toThrow("500");
    simulator.faults.add("html:console/users/list:1");
    await admin.goto(path);
    expect(admin.text()).toContain("Log in");
    simulator.faults.add("truncated:console/users/list:1");
    await expect(admin.goto(path)).rejects.toThrow("was cut off");
    simulator.faults.add("slow:console/users/list:1:3s");
    await admin.goto(path);
    expect([admin.title(), clock.ms]).toEqual(["API Users", startMs + 5000]);
  });

  it("of @writes hit saves and deletions, and nothing that only looks, asks or signs in", async () => {
    const clicks: [() => Promise<void>, string][] = [
      [() => addUser(admin), "console/users/add"],
      [() => editUser(admin, "bi.export", { Name: "x" }), "console/users/save"],
      [() => deleteUser(admin, "bi.export"), "console/users/delete"],
      [() => addGroup(admin, "x"), "console/groups/add"],
      [() => deleteGroup(admin, "Reports"), "console/groups/delete"],
    ];
    simulator.faults.add("500:@writes");
    await admin.click("button", "Sign out");
    await admin.signIn(simulator.world.admin);
    await tokenOf(simulator);
    for (const [run, method] of clicks) {
      await expect(run()).rejects.toThrow("500");
      expect([method, simulator.store.countOf(method)]).toEqual([method, 1]);
    }
    expect(committed()).toEqual([false, false, false, false, false]);
  });
});

describe("faults of the API", () => {
  const submit = (token: string) => callApi(simulator, "POST tag", { token, form: { name: "VIP" } });
  const tagExists = () => simulator.store.tags.find(({ name }) => name === "VIP") !== undefined;

  it("lose the answer to an authorization, whose token counts all the same", async () => {
    simulator.faults.add("cut-after-commit:ipresso/auth:1");
    await expect(authorize(simulator)).rejects.toThrow(SimulatedCut);
    const [token] = simulator.store.tokens.keys();
    expect((await callApi(simulator, "GET tag", { token: token! })).code).toBe(200);
  });

  it("perform an authorization later, as far as login and password are good then", async () => {
    simulator.faults.add("commit-after:ipresso/auth:2:1s");
    await expect(authorize(simulator)).rejects.toThrow(SimulatedCut);
    clock.ms += 1000;
    simulator.settlePending();
    expect(simulator.store.tokens.size).toBe(1);
    simulator.store.tokens.clear();
    await expect(authorize(simulator)).rejects.toThrow(SimulatedCut);
    simulator.store.changeUser(userOf(simulator, "shop.sync").id, { password: "another" });
    clock.ms += 1000;
    simulator.settlePending();
    expect(simulator.store.tokens.size).toBe(0);
  });

  it("cut and delay calls as on any other system", async () => {
    const token = await tokenOf(simulator);
    simulator.faults.add("cut-before:ipresso/tags/add:1");
    await expect(submit(token)).rejects.toThrow(SimulatedCut);
    expect(tagExists()).toBe(false);
    simulator.faults.add("commit-after:ipresso/tags/add:1:1s");
    await expect(submit(token)).rejects.toThrow(SimulatedCut);
    simulator.store.tokens.clear();
    clock.ms += 1000;
    simulator.settlePending();
    expect(tagExists()).toBe(true);
    simulator.faults.add("commit-after:ipresso/tags/add:1:1s");
    await expect(submit(token)).rejects.toThrow(SimulatedCut);
    expect(simulator.pendingCount).toBe(0);
  });

  it("end the token of a call, which makes a client authorize again", async () => {
    const token = await tokenOf(simulator);
    simulator.faults.add("session-ends:ipresso/tags/add:1");
    expect(await submit(token)).toMatchObject({ status: 403, code: 403 });
    expect(tagExists()).toBe(false);
    expect((await submit(await tokenOf(simulator))).code).toBe(201);
  });
});

describe("what tests read", () => {
  it("names every page and endpoint once, so that faults can name them too", () => {
    const names = [...endpointNames, ...consoleMethodNames];
    expect([new Set(names).size, names.length > 40]).toEqual([names.length, true]);
    const rules = ["cut-before:console/users/save", "500:ipresso/*", "session-ends:console/*"];
    expect(faultsOf(rules, { ipresso: names }).ipresso).toHaveLength(3);
    expect(() => faultsOf(["500:console/users/safe"], { ipresso: names })).toThrow("Did you mean console/users/save");
  });

  it("counts calls, also those that a fault ate", async () => {
    simulator.faults.add("500:console/users/list:1");
    await expect(admin.goto("/system/accesses/api-users")).rejects.toThrow("500");
    await admin.goto("/system/accesses/api-users");
    expect(simulator.store.countOf("console/users/list")).toBe(2);
  });

  it("is the same world for the same seed, and another one for another", () => {
    const [one, two, other] = [makeIpresso(), makeIpresso(), makeIpresso({ seed: 2 })].map((made) => made.simulator);
    expect(one!.world).toEqual(two!.world);
    expect(one!.store.users.values()).toEqual(two!.store.users.values());
    expect(one!.world.customerKey).not.toBe(other!.world.customerKey);
    expect(one!.world.customerKey).toMatch(/^[0-9a-f]{32}$/);
  });

  it("has as many more users as it is asked for", () => {
    expect(makeIpresso({ users: 200 }).simulator.store.users.size).toBe(202);
  });

  it("goes on apart from its clone, and both would do the same", async () => {
    const later = { ms: clock.ms };
    const clone = simulator.clone({ now: () => later.ms });
    const token = await tokenOf(simulator);
    await addUser(admin);
    expect([exists(), clone.store.user("crm.feed"), clone.store.tokens.size]).toEqual([true, undefined, 0]);
    expect(await tokenOf(clone)).toBe(token);
    const twin = clone.clone();
    const credentials = { login: newUser.Login, password: newUser.Password };
    const tokens = [];
    for (const site of [clone, twin]) {
      await addUser(await openConsole(site));
      tokens.push(await tokenOf(site, credentials));
    }
    expect([tokens[0], userOf(clone, "crm.feed")]).toEqual([tokens[1], userOf(twin, "crm.feed")]);
    expect(userOf(clone, "crm.feed").id).toBe(userOf(simulator, "crm.feed").id);
    later.ms += 3_600_000;
    expect((await callApi(clone, "GET tag", { token: tokens[0]! })).code).toBe(403);
    expect((await callApi(simulator, "GET tag", { token })).code).toBe(200);
  });

  it("keeps nothing in common with its clone", async () => {
    await tokenOf(simulator);
    const sessions = [...simulator.store.sessions.keys()];
    const clone = simulator.clone();
    await deleteUser(admin, "shop.sync");
    await deleteUser(admin, "bi.export");
    await deleteGroup(admin, "Reports");
    await admin.click("button", "Sign out");
    expect([[...clone.store.sessions.keys()], clone.store.countOf("console/users/delete")]).toEqual([sessions, 0]);
    simulator.store.putTag(null, "x");
    simulator.store.contacts.remove(simulator.store.contacts.values()[0]!.id, clock.ms);
    const { users, groups, tokens, tags, contacts, mutatingCalls } = clone.store;
    expect([users.size, groups.size, tokens.size, tags.size, contacts.size, mutatingCalls.length]).toEqual([
      ...[2, 3, 1, 2, 1, 0],
    ]);
  });

  it("clones faults and calls that are still to be performed", async () => {
    simulator.faults.add("commit-after:console/users/add:1:1s");
    await expect(addUser(admin)).rejects.toThrow(SimulatedCut);
    const clone = simulator.clone();
    clock.ms += 1000;
    clone.settlePending();
    expect([exists(), clone.store.user("crm.feed") !== undefined]).toEqual([false, true]);
  });
});
