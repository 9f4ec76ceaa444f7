import type { Kind } from "../../connectors/connector.ts";
import { Refusal } from "../../diagnostic.ts";
import { identityOf } from "../../plan/world.ts";
import type { Actual } from "../../resource.ts";
import type { KindSchema } from "../../schema.ts";
import { shownForm, type TerraformAttribute, type TerraformBlock, type TerraformForm, terraformForm } from "../form.ts";
import type { TerraformDiagnostic } from "../wire/service.ts";
import type { ObjectValue } from "../wire/value.ts";
import { fromError } from "./diagnostics.ts";
import { attributesOf, fromTerraform, sameMeaning, toTerraform } from "./values.ts";
import type { Walk } from "./walk.ts";

/** Data sources: every kind as it is on the system, by its id or by what names it. */

/** The schema: what names an object may be given, everything else is told. */
export function dataSourceBlock(kind: KindSchema): TerraformBlock {
  const attributes = Object.entries(shownForm(kind).attributes).map(([word, one]): [string, TerraformAttribute] => {
    const told = computed(one);
    const isKey = keysOf(kind).includes(word);
    return [word, isKey ? { ...told, optional: true } : told];
  });
  return { ...terraformForm(kind).block, attributes: Object.fromEntries(attributes) };
}

/** What an object may be looked up by. */
const keysOf = (kind: KindSchema): string[] =>
  Object.hasOwn(kind.properties, "id") ? ["id", ...kind["x-identity"]] : kind["x-identity"];

function computed({
  required: _required,
  optional: _optional,
  nested_type,
  ...rest
}: TerraformAttribute): TerraformAttribute {
  if (!nested_type) return { ...rest, computed: true };
  const attributes = Object.entries(nested_type.attributes).filter(([, { write_only }]) => !write_only);
  const inside = Object.fromEntries(attributes.map(([name, attribute]) => [name, computed(attribute)]));
  return { ...rest, nested_type: { ...nested_type, attributes: inside }, computed: true };
}

/** Reads one object. What the configuration says stays as it is spelled there. */
export async function readDataSource(
  walk: Walk,
  form: TerraformForm,
  config: ObjectValue,
): Promise<{ state?: ObjectValue; diagnostics?: readonly TerraformDiagnostic[] }> {
  try {
    const kind = walk.kind(form.kind);
    const actual = await lookUp(walk, kind, config);
    const state: ObjectValue = { ...config };
    for (const [word, place] of attributesOf(shownForm(kind.schema))) {
      const shown = toTerraform(actual.attributes[place.name], place);
      const said = config[word] ?? null;
      state[word] = said !== null && sameMeaning(place, said, shown) ? said : shown;
    }
    return { state };
  } catch (error) {
    return { diagnostics: fromError(error) };
  }
}

async function lookUp(walk: Walk, kind: Kind, config: ObjectValue): Promise<Actual> {
  const { objects, complete } = await walk.sight.listing(kind);
  const keys = keysOf(kind.schema);
  const given = keys.filter((key) => (config[key] ?? null) !== null);
  const names = kind.schema["x-identity"];
  const isNamed = names.every((name) => given.includes(name));
  if (!isNamed && !given.includes("id")) throw unnamed(kind);
  const plain = Object.fromEntries(given.map((key) => [key, fromTerraform(config[key] ?? null)]));
  const wanted = identityOf(kind.schema, plain);
  const found = objects.filter((object) =>
    isNamed ? identityOf(kind.schema, object.attributes) === wanted : object.id === String(plain.id),
  );
  if (found.length === 1) return found[0]!;
  throw notOne(kind, given.map((key) => `${key} = ${JSON.stringify(plain[key])}`).join(", "), found.length, complete);
}

function unnamed({ name, schema }: Kind): Refusal {
  const identity = schema["x-identity"].join(" and ");
  const ways = Object.hasOwn(schema.properties, "id") && identity !== "id" ? `id, or ${identity}` : identity;
  return new Refusal([{ message: `which ${name} is meant is not said`, remedy: `write ${ways}` }]);
}

function notOne({ name }: Kind, key: string, count: number, complete: boolean): Refusal {
  const message = count === 0 ? `there is no ${name} with ${key}` : `there are ${count} ${name} with ${key}`;
  const remedy =
    count > 0
      ? "name it by its id"
      : complete
        ? "look at what is there"
        : "the list may not show everything: see steward doctor";
  return new Refusal([{ message, remedy }]);
}
