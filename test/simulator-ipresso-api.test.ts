import { beforeEach, describe, expect, it } from "vitest";
import type { IpressoSimulatorOptions } from "../src/simulators/ipresso/options.ts";
import { everyPermission, type Permission } from "../src/simulators/ipresso/permissions.ts";
import type { IpressoSimulator } from "../src/simulators/ipresso/simulator.ts";
import { callApi, clientHeaders, groupOf, makeIpresso, readAnswer, tokenOf, userOf } from "./ipresso-client.ts";

let simulator: IpressoSimulator;
let token: string;

async function renew(options: IpressoSimulatorOptions = {}): Promise<void> {
  ({ simulator } = makeIpresso(options));
  token = await tokenOf(simulator);
}
beforeEach(() => renew());

const call = (target: string, form?: Record<string, string>) =>
  callApi(simulator, target, form ? { token, form } : { token });
const allow = (permissions: readonly Permission[]) => {
  simulator.store.changeGroup(groupOf(simulator, "API Group").id, { permissions });
};

describe("answers", () => {
  it("have a code that is the HTTP status too, a message, and data in JSON", async () => {
    const request = {
      method: "GET",
      path: "/api/2/tag",
      headers: { ...clientHeaders, "ipresso-token": token },
      body: "",
    };
    const { status, headers, body } = await simulator.handle(request);
    expect([status, headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
    expect(Object.keys(JSON.parse(body) as object)).toEqual(["code", "data", "message"]);
    const { code, message, status: missing } = await call("GET nothing");
    expect([code, message, missing]).toEqual([404, "Not Found", 404]);
  });

  it("refuse bodies that are no form, and take a form of another letter case", async () => {
    const send = async (type: string, body: string) => {
      const headers = { ...clientHeaders, "ipresso-token": token, "content-type": type };
      return readAnswer(await simulator.handle({ method: "POST", path: "/api/2/tag", headers, body }));
    };
    for (const type of ["application/json", "text/plain", ""]) {
      const { message } = await send(type, "name=VIP");
      expect([type, message]).toEqual([type, expect.stringContaining("must be application/x-www-form-urlencoded")]);
    }
    expect((await send("application/x-www-form-urlencoded; charset=UTF-8", "name=Gda%C5%84sk")).status).toBe(201);
    expect((await send("Application/X-WWW-Form-URLEncoded", "name=VIP")).status).toBe(201);
    expect(simulator.store.tags.values().map(({ name }) => name)).toEqual(["Newsletter", "Regulars", "Gdańsk", "VIP"]);
  });

  it("know no other version and no path beside those of the client", async () => {
    const headers = { ...clientHeaders, "ipresso-token": token };
    for (const path of ["/api", "/api/1/tag", "/api/2", "/api/2/user", "/api/2/group", "/api/2/auth"]) {
      const answer = readAnswer(await simulator.handle({ method: "GET", path, headers, body: "" }));
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });
});

describe("permissions", () => {
  it("allow a call by its verb and the first part of its path, and nothing else", async () => {
    const targets = ["GET tag", "POST tag", "PUT tag/1", "DELETE tag/1", "GET contact/1", "POST contact"];
    for (const permission of ["GET tag", "POST tag", "PUT tag", "DELETE tag", "GET contact"] as const) {
      allow([permission]);
      for (const target of targets) {
        const { status } = await call(target, target.startsWith("GET") ? undefined : {});
        const [verb, path = ""] = target.split(" ");
        const isAllowed = permission === `${verb} ${path.split("/")[0]}`;
        expect([permission, target, status === 403]).toEqual([permission, target, !isAllowed]);
      }
    }
  });

  it("are all that the group of the vendor's example has, but for campaigns", async () => {
    expect((await call("POST campaign/7/send", {})).status).toBe(403);
    expect((await call("POST scenario/welcome/start", {})).status).toBe(501);
    allow(everyPermission);
    expect((await call("POST campaign/7/send", {})).status).toBe(501);
  });

  it("can be proved for each of them by a call", async () => {
    for (const permission of everyPermission) {
      const [verb = "", area] = permission.split(" ");
      const target = `${verb} ${area}/0/none`;
      const form = verb === "GET" ? undefined : {};
      allow([permission]);
      expect([permission, (await call(target, form)).status]).toEqual([permission, 501]);
      allow([]);
      expect([permission, (await call(target, form)).status]).toEqual([permission, 403]);
    }
  });

  it("are refused with 403 and no error code, like a token that expired, unless a switch has one", async () => {
    allow([]);
    expect("errorCode" in (await call("GET tag"))).toBe(false);
    await renew({ missingPermissionErrorCode: 999 });
    allow([]);
    expect(await call("GET tag")).toMatchObject({ status: 403, errorCode: 999 });
  });

  it("come from all groups of a user, and change with them at once", async () => {
    allow([]);
    expect((await call("GET tag")).status).toBe(403);
    const { id, groupIds } = userOf(simulator, "shop.sync");
    simulator.store.changeUser(id, { groupIds: [...groupIds, groupOf(simulator, "Reports").id] });
    expect((await call("GET tag")).status).toBe(200);
    simulator.store.changeUser(id, { groupIds: [] });
    expect((await call("GET tag")).status).toBe(403);
  });

  it("are not asked for where nobody can have them", async () => {
    allow(everyPermission);
    for (const target of ["DELETE origin/1", "PUT campaign/1", "GET scenario"]) {
      expect([target, (await call(target)).status]).toEqual([target, 405]);
    }
  });
});

describe("contacts", () => {
  const nia = { "contact[0][email]": "nia@customer.example", "contact[0][fname]": "Nia" };

  it("are added several at once, each with a code of its own", async () => {
    const { status, data } = await call("POST contact", {
      ...nia,
      ...{ "contact[1][email]": "nia@customer.example", "contact[1][city]": "Gdynia" },
      ...{ "contact[2][email]": "new@customer.example", "contact[3][fname]": "Nobody" },
    });
    const known = simulator.store.contacts.find(({ fields }) => fields.email === "nia@customer.example")!;
    const added = simulator.store.contacts.find(({ fields }) => fields.email === "new@customer.example")!;
    expect([status, data]).toEqual([
      200,
      {
        contact: [
          { code: 303, id: known.id },
          { code: 302, id: known.id },
          { code: 201, id: added.id },
          { code: 400, errorCode: 60 },
        ],
      },
    ]);
    expect(known.fields).toMatchObject({ city: "Gdynia", lname: "Okoro" });
  });

  it("are found, read, changed and deleted", async () => {
    const found = await call("POST contact/search", { "contact[email]": "nia@customer.example" });
    const [id] = (found.data as { contact: string[] }).contact;
    expect(await call(`GET contact/${id}`)).toMatchObject({
      data: { contact: { idContact: id, email: "nia@customer.example" } },
    });
    expect(await call(`PUT contact/${id}`, { "contact[fname]": "Ann" })).toMatchObject({ status: 201 });
    expect(await call(`PUT contact/${id}`, { "contact[fname]": "Ann" })).toEqual({
      ...{ status: 303, code: 303, data: { id: Number(id) }, errorCode: 1 },
      message: "Not Change - the same contact already exists",
    });
    expect(await call(`DELETE contact/${id}`)).toMatchObject({ status: 200 });
    expect(await call(`GET contact/${id}`)).toMatchObject({ status: 404, errorCode: 13 });
    expect(await call("POST contact/search", { "contact[email]": "nia@customer.example" })).toEqual({
      ...{ status: 404, code: 404, data: { contact: [] }, message: "Not Found", errorCode: 3 },
    });
  });

  it("need fields", async () => {
    expect(await call("POST contact", {})).toMatchObject({ status: 400, errorCode: 60 });
    expect(await call("POST contact/search", {})).toMatchObject({ status: 400, errorCode: 4 });
    const { id } = simulator.store.contacts.values()[0]!;
    expect(await call(`PUT contact/${id}`, { contact: "x" })).toMatchObject({ status: 400, errorCode: 60 });
  });
});

describe("tags and lists", () => {
  it("are added once, changed and deleted", async () => {
    const { status, data } = await call("POST tag", { name: "VIP" });
    const { id } = (data as { tag: { id: number } }).tag;
    expect([status, await call("POST tag", { name: "VIP" })]).toMatchObject([
      201,
      { status: 302, data: { tag: { id } } },
    ]);
    expect(await call(`PUT tag/${id}`, { "tag[name]": "Very important" })).toMatchObject({ status: 200, data: true });
    expect(await call(`GET tag/${id}`)).toMatchObject({ data: { tag: { id, name: "Very important" } } });
    expect(await call("GET tag")).toMatchObject({ data: { tag: { [id]: "Very important" } } });
    expect((await call(`DELETE tag/${id}`)).status).toBe(200);
    expect(await call(`GET tag/${id}`)).toMatchObject({ status: 404, errorCode: 37 });
    expect(await call("POST tag", {})).toMatchObject({ status: 400, errorCode: 31 });
    expect(await call("PUT tag/1", { name: "x" })).toMatchObject({ status: 404 });
  });

  it.each(["action", "activity", "agreement", "attribute", "category", "origin", "type", "www"])(
    "have something to read under %s",
    async (area) => {
      expect(await call(`GET ${area}`)).toMatchObject({ status: 200, data: { [area]: expect.anything() } });
    },
  );
});

describe("what comes in", () => {
  it("is counted as a mutating call with whoever made it, an authorization and a read are not", async () => {
    await call("POST tag", { name: "VIP" });
    await call("POST tag", { name: "VIP" });
    await call("GET tag");
    await callApi(simulator, "POST tag", { form: { name: "stranger" } });
    expect(
      simulator.store.mutatingCalls.map(({ method, principal, committed }) => [method, principal, committed]),
    ).toEqual([
      ["ipresso/tags/add", "shop.sync", true],
      ["ipresso/tags/add", "shop.sync", false],
      ["ipresso/tags/add", null, false],
    ]);
  });
});
