import { describe, expect, test } from "vitest";
import { loadKindSchemas } from "../src/schema-files.ts";
import { type Attributes, applied, clear, lines, type Resources, refusalOf } from "./world/conformance-world.ts";
import { type ConsoleForm, consoleForms } from "./world/ipresso-forms.ts";
import { IpressoWorld, importIpresso, ipressoManifest } from "./world/ipresso-world.ts";

/** Every kind with every attribute, on consoles of every form. */

interface Case {
  kind: string;
  needs: Resources;
  block: Attributes;
  /** What the system holds, in our words; undefined when there is no such object. */
  stored(world: IpressoWorld, block: Attributes): Attributes | undefined;
  edits: Attributes[];
  /** Edits of one block that are refused before anything is done. */
  refused: [Attributes, RegExp][];
  removal: "delete" | "never";
  /** The block without what an existing object cannot be compared with. */
  plain(block: Attributes): Attributes;
  id(block: Attributes): string;
}

const groups = (names: readonly string[]): Resources => ({
  ipresso_user_group: Object.fromEntries(
    names.map((name) => [name, { name: `${name} group`, permissions: ["GET tag"] }]),
  ),
});

const userCase: Case = {
  kind: "ipresso_api_user",
  needs: groups(["alpha", "beta"]),
  block: {
    ...{ login: "con.formance", name: "Con", surname: "Formance", email: "con@coffee.example" },
    ...{ groups: ["${ipresso_user_group.alpha}"], allowed_addresses: ["127.0.0.1", "203.0.113.7"] },
    ...{ password: { generate: true, deliver_to: "local:USER_PASSWORD" }, take_over: true },
  },
  stored(world, block) {
    const user = world.user(String(block.login));
    if (!user) return undefined;
    const names = user.groupIds.map((id) => world.ipresso.store.groups.get(id)!.name);
    const { login, name, surname, email, addresses } = user;
    const allowed = addresses.length === 0 ? ["any"] : [...addresses].sort();
    return { login, name, surname, email, groups: names.sort(), allowed_addresses: allowed };
  },
  edits: [
    ...[{ name: "Conrad" }, { name: clear }, { name: "Con" }, { surname: "F." }, { surname: clear }],
    { email: "conrad@coffee.example" },
    { groups: ["beta group"] },
    ...[{ allowed_addresses: ["any"] }, { allowed_addresses: ["127.0.0.1"] }],
    ...[{ login: "con.two" }, { password: { generate: true, deliver_to: "local:USER_PASSWORD", generation: 2 } }],
    { password: { generate: true, deliver_to: "local:OTHER_PASSWORD", generation: 2 } },
    ...[{ password: { value: "${env.IPR_GIVEN}" } }, { take_over: false }],
    { login: "con.three", email: "three@coffee.example", groups: ["alpha group"], allowed_addresses: ["any"] },
  ],
  refused: [
    [{ email: clear }, /email cannot be cleared/],
    [{ groups: clear }, /groups cannot be cleared/],
    [{ allowed_addresses: clear }, /allowed_addresses cannot be cleared/],
    [{ groups: [] }, /groups needs at least 1 entry/],
    [{ allowed_addresses: [] }, /allowed_addresses needs at least 1 entry/],
  ],
  removal: "delete",
  plain: ({ password: _password, take_over: _takeOver, ...block }) => block,
  id: (block) => String(block.login),
};

const groupCase: Case = {
  kind: "ipresso_user_group",
  needs: {},
  block: { name: "Conformance", permissions: ["GET contact", "POST contact", "DELETE www"] },
  stored(world, block) {
    const group = world.group(String(block.name));
    return group && { name: group.name, permissions: [...group.permissions].sort() };
  },
  edits: [
    { permissions: ["GET contact", "POST contact", "PUT contact"] },
    { name: "Conformance 2" },
    { name: "Conformance 3", permissions: ["GET contact", "POST contact", "POST campaign"] },
  ],
  refused: [
    [{ permissions: [] }, /permissions needs at least 1 entry/],
    [{ permissions: ["FETCH contact"] }, /permissions\[0\] is not in the form/],
    [{ name: "a, b" }, /name is not in the form/],
  ],
  removal: "delete",
  plain: (block) => block,
  id: (block) => String(block.name),
};

const settingsCase: Case = {
  kind: "ipresso_api_settings",
  needs: {},
  block: { validity_seconds: 900, returns_different_token: true, deliver_to: "local:KEY" },
  stored(world, block) {
    const { validitySeconds, returnsDifferentToken } = world.ipresso.store.installation;
    const all: Attributes = { validity_seconds: validitySeconds, returns_different_token: returnsDifferentToken };
    return Object.fromEntries(Object.entries(all).filter(([name]) => name in block));
  },
  edits: [
    ...[{ validity_seconds: 60 }, { returns_different_token: false }, { deliver_to: "local:OTHER_KEY" }],
    { validity_seconds: 120, returns_different_token: true },
  ],
  refused: [[{ validity_seconds: 0 }, /validity_seconds must be at least 1/]],
  removal: "never",
  plain: ({ deliver_to: _place, ...block }) => block,
  id: () => "settings",
};

const cases = [userCase, groupCase, settingsCase];
const secrets: ReadonlySet<string> = new Set(["password", "take_over", "deliver_to"]);

function expected(block: Attributes): Attributes {
  const shown = Object.entries(block).filter(([name]) => !secrets.has(name));
  return Object.fromEntries(
    shown.map(([name, value]) => {
      if (value === clear) return [name, ""];
      if (!Array.isArray(value)) return [name, value];
      const names = value.map((one) => String(one).replace(/^\$\{ipresso_user_group\.(\w+)\}$/, "$1 group"));
      return [name, names.sort()];
    }),
  );
}

