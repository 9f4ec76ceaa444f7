import { beforeEach, describe, expect, it } from "vitest";
import { FaultSchedule, faultDescriptions, faultNames, parseFault } from "../src/simulators/faults.ts";
import type { VelocloudSimulator } from "../src/simulators/velocloud/simulator.ts";
import { type SimResponse, SimulatedCut } from "../src/simulators/wire.ts";
import {
  addUser,
  type Clock,
  type Credentials,
  cookieOf,
  makeSimulator,
  ok,
  password,
  post,
  refusal,
  rest,
  startMs,
} from "./simulator-client.ts";

let simulator: VelocloudSimulator;
let clock: Clock;
let admin: Credentials;

function renew(options: Parameters<typeof makeSimulator>[0] = {}): void {
  ({ simulator, clock } = makeSimulator(options));
  admin = { token: simulator.world.enterprise.token };
}
beforeEach(() => renew());

const insert = (username: string): Promise<SimResponse> =>
  rest(simulator, admin, "enterprise/insertEnterpriseUser", {
    ...{ username, password, roleId: simulator.store.roleNamed("Enterprise Support").id },
  });
const listed = async () =>
  (await ok<{ username: string }[]>(simulator, admin, "enterprise/getEnterpriseUsers")).map((user) => user.username);

describe("the text of a fault", () => {
  it("is read with its method, count and options", () => {
    expect(parseFault("cut-after-commit:enterprise/createApiToken:1")).toEqual({
      ...{ fault: "cut-after-commit", method: "enterprise/createApiToken", times: 1 },
    });
    expect(parseFault("500")).toEqual({ fault: "500", method: "*" });
    expect(parseFault("list-lags:*:2s")).toEqual({ fault: "list-lags", method: "*", ms: 2000 });
    expect(parseFault("slow:@writes:250ms:p=0.5:seed=9")).toMatchObject({ ms: 250, probability: 0.5, seed: 9 });
    expect(parseFault("429:*:every=3")).toMatchObject({ every: 3 });
  });

  it.each([
    ["explode", 'there is no fault "explode"'],
    ["500:bad name", "no method name"],
    ["500:*:0", "the count must be a whole number"],
    ["500:*:soon", "the count must be a whole number"],
    ["commit-after:*", "needs a duration"],
    ["cut-before:*:5s", "takes no duration"],
    ["slow:*:90000s", "above 24 h"],
    ["500:*:p=2", "p must be above 0"],
    ["500:*:every=0", "every must be a whole number"],
  ])("is refused when wrong: %s", (spec, reason) => {
    expect(() => parseFault(spec)).toThrow(reason);
    expect(() => parseFault(spec)).toThrow("cut-after-commit");
  });

  it("names ten faults, each described for help texts", () => {
    expect(faultNames).toHaveLength(10);
    for (const name of faultNames) expect(faultDescriptions[name].length).toBeGreaterThan(20);
  });
});

describe("when a rule fires", () => {
  const fire = (spec: string, calls: number, method = "a/b") => {
    const schedule = new FaultSchedule([parseFault(spec)], 5);
    return Array.from({ length: calls }, () => (schedule.take({ method, isWrite: false, isList: true }) ? 1 : 0));
  };

  it("counts, takes every Nth, or throws seeded dice", () => {
    expect(fire("500:a/*:2", 4)).toEqual([1, 1, 0, 0]);
    expect(fire("500:*:every=3", 6)).toEqual([0, 0, 1, 0, 0, 1]);
    expect(fire("500:*:p=0.5", 40)).toEqual(fire("500:*:p=0.5", 40));
    const hits = fire("500:*:p=0.5:seed=3", 400).reduce((sum: number, hit) => sum + hit, 0);
    expect(hits).toBeGreaterThan(150);
    expect(hits).toBeLessThan(250);
    expect(fire("500:b/*", 2)).toEqual([0, 0]);
    expect(fire("500:@writes", 2)).toEqual([0, 0]);
  });

  it("can be added and cleared while the simulator runs", async () => {
    simulator.faults.add("html:*");
    expect((await rest(simulator, admin, "system/getVersionInfo")).body).toContain("<html>");
    simulator.faults.clear();
    await ok(simulator, admin, "system/getVersionInfo");
  });
});

