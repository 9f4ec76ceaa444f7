import type { Scalar, Value } from "../resource.ts";
import { type AttributeSchema, durationMs } from "../schema.ts";
import { targetProblem } from "./interpolate.ts";
import { keySpan, type ListNode, type MapNode, type Node, type ScalarNode, type Span } from "./node.ts";
import { accepts, found, holdsSecret, isSecretSchema, type Reading, wanted } from "./place.ts";
import { listed } from "./report.ts";
import { asWanted, readText } from "./text-value.ts";

/**
 * Checks a value against its schema and reads it, references kept. Undefined when it is wrong; everything that is wrong
 * goes into the report at its own place. `name` is the path of the attribute: `password.value`, `privileges[2]`.
 */
function readValue(node: Node, schema: AttributeSchema, name: string, reading: Reading): Value | undefined {
  if (node.type === "scalar" && (bearsCredentials(node) || (holdsSecret(schema) && !isReferenceText(node))))
    reading.report.hide(node);
  if (node.type === "list") return readList(node, schema, name, reading);
  if (node.type === "map") return readMap(node, schema, name, reading);
  return readScalar(node, schema, name, reading);
}

/** A text that is one expression says where a secret comes from; it is no secret itself. */
function isReferenceText({ value, evaluated }: ScalarNode): boolean {
  if (evaluated) return evaluated.parts?.length === 1 && typeof evaluated.parts[0] === "object";
  return value === null || (typeof value === "string" && /^\$\{[^}]*\}$/.test(value));
}

