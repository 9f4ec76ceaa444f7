import { describe, expect, test } from "vitest";
import { parsePlan, planText } from "../src/plan/file.ts";
import type { Consents } from "../src/step.ts";
import { plainRole } from "./world/conformance-cases.ts";
import {
  type Attributes,
  applied,
  importObject,
  lines,
  manifestOf,
  type Resources,
  refusalOf,
  worldOf,
} from "./world/conformance-world.ts";
import type { TestWorld } from "./world/test-world.ts";

type KindName = "velocloud_admin_user" | "velocloud_role" | "velocloud_api_token";
const kinds: KindName[] = ["velocloud_admin_user", "velocloud_role", "velocloud_api_token"];
const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const nothing: Partial<Consents> = {};

/** The n-th block of a kind; all tokens have one owner, who is declared beside them. */
function blockOf(kind: KindName, n: number): Attributes {
  const password = { generate: true, deliver_to: `local:PASSWORD_${n}` };
  if (kind === "velocloud_admin_user") return { username: `u${n}@acme.example`, role: plainRole.enterprise, password };
  if (kind === "velocloud_role") {
    return { name: `Role ${n}`, description: "guarded", privileges: ["Global Settings Enterprise Read Only"] };
  }
  const owner = "${velocloud_admin_user.owner}";
  return { owner, name: `token ${n}`, lifetime: "90d", deliver_to: `local:TOKEN_${n}` };
}

const tokenOwner: Resources = {
  velocloud_admin_user: { owner: { ...blockOf("velocloud_admin_user", 0), username: "owner@acme.example" } },
};

/** Blocks `first` to `count` of a kind. */
function blocks(kind: KindName, count: number, first = 1): Resources {
  const own = Object.fromEntries(
    numbered(count)
      .slice(first - 1)
      .map((n) => [`n${n}`, blockOf(kind, n)]),
  );
  const resources: Resources = count >= first ? { [kind]: own } : {};
  return kind === "velocloud_api_token" ? { ...tokenOwner, ...resources } : resources;
}

const worlds = new Map<string, Promise<TestWorld>>();
/** A world that recorded so many of a kind. Tests only plan in it. */
function recorded(kind: KindName, count: number): Promise<TestWorld> {
  const key = `${kind} ${count}`;
  const made = worlds.get(key) ?? make(manifestOf("enterprise", blocks(kind, count)));
  worlds.set(key, made);
  return made;
}

async function make(text: string): Promise<TestWorld> {
  const world = worldOf("enterprise");
  await world.trust(text);
  await applied(world, text);
  return world;
}

/** How many are recorded and removed, and whether that needs consent. */
const limits: [number, number, "refused" | "allowed", string][] = [
  [24, 5, "allowed", "five are the limit"],
  [24, 6, "refused", "six are above five, though they are 25 %"],
  [8, 2, "allowed", "25 % is the limit"],
  [8, 3, "refused", "37.5 % is above 25 %"],
  [7, 2, "refused", "28.6 % is above 25 %"],
  [3, 1, "allowed", "one alone is no percentage"],
  [2, 1, "allowed", "one is left"],
  [1, 1, "refused", "it is the last one"],
];

describe.each(kinds)("removals of %s", (kind) => {
  test.each(limits)("of %i recorded, %i are %s: %s", async (count, removed, verdict) => {
    const world = await recorded(kind, count);
    const text = manifestOf("enterprise", blocks(kind, count, removed + 1));
    if (verdict === "allowed") {
      expect((await world.plan(text)).changes.map((change) => change.action)).toEqual(
        numbered(removed).map(() => "delete"),
      );
      return;
    }
    const percent = Math.round((removed / count) * 1000) / 10;
    const refusal = await refusalOf(world.plan(text));
    expect(refusal).toContain(`this plan removes ${removed} of ${count} ${kind} on velocloud (${percent} %)`);
    expect(refusal).toMatch(new RegExp(`--allow-deletions ${removed}$`));
    if (removed < count) expect(refusal).toContain("allowed are 5, and of more than one at most 25 %");
    for (const wrong of [0, removed - 1, removed + 1]) {
      const message = `--allow-deletions ${wrong} was given, but this plan removes ${removed}`;
      expect(await refusalOf(world.plan(text, { allowDeletions: wrong }))).toContain(message);
    }
    expect((await world.plan(text, { allowDeletions: removed })).changes).toHaveLength(removed);
  });
});

