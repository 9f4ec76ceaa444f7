import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningSimulators, startSimulators } from "../src/simulators/simulate.ts";
import type { VelocloudSimulator } from "../src/simulators/velocloud/simulator.ts";
import {
  addUser,
  type Clock,
  type Credentials,
  cookieOf,
  logIn,
  makeSimulator,
  ok,
  password,
  post,
  refusal,
  rest,
  rpc,
  scopeCases,
} from "./simulator-client.ts";

let simulator: VelocloudSimulator;
let clock: Clock;
let admin: Credentials;

beforeEach(() => {
  ({ simulator, clock } = makeSimulator());
  admin = { token: simulator.world.enterprise.token };
});

describe("transport", () => {
  it("answers the same method by JSON-RPC and by REST", async () => {
    const method = "enterprise/getEnterpriseUsers";
    const bare = JSON.parse((await rest(simulator, admin, method, { enterpriseId: 1 })).body);
    const wrapped = JSON.parse((await rpc(simulator, admin, method, { enterpriseId: 1 })).body);
    expect(bare).toHaveLength(1);
    expect(wrapped).toEqual({ jsonrpc: "2.0", result: bare, id: 7 });
  });

  it("wraps errors in each protocol, with the documented status on REST and 200 on JSON-RPC", async () => {
    const method = "enterprise/insertEnterpriseUser";
    const [restAnswer, rpcAnswer] = [await rest(simulator, admin, method, {}), await rpc(simulator, admin, method, {})];
    const { error } = JSON.parse(restAnswer.body);
    expect(error).toMatchObject({
      code: -32603,
      message: 'instance requires property "username"',
      data: { valid: false },
    });
    expect(JSON.parse(rpcAnswer.body)).toEqual({ jsonrpc: "2.0", error, id: 7 });
    expect([restAnswer.status, rpcAnswer.status]).toEqual([400, 200]);
    const plain = makeSimulator({ errorStatus: "always-200" }).simulator;
    expect((await rest(plain, { token: plain.world.enterprise.token }, method, {})).status).toBe(200);
  });

  it("takes POST only and says in every answer that it is a simulator", async () => {
    const request = { path: "/portal/rest/system/getVersionInfo", headers: {}, body: "" };
    const got = await simulator.handle({ ...request, method: "GET" });
    const lost = await simulator.handle({ ...request, method: "POST", path: "/api/sdwan/v2/enterprises" });
    const version = await rest(simulator, admin, "system/getVersionInfo");
    expect([got.status, lost.status, version.status]).toEqual([405, 404, 200]);
    for (const answer of [got, lost, version]) expect(answer.headers["x-steward-simulator"]).toBe("velocloud");
  });

  it("refuses what is no JSON object, no JSON-RPC 2.0 and no method", async () => {
    expect((await post(simulator, "/portal/", "{", admin)).status).toBe(400);
    expect((await post(simulator, "/portal/", { method: "system/getVersionInfo" }, admin)).status).toBe(400);
    expect((await post(simulator, "/portal/rest/system/getVersionInfo", "[1]", admin)).status).toBe(400);
    expect(await refusal(simulator, admin, "enterprise/doWhatever")).toContain("no such method");
  });

  it("says which _update is missing, as enterprises and as operators are told", async () => {
    const operator = { token: simulator.world.operator.token };
    const message = await refusal(simulator, admin, "enterpriseUser/updateEnterpriseUser", { id: 1 });
    expect(message).toBe('instance requires property "_update"');
    const told = JSON.parse(await refusal(simulator, operator, "operatorUser/updateOperatorUser", { id: 1 }));
    expect(told[0].error).toBe("UPDATE_OPERATOR_USER_0001");
  });

  it("answers small versions of the methods about the orchestrator and the enterprise", async () => {
    expect(await ok(simulator, admin, "system/getVersionInfo")).toMatchObject({ build: "simulated" });
    expect(await ok(simulator, admin, "enterprise/getEnterprise", { id: 1 })).toMatchObject({
      id: 1,
      name: "Simulated Customer",
    });
    expect(await ok(simulator, admin, "enterprise/getEnterpriseRateLimits")).toMatchObject({ windowMs: 5000 });
  });
});

