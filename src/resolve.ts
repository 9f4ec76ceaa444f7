import { type Address, isRef, isTemplate, type Plain, type Ref, type Value } from "./resource.ts";
import type { AttributeSchema } from "./schema.ts";

/** Finds what a reference stands for; undefined while only an apply can tell. */
export type Lookup = (address: Address, attribute: string) => Plain | undefined;

/**
 * Replaces every reference that is known. A reference to an object itself means the attribute that `x-ref` of the
 * consuming attribute names. References that stay are known only after apply.
 */
function resolveValue(value: Value, lookup: Lookup, schema?: AttributeSchema): Value {
  if (isRef(value))
    return (lookup(value.$ref.address, attributeMeant(value, schema)) as Value | undefined) ?? meant(value, schema);
  if (isTemplate(value)) return resolveTemplate(value.$template, lookup);
  if (Array.isArray(value)) return value.map((item) => resolveValue(item, lookup, schema?.items ?? schema));
  if (typeof value !== "object" || Object.keys(value).some((key) => key.startsWith("$"))) return value;
  return resolveAll(value as Record<string, Value>, lookup, schema?.properties);
}

/** Resolves every attribute of a map; a reference that nobody knows yet stays one. */
export function resolveAll(
  values: Record<string, Value>,
  lookup: Lookup,
  schemas?: Record<string, AttributeSchema>,
): Record<string, Value> {
  // Nearly all attributes are plain.
  if (Object.values(values).every((value) => typeof value !== "object")) return { ...values };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, resolveValue(value, lookup, schemas?.[name])]),
  );
}

/** Every reference that stands inside a value. */
export function referencesIn(value: unknown): Ref["$ref"][] {
  if (isRef(value)) return [value.$ref];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

function attributeMeant(ref: Ref, schema?: AttributeSchema): string {
  return ref.$ref.attribute || schema?.["x-ref"]?.attribute || "";
}

/** A reference that stays bears the attribute that is meant, so that it can be resolved later without the schema. */
function meant(ref: Ref, schema?: AttributeSchema): Ref {
  return { $ref: { address: ref.$ref.address, attribute: attributeMeant(ref, schema) } };
}

function resolveTemplate(parts: (string | Ref)[], lookup: Lookup): Value {
  const resolved = parts.map((part) => (typeof part === "string" ? part : resolveValue(part, lookup)));
  if (resolved.every((part) => !isRef(part))) return resolved.map(String).join("");
  return { $template: resolved.map((part) => (isRef(part) ? part : String(part))) };
}
