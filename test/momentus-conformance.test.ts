import { describe, expect, test } from "vitest";
import { loadKindSchemas } from "../src/schema-files.ts";
import { type Attributes, applied, finish, lines, type Resources, refusalOf } from "./world/conformance-world.ts";
import { importMomentus, MomentusWorld, momentusManifest } from "./world/momentus-world.ts";

interface Case {
  kind: string;
  needs: Resources;
  block: Attributes;
  /** What the store holds afterwards, by the names of the wire. */
  stored(world: MomentusWorld, block: Attributes): unknown;
  expected(block: Attributes): unknown;
  edits: Attributes[];
  removal: "retire" | "never" | "delete";
  id: string;
}

const wire: Record<string, string> = {
  ...{ id: "ID", display_name: "DisplayName", organization: "Organization", email: "Email", login_id: "LoginID" },
  ...{ initials: "Initials", group: "Group", retired: "Retire", hold: "Hold", access_level: "AccessLevel" },
  access_level_default: "AccessLevelDefault",
};
const onWire = (block: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(block).map(([name, value]) => [
      wire[name],
      typeof value === "boolean" ? (value ? "Y" : "N") : value,
    ]),
  );
const row = (table: "users" | "roles") => (world: MomentusWorld, block: Attributes) => {
  const fields = world.stored(table, String(block.id));
  return fields && Object.fromEntries(Object.keys(onWire(block)).map((name) => [name, fields[name]]));
};

const cases: Case[] = [
  {
    ...{ kind: "momentus_user", needs: {}, removal: "retire", id: "CDAY" },
    block: {
      ...{ id: "CDAY", display_name: "Cora Day", organization: "20", email: "cora@venue.example", login_id: "cora" },
      ...{ initials: "CD", group: "OPS", retired: true, hold: true, access_level: 3 },
    },
    stored: row("users"),
    expected: onWire,
    edits: [
      ...[
        { display_name: "Cora M. Day" },
        { organization: "10" },
        { email: "cday@venue.example" },
        { login_id: "cday" },
      ],
      ...[{ initials: "CMD" }, { group: "SALES" }, { retired: false }, { hold: false }, { access_level: 0 }],
    ],
  },
  {
    ...{ kind: "momentus_role", needs: {}, removal: "never", id: "AUDIT" },
    block: { id: "AUDIT", display_name: "Auditors", access_level: 2, access_level_default: 1 },
    stored: row("roles"),
    expected: onWire,
    edits: [{ display_name: "Audit" }, { access_level: 4 }, { access_level_default: 3 }],
  },
  {
    ...{ kind: "momentus_user_role", removal: "delete", id: "CDAY/AUDIT" },
    needs: {
      momentus_user: { cora: { id: "CDAY", display_name: "Cora Day" } },
      momentus_role: { audit: { id: "AUDIT", display_name: "Auditors" } },
    },
    block: { user: "${momentus_user.cora}", role: "${momentus_role.audit}" },
    stored: (world) => world.memberships().filter((id) => id.startsWith("CDAY/")),
    expected: (block) => [`CDAY/${String(block.role).includes("audit") ? "AUDIT" : block.role}`],
    edits: [{ role: "OPS" }],
  },
];

const textOf = (given: Case, block: Attributes | undefined): string =>
  momentusManifest(block ? { ...given.needs, [given.kind]: { it: block } } : given.needs);

async function created(given: Case, world = new MomentusWorld()): Promise<MomentusWorld> {
  const text = textOf(given, given.block);
  await world.trust(text);
  await applied(world, text);
  return world;
}

describe("the table of cases", () => {
  test("holds every attribute of every schema, at creation and as a change", () => {
    // What only people do has no wire: momentus_api_user, momentus_api_key and momentus_app_approval have tests of their own.
    const byApi = loadKindSchemas().filter(({ $id }) => /momentus_(?:user|role|user_role)\.json$/.test($id));
    expect(byApi.length).toBe(cases.length);
    for (const schema of byApi) {
      const given = cases.find(({ kind }) => schema.$id.endsWith(`/${kind}.json`))!;
      const own = Object.entries(schema.properties).filter(([, property]) => !property.readOnly);
      expect(Object.keys(given.block).sort()).toEqual(own.map(([name]) => name).sort());
      const mutable = own.filter(([, property]) => !property["x-immutable"]).map(([name]) => name);
      const edited = given.edits.flatMap((edit) => Object.keys(edit));
      if (mutable.length > 0) expect(edited.sort()).toEqual(mutable.sort());
      expect(own.filter(([, property]) => property["x-clearable"])).toEqual([]);
    }
  });
});

