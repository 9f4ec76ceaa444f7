import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftDump } from "../src/dump/draft.ts";
import { nameFor } from "../src/dump/names.ts";
import { dumpYaml } from "../src/dump/yaml.ts";
import type { Actual, Plain } from "../src/resource.ts";
import { parse } from "./manifest-fixture.ts";
import { connector } from "./velocloud-fixture.ts";

const system = "systems:\n  velocloud: { url: https://vco.example.net }\n";
const users = connector.kinds.find(({ name }) => name === "velocloud_admin_user")!;
const roles = connector.kinds.find(({ name }) => name === "velocloud_role")!;

const actual = (id: string, attributes: Record<string, Plain>): Actual => ({
  ...{ id, attributes, unobservable: [], health: "unchecked" },
  seen: { how: "read" },
});

function dumped(userObjects: Actual[], roleObjects: Actual[]): string {
  const manifest = parse(system);
  const listings = [
    [users, { objects: userObjects, complete: true }],
    [roles, { objects: roleObjects, complete: true }],
  ] as const;
  const input = { manifest, system: manifest.systems.velocloud!, listings: [...listings], facts: { me: null } };
  return dumpYaml(draftDump({ ...input, entries: [] } as Parameters<typeof draftDump>[0]), ["head"]);
}

const words = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.constantFrom(
    "${env.X}",
    "$${",
    "${",
    "null",
    "true",
    "1e3",
    "0x1F",
    "a: b",
    "- a",
    "#",
    "a #b",
    "!clear",
    "&a",
    "*a",
  ),
  fc.constantFrom(
    "'",
    '"',
    "\\",
    "a\nb",
    "\u2028",
    "\u202e",
    "=",
    "~",
    "2026-01-01",
    "a@b.c",
    " lead",
    "trail ",
    "yes",
    "@a",
  ),
);

describe("a dump", () => {
  test("of any texts is read back as what was on the system", () => {
    const user = fc.record({ username: words, role: words, first_name: words, enabled: fc.boolean() });
    const role = fc.record({ name: words, description: words, privileges: fc.array(words, { maxLength: 4 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(user, { maxLength: 6, selector: ({ username }) => username.toLowerCase() }),
        fc.uniqueArray(role, { maxLength: 4, selector: ({ name }) => name }),
        (someUsers, someRoles) => {
          const roleObjects = someRoles.map((one, index) =>
            actual(`r${index}`, { ...one, privileges: [...new Set(one.privileges)] }),
          );
          const text = dumped(
            someUsers.map((one, index) => actual(`u${index}`, one)),
            roleObjects,
          );
          const { resources } = parse(system + text);
          const read = resources.filter(({ kind }) => kind === "velocloud_admin_user");
          const named = new Set(read.map(({ attributes }) => attributes.username));
          const known = someUsers.filter(({ username }) => named.has(username));
          expect(known).toHaveLength(read.length);
          for (const { attributes } of read) {
            const was = someUsers.find(({ username }) => username === attributes.username)!;
            if (attributes.first_name !== undefined) expect(attributes.first_name).toBe(was.first_name);
            if (typeof attributes.role === "string") expect(attributes.role).toBe(was.role);
            else expect(someRoles.map(({ name }) => name)).toContain(was.role);
            expect(attributes.enabled).toBe(was.enabled);
          }
          const plain = someUsers.filter(
            ({ username, role: one }) => /^[a-z]+$/.test(username) && /^[a-z]+$/.test(one),
          );
          for (const { username } of plain) expect(named).toContain(username);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("of a hundred thousand objects is written", () => {
    const role = { name: "Enterprise Support", description: null, privileges: [] };
    const users = Array.from({ length: 100_000 }, (_, index) =>
      actual(`${index}`, { username: `u${index}`, role: "x" }),
    );
    expect(dumped(users, [actual("r", role)]).split("\n").length).toBeGreaterThan(200_000);
  });

  test("names every object once, in words that a resource may have", () => {
    fc.assert(
      fc.property(fc.array(fc.array(words, { minLength: 0, maxLength: 2 }), { maxLength: 30 }), (identities) => {
        const taken = new Set<string>();
        const names = identities.map((identity) => nameFor(identity, "velocloud", taken));
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
      }),
      { numRuns: 300 },
    );
    expect(nameFor(["ci@acme.example"], "x", new Set())).toBe("ci");
    expect(nameFor(["ci@acme.example"], "x", new Set(["ci"]))).toBe("ci_acme_example");
    expect(nameFor(["ci@acme.example"], "x", new Set(["ci", "ci_acme_example"]))).toBe("ci_acme_example_2");
    for (const word of ["constructor", "prototype", "__proto__", "toString", "yes"]) {
      const name = nameFor([word], "x", new Set());
      expect(
        parse(`${system}\nresources:\n  velocloud_role:\n    ${name}: { name: a, description: b, privileges: [c] }\n`)
          .resources,
      ).toHaveLength(1);
    }
    expect(nameFor(["Größe"], "x", new Set())).toBe("gro_e");
  });
});
