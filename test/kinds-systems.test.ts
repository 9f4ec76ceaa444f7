import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { builtInConnectors } from "../src/connectors/all.ts";
import { commitGraceMs, requestTimeoutMs } from "../src/limits.ts";
import { metaSchema } from "../src/manifest/meta.ts";
import { sharedSettings } from "../src/manifest/systems.ts";
import { attributeRows } from "../src/render/kind-page.ts";
import { durationMs } from "../src/schema.ts";
import { pinOfSystem } from "../src/trust.ts";
import { makeFolder, steward } from "./commands2-console.ts";
import { head, parse, problems } from "./manifest-fixture.ts";

/** `steward kinds` of a type of systems, and what every resource may say. */

const kinds = async (...words: string[]) => steward({ folder: await makeFolder() }, "kinds", ...words);

describe.each(builtInConnectors)("kinds $name", ({ name, settings }) => {
  test("names every setting and credential, nested ones too, with default and marks", async () => {
    const { code, out } = await kinds(name);
    expect(code).toBe(0);
    const credentials = Object.entries(settings.credentials).map(([key, one]) => [`credentials.${key}`, one] as const);
    const { sharedDefaults = {} } = settings;
    const shared = Object.entries(sharedSettings).map(([key, one]) => {
      return [key, key in sharedDefaults ? { ...one, default: sharedDefaults[key]! } : one] as const;
    });
    for (const [key, schema] of [...shared, ...Object.entries(settings.properties), ...credentials]) {
      for (const [path, one] of attributeRows(key, schema, [])) {
        const line = out.split("\n").find((text) => text.startsWith(`  ${path}  `)) ?? "";
        expect(line, path).not.toBe("");
        expect(line.includes("pinned"), path).toBe(one["x-pinned"] === true);
        expect(line.includes("secret, by reference only"), path).toBe(one["x-secret"] !== undefined);
        if (one.default === undefined) continue;
        expect(line, path).toContain(`${String(one.default)} by default`);
        const [, said = one.default] = /`(\w+)` unless this says otherwise/.exec(one.description ?? "") ?? [];
        expect(said, path).toBe(one.default);
      }
    }
    expect(out).toMatch(/ {2}url {2}string; required; pinned/);
    expect(out).toMatch(/ {2}concurrency {2}integer; 4 by default/);
  });

  test("shows an example that is a good manifest", async () => {
    const { out } = await kinds(name);
    const example = out.slice(out.indexOf("Example\n") + "Example\n".length);
    expect(example).toBe(stringify({ systems: settings.example }, { lineWidth: 100 }));
    const manifest = parse(`${example}sinks: {}\nresources: {}\n`, { connectors: [...builtInConnectors] });
    expect(Object.keys(manifest.systems)).toEqual([name]);
  });

  test("says the same as JSON", async () => {
    const { out } = await kinds(name, "--format", "json");
    const page = JSON.parse(out) as Record<string, unknown>;
    expect(page).toMatchObject({ formatVersion: 1, system: name, own: settings.properties, required: ["url"] });
    expect(page.credentials).toEqual(settings.credentials);
    expect(Object.keys(page.shared as object)).toEqual(Object.keys(sharedSettings));
  });
});

test("the list of kinds names the pages of the systems", async () => {
  expect((await kinds()).out).toContain("steward kinds momentus, steward kinds velocloud");
  expect((await kinds("momentu")).err).toContain("did you mean momentus?");
});

test("shared settings are marked as pinned exactly where trust pins them, and their defaults hold", () => {
  const systems = 'systems: { velocloud: { url: "https://vco.example.net" } }\nresources: {}\n';
  const { velocloud } = parse(systems).systems;
  const whole = { ...velocloud!, consoleSession: "local:session", screens: { search: "Find" } };
  const pins = Object.keys(pinOfSystem(whole) as object).map((name) => (name === "ca" ? "ca_file" : name));
  const marked = Object.keys(sharedSettings).filter((name) => sharedSettings[name]!["x-pinned"]);
  expect(marked.sort()).toEqual(pins.sort());
  expect(durationMs(String(sharedSettings.request_timeout!.default))).toBe(requestTimeoutMs);
  expect(durationMs(String(sharedSettings.commit_grace!.default))).toBe(commitGraceMs);
  expect(sharedSettings.hand!.default).toBe(velocloud!.hand);
});

describe("what every resource may say", () => {
  test("stands in the page of each kind, and in its JSON", async () => {
    const { out } = await kinds("momentus_api_user");
    const page = out.slice(out.indexOf("What every resource may say too"));
    for (const [key, schema] of Object.entries(metaSchema)) {
      for (const [path] of attributeRows(key, schema, [])) expect(page).toContain(`  ${path}  `);
    }
    const json = JSON.parse((await kinds("momentus_api_user", "--format", "json")).out) as { meta: object };
    expect(json.meta).toEqual(metaSchema);
  });

  test.each([
    ["adopt: true", "write lifecycle: { adopt: true }"],
    ["prevent_destroy: true", "write lifecycle: { prevent_destroy: true }"],
    ["on_remove: delete", "write lifecycle: { on_remove: forget }"],
    ["ignore_changes: [name]", "write lifecycle: { ignore_changes: [description] }"],
  ])("%s directly on a resource gets the hint where it belongs", (line, hint) => {
    const role = `  velocloud_role:\n    a: { name: A, description: x, privileges: [P], ${line} }\n`;
    const found = problems(head + role);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ hint, address: "velocloud_role.a" });
    expect(found[0]!.message).toBe(`unknown attribute "${line.split(":")[0]}" on velocloud_role`);
  });

  test("each hint is itself a good manifest", () => {
    const lifecycle = "{ adopt: true, prevent_destroy: true, on_remove: forget, ignore_changes: [description] }";
    const role = `  velocloud_role:\n    a: { name: A, description: x, privileges: [P], lifecycle: ${lifecycle} }\n`;
    expect(problems(head + role)).toEqual([]);
  });
});
