import { beforeEach, describe, expect, it } from "vitest";
import { faultsOf } from "../src/simulators/fault-methods.ts";
import { endpointNames } from "../src/simulators/veson/api.ts";
import { consoleMethodNames } from "../src/simulators/veson/console/console.ts";
import type { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import { SimulatedCut } from "../src/simulators/wire.ts";
import {
  addUser,
  callApi,
  goToList,
  makeSystemUser,
  makeVeson,
  openConsole,
  openRow,
  requestToken,
  startMs,
  type TestConsole,
  userOf,
  works,
} from "./veson-client.ts";

let simulator: VesonSimulator;
let clock: { ms: number };
let admin: TestConsole;

beforeEach(async () => {
  ({ simulator, clock } = makeVeson());
  admin = await openConsole(simulator);
});

const exists = () => simulator.store.user("sys.fuel") !== undefined;
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
    expect([admin.status, admin.alert()]).toEqual([422, "There is a user sys.fuel already."]);
    expect(committed()).toEqual([false, true, false]);
  });

  it("lose the answer to a new token, which has replaced the one before", async () => {
    const before = simulator.world.system.token;
    simulator.faults.add("cut-after-commit:console/users/save:1");
    await openRow(admin, "sys.reports");
    await expect(requestToken(admin)).rejects.toThrow(SimulatedCut);
    expect(await works(simulator, before)).toBe(false);
    await openRow(admin, "sys.reports");
    expect(await works(simulator, admin.secret("API Token").reveal())).toBe(true);
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

  it("perform a late save only as far as licenses allow then", async () => {
    simulator.faults.add("commit-after:console/users/add:1:45s");
    await expect(addUser(admin)).rejects.toThrow(SimulatedCut);
    simulator.store.changeUser(userOf(simulator, "r.winter").id, { isInactive: false });
    clock.ms += 45_000;
    simulator.settlePending();
    expect([exists(), committed()]).toEqual([false, [false]]);
  });

  it("end a session in the middle, which leads to signing in and changes nothing", async () => {
    simulator.faults.add("session-ends:console/users/add:1");
    await addUser(admin);
    expect([admin.title(), exists(), committed()]).toEqual(["Sign in", false, [false]]);
    await admin.signIn(simulator.world.admin);
    await addUser(admin);
    expect(exists()).toBe(true);
    simulator.store.endSessions();
    await admin.goto("/data-center/security");
    expect(admin.title()).toBe("Sign in");
  });

  it("show the lists as they were", async () => {
    clock.ms += 1000;
    await addUser(admin);
    simulator.faults.add("list-lags:console/security/list:1:500ms");
    await goToList(admin);
    expect(admin.all("link", "sys.fuel")).toEqual([]);
    await goToList(admin);
    expect(admin.all("link", "sys.fuel")).toHaveLength(1);
    simulator.store.addGroup({ name: "Late" });
    simulator.faults.add("list-lags:console/security/list:1:500ms");
    await goToList(admin);
    expect(admin.all("link", "Late")).toEqual([]);
    simulator.store.addVeslinkAccount({ userName: "captain", password: "x" });
    simulator.faults.add("list-lags:console/veslink/list:1:500ms");
    await admin.goto("/operations/voyage-reporting-security");
    expect(admin.all("link", "captain")).toEqual([]);
  });

  it("answer 429 for a while, 500, a page of somebody else, half a page and late", async () => {
    simulator.faults.add("429:console/security/list:1:2s");
    await expect(goToList(admin)).rejects.toThrow("429");
    await expect(admin.goto("/")).rejects.toThrow("429");
    clock.ms += 2000;
    simulator.faults.add("500:console/security/list:1");
    await expect(goToList(admin)).rejects.toThrow("500");
    simulator.faults.add("html:console/security/list:1");
    await goToList(admin);
    expect(admin.text()).toContain("Log in");
    simulator.faults.add("truncated:console/security/list:1");
    await expect(goToList(admin)).rejects.toThrow("was cut off");
    simulator.faults.add("slow:console/security/list:1:3s");
    await goToList(admin);
    expect([admin.title(), clock.ms]).toEqual(["Security List", startMs + 5000]);
  });

  it("of @writes hit saves and nothing that only concerns an open panel or a session", async () => {
    simulator.faults.add("500:@writes");
    await admin.goto("/");
    await admin.click("button", "Sign out");
    await admin.signIn(simulator.world.admin);
    await openRow(admin, "m.ortega");
    await admin.click("tab", "Access Rights");
    await admin.click("button", "Expand Operations");
    await admin.click("tab", "Profile");
    await admin.click("button", "Change Password");
    await expect(admin.click("button", "Save")).rejects.toThrow("500");
  });
});