describe("faults", () => {
  it("cut-after-commit performs the call and answers nothing", async () => {
    simulator.faults.add("cut-after-commit:enterprise/insertEnterpriseUser:1");
    await expect(insert("u1")).rejects.toThrow(SimulatedCut);
    expect(simulator.store.userNamed("u1")).toBeDefined();
    expect(simulator.store.mutatingCalls).toMatchObject([{ committed: true }]);
    expect((await insert("u2")).status).toBe(200);
  });

  it("cut-after-commit loses a downloaded token for good", async () => {
    const owner = simulator.world.enterprise;
    const { id } = simulator.store.addToken({ ownerId: owner.id, name: "n" });
    simulator.faults.add("cut-after-commit:enterprise/downloadApiToken:1");
    await expect(rest(simulator, admin, "enterprise/downloadApiToken", { id })).rejects.toThrow(SimulatedCut);
    expect(simulator.store.tokenState(id)).toBe("ENABLED");
    await refusal(simulator, admin, "enterprise/downloadApiToken", { id });
  });

  it("cut-before does nothing and logs the attempt as not committed", async () => {
    simulator.faults.add("cut-before:@writes:1");
    await expect(insert("u1")).rejects.toThrow(SimulatedCut);
    expect(simulator.store.userNamed("u1")).toBeUndefined();
    expect(simulator.store.mutatingCalls).toMatchObject([
      { method: "enterprise/insertEnterpriseUser", committed: false },
    ]);
  });

  it("commit-after performs the call when simulator time has come, seen by calls and by settlePending", async () => {
    simulator.faults.add("commit-after:enterprise/insertEnterpriseUser:2:3s");
    await expect(insert("u1")).rejects.toThrow(SimulatedCut);
    clock.ms += 2999;
    expect(await listed()).not.toContain("u1");
    await expect(insert("u2")).rejects.toThrow(SimulatedCut);
    expect(simulator.pendingCount).toBe(2);
    clock.ms += 1;
    expect(await listed()).toContain("u1");
    clock.ms += 3000;
    simulator.settlePending();
    expect(simulator.store.userNamed("u2")).toBeDefined();
    expect(simulator.pendingCount).toBe(0);
  });

  it("commit-after commits even when the caller's token was revoked on the way, and drops calls it would refuse", async () => {
    simulator.faults.add("commit-after:enterprise/insertEnterpriseUser:2:3s");
    await expect(insert("u1")).rejects.toThrow(SimulatedCut);
    const own = simulator.store.tokensOf(simulator.world.enterprise.id)[0]!;
    simulator.store.revokeToken(own.id);
    await expect(insert("u2")).rejects.toThrow(SimulatedCut);
    expect(simulator.pendingCount).toBe(1);
    clock.ms += 3000;
    simulator.settlePending();
    expect(simulator.store.userNamed("u1")).toBeDefined();
  });

  it("list-lags answers lists as they were, reads by id as they are, and catches up", async () => {
    const before = addUser(simulator, "before");
    clock.ms += 10_000;
    await insert("after");
    simulator.store.deleteUser(before.id);
    simulator.store.changeUser(simulator.world.enterprise.id, { firstName: "New" });
    simulator.faults.add("list-lags:*:5s");
    expect(await listed()).toEqual(expect.arrayContaining(["before", "admin@customer.example"]));
    expect(await listed()).not.toContain("after");
    expect(await ok(simulator, admin, "enterpriseUser/getEnterpriseUser", { username: "after" })).toMatchObject({
      username: "after",
    });
    clock.ms += 5000;
    expect(await listed()).toContain("after");
    expect(await listed()).not.toContain("before");
  });

  it("list-lags shows the world it began with, not an empty one, to a call right after the start", async () => {
    simulator.faults.add("list-lags:*:60s");
    expect(await listed()).toEqual(["admin@customer.example"]);
  });

  it("429 answers plainly for five seconds from the first, without Retry-After, and is not prolonged", async () => {
    simulator.faults.add("429:*:1");
    const first = await insert("u1");
    clock.ms += 4999;
    const second = await insert("u1");
    expect([first.status, second.status]).toEqual([429, 429]);
    expect(first.headers).not.toHaveProperty("retry-after");
    expect(simulator.store.mutatingCalls.map((call) => call.committed)).toEqual([false, false]);
    clock.ms += 1;
    expect((await insert("u1")).status).toBe(200);
  });

  it("500 and html do nothing and answer without an envelope", async () => {
    simulator.faults.add("500:*:1");
    simulator.faults.add("html:*:1");
    const [broken, page] = [await insert("u1"), await insert("u1")];
    expect([broken.status, page.status]).toEqual([500, 200]);
    expect(page.headers["content-type"]).toContain("text/html");
    for (const { body } of [broken, page]) expect(() => JSON.parse(body)).toThrow();
    expect(simulator.store.userNamed("u1")).toBeUndefined();
  });

  it("slow lets simulator time pass before the call is performed, and latency does so for every call", async () => {
    simulator.faults.add("slow:enterprise/insertEnterpriseUser:1:700ms");
    await insert("u1");
    expect(clock.ms).toBe(startMs + 700);
    expect(simulator.store.userNamed("u1")!.created).toBe(startMs + 700);
    renew({ latencyMs: 20 });
    await listed();
    expect(clock.ms).toBe(startMs + 20);
  });

  it("session-ends ends the session of the call, and leaves calls with a token alone", async () => {
    const { username, password: right } = simulator.world.enterprise;
    const response = await post(simulator, "/portal/rest/login/enterpriseLogin", { username, password: right });
    const session = { session: cookieOf(response, "velocloud.session")! };
    simulator.faults.add("session-ends:*:2");
    expect(await refusal(simulator, session, "enterprise/insertEnterpriseUser")).toContain("expired session cookie");
    expect((await insert("u1")).status).toBe(200);
    expect(await refusal(simulator, session, "enterprise/getEnterpriseUsers")).toContain("expired session cookie");
  });

  it("truncated performs the call and cuts the body short of its content-length", async () => {
    simulator.faults.add("truncated:@writes:1");
    const { body, headers } = await insert("u1");
    expect(() => JSON.parse(body)).toThrow();
    expect(Number(headers["content-length"])).toBeGreaterThan(body.length);
    expect(simulator.store.userNamed("u1")).toBeDefined();
  });
});