/** A URL with a user or a password in it, whatever it is for. */
const bearsCredentials = ({ value }: ScalarNode): boolean =>
  typeof value === "string" && value.includes("://") && /:\/\/[^/?#\s]*@/.test(value);

function readScalar(node: ScalarNode, schema: AttributeSchema, name: string, reading: Reading): Value | undefined {
  const { report, address } = reading;
  const wrong = (message: string, hint?: string) => void report.error(message, node, { hint, address });
  if (node.tag === "wrong") return undefined;
  if (node.tag === "redacted") {
    return wrong(
      `${name} is redacted: there is no value here`,
      "write where the secret comes from, or take the attribute out",
    );
  }
  if (node.tag === "clear") {
    if (schema["x-clearable"]) return { $clear: true };
    return wrong(`${name} cannot be cleared`, "give it a value, or leave it out");
  }
  if (node.value === null || isEmptyText(node))
    return wrong(`${name} is blank`, blankHint(schema, node, address !== undefined));
  if (isSecretSchema(schema)) return readSecret(node, name, schema, reading);
  if (typeof node.value !== "string") {
    const value = node.evaluated ? asWanted(node.value, schema) : node.value;
    return checkScalar(value, node, schema, name, reading);
  }
  const value = readText(node, node.value, schema, reading);
  if (value === undefined || typeof value === "object") return value;
  return checkScalar(value, node, schema, name, reading);
}

const isEmptyText = ({ value, evaluated }: ScalarNode): boolean =>
  evaluated?.parts ? evaluated.parts.every((part) => part === "") : value === "";

/** `isAttribute`: of a resource; a setting that is left out has its default. */
function blankHint(schema: AttributeSchema, { file }: ScalarNode, isAttribute: boolean): string {
  if (!isAttribute) return "give it a value, or leave it out";
  const [way, no] =
    file.language === "yaml"
      ? ["write !clear", "be emptied with !clear"]
      : ["name it in clear", "be emptied with clear"];
  if (schema["x-clearable"]) return `leave it out to not manage it, or ${way} to empty it`;
  return `leave it out to not manage it; it cannot ${no}`;
}

function readSecret(node: ScalarNode, name: string, schema: AttributeSchema, reading: Reading): Value | undefined {
  const errors = reading.report.errors;
  const value = typeof node.value === "string" ? readText(node, node.value, schema, reading) : node.value;
  if (reading.report.errors > errors) return undefined;
  if (typeof value === "object" && value !== null && ("$secret" in value || "$ref" in value)) return value;
  reading.report.hide(node);
  reading.report.error("a secret must not stand in a manifest", node, {
    hint: `${name}: write \${sink:NAME:PATH}, \${env.NAME} or \${file:PATH} to use one, or deliver_to: SINK:PATH to receive one`,
    address: reading.address,
  });
  return undefined;
}

function checkScalar(
  value: Scalar,
  node: ScalarNode,
  schema: AttributeSchema,
  name: string,
  reading: Reading,
): Scalar | undefined {
  const [message, hint] = scalarProblem(value, schema, name) ?? [];
  if (message === undefined) return value;
  const near =
    schema.enum && typeof value === "string" ? reading.report.suggest(value, schema.enum.map(String)) : undefined;
  const allowed = schema.enum && listed(schema.enum.map(String));
  const way = near && near !== allowed ? `${near} ${allowed ?? ""}`.trim() : hint;
  reading.report.error(message, node, { hint: way, address: reading.address });
  return undefined;
}

function scalarProblem(
  value: Scalar,
  schema: AttributeSchema,
  name: string,
): [message: string, hint?: string | undefined] | undefined {
  const type = typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
  if (!accepts(schema, type)) {
    if (schema["x-duration"] && type === "integer")
      return [`${name} must be ${wanted(schema)}, not ${found(value)}`, `write it with its unit, such as ${value}d`];
    const quotes = accepts(schema, "string") ? "put it in quotes" : exampleHint(schema);
    return [`${name} must be ${wanted(schema)}, not ${found(value)}`, quotes];
  }
  if (schema.enum && !schema.enum.includes(value))
    return [`${name} has a value that is not allowed`, listed(schema.enum.map(String))];
  if (schema.const !== undefined && value !== schema.const)
    return [`${name} can only be ${schema.const}`, "or leave it out"];
  if (typeof value === "number") return numberProblem(value, schema, name);
  return typeof value === "string" ? textProblem(value, schema, name) : undefined;
}

function numberProblem(value: number, schema: AttributeSchema, name: string): [string, string?] | undefined {
  if (!Number.isFinite(value)) return [`${name} must be a finite number`];
  if (schema.minimum !== undefined && value < schema.minimum) return [`${name} must be at least ${schema.minimum}`];
  if (schema.maximum !== undefined && value > schema.maximum) return [`${name} must be at most ${schema.maximum}`];
  return undefined;
}

const patterns = new Map<string, RegExp>();

function textProblem(
  value: string,
  schema: AttributeSchema,
  name: string,
): [string, (string | undefined)?] | undefined {
  const { minLength, maxLength, pattern } = schema;
  if (maxLength !== undefined && value.length > maxLength && [...value].length > maxLength) {
    return [`${name} is longer than ${maxLength} characters`];
  }
  // A character takes two code units at most.
  if (minLength !== undefined && value.length < 2 * minLength && [...value].length < minLength)
    return [`${name} is shorter than ${minLength} characters`];
  if (isTarget(name)) {
    const problem = targetProblem(value);
    return problem === undefined
      ? undefined
      : [`${name}: ${problem}`, "write SINK:PATH, such as local:velocloud/ci-token"];
  }
  if (pattern !== undefined) {
    const regex = patterns.get(pattern) ?? new RegExp(pattern, "u");
    patterns.set(pattern, regex);
    if (!regex.test(value))
      return [`${name} is not in the form that is asked for`, exampleHint(schema) ?? `pattern: ${pattern}`];
  }
  if (schema["x-duration"] && durationMs(value) === undefined)
    return [`${name} must be a duration`, "such as 90d, 12h, 30m or 45s"];
  return undefined;
}

/** `deliver_to` at any depth names a sink and a path in it, and so does `console_session`. */
const isTarget = (name: string): boolean =>
  name === "deliver_to" || name.endsWith(".deliver_to") || name === "console_session";

function exampleHint(schema: AttributeSchema): string | undefined {
  const example = schema.examples?.[0];
  return example === undefined || typeof example === "object" ? undefined : `for example ${String(example)}`;
}

function readList(node: ListNode, schema: AttributeSchema, name: string, reading: Reading): Value | undefined {
  if (!accepts(schema, "array")) return wrongShape(node, schema, name, "a list", reading);
  const { report, address } = reading;
  const { minItems, maxItems } = schema;
  const errors = report.errors;
  const items = node.items.map((item, index) => readValue(item, schema.items ?? {}, `${name}[${index}]`, reading));
  if (minItems !== undefined && items.length < minItems)
    report.error(`${name} needs at least ${entries(minItems)}`, node, { address });
  if (maxItems !== undefined && items.length > maxItems)
    report.error(`${name} can have at most ${entries(maxItems)}`, node, { address });
  if (schema.uniqueItems) reportRepeats(items, node, name, reading);
  return report.errors > errors ? undefined : (items as Value[]);
}

const entries = (count: number): string => (count === 1 ? "1 entry" : `${count} entries`);

function reportRepeats(items: (Value | undefined)[], node: ListNode, name: string, reading: Reading): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    if (item === undefined) return;
    const text = JSON.stringify(item);
    if (seen.has(text)) {
      reading.report.error(`${name} holds an entry twice`, node.items[index], {
        hint: "keep one of them",
        address: reading.address,
      });
    }
    seen.add(text);
  });
}

