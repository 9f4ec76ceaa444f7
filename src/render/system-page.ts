import type { AttributeSchema } from "../schema.ts";
import { attributeRows, attributeTable } from "./kind-page.ts";

/** What a manifest may say about a system of one type, in the parts in which people look for it. */
export interface SystemParts {
  /** The type, as `momentus`. */
  name: string;
  description: string;
  /** Settings of this type. */
  own: Record<string, AttributeSchema>;
  /** Settings that every system has, with the defaults of this type. */
  shared: Record<string, AttributeSchema>;
  /** Names of settings that must be there. */
  required: readonly string[];
  credentials: Record<string, AttributeSchema>;
}

/** A page of docs/kinds for a type of systems, generated from the schemas of its settings. `example` is YAML. */
export function systemPage(parts: SystemParts, example: string): string {
  const table = (schemas: Record<string, AttributeSchema>, prefix = "") =>
    attributeTable(
      Object.entries(schemas).flatMap(([key, schema]) => attributeRows(prefix + key, schema, parts.required)),
    );
  return [
    "<!-- Generated from the schemas of the settings by `npm run generate`. -->",
    "",
    `# Systems of type ${parts.name}`,
    "",
    parts.description,
    "",
    "What is **pinned** must be trusted before Steward goes there: `steward trust NAME` pins it, and a change of it is refused until it is pinned again.",
    "",
    ...(example ? ["## Example", "", "```yaml", example.trimEnd(), "```", ""] : []),
    `## Settings of ${parts.name}`,
    "",
    ...table(parts.own),
    "",
    "## Credentials",
    "",
    ...table(parts.credentials, "credentials."),
    "",
    "## Settings that every system has",
    "",
    ...table(parts.shared),
    "",
  ].join("\n");
}
