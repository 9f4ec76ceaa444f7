import { type SystemType, systemParts } from "../../manifest/systems.ts";
import type { AttributeSchema } from "../../schema.ts";
import { sinkSettings } from "../../sinks/open.ts";
import type { TerraformAttribute, TerraformBlock, TerraformType } from "../form.ts";

/** The provider block: what a manifest says in `systems.NAME`, with sinks and journal beside it. */

/** Where the journal lies when the block does not say. */
export const journalDefault = ".steward/journal";

/** What the block says beside the settings of the system. */
const own: Record<string, TerraformAttribute> = {
  environment: {
    type: "string",
    ...described(
      "Name of the environment, such as prod. What is delivered for one is never taken for another. Absent: default.",
    ),
    optional: true,
  },
  journal: {
    type: "string",
    ...described(
      `Folder in which Steward notes what it begins and what came of it, inside the working folder. Keep it between runs, beside Terraform's state; several providers share one. Absent: ${journalDefault}.`,
    ),
    optional: true,
  },
  sinks: {
    nested_type: { nesting_mode: "map", attributes: sinkAttributes() },
    ...described("Where secrets go, by the names that deliver_to uses."),
    optional: true,
  },
  restore: {
    type: ["set", "string"],
    ...described(
      "Objects whose access is given back although somebody took it away, as KIND:IDENTITY. Take the entry out after the apply.",
    ),
    optional: true,
  },
};

/** Words of the block that are no setting of the system. */
export const ownWords: readonly string[] = Object.keys(own);

/** The schema of the block for one type of system. */
export function providerBlock(systemType: Pick<SystemType, "name" | "settings">): TerraformBlock {
  const { name, settings } = systemType;
  const { shared, required, own: properties } = systemParts(systemType);
  const { type: _type, ...words } = shared;
  return {
    attributes: {
      ...attributes({ ...words, ...properties }, required),
      credentials: {
        nested_type: { nesting_mode: "single", attributes: attributes(settings.credentials, []) },
        ...described("What Steward signs in with."),
        optional: true,
      },
      ...own,
    },
    ...described(settings.description ?? name),
  };
}

function sinkAttributes(): Record<string, TerraformAttribute> {
  const properties = Object.assign({}, ...Object.values(sinkSettings).map(({ properties }) => properties));
  const type: AttributeSchema = {
    type: "string",
    description: "What sort of sink it is.",
    enum: Object.keys(sinkSettings),
  };
  return attributes({ type, ...properties }, ["type"]);
}

function attributes(properties: Record<string, AttributeSchema>, required: readonly string[]) {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, attributeOf(schema, required.includes(name))]),
  );
}

function attributeOf(schema: AttributeSchema, isRequired: boolean): TerraformAttribute {
  const nested = schema.properties && {
    nesting_mode: "single" as const,
    attributes: attributes(schema.properties, schema.required ?? []),
  };
  const allowed = schema.enum ? ` Allowed: ${schema.enum.join(", ")}.` : "";
  const absent = schema.default === undefined || isRequired ? "" : ` Absent: ${schema.default}.`;
  return {
    ...(nested ? { nested_type: nested } : { type: typeOf(schema) }),
    ...described(
      (schema.description ?? "") + allowed + (schema.description?.includes("unless this says") ? "" : absent),
    ),
    ...(isRequired ? { required: true } : { optional: true }),
    ...(schema["x-secret"] ? { sensitive: true } : {}),
  };
}

function typeOf(schema: AttributeSchema): TerraformType {
  if (schema.type === "boolean") return "bool";
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "array") return [schema.uniqueItems ? "set" : "list", typeOf(schema.items ?? {})];
  // Settings with free names hold texts.
  return schema.type === "object" ? ["map", "string"] : "string";
}

function described(description: string) {
  return { description, description_kind: "plain" as const };
}
