import { beforeEach, describe, expect, it } from "vitest";
import { textOf } from "../src/hands/forms/element.ts";
import type { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import {
  addApiUser,
  callApi,
  makeMomentus,
  mocoServ,
  openConsole,
  signToken,
  succeed,
  type TestConsole,
} from "./momentus-client.ts";

/** What Connect's API users are to whom: seen by support, hidden from customers, and independent of licenses. */

let simulator: MomentusSimulator;
let support: TestConsole;
let customer: TestConsole;
let appUserId: string;

/** MOCO-SERV and one approved app that makes V1 calls. */
beforeEach(async () => {
  simulator = makeMomentus({ consolePageSize: 2 }).simulator;
  support = await openConsole(simulator);
  customer = await openConsole(simulator, "customerAdmin");
  await addApiUser(support, mocoServ);
  const { id, secret, key } = simulator.store.credentialsOf("prod", "MOCO-SERV");
  await support.goto("/connect/customers/1/apps");
  await support.click("button", "Approve", support.row("Floor Plan Studio"));
  for (const [label, value] of Object.entries({ ID: id, Secret: secret, Key: key })) support.fill(label, value);
  await support.click("button", "Save");
  appUserId = simulator.store.apps.find(({ apiUserId }) => apiUserId !== null)!.apiUserId!;
});

/** IDs of all pages that a search finds, and how many the screen says there are. */
async function search(console: TestConsole, text: string): Promise<{ ids: string[]; says: string }> {
  await console.goto("/prod/api-users");
  console.fill("Search", text);
  await console.click("button", "Search");
  const ids = console.all("rowheader").map(textOf);
  for (let page = 1; page < 10 && console.all("link", "Next").length > 0; page += 1) {
    await console.click("link", "Next");
    ids.push(...console.all("rowheader").map(textOf));
  }
  return { ids, says: /\d+ in all|Nothing is found[^.]*/.exec(console.text())?.[0] ?? "" };
}

describe("a search of API Users", () => {
  it("shows support MOCO-SERV and the app's user", async () => {
    expect(await search(support, "")).toEqual({ ids: [appUserId, "MOCO-SERV", "STEWARD"], says: "3 in all" });
    expect((await search(support, "moco-serv")).ids).toEqual(["MOCO-SERV"]);
    expect((await search(support, "floor plan")).ids).toEqual([appUserId]);
  });

  it("MOM-02 shows a customer neither, in no search, page or number", async () => {
    expect(await search(customer, "")).toEqual({ ids: ["STEWARD"], says: "1 in all" });
    for (const text of ["MOCO-SERV", "moco", "Momentus Connect", appUserId, "Floor Plan"]) {
      expect([text, await search(customer, text)]).toEqual([text, { ids: [], says: `Nothing is found for “${text}”` }]);
    }
    for (const id of ["MOCO-SERV", appUserId]) {
      for (const rest of ["", "/keys", "/secret"]) {
        await customer.goto(`/prod/api-users/${id}${rest}`);
        expect([customer.status, customer.title()]).toEqual([404, "Not found"]);
      }
      const before = simulator.store.prod.apiUser(id);
      await customer.post(`/prod/api-users/${id}`, { "display-name": "Mine", organization: "10" });
      expect([customer.status, simulator.store.prod.apiUser(id)]).toEqual([404, before]);
    }
  });

  it("MOM-02 hides a user from a customer as soon as it is internal, and shows it again", async () => {
    for (const isInternal of [true, false]) {
      simulator.store.changeApiUser("prod", "STEWARD", { isInternal });
      expect((await search(customer, "STEWARD")).ids).toEqual(isInternal ? [] : ["STEWARD"]);
    }
  });

  it("lists retired users too", async () => {
    simulator.store.changeApiUser("prod", "MOCO-SERV", { isRetired: true });
    expect((await search(support, "MOCO")).ids).toEqual(["MOCO-SERV"]);
    expect(textOf(support.row("MOCO-SERV"))).toBe("MOCO-SERV Momentus Connect 20 Y");
  });
});

describe("the user of an app", () => {
  it("MOM-01 is made on approval, one for each instance, and only where the app makes V1 calls", async () => {
    await support.goto(`/prod/api-users/${appUserId}`);
    expect(["Internal", "License Special Access", "Retire"].map((label) => support.value(label))).toEqual([
      ...[true, true, false],
    ]);
    await support.goto("/connect/customers/1/apps");
    await support.click("button", "Approve", support.row("Lobby Signage"));
    expect(simulator.store.prod.apiUsers.size).toBe(3);
    expect(simulator.store.test.apiUsers.size).toBe(1);
  });

  it("stays when its app is disabled and removed", async () => {
    const app = simulator.store.apps.find(({ apiUserId }) => apiUserId === appUserId)!;
    const works = async () => {
      const token = signToken(simulator.store.credentialsOf("prod", appUserId));
      return (await callApi(simulator, "GET sdk_initialize", { token })).status === 200;
    };
    await support.post(`/connect/apps/${app.id}/configuration`, { "integration-name": "Halls" });
    await support.post(`/connect/apps/${app.id}/disable`, {});
    expect([simulator.store.apps.get(app.id)!.status, await works()]).toEqual(["disabled", true]);
    await support.click("menuitem", "Remove", support.row("Floor Plan Studio"));
    expect([simulator.store.apps.get(app.id), await works()]).toEqual([undefined, true]);
  });

  it("is not among the users of the API, nor is MOCO-SERV (an assumption)", async () => {
    const found = await succeed<{ ID: string }[]>(simulator, "GET Users?search=All");
    expect(found.map(({ ID }) => ID)).not.toContain("MOCO-SERV");
    expect(found.map(({ ID }) => ID)).not.toContain(appUserId);
  });
});

describe("without the API module", () => {
  beforeEach(() => simulator.store.licensing.switchOff("prod"));

  it("MOM-03 MOCO-SERV and the app's user go on, and ordinary ones stop", async () => {
    const statusOf = async (id: string) => {
      const token = signToken(simulator.store.credentialsOf("prod", id));
      return (await callApi(simulator, "GET Users/AGREEN", { token })).status;
    };
    expect([await statusOf("MOCO-SERV"), await statusOf(appUserId), await statusOf("STEWARD")]).toEqual([
      200, 200, 403,
    ]);
  });

  it("MOM-03 apps are approved all the same, with a user of their own", async () => {
    await customer.goto("/connect/marketplace");
    await customer.click("button", "Request", customer.row("Crew Scheduler"));
    await support.goto("/connect/customers/1/apps");
    await support.click("button", "Approve", support.row("Crew Scheduler"));
    const app = simulator.store.apps.find(({ name }) => name === "Crew Scheduler")!;
    expect([app.status, simulator.store.prod.apiUser(app.apiUserId!)?.isInternal]).toEqual(["approved", true]);
  });

  it("nobody reaches API Users, and the page says where the mail's facts stand", async () => {
    for (const console of [support, customer]) {
      await console.goto("/prod/api-users?search=MOCO-SERV");
      expect([console.status, console.alert()]).toEqual([
        403,
        expect.stringContaining("serial number that About shows"),
      ]);
      await console.click("link", "About");
      expect(console.text()).toContain(simulator.store.serialNumbers.prod);
    }
  });
});
