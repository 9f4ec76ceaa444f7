import { isMet, sameValue } from "../../diff.ts";
import type { Plain } from "../../resource.ts";
import type { AttributeSchema } from "../../schema.ts";
import type { Place, Places, TerraformForm } from "../form.ts";
import { isNumber, numberText } from "../wire/number.ts";
import { isObjectValue, type ObjectValue, Unknown, unknown, type Value } from "../wire/value.ts";

/** Values between our words and the Terraform form: what a system shows as Terraform's state, and Terraform's state as ours. */

type AttributePlace = Place & { is: "attribute" };

/** The places that hold attributes of the kind, by their word. */
export const attributesOf = ({ places }: Pick<TerraformForm, "places">): [word: string, place: AttributePlace][] =>
  [...places].flatMap(([word, place]) => (place.is === "attribute" ? [[word, place] as [string, AttributePlace]] : []));

/** What the system computes, by its word. */
export const computedOf = (form: TerraformForm): [word: string, place: AttributePlace][] =>
  attributesOf(form).filter(([, { schema }]) => schema.readOnly);

/** A value that a system showed in the Terraform form. References to secrets, and what is not set, are null. */
export function toTerraform(
  value: Plain | undefined,
  { schema, inside }: { schema: AttributeSchema; inside?: Places },
): Value {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value))
    return value.map((one) => toTerraform(one, { schema: schema.items ?? {}, ...(inside && { inside }) }));
  if (typeof value !== "object") return value;
  const object: ObjectValue = {};
  for (const [word, place] of inside ?? []) {
    if (place.is === "generation") object[word] = null;
    if (place.is === "attribute")
      object[word] = place.schema["x-secret"] === "chosen" ? null : toTerraform(value[place.name], place);
  }
  return object;
}

/** A known value of the Terraform form in our words, to be compared with what a system shows. What is not set is left out. */
export function fromTerraform(value: Value, inside?: Places): Plain {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (isNumber(value)) return Number(numberText(value));
  if (Array.isArray(value)) return value.map((one) => fromTerraform(one, inside));
  if (!isObjectValue(value)) return null;
  const plain: Record<string, Plain> = {};
  for (const [word, one] of Object.entries(value)) {
    const place = inside?.get(word);
    if (one === null || !place) continue;
    if (place.is === "attribute") plain[place.name] = fromTerraform(one, place.inside);
    if (place.is === "generation") plain.generation = fromTerraform(one);
  }
  return plain;
}

/** Whether two values of one word mean the same to the system, however they are spelled. What is not known equals nothing. */
export function sameMeaning({ schema, inside }: AttributePlace, a: Value, b: Value): boolean {
  if (holdsUnknown(a) || holdsUnknown(b)) return false;
  if ((a === null) !== (b === null)) return false;
  return sameValue(schema, fromTerraform(a, inside), fromTerraform(b, inside));
}

/** Whether a known value of a state is still what the system shows. */
export function stillHolds({ schema, inside }: AttributePlace, before: Value, now: Value): boolean {
  if ((before === null) !== (now === null)) return false;
  return isMet(schema, fromTerraform(before, inside), fromTerraform(now, inside));
}

/** Whether something in it is known only after apply. */
export function holdsUnknown(value: Value): boolean {
  if (value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isObjectValue(value) && Object.values(value).some(holdsUnknown);
}

/** The state with whatever is not known in it taken from what was recorded and what the system shows. */
export function completed(
  form: TerraformForm,
  state: ObjectValue,
  shown: Readonly<Record<string, Plain>>,
): ObjectValue {
  const known: ObjectValue = { ...state };
  for (const [word, place] of computedOf(form)) known[word] = toTerraform(shown[place.name], place);
  return known;
}

/** The state with what the system computes known only after apply; `but` keeps its value. */
export function withUnknownComputed(form: TerraformForm, state: ObjectValue, but: readonly string[] = []): ObjectValue {
  const open: ObjectValue = { ...state };
  for (const [word] of computedOf(form)) if (!but.includes(word)) open[word] = unknown;
  return open;
}
