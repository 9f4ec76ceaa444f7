import { createHash } from "node:crypto";
import type { TerraformAttribute, TerraformBlock } from "../src/terraform/form.ts";
import type { VersionedSchema } from "../src/terraform/wire/schema.ts";
import { compileSchema } from "../src/terraform/wire/schema.ts";
import type { PlanRequest, ProviderService, ResourcePart } from "../src/terraform/wire/service.ts";
import { equalValues, type ObjectType, type ObjectValue, unknown, type Value } from "../src/terraform/wire/value.ts";

/**
 * A provider that has no system behind it: one kind with every type that schemas can have. It plans what is proposed, and answers what was
 * planned. What a plan or apply of it costs is what the wire and Terraform cost.
 */

export const syntheticSource = "steward.example/steward/synthetic";
export const syntheticKind = "synthetic_thing";

const words = { description: "A value.", description_kind: "plain" } as const;
const optional = (type: TerraformAttribute["type"]): TerraformAttribute => ({ ...words, type: type!, optional: true });
const nested = (
  mode: "single" | "list" | "set",
  attributes: Record<string, TerraformAttribute>,
): TerraformAttribute => ({
  ...words,
  nested_type: { attributes, nesting_mode: mode },
  optional: true,
});
const block = (attributes: Record<string, TerraformAttribute>): TerraformBlock => ({ ...words, attributes });

const plain = { text: optional("string"), amount: optional("number"), flag: optional("bool") };
const collections = {
  texts: optional(["list", "string"]),
  amounts: optional(["set", "number"]),
  flags: optional(["map", "bool"]),
  deep: optional(["map", ["list", ["set", "number"]]]),
};
const computed = (type: "string" | "number"): TerraformAttribute => ({ ...words, type, computed: true });

export const syntheticBlock: TerraformBlock = block({
  id: computed("string"),
  name: { ...words, type: "string", required: true },
  ...plain,
  ...collections,
  one: nested("single", { ...plain, inner: nested("list", { ...plain, secret_wo: writeOnly() }) }),
  many: nested("list", { ...plain, ...collections }),
  some: nested("set", { ...plain, inner: nested("set", plain) }),
  password_wo: writeOnly(),
  password_wo_version: optional("number"),
  revision: computed("number"),
  fingerprint: { ...computed("string"), sensitive: true },
});

function writeOnly(): TerraformAttribute {
  return { ...optional("string"), sensitive: true, write_only: true };
}

const schema: VersionedSchema = { version: 1, block: syntheticBlock };
export const syntheticType: ObjectType = compileSchema(schema, syntheticKind).type;
const echo: VersionedSchema = { version: 0, block: block({ name: optional("string"), shown: computed("string") }) };
const vault: VersionedSchema = {
  version: 0,
  block: block({ name: optional("string"), value: { ...computed("string"), sensitive: true } }),
};
const settings: VersionedSchema = {
  version: 0,
  block: block({ url: optional("string"), token: { ...optional("string"), sensitive: true } }),
};

/** Whether only what the provider computes differs. */
function isUnchanged(prior: ObjectValue, proposed: ObjectValue): boolean {
  const read = (name: string, value: ObjectValue) => value[name] ?? null;
  return [...syntheticType.attributes]
    .filter(([, type]) => !type.writeOnly)
    .every(([name, type]) => equalValues(type, read(name, prior), read(name, proposed)));
}

function planned({ prior, proposed }: PlanRequest): ObjectValue | null {
  if (proposed === null) return null;
  if (prior && isUnchanged(prior, proposed)) return prior;
  return { ...proposed, id: prior?.id ?? unknown, revision: unknown, fingerprint: unknown };
}

export const identityOf = (state: ObjectValue | null): ObjectValue => ({ name: state?.name ?? null });

const resources: ResourcePart = {
  schemas: () => ({
    [syntheticKind]: {
      ...schema,
      identity: {
        version: 0,
        attributes: { name: { type: "string", forImport: "required", description: "Its name." } },
      },
    },
  }),
  async upgrade({ state }) {
    const { name } = state as { name: string };
    return { state: { id: `id-${name}`, name } };
  },
  read: async ({ state }) => ({ state, identity: identityOf(state) }),
  plan: async (request) => ({ state: planned(request), replaces: [["name"]], identity: identityOf(request.proposed) }),
  async apply({ planned, prior, config }) {
    if (planned === null) return { state: null };
    const fingerprint = createHash("sha256")
      .update(String(config?.password_wo ?? ""))
      .digest("hex")
      .slice(0, 8);
    const revision: Value = ((prior?.revision as number | null | undefined) ?? 0) + 1;
    const state = { ...planned, id: `id-${planned.name}`, revision, fingerprint };
    return { state, private: Buffer.from("kept"), identity: identityOf(state) };
  },
  async import({ id, identity }) {
    const name = (identity?.name as string | undefined) ?? id.replace(/^id-/, "");
    return { state: { id: `id-${name}`, name, revision: 1, fingerprint: "00000000" }, identity: { name } };
  },
};

/** A new one each time; it keeps nothing. */
export const syntheticProvider = (): ProviderService => ({
  provider: { schema: () => settings, configure: async () => ({}) },
  resources,
  dataSources: {
    schemas: () => ({ synthetic_echo: echo }),
    read: async ({ config }) => ({ state: { ...config, shown: `shown ${config.name}` } }),
  },
  ephemerals: {
    schemas: () => ({ synthetic_vault: vault }),
    open: async ({ config }) => ({
      result: { ...config, value: `opened ${config.name}` },
      private: Buffer.from("lease"),
    }),
    close: async () => ({}),
  },
});
