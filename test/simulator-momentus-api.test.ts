import { beforeEach, describe, expect, it } from "vitest";
import type { ApiCredentials } from "../src/simulators/momentus/records.ts";
import type { MomentusSimulator } from "../src/simulators/momentus/simulator.ts";
import { type CallOptions, callApi, makeMomentus, nowSeconds, refuse, signToken, succeed } from "./momentus-client.ts";

let simulator: MomentusSimulator;
let clock: { ms: number };
let steward: ApiCredentials;

beforeEach(() => {
  ({ simulator, clock } = makeMomentus());
  steward = simulator.world.apiUser.prod;
});

const probe = (token: string, options: CallOptions = {}) =>
  callApi(simulator, "GET sdk_initialize", { ...options, token });

describe("the token", () => {
  it("is accepted when it is signed with the Secret and names ID and Key", async () => {
    const response = await probe(signToken(steward));
    expect(response.status).toBe(200);
    expect(response.headers["x-steward-simulator"]).toBe("momentus");
  });

  it("may leave out nbf, and may be signed with any of several keys", async () => {
    const second = simulator.store.addKey("prod", "STEWARD").id;
    expect((await probe(signToken({ ...steward, key: second }, { nbf: undefined }))).status).toBe(200);
    expect((await probe(signToken(steward))).status).toBe(200);
  });

  it.each([
    ["another algorithm", {}, { alg: "none" }, "HS256"],
    ["another type", {}, { typ: "JWS" }, "HS256"],
    ["an unknown issuer", { iss: "NOBODY" }, {}, "no such API user"],
    ["no issuer", { iss: undefined }, {}, "no such API user"],
    ["a key that is unknown", { key: "11111111-1111-1111-1111-111111111111" }, {}, "key is not valid"],
    ["no key", { key: undefined }, {}, "key is not valid"],
    ["no expiry", { exp: undefined }, {}, "exp must be a number"],
    ["an expiry as text", { exp: String(nowSeconds + 60) }, {}, "exp must be a number"],
    ["no time of issue", { iat: undefined }, {}, "iat must be a number"],
    ["an expiry that has come", { exp: nowSeconds }, {}, "expired"],
    ["a beginning that is to come", { nbf: nowSeconds + 1 }, {}, "not valid yet"],
    ["a time of issue that is to come", { iat: nowSeconds + 1 }, {}, "not valid yet"],
    ["somebody to act for, without the right to", { sub: "AGREEN" }, {}, "may not act"],
  ])("is refused with %s, and only WWW-Authenticate says why", async (_what, claims, header, why) => {
    const response = await probe(signToken(steward, claims, header));
    expect([response.status, response.body]).toEqual([401, ""]);
    expect(response.headers["www-authenticate"]).toContain(why);
  });

  it("is refused with a wrong Secret, a stranger's key and without a token", async () => {
    simulator.store.addApiUser("prod", { id: "OTHER", displayName: "Other" });
    const foreign = simulator.store.addKey("prod", "OTHER").id;
    const challenges = [
      await probe(signToken({ ...steward, secret: steward.secret.toUpperCase() })),
      await probe(signToken({ ...steward, key: foreign })),
      await probe("", { headers: { authorization: "Basic abc" } }),
      await probe("a.b"),
    ].map((response) => response.headers["www-authenticate"]);
    expect(challenges.map((text) => /simulated: (.*)"/.exec(String(text))?.[1])).toEqual([
      "the signature is wrong",
      "the key is not valid",
      "a bearer token is missing",
      "the token cannot be read",
    ]);
  });

  it("is good for its own environment only", async () => {
    expect((await probe(signToken(steward), { environment: "test" })).status).toBe(401);
  });

  it("stops working when the clock passes its expiry, with a tolerance only if one is set", async () => {
    const token = signToken(steward, { exp: nowSeconds + 30 });
    clock.ms += 30_000;
    expect((await probe(token)).status).toBe(401);
    const kind = makeMomentus({ clockToleranceMs: 1000 }).simulator;
    const ahead = signToken(kind.world.apiUser.prod, { iat: nowSeconds + 1, nbf: nowSeconds + 1 });
    expect((await callApi(kind, "GET sdk_initialize", { token: ahead })).status).toBe(200);
  });

  it("can be held to a maximum lifetime", async () => {
    const strict = makeMomentus({ jwtLifetimeMsMax: 120_000 }).simulator;
    const user = strict.world.apiUser.prod;
    expect((await callApi(strict, "GET sdk_initialize")).status).toBe(200);
    const long = signToken(user, { exp: nowSeconds + 121 });
    expect(await refuse(strict, "GET sdk_initialize", { token: long })).toContain("lives too long");
  });

  it("of a retired API user is refused with 401", async () => {
    simulator.store.changeApiUser("prod", "STEWARD", { isRetired: true });
    expect(await refuse(simulator, "GET sdk_initialize")).toContain("retired");
  });

  it("stops working for every key when the Secret is regenerated", async () => {
    const second = { ...steward, key: simulator.store.addKey("prod", "STEWARD").id };
    const secret = simulator.store.regenerateSecret("prod", "STEWARD");
    const statuses = [steward, second].map(async (old) => (await probe(signToken(old))).status);
    expect(await Promise.all(statuses)).toEqual([401, 401]);
    expect((await probe(signToken({ ...second, secret }))).status).toBe(200);
  });

  it("acts for another user when the API user may, and not for a retired or unknown one", async () => {
    simulator.store.changeApiUser("prod", "STEWARD", { allowProxyUser: true });
    const token = signToken(steward, { sub: "AGREEN" });
    const role = await succeed(simulator, "PUT Roles/OPS", { token, body: { DisplayName: "Operating" } });
    expect(role.ChangedBy).toBe("AGREEN");
    await succeed(simulator, "PUT Users/AGREEN", { body: { Retire: "Y" } });
    expect((await probe(token)).status).toBe(401);
    expect((await probe(signToken(steward, { sub: "NOBODY" }))).status).toBe(401);
  });
});

