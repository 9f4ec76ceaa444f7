import { assert } from "../diagnostic.ts";
import { kindName } from "../manifest/resources.ts";
import type { AttributeSchema, KindSchema } from "../schema.ts";

/**
 * The Terraform form of a kind: how its attributes are called and typed in Terraform, in the JSON that CDKTF writes, and in
 * bindings. It follows from the schema alone; docs/decisions/0017-terraform-form.md says why it is as it is.
 */

/** A type as Terraform's JSON spells it. */
export type TerraformType = "string" | "number" | "bool" | [of: "list" | "set" | "map", type: TerraformType];

/** An attribute as `terraform providers schema -json` prints it: either `type` or `nested_type`. */
export interface TerraformAttribute {
  type?: TerraformType;
  nested_type?: { attributes: Record<string, TerraformAttribute>; nesting_mode: "single" | "list" | "set" | "map" };
  description: string;
  description_kind: "plain";
  required?: true;
  optional?: true;
  computed?: true;
  sensitive?: true;
  write_only?: true;
}

/** The content of a resource block; there are no blocks inside it, only attributes. */
export interface TerraformBlock {
  attributes: Record<string, TerraformAttribute>;
  description: string;
  description_kind: "plain";
}

/** What a word of the Terraform form means in ours. */
export type Place =
  /** An attribute of the kind. `inside` are the words of a map, or of each entry of a list of maps. */
  | { is: "attribute"; name: string; schema: AttributeSchema; inside?: Places }
  /** `NAME_wo_version`: our `generation`, which stands beside the secret `of`. */
  | { is: "generation"; of: string; schema: AttributeSchema }
  /** The list of attributes that our manifest marks with `!clear`; `names` may stand in it. */
  | { is: "clear"; names: readonly string[] }
  /** A part of our `lifecycle` that Terraform's has no word for. */
  | { is: "lifecycle"; name: "adopt" | "on_remove" };

/** Words of the Terraform form by name, in the order of the schema. */
export type Places = ReadonlyMap<string, Place>;

export interface TerraformForm {
  /** For example `velocloud_api_token`: the type of the resource, and our word for it. */
  kind: string;
  block: TerraformBlock;
  places: Places;
}

/** What follows the name of a secret that the user chooses: write-only, so that Terraform keeps it in neither plan nor state. */
export const writeOnlySuffix = "_wo";
export const versionSuffix = "_wo_version";

/** Words that Terraform's language takes for itself in a resource block. */
const taken = ["count", "for_each", "depends_on", "lifecycle", "provider", "provisioner", "connection"];

const forms = new WeakMap<KindSchema, TerraformForm>();

/**
 * The Terraform form of a kind; the same object each time. What follows from other objects has no place in it: Terraform would see its
 * state change under its hands. A schema that has no form is our bug.
 */
export function terraformForm(kind: KindSchema): TerraformForm {
  const known = forms.get(kind);
  if (known) return known;
  const name = kindName(kind);
  const own = Object.entries(kind.properties).filter(([, property]) => !property["x-derived"]);
  const object = readObject({ ...kind, properties: Object.fromEntries(own) }, name);
  addOwnWords(object, kind, name);
  const form: TerraformForm = {
    kind: name,
    block: { attributes: object.attributes, description: kind.description, description_kind: "plain" },
    places: object.places,
  };
  forms.set(kind, form);
  return form;
}

/** The words of what a kind shows, for reading alone: everything but secrets and what only steers Steward. */
export function shownForm(
  kind: KindSchema,
): Pick<TerraformForm, "places"> & { attributes: TerraformBlock["attributes"] } {
  const shown = Object.entries(kind.properties).filter(([, one]) => !one["x-secret"] && !one["x-local"]);
  return readObject({ ...kind, properties: Object.fromEntries(shown) }, kindName(kind));
}

interface ObjectForm {
  attributes: Record<string, TerraformAttribute>;
  places: Map<string, Place>;
}

function readObject(schema: Pick<AttributeSchema, "properties" | "required">, path: string): ObjectForm {
  const object: ObjectForm = { attributes: {}, places: new Map() };
  const properties = schema.properties ?? {};
  for (const [name, property] of Object.entries(properties)) {
    const required = schema.required?.includes(name) ?? false;
    if (isChosenText(property)) addSecret(object, name, property, required, properties.generation, path);
    else addAttribute(object, name, property, required, path);
  }
  return object;
}

/** Whether the user chooses a secret here; `deliver_to` of an issued one is a place and no secret. */
const isChosenText = (schema: AttributeSchema): boolean => schema["x-secret"] === "chosen" && schema.type === "string";

