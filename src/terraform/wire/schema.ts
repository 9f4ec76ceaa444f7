import type { TerraformAttribute, TerraformBlock, TerraformType } from "../form.ts";
import type { WriteMessage } from "./message.ts";
import {
  DescriptionKind,
  Nesting,
  type ResourceIdentitySchema,
  type Schema,
  type SchemaAttribute,
} from "./messages.ts";
import type { ObjectType, ValueType } from "./value.ts";

/**
 * A schema in the Terraform form, made into what the protocol sends and into the type that its values have. Whatever Terraform would
 * refuse, and whatever this wire layer does not carry (`dynamic`, tuples, blocks inside blocks), is refused here, all of it at once.
 */

/** A schema with its version, as in provider-schema.ts. */
export interface VersionedSchema {
  /** Raised when stored values need an upgrade. */
  version: number;
  block: TerraformBlock;
}

/** What names a resource for good. Each attribute is a text, a number or a bool. */
export interface IdentitySchema {
  version: number;
  attributes: Record<string, IdentityAttribute>;
}
export interface IdentityAttribute {
  type: "string" | "number" | "bool";
  /** Whether an import must name it; what it need not, the provider finds. */
  forImport: "required" | "optional";
  description: string;
}

/** What requests of one schema are read and answered with. */
export interface CompiledSchema {
  version: number;
  type: ObjectType;
  message: WriteMessage<typeof Schema>;
}
export interface CompiledIdentity {
  version: number;
  type: ObjectType;
  message: WriteMessage<typeof ResourceIdentitySchema>;
}

const nameForm = /^[a-z_][a-z0-9_]*$/;

/** Compiles a schema. Throws one error with all that it cannot carry; `place` is what the messages begin with. */
export function compileSchema({ version, block }: VersionedSchema, place: string): CompiledSchema {
  const problems: string[] = [];
  if (!Number.isSafeInteger(version) || version < 0) problems.push(`${place} has the version ${version}`);
  const foreign = Object.keys(block).filter(
    (word) => !["attributes", "description", "description_kind"].includes(word),
  );
  for (const word of foreign) problems.push(`${place} has ${word}, and only attributes are carried`);
  const type = objectType(block.attributes ?? {}, place, problems, false);
  refuse(problems);
  const message = {
    version,
    block: {
      version,
      attributes: attributeMessages(block.attributes),
      description: block.description,
      description_kind: DescriptionKind.plain,
    },
  };
  return { version, type, message };
}

/** Compiles an identity; throws as `compileSchema` does. */
export function compileIdentity({ version, attributes }: IdentitySchema, place: string): CompiledIdentity {
  const entries = Object.entries(attributes);
  const problems = entries.flatMap(([name, { type }]) => [
    ...(nameForm.test(name) ? [] : [`${place}.${name} is no name`]),
    ...(["string", "number", "bool"].includes(type)
      ? []
      : [`${place}.${name} has a type that an identity cannot have`]),
  ]);
  refuse(problems);
  const types = entries.map(([name, { type }]) => [name, typeOf(type, "", problems)] as const);
  const messages = entries.map(([name, { type, forImport, description }]) => ({
    name,
    type: Buffer.from(JSON.stringify(type)),
    required_for_import: forImport === "required",
    optional_for_import: forImport === "optional",
    description,
  }));
  return {
    version,
    type: { is: "object", attributes: new Map(types) },
    message: { version, identity_attributes: messages },
  };
}

function refuse(problems: string[]): void {
  if (problems.length > 0) throw new Error(`Terraform cannot hold this schema:\n${problems.join("\n")}`);
}

function objectType(
  attributes: Record<string, TerraformAttribute>,
  place: string,
  problems: string[],
  inSet: boolean,
): ObjectType {
  const types = Object.entries(attributes).map(([name, attribute]) => {
    const at = `${place}.${name}`;
    problems.push(...wrongAttribute(name, attribute, at, inSet));
    return [name, attributeType(attribute, at, problems, inSet)] as const;
  });
  return { is: "object", attributes: new Map(types) };
}

/** What Terraform would refuse when it loads the schema (`internal/configs/configschema/internal_validate.go`). */
function wrongAttribute(name: string, attribute: TerraformAttribute, at: string, inSet: boolean): string[] {
  const { required, optional, computed, write_only: writeOnly, type, nested_type: nested } = attribute;
  const known = "type nested_type description description_kind required optional computed sensitive write_only".split(
    " ",
  );
  const checks: [isWrong: boolean, what: string][] = [
    [!nameForm.test(name), "is no name"],
    [!required && !optional && !computed, "is neither required nor optional nor computed"],
    [Boolean(required && (optional || computed)), "is required and something else"],
    [(type === undefined) === (nested === undefined), "needs either a type or a nested type"],
    [Boolean(writeOnly && computed), "is write-only and computed"],
    [Boolean(writeOnly && inSet), "is write-only inside a set"],
  ];
  const foreign = Object.keys(attribute).filter((word) => !known.includes(word));
  return [
    ...checks.flatMap(([isWrong, what]) => (isWrong ? [`${at} ${what}`] : [])),
    ...foreign.map((word) => `${at} has ${word}, which is not carried`),
  ];
}

function attributeType(attribute: TerraformAttribute, at: string, problems: string[], inSet: boolean): ValueType {
  const { type, nested_type: nested, sensitive, write_only: isWriteOnly } = attribute;
  const writeOnly = isWriteOnly && { writeOnly: true as const };
  if (!nested) {
    const plain = typeOf(type, at, problems);
    return { ...plain, ...writeOnly, ...(plain.is === "text" && (sensitive || isWriteOnly) && { secret: true }) };
  }
  const mode: string = nested.nesting_mode;
  if (!Object.hasOwn(Nesting, mode)) problems.push(`${at} nests as ${mode}`);
  const of = objectType(nested.attributes, at, problems, inSet || mode === "set");
  return { ...(mode === "single" ? of : { is: mode as "list" | "set" | "map", of }), ...writeOnly };
}

function typeOf(type: TerraformType | undefined, at: string, problems: string[]): ValueType {
  if (type === "string") return { is: "text" };
  if (type === "number" || type === "bool") return { is: type };
  const [is, of] = Array.isArray(type) ? type : [];
  if (is === "list" || is === "set" || is === "map") return { is, of: typeOf(of, at, problems) };
  if (type !== undefined) problems.push(`${at} has the type ${JSON.stringify(type)}, which is not carried`);
  return { is: "text" };
}

const attributeMessages = (attributes: Record<string, TerraformAttribute>): SchemaAttribute[] =>
  Object.entries(attributes ?? {}).map(([name, { type, nested_type: nested, description_kind: _, ...rest }]) => ({
    ...rest,
    name,
    description_kind: DescriptionKind.plain,
    ...(type !== undefined && { type: Buffer.from(JSON.stringify(type)) }),
    ...(nested && {
      nested_type: { attributes: attributeMessages(nested.attributes), nesting: Nesting[nested.nesting_mode] },
    }),
  }));
