import { beforeEach, describe, expect, it } from "vitest";
import { serveSimulator } from "../src/simulators/server.ts";
import type { Right } from "../src/simulators/veson/rights.ts";
import type { VesonSimulator } from "../src/simulators/veson/simulator.ts";
import { callApi, makeVeson, userOf, works } from "./veson-client.ts";

let simulator: VesonSimulator;
let clock: { ms: number };
let token: string;

beforeEach(() => {
  ({ simulator, clock } = makeVeson());
  token = simulator.world.system.token;
});

const statusOf = async (target: string, body?: string) => (await callApi(simulator, target, token, body)).status;
const grant = (key: string, right: Right = "read") => {
  const user = userOf(simulator, "sys.reports");
  simulator.store.changeUser(user.id, { rights: { ...user.rights, [key]: right } });
};

describe("a call with an API token", () => {
  it("is let in by the token in the query, which has 64 lower-case hexadecimal digits", async () => {
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    const { status, headers, body } = await callApi(simulator, "GET companies/partners", token);
    expect([status, headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
    expect(JSON.parse(body)).toContainEqual({ name: "Strait Carriers" });
  });

  it.each([
    ["without a token", undefined],
    ["with an empty one", ""],
    ["with a wrong one", "0".repeat(64)],
    ["with the word null", "null"],
  ])("is refused %s", async (_, wrong) => {
    const { status, body } = await callApi(simulator, "GET forms", wrong);
    expect([status, JSON.parse(body)]).toEqual([401, { message: "simulated: the API token is not valid" }]);
  });

  it("is refused with the token in a header, or in the wrong letter case", async () => {
    const headers = { authorization: `Bearer ${token}`, "x-veslink-imos-api-token": token };
    const inHeader = await simulator.handle({ method: "GET", path: "/v1/forms", headers, body: "" });
    expect([inHeader.status, (await callApi(simulator, "GET forms", token.toUpperCase())).status]).toEqual([401, 401]);
  });

  it("never expires", async () => {
    clock.ms += 20 * 365 * 24 * 60 * 60 * 1000;
    expect(await works(simulator, token)).toBe(true);
  });

  it("says nothing of the token in what it answers or logs", async () => {
    const answers = [
      await callApi(simulator, "GET forms", token),
      await callApi(simulator, "POST forms/submit", token, "<form/>"),
    ];
    const { calls, mutatingCalls, submissions } = simulator.store;
    expect(JSON.stringify([answers, [...calls], mutatingCalls, submissions])).not.toContain(token);
  });

  it("meets 404 for what is not there, with a token that is good", async () => {
    expect([
      await statusOf("GET nowhere"),
      await statusOf("DELETE forms"),
      await statusOf("GET imos/reports/None"),
    ]).toEqual([404, 404, 404]);
  });
});

describe("permissions", () => {
  const reads = ["GET forms", "GET companies/partners", "GET imos/reports/Vessel%20List?format=json"];
  const writes = [
    ["POST forms/submit", "<form/>"],
    ["PATCH imos/dataforms/7", "{}"],
  ] as const;
  const messages = [
    ["GET imosmessaging/queue", ""],
    ["POST imosmessaging/queue", "<m/>"],
  ] as const;
  const tiers = async () => ({
    reads: await Promise.all(reads.map((target) => statusOf(target))),
    writes: await Promise.all(writes.map(([target, body]) => statusOf(target, body))),
    messages: await Promise.all(messages.map(([target, body]) => statusOf(target, body))),
  });

  it("API Read allows GET, API Write POST and PATCH too, API IMOS Message messages too", async () => {
    expect(await tiers()).toEqual({ reads: [200, 200, 200], writes: [403, 403], messages: [403, 403] });
    grant("veslink/api-write");
    expect(await tiers()).toEqual({ reads: [200, 200, 200], writes: [200, 200], messages: [403, 403] });
    simulator.store.changeUser(userOf(simulator, "sys.reports").id, {
      rights: { "veslink/api-imos-message": "write" },
    });
    expect(await tiers()).toEqual({ reads: [200, 200, 200], writes: [200, 200], messages: [200, 200] });
  });

  it("lets nobody in who has none, not even with a good token", async () => {
    simulator.store.changeUser(userOf(simulator, "sys.reports").id, { rights: {} });
    const { status, body } = await callApi(simulator, "GET forms", token);
    expect([status, JSON.parse(body).message]).toEqual([403, expect.stringContaining("no permission for this call")]);
  });

  it("come from groups too, and a denial anywhere wins", async () => {
    const group = simulator.store.addGroup({ name: "Integrations", rights: { "veslink/api-write": "write" } });
    simulator.store.changeUser(userOf(simulator, "sys.reports").id, { groupIds: [group.id] });
    expect(await statusOf("POST forms/submit", "<form/>")).toBe(200);
    grant("veslink/api-write", "denied");
    expect([await statusOf("POST forms/submit", "<form/>"), await statusOf("GET forms")]).toEqual([403, 200]);
    grant("veslink/api-read", "denied");
    expect(await statusOf("GET forms")).toBe(403);
  });

  it("need the module APIs to be licensed", async () => {
    simulator.store.isApiLicensed = false;
    expect(await statusOf("GET forms")).toBe(403);
  });

  it("show a report only of the vessels that the object rights and the Veslink account allow", async () => {
    const vessels = async () => {
      const { body } = await callApi(simulator, "GET imos/reports/Vessel%20List?filter[0]=x&format=json", token);
      return (JSON.parse(body) as { vesselName: string }[]).map(({ vesselName }) => vesselName);
    };
    expect(await vessels()).toEqual(["MV Aurora", "MV Borealis", "MT Celeste"]);
    grant("vessel/aurora", "denied");
    expect(await vessels()).toEqual(["MV Borealis", "MT Celeste"]);
    const account = simulator.store.veslinkAccount("sys.reports")!;
    simulator.store.changeVeslinkAccount(account.id, { restrictsVessels: true, vessels: ["vessel/celeste"] });
    expect(await vessels()).toEqual(["MT Celeste"]);
  });
});

describe("the user behind a token", () => {
  it("is refused while inactive, by itself or by a group, and works again afterwards", async () => {
    const { id } = userOf(simulator, "sys.reports");
    simulator.store.changeUser(id, { isInactive: true });
    expect(await statusOf("GET forms")).toBe(401);
    simulator.store.changeUser(id, { isInactive: false });
    expect(await statusOf("GET forms")).toBe(200);
    const group = simulator.store.addGroup({ name: "Closed", isInactive: true });
    simulator.store.changeUser(id, { groupIds: [group.id] });
    expect(await statusOf("GET forms")).toBe(401);
  });

  it("has no rights while it is Authentication Only", async () => {
    simulator.store.changeUser(userOf(simulator, "sys.reports").id, { isAuthenticationOnly: true });
    expect(await statusOf("GET forms")).toBe(403);
  });

  it("may be a business user: the API does not tell them apart", async () => {
    expect(await works(simulator, simulator.world.business.token)).toBe(true);
  });

  it("can be made to wait for External Access Only, and refusals can have other statuses", async () => {
    ({ simulator } = makeVeson({
      tokenWorksBeforeExternalOnly: false,
      wrongTokenStatus: 403,
      missingPermissionStatus: 401,
    }));
    const { system, business } = simulator.world;
    token = system.token;
    expect([await works(simulator, business.token), await works(simulator, token)]).toEqual([false, true]);
    expect((await callApi(simulator, "GET forms", "x")).status).toBe(403);
    expect(await statusOf("POST forms/submit", "<form/>")).toBe(401);
  });
});

describe("what comes in", () => {
  it("is kept with whoever sent it, and is counted as a mutating call", async () => {
    grant("veslink/api-write");
    await callApi(simulator, "POST forms/submit", token, "<noon/>");
    await callApi(simulator, "POST forms/submit", token, "no XML");
    expect(simulator.store.submissions).toMatchObject([{ userName: "sys.reports", what: "form", body: "<noon/>" }]);
    expect(
      simulator.store.mutatingCalls.map(({ method, principal, committed }) => [method, principal, committed]),
    ).toEqual([
      ["veslink/forms/submit", "sys.reports", true],
      ["veslink/forms/submit", "sys.reports", false],
    ]);
  });
});

describe("on a socket", () => {
  it("answers real HTTP, marks every answer, and answers a wrong base path with a page", async () => {
    const real = makeVeson().simulator;
    const served = await serveSimulator(real);
    try {
      const found = await fetch(`${served.url}/v1/forms?apiToken=${real.world.system.token}`);
      expect([found.status, await found.json()]).toEqual([200, expect.arrayContaining([{ name: "Noon Report" }])]);
      for (const path of ["/v1/forms", "/signin", "/assets/console.css", "/api/v1/forms", "/nowhere"]) {
        const answer = await fetch(served.url + path);
        expect([path, answer.headers.get("x-steward-simulator")]).toEqual([path, "veson"]);
      }
      const page = await fetch(`${served.url}/api/v1/forms?apiToken=${real.world.system.token}`);
      expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    } finally {
      await served.close();
    }
  });
});
