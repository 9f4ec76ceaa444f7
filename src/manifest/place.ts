import type { Address, Ref, Scalar } from "../resource.ts";
import type { AttributeSchema } from "../schema.ts";
import type { Span } from "./node.ts";
import type { Report } from "./report.ts";

/** A reference that was found, with the schema of the attribute that holds it; looked up when all resources are known. */
export interface FoundRef {
  ref: Ref["$ref"];
  span: Span;
  schema: AttributeSchema;
  /** It stands in a secret attribute. */
  secret: boolean;
}

/** Variables as they are for this run. */
export interface Variables {
  /** Undefined when it is not declared or has no value; `why` says which. */
  value(name: string): Scalar | undefined;
  names: string[];
  declared(name: string): boolean;
}

/** What reading a value needs to know about where it stands. */
export interface Reading {
  report: Report;
  environment: string;
  variables: Variables;
  /** How messages name what holds the values: `velocloud_admin_user`, `the system velocloud`. */
  holder: string;
  address?: Address;
  /** References found so far; absent where no resource can be referred to. */
  refs?: FoundRef[];
  /** Paths of `${file:…}`, so that links can be looked at. */
  files: { path: string; span: Span }[];
  /** Secrets by reference are legal whatever the schema says: the credentials of a system. */
  credentials?: boolean;
  /** It is not part of this environment: variables without a value are no error. */
  absent?: boolean;
}

const kept = new WeakMap<AttributeSchema, boolean>();

/** Whether a value of this schema is a secret that somebody chose. What a system issues goes to a sink and never stands here. */
export const isSecretSchema = (schema: AttributeSchema): boolean =>
  schema["x-secret"] === "chosen" && accepts(schema, "string");

/** Whether a secret stands anywhere in a value of this schema, so that nothing of it is printed. */
export function holdsSecret(schema: AttributeSchema): boolean {
  const known = kept.get(schema);
  if (known !== undefined) return known;
  const inside = [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])];
  const result = schema["x-secret"] === "chosen" || inside.some(holdsSecret);
  kept.set(schema, result);
  return result;
}

/** Whether a schema allows a JSON type; one without `type` allows every type. */
export function accepts(schema: AttributeSchema, type: string): boolean {
  const allowed = schema.type;
  if (allowed === undefined) return true;
  const has = (word: string) => (typeof allowed === "string" ? allowed === word : allowed.includes(word));
  return has(type) || (type === "integer" && has("number"));
}

const words: Record<string, string> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
};

/** `text`, `text or a list`. */
export const wanted = (schema: AttributeSchema): string =>
  [schema.type ?? "anything"]
    .flat()
    .map((type) => words[type] ?? type)
    .join(" or ");

/** How a value of the manifest is called. */
export const found = (value: unknown): string =>
  value === null
    ? "nothing"
    : Array.isArray(value)
      ? "a list"
      : (words[typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value] ?? "a map");
