import { describe, expect, test } from "vitest";
import { loadKindSchemas } from "../src/schema-files.ts";
import { type TerraformBlock, terraformForm } from "../src/terraform/form.ts";
import { Schema } from "../src/terraform/wire/messages.ts";
import { compileIdentity, compileSchema } from "../src/terraform/wire/schema.ts";

const words = { description: "What it is.", description_kind: "plain" } as const;
const block = (attributes: Record<string, unknown>) => ({ attributes, ...words }) as TerraformBlock;
const compile = (attributes: Record<string, unknown>) =>
  compileSchema({ version: 0, block: block(attributes) }, "kind");
const optional = { ...words, optional: true } as const;

describe("a schema", () => {
  test.each(loadKindSchemas().map(terraformForm))(
    "of $kind keeps every attribute with its flags",
    ({ kind, block }) => {
      const { message } = compileSchema({ version: 0, block }, kind);
      const sent = Schema.decode(Schema.encode(message)).block!.attributes;
      expect(sent.map(({ name }) => name)).toEqual(Object.keys(block.attributes));
      for (const one of sent) {
        const {
          type,
          nested_type: nested,
          description,
          required = false,
          optional = false,
          computed = false,
          ...rest
        } = block.attributes[one.name!]!;
        expect(one).toMatchObject({ description, required, optional, computed, write_only: rest.write_only ?? false });
        expect(one.sensitive).toBe(rest.sensitive ?? false);
        expect(Buffer.from(one.type!).toString()).toBe(type === undefined ? "" : JSON.stringify(type));
        expect(one.nested_type?.attributes?.map(({ name }) => name)).toEqual(nested && Object.keys(nested.attributes));
      }
    },
  );

  test("gives texts that are sensitive as secrets, and knows what is write-only", () => {
    const { type } = compile({
      password_wo: { ...optional, type: "string", sensitive: true, write_only: true },
      shown: { ...words, type: "string", computed: true, sensitive: true },
      tags: { ...optional, type: ["map", ["set", "number"]] },
      parts: { ...optional, nested_type: { nesting_mode: "single", attributes: { a: { ...optional, type: "bool" } } } },
    });
    expect(Object.fromEntries(type.attributes)).toEqual({
      password_wo: { is: "text", secret: true, writeOnly: true },
      shown: { is: "text", secret: true },
      tags: { is: "map", of: { is: "set", of: { is: "number" } } },
      parts: { is: "object", attributes: new Map([["a", { is: "bool" }]]) },
    });
  });

  test("is refused with everything that Terraform or the wire layer would not take", () => {
    const nested = { nesting_mode: "set", attributes: { secret: { ...optional, type: "string", write_only: true } } };
    const attempt = () =>
      compile({
        Upper: { ...optional, type: "string" },
        free: { ...optional, type: "dynamic" },
        pair: { ...optional, type: ["tuple", ["string"]] },
        shape: { ...optional, type: ["list", ["object", { a: "string" }]] },
        neither: { ...words, type: "string" },
        twice: { ...words, type: "string", required: true, optional: true },
        bare: { ...optional },
        both: { ...optional, type: "string", nested_type: { nesting_mode: "single", attributes: {} } },
        computed_wo: { ...words, type: "string", computed: true, write_only: true },
        set_of_secrets: { ...optional, nested_type: nested },
        grouped: { ...optional, nested_type: { nesting_mode: "group", attributes: {} } },
        old: { ...optional, type: "string", deprecated: true },
      });
    for (const message of [
      "kind.Upper is no name",
      'kind.free has the type "dynamic", which is not carried',
      'kind.pair has the type ["tuple",["string"]], which is not carried',
      'kind.shape has the type ["object",{"a":"string"}], which is not carried',
      "kind.neither is neither required nor optional nor computed",
      "kind.twice is required and something else",
      "kind.bare needs either a type or a nested type",
      "kind.both needs either a type or a nested type",
      "kind.computed_wo is write-only and computed",
      "kind.set_of_secrets.secret is write-only inside a set",
      "kind.grouped nests as group",
      "kind.old has deprecated, which is not carried",
    ])
      expect(attempt).toThrow(message);
  });

  test("with blocks or without a sane version is refused", () => {
    const blocks = { ...block({}), block_types: {} } as TerraformBlock;
    expect(() => compileSchema({ version: -1, block: blocks }, "kind")).toThrow(
      "kind has the version -1\nkind has block_types, and only attributes are carried",
    );
  });

  test("of an identity holds plain values only", () => {
    const attribute = { type: "string", forImport: "required", ...words } as const;
    const { message, type } = compileIdentity({ version: 2, attributes: { id: attribute } }, "kind");
    expect(message).toMatchObject({ version: 2, identity_attributes: [{ name: "id", required_for_import: true }] });
    expect([...type.attributes]).toEqual([["id", { is: "text" }]]);
    const wrong = { ...attribute, type: ["set", "string"] as unknown as "string" };
    expect(() => compileIdentity({ version: 0, attributes: { a: wrong } }, "kind")).toThrow("kind.a has a type");
  });
});
