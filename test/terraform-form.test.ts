import { describe, expect, test } from "vitest";
import { kindName } from "../src/manifest/resources.ts";
import type { AttributeSchema, KindSchema } from "../src/schema.ts";
import { loadKindSchemas } from "../src/schema-files.ts";
import { type TerraformForm, terraformForm } from "../src/terraform/form.ts";
import { addressIn, addressName } from "../src/terraform/names.ts";

const kinds = new Map(loadKindSchemas().map((kind) => [kindName(kind), kind]));
const form = (name: string): TerraformForm => terraformForm(kinds.get(name)!);
const user = form("velocloud_admin_user");

const setOfSecrets: AttributeSchema = {
  type: "array",
  uniqueItems: true,
  items: {
    type: "object",
    properties: { pin: { type: "string", "x-secret": "chosen" }, generation: { type: "integer" } },
  },
};

describe("the Terraform form", () => {
  test.each([...kinds.keys()])(
    "of %s has every attribute of the schema that does not follow from other objects, and says exactly once whether it is set",
    (name) => {
      const { block, places } = form(name);
      expect([...places.keys()]).toEqual(Object.keys(block.attributes));
      const ours = [...places.values()].flatMap((place) => (place.is === "attribute" ? [place.name] : []));
      const all = Object.entries(kinds.get(name)!.properties).filter(([, property]) => !property["x-derived"]);
      expect(ours).toEqual(all.map(([attribute]) => attribute));
      for (const attribute of Object.values(block.attributes)) {
        expect([attribute.required, attribute.optional, attribute.computed].filter(Boolean)).toHaveLength(1);
        expect("type" in attribute).not.toBe("nested_type" in attribute);
        expect(attribute.description).not.toBe("");
      }
    },
  );

  test("makes a chosen secret write-only, and its generation the version", () => {
    const inside = user.block.attributes.password?.nested_type?.attributes;
    expect(Object.keys(inside!)).toEqual(["generate", "deliver_to", "value_wo", "value_wo_version", "generation"]);
    expect(inside?.value_wo).toMatchObject({ type: "string", optional: true, sensitive: true, write_only: true });
    expect(inside?.value_wo_version).toMatchObject({ type: "number", optional: true });
    expect(user.block.attributes.password?.nested_type?.nesting_mode).toBe("single");
  });

  test("makes a list without repeats a set, and what the system computes computed", () => {
    const { attributes } = form("velocloud_role").block;
    expect(attributes.privileges).toMatchObject({ type: ["set", "string"], required: true });
    expect(attributes.id).toMatchObject({ type: "number", computed: true });
  });

  test("has clear where something can be cleared, and adopt and on_remove everywhere", () => {
    expect(user.places.get("clear")).toMatchObject({
      names: ["first_name", "last_name", "email", "office_phone", "mobile_phone"],
    });
    expect(form("velocloud_role").places.has("clear")).toBe(false);
    for (const name of kinds.keys())
      expect(form(name).places.has("adopt") && form(name).places.has("on_remove")).toBe(true);
  });

  test("says which attributes need a new object", () => {
    expect(form("velocloud_api_token").block.attributes.lifetime?.description).toContain("makes a new object");
  });

  test.each<[string, Record<string, AttributeSchema>, string]>([
    ["a word of Terraform", { count: { type: "integer" } }, "a word that Terraform takes for itself"],
    ["a word of ours", { adopt: { type: "boolean" } }, "two words adopt"],
    ["a secret without a generation", { pin: { type: "string", "x-secret": "chosen" } }, "no generation beside it"],
    ["a secret in a set", { pins: setOfSecrets }, "a set with a chosen secret in it"],
    ["a map with free keys", { labels: { type: "object" } }, "no type that Terraform can hold"],
  ])("refuses a schema with %s as our bug", (_, properties, message) => {
    const kind = { ...kinds.get("velocloud_role")!, properties } as KindSchema;
    expect(() => terraformForm(kind)).toThrow(message);
  });
});

test.each([
  ["ci", "ci"],
  ["acme-prod_token_0A1B2C3D", "acme_prod_token_0a1b2c3d"],
  ["_x", undefined],
  ["0a", undefined],
  ["a".repeat(64), undefined],
])("the Terraform name %s is the name %s in an address", (name, ours) => expect(addressName(name)).toBe(ours));

test.each([
  ["velocloud_role.Audit-or", "velocloud_role.audit_or"],
  ["${velocloud_role.a}", "velocloud_role.a"],
  ["${velocloud_role.a", undefined],
  ["velocloud_role.a}", undefined],
  ["velocloud_role.a.name", undefined],
  ["velocloud_role", undefined],
  ["velocloud_role.0", undefined],
])("the text %s means the address %s", (text, ours) => expect(addressIn(text)).toBe(ours));