describe.each(cases.map((given) => [given.kind, given] as const))("%s", (_kind, given) => {
  test("is created with every attribute, and then there is nothing to do", async () => {
    const world = await created(given);
    expect(given.stored(world, given.block)).toEqual(given.expected(given.block));
    expect(lines(await world.plan(textOf(given, given.block)))).toEqual([]);
  });

  test("follows each change in turn", async () => {
    const world = await created(given);
    let block = given.block;
    for (const edit of given.edits) {
      block = { ...block, ...edit };
      const text = textOf(given, block);
      await applied(world, text, {
        restore: "retired" in edit ? [`${given.kind}.it`] : [],
        allowDeletions: given.removal === "delete" ? 1 : 0,
      });
      expect(given.stored(world, block), JSON.stringify(edit)).toEqual(given.expected(block));
      expect(lines(await world.plan(text))).toEqual([]);
    }
  });

  test("is removed as its schema says", async () => {
    const alive = {
      ...given,
      block: Object.fromEntries(Object.entries(given.block).filter(([name]) => name !== "retired")),
    };
    const world = await created(alive);
    const none = textOf(alive, undefined);
    if (given.removal === "never") {
      expect(await refusalOf(world.plan(none))).toContain("steward forget momentus_role.it");
      return;
    }
    expect(await refusalOf(world.plan(none))).toContain("--allow-deletions 1");
    expect(lines(await applied(world, none, { allowDeletions: 1 }))).toEqual([`delete ${given.kind}.it`]);
    if (given.removal === "retire")
      expect(world.stored("users", "CDAY")).toMatchObject({ Retire: "Y", LoginID: "cora" });
    else expect(world.memberships()).not.toContain("CDAY/AUDIT");
    expect(lines(await world.plan(none))).toEqual([]);
  });

  test.each(["adopted", "imported"])("is %s as it is, and forgotten when its block goes", async (how) => {
    const world = new MomentusWorld({}, (await created(given)).momentus);
    const block = given.kind === "momentus_user_role" ? { user: "CDAY", role: "AUDIT" } : given.block;
    const plain = momentusManifest({ [given.kind]: { it: block } });
    const adopting = momentusManifest({ [given.kind]: { it: { ...block, lifecycle: { adopt: true } } } });
    await world.trust(plain);
    const before = world.writes().length;
    if (how === "imported") await importMomentus(world, plain, `${given.kind}.it`, given.id);
    else {
      expect(await refusalOf(world.plan(plain))).toContain(`steward import ${given.kind}.it ${given.id}`);
      expect(lines(await applied(world, adopting))).toEqual([`adopt ${given.kind}.it`]);
    }
    expect(lines(await world.plan(plain))).toEqual([]);
    expect(lines(await applied(world, momentusManifest({})))).toEqual([`forget ${given.kind}.it`]);
    expect(world.writes().length).toBe(before);
  });
});

const faults = ["cut-before", "cut-after-commit", "commit-after:45s", "429", "500", "truncated", "html"];
const everything: Resources = {
  momentus_role: { audit: { id: "AUDIT", display_name: "Auditors" } },
  momentus_user: { cora: { id: "CDAY", display_name: "Cora Day" } },
  momentus_user_role: { both: { user: "${momentus_user.cora}", role: "${momentus_role.audit}" } },
};

describe.each(faults)("under %s", (fault) => {
  const [name, ms] = fault.split(":");
  const rule = (method: string): string => [name, method, ...(ms ? [ms] : []), "1"].join(":");

  test.each(["users/add", "roles/add", "userRoles/add"])("%s converges without a duplicate", async (method) => {
    const world = new MomentusWorld();
    const text = momentusManifest(everything);
    await world.trust(text);
    world.momentus.faults.add(rule(method));
    await world.apply(text);
    world.clock.advance(120_000);
    await finish(world, text);
    expect(world.stored("users", "CDAY")).toMatchObject({ DisplayName: "Cora Day", Retire: "N" });
    expect(world.stored("roles", "AUDIT")).toMatchObject({ DisplayName: "Auditors" });
    expect(world.memberships()).toEqual(["AGREEN/SALES", "BSTONE/OPS", "CDAY/AUDIT"]);
    const done = world.momentus.store.mutatingCalls.filter((call) => call.method === method && call.committed);
    expect(done.length).toBe(1);
  });

  test.each(["users/edit", "userRoles/delete"])("%s converges", async (method) => {
    const world = new MomentusWorld();
    await world.trust(momentusManifest(everything));
    await applied(world, momentusManifest(everything));
    const text = momentusManifest({ momentus_role: everything.momentus_role! });
    world.momentus.faults.add(rule(method));
    await world.apply(text, { consents: { allowDeletions: 2 } });
    world.clock.advance(120_000);
    await finish(world, text);
    expect(world.stored("users", "CDAY")).toMatchObject({ Retire: "Y" });
    expect(world.memberships()).toEqual(["AGREEN/SALES", "BSTONE/OPS"]);
  });
});
