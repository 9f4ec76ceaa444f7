import { describe, expect, test } from "vitest";
import { loadKindSchemas } from "../src/schema-files.ts";
import { type ConformanceCase, conformanceCases, type Edit } from "./world/conformance-cases.ts";
import {
  type Attributes,
  applied,
  clear,
  importObject,
  lines,
  manifestOf,
  type Resources,
  refusalOf,
  type ScopeName,
  scopeNames,
  shapeOf,
  worldOf,
} from "./world/conformance-world.ts";
import { TestWorld } from "./world/test-world.ts";

const schemas = loadKindSchemas().filter((schema) => schema["x-system"] === "velocloud");
const table = conformanceCases.flatMap((given) =>
  given.scopes.map((scope) => ({ given, scope, title: `a ${given.title} in scope ${scope}` })),
);

/** Everything that is declared: the case's block under the name `it`, and what it needs. */
function declared(given: ConformanceCase, scope: ScopeName, block: Attributes | undefined): Resources {
  const resources = given.needs(scope);
  return block ? { ...resources, [given.kind]: { it: block } } : resources;
}

const textOf = (given: ConformanceCase, scope: ScopeName, block: Attributes | undefined): string =>
  manifestOf(scope, declared(given, scope, block));

const addressOf = (given: ConformanceCase): string => `${given.kind}.it`;

async function createdWorld(
  given: ConformanceCase,
  scope: ScopeName,
): Promise<{ world: TestWorld; block: Attributes }> {
  const world = worldOf(scope);
  world.moreVariables.CI_PASSWORD = "chosen-canary-1";
  const block = given.block(scope);
  await world.trust(textOf(given, scope, block));
  await applied(world, textOf(given, scope, block));
  return { world, block };
}

async function expectNoChanges(world: TestWorld, text: string): Promise<void> {
  expect(lines(await world.plan(text))).toEqual([]);
}

/** The store has what the block says, field by field, and every secret that was delivered works. */
async function expectStored(world: TestWorld, given: ConformanceCase, scope: ScopeName, block: Attributes) {
  const stored = given.stored(world, block);
  expect(stored?.attributes).toEqual({ ...stored?.attributes, ...given.expected(block, scope) });
  const text = textOf(given, scope, block);
  if (given.kind === "velocloud_api_token") {
    const value = await world.secret(text, String(block.deliver_to).replace("local:", ""));
    const owner = world.simulator.store.ownerOfWorkingToken(value ?? "");
    expect(owner?.username).toBe(given.expected(block, scope).owner);
  }
  const { password } = block as { password?: { deliver_to?: string; value?: string } };
  if (given.kind !== "velocloud_admin_user" || !password) return;
  const kept = password.value
    ? world.moreVariables.CI_PASSWORD
    : await world.secret(text, password.deliver_to!.replace("local:", ""));
  expect(kept?.length).toBeGreaterThan(7);
  expect(world.simulator.store.userNamed(String(block.username))?.password).toBe(kept);
}

/** Without what leaves the manifest. */
const without = (block: Attributes): Attributes =>
  Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined));

describe("the table of cases", () => {
  test("holds every attribute of every schema, at creation and as a change", () => {
    for (const schema of schemas) {
      const kind = /(\w+)\.json$/.exec(schema.$id)![1]!;
      const cases = conformanceCases.filter((given) => given.kind === kind);
      const mutable = Object.keys(schema.properties).filter((name) => !schema.properties[name]!.readOnly);
      const created = cases.flatMap((given) => Object.keys(given.block("enterprise")));
      const changed = cases.flatMap((given) =>
        given.edits("enterprise").flatMap((edit) => Object.keys(edit.attributes)),
      );
      expect([...new Set(created)].sort(), `created attributes of ${kind}`).toEqual(mutable.sort());
      expect([...new Set(changed)].sort(), `changed attributes of ${kind}`).toEqual(mutable.sort());
    }
  });

  test("clears every attribute that can be cleared", () => {
    for (const schema of schemas) {
      const kind = /(\w+)\.json$/.exec(schema.$id)![1]!;
      const edits = conformanceCases
        .filter((given) => given.kind === kind)
        .flatMap((given) => given.edits("enterprise"));
      const cleared = edits
        .filter((edit) => edit.how === "in place")
        .flatMap(({ attributes }) => Object.keys(attributes).filter((name) => attributes[name] === clear));
      const clearable = Object.keys(schema.properties).filter((name) => schema.properties[name]!["x-clearable"]);
      expect([...new Set(cleared)].sort(), kind).toEqual(clearable.sort());
    }
  });

  test("knows every form of a password", () => {
    const schema = schemas.find((each) => each.$id.endsWith("/velocloud_admin_user.json"))!;
    const blocks = conformanceCases.flatMap((given) => [
      given.block("enterprise"),
      ...given.edits("enterprise").map((edit) => edit.attributes),
    ]);
    const names = blocks.flatMap((block) => Object.keys((block.password as Attributes | undefined) ?? {}));
    expect([...new Set(names)].sort()).toEqual(Object.keys(schema.properties.password!.properties!).sort());
  });

  test("runs every kind in every scope that has it", () => {
    for (const schema of schemas) {
      const kind = /(\w+)\.json$/.exec(schema.$id)![1]!;
      const covered = new Set(conformanceCases.filter((given) => given.kind === kind).flatMap((given) => given.scopes));
      const all = kind === "velocloud_user_management_delegation" ? ["enterprise"] : scopeNames;
      expect([...covered].sort(), kind).toEqual([...all].sort());
    }
  });
});

