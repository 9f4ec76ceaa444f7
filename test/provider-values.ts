import fc from "fast-check";
import { Secret } from "../src/secret.ts";
import { readNumber, type TerraformNumber } from "../src/terraform/wire/number.ts";
import {
  type ObjectValue,
  type Refinement,
  Unknown,
  unknown,
  type Value,
  type ValueType,
} from "../src/terraform/wire/value.ts";

/** Random types and random values of them, for every suite about the provider. */

/** Texts as Terraform has them: without halves of characters, in the composed form. */
export const texts: fc.Arbitrary<string> = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .map((text) => text.normalize("NFC"))
  .filter((text) => !/\p{Cs}/u.test(text));
export const mapKeys: fc.Arbitrary<string> = texts.filter((key) => key !== "__proto__");

const digits = fc.stringMatching(/^[0-9]{1,40}$/);
export const numbers: fc.Arbitrary<TerraformNumber> = fc
  .oneof(
    fc.integer().map(String),
    fc.maxSafeInteger().map(String),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
    fc.tuple(fc.constantFrom("", "-"), digits, digits).map(([sign, whole, fraction]) => `${sign}${whole}.${fraction}`),
    fc.tuple(digits, fc.integer({ min: -300, max: 300 })).map(([whole, exponent]) => `${whole}e${exponent}`),
  )
  .map((text) => readNumber(text)!);

const bounds = fc.record({ value: numbers, inclusive: fc.boolean() }, { noNullPrototype: true });
const refinements: fc.Arbitrary<Refinement> = fc.record(
  {
    isNull: fc.boolean(),
    prefix: texts,
    least: bounds,
    greatest: bounds,
    lengthLeast: fc.nat(100),
    lengthGreatest: fc.nat(100),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const unknowns: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(unknown),
  refinements.map((refinement) => new Unknown(refinement)),
);

export const types: fc.Arbitrary<ValueType> = fc.letrec<{ type: ValueType; plain: ValueType }>((tie) => ({
  plain: fc.constantFrom<ValueType>({ is: "text" }, { is: "text", secret: true }, { is: "number" }, { is: "bool" }),
  type: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    tie("plain"),
    fc.record({ is: fc.constantFrom("list", "set", "map"), of: tie("type") }) as fc.Arbitrary<ValueType>,
    fc
      .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), tie("type")), {
        selector: ([name]) => name,
        maxLength: 5,
      })
      .map((attributes): ValueType => ({ is: "object", attributes: new Map(attributes) })),
  ),
})).type;

/** Values of a type: null and, where `mayBeUnknown`, unknown ones too. */
export function valuesOf(type: ValueType, mayBeUnknown: boolean): fc.Arbitrary<Value> {
  const known = knownValues(type, mayBeUnknown);
  const others: fc.Arbitrary<Value>[] = mayBeUnknown ? [fc.constant(null), unknowns] : [fc.constant(null)];
  return fc.oneof({ arbitrary: known, weight: 8 }, ...others.map((arbitrary) => ({ arbitrary, weight: 1 })));
}

/** The same without null at the top. */
export function knownValues(type: ValueType, mayBeUnknown: boolean): fc.Arbitrary<Value> {
  if (type.is === "text") return type.secret ? texts.map((text) => new Secret(text)) : texts;
  if (type.is === "number") return numbers;
  if (type.is === "bool") return fc.boolean();
  if (type.is === "list" || type.is === "set") return fc.array(valuesOf(type.of, mayBeUnknown), { maxLength: 4 });
  const entries =
    type.is === "map"
      ? fc.array(fc.tuple(mapKeys, valuesOf(type.of, mayBeUnknown)), { maxLength: 4 })
      : fc.tuple(...[...type.attributes].map(([name, of]) => fc.tuple(fc.constant(name), valuesOf(of, mayBeUnknown))));
  return entries.map((all): ObjectValue => Object.assign(Object.create(null), Object.fromEntries(all)));
}
