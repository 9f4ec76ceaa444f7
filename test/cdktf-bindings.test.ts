import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { KindSchema } from "../src/schema.ts";
import { loadKindSchemas } from "../src/schema-files.ts";
import { providerNames, providerSchemas } from "../src/terraform/provider-schema.ts";

type Bindings = (schemas: ReturnType<typeof providerSchemas>) => Promise<Map<string, string>>;

const root = new URL("..", import.meta.url).pathname;
const kinds = loadKindSchemas();
const schemas = providerSchemas(kinds, providerNames(kinds));
let bindings: Bindings;
let made: Map<string, string>;

beforeAll(async () => {
  const script = new URL("../scripts/bindings.mjs", import.meta.url).href;
  bindings = ((await import(script)) as { bindings: Bindings }).bindings;
  made = await bindings(schemas);
});

describe("the bindings", () => {
  test("are byte for byte what the generator makes of the schemas: run npm run generate", () => {
    const kept = readdirSync(join(root, "src/cdktf"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".generated.ts"))
      .map((path) => `src/cdktf/${path}`);
    expect(kept.sort()).toEqual([...made.keys()].sort());
    for (const [path, text] of made) expect(readFileSync(join(root, path), "utf8"), path).toBe(text);
  });

  test("are the same each time", async () => expect(await bindings(schemas)).toEqual(made));

  test("have a class for every kind, with every attribute of its Terraform form", () => {
    for (const [source, { resource_schemas: resources }] of Object.entries(schemas.provider_schemas)) {
      const provider = source.slice(source.lastIndexOf("/") + 1);
      for (const [kind, { block }] of Object.entries(resources)) {
        const path = `src/cdktf/${provider}/${kind.slice(provider.length + 1).replaceAll("_", "-")}.generated.ts`;
        const text = made.get(path);
        expect(text, path).toContain(`tfResourceType = "${kind}"`);
        for (const name of Object.keys(block.attributes)) expect(text).toContain(`\n  // ${name} - computed:`);
      }
    }
  });

  test("are others when a schema is another one", async () => {
    const changed = kinds.map(
      (kind): KindSchema => ({
        ...kind,
        properties: { ...kind.properties, note: { type: "string", description: "A note." } },
      }),
    );
    const other = await bindings(providerSchemas(changed, ["velocloud"]));
    expect(other.get("src/cdktf/velocloud/role.generated.ts")).toContain("readonly note?: string;");
    expect(other.get("src/cdktf/velocloud.generated.ts")).toBe(made.get("src/cdktf/velocloud.generated.ts"));
  });

  test("name no page of a registry, and nothing of the machine that made them", () => {
    for (const text of made.values()) expect(text).not.toMatch(/Terraform Registry|https?:\/\/steward|file:\/\//);
  });
});