describe("the rate limit policy", () => {
  it("lets the bucket leak over its window and punishes for the penalty", async () => {
    renew({ rateLimit: { callsPerWindowMax: 2 } });
    const status = async () => (await rest(simulator, admin, "system/getVersionInfo")).status;
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    clock.ms += 4999;
    expect(await status()).toBe(429);
    clock.ms += 1;
    expect(await status()).toBe(200);
  });

  it("limits how many calls are in flight", async () => {
    renew({ rateLimit: { concurrencyMax: 2 }, latencyMs: 1 });
    const calls = Array.from({ length: 3 }, () => rest(simulator, admin, "system/getVersionInfo"));
    expect((await Promise.all(calls)).map((answer) => answer.status)).toEqual([200, 200, 429]);
  });
});

describe("what tests lean on", () => {
  it("counts calls by method and logs mutating ones, login and logout excepted", async () => {
    const { username, password: right } = simulator.world.enterprise;
    const response = await post(simulator, "/portal/rest/login/enterpriseLogin", { username, password: right });
    await rest(simulator, { session: cookieOf(response, "velocloud.session")! }, "logout");
    await listed();
    await listed();
    expect(simulator.store.countOf("enterprise/getEnterpriseUsers")).toBe(2);
    expect(simulator.store.mutatingCalls).toEqual([]);
    await insert("u1");
    await insert("u1");
    const entry = { method: "enterprise/insertEnterpriseUser", at: startMs, principal: username };
    expect(simulator.store.mutatingCalls).toEqual([
      { ...entry, committed: true },
      { ...entry, committed: false },
    ]);
  });

  it("clones a world with its faults, pending calls and future ids, and shares nothing that changes", async () => {
    simulator.faults.add("commit-after:enterprise/insertEnterpriseUser:1:3s");
    await expect(insert("u1")).rejects.toThrow(SimulatedCut);
    const later = { ms: clock.ms + 3000 };
    const copy = simulator.clone({ now: () => later.ms });
    copy.settlePending();
    expect([copy.store.userNamed("u1") !== undefined, simulator.store.userNamed("u1")]).toEqual([true, undefined]);
    copy.store.disableUser(simulator.world.enterprise.id);
    expect(simulator.store.users.get(simulator.world.enterprise.id)!.isActive).toBe(true);
    clock.ms += 3000;
    simulator.settlePending();
    expect(simulator.store.userNamed("u1")).toEqual(copy.store.userNamed("u1"));
  });

  it("makes equal worlds from equal seeds and other secrets from other seeds", () => {
    const world = (seed: number) => makeSimulator({ seed, users: 5 }).simulator;
    expect(world(3).world).toEqual(world(3).world);
    expect(world(3).store.users.values()).toEqual(world(3).store.users.values());
    expect(world(3).world.enterprise.token).not.toBe(world(4).world.enterprise.token);
    expect(world(3).store.users.size).toBe(9);
  });

  it("lets tests edit the world behind the API's back, without a call", async () => {
    const { store } = simulator;
    const user = addUser(simulator, "u1");
    store.changeRoleOf(user.id, "Enterprise Superuser");
    store.disableUser(user.id);
    store.renameRole(14, "Renamed");
    const value = store.addEnabledToken({ ownerId: user.id, name: "n", description: "mark" });
    expect(store.userNamed("u1")).toMatchObject({ roleId: 14, isActive: false });
    expect(store.ownerOfWorkingToken(value)?.id).toBe(user.id);
    store.revokeToken(store.tokensOf(user.id)[0]!.id);
    store.deleteUser(user.id);
    expect(store.ownerOfWorkingToken(value)).toBeUndefined();
    expect([store.userNamed("u1"), store.calls.size, store.mutatingCalls]).toEqual([undefined, 0, []]);
    expect(await listed()).not.toContain("u1");
  });
});