describe("users and roles", () => {
  const user = { ID: "CNEW", DisplayName: "Cora New", Organization: "10", Email: "cora@venue.example" };

  it("adds a user, reads it back and changes it", async () => {
    const added = await succeed(simulator, "POST Users", { body: user });
    expect(added).toMatchObject({
      ...user,
      LoginID: "CNEW",
      Retire: "N",
      EnteredBy: "STEWARD",
      PasswordEstablished: "N",
    });
    expect(await succeed(simulator, "GET Users/CNEW")).toEqual(added);
    clock.ms += 1000;
    const changed = await succeed(simulator, "PUT Users/CNEW", { body: { Retire: "Y", Theme: 108 } });
    expect(changed).toEqual({ ...added, Retire: "Y", Theme: 108, ChangedOn: new Date(clock.ms).toISOString() });
  });

  it("ignores nulls, read-only fields and fields that it does not know", async () => {
    const body = { Email: null, DisplayName: "A. Green", EnteredBy: "ME", PasswordEstablished: "Y", Wings: 2 };
    const changed = await succeed(simulator, "PUT Users/AGREEN", { body });
    expect(changed).toMatchObject({ Email: "agreen@venue.example", DisplayName: "A. Green", EnteredBy: "SYSTEM" });
    expect(changed).toMatchObject({ PasswordEstablished: "N" });
    expect(changed).not.toHaveProperty("Wings");
  });

  it.each([
    ["ID", "x".repeat(10), "x".repeat(11)],
    ["DisplayName", "x".repeat(30), "x".repeat(31)],
    ["Email", "x".repeat(255), "x".repeat(256)],
    ["LoginID", "x".repeat(128), "x".repeat(129)],
    ["Initials", "xxx", "xxxx"],
    ["Group", "x".repeat(10), "x".repeat(11)],
    ["Retire", "Y", "yes"],
    ["Hold", "N", "n"],
    ["Locked", "Y", true],
    ["AccessLevel", 4, "4"],
    ["Organization", "20", "99"],
  ])("holds %s to its bounds", async (field, good, bad) => {
    const added = await succeed(simulator, "POST Users", { body: { ...user, [field]: good } });
    expect(added[field]).toBe(good);
    const refused = await refuse(simulator, "POST Users", { body: { ...user, ID: "OTHER", [field]: bad } });
    expect(refused).toMatch(/^400 simulated: /);
    expect(simulator.store.prod.users.get("OTHER")).toBeUndefined();
  });

  it("refuses a taken ID or login ID, a missing ID or name, another ID and what is no object", async () => {
    const bodies = [{ ...user, ID: "AGREEN" }, { ...user, LoginID: "BSTONE" }, { DisplayName: "x" }, { ID: "X" }, []];
    for (const body of bodies) expect(await refuse(simulator, "POST Users", { body })).toMatch(/^400 /);
    expect(await refuse(simulator, "PUT Users/AGREEN", { body: { ID: "OTHER" } })).toMatch(/^400 /);
    expect(await refuse(simulator, "PUT Users/NOBODY", { body: {} })).toBe("404 simulated: there is no user NOBODY");
  });

  it("has no delete for users and roles", async () => {
    expect(await refuse(simulator, "DELETE Users/AGREEN")).toMatch(/^404 /);
    expect(await refuse(simulator, "DELETE Roles/OPS")).toMatch(/^404 /);
    expect(simulator.store.prod.users.get("AGREEN")).toBeDefined();
  });

  it("does not show API users under Users", async () => {
    expect(await refuse(simulator, "GET Users/STEWARD")).toMatch(/^404 /);
  });

  it("copies a user with the parts that are asked for", async () => {
    await succeed(simulator, "PUT Users/AGREEN", { body: { Theme: 108, Group: "FRONT", Organization: "20" } });
    const body = {
      ID: "CNEW",
      DisplayName: "Cora New",
      Email: "cora@venue.example",
      CopyRoles: "Y",
      CopySettings: "Y",
    };
    const copy = await succeed(simulator, "PUT Users/AGREEN/Copy", { body });
    expect(copy).toMatchObject({ ID: "CNEW", LoginID: "CNEW", Theme: 108, Group: null, Organization: null });
    expect(await succeed(simulator, "GET UserRoles/CNEW/SALES")).toEqual({ User: "CNEW", Role: "SALES" });
    const plain = {
      ID: "DNEW",
      DisplayName: "D",
      Email: "d@venue.example",
      CopyOrganizations: "Y",
      CopyAccessPrivileges: "Y",
    };
    expect(await succeed(simulator, "PUT Users/AGREEN/Copy", { body: plain })).toMatchObject({
      ...{ Group: "FRONT", Organization: "20", Theme: null },
    });
    expect(await refuse(simulator, "GET UserRoles/DNEW/SALES")).toMatch(/^404 /);
    for (const wrong of [{ ...body, ID: "ENEW", Email: null }, { ...body, ID: "ENEW", CopyRoles: "maybe" }, body]) {
      expect(await refuse(simulator, "PUT Users/AGREEN/Copy", { body: wrong })).toMatch(/^400 /);
    }
  });

  it("sends the activation mail without changing the user", async () => {
    const before = await succeed(simulator, "GET Users/AGREEN");
    expect((await callApi(simulator, "PUT Users/AGREEN/SendActivateUserEmail")).status).toBe(200);
    expect(simulator.store.outbox).toMatchObject([{ to: "agreen@venue.example" }]);
    expect(await succeed(simulator, "GET Users/AGREEN")).toEqual(before);
  });

  it("adds, changes and bounds roles", async () => {
    const body = { ID: "GATE", DisplayName: "Gate", AccessLevel: 2, AccessLevelDefault: 1 };
    expect(await succeed(simulator, "POST Roles", { body })).toMatchObject(body);
    expect(await succeed(simulator, "PUT Roles/GATE", { body: { DisplayName: "Gates" } })).toMatchObject({
      ...{ ID: "GATE", DisplayName: "Gates", AccessLevel: 2 },
    });
    expect(await refuse(simulator, "POST Roles", { body: { ID: "ELEVENCHARS", DisplayName: "x" } })).toMatch(/^400 /);
    expect(await refuse(simulator, "POST Roles", { body: { ...body, ID: "G2", AccessLevel: 1.5 } })).toMatch(/^400 /);
  });
});

