import { describe, expect, test } from "vitest";
import { scopes } from "../src/connectors/velocloud/scopes.ts";
import { operationCases } from "./velocloud-cases.ts";
import { connector, makeBench, operationOf, run, scopeNames, settle } from "./velocloud-fixture.ts";

const table = operationCases.flatMap((given) =>
  (given.scopes ?? scopeNames).map((scope) => ({ ...given, scope, title: `${given.name} in scope ${scope}` })),
);
const graceMs = 90_000;

describe.each(table)("$title", ({ method, prepare, happened, scope }) => {
  test("is done after a run, in one write", async () => {
    const bench = makeBench({ scope });
    const context = await prepare(bench);
    const writes = bench.simulator.store.mutatingCalls.length;
    const outcome = await run(bench, context);
    expect(outcome.fault?.message).toBeUndefined();
    expect(happened(bench)).toBe(true);
    expect(bench.simulator.store.mutatingCalls.slice(writes).map((call) => call.method)).toEqual([method(scope)]);
    const settled = await settle(bench, context);
    expect(settled).toMatchObject({ verdict: "done", outcome: outcome.id ? { id: outcome.id } : {} });
  });

  test("is not done without a run, and asking writes nothing", async () => {
    const bench = makeBench({ scope });
    const context = await prepare(bench);
    const writes = bench.simulator.store.mutatingCalls.length;
    expect(await settle(bench, context)).toEqual({ verdict: "not-done" });
    expect(bench.simulator.store.mutatingCalls.length).toBe(writes);
    expect(happened(bench)).toBe(false);
  });

  test("is in doubt when the answer is cut off, and settled right", async () => {
    const bench = makeBench({ scope, as: "session" });
    const context = await prepare(bench);
    bench.simulator.faults.add({ fault: "cut-after-commit", method: method(scope), times: 1 });
    const { fault } = await run(bench, context);
    expect(fault?.details.happened).toBe("unknown");
    expect(happened(bench)).toBe(true);
    const { verdict } = await settle(bench, context);
    expect(verdict).toBe(context.step.operation === "download" ? "lost" : "done");
  });

  test("is in doubt when the request is cut off, and settled right", async () => {
    const bench = makeBench({ scope });
    const context = await prepare(bench);
    bench.simulator.faults.add({ fault: "cut-before", method: method(scope), times: 1 });
    expect((await run(bench, context)).fault?.details.happened).toBe("unknown");
    expect(await settle(bench, context)).toEqual({ verdict: "not-done" });
    expect((await run(bench, context)).fault?.message).toBeUndefined();
    expect((await settle(bench, context)).verdict).toBe("done");
  });

  test("is found when it is committed late", async () => {
    const bench = makeBench({ scope });
    const context = await prepare(bench);
    bench.simulator.faults.add({ fault: "commit-after", method: method(scope), ms: 20_000, times: 1 });
    expect((await run(bench, context)).fault?.details.happened).toBe("unknown");
    expect(await settle(bench, context)).toEqual({ verdict: "not-done" });
    bench.clock.advance(graceMs);
    const { verdict } = await settle(bench, context);
    expect(happened(bench)).toBe(true);
    expect(verdict).toBe(context.step.operation === "download" ? "lost" : "done");
  });

  test.each(["500", "html", "truncated"] as const)("is never tried again by itself after %s", async (fault) => {
    const bench = makeBench({ scope });
    const context = await prepare(bench);
    bench.simulator.faults.add({ fault, method: method(scope) });
    const outcome = await run(bench, context);
    expect(outcome.fault?.details.happened).toBe("unknown");
    expect(bench.simulator.store.countOf(method(scope))).toBe(1 + (await callsOfPreparing(scope)));
  });

  test("VCO-33 waits out a 429 and is done once", async () => {
    const bench = makeBench({ scope });
    const context = await prepare(bench);
    bench.simulator.faults.add({ fault: "429", method: method(scope), times: 2, ms: 5_000 });
    const before = bench.clock.now();
    expect((await run(bench, context)).fault?.message).toBeUndefined();
    expect(bench.clock.now() - before).toBeGreaterThanOrEqual(10_000);
    expect(happened(bench)).toBe(true);
  });

  /** Preparing may use the same method. */
  async function callsOfPreparing(of: typeof scope): Promise<number> {
    const bench = makeBench({ scope: of });
    await prepare(bench);
    return bench.simulator.store.countOf(method(of));
  }
});

describe("operations", () => {
  test("are all in the table, and what makes something says so", () => {
    const covered = new Set(operationCases.map((given) => given.name.split(" ")[0]));
    const all = connector.kinds.flatMap((kind) => Object.keys(kind.operations).map((name) => `${kind.name}/${name}`));
    expect([...covered, "velocloud_api_token/prove"].sort()).toEqual(all.sort());
    for (const name of all.filter((operation) => operation.endsWith("/create"))) {
      const [kind = "", operation = ""] = name.split("/");
      expect(operationOf(kind, operation).creates).toBe(true);
    }
  });

  test("VCO-04 VCO-26 never refresh a token or send a password mail", async () => {
    for (const scope of scopeNames) {
      for (const given of operationCases.filter((one) => one.scopes?.includes(scope) ?? true)) {
        const bench = makeBench({ scope });
        const context = await given.prepare(bench);
        await run(bench, context);
        await settle(bench, context);
        expect([...bench.simulator.store.calls.keys()].filter((name) => /refresh|PasswordReset/.test(name))).toEqual(
          [],
        );
      }
    }
  });

  test.each(scopeNames)("VCO-13 revoke and delete what is gone already without a write, scope %s", async (scope) => {
    for (const given of operationCases.filter((one) => /revoke|delete/.test(one.name))) {
      const bench = makeBench({ scope });
      const context = await given.prepare(bench);
      expect((await run(bench, context)).fault).toBeUndefined();
      const writes = bench.simulator.store.mutatingCalls.length;
      expect((await run(bench, context)).fault).toBeUndefined();
      expect(bench.simulator.store.mutatingCalls.length).toBe(writes);
    }
  });

  test.each(scopeNames)("VCO-22 name the tenant of scope %s", async (scope) => {
    const bench = makeBench({ scope });
    await bench.open.reader.users();
    const call = bench.transport.sent.find((request) => request.url.endsWith(scopes[scope].users.list));
    expect(Object.keys(JSON.parse(call?.body ?? "{}"))).toEqual([scopes[scope].tenantKey]);
  });
});