function addAttribute(object: ObjectForm, name: string, schema: AttributeSchema, required: boolean, path: string) {
  const nested = nestedOf(schema, `${path}.${name}`);
  const inside = nested?.places;
  add(
    object,
    name,
    { is: "attribute", name, schema, ...(inside && { inside }) },
    {
      ...(nested ? { nested_type: nested.type } : { type: typeOf(schema, `${path}.${name}`) }),
      ...described(describe(schema)),
      ...(schema.readOnly ? { computed: true } : required ? { required: true } : { optional: true }),
    },
  );
}

function addSecret(
  object: ObjectForm,
  name: string,
  schema: AttributeSchema,
  required: boolean,
  generation: AttributeSchema | undefined,
  path: string,
) {
  assert(generation, `${path}.${name} is a chosen secret and has no generation beside it`);
  const version = name + versionSuffix;
  add(
    object,
    name + writeOnlySuffix,
    { is: "attribute", name, schema },
    {
      type: "string",
      ...described(`${describe(schema)} Kept in neither plan nor state: raise ${version} when it is another one.`),
      ...(required ? { required: true } : { optional: true }),
      sensitive: true,
      write_only: true,
    },
  );
  add(
    object,
    version,
    { is: "generation", of: name, schema: generation },
    {
      type: "number",
      ...described(`The generation of ${name}${writeOnlySuffix}. ${describe(generation)}`),
      optional: true,
    },
  );
}

function add(object: ObjectForm, name: string, place: Place, attribute: TerraformAttribute): void {
  assert(!object.places.has(name), `the Terraform form has two words ${name}`);
  object.places.set(name, place);
  object.attributes[name] = attribute;
}

/** `clear`, `adopt` and `on_remove` have no place in Terraform's language, so they are attributes. */
function addOwnWords(object: ObjectForm, kind: KindSchema, path: string): void {
  const reserved = taken.find((word) => object.places.has(word));
  assert(!reserved, `${path}.${reserved} is a word that Terraform takes for itself`);
  const names = Object.keys(kind.properties).filter((name) => kind.properties[name]!["x-clearable"]);
  if (names.length > 0) {
    const text = `Names of attributes to empty on the system: ${names.join(", ")}. One that is only left out is not managed.`;
    add(object, "clear", { is: "clear", names }, { type: ["set", "string"], ...described(text), optional: true });
  }
  add(
    object,
    "adopt",
    { is: "lifecycle", name: "adopt" },
    {
      type: "bool",
      ...described("Take over an object of the same identity that already exists."),
      optional: true,
    },
  );
  add(
    object,
    "on_remove",
    { is: "lifecycle", name: "on_remove" },
    {
      type: "string",
      ...described(
        "What becomes of the object when its block goes: delete or forget. Absent: created ones are removed, adopted ones forgotten.",
      ),
      optional: true,
    },
  );
}

function nestedOf(schema: AttributeSchema, path: string) {
  const of = schema.properties ? schema : schema.items?.properties ? schema.items : undefined;
  if (!of) return undefined;
  const { attributes, places } = readObject(of, path);
  const mode = of === schema ? "single" : listOf(schema);
  // Terraform tells the entries of a set apart by their values, and a write-only one has none in plan and state.
  const isHidden = Object.values(attributes).some((attribute) => attribute.write_only);
  assert(mode !== "set" || !isHidden, `${path} is a set with a chosen secret in it`);
  return { places, type: { attributes, nesting_mode: mode } as const };
}

/** A list in which nothing stands twice has no order that means anything. */
const listOf = (schema: AttributeSchema): "list" | "set" => (schema.uniqueItems ? "set" : "list");

function typeOf(schema: AttributeSchema, path: string): TerraformType {
  if (schema.type === "string") return "string";
  if (schema.type === "boolean") return "bool";
  if (schema.type === "integer" || schema.type === "number") return "number";
  assert(schema.type === "array" && schema.items, `${path} has no type that Terraform can hold`);
  return [listOf(schema), typeOf(schema.items, `${path}[]`)];
}

const described = (description: string) => ({ description, description_kind: "plain" as const });

/** What the schema says in words, and what Terraform's schema JSON has no other place for. */
function describe(schema: AttributeSchema): string {
  const reference = schema["x-ref"];
  return [
    schema.description ?? "",
    schema["x-label"] ? `The vendor calls it ${schema["x-label"]}.` : "",
    schema.enum && !schema.readOnly ? `Allowed: ${schema.enum.join(", ")}.` : "",
    reference ? `Refers to the ${reference.attribute} of a ${reference.kind}.` : "",
    schema["x-immutable"] ? "A change of it makes a new object." : "",
  ]
    .filter(Boolean)
    .join(" ");
}