const textOf = (given: Case, block: Attributes | undefined, { system }: ConsoleForm): string =>
  ipressoManifest(block ? { ...given.needs, [given.kind]: { it: block } } : given.needs, { system });

async function created(given: Case, form: ConsoleForm): Promise<IpressoWorld> {
  const world = new IpressoWorld(form.simulator);
  const text = textOf(given, given.block, form);
  await world.trust(text);
  await applied(world, text);
  return world;
}

describe("the table of cases", () => {
  test("holds every attribute of every schema, at creation and as a change", () => {
    const schemas = loadKindSchemas().filter((schema) => schema["x-system"] === "ipresso");
    expect(schemas.length).toBe(cases.length);
    for (const schema of schemas) {
      const given = cases.find(({ kind }) => schema.$id.endsWith(`/${kind}.json`))!;
      const mutable = Object.keys(schema.properties).filter((name) => !schema.properties[name]!.readOnly);
      expect(Object.keys(given.block).sort()).toEqual(mutable.sort());
      expect([...new Set(given.edits.flatMap((edit) => Object.keys(edit)))].sort()).toEqual(mutable);
      const cleared = given.edits.flatMap((edit) => Object.keys(edit).filter((name) => edit[name] === clear));
      const clearable = Object.keys(schema.properties).filter((name) => schema.properties[name]!["x-clearable"]);
      expect(cleared.sort()).toEqual(clearable.sort());
    }
  });
});

describe.each(consoleForms.map((form) => [form.name, form] as const))("%s", (_name, form) => {
  describe.each(cases.map((given) => [given.kind, given] as const))("%s", (_kind, given) => {
    test("is created with every attribute, and then there is nothing to do", async () => {
      const world = await created(given, form);
      expect(given.stored(world, given.block)).toEqual(expected(given.block));
      const before = world.writes().length;
      expect(lines(await world.plan(textOf(given, given.block, form)))).toEqual([]);
      expect(world.writes().length).toBe(before);
    });

    test("follows each change in turn, in place and in nothing else", async () => {
      const world = await created(given, form);
      let block = given.block;
      for (const edit of given.edits) {
        block = { ...block, ...edit };
        const text = textOf(given, block, form);
        const plan = await applied(world, text);
        const isOurs = Object.keys(edit).every((name) => name === "take_over");
        expect(plan.changes.map(({ action }) => action)).toEqual(isOurs ? [] : ["update"]);
        expect(given.stored(world, block), JSON.stringify(edit)).toEqual(expected(block));
        expect(lines(await world.plan(text))).toEqual([]);
      }
    });

    test("refuses what can be known to be wrong, before anything is done", async () => {
      const world = new IpressoWorld(form.simulator);
      for (const [edit, says] of given.refused) {
        const text = textOf(given, { ...given.block, ...edit }, form);
        expect(await refusalOf(Promise.resolve().then(() => world.plan(text)))).toMatch(says);
      }
      expect(world.requests).toEqual([]);
    });

    test("is removed as its schema says", async () => {
      const world = await created(given, form);
      const none = textOf(given, undefined, form);
      if (given.removal === "never") {
        await applied(world, textOf(given, { ...given.block, lifecycle: { on_remove: "delete" } }, form));
        expect(await refusalOf(world.plan(none))).toContain(`steward forget ${given.kind}.it`);
        return;
      }
      expect(await refusalOf(world.plan(none))).toContain("--allow-deletions 1");
      expect(lines(await applied(world, none, { allowDeletions: 1 }))).toEqual([`delete ${given.kind}.it`]);
      expect(given.stored(world, given.block)).toBeUndefined();
      expect(lines(await world.plan(none))).toEqual([]);
    });

    test.each(["adopted", "imported"])("is %s as it is, and forgotten when its block goes", async (how) => {
      const world = new IpressoWorld({}, (await created(given, form)).ipresso);
      const block = { ...given.plain(expected(given.block)) };
      const manifest = (attributes: Attributes): string =>
        ipressoManifest({ [given.kind]: { it: attributes } }, { system: form.system });
      const plain = manifest(block);
      const adopting = manifest({ ...block, lifecycle: { adopt: true } });
      await world.trust(plain);
      const before = world.writes().length;
      if (how === "imported") await importIpresso(world, plain, `${given.kind}.it`, given.id(given.block));
      else {
        if (given.removal !== "never") expect(await refusalOf(world.plan(plain))).toContain("exists already");
        expect(lines(await applied(world, adopting))).toEqual([`adopt ${given.kind}.it`]);
      }
      expect(lines(await world.plan(plain))).toEqual([]);
      expect(lines(await applied(world, manifestWithout(form)))).toEqual([`forget ${given.kind}.it`]);
      expect(world.writes().length).toBe(before);
      expect(given.stored(world, given.block)).toEqual(expected(given.block));
    });
  });

  test("two groups of one user are a set", async () => {
    const world = new IpressoWorld(form.simulator);
    const both = { ...userCase.block, groups: ["beta group", "${ipresso_user_group.alpha}"] };
    const text = textOf(userCase, both, form);
    await world.trust(text);
    if (!form.several) {
      expect(await refusalOf(world.plan(text))).toContain("console: { groups: several }");
      return;
    }
    await applied(world, text);
    expect(userCase.stored(world, both)?.groups).toEqual(["alpha group", "beta group"]);
    const one = textOf(userCase, { ...both, groups: ["beta group"] }, form);
    await applied(world, one);
    expect(userCase.stored(world, both)?.groups).toEqual(["beta group"]);
    expect(lines(await world.plan(one))).toEqual([]);
  });
});

const manifestWithout = ({ system }: ConsoleForm): string => ipressoManifest({}, { system });
