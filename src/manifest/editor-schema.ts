import type { AttributeSchema, KindSchema } from "../schema.ts";
import type { Label } from "../screen.ts";
import { metaSchema } from "./meta.ts";
import { isSecretSchema } from "./place.ts";
import { kindName } from "./resources.ts";
import { screensSchema } from "./screens.ts";
import { type SinkType, sectionSettings } from "./sinks.ts";
import { type SystemType, sharedSettings, sharedSettingsOf } from "./systems.ts";

/** JSON Schema for editors: a value, or an expression in its place. */
type EditorSchema = Record<string, unknown>;

const expression: EditorSchema = { type: "string", pattern: "\\$\\{" };
const secretPattern = "^\\$\\{(?:env\\.|file:|sink:|[a-z][a-z0-9_]*\\.)[^}]+\\}$";

/** What our own keywords and the parser say, and an editor does not know. */
const ours = /^(?:x-.*|readOnly|writeOnly)$/;

/**
 * The whole manifest as one JSON Schema 2020-12, for completion and red underlines. An editor sees less than `validate`:
 * it does not follow references, and every expression passes.
 */
export function editorSchema(
  kinds: readonly KindSchema[],
  connectors: readonly SystemType[],
  sinks: Record<string, SinkType>,
  labels: Readonly<Record<string, readonly Label[]>> = {},
): EditorSchema {
  const types = connectors.map((type) => ({ ...type, labels: () => labels[type.name] ?? [] }));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "https://steward.example/schemas/manifest.json",
    title: "Steward manifest",
    description: "API users, user groups and API tokens of enterprise systems as code.",
    type: "object",
    additionalProperties: false,
    properties: {
      systems: systemsSchema(types),
      environments: environmentsSchema(types, sinks),
      sinks: sinksSchema(sinks),
      state: { ...object(sectionSettings.state), description: "Where state lives." },
      guard: { ...object(sectionSettings.guard), description: "How much one apply may take away without consent." },
      variables: { description: "Values that differ: ${var.NAME}.", ...named({ anyOf: [declaration, plain] }) },
      resources: resourcesSchema(kinds),
    },
    $defs: screensOf(types),
  };
}

const plain: EditorSchema = { type: ["string", "number", "boolean"] };
const declaration: EditorSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    default: { ...plain, description: "Taken when nothing else gives a value." },
    description: { type: "string" },
  },
};

const named = (schema: EditorSchema): EditorSchema => ({
  type: "object",
  propertyNames: { pattern: "^[a-z][a-z0-9_-]{0,62}$" },
  additionalProperties: schema,
});

function object(
  properties: Record<string, AttributeSchema>,
  required: readonly string[] = [],
  more: EditorSchema = {},
): EditorSchema {
  const known = Object.entries(properties).filter(([, schema]) => !schema.readOnly);
  const adapted = Object.fromEntries(known.map(([name, schema]) => [name, adapt(schema)]));
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: { ...adapted, ...more },
  };
}

/** An attribute's schema in the words of editors. */
function adapt(schema: AttributeSchema): EditorSchema {
  const { description, examples, properties, items, ...rest } = schema;
  const about: EditorSchema = {
    ...(description && { description: labelled(description, schema) }),
    ...(examples && { examples }),
  };
  if (isSecretSchema(schema)) return { ...about, type: "string", pattern: secretPattern };
  const value: EditorSchema = Object.fromEntries(Object.entries(rest).filter(([key]) => !ours.test(key)));
  if (properties) Object.assign(value, object(properties, schema.required));
  if (items) value.items = adapt(items);
  const cleared = schema["x-clearable"] ? [{ type: "null", description: "!clear" }] : [];
  const isFree = schema.type === "string" && !schema.pattern && !schema.enum && !schema.maxLength;
  const isMap = schema.type === "object";
  if ((isFree || isMap) && cleared.length === 0) return { ...about, ...value };
  return { ...about, anyOf: [value, ...(isMap ? [] : [expression]), ...cleared] };
}

const labelled = (description: string, schema: AttributeSchema): string =>
  schema["x-label"] ? `${description} The vendor calls it ${schema["x-label"]}.` : description;

