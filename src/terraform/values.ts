import { isClear, isRef, isSecretRef, isTemplate, type Lifecycle, type Ref, type Value } from "../resource.ts";
import type { AttributeSchema, KindSchema } from "../schema.ts";
import { type Place, type Places, type TerraformForm, versionSuffix, writeOnlySuffix } from "./form.ts";

/** What Terraform's JSON holds. */
export type TerraformJson = string | number | boolean | null | TerraformJson[] | { [name: string]: TerraformJson };

/** What our manifest says that has a word in the Terraform form. */
export interface Written {
  attributes: Record<string, Value>;
  lifecycle: Partial<Pick<Lifecycle, "adopt" | "onRemove">>;
}

/** A value of the Terraform form that has no meaning in ours; `path` is as in `password.value_wo`. */
export interface FormProblem {
  path: string;
  message: string;
  hint: string;
}

/**
 * Our values in the Terraform form, references as the text `${kind.name.attribute}`, secrets as `${env.NAME}`. `kinds` tells by
 * which attribute an object is meant where the manifest names only the object.
 */
export function toTerraform(
  form: TerraformForm,
  { attributes, lifecycle }: Written,
  kinds: ReadonlyMap<string, KindSchema>,
): Record<string, TerraformJson> {
  const json = writeMap(attributes, form.places, kinds);
  const cleared = Object.keys(attributes).filter((name) => isClear(attributes[name]));
  if (cleared.length > 0) json.clear = cleared.sort();
  if (lifecycle.adopt) json.adopt = true;
  if (lifecycle.onRemove && lifecycle.onRemove !== "default") json.on_remove = lifecycle.onRemove;
  return json;
}

function writeMap(
  values: Record<string, Value>,
  places: Places,
  kinds: ReadonlyMap<string, KindSchema>,
): Record<string, TerraformJson> {
  const json: Record<string, TerraformJson> = {};
  for (const [word, place] of places) {
    if (place.is === "attribute") {
      const value = values[place.name];
      if (value === undefined || isClear(value) || isGenerationOfAnother(place, values, places)) continue;
      json[word] = writeValue(value, place, kinds);
    } else if (place.is === "generation" && values[place.of] !== undefined && values.generation !== undefined) {
      json[word] = values.generation as number;
    }
  }
  return json;
}

/** `generation` itself is written only where no chosen secret has taken it as its version. */
const isGenerationOfAnother = (place: Place, values: Record<string, Value>, places: Places): boolean =>
  place.is === "attribute" &&
  place.name === "generation" &&
  [...places.values()].some((other) => other.is === "generation" && values[other.of] !== undefined);

function writeValue(
  value: Value,
  place: { schema: AttributeSchema; inside?: Places },
  kinds: ReadonlyMap<string, KindSchema>,
): TerraformJson {
  if (typeof value === "string") return literal(value);
  if (typeof value !== "object") return value;
  if (isRef(value)) return referenceText(value, kinds, place.schema);
  if (isSecretRef(value))
    return `\${${value.$secret.from}${value.$secret.from === "env" ? "." : ":"}${value.$secret.name}}`;
  if (isTemplate(value))
    return value.$template.map((part) => (isRef(part) ? referenceText(part, kinds) : literal(part))).join("");
  if (Array.isArray(value))
    return value.map((item) => writeValue(item, { ...place, schema: place.schema.items ?? {} }, kinds));
  return writeMap(value as Record<string, Value>, place.inside ?? new Map(), kinds);
}

/** Text that Terraform does not take for a template. */
export const literal = (text: string): string => text.replace(/[$%](?=\{)/g, "$&$&");

function referenceText(ref: Ref, kinds: ReadonlyMap<string, KindSchema>, schema?: AttributeSchema): string {
  const { address, attribute } = ref.$ref;
  const kind = kinds.get(address.slice(0, address.indexOf(".")));
  return `\${${address}.${attribute || schema?.["x-ref"]?.attribute || kind?.["x-identity"][0] || "id"}}`;
}

/**
 * Values of the Terraform form in ours. They are evaluated already: text stands for itself. `null` is what is not set, as
 * everywhere in Terraform. Computed attributes are left out. What remains wrong is found when the values are checked by the schema.
 */
export function fromTerraform(
  form: TerraformForm,
  json: Record<string, TerraformJson>,
): Written & { problems: FormProblem[] } {
  const problems: FormProblem[] = [];
  const lifecycle: Written["lifecycle"] = {};
  const attributes = readMap(json, form.places, "", problems);
  if (typeof json.adopt === "boolean") lifecycle.adopt = json.adopt;
  else if (json.adopt !== undefined && json.adopt !== null)
    problems.push({ path: "adopt", message: "this value is not allowed", hint: "allowed: true, false" });
  if (json.on_remove === "delete" || json.on_remove === "forget") lifecycle.onRemove = json.on_remove;
  else if (json.on_remove !== undefined && json.on_remove !== null)
    problems.push({ path: "on_remove", message: "this value is not allowed", hint: "allowed: delete, forget" });
  readClear(json.clear, form.places.get("clear"), attributes, problems);
  return { attributes, lifecycle, problems };
}

function readMap(
  json: Record<string, TerraformJson>,
  places: Places,
  prefix: string,
  problems: FormProblem[],
): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [word, value] of Object.entries(json)) {
    const place = places.get(word);
    const path = prefix + word;
    if (value === null) continue;
    if (!place) problems.push({ path, message: `unknown attribute "${word}"`, hint: unknownHint(word, places) });
    else if (place.is === "generation") readGeneration(value, place.of, json, path, values, problems);
    else if (place.is === "attribute" && !place.schema.readOnly)
      values[place.name] = readValue(value, place.inside, path, problems);
  }
  return values;
}

/** A secret is written under its write-only name. */
function unknownHint(word: string, places: Places): string {
  return places.has(word + writeOnlySuffix)
    ? `write ${word}${writeOnlySuffix}, and raise ${word}${versionSuffix} when the secret is another one`
    : `known: ${[...places.keys()].join(", ")}`;
}

function readGeneration(
  value: TerraformJson,
  of: string,
  json: Record<string, TerraformJson>,
  path: string,
  values: Record<string, Value>,
  problems: FormProblem[],
): void {
  if ((json.generation ?? null) !== null) {
    const hint = `keep ${of}${versionSuffix} beside ${of}${writeOnlySuffix}, and generation without it`;
    problems.push({ path, message: "generation says the same", hint });
  } else values.generation = value as Value;
}

function readValue(
  value: Exclude<TerraformJson, null>,
  inside: Places | undefined,
  path: string,
  problems: FormProblem[],
): Value {
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      item === null ? [] : [readValue(item, inside, `${path}[${index}]`, problems)],
    );
  if (typeof value === "object") return readMap(value, inside ?? new Map(), `${path}.`, problems);
  return value;
}

function readClear(
  value: TerraformJson | undefined,
  place: Place | undefined,
  attributes: Record<string, Value>,
  problems: FormProblem[],
): void {
  if (value === undefined || value === null || place?.is !== "clear") return;
  for (const name of Array.isArray(value) ? value : [value]) {
    if (typeof name !== "string" || !place.names.includes(name))
      problems.push({
        path: "clear",
        message: `${JSON.stringify(name)} cannot be cleared`,
        hint: `allowed: ${place.names.join(", ")}`,
      });
    else if (attributes[name] !== undefined)
      problems.push({ path: "clear", message: `${name} is set and cleared`, hint: `leave ${name} out of one of both` });
    else attributes[name] = { $clear: true };
  }
}
