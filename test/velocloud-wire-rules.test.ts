import { describe, expect, test } from "vitest";
import { scopes } from "../src/connectors/velocloud/scopes.ts";
import { readToken, readUser } from "../src/connectors/velocloud/wire.ts";
import { Fault } from "../src/diagnostic.ts";
import { Secret } from "../src/secret.ts";
import type { SimResponse } from "../src/simulators/wire.ts";
import { addUser } from "./velocloud-cases.ts";
import { type Bench, contextOf, makeBench, run } from "./velocloud-fixture.ts";

/** What other tests leave open of the wire: each rule's less common halves. */

const json = (value: unknown, status = 200): SimResponse => ({ status, headers: {}, body: JSON.stringify(value) });
const missing =
  "user does not have privilege [READ:ENTERPRISE_USER] required to access [enterpriseUser/getEnterpriseUser]";

/** Another answer to one method; everything else is answered as before. */
function rewrite(bench: Bench, method: string, answer: (body: string) => SimResponse | undefined): void {
  const handle = bench.simulator.handle.bind(bench.simulator);
  bench.simulator.handle = async (request) =>
    (request.path.endsWith(`/${method}`) ? answer(request.body) : undefined) ?? handle(request);
}

async function faultOf(action: Promise<unknown>): Promise<Fault> {
  const error = await action.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

describe("velocloud on the wire", () => {
  test("VCO-20 every call is a POST to the REST form, with its parameters as body", async () => {
    const bench = makeBench({ as: "session" });
    await bench.open.reader.users();
    await bench.open.close();
    expect(bench.transport.sent.length).toBeGreaterThan(2);
    for (const { method, url, body } of bench.transport.sent) {
      expect([method, new URL(url).pathname]).toEqual(["POST", expect.stringMatching(/^\/portal\/rest\/[A-Za-z/]+$/)]);
      expect(() => JSON.parse(body ?? "")).not.toThrow();
    }
  });

  test("VCO-24 switches are read as numbers and as booleans, written as booleans, and masks are dropped", async () => {
    for (const [on, off] of [
      [1, 0],
      [true, false],
    ]) {
      const raw = { id: 1, username: "u", isActive: on, isLocked: off, password: "*****", salt: "canary" };
      const user = readUser(raw);
      expect([user.isActive, user.isLocked]).toEqual([true, false]);
      expect(JSON.stringify(user)).not.toMatch(/\*{5}|canary/);
    }
    const bench = makeBench();
    const { id } = addUser(bench);
    const input = { id: String(id), changes: { enabled: false } };
    await run(bench, await contextOf(bench, "velocloud_admin_user", { operation: "update", input }));
    expect(bench.transport.sent.at(-1)?.body).toContain('"_update":{"isActive":false}');
  });

  test.each(["enabled", "Enabled", "ENABLED"])("VCO-25 the word %s alone is enough", (state) => {
    expect(readToken({ id: 1, name: "t", state }, scopes.enterprise, 0).state).toBe("ENABLED");
  });

  test("VCO-07 VCO-30 a missing privilege is named, and delegation as the way out of an operator", async () => {
    const bench = makeBench({ account: "operator", settings: { enterprise_id: 1 } });
    const { message, details } = await faultOf(bench.open.writer().updateUser(1, {}));
    expect(details).toMatchObject({ code: "privilege", happened: "no" });
    expect(message).toMatch(/the privilege [A-Z_:]+ is missing, which enterpriseUser\/updateEnterpriseUser needs/);
    expect(details.remedy).toContain("an operator needs the enterprise's delegation");
  });

  test.each<[string, SimResponse, "no" | "unknown"]>([
    ["only an error", json({ error: "no" }), "no"],
    ["an error and no rows", json({ error: "no", rows: 0 }), "no"],
    ["an error and rows", json({ error: "but", rows: 1 }), "unknown"],
    ["a page", { status: 200, headers: {}, body: "<html>" }, "unknown"],
    ["a cut body", { status: 200, headers: {}, body: '{"rows":' }, "unknown"],
    ["HTTP 500 without an envelope", json({}, 500), "unknown"],
    ["HTTP 500 with an envelope", json({ error: { message: "no" } }, 500), "no"],
  ])("VCO-31 a write that is answered with %s is judged", async (_what, response, happened) => {
    const bench = makeBench();
    rewrite(bench, "updateEnterpriseUser", () => response);
    expect((await faultOf(bench.open.writer().updateUser(1, {}))).details.happened).toBe(happened);
  });

  test("VCO-33 after a 429 all calls wait five seconds, and four are in flight unless the manifest says otherwise", async () => {
    const bench = makeBench();
    await bench.open.facts();
    bench.simulator.faults.add("429:enterprise/getEnterpriseUsers:1");
    const before = bench.clock.now();
    const sent = bench.transport.sent.length;
    await bench.open.reader.users({ fresh: true });
    expect([bench.clock.now() - before, bench.transport.sent.length - sent]).toEqual([5_000, 2]);
    for (const [concurrency, expected] of [
      [undefined, 4],
      [2, 2],
    ] as const) {
      expect(await mostInFlight(makeBench({ system: concurrency === undefined ? {} : { concurrency } }))).toBe(
        expected,
      );
    }
  });

  test("VCO-38 a token that misses a privilege was recognized all the same", async () => {
    const bench = makeBench();
    await bench.open.facts();
    rewrite(bench, "getEnterpriseUser", () => json({ error: { message: missing } }));
    const probe = await bench.open.reader.probe(new Secret(bench.account.token));
    expect(probe).toEqual({ health: "working", detail: expect.stringContaining("READ:ENTERPRISE_USER") });
  });

  test("VCO-39 a refused or failed read of a user that is listed does not show that it is gone", async () => {
    for (const refusal of [json({ error: "who is that?" }), json({ error: { message: missing } }), json({}, 500)]) {
      const bench = makeBench();
      const { id } = addUser(bench);
      await bench.open.facts();
      rewrite(bench, "getEnterpriseUser", () => refusal);
      await faultOf(bench.open.reader.user(id));
      bench.simulator.store.deleteUser(id);
      if (refusal.status === 500) await faultOf(bench.open.reader.user(id));
      else expect(await bench.open.reader.user(id)).toBeUndefined();
    }
  });
});

/** How many of twelve calls at once are on their way together. */
async function mostInFlight(bench: Bench): Promise<number> {
  await bench.open.facts();
  const handle = bench.simulator.handle.bind(bench.simulator);
  let [now, most] = [0, 0];
  bench.simulator.handle = async (request) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return handle(request);
  };
  await Promise.all(Array.from({ length: 12 }, () => bench.open.reader.users({ fresh: true })));
  return most;
}
