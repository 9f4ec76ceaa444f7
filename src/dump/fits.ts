import type { Plain } from "../resource.ts";
import type { AttributeSchema } from "../schema.ts";

/** Why the loader would not take a value that is on the system; undefined when it would. */
export function misfit(value: Plain, schema: AttributeSchema): string | undefined {
  if (schema.enum && !schema.enum.some((one) => one === value))
    return `is ${JSON.stringify(value)}, which is not allowed here`;
  if (typeof value === "string") return misfitText(value, schema);
  if (!Array.isArray(value)) return undefined;
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = schema;
  if (value.length < minItems || value.length > maxItems)
    return `has ${value.length} entries, which is not allowed here`;
  return items && value.map((one) => misfit(one, items)).find((reason) => reason !== undefined);
}

function misfitText(value: string, { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern }: AttributeSchema) {
  const length = [...value].length;
  if (length < minLength || length > maxLength) return `has ${length} characters, which is not allowed here`;
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) return "has characters that are not allowed here";
  return undefined;
}