describe("sessions", () => {
  const paths = ["/portal/rest/login/enterpriseLogin", "/login/enterpriseLogin"];

  it.each([200, 302] as const)(
    "logs in with HTTP %i and shows success by a session cookie alone",
    async (loginStatus) => {
      const { simulator: orchestrator } = makeSimulator({ loginStatus });
      const { username, password: right } = orchestrator.world.enterprise;
      for (const path of paths) {
        const good = await post(orchestrator, path, { username, password: right });
        expect(good.status).toBe(loginStatus);
        expect(cookieOf(good, "velocloud.session")).toMatch(/^[0-9a-f]{40}$/);
        const bad = await post(orchestrator, path, { username, password: "wrong" });
        expect(bad.status).toBe(302);
        expect(cookieOf(bad, "velocloud.session")).toBe("");
        expect(cookieOf(bad, "velocloud.message")).not.toBe("");
      }
    },
  );

  it("serves customers and partners at enterpriseLogin and operators at operatorLogin", async () => {
    for (const { account, login } of scopeCases(simulator)) {
      const session = await logIn(simulator, account.username, account.password, login);
      expect((await rest(simulator, session, "system/getVersionInfo")).body).toContain("simulated");
      const other = login === "operatorLogin" ? "enterpriseLogin" : "operatorLogin";
      await expect(logIn(simulator, account.username, account.password, other)).rejects.toThrow("could not log in");
    }
  });

  it("ends a session after 24 hours, with Expires: 0, and at logout, which is always a redirect", async () => {
    addUser(simulator, "u1");
    const session = await logIn(simulator, "u1", password);
    clock.ms += simulator.settings.sessionLifetimeMs - 1;
    await ok(simulator, session, "system/getVersionInfo");
    clock.ms += 1;
    const late = await rest(simulator, session, "system/getVersionInfo");
    expect([late.status, late.headers.expires]).toEqual([200, "0"]);
    expect(JSON.parse(late.body)).toEqual({ error: { message: "tokenError [expired session cookie]" } });
    const again = await logIn(simulator, "u1", password);
    for (const who of [again, undefined]) expect((await rest(simulator, who, "logout")).status).toBe(302);
    expect(await refusal(simulator, again, "system/getVersionInfo")).toContain("expired session cookie");
  });

  it("refuses inactive, locked and unknown users, and a broken body", async () => {
    const { id } = addUser(simulator, "u1");
    for (const change of [{ isActive: false }, { isActive: true, isLocked: true }]) {
      simulator.store.changeUser(id, change);
      await expect(logIn(simulator, "u1", password)).rejects.toThrow("could not log in");
    }
    await expect(logIn(simulator, "nobody", password)).rejects.toThrow("could not log in");
    expect((await post(simulator, paths[0]!, "{")).status).toBe(302);
  });

  it("needs credentials, takes a token before a cookie, and stops taking tokens when an operator says so", async () => {
    expect(await refusal(simulator, undefined, "system/getVersionInfo")).toContain("tokenError");
    expect(await refusal(simulator, { token: "no.such.token" }, "system/getVersionInfo")).toBe(
      "tokenError [Invalid API Token]",
    );
    const { username, password: right } = simulator.world.operator;
    const session = await logIn(simulator, username, right, "operatorLogin");
    const property = { name: "session.options.enableApiTokenAuth", value: "False" };
    await ok(simulator, session, "systemProperty/insertOrUpdateSystemProperty", property);
    expect(await refusal(simulator, admin, "system/getVersionInfo")).toBe("tokenError [Invalid API Token]");
    await ok(simulator, session, "system/getVersionInfo");
  });

  it("refuses token authentication for download and revoke where set so", async () => {
    const { simulator: strict } = makeSimulator({ sessionOnlyTokenCalls: true });
    const { token, id } = strict.world.enterprise;
    const pending = strict.store.addToken({ ownerId: id, name: "n" });
    expect(await refusal(strict, { token }, "enterprise/downloadApiToken", { id: pending.id })).toMatch(/session/);
    expect(await refusal(strict, { token }, "enterprise/revokeApiToken", { id: pending.id })).toMatch(/session/);
  });
});

