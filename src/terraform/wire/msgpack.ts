import { Decoder, Encoder, ExtData, ExtensionCodec } from "@msgpack/msgpack";
import { assert } from "../../diagnostic.ts";
import { Secret } from "../../secret.ts";
import { isNumber, numberText, readNumber, type TerraformNumber } from "./number.ts";
import { fromPlain, WrongValue } from "./plain.ts";
import {
  type Bound,
  type MapType,
  type ObjectType,
  type ObjectValue,
  type Refinement,
  Unknown,
  unknown,
  type Value,
  type ValueType,
} from "./value.ts";

/**
 * Values as Terraform sends them: MessagePack by the rules of `object-wire-format.md`. An unknown value is an extension: 0 when nothing is
 * known of it, 12 with a map of what is. A number is a whole one of 64 bits, else a double, else its decimal text.
 */

const plainUnknown = 0;
const refinedUnknown = 12;
/** Keys of the map in extension 12. */
const refinementKeys = { isNull: 1, prefix: 2, least: 3, greatest: 4, lengthLeast: 5, lengthGreatest: 6 } as const;

const extensions = new ExtensionCodec();
const encoder = new Encoder({ useBigInt64: true });
const decoder = new Decoder({ useBigInt64: true, extensionCodec: extensions });
extensions.register({ type: plainUnknown, encode: () => null, decode: () => unknown });
extensions.register({
  type: refinedUnknown,
  encode: () => null,
  decode: (data) => new Unknown(readRefinement(new Decoder({ useBigInt64: true }).decode(data))),
});

/** The value that these bytes are, of this type. No bytes are null, as for Terraform. Throws `WrongValue`. */
export function decodeMsgpack(type: ValueType, bytes: Uint8Array): Value {
  if (bytes.length === 0) return null;
  let plain: unknown;
  try {
    plain = decoder.decode(bytes);
  } catch (error) {
    throw new WrongValue(`these bytes are no value in MessagePack: ${(error as Error).message}`);
  }
  return fromPlain(type, withoutForeign(plain), "");
}

/** The bytes of a value of this type. An attribute that is absent is written as null. Throws when the value is not of the type: our bug. */
export function encodeMsgpack(type: ValueType, value: Value): Uint8Array {
  return encoder.encode(toPlain(type, value, ""));
}

/** Extensions that we do not know are unknown values too, as for Terraform. */
function withoutForeign(plain: unknown): unknown {
  if (plain instanceof ExtData) return unknown;
  if (Array.isArray(plain)) return plain.map(withoutForeign);
  if (typeof plain !== "object" || plain === null || Object.getPrototypeOf(plain) !== Object.prototype) return plain;
  return Object.fromEntries(Object.entries(plain).map(([name, one]) => [name, withoutForeign(one)]));
}

function toPlain(type: ValueType, value: Value | undefined, place: string): unknown {
  if (value === null || value === undefined) return null;
  if (value instanceof Unknown) return extensionOf(value);
  if (type.is === "text") {
    const text = value instanceof Secret ? value.reveal() : value;
    assert(typeof text === "string" && !/\p{Cs}/u.test(text), `${place} is no text that Terraform can hold`);
    assert(type.secret || !(value instanceof Secret), `${place} is not sensitive and holds a secret`);
    return text.normalize("NFC");
  }
  if (type.is === "bool") {
    assert(typeof value === "boolean", `${place} is neither true nor false`);
    return value;
  }
  if (type.is === "number") {
    assert(isNumber(value), `${place} is no number`);
    return plainNumber(value);
  }
  if (type.is === "list" || type.is === "set") {
    assert(Array.isArray(value), `${place} is no ${type.is}`);
    return value.map((one, index) => toPlain(type.of, one, `${place}[${index}]`));
  }
  assert(typeof value === "object" && !Array.isArray(value), `${place} is no ${type.is}`);
  return plainObject(type, value as ObjectValue, place);
}

function plainObject(type: MapType | ObjectType, value: ObjectValue, place: string): object {
  const plain: Record<string, unknown> = Object.create(null);
  if (type.is === "map") {
    for (const [key, one] of Object.entries(value))
      plain[key.normalize("NFC")] = toPlain(type.of, one, `${place}.${key}`);
    return plain;
  }
  const foreign = Object.keys(value).find((name) => !type.attributes.has(name));
  assert(foreign === undefined, `${place || "the object"} has no attribute ${foreign}`);
  for (const [name, of] of type.attributes) plain[name] = toPlain(of, value[name], `${place}.${name}`);
  return plain;
}

/** The form that Terraform itself would send, so that what was not changed is equal there, digit for digit. */
function plainNumber(value: TerraformNumber): unknown {
  if (typeof value === "number" && Number.isSafeInteger(value))
    return Math.abs(value) < 2 ** 31 ? value : BigInt(value);
  const text = numberText(value);
  const whole = text.includes(".") ? undefined : BigInt(text);
  return whole !== undefined && BigInt.asIntN(64, whole) === whole ? whole : text;
}

function extensionOf({ refinement }: Unknown): ExtData {
  if (refinement === undefined) return new ExtData(plainUnknown, new Uint8Array([0]));
  const bound = ({ value, inclusive }: Bound) => [plainNumber(value), inclusive];
  const { least, greatest, ...rest } = refinement;
  const known = { ...rest, ...(least && { least: bound(least) }), ...(greatest && { greatest: bound(greatest) }) };
  const names = Object.keys(known) as (keyof Refinement)[];
  // The keys are whole numbers, which the library writes for no object of JavaScript: the map is put together here.
  const parts = names.flatMap((name) => [Uint8Array.of(refinementKeys[name]), encoder.encode(known[name])]);
  return new ExtData(refinedUnknown, Buffer.concat([Uint8Array.of(0x80 + names.length), ...parts]));
}

/** What is not understood is left out: less is known then, and all of it holds. */
function readRefinement(plain: unknown): Refinement {
  const known = (plain ?? {}) as Record<number, unknown>;
  const { isNull, prefix, least, greatest, lengthLeast, lengthGreatest } = refinementKeys;
  return {
    ...(typeof known[isNull] === "boolean" && { isNull: known[isNull] }),
    ...(typeof known[prefix] === "string" && { prefix: known[prefix] }),
    ...namedBound("least", known[least]),
    ...namedBound("greatest", known[greatest]),
    ...(typeof known[lengthLeast] === "number" && { lengthLeast: known[lengthLeast] }),
    ...(typeof known[lengthGreatest] === "number" && { lengthGreatest: known[lengthGreatest] }),
  };
}

function namedBound(name: "least" | "greatest", plain: unknown): Partial<Refinement> {
  const [limit, inclusive] = Array.isArray(plain) ? plain : [];
  const value = readNumber(String(limit));
  return value === undefined || typeof inclusive !== "boolean" ? {} : { [name]: { value, inclusive } };
}
