import type { KindSchema } from "../schema.ts";
import type { TerraformAttribute, TerraformBlock } from "../terraform/form.ts";

/** Examples of kinds as blocks of Terraform's language. */

type Example = Record<string, unknown>;

/** The example of a kind, which is written for a manifest, as resource blocks. `kinds` tells which attribute a reference means. */
export function exampleHcl(
  example: Record<string, Record<string, Example>>,
  blocks: ReadonlyMap<string, TerraformBlock>,
  kinds: ReadonlyMap<string, KindSchema>,
): string {
  const resources = Object.entries(example).flatMap(([kind, named]) =>
    Object.entries(named).map(([name, values]) => {
      const { lifecycle, ...attributes } = values as Example & { lifecycle?: Example };
      const block = blocks.get(kind)?.attributes ?? {};
      const lines = attributeLines({ ...attributes, ...lifecycle }, block, kinds, kinds.get(kind)?.properties ?? {});
      return [`resource "${kind}" "${name}" {`, ...lines.map((line) => `  ${line}`), "}"].join("\n");
    }),
  );
  return resources.join("\n\n");
}

type Schemas = KindSchema["properties"];

function attributeLines(
  values: Example,
  words: Record<string, TerraformAttribute>,
  kinds: ReadonlyMap<string, KindSchema>,
  schemas: Schemas,
): string[] {
  const entries = Object.entries(values).map(([name, value]): [string, string] => {
    const word = Object.hasOwn(words, `${name}_wo`) ? `${name}_wo` : name;
    const inside = words[word]?.nested_type?.attributes;
    return [word, valueHcl(value, inside, kinds, schemas[name])];
  });
  const width = Math.max(0, ...entries.map(([word]) => word.length));
  return entries.flatMap(([word, text]) => `${word.padEnd(width)} = ${text}`.split("\n"));
}

function valueHcl(
  value: unknown,
  inside: Record<string, TerraformAttribute> | undefined,
  kinds: ReadonlyMap<string, KindSchema>,
  schema: Schemas[string] | undefined,
): string {
  if (Array.isArray(value)) return `[${value.map((one) => valueHcl(one, inside, kinds, schema?.items)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const lines = attributeLines(value as Example, inside ?? {}, kinds, schema?.properties ?? {});
    return ["{", ...lines.map((line) => `  ${line}`), "}"].join("\n");
  }
  return typeof value === "string" ? textHcl(value, kinds, schema) : String(value);
}

/** A reference to an object means the attribute that `x-ref` names; a secret comes from a variable. */
function textHcl(text: string, kinds: ReadonlyMap<string, KindSchema>, schema: Schemas[string] | undefined): string {
  const [, address, attribute] = /^\$\{([a-z_]+\.[a-z0-9_]+)(?:\.([a-z0-9_]+))?\}$/.exec(text) ?? [];
  const secret = /^\$\{env\.([A-Za-z0-9_]+)\}$/.exec(text)?.[1];
  if (secret !== undefined) return `var.${secret.toLowerCase()}`;
  if (address === undefined) return JSON.stringify(text);
  const kind = kinds.get(address.slice(0, address.indexOf(".")));
  return `${address}.${attribute ?? schema?.["x-ref"]?.attribute ?? kind?.["x-identity"][0] ?? "id"}`;
}