function systemSchema(type: SystemType, isNamed: boolean): EditorSchema {
  const { properties, required, credentials } = type.settings;
  const settings = sharedSettingsOf(type.settings);
  const shared = { ...settings, type: { ...settings.type!, enum: [type.name] } };
  return {
    description: `A system of type ${type.name}.`,
    ...object({ ...shared, ...properties }, ["url", ...required, ...(isNamed ? [] : ["type"])], {
      ...credentialsOf(credentials),
      screens: { $ref: `#/$defs/screens_${type.name}` },
    }),
  };
}

/** Written once for each type: a console has up to a hundred labels. */
function screensOf(types: readonly SystemType[]): EditorSchema {
  const schemas = types.map((type): [string, EditorSchema] => {
    const { properties = {}, description } = screensSchema(type.labels?.() ?? []);
    const words = mapValues(properties, (one) => ({ type: "string", description: one.description }));
    return [`screens_${type.name}`, { description, type: "object", additionalProperties: false, properties: words }];
  });
  return Object.fromEntries(schemas);
}

const credentialsOf = (credentials: Record<string, AttributeSchema>): EditorSchema => ({
  credentials: { description: "How Steward signs in. Secrets by reference only.", ...object(credentials) },
});

function systemsSchema(connectors: readonly SystemType[]): EditorSchema {
  const byName = Object.fromEntries(connectors.map((type) => [type.name, systemSchema(type, true)]));
  const others = connectors.map((type) => systemSchema(type, false));
  return { description: "The systems that hold the objects.", ...named({ anyOf: others }), properties: byName };
}

function sinksSchema(sinks: Record<string, SinkType>): EditorSchema {
  const schema = (name: string, { properties = {}, required = [], description }: SinkType, isNamed: boolean) => ({
    ...(description && { description }),
    ...object({ type: { type: "string", enum: [name] }, ...properties }, isNamed ? required : ["type", ...required]),
  });
  const all = Object.entries(sinks);
  const byName = Object.fromEntries(all.map(([name, type]) => [name, schema(name, type, true)]));
  const others = all.map(([name, type]) => schema(name, type, false));
  return { description: "Where secrets go.", ...named({ anyOf: others }), properties: byName };
}

function environmentsSchema(connectors: readonly SystemType[], sinks: Record<string, SinkType>): EditorSchema {
  const settings = Object.assign({}, ...connectors.map((type) => type.settings.properties)) as Record<
    string,
    AttributeSchema
  >;
  const credentials = Object.assign({}, ...connectors.map((type) => type.settings.credentials)) as Record<
    string,
    AttributeSchema
  >;
  const sinkSettings = Object.assign({}, ...Object.values(sinks).map((type) => type.properties ?? {})) as Record<
    string,
    AttributeSchema
  >;
  const properties: EditorSchema = {
    protected: { type: "boolean", description: "No apply without a reviewed plan, and no destroy." },
    systems: {
      description: "Settings that differ here.",
      ...named(object({ ...sharedSettings, ...settings }, [], credentialsOf(credentials))),
    },
    sinks: {
      description: "Settings that differ here.",
      ...named(object({ type: { type: "string" }, ...sinkSettings })),
    },
    variables: { description: "Values of variables here.", ...named(plain) },
  };
  return {
    description: "One manifest for several places: test, production.",
    ...named({ type: "object", additionalProperties: false, properties }),
  };
}

function resourcesSchema(kinds: readonly KindSchema[]): EditorSchema {
  const entries = kinds.map((kind) => {
    const { description, properties, required = [] } = kind;
    const resource = { description, ...object(properties, required, metaOf(kind)) };
    return [kindName(kind), { description, ...named(resource), propertyNames: { pattern: "^[a-z][a-z0-9_]{0,62}$" } }];
  });
  return {
    description: "What is to be there, by kind and name.",
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(entries),
  };
}

function metaOf(kind: KindSchema): EditorSchema {
  const attributes = Object.keys(kind.properties).filter((name) => !kind.properties[name]!.readOnly);
  const { lifecycle, ...others } = metaSchema;
  const { ignore_changes, ...flags } = lifecycle!.properties!;
  const ignored = { ...ignore_changes, items: { type: "string", enum: attributes } };
  return {
    ...mapValues(others, literal),
    lifecycle: {
      ...literal({ ...lifecycle, properties: {} }),
      additionalProperties: false,
      properties: { ...mapValues(flags, literal), ignore_changes: literal(ignored) },
    },
  };
}

/** What takes no expressions is in the words of editors already. */
const literal = (schema: AttributeSchema): EditorSchema => ({ ...schema });

const mapValues = <A, B>(values: Record<string, A>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