describe("limits", () => {
  test("are those of the manifest, and a third is more than 33 %", async () => {
    const kind = "velocloud_admin_user";
    const world = await recorded(kind, 24);
    const plan = (removed: number, guard: string) =>
      world.plan(manifestOf("enterprise", blocks(kind, 24, removed + 1), { rest: `guard: ${guard}` }));
    expect((await plan(8, "{ deletions_max: 24, deletions_max_percent: 34 }")).changes).toHaveLength(8);
    const refusal = await refusalOf(plan(8, "{ deletions_max: 24, deletions_max_percent: 33 }"));
    expect(refusal).toContain(
      "removes 8 of 24 velocloud_admin_user on velocloud (33.3 %); allowed are 24, and of more than one at most 33 %",
    );
    expect(await refusalOf(plan(1, "{ deletions_max: 0 }"))).toContain("allowed are 0,");
  });

  test("hold for each kind by itself, and the number to allow is the whole plan's", async () => {
    const all = { ...blocks("velocloud_admin_user", 8), ...blocks("velocloud_role", 8) };
    const world = await make(manifestOf("enterprise", all));
    const less = (users: number, roles: number) =>
      manifestOf("enterprise", {
        ...blocks("velocloud_admin_user", 8, users + 1),
        ...blocks("velocloud_role", 8, roles + 1),
      });
    expect((await world.plan(less(2, 2))).changes).toHaveLength(4);
    const refusal = await refusalOf(world.plan(less(2, 3)));
    expect(refusal).toBe(
      "this plan removes 3 of 8 velocloud_role on velocloud (37.5 %); allowed are 5, and of more than one at most 25 % => if that is meant: --allow-deletions 5",
    );
    expect((await world.plan(less(2, 3), { allowDeletions: 5 })).changes).toHaveLength(5);
  });

  test("hold for each system by itself", async () => {
    const partner =
      '  partner: { type: velocloud, url: "https://vco.test", scope: partner, credentials: { token: "${env.MSP_TOKEN}" } }';
    const text = (first: number) => {
      const own = blocks("velocloud_admin_user", 4, first).velocloud_admin_user!;
      const theirs = Object.fromEntries(
        Object.entries(own).map(([name, block]) => [
          `p${name}`,
          {
            ...block,
            system: "partner",
            role: plainRole.partner,
            username: `p${block.username}`,
            password: { generate: true, deliver_to: `local:P${name.toUpperCase()}` },
          },
        ]),
      );
      const mine = Object.fromEntries(
        Object.entries(own).map(([name, block]) => [name, { ...block, system: "velocloud" }]),
      );
      return manifestOf("enterprise", { velocloud_admin_user: { ...mine, ...theirs } }).replace(
        "sinks:",
        `${partner}\nsinks:`,
      );
    };
    const world = worldOf("enterprise");
    world.moreVariables.MSP_TOKEN = world.simulator.world.partner.token;
    await world.trust(text(1));
    await applied(world, text(1));
    // One of four on each: two of eight together would be 25 % too, so that three of eight show the difference.
    expect((await world.plan(text(2))).changes).toHaveLength(2);
    const refusal = await refusalOf(world.plan(text(3)));
    expect(refusal).toContain("removes 2 of 4 velocloud_admin_user on velocloud (50 %)");
    expect(refusal).toContain("removes 2 of 4 velocloud_admin_user on partner (50 %)");
    expect(refusal.match(/--allow-deletions 4/g)).toHaveLength(2);
  });

  test("count users who are deleted to be made anew, though the last one may be replaced", async () => {
    const renamed = (count: number, anew: number): Resources => ({
      velocloud_admin_user: Object.fromEntries(
        numbered(count).map((n) => {
          const block = blockOf("velocloud_admin_user", n);
          return [`n${n}`, n <= anew ? { ...block, username: `new${n}@acme.example` } : block];
        }),
      ),
    });
    const seven = await recorded("velocloud_admin_user", 7);
    expect((await seven.plan(manifestOf("enterprise", renamed(7, 1)))).changes.map(({ action }) => action)).toEqual([
      "replace",
    ]);
    const text = manifestOf("enterprise", renamed(7, 2));
    expect(await refusalOf(seven.plan(text))).toContain(
      "removes 2 of 7 velocloud_admin_user on velocloud (28.6 %), 2 of them to be replaced",
    );
    expect((await seven.plan(text, { allowDeletions: 2 })).changes).toHaveLength(2);
    const one = await recorded("velocloud_admin_user", 1);
    expect((await one.plan(manifestOf("enterprise", renamed(1, 1)))).changes.map(({ action }) => action)).toEqual([
      "replace",
    ]);
  });

  test("do not count tokens that are rotated or replaced: a new one is there before the old one goes", async () => {
    const world = await recorded("velocloud_api_token", 8);
    const text = manifestOf("enterprise", blocks("velocloud_api_token", 8)).replaceAll(
      'lifetime: "90d"',
      'lifetime: "80d"',
    );
    expect((await world.plan(text)).changes.map(({ action }) => action)).toEqual(numbered(8).map(() => "replace"));
  });
});

