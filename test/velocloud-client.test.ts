import { describe, expect, test } from "vitest";
import { errorIn } from "../src/connectors/velocloud/envelope.ts";
import { scopes } from "../src/connectors/velocloud/scopes.ts";
import { checkSettings } from "../src/connectors/velocloud/settings.ts";
import { readToken } from "../src/connectors/velocloud/wire.ts";
import { Fault, InvalidManifest } from "../src/diagnostic.ts";
import type { Value } from "../src/resource.ts";
import { Secret } from "../src/secret.ts";
import { addUser } from "./velocloud-cases.ts";
import { type Bench, connector, contextOf, entryOf, makeBench, run, settle } from "./velocloud-fixture.ts";

const token = "velocloud_api_token";
const target = { sink: "local", path: "x", issueId: "i.3", generation: 3 };
const same = (text: string) => text;

async function faultOf(action: Promise<unknown>): Promise<Fault> {
  const error = await action.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

/** A Pending token and the step that downloads it. */
async function downloading(bench: Bench) {
  const { id: ownerId, username } = addUser(bench);
  const { id } = bench.simulator.store.addToken({ ownerId, name: "ci" });
  bench.desk.references.set("local:ci", "known-password-1");
  const input = { owner: username, password: { $secret: { from: "sink" as const, name: "local:ci" } } };
  return contextOf(
    bench,
    token,
    { operation: "download", input, delivers: { token: target } },
    entryOf(token, String(id)),
  );
}

describe("an answer", () => {
  test("VCO-30 is an error when it says so, whatever its status", () => {
    expect(errorIn(200, { error: { code: -32000, message: "tokenError [Invalid API Token]" } }, same)?.code).toBe(
      "unauthorized",
    );
    expect(errorIn(200, { error: "no such thing", rows: 0 }, same)).toMatchObject({ code: "refused" });
    expect(errorIn(200, { id: 3, rows: 1, error: "but" }, same)).toMatchObject({ code: "contradiction" });
    expect(errorIn(400, {}, same)?.code).toBe("refused");
    expect(errorIn(401, { error: { message: "no" } }, same)?.code).toBe("unauthorized");
    expect(errorIn(500, {}, same)?.code).toBe("broken");
    for (const value of [{ rows: 1 }, [], { error: null }, { error: "" }, null])
      expect(errorIn(200, value, same)).toBeUndefined();
  });

  test("VCO-30 whose error is of any other form is an error all the same", () => {
    let deep: unknown = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    for (const error of [deep, { message: deep }, { data: { error: deep } }, 5, true, [], {}])
      expect(errorIn(200, { error }, same)?.code).toBe("refused");
  });

  test("VCO-30 that misses a privilege names it and the way out", () => {
    const message =
      "user does not have privilege [UPDATE:ENTERPRISE_DELEGATION] required to access [role/setEnterpriseDelegatedToOperator]";
    const refused = errorIn(500, { error: { code: -32603, message } }, same);
    expect(refused).toMatchObject({ code: "privilege", remedy: expect.stringContaining("super user") });
    expect(refused?.message).toContain("UPDATE:ENTERPRISE_DELEGATION");
  });

  test("is repeated bounded, printable and without what was sent", async () => {
    const long = errorIn(200, { error: { message: `\u001b[31m${"x".repeat(5_000)}` } }, same);
    expect(long?.message.length).toBeLessThan(400);
    expect(long?.message).not.toContain("\u001b");
    const bench = makeBench();
    bench.simulator.handle = async () => ({
      status: 500,
      headers: {},
      body: JSON.stringify({ error: { message: "the password canary-secret-1 is weak" } }),
    });
    const fault = await faultOf(
      bench.open
        .writer()
        .updateUser(1, { password: new Secret("canary-secret-1") })
        .catch((error) => {
          throw error;
        }),
    );
    expect(fault.message).not.toContain("canary-secret-1");
  });
});

describe("credentials", () => {
  test.each([200, 302] as const)("VCO-21 a login is judged by its cookie, status %s", async (loginStatus) => {
    const bench = makeBench({ as: "session", simulator: { loginStatus } });
    expect(await bench.open.reader.users()).toHaveLength(1);
    await bench.open.close();
    expect(bench.simulator.store.sessions.size).toBe(0);
    expect(bench.transport.sent.every((request) => !("authorization" in request.headers))).toBe(true);
  });

  test("VCO-21 a wrong password is said to be one, and is not tried again", async () => {
    const bench = makeBench({ as: "session" });
    bench.desk.references.set("VCO_PASSWORD", "canary-wrong-1");
    const fault = await faultOf(bench.open.reader.users());
    expect(fault.details).toMatchObject({ code: "unauthorized", happened: "no" });
    expect(fault.message).not.toContain("canary");
    expect(bench.simulator.store.countOf("login/enterpriseLogin")).toBe(1);
  });

  test("VCO-23 a session that ended is renewed once, and calls side by side share the login", async () => {
    const bench = makeBench({ as: "session" });
    await bench.open.reader.users();
    bench.simulator.store.sessions.clear();
    await Promise.all([1, 2, 3].map(() => bench.open.reader.users({ fresh: true })));
    expect(bench.simulator.store.countOf("login/enterpriseLogin")).toBe(2);
  });

  test("VCO-06 VCO-14 a token needs no session", async () => {
    const bench = makeBench();
    await bench.open.reader.users();
    expect(bench.simulator.store.countOf("login/enterpriseLogin")).toBe(0);
    expect(bench.transport.sent[0]?.headers.authorization).toBe(`Token ${bench.account.token}`);
  });

  test("a revoked token is reported as such, at HTTP 200", async () => {
    const bench = makeBench({ simulator: { errorStatus: "always-200" } });
    bench.simulator.store.revokeToken(bench.simulator.store.tokensOf(bench.account.id)[0]!.id);
    expect((await faultOf(bench.open.reader.users())).details.code).toBe("unauthorized");
    const findings = await bench.open.examine();
    expect(findings[0]).toMatchObject({ level: "error", remedy: expect.stringContaining("token") });
  });

  test("come in exactly one form, and settings fit the scope", () => {
    const { system } = makeBench();
    const check = (credentials: Record<string, Value>, settings: Record<string, Value> = {}) =>
      checkSettings({ ...system, credentials, settings }).map((problem) => problem.message);
    expect(check({ token: "t" }, { enterprise: "Acme" })).toEqual([]);
    expect(check({})).toEqual(["velocloud has no credentials"]);
    expect(check({ token: "t", username: "u", password: "p" })).toHaveLength(1);
    expect(check({ username: "u" })).toEqual(["velocloud needs both username and password"]);
    expect(check({ token: "t" }, { scope: "operator", enterprise_id: 1 })).toHaveLength(1);
    const byPerson = checkSettings({ ...system, hand: "person", credentials: { token: "t" } });
    expect(byPerson.map((problem) => problem.message)).toEqual(["velocloud cannot be managed with hand: person"]);
    expect(() => connector.open({ ...system, credentials: {} }, undefined as never)).toThrow(InvalidManifest);
  });

  test("change the fingerprint with url, scope and tenant, not with secrets", () => {
    const { system } = makeBench();
    const prints = [
      system,
      { ...system, url: "https://other" },
      { ...system, settings: { scope: "partner" } },
      { ...system, settings: { enterprise_id: 4 } },
    ].map((config) => connector.fingerprint(config));
    expect(new Set(prints).size).toBe(4);
    expect(connector.fingerprint({ ...system, credentials: {} })).toBe(connector.fingerprint(system));
  });
});

describe("reading", () => {
  test("VCO-24 0 and 1 become false and true, and neither password nor salt is kept", async () => {
    const bench = makeBench();
    const listing = await connector.kinds[0]!.list(bench.open.reader);
    expect(listing.objects[0]?.attributes).toMatchObject({ enabled: true, native: true, locked: false });
    expect(JSON.stringify(listing)).not.toMatch(/\*{5}|salt/);
  });

  test.each(["upper", "capitalized", "absent"] as const)(
    "VCO-25 a token's state is read when it is spelled %s",
    async (tokenStateSpelling) => {
      const bench = makeBench({ simulator: { tokenStateSpelling, singleTokenAsObject: true } });
      const { store, world } = bench.simulator;
      expect((await bench.open.reader.tokens()).map((found) => found.state)).toEqual(["ENABLED"]);
      store.addToken({ ownerId: world.enterprise.id, name: "p" });
      store.revokeToken(store.addToken({ ownerId: world.enterprise.id, name: "r" }).id);
      store.addToken({ ownerId: world.enterprise.id, name: "e", lifetimeMs: 1_000 });
      bench.clock.advance(2_000);
      const states = (await bench.open.reader.tokens({ fresh: true })).map((found) => found.state);
      expect(states).toEqual(["ENABLED", "PENDING", "REVOKED", "EXPIRED"]);
    },
  );

  test("VCO-34 a list with anything in it that is no object with an id is no list: what cannot be read is not gone", async () => {
    for (const list of [[[{ id: 1 }]], [null], [{ id: 1 }, "x"], [{ id: "1" }], [{ id: 1.5 }], [{ username: "x" }]]) {
      const bench = makeBench();
      const handle = bench.simulator.handle.bind(bench.simulator);
      bench.simulator.handle = async (request) =>
        request.path.endsWith("getEnterpriseUsers")
          ? { status: 200, headers: {}, body: JSON.stringify(list) }
          : handle(request);
      expect((await faultOf(bench.open.reader.users())).message).toContain("no list of objects with ids");
    }
  });

  test("times beyond what a date can be count as not told", () => {
    for (const at of [8.64e15 + 1, -1e300, "never", "+300000-01-01T00:00:00Z", {}, null]) {
      const token = readToken({ id: 1, name: "n", created: at, expiration: at }, scopes.enterprise, 0);
      expect(token).toMatchObject({ createdAtMs: undefined, expiresAtMs: undefined, state: "PENDING" });
    }
  });

  test("VCO-35 lists are read once per command, and afresh when asked", async () => {
    const bench = makeBench();
    for (let times = 0; times < 3; times++) {
      for (const kind of connector.kinds) await kind.list(bench.open.reader);
      await bench.open.facts();
    }
    expect(Math.max(...bench.simulator.store.calls.values())).toBe(1);
    expect(bench.simulator.store.mutatingCalls).toEqual([]);
  });

  test("VCO-22 operators and partners manage an enterprise by its number", async () => {
    for (const account of ["operator", "partner"] as const) {
      const bench = makeBench({ account, settings: { enterprise_id: 1 } });
      expect((await bench.open.reader.users()).map((user) => user.username)).toEqual(["admin@customer.example"]);
      expect((await bench.open.facts()).me).toMatchObject({ username: bench.account.username });
    }
  });

  test("VCO-22 an operator who does not say which enterprise is told to", async () => {
    const bench = makeBench({ account: "operator" });
    expect((await faultOf(bench.open.reader.users())).details.remedy).toContain("enterprise_id: NUMBER");
  });

  test("VCO-07 the examination warns an operator without delegation", async () => {
    const bench = makeBench({ account: "operator", settings: { enterprise_id: 1 } });
    const warnings = (await bench.open.examine()).filter((finding) => finding.level === "warning");
    expect(warnings.map((finding) => finding.message).join()).toContain("did not delegate");
  });

  test("VCO-30 VCO-31 a write that answers rows 0 did nothing, and one without fields is in doubt", async () => {
    const bench = makeBench();
    expect((await faultOf(bench.open.writer().updateUser(99_999, {}))).details).toMatchObject({
      happened: "no",
      code: "absent",
    });
    await bench.open.facts();
    bench.simulator.handle = async () => ({ status: 200, headers: {}, body: "null" });
    expect((await faultOf(bench.open.writer().revokeToken(1))).details.happened).toBe("unknown");
  });

  test("VCO-28 an operator sees the custom roles of the enterprise that it manages", async () => {
    const own = makeBench();
    const parts = own.simulator.store.functionalRoles.filter((part) => part.userType === "ENTERPRISE");
    const role = { name: "Auditor", description: "x", functionalRoleIds: [parts[2]!.id] };
    const bench = makeBench({ account: "operator", settings: { enterprise_id: 1 } });
    await bench.open.writer().createRole(role);
    expect((await bench.open.reader.roles({ fresh: true })).map((found) => found.name)).toContain("Auditor");
  });

  test("a missing privilege makes a list incomplete instead of empty", async () => {
    const bench = makeBench();
    const { store } = bench.simulator;
    store.changeUser(bench.account.id, { roleId: store.roleNamed("Enterprise Support").id });
    const listing = await connector.kinds[1]!.list(bench.open.reader);
    expect(listing).toMatchObject({ complete: false, because: expect.stringContaining("privilege") });
  });
});

describe("a token's value", () => {
  test("VCO-10 VCO-12 is in the sink before the owner's session ends", async () => {
    const bench = makeBench();
    const context = await downloading(bench);
    expect((await run(bench, context)).fault).toBeUndefined();
    const value = bench.desk.next.get(target.issueId)?.reveal() ?? "";
    expect(bench.simulator.store.ownerOfWorkingToken(value)?.username).toBe("ci@example.net");
    const urls = bench.transport.sent.map((request) =>
      request.url.slice("https://vco.example.net/portal/rest/".length),
    );
    expect(urls.slice(-3)).toEqual(["login/enterpriseLogin", "enterprise/downloadApiToken", "logout"]);
    expect(bench.trace.join()).not.toContain(value);
    expect(await settle(bench, context)).toEqual({ verdict: "done", outcome: {} });
  });

  test("VCO-12 is lost when the sink refuses it, and that is never taken for nothing happened", async () => {
    const bench = makeBench();
    const context = await downloading(bench);
    bench.desk.broken = true;
    expect((await run(bench, context)).fault?.details.happened).toBe("unknown");
    expect((await settle(bench, context)).verdict).toBe("lost");
  });

  test("is not touched when the owner's password was changed elsewhere", async () => {
    const bench = makeBench();
    const context = await downloading(bench);
    bench.simulator.store.setPassword(bench.simulator.store.userNamed("ci@example.net")!.id, "another-one-1");
    expect((await run(bench, context)).fault?.details).toMatchObject({ happened: "no", code: "unauthorized" });
    expect(await settle(bench, context)).toEqual({ verdict: "not-done" });
  });

  test("VCO-38 is proven by a call, refused when revoked, inconclusive when the network fails", async () => {
    const bench = makeBench();
    const user = addUser(bench);
    const value = bench.simulator.store.addEnabledToken({ ownerId: user.id, name: "ci" });
    bench.desk.next.set(target.issueId, new Secret(value));
    const draft = { operation: "prove", input: {}, promotes: [target] };
    const context = await contextOf(bench, token, draft);
    const writes = bench.simulator.store.mutatingCalls.length;
    expect(await settle(bench, context)).toEqual({ verdict: "not-done" });
    expect((await run(bench, context)).fault).toBeUndefined();
    bench.simulator.faults.add("cut-before:enterpriseUser/getEnterpriseUser");
    expect((await run(bench, context)).fault?.details.transient).toBe(true);
    bench.simulator.faults.clear();
    bench.simulator.store.revokeToken(bench.simulator.store.tokensOf(user.id)[0]!.id);
    expect((await run(bench, context)).fault?.details.code).toBe("refused");
    expect(bench.simulator.store.mutatingCalls.length).toBe(writes);
    const secret = { ...target, delivered: true, proven: true, issuedAt: "" };
    const proven = await contextOf(bench, token, draft, entryOf(token, "1", { secrets: { token: secret } }));
    expect((await settle(bench, proven)).verdict).toBe("done");
  });

  test("VCO-15 whose revocation is refused to a super user is reported with the missing privilege", async () => {
    const bench = makeBench({ simulator: { superuserRevokesForOthers: false } });
    const user = addUser(bench);
    bench.simulator.store.addEnabledToken({ ownerId: user.id, name: "ci" });
    const id = String(bench.simulator.store.tokensOf(user.id)[0]!.id);
    const { fault } = await run(bench, await contextOf(bench, token, { operation: "revoke", input: { id } }));
    expect(fault?.details).toMatchObject({ code: "privilege", happened: "no" });
    expect(fault?.message).toContain("UPDATE:ENTERPRISE_TOKEN");
  });
});