describe.each(table)("$title", ({ given, scope }) => {
  test("is created with every attribute as declared, and then there are no changes", async () => {
    const { world, block } = await createdWorld(given, scope);
    await expectStored(world, given, scope, block);
    await expectNoChanges(world, textOf(given, scope, block));
  });

  test("is changed in each attribute in turn, and in nothing else", async () => {
    const { world, block } = await createdWorld(given, scope);
    let current = block;
    for (const edit of given.edits(scope)) current = await edited(world, given, scope, current, edit);
  });

  test("is removed as its schema says", async () => {
    const { world, block } = await createdWorld(given, scope);
    const before = given.stored(world, block)!;
    const text = textOf(given, scope, undefined);
    if (given.removal === "never") {
      // There is one of it at all times, so that declaring it took it over.
      await applied(world, textOf(given, scope, { ...block, lifecycle: { on_remove: "delete" } }));
      expect(await refusalOf(world.plan(text))).toContain(`steward forget ${addressOf(given)}`);
      return;
    }
    expect(await refusalOf(world.plan(text))).toContain("--allow-deletions 1");
    const plan = await applied(world, text, { allowDeletions: 1 });
    expect(lines(plan)).toEqual([`delete ${addressOf(given)}`]);
    expect(given.stored(world, block)).toBeUndefined();
    if (given.removal === "revoked") expect(world.simulator.store.tokenState(before.id)).toBe("REVOKED");
    await expectNoChanges(world, text);
  });

  test("is taken over as it is when it exists, and forgotten when its block goes", async () => {
    const { world, block } = await existing(given, scope);
    const plain = textOf(given, scope, block);
    const adopting = textOf(given, scope, { ...block, lifecycle: { adopt: true } });
    await world.trust(adopting);
    if (given.kind === "velocloud_api_token") {
      // Names of tokens repeat, so that a namesake is never taken over: there is only import.
      const { id } = given.stored(world, block)!;
      await world.trust(plain);
      await importObject(world, manifestOf(scope, { [given.kind]: { it: block } }), addressOf(given), String(id));
    } else {
      if (given.removal !== "never")
        expect(await refusalOf(world.plan(plain))).toContain(`steward import ${addressOf(given)}`);
      const plan = await applied(world, adopting);
      expect(lines(plan)).toEqual([`adopt ${addressOf(given)}`]);
    }
    await expectForgotten(world, given, scope, block);
  });

  test("is imported as it is, and forgotten when its block goes", async () => {
    const { world, block } = await existing(given, scope);
    const text = manifestOf(scope, { [given.kind]: { it: block } });
    await world.trust(text);
    const id = given.removal === "never" ? "delegation" : String(given.stored(world, block)!.id);
    await importObject(world, text, addressOf(given), id);
    await expectForgotten(world, given, scope, block);
  });
});

/** One edit, alone in one apply; answers the block that is in force afterwards. */
async function edited(
  world: TestWorld,
  given: ConformanceCase,
  scope: ScopeName,
  current: Attributes,
  { attributes, how }: Edit,
): Promise<Attributes> {
  const next = without({ ...current, ...attributes });
  const text = textOf(given, scope, next);
  const said = `${given.title}: ${JSON.stringify(attributes)}`;
  const before = given.stored(world, current)!;
  if (how instanceof RegExp) {
    expect(await refusalOf(world.plan(text)), said).toMatch(how);
    return current;
  }
  const writes = world.simulator.store.mutatingCalls.length;
  const plan = await applied(world, text);
  const action = plan.changes[0]?.action;
  const written = world.simulator.store.mutatingCalls.length - writes;
  const kept = { ...given.expected(current, scope), ...given.expected(next, scope) };
  const after = given.stored(world, next)!;
  if (how === "only recorded") {
    expect(written, said).toBe(0);
    expect(after, said).toEqual(before);
  } else {
    expect([action, after.id === before.id], said).toEqual(how === "replaced" ? ["replace", false] : ["update", true]);
    expect(after.attributes, said).toEqual({ ...before.attributes, ...kept, ...given.expected(next, scope) });
    if (how === "in place") expect(written, said).toBe(1);
    await expectStored(world, given, scope, next);
  }
  await expectNoChanges(world, text);
  return next;
}

/** A world in which somebody else made the object: another state, the same orchestrator. */
async function existing(given: ConformanceCase, scope: ScopeName): Promise<{ world: TestWorld; block: Attributes }> {
  const made = await createdWorld(given, scope);
  const world = new TestWorld(4, made.world.simulator);
  world.account = scope;
  const block = given.existing(made.block);
  return { world, block: "owner" in block ? { ...block, owner: "ci@acme.example" } : block };
}

async function expectForgotten(world: TestWorld, given: ConformanceCase, scope: ScopeName, block: Attributes) {
  const shape = shapeOf(world, scope);
  const writes = world.simulator.store.mutatingCalls.length;
  await expectNoChanges(world, manifestOf(scope, { [given.kind]: { it: block } }));
  const none = manifestOf(scope, {});
  expect(lines(await applied(world, none))).toEqual([`forget ${addressOf(given)}`]);
  expect(world.simulator.store.mutatingCalls.length).toBe(writes);
  expect(shapeOf(world, scope)).toEqual(shape);
  await expectNoChanges(world, none);
}