describe("user roles", () => {
  it("adds lists of users or of roles, says how many, and never both at once", async () => {
    const many = await succeed<string>(simulator, "POST UserRoles", { body: { User: "AGREEN,BSTONE", Role: "OPS" } });
    expect(many).toContain("1 user roles were added");
    const roles = await succeed<string>(simulator, "POST UserRoles", { body: { User: "BSTONE", Role: "SALES, OPS" } });
    expect(roles).toContain("1 user roles were added");
    expect(await refuse(simulator, "POST UserRoles", { body: { User: "AGREEN,BSTONE", Role: "SALES,OPS" } })).toMatch(
      /^400/,
    );
    expect(await refuse(simulator, "POST UserRoles", { body: { User: "AGREEN,NOBODY", Role: "OPS" } })).toMatch(/^404/);
    expect(await refuse(simulator, "POST UserRoles", { body: { User: "AGREEN" } })).toMatch(/^400/);
    expect(simulator.store.prod.userRoles.size).toBe(4);
  });

  it("removes with 204 and no body, or with a message when set so", async () => {
    const removed = await callApi(simulator, "DELETE UserRoles/AGREEN/SALES");
    expect([removed.status, removed.body]).toEqual([204, ""]);
    expect(await refuse(simulator, "DELETE UserRoles/AGREEN/SALES")).toMatch(/^404 /);
    const talking = makeMomentus({ removalAnswer: "200-message" }).simulator;
    expect(await succeed<string>(talking, "DELETE UserRoles/AGREEN/SALES,OPS")).toContain("1 user roles");
  });

  it("finds them by user and by role", async () => {
    const found = await succeed(simulator, "GET UserRoles?search=Role eq 'OPS'");
    expect(found).toEqual([{ User: "BSTONE", Role: "OPS" }]);
  });
});