describe("the first apply of a kind on a system", () => {
  const kind = "velocloud_admin_user";

  test("may not delete, not even one of many that were imported", async () => {
    const made = await recorded(kind, 10);
    const keep = (first: number): string =>
      manifestOf("enterprise", {
        [kind]: Object.fromEntries(
          numbered(10)
            .slice(first - 1)
            .map((n) => {
              const { password: _password, ...block } = blockOf(kind, n);
              return [`n${n}`, { ...block, lifecycle: { on_remove: "delete" } }];
            }),
        ),
      });
    const world = worldOf("enterprise");
    const { store } = made.simulator;
    for (const n of numbered(10)) world.simulator.store.users.put(store.userNamed(`u${n}@acme.example`)!, 0);
    await world.trust(keep(1));
    for (const n of numbered(10)) {
      const { id } = store.userNamed(`u${n}@acme.example`)!;
      await importObject(world, keep(1), `${kind}.n${n}`, String(id));
    }
    expect(lines(await world.plan(keep(1)))).toEqual([]);
    expect(await refusalOf(world.plan(keep(2)))).toBe(
      "this plan removes 1 of 10 velocloud_admin_user on velocloud (10 %), and Steward has never finished an apply with this kind there => if that is meant: --allow-deletions 1",
    );
    const renamed = keep(1)
      .replace("u1@acme.example", "new1@acme.example")
      .replace(
        '      username: "new1',
        `      password: {"generate":true,"deliver_to":"local:NEW"}\n      username: "new1`,
      );
    expect(await refusalOf(world.plan(renamed))).toContain("1 of them to be replaced, and Steward has never finished");
    await applied(world, keep(2), { allowDeletions: 1 });
    expect((await world.plan(keep(3))).changes).toHaveLength(1);
  });
});

describe("recorded objects that are missing", () => {
  const cases: [number, number, "refused" | "believed"][] = [
    [1, 1, "believed"],
    [4, 1, "believed"],
    [4, 2, "refused"],
    [7, 2, "refused"],
    [8, 2, "believed"],
    [8, 3, "refused"],
    [24, 5, "believed"],
    [24, 6, "refused"],
  ];

  test.each(cases)("of %i recorded, %i missing are %s", async (count, missing, verdict) => {
    const kind = "velocloud_role";
    const text = manifestOf("enterprise", blocks(kind, count));
    const world = await make(text);
    for (const n of numbered(missing))
      world.simulator.store.deleteRole(world.simulator.store.roleNamed(`Role ${n}`).id);
    const held = numbered(missing).map(() => "create");
    if (verdict === "believed") {
      const plan = await world.plan(text);
      expect(plan.changes.map(({ action }) => action)).toEqual(held);
      expect(plan.changes.every((change) => change.held)).toBe(true);
      return;
    }
    const refusal = await refusalOf(world.plan(text));
    expect(refusal).toContain(`${missing} of ${count} recorded velocloud_role on velocloud are missing`);
    expect(refusal).toMatch(new RegExp(`steward doctor; .*--allow-missing ${missing}$`));
    expect(await refusalOf(world.plan(text, { allowMissing: missing + 1 }))).toContain(`--allow-missing ${missing}`);
    expect((await world.plan(text, { allowMissing: missing })).changes.map(({ action }) => action)).toEqual(held);
    expect(await refusalOf(world.plan(text, { allowDeletions: missing }))).toContain("are missing");
  });
});

describe("consent", () => {
  const kind = "velocloud_admin_user";
  const none = manifestOf("enterprise", {});

  test("is the exact total of a destroy", async () => {
    const world = await make(manifestOf("enterprise", { ...blocks(kind, 3), ...blocks("velocloud_role", 2) }));
    const refusal = await refusalOf(world.plan(none, nothing, true));
    expect(refusal.match(/--allow-deletions 5/g)).toHaveLength(2);
    expect(await refusalOf(world.plan(none, { allowDeletions: 4 }, true))).toContain("this plan removes 5");
    const report = await world.apply(none, { destroy: true, consents: { allowDeletions: 5 } });
    expect(report.outcome).toBe("done");
    expect(world.simulator.store.userNamed("u1@acme.example")).toBeUndefined();
  });

  test("stands in the plan and in its digest, and cannot be added to a plan file", async () => {
    const world = await recorded(kind, 8);
    const text = manifestOf("enterprise", blocks(kind, 8, 3));
    const without = await world.plan(text);
    const withConsent = await world.plan(text, { allowDeletions: 2 });
    expect(withConsent.consents.allowDeletions).toBe(2);
    expect(without.consents.allowDeletions).toBeUndefined();
    expect(withConsent.digest).not.toBe(without.digest);
    const edited = planText(without).replace('"consents": {', '"consents": {\n  "allowDeletions": 2,');
    expect(edited).not.toBe(planText(without));
    expect(() => parsePlan(edited)).toThrow(/edited/);
  });

  test("of a plan file is what its apply goes by", async () => {
    const text = manifestOf("enterprise", blocks(kind, 4));
    const world = await make(text);
    const less = manifestOf("enterprise", blocks(kind, 4, 3));
    const file = await world.plan(less, { allowDeletions: 2 });
    expect(await refusalOf(world.apply(less))).toContain("--allow-deletions 2");
    expect((await world.apply(less, { file })).outcome).toBe("done");
  });
});
