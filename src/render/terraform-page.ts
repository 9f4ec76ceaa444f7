import type { TerraformAttribute, TerraformBlock } from "../terraform/form.ts";

/** Pages of a Terraform provider as registries show them, generated from the schemas. */

interface Page {
  /** As `velocloud_role`. */
  name: string;
  /** `Resource`, `Data Source`, `Ephemeral Resource` or `Provider`. */
  what: string;
  block: TerraformBlock;
  /** In Terraform's language; none when empty. */
  example: string;
  /** How it is imported; none when empty. */
  imported?: string;
}

/** One page: what it is, an example, its attributes, and how it is imported. */
export function terraformPage({ name, what, block, example, imported = "" }: Page): string {
  const entries = Object.entries(block.attributes);
  const written = entries.filter(([, attribute]) => attribute.required || attribute.optional);
  const told = entries.filter(([, attribute]) => attribute.computed && !attribute.optional);
  return [
    "---",
    `page_title: "${name} (${what})"`,
    "description: |-",
    `  ${block.description.split(/(?<=\.)\s/)[0]}`,
    "---",
    "",
    "<!-- Generated from the schema by `npm run generate`. -->",
    "",
    `# ${name} (${what})`,
    "",
    block.description,
    "",
    ...(example ? ["## Example Usage", "", "```terraform", example, "```", ""] : []),
    ...section("Argument Reference", written),
    ...section("Attribute Reference", told),
    ...(imported ? ["## Import", "", "```shell", imported, "```", ""] : []),
  ].join("\n");
}

function section(title: string, attributes: [string, TerraformAttribute][]): string[] {
  return attributes.length === 0
    ? []
    : [`## ${title}`, "", ...attributes.flatMap(([name, one]) => lines(name, one, "")), ""];
}

function lines(name: string, attribute: TerraformAttribute, indent: string): string[] {
  const { required, write_only: isWriteOnly, sensitive, nested_type: nested, description } = attribute;
  const marks = [required ? "Required" : "", isWriteOnly ? "Write-only" : sensitive ? "Sensitive" : ""].filter(Boolean);
  const shown = marks.length > 0 ? ` (${marks.join(", ")})` : "";
  const own = `${indent}- \`${name}\`${shown} ${description}`.trimEnd();
  const inside = Object.entries(nested?.attributes ?? {});
  return [own, ...inside.flatMap(([word, one]) => lines(word, one, `${indent}  `))];
}
