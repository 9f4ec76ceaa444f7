import type { Ref, Scalar, SecretRef, Template, Value } from "../resource.ts";
import type { AttributeSchema } from "../schema.ts";
import { type Expression, hasExpression, readExpressions } from "./interpolate.ts";
import type { ScalarNode, Span } from "./node.ts";
import { accepts, isSecretSchema, type Reading } from "./place.ts";
import { listed } from "./report.ts";

/** The value of a text with expressions filled in, or kept as references; undefined when something in it is wrong. */
export function readText(node: ScalarNode, text: string, schema: AttributeSchema, reading: Reading): Value | undefined {
  if (!node.evaluated?.parts && !hasExpression(text)) return text;
  const parts = node.evaluated?.parts ?? readExpressions(text);
  const errors = reading.report.errors;
  const done = parts.map((part) =>
    typeof part === "string" ? part : resolve(part, node, parts.length === 1, schema, reading),
  );
  if (reading.report.errors > errors) return undefined;
  const value = done.length === 1 ? done[0] : join(done as (string | Ref | Scalar)[]);
  return node.evaluated && typeof value === "string" ? asWanted(value, schema) : value;
}

function join(parts: (string | Ref | Scalar)[]): string | Template {
  const joined: (string | Ref)[] = [];
  for (const part of parts) {
    const last = joined.length - 1;
    if (typeof part === "object") joined.push(part);
    else if (typeof joined[last] === "string") joined[last] += String(part);
    else joined.push(String(part));
  }
  const only = joined[0] ?? "";
  return joined.length < 2 && typeof only === "string" ? only : { $template: joined };
}

function resolve(
  part: Expression,
  node: ScalarNode,
  alone: boolean,
  schema: AttributeSchema,
  reading: Reading,
): Value | undefined {
  const span = partSpan(node, part);
  switch (part.kind) {
    case "environment":
      return reading.environment;
    case "variable":
      return resolveVariable(part.name, span, alone, schema, reading);
    case "secret":
      return resolveSecret(part, span, alone, schema, reading);
    case "reference":
      return resolveReference(part, span, schema, reading);
    case "wrong":
      reading.report.error(part.message, span, { hint: part.hint, address: reading.address });
      return undefined;
  }
}

function resolveVariable(
  name: string,
  span: Span,
  alone: boolean,
  schema: AttributeSchema,
  reading: Reading,
): Scalar | undefined {
  const { report, variables, address } = reading;
  const value = variables.value(name);
  if (value !== undefined) return alone ? asWanted(value, schema) : value;
  if (variables.declared(name)) {
    if (reading.absent) return "";
    const hint = `give it with --var ${name}=VALUE, STEWARD_VAR_${name}, environments.${reading.environment}.variables or a default`;
    report.error(`the variable ${name} has no value`, span, { hint, address });
    return undefined;
  }
  const allowed = listed(variables.names, "declared") ?? `declare it: variables: { ${name}: { default: … } }`;
  const hint = `${report.suggest(name, variables.names, allowed)}; variables are read from the manifest, --var and STEWARD_VAR_NAME, never from other environment variables`;
  report.error(`no variable ${name} is declared`, span, { hint, address });
  return undefined;
}

/** Variables from outside are text; where the schema wants a number or a boolean, the text that spells one is taken as one. */
export function asWanted(value: Scalar, schema: AttributeSchema): Scalar {
  if (typeof value !== "string")
    return accepts(schema, typeof value) || !accepts(schema, "string") ? value : String(value);
  if (accepts(schema, "string")) return value;
  if (accepts(schema, "boolean") && (value === "true" || value === "false")) return value === "true";
  if (accepts(schema, "integer") && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value)) return Number(value);
  return value;
}

function resolveSecret(
  part: Expression & { kind: "secret" },
  span: Span,
  alone: boolean,
  schema: AttributeSchema,
  reading: Reading,
): SecretRef | undefined {
  const { report, address } = reading;
  const shown = `\${${part.from}${part.from === "env" ? "." : ":"}…}`;
  if (!reading.credentials && !isSecretSchema(schema)) {
    const hint =
      "secrets stand only in secret attributes and in the credentials of a system; declare other values under variables";
    report.error(`${shown} is a secret, and this is not a secret attribute`, span, { hint, address });
  } else if (!alone) {
    report.error(`${shown} must be the whole value`, span, {
      hint: "put the whole secret where it comes from",
      address,
    });
  } else {
    if (part.from === "file") reading.files.push({ path: part.name, span });
    return { $secret: { from: part.from, name: part.name } };
  }
  return undefined;
}

function resolveReference(
  part: Expression & { kind: "reference" },
  span: Span,
  schema: AttributeSchema,
  reading: Reading,
): Ref | undefined {
  const ref = { address: part.address, attribute: part.attribute };
  if (!reading.refs) {
    const hint = "references to resources stand in attributes of resources";
    reading.report.error("no resource can be referred to here", span, { hint, address: reading.address });
    return undefined;
  }
  reading.refs.push({ ref, span, schema, secret: isSecretSchema(schema) });
  return { $ref: ref };
}

/** The piece of the file that an expression stands in: exact when the text stands there as it is, else the whole value. */
function partSpan(node: ScalarNode, part: { at: number; end: number }): Span {
  const { file } = node;
  const text = node.value as string;
  for (const skip of [0, 1]) {
    if (file.text.startsWith(text.slice(part.at, part.end), node.at + skip + part.at)) {
      return { file, at: node.at + skip + part.at, end: node.at + skip + part.end };
    }
  }
  return node;
}
