import type { AttributeSchema, KindSchema } from "../schema.ts";

/** What removing an object of a kind does to it. */
export const removals = {
  delete: "deletes the object",
  retire: "retires the object",
  revoke: "revokes the object",
  never: "is refused: the object cannot be removed. `steward forget` leaves it as it is",
};

/** A page of docs/kinds, generated from the schema of the kind. `meta` is what every resource may say, `example` is YAML. */
export function kindPage(
  name: string,
  kind: KindSchema,
  meta: Record<string, AttributeSchema>,
  example: string,
): string {
  const identity = kind["x-identity"].map((one) => `\`${one}\``).join(" and ");
  const unique = kind["x-unique"] === false ? ", which several objects may share" : "";
  const written = Object.entries(kind.properties).filter(([, schema]) => !schema.readOnly);
  const computed = Object.entries(kind.properties).filter(([, schema]) => schema.readOnly);
  return [
    "<!-- Generated from the schema by `npm run generate`. -->",
    "",
    `# ${name}`,
    "",
    kind.description,
    "",
    `- **System type** \`${kind["x-system"]}\`, where it is called ${kind["x-label"]}`,
    `- **Identity** ${identity ? `${identity}${unique}` : "none: there is one for each system"}`,
    `- **Removing it** ${removals[kind["x-removal"]]}`,
    "",
    ...(example ? ["## Example", "", "```yaml", example.trimEnd(), "```", ""] : []),
    "## Attributes",
    "",
    ...attributeTable(written.flatMap(([key, schema]) => attributeRows(key, schema, kind.required ?? []))),
    ...(computed.length > 0 ? ["", "## Computed by the system", "", ...plainTable(computed)] : []),
    "",
    "## What every resource may say too",
    "",
    ...plainTable(Object.entries(meta).flatMap(([key, schema]) => attributeRows(key, schema, []))),
    "",
  ].join("\n");
}

/** An attribute with its path, as `password.generate`. */
export type AttributeRow = [name: string, schema: AttributeSchema, required: boolean];

/** An attribute and those inside it. */
export function attributeRows(name: string, schema: AttributeSchema, required: readonly string[]): AttributeRow[] {
  const own: AttributeRow = [name, schema, required.includes(name.slice(name.lastIndexOf(".") + 1))];
  const inside = Object.entries(schema.properties ?? {});
  return [own, ...inside.flatMap(([key, inner]) => attributeRows(`${name}.${key}`, inner, schema.required ?? []))];
}

/** Attributes as a table of markdown; a column that nothing stands in is left out. */
export function attributeTable(all: AttributeRow[]): string[] {
  const labelled = all.some(([, schema]) => schema["x-label"] !== undefined);
  const lines = all.map(([name, schema, required]) => {
    const cells = [
      `\`${name}\``,
      typeOf(schema),
      traits(schema, required),
      ...(labelled ? [schema["x-label"] ?? ""] : []),
      schema.description ?? "",
    ];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  const head = ["| attribute | type | | the vendor's label | |", "|---|---|---|---|---|"];
  return [...(labelled ? head : ["| | type | | |", "|---|---|---|---|"]), ...lines];
}

function plainTable(all: [name: string, schema: AttributeSchema, ...unknown[]][]): string[] {
  const lines = all.map(
    ([name, schema]) => `| ${[`\`${name}\``, typeOf(schema), schema.description ?? ""].map(cell).join(" | ")} |`,
  );
  return ["| attribute | type | |", "|---|---|---|", ...lines];
}

/** The type in markdown. */
export function typeOf(schema: AttributeSchema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (schema["x-duration"]) return "duration";
  const type = [schema.type ?? "any"].flat().join(" or ");
  return schema.items ? `list of ${typeOf(schema.items)}` : type;
}

/** What is special about an attribute, in markdown. */
export function traits(schema: AttributeSchema, required: boolean): string {
  const reference = schema["x-ref"];
  return [
    required && "**required**",
    schema["x-immutable"] && "a change makes a new object",
    schema["x-secret"] === "chosen" && schema.type === "string" && "secret, by reference only",
    schema["x-secret"] === "issued" && "receives a secret",
    schema["x-pinned"] && "pinned",
    schema.default !== undefined && `\`${String(schema.default)}\` by default`,
    schema["x-clearable"] && "`!clear`",
    reference && `refers to \`${reference.kind}\``,
  ]
    .filter(Boolean)
    .join("; ");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
