import { beforeEach, describe, expect, it } from "vitest";
import type { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { serveSimulator } from "../src/simulators/server.ts";
import { SimulatedCut } from "../src/simulators/wire.ts";
import { addApiUser, callApi, makeMomentus, openConsole, signToken, startMs, succeed } from "./momentus-client.ts";

let simulator: MomentusSimulator;
let clock: { ms: number };

beforeEach(() => {
  ({ simulator, clock } = makeMomentus());
});

const body = { ID: "CNEW", DisplayName: "Cora" };
const add = () => callApi(simulator, "POST Users", { body });
const exists = () => simulator.store.prod.users.get("CNEW") !== undefined;

describe("faults of the API", () => {
  it("cut the connection before the call or after it", async () => {
    simulator.faults.add("cut-before:users/add:1");
    simulator.faults.add("cut-after-commit:users/add:1");
    await expect(add()).rejects.toThrow(SimulatedCut);
    expect(exists()).toBe(false);
    await expect(add()).rejects.toThrow(SimulatedCut);
    expect(exists()).toBe(true);
    expect(simulator.store.mutatingCalls.map(({ committed }) => committed)).toEqual([false, true]);
  });

  it("perform a call later, by the token that was good when it came", async () => {
    simulator.faults.add("commit-after:users/add:1:600s");
    await expect(add()).rejects.toThrow(SimulatedCut);
    clock.ms += 599_999;
    simulator.settlePending();
    expect([exists(), simulator.pendingCount]).toEqual([false, 1]);
    clock.ms += 1;
    simulator.settlePending();
    expect([exists(), simulator.pendingCount]).toEqual([true, 0]);
  });

  it("never perform later what nobody was let in for", async () => {
    simulator.faults.add("commit-after:@writes:1:1s");
    await expect(callApi(simulator, "POST Users", { body, token: "a.b.c" })).rejects.toThrow(SimulatedCut);
    expect(simulator.pendingCount).toBe(0);
  });

  it("answer 429 for a while, 500, a page, half an answer and late", async () => {
    simulator.faults.add("429:users/get:1:2s");
    expect((await callApi(simulator, "GET Users/AGREEN")).status).toBe(429);
    expect((await callApi(simulator, "GET Roles/OPS")).status).toBe(429);
    clock.ms += 2000;
    expect((await callApi(simulator, "GET Roles/OPS")).status).toBe(200);
    simulator.faults.add("500:roles/get:1");
    simulator.faults.add("html:roles/get:1");
    simulator.faults.add("truncated:roles/get:1");
    simulator.faults.add("slow:roles/get:1:3s");
    const answers = [];
    for (let call = 0; call < 4; call += 1) answers.push(await callApi(simulator, "GET Roles/OPS"));
    expect(answers.map(({ status }) => status)).toEqual([500, 200, 200, 200]);
    expect(answers[1]!.headers["content-type"]).toContain("text/html");
    expect(Number(answers[2]!.headers["content-length"])).toBeGreaterThan(answers[2]!.body.length);
    expect(clock.ms).toBe(startMs + 5000);
  });
});

describe("faults of the console", () => {
  it("lose the answer to a saved API user, so that a second try meets the first", async () => {
    const support = await openConsole(simulator);
    simulator.faults.add("cut-after-commit:console/apiUsers/add:1");
    const fields = { ID: "X1", "Display Name": "X" };
    await expect(addApiUser(support, fields)).rejects.toThrow(SimulatedCut);
    expect(simulator.store.prod.keysOf("X1")).toHaveLength(1);
    await addApiUser(support, fields);
    expect([support.status, simulator.store.prod.keysOf("X1").length]).toEqual([422, 1]);
  });

  it("perform a form later, for the session that sent it", async () => {
    const support = await openConsole(simulator);
    simulator.faults.add("commit-after:console/keys/add:1:45s");
    await support.goto("/prod/api-users/STEWARD/keys");
    await expect(support.click("button", "Add")).rejects.toThrow(SimulatedCut);
    await support.goto("/prod");
    await support.click("button", "Sign out");
    clock.ms += 45_000;
    simulator.settlePending();
    expect(simulator.store.prod.keysOf("STEWARD")).toHaveLength(2);
  });

  it("end a session in the middle of a form, which leads to signing in and changes nothing", async () => {
    const support = await openConsole(simulator);
    simulator.faults.add("session-ends:console/keys/add:1");
    await support.goto("/prod/api-users/STEWARD/keys");
    await support.click("button", "Add");
    expect([support.title(), simulator.store.prod.keysOf("STEWARD").length]).toEqual(["Sign in", 1]);
  });

  it("show a list as it was", async () => {
    const support = await openConsole(simulator);
    clock.ms += 1000;
    await addApiUser(support, { ID: "X1", "Display Name": "X" });
    simulator.faults.add("list-lags:console/apiUsers/list:1:500ms");
    await support.goto("/prod/api-users");
    expect(support.all("link", "X1")).toEqual([]);
    await support.goto("/prod/api-users");
    expect(support.all("link", "X1")).toHaveLength(1);
  });
});

describe("what tests read", () => {
  it("counts calls and logs the mutating ones, with who made them and whether they changed anything", async () => {
    const support = await openConsole(simulator);
    await addApiUser(support, { ID: "X1", "Display Name": "X" });
    await addApiUser(support, { ID: "X1", "Display Name": "X" });
    await add();
    await add();
    const call = (method: string, principal: string, committed: boolean) => ({
      ...{ method, environment: "prod", at: startMs, principal, committed },
    });
    const { username } = simulator.world.support;
    expect(simulator.store.mutatingCalls).toEqual([
      call("console/apiUsers/add", username, true),
      call("console/apiUsers/add", username, false),
      call("users/add", "STEWARD", true),
      call("users/add", "STEWARD", false),
    ]);
    expect([simulator.store.countOf("users/add"), simulator.store.countOf("console/apiUsers/addForm")]).toEqual([2, 2]);
  });

  it("does not count a prompt and an ended session as a change", async () => {
    const support = await openConsole(simulator);
    await support.goto("/connect/customers/1/apps");
    await support.click("button", "Approve", support.row("Floor Plan Studio"));
    await support.goto("/connect/customers/1/apps");
    clock.ms += 31 * 60 * 1000;
    await support.click("button", "Approve", support.row("Floor Plan Studio"));
    expect(support.title()).toBe("Sign in");
    expect(simulator.store.mutatingCalls.map(({ method, committed }) => [method, committed])).toEqual([
      ["console/apps/approve", false],
      ["console/apps/approve", false],
    ]);
  });

  it("is the same world for the same seed, and another one for another", () => {
    const [one, two, other] = [makeMomentus(), makeMomentus(), makeMomentus({ seed: 2 })].map((made) => made.simulator);
    expect(one!.world).toEqual(two!.world);
    expect(one!.world.apiUser.prod.secret).not.toBe(other!.world.apiUser.prod.secret);
  });

  it("goes on apart from its clone, which would do the same", async () => {
    simulator.faults.add("commit-after:users/add:1:1s");
    await expect(add()).rejects.toThrow(SimulatedCut);
    const clone = simulator.clone();
    clock.ms += 1000;
    clone.settlePending();
    expect([exists(), clone.store.prod.users.get("CNEW")?.id]).toEqual([false, "CNEW"]);
    simulator.settlePending();
    expect(simulator.store.addKey("prod", "STEWARD")).toEqual(clone.store.addKey("prod", "STEWARD"));
    clone.store.licensing.switchOff("prod");
    clone.store.regenerateSecret("prod", "STEWARD");
    expect((await callApi(simulator, "GET sdk_initialize")).status).toBe(200);
  });
});

describe("on a socket", () => {
  it("answers real HTTP, marks every answer and sends 204 without a body", async () => {
    const real = makeMomentus().simulator;
    const served = await serveSimulator(real);
    try {
      const headers = { authorization: `Bearer ${signToken(real.world.apiUser.prod)}` };
      const removed = await fetch(`${served.url}/prod/api/v1/UserRoles/AGREEN/SALES`, { method: "DELETE", headers });
      expect([removed.status, await removed.text()]).toEqual([204, ""]);
      const found = await fetch(`${served.url}/prod/api/v1/Users?search=startswith(ID,'B')$page_size=1`, { headers });
      expect(await found.json()).toMatchObject([{ ID: "BSTONE" }]);
      for (const path of ["/signin", "/assets/console.css", "/assets/console.js", "/api/v1/Users", "/nowhere"]) {
        const answer = await fetch(served.url + path);
        expect([path, answer.headers.get("x-steward-simulator")]).toEqual([path, "momentus"]);
      }
    } finally {
      await served.close();
    }
    await succeed(real, "GET Users/BSTONE");
  });
});
