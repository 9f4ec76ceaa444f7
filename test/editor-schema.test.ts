import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse as parseYaml, stringify } from "yaml";
import { builtInConnectors } from "../src/connectors/all.ts";
import { kindName } from "../src/manifest/resources.ts";
import type { AttributeSchema, KindSchema } from "../src/schema.ts";
import { loadKindSchemas } from "../src/schema-files.ts";
import { head, problems, rules } from "./manifest-fixture.ts";

/** A head with a system of every type. */
const systems = builtInConnectors.map(({ name }) => `  ${name}: { url: "https://${name}.example" }\n`).join("");
const everySystem = head.replace(/systems:[\s\S]*?\n(?=\S)/, `systems:\n${systems}`);
const everyConnector = { connectors: builtInConnectors.map(({ name, settings }) => ({ name, settings })) };

const ajv = new Ajv2020({ strict: false, allErrors: true });
const editor = ajv.compile(JSON.parse(readFileSync("schemas/manifest.json", "utf8")) as object);
const accepted = (text: string): boolean => editor(parseYaml(text, { logLevel: "silent" }));

test("what is generated from the schemas is fresh", () => {
  execFileSync(process.execPath, ["scripts/generate.mjs", "--check"], { stdio: "pipe" });
});

describe("the schema for editors", () => {
  test("accepts a good manifest, expressions in the place of every type, and the example of each kind", () => {
    expect(accepted(rules), JSON.stringify(editor.errors)).toBe(true);
    const user =
      'velocloud_admin_user: { ci: { username: "${var.x}", role: R, enabled: "${var.on}", access_level: "${var.a}" } }';
    expect(accepted(`resources: { ${user} }`)).toBe(true);
    for (const kind of loadKindSchemas()) {
      const text = stringify({ resources: kind.examples?.[0] });
      expect(accepted(text), `${kind.$id} ${JSON.stringify(editor.errors)}`).toBe(true);
    }
  });

  test("says of each type whose hand is the usual one there", () => {
    const { properties } = JSON.parse(readFileSync("schemas/manifest.json", "utf8")).properties.systems;
    for (const { name, settings } of builtInConnectors) {
      const said = JSON.stringify(properties[name].properties.hand);
      expect(said, name).toContain(`"default":"${String(settings.sharedDefaults?.hand ?? "api")}"`);
    }
  });

  test("accepts words of a console by the keys of its labels", () => {
    const text = "systems: { momentus: { url: https://a.example, screens: { add: New, apiUsers: A > B } } }";
    expect(accepted(text), JSON.stringify(editor.errors)).toBe(true);
  });

  test("accepts environments, several systems of one type and meta attributes", () => {
    const text = `systems:
  second: { type: velocloud, url: https://b.example, proxy: "http://proxy.example:3128" }
environments: { prod: { protected: true, systems: { second: { url: https://c.example } }, variables: { a: 1 } } }
variables: { a: 1, b: { default: x } }
resources:
  velocloud_role:
    r: { name: R, description: x, privileges: [P], system: second, depends_on: [], lifecycle: { on_remove: forget, ignore_changes: [name] } }
`;
    expect(accepted(text), JSON.stringify(editor.errors)).toBe(true);
  });

  test.each([
    ["an unknown section", "resource: {}"],
    ["an unknown kind", "resources: { velocloud_user: {} }"],
    ["a label that no console has", "systems: { momentus: { url: https://a.example, screens: { ad: New } } }"],
    [
      "an unknown attribute",
      "resources: { velocloud_role: { r: { name: R, description: x, privileges: [P], x: 1 } } }",
    ],
    ["a missing attribute", "resources: { velocloud_role: { r: { name: R } } }"],
    [
      "a computed attribute",
      "resources: { velocloud_role: { r: { name: R, description: x, privileges: [P], id: 3 } } }",
    ],
    [
      "a secret in clear",
      "resources: { velocloud_admin_user: { u: { username: u, role: R, password: { value: hunter2 } } } }",
    ],
    ["a token in clear", "systems: { velocloud: { url: https://a.example, credentials: { token: hunter2 } } }"],
    ["a name with capitals", "resources: { velocloud_role: { R: { name: R, description: x, privileges: [P] } } }"],
    ["a sink without recipients", "sinks: { local: { type: age, path: x } }"],
    ["a system of no known type", "systems: { other: { url: https://a.example } }"],
  ])("underlines %s", (_name, text) => {
    expect(accepted(text)).toBe(false);
    expect(problems(text).length).toBeGreaterThan(0);
  });
});

/** Values of every type and at every bound that the schemas of the kinds have. */
const candidates = (schema: AttributeSchema): unknown[] => [
  ...["x", "x".repeat(64), "x".repeat(65), "x".repeat(257), "x".repeat(1_001), " x", "90d", "0d", "BASIC", "true"],
  ...[
    0,
    1,
    1.5,
    -1,
    1_000_001,
    true,
    false,
    [],
    ["P"],
    ["P", "P"],
    [""],
    [1],
    Array.from({ length: 201 }, (_, index) => `P${index}`),
    {},
  ],
  ...[{ generate: true }, { generate: false }, { generation: 0 }, { generation: 2 }, { bogus: 1 }],
  ...(schema.enum ?? []),
];

/** ajv is the referee: it compiles the kind's own schema, without what only a system may set. */
function referee(kind: KindSchema): (value: unknown) => boolean {
  const properties = Object.fromEntries(Object.entries(kind.properties).filter(([, schema]) => !schema.readOnly));
  return ajv.compile({ ...kind, $id: `${kind.$id}#referee-${kind.title}`.replace(/[# ]/g, "-"), properties });
}

describe.each(loadKindSchemas().map((kind) => [kindName(kind), kind] as const))(
  "the checker of values agrees with ajv on %s:",
  (name, kind) => {
    const valid = referee(kind);
    const [example] = Object.values(
      Object.values(kind.examples?.[0] as Record<string, object>)[0] as Record<string, object>,
    );
    const written = Object.entries(kind.properties).filter(([key, schema]) => !schema.readOnly && key !== "deliver_to");

    test.each(written)("%s", (key, schema) => {
      for (const value of candidates(schema)) {
        const attributes = { ...example, [key]: value };
        for (const [other, text] of Object.entries(attributes))
          if (String(text).includes("${")) Object.assign(attributes, { [other]: "plain" });
        const text = `${everySystem}  ${name}: ${JSON.stringify({ one: attributes })}\n`;
        const found = problems(text, everyConnector);
        expect(found.length === 0, `${JSON.stringify(value)?.slice(0, 80)} ${found[0]?.message}`).toBe(
          valid(attributes),
        );
      }
    });
  },
);