describe("faults of the API", () => {
  const submit = () => callApi(simulator, "POST forms/submit", simulator.world.system.token, "<form/>");
  beforeEach(() => {
    const { id } = userOf(simulator, "sys.reports");
    simulator.store.changeUser(id, { rights: { "veslink/api-write": "write" } });
  });

  it("cut, delay and refuse calls as on any other system", async () => {
    simulator.faults.add("cut-after-commit:veslink/forms/submit:1");
    await expect(submit()).rejects.toThrow(SimulatedCut);
    expect(simulator.store.submissions).toHaveLength(1);
    simulator.faults.add("commit-after:veslink/forms/submit:1:1s");
    await expect(submit()).rejects.toThrow(SimulatedCut);
    const { id } = userOf(simulator, "sys.reports");
    simulator.store.changeUser(id, { token: null });
    clock.ms += 1000;
    simulator.settlePending();
    expect(simulator.store.submissions).toHaveLength(2);
    simulator.faults.add("commit-after:veslink/forms/submit:1:1s");
    await expect(submit()).rejects.toThrow(SimulatedCut);
    expect(simulator.pendingCount).toBe(0);
  });
});

describe("what tests read", () => {
  it("names every page and endpoint once, so that faults can name them too", () => {
    const names = [...endpointNames, ...consoleMethodNames];
    expect([new Set(names).size, names.length > 40]).toEqual([names.length, true]);
    const rules = ["cut-before:console/users/save", "500:veslink/*", "session-ends:console/*"];
    expect(faultsOf(rules, { veson: names }).veson).toHaveLength(3);
    expect(() => faultsOf(["500:console/users/safe"], { veson: names })).toThrow("Did you mean console/users/save");
  });

  it("counts calls, also those that a fault ate", async () => {
    simulator.faults.add("500:console/security/list:1");
    await expect(admin.goto("/data-center/security")).rejects.toThrow("500");
    await admin.goto("/data-center/security");
    expect(simulator.store.countOf("console/security/list")).toBe(2);
  });

  it("is the same world for the same seed, and another one for another", () => {
    const [one, two, other] = [makeVeson(), makeVeson(), makeVeson({ seed: 2 })].map((made) => made.simulator);
    expect(one!.world).toEqual(two!.world);
    expect(one!.store.users.values()).toEqual(two!.store.users.values());
    expect(one!.world.system.token).not.toBe(other!.world.system.token);
  });

  it("has as many more users as it is asked for, and as many free licenses", () => {
    const { store } = makeVeson({ users: 200, seatsFree: 3 }).simulator;
    expect([store.seatsUsed, store.licenseLimit]).toEqual([205, 208]);
  });

  it("goes on apart from its clone in the middle of a panel, and both would do the same", async () => {
    await openRow(admin, "sys.reports");
    await admin.click("button", "Request New API Token");
    const later = { ms: clock.ms };
    const clone = simulator.clone({ now: () => later.ms });
    const { id } = userOf(simulator, "sys.reports");
    await admin.click("button", "Save");
    expect(clone.store.users.get(id)!.token).toBe(simulator.world.system.token);
    const twin = clone.clone();
    const token = await makeSystemUser(await openConsole(clone));
    expect(await makeSystemUser(await openConsole(twin))).toBe(token);
    expect([exists(), await works(twin, token), await works(simulator, token)]).toEqual([false, true, false]);
  });

  it("shares no open panel and no unread token with its clone", async () => {
    ({ simulator } = makeVeson({ tokenReadableAgain: false }));
    admin = await openConsole(simulator);
    await openRow(admin, "sys.reports");
    await admin.click("button", "Request New API Token");
    simulator.faults.add("cut-after-commit:console/users/save:1");
    await expect(admin.click("button", "Save")).rejects.toThrow(SimulatedCut);
    const clone = simulator.clone();
    const panels = clone.store.drafts.size;
    await openRow(admin, "sys.reports");
    expect([admin.all("textbox", "API Token").length, clone.store.drafts.size]).toEqual([1, panels]);
    const other = await openConsole(clone);
    await openRow(other, "sys.reports");
    expect(other.secret("API Token").reveal()).toBe(userOf(simulator, "sys.reports").token);
  });

  it("keeps no more than two hundred open panels, the newest", async () => {
    await openRow(admin, "j.doe");
    const first = /user-panels\/([0-9a-f]+)/.exec(admin.source)![1]!;
    for (let time = 0; time < 200; time += 1) await admin.goto("/data-center/security/users/4");
    expect([simulator.store.drafts.size, simulator.store.drafts.get(first)]).toEqual([200, undefined]);
    await admin.click("button", "Save");
    expect(admin.status).toBe(200);
  });

  it("clones faults and calls that are still to be performed", async () => {
    simulator.faults.add("commit-after:console/users/add:1:1s");
    await expect(addUser(admin)).rejects.toThrow(SimulatedCut);
    const clone = simulator.clone();
    clock.ms += 1000;
    clone.settlePending();
    expect([exists(), clone.store.user("sys.fuel") !== undefined]).toEqual([false, true]);
  });
});
