import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { builtInConnectors } from "../src/connectors/all.ts";
import type { KindSchema } from "../src/schema.ts";
import { loadKindSchemas } from "../src/schema-files.ts";
import { providerBlock } from "../src/terraform/engine/provider-block.ts";
import { providerNames, providerSchemas } from "../src/terraform/provider-schema.ts";

type Bindings = (schemas: ReturnType<typeof providerSchemas>) => Promise<Map<string, string>>;

const root = new URL("..", import.meta.url).pathname;
const kinds = loadKindSchemas();
const blockOf = (system: string) => providerBlock(builtInConnectors.find(({ name }) => name === system)!);
const schemas = providerSchemas(kinds, providerNames(kinds), blockOf);
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

  test("configure every provider with all that its block takes, of which none must be said to steward", () => {
    for (const [source, { provider }] of Object.entries(schemas.provider_schemas)) {
      const name = source.slice(source.lastIndexOf("/") + 1);
      const text = made.get(`src/cdktf/${name}/provider.generated.ts`)!;
      const config = /export interface \w+ProviderConfig \{[\s\S]*?\n\}/.exec(text)![0];
      const words = [...config.matchAll(/readonly (\w+)\?:/g)].map(([, word]) => word!);
      const wanted = Object.keys(provider.block.attributes).map((word) =>
        word.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      );
      expect(words.sort(), name).toEqual(["alias", ...wanted].sort());
    }
  });

  test("are others when a schema is another one", async () => {
    const changed = kinds.map(
      (kind): KindSchema => ({
        ...kind,
        properties: { ...kind.properties, note: { type: "string", description: "A note." } },
      }),
    );
    const other = await bindings(providerSchemas(changed, ["velocloud"], blockOf));
    expect(other.get("src/cdktf/velocloud/role.generated.ts")).toContain("readonly note?: string;");
    expect(other.get("src/cdktf/velocloud.generated.ts")).toBe(made.get("src/cdktf/velocloud.generated.ts"));
  });

  test("name no page of a registry, and nothing of the machine that made them", () => {
    for (const text of made.values()) expect(text).not.toMatch(/Terraform Registry|https?:\/\/steward|file:\/\//);
  });
});