function wrongShape(node: Node, schema: AttributeSchema, name: string, is: string, reading: Reading): undefined {
  if (holdsSecret(schema)) reading.report.hide(node);
  const span: Span = { file: node.file, at: node.at, end: Math.min(node.end, node.at + 40) };
  reading.report.error(`${name} must be ${wanted(schema)}, not ${is}`, span, {
    hint: exampleHint(schema),
    address: reading.address,
  });
  return undefined;
}

function readMap(node: MapNode, schema: AttributeSchema, name: string, reading: Reading): Value | undefined {
  if (!accepts(schema, "object")) return wrongShape(node, schema, name, "a map", reading);
  const { report, address } = reading;
  const errors = report.errors;
  const value = readEntries(node, schema, reading, `${name}.`, `${name} of ${reading.holder}`);
  for (const key of schema.required ?? []) {
    if (!node.entries.some((entry) => entry.key === key)) {
      report.error(`${name}.${key} is missing`, { file: node.file, at: node.at, end: node.at + 1 }, { address });
    }
  }
  return report.errors > errors ? undefined : value;
}

/** The entries of a map by its schema; `prefix` goes before their names, `of` says in messages what holds them. */
export function readEntries(
  node: MapNode,
  schema: Pick<AttributeSchema, "properties" | "additionalProperties">,
  reading: Reading,
  prefix: string,
  of: string,
): Record<string, Value> {
  const values: Record<string, Value> = {};
  const properties = schema.properties ?? {};
  const open = schema.properties === undefined && schema.additionalProperties !== false;
  for (const entry of node.entries) {
    const property = Object.hasOwn(properties, entry.key) ? properties[entry.key]! : open ? {} : undefined;
    if (!property || (open && entry.key.startsWith("$"))) {
      // Nobody knows what stands under a name that we do not know: somebody may take `license` for the place of a password.
      reading.report.hide(entry.value);
      reportUnknown(entry.key, keySpan(entry), properties, reading, of);
    } else if (property.readOnly) {
      const hint = "take it out; it can be referred to, not set";
      reading.report.error(`${prefix}${entry.key} is computed by the system`, keySpan(entry), {
        hint,
        address: reading.address,
      });
    } else {
      const value = readValue(entry.value, property, prefix + entry.key, reading);
      if (value !== undefined) values[entry.key] = value;
    }
  }
  return values;
}

function reportUnknown(
  key: string,
  span: Span,
  properties: Record<string, AttributeSchema>,
  reading: Reading,
  of: string,
): void {
  const names = Object.keys(properties).filter((name) => !properties[name]!.readOnly);
  reading.report.error(`unknown attribute "${key}" on ${of}`, span, {
    hint: reading.report.suggest(key, names),
    address: reading.address,
  });
}
