import { describe, expect, test } from "vitest";
import type { SimulatorSettings } from "../src/simulators/velocloud/options.ts";
import { plainRole } from "./world/conformance-cases.ts";
import {
  applied,
  lines,
  type ManifestOptions,
  manifestOf,
  type Resources,
  type ScopeName,
  scopeNames,
  worldOf,
} from "./world/conformance-world.ts";
import type { TestWorld } from "./world/test-world.ts";

const dayMs = 86_400_000;

const resources = (scope: ScopeName, withToken: boolean): Resources => ({
  velocloud_admin_user: {
    ci: {
      username: "ci@acme.example",
      role: plainRole[scope],
      password: { generate: true, deliver_to: "local:CI_PASSWORD" },
    },
  },
  ...(withToken && {
    velocloud_api_token: {
      ci: {
        owner: "${velocloud_admin_user.ci}",
        name: "ci",
        lifetime: "90d",
        rotate_before: "14d",
        deliver_to: "local:TOKEN",
      },
    },
  }),
});

/** The tokens that came with the simulator go, so that the list holds one token, then two. */
function leaveNoOtherToken(world: TestWorld): void {
  const { store } = world.simulator;
  for (const token of store.tokens.values()) store.tokens.remove(token.id, store.now());
}

/** Create, rotate by age, revoke; at each turn exactly what the sink holds works, and there are no changes. */
async function liveThrough(world: TestWorld, scope: ScopeName, options: ManifestOptions): Promise<void> {
  const text = manifestOf(scope, resources(scope, true), options);
  const { store } = world.simulator;
  await world.trust(text);
  await applied(world, text);
  const first = (await world.secret(text, "TOKEN"))!;
  expect(store.ownerOfWorkingToken(first)?.username).toBe("ci@acme.example");
  expect(lines(await world.plan(text))).toEqual([]);

  world.clock.advance(80 * dayMs);
  expect(lines(await applied(world, text))).toEqual(["rotate velocloud_api_token.ci"]);
  const second = (await world.secret(text, "TOKEN"))!;
  expect(store.ownerOfWorkingToken(first)).toBeUndefined();
  expect(store.ownerOfWorkingToken(second)?.username).toBe("ci@acme.example");
  expect(lines(await world.plan(text))).toEqual([]);

  const without = manifestOf(scope, resources(scope, false), options);
  expect(lines(await applied(world, without, { allowDeletions: 1 }))).toEqual(["delete velocloud_api_token.ci"]);
  expect(store.ownerOfWorkingToken(second)).toBeUndefined();
  expect(lines(await world.plan(without))).toEqual([]);
  const states = store.tokensOf(store.userNamed("ci@acme.example")!.id).map(({ id }) => store.tokenState(id));
  expect(states).toEqual(["REVOKED", "REVOKED"]);
}

const modes = ([200, 302] as const).flatMap((loginStatus) =>
  (["upper", "capitalized", "absent"] as const).flatMap((tokenStateSpelling) =>
    [false, true].map(
      (singleTokenAsObject): Partial<SimulatorSettings> => ({
        loginStatus,
        tokenStateSpelling,
        singleTokenAsObject,
      }),
    ),
  ),
);

describe.each(scopeNames)("the life of a token in scope %s", (scope) => {
  test.each(modes)(
    "VCO-21 VCO-25 is the same with $loginStatus, $tokenStateSpelling, as object: $singleTokenAsObject",
    async (mode) => {
      const world = worldOf(scope, mode);
      leaveNoOtherToken(world);
      await liveThrough(world, scope, {});
    },
  );

  test.each(["session", "token"] as const)(
    "is the same with credentials by %s and errors under HTTP 200",
    async (by) => {
      const world = worldOf(scope, { errorStatus: "always-200", operatorInsertResult: "rows" });
      await liveThrough(world, scope, { credentials: by });
    },
  );

  test("VCO-26 never asks to refresh a token, and sends no password mail", async () => {
    const world = worldOf(scope);
    await liveThrough(world, scope, {});
    expect([...world.simulator.store.calls.keys()].filter((name) => /refresh|PasswordReset/.test(name))).toEqual([]);
    expect(world.simulator.store.outbox).toEqual([]);
  });
});