describe("licenses and wrong addresses", () => {
  it("stops ordinary API users without the API module, and not those with License Special Access", async () => {
    const bare = makeMomentus({ modules: [] }).simulator;
    expect(await refuse(bare, "GET sdk_initialize")).toMatch(/^403 /);
    bare.store.changeApiUser("prod", "STEWARD", { hasLicenseSpecialAccess: true });
    expect((await callApi(bare, "GET sdk_initialize")).status).toBe(200);
  });

  it("can ask the Standard module for writes", async () => {
    const tiered = makeMomentus({ licenseTiers: "by-endpoint" }).simulator;
    const body = { DisplayName: "Operating" };
    expect((await callApi(tiered, "GET Roles/OPS")).status).toBe(200);
    expect(await refuse(tiered, "PUT Roles/OPS", { body })).toMatch(/^403 /);
    tiered.store.licensing.switchOn("prod", "Standard API");
    expect((await callApi(tiered, "PUT Roles/OPS", { body })).status).toBe(200);
  });

  it("answers a wrong base path with a page and an unknown subject with an error", async () => {
    for (const path of ["/api/v1/Users", "/live/api/v1/Users", "/prod/api/v2/Users"]) {
      const response = await simulator.handle({ method: "GET", path, headers: {}, body: "" });
      expect(response.headers["content-type"]).toContain("text/html");
    }
    expect(await refuse(simulator, "GET Wings")).toMatch(/^404 /);
  });

  it("encodes the body of an error as a whole, with Status and a list of messages", async () => {
    const { body, headers } = await callApi(simulator, "GET Users/NOBODY");
    expect(body).toMatch(/^%7B%22Status%22/);
    const listed = { ErrorCode: "NotFound", Message: "simulated: there is no user NOBODY", Source: "simulator" };
    expect(JSON.parse(decodeURIComponent(body))).toEqual({ Status: 404, ErrorList: [listed] });
    expect(headers["www-authenticate"]).toBeUndefined();
  });
});
