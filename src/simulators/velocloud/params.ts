import { badSchema, missingKey } from "./envelope.ts";

/** The object after `params` (JSON-RPC) or the whole body (REST). */
export type Params = Readonly<Record<string, unknown>>;

export type FieldType = "string" | "integer" | "boolean" | "integers" | "object" | "strings";

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isArrayOf = (value: unknown, test: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(test);

const tests: Readonly<Record<FieldType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  integer: isInteger,
  // Numbers are refused on purpose: requests carry booleans, only answers carry 0 and 1.
  boolean: (value) => typeof value === "boolean",
  integers: (value) => isArrayOf(value, isInteger),
  strings: (value) => isArrayOf(value, (item) => typeof item === "string"),
  object: isObject,
};

/** A JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Checks types of known fields, the presence of `required` ones and refuses unknown ones.
 * `null` passes for a string: it clears the field.
 */
export function checkFields(
  params: Params,
  fields: Readonly<Record<string, FieldType>>,
  required: readonly string[] = [],
): void {
  for (const key of required) if (params[key] === undefined) throw badSchema(`instance requires property "${key}"`);
  for (const [key, value] of Object.entries(params)) {
    const type = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (!type) throw badSchema(`instance additionalProperty "${key}" exists in instance when not allowed`);
    if (value === undefined || (value === null && type === "string")) continue;
    if (!tests[type](value)) throw badSchema(`instance.${key} is not of a type(s) ${type}`, `instance.${key}`);
  }
}

/** The integer of a field; undefined when it is not one. */
export function integerIn(params: Params, key: string): number | undefined {
  return isInteger(params[key]) ? params[key] : undefined;
}

/** The text of a field; undefined when it is not one. */
export function stringIn(params: Params, key: string): string | undefined {
  return typeof params[key] === "string" ? params[key] : undefined;
}

/** An integer that must be there, else the error of a missing key. */
export function keyIn(params: Params, key: string, method: string): number {
  const value = integerIn(params, key);
  if (value === undefined) throw missingKey(method);
  return value;
}

/** A string for the store: an empty one is unset, and unset strings read back as null. */
export function storedString(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