describe("switches for what documents leave open", () => {
  it("spells a token's state in capitals, capitalized or not at all, and may answer a single token bare", async () => {
    for (const [tokenStateSpelling, state] of [
      ["upper", "ENABLED"],
      ["capitalized", "Enabled"],
      ["absent", undefined],
    ] as const) {
      const { simulator: one } = makeSimulator({ tokenStateSpelling, singleTokenAsObject: true });
      const shown = await ok<{ state?: string }>(one, { token: one.world.enterprise.token }, "enterprise/getApiTokens");
      expect(Array.isArray(shown)).toBe(false);
      expect(shown.state).toBe(state);
    }
  });

  it("answers a new operator user as a user or as rows", async () => {
    for (const [operatorInsertResult, key] of [
      ["user", "username"],
      ["rows", "rows"],
    ] as const) {
      const { simulator: one } = makeSimulator({ operatorInsertResult });
      const made = { username: "op", password, roleId: 1 };
      const shown = await ok(one, { token: one.world.operator.token }, "operatorUser/insertOperatorUser", made);
      expect(shown).toHaveProperty(key);
      expect(shown.id).toBe(one.store.userNamed("op")!.id);
    }
  });
});

describe("the served simulator", () => {
  let running: RunningSimulators | undefined;
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });

  const call = async (path: string, init: RequestInit) =>
    fetch(`${running!.ready.velocloud.url}${path}`, { method: "POST", redirect: "manual", ...init });

  it("listens on 127.0.0.1 with a working token and working credentials, and closes cleanly", async () => {
    running = await startSimulators({ users: 3 });
    const { url, enterprise_id, credentials, token } = running.ready.velocloud;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const headers = { authorization: `Token ${token}` };
    const body = JSON.stringify({ enterpriseId: enterprise_id });
    const users = await call("/portal/rest/enterprise/getEnterpriseUsers", { headers, body });
    expect(await users.json()).toHaveLength(4);
    const login = await call("/portal/rest/login/enterpriseLogin", { body: JSON.stringify(credentials) });
    expect(login.headers.getSetCookie()[0]).toMatch(/^velocloud\.session=[0-9a-f]{40};/);
    await running.close();
    await expect(call("/portal/", { body: "{}" })).rejects.toThrow("fetch failed");
  });

  it("destroys the connection on a cut, ends a truncated body early and refuses a body above 1 MiB", async () => {
    running = await startSimulators({
      faults: ["cut-before:system/getVersionInfo:1", "truncated:enterprise/getEnterprise:1"],
    });
    const headers = { authorization: `Token ${running.ready.velocloud.token}` };
    await expect(call("/portal/rest/system/getVersionInfo", { headers, body: "{}" })).rejects.toThrow("fetch failed");
    const half = await call("/portal/rest/enterprise/getEnterprise", { headers, body: "{}" });
    await expect(half.text()).rejects.toThrow("terminated");
    expect(
      (await call("/portal/rest/system/getVersionInfo", { headers, body: "x".repeat(1024 * 1024 + 1) })).status,
    ).toBe(413);
    expect((await call("/portal/rest/system/getVersionInfo", { headers, body: "{}" })).status).toBe(200);
  });

  it("reports a taken port and a fault that cannot be read", async () => {
    running = await startSimulators();
    const port = Number(new URL(running.ready.velocloud.url).port);
    await expect(startSimulators({ portBase: port })).rejects.toThrow("EADDRINUSE");
    await expect(startSimulators({ faults: ["explode:*"] })).rejects.toThrow('there is no fault "explode"');
  });
});

it("imports nothing of the project outside its own folder, and no package", () => {
  const root = resolve("src/simulators");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) {
    const path = join(root, file);
    for (const [, target] of readFileSync(path, "utf8").matchAll(/from "([^"]+)"/g)) {
      const inside = target!.startsWith(".") && resolve(dirname(path), target!).startsWith(`${root}/`);
      expect(inside || target!.startsWith("node:"), `${file} imports ${target}`).toBe(true);
    }
  }
});
