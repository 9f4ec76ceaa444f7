import { beforeEach, describe, expect, it } from "vitest";
import type { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import type { SimResponse } from "../src/simulators/wire.ts";
import { callApi, makeMomentus, refuse, signToken, succeed } from "./momentus-client.ts";

let simulator: MomentusSimulator;
let clock: { ms: number };

beforeEach(() => {
  ({ simulator, clock } = makeMomentus({ users: 25 }));
});

type Metadata = { Page: number; PageTotal: number; ResultsTotal: number; Links: Record<string, string | null> };
const metadataOf = (response: SimResponse) => JSON.parse(String(response.headers["x-searchmetadata"])) as Metadata;
const idsOf = (response: SimResponse) => (JSON.parse(response.body) as { ID: string }[]).map(({ ID }) => ID);
const cookieOf = (response: SimResponse) => [response.headers["set-cookie"]].flat()[0]!.split(";")[0]!;

async function find(search: string, environment: "prod" | "test" = "prod"): Promise<string[]> {
  return idsOf(await callApi(simulator, `GET Users?search=${encodeURIComponent(search)}`, { environment }));
}

/** Follows a link as it stands, the way a client does. */
function follow(link: string, cookie = ""): Promise<SimResponse> {
  const { pathname, search } = new URL(link);
  const authorization = `Bearer ${signToken(simulator.world.apiUser.prod)}`;
  const headers = { authorization, cookie, host: "venue.example" };
  return simulator.handle({ method: "GET", path: pathname + search, headers, body: "" });
}

describe("filters", () => {
  it.each([
    ["ID eq 'AGREEN'", ["AGREEN"]],
    ["ID eq 'AGREEN' or ID eq 'BSTONE'", ["AGREEN", "BSTONE"]],
    ["DisplayName eq 'Ben Stone' and Retire eq 'N'", ["BSTONE"]],
    ["DisplayName eq 'Ben Stone' and Retire eq 'Y'", []],
    ["startswith(ID, 'A') or endswith(DisplayName, 'Stone')", ["AGREEN", "BSTONE"]],
    ["contains(Email,'stone@')", ["BSTONE"]],
    ["not startswith(ID,'U') and ID ne 'AGREEN'", ["BSTONE"]],
    ["ID gt 'U000023'", ["U000024", "U000025"]],
    ["(ID eq 'AGREEN' or ID eq 'BSTONE') and not (ID eq 'AGREEN')", ["BSTONE"]],
    ["Theme eq null and ID lt 'B'", ["AGREEN"]],
  ])("%s finds %j", async (search, ids) => {
    expect(await find(search)).toEqual(ids);
  });

  it("finds everything with All, and reads quotes inside of texts and numbers", async () => {
    expect(await find("All")).toHaveLength(27);
    expect(await find("all")).toHaveLength(27);
    await succeed(simulator, "PUT Users/AGREEN", { body: { DisplayName: "A. O'Green", Theme: 108 } });
    expect(await find("DisplayName eq 'A. O''Green'")).toEqual(["AGREEN"]);
    expect(await find("Theme ge 108")).toEqual(["AGREEN"]);
    expect(await find("Theme eq '108'")).toEqual([]);
  });

  it.each([
    "",
    "ID",
    "ID eq",
    "ID like 'A'",
    "Wings eq 2",
    "(ID eq 'A'",
    "ID eq 'A' extra",
    "ID eq 'A",
    "#",
    "startswith(ID)",
  ])("refuses %j", async (search) => {
    expect(await refuse(simulator, `GET Users?search=${encodeURIComponent(search)}`)).toMatch(/^400 simulated: /);
  });

  it("refuses a search that is missing or is not URL-encoded", async () => {
    expect(await refuse(simulator, "GET Users")).toMatch(/^400 /);
    expect(await refuse(simulator, "GET Users?search=%zz")).toMatch(/^400 /);
  });
});

describe("options after $", () => {
  it("orders, selects and pages", async () => {
    const target = "GET Users?search=startswith(ID,'U')$orderby=ID desc$page_size=2$select=ID,Retire";
    const response = await callApi(simulator, target);
    expect(JSON.parse(response.body)).toEqual([
      { ID: "U000025", Retire: "N" },
      { ID: "U000024", Retire: "N" },
    ]);
    expect(metadataOf(response)).toMatchObject({ Page: 1, PageTotal: 13, ResultsTotal: 25 });
  });

  it("knows no options after &", async () => {
    expect(idsOf(await callApi(simulator, "GET Users?search=All&$page_size=2"))).toHaveLength(27);
  });

  it("answers more results than maxresults with an error and not with a part of them", async () => {
    expect(await refuse(simulator, "GET Users?search=All$maxresults=26")).toMatch(/^400 /);
    expect((await callApi(simulator, "GET Users?search=All$maxresults=27")).status).toBe(200);
  });

  it.each(["$page_size=0", "$page_size=x", "$orderby=Wings", "$orderby=ID up", "$select=Wings", "$page=2"])(
    "refuses %s",
    async (option) => {
      expect(await refuse(simulator, `GET Users?search=All${option}`)).toMatch(/^400 /);
    },
  );

  it("gives at most the largest page", async () => {
    simulator = makeMomentus({ users: 25, pageSizeMax: 10 }).simulator;
    expect(await find("All$page_size=5000")).toHaveLength(10);
  });
});

describe("pages", () => {
  it("leads through all of them by absolute links, with the cookie of the first answer", async () => {
    let response = await callApi(simulator, "GET Users?search=All$page_size=10");
    const cookie = cookieOf(response);
    const found = idsOf(response);
    const first = metadataOf(response).Links.Next!;
    expect(first).toMatch(
      /^http:\/\/venue\.example\/prod\/api\/v1\/Users\?search=APISearch\|[0-9a-f-]{36}\$page=2\$page_size=10$/,
    );
    for (let page = 2; page <= 3; page += 1) {
      response = await follow(metadataOf(response).Links.Next!, cookie);
      found.push(...idsOf(response));
    }
    expect(metadataOf(response).Links.Next).toBeNull();
    expect(found).toEqual([...new Set(found)].sort());
    expect(found).toHaveLength(27);
  });

  it("shows the results of the first answer although users came later", async () => {
    const response = await callApi(simulator, "GET Users?search=All$page_size=26");
    await succeed(simulator, "POST Users", { body: { ID: "ZLAST", DisplayName: "Z" } });
    const last = await follow(metadataOf(response).Links.Next!, cookieOf(response));
    expect([idsOf(last), metadataOf(last).ResultsTotal]).toEqual([["U000025"], 27]);
  });

  it("are not found without the cookie, for another subject and when unknown, unless they are not sticky", async () => {
    const response = await callApi(simulator, "GET Users?search=All$page_size=10");
    const next = metadataOf(response).Links.Next!;
    const cookie = cookieOf(response);
    const tries = [
      follow(next),
      follow(next.replace("Users", "Roles"), cookie),
      follow(next.replace(/\|.{8}/, "|00000000"), cookie),
    ];
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([400, 400, 400]);
    simulator = makeMomentus({ users: 25, stickyPages: false }).simulator;
    const free = await callApi(simulator, "GET Users?search=All$page_size=10");
    expect((await follow(metadataOf(free).Links.Next!)).status).toBe(200);
  });

  it("of a search that finds nothing are one empty page", async () => {
    const response = await callApi(simulator, "GET Users?search=ID eq 'NOBODY'");
    expect([response.body, metadataOf(response)]).toMatchObject([
      "[]",
      { ResultsTotal: 0, PageTotal: 1, Links: { Next: null } },
    ]);
  });
});

describe("two environments", () => {
  it("hold users of their own", async () => {
    await succeed(simulator, "POST Users", { body: { ID: "PRODONLY", DisplayName: "P" } });
    expect(await find("ID eq 'PRODONLY'")).toEqual(["PRODONLY"]);
    expect(await find("ID eq 'PRODONLY'", "test")).toEqual([]);
  });

  it("lag behind together with the fault for lists, while a single user is read as it is", async () => {
    clock.ms += 1000;
    await succeed(simulator, "POST Users", { body: { ID: "NEWEST", DisplayName: "N" } });
    simulator.faults.add("list-lags:users/search:1:500ms");
    expect(await find("ID eq 'NEWEST'")).toEqual([]);
    expect((await callApi(simulator, "GET Users/NEWEST")).status).toBe(200);
    expect(await find("ID eq 'NEWEST'")).toEqual(["NEWEST"]);
  });
});
