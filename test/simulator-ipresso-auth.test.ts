import { beforeEach, describe, expect, it } from "vitest";
import type { IpressoSimulatorOptions } from "../src/simulators/ipresso/options.ts";
import type { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { serveSimulator } from "../src/simulators/server.ts";
import { authorize, basic, callApi, makeIpresso, tokenOf, userOf } from "./ipresso-client.ts";

let simulator: IpressoSimulator;
let clock: { ms: number };

function renew(options: IpressoSimulatorOptions = {}): void {
  ({ simulator, clock } = makeIpresso(options));
}
beforeEach(() => renew());

const different = (returnsDifferentToken: boolean) => {
  simulator.store.installation = { ...simulator.store.installation, returnsDifferentToken };
};
const validity = (validitySeconds: number) => {
  simulator.store.installation = { ...simulator.store.installation, validitySeconds };
};
const codeOf = async (token: string) => (await callApi(simulator, "GET tag", { token })).code;

describe("an authorization", () => {
  it("by the customer key, with login and password in Basic, returns a token of 32 hexadecimal digits", async () => {
    const { status, ...answer } = await authorize(simulator);
    expect(answer).toEqual({ code: 200, data: expect.stringMatching(/^[0-9a-f]{32}$/), message: "OK" });
    expect([status, await codeOf(String(answer.data))]).toEqual([200, 200]);
  });

  it("with a wrong key is refused in the words that a public client has written down", async () => {
    const answer = await authorize(simulator, { ...simulator.world.apiUser, key: "0".repeat(32) });
    expect(answer).toEqual({ status: 401, code: 401, message: "Unauthorized: Wrong customer token" });
  });

  it.each([
    ["a wrong password", "shop.sync", "wrong"],
    ["an unknown login", "nobody", "wrong"],
    ["the login in another letter case", "SHOP.SYNC", undefined],
  ])("with %s is refused without an error code", async (_, login, password = simulator.world.apiUser.password) => {
    const { status, errorCode, data } = await authorize(simulator, { login, password });
    expect([status, errorCode, data]).toEqual([401, undefined, undefined]);
  });

  it.each(["", "Bearer x", "Basic ???", `Basic ${Buffer.from("shop.sync").toString("base64")}`])(
    "with the header Authorization %j is refused",
    async (authorization) => {
      const { status } = await authorize(simulator, undefined, { headers: { authorization } });
      expect(status).toBe(401);
    },
  );

  it("takes a password with colons, blanks and letters of other alphabets", async () => {
    const { id } = userOf(simulator, "shop.sync");
    const password = " a:b:ł ";
    simulator.store.changeUser(id, { password });
    expect((await authorize(simulator, { login: "shop.sync", password })).code).toBe(200);
  });

  it("is nothing but a GET", async () => {
    const path = `auth/${simulator.world.customerKey}`;
    const { login, password } = simulator.world.apiUser;
    const headers = { authorization: basic(login, password) };
    expect((await callApi(simulator, `POST ${path}`, { headers, form: {} })).data).toBeUndefined();
  });

  it("can refuse wrong passwords with another status", async () => {
    renew({ wrongLoginStatus: 403 });
    expect((await authorize(simulator, { login: "shop.sync", password: "" })).status).toBe(403);
  });
});

describe("addresses and blocked users", () => {
  const restrict = (addresses: string[]) => {
    simulator.store.changeUser(userOf(simulator, "shop.sync").id, { addresses });
  };
  const from = async (address?: string) => {
    const options = address === undefined ? {} : { from: address };
    const { code, errorCode } = await authorize(simulator, undefined, options);
    return [code, errorCode];
  };

  it("let everybody in where no address is set, and only those addresses where some are", async () => {
    expect([await from("198.51.100.1"), await from()]).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    restrict(["203.0.113.10", "203.0.113.11"]);
    expect([await from("203.0.113.11"), await from("203.0.113.12"), await from()]).toEqual([
      [200, undefined],
      [403, 112],
      [403, 112],
    ]);
  });

  it("count in every call, not only when a token is asked for", async () => {
    const token = await tokenOf(simulator);
    restrict(["203.0.113.10"]);
    expect(await callApi(simulator, "GET tag", { token })).toMatchObject({ status: 403, errorCode: 112 });
    expect(await callApi(simulator, "GET tag", { token, from: "203.0.113.10" })).toMatchObject({ code: 200 });
  });

  it("may be networks and of the newer kind, where the form takes them", async () => {
    restrict(["203.0.113.0/24", "2001:db8::/32"]);
    expect([await from("203.0.113.200"), await from("203.0.114.1"), await from("2001:db8::7")]).toEqual([
      [200, undefined],
      [403, 112],
      [200, undefined],
    ]);
  });

  it("refuse a blocked user with 113, whose token does not work either", async () => {
    const token = await tokenOf(simulator);
    simulator.store.changeUser(userOf(simulator, "shop.sync").id, { isBlocked: true });
    expect(await from()).toEqual([403, 113]);
    expect(await callApi(simulator, "GET tag", { token })).toMatchObject({ status: 403, errorCode: 113 });
  });

  it("tell neither to whoever has no good password", async () => {
    restrict(["203.0.113.10"]);
    simulator.store.changeUser(userOf(simulator, "shop.sync").id, { isBlocked: true });
    expect((await authorize(simulator, { login: "shop.sync", password: "x" })).errorCode).toBeUndefined();
  });

  it("can be looked at as if all callers came from elsewhere", async () => {
    renew({ seenFrom: "203.0.113.10" });
    restrict(["203.0.113.10"]);
    expect([await from("198.51.100.1"), await from()]).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
  });
});

describe("a token", () => {
  it("counts for the validity in seconds, and then is refused with 403 and no error code", async () => {
    validity(60);
    const token = await tokenOf(simulator);
    clock.ms += 59_999;
    expect(await codeOf(token)).toBe(200);
    clock.ms += 1;
    const answer = await callApi(simulator, "GET tag", { token });
    expect([answer.status, answer.code, "errorCode" in answer]).toEqual([403, 403, false]);
    expect(await codeOf(await tokenOf(simulator))).toBe(200);
  });

  it.each([
    ["none", undefined],
    ["an empty one", ""],
    ["a wrong one", "0".repeat(32)],
  ])("is asked for again in the same way when it is %s", async (_, token) => {
    const answer = await callApi(simulator, "GET tag", token === undefined ? {} : { token });
    expect([answer.status, "errorCode" in answer]).toEqual([403, false]);
  });

  it("is the same at each authorization, also after it expired, while the option is off", async () => {
    const token = await tokenOf(simulator);
    expect(await tokenOf(simulator)).toBe(token);
    clock.ms += 10 * 24 * 60 * 60 * 1000;
    expect([await codeOf(token), await tokenOf(simulator), await codeOf(token)]).toEqual([403, token, 200]);
    const other = simulator.store.addUser({ login: "other" });
    expect(await tokenOf(simulator, other)).not.toBe(token);
  });

  it("can be the same only while it is valid", async () => {
    renew({ sameToken: "while-valid" });
    const token = await tokenOf(simulator);
    clock.ms += 3_599_999;
    expect(await tokenOf(simulator)).toBe(token);
    clock.ms += 3_600_000;
    const next = await tokenOf(simulator);
    expect([next === token, await codeOf(token), await codeOf(next)]).toEqual([false, 403, 200]);
  });

  it("is another one at each authorization while the option is on, and earlier ones live on", async () => {
    const before = await tokenOf(simulator);
    different(true);
    const tokens = [before, await tokenOf(simulator), await tokenOf(simulator), await tokenOf(simulator)];
    expect(new Set(tokens).size).toBe(4);
    for (const token of tokens) expect(await codeOf(token)).toBe(200);
    different(false);
    expect(await tokenOf(simulator)).toBe(before);
  });

  it("can end with the next one", async () => {
    renew({ olderTokens: "die" });
    different(true);
    const [first, second] = [await tokenOf(simulator), await tokenOf(simulator)];
    expect([await codeOf(first), await codeOf(second)]).toEqual([403, 200]);
  });

  it("keeps the validity of its day, unless a change counts for all", async () => {
    for (const [validityCounts, code] of [
      ["new-tokens", 200],
      ["all-tokens", 403],
    ] as const) {
      renew({ validityCounts });
      const token = await tokenOf(simulator);
      validity(10);
      clock.ms += 10_000;
      expect([validityCounts, await codeOf(token)]).toEqual([validityCounts, code]);
    }
  });

  it("is not prolonged by use, unless a switch says so", async () => {
    for (const [useProlongs, code] of [
      [false, 403],
      [true, 200],
    ] as const) {
      renew({ useProlongs });
      const token = await tokenOf(simulator);
      clock.ms += 3_000_000;
      await codeOf(token);
      clock.ms += 3_000_000;
      expect([useProlongs, await codeOf(token)]).toEqual([useProlongs, code]);
    }
  });

  it("ends with its user", async () => {
    const token = await tokenOf(simulator);
    simulator.store.removeUser(userOf(simulator, "shop.sync").id);
    expect([await codeOf(token), (await authorize(simulator)).code, simulator.store.tokens.size]).toEqual([
      403, 401, 0,
    ]);
  });
});

describe("headers", () => {
  const old = (token: string) => ({ user_agent: "iPresso", ipresso_token: token });

  it("have hyphens: the names with underscores are not looked at any more", async () => {
    const token = await tokenOf(simulator);
    const { code } = await callApi(simulator, "GET tag", { headers: { ipresso_token: token } });
    expect(code).toBe(403);
    const agent = { "user-agent": "curl/8", ...old(token) };
    expect(await callApi(simulator, "GET tag", { token, headers: agent })).toMatchObject({ status: 400 });
    expect(await authorize(simulator, undefined, { headers: agent })).toMatchObject({ status: 400 });
  });

  it("may have the old names where a switch allows them", async () => {
    renew({ oldHeaderNames: true });
    const { data } = await authorize(simulator, undefined, { headers: { "user-agent": "x", user_agent: "iPresso" } });
    const headers = { "user-agent": "x", ...old(String(data)) };
    expect((await callApi(simulator, "GET tag", { headers })).code).toBe(200);
    expect(await codeOf(String(data))).toBe(200);
  });

  it("can go without a certain User-Agent", async () => {
    renew({ checksUserAgent: false });
    const { code } = await authorize(simulator, undefined, { headers: { "user-agent": "node" } });
    expect(code).toBe(200);
  });
});

describe("what is kept of it", () => {
  it("names no key, password or token in counters and logs", async () => {
    const token = await tokenOf(simulator);
    await callApi(simulator, "POST tag", { token, form: { name: "x" } });
    const { calls, mutatingCalls } = simulator.store;
    const kept = JSON.stringify([[...calls], mutatingCalls]);
    const { customerKey, apiUser } = simulator.world;
    expect([customerKey, apiUser.password, token].filter((secret) => kept.includes(secret))).toEqual([]);
    expect(simulator.store.countOf("ipresso/auth")).toBe(1);
  });
});

describe("on a socket", () => {
  it("answers real HTTP from 127.0.0.1, marks every answer, and answers a wrong base path with a page", async () => {
    const { simulator: real } = makeIpresso({ now: Date.now });
    const served = await serveSimulator(real);
    const { login, password } = real.world.apiUser;
    const headers = { "user-agent": "iPresso", authorization: basic(login, password) };
    try {
      real.store.changeUser(userOf(real, login).id, { addresses: ["127.0.0.1"] });
      const auth = await fetch(`${served.url}/api/2/auth/${real.world.customerKey}`, { headers });
      const { data } = (await auth.json()) as { data: string };
      const use = { "user-agent": "iPresso", "ipresso-token": data };
      const tags = await fetch(`${served.url}/api/2/tag`, { headers: use });
      expect([auth.status, tags.status, await tags.json()]).toMatchObject([200, 200, { code: 200, message: "OK" }]);
      for (const path of ["/api/2/tag", "/signin", "/assets/console.css", "/api/1/tag", "/nowhere"]) {
        const answer = await fetch(served.url + path);
        expect([path, answer.headers.get("x-steward-simulator")]).toEqual([path, "ipresso"]);
      }
      const page = await fetch(`${served.url}/panel/api/2/tag`, { headers: use, redirect: "manual" });
      expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    } finally {
      await served.close();
    }
  });
});
