import { Secret } from "../../secret.ts";
import { isNumber, readNumber } from "./number.ts";
import { type MapType, type ObjectType, type ObjectValue, Unknown, type Value, type ValueType } from "./value.ts";

/**
 * Values as libraries read them, without types, made into values of a type. MessagePack and JSON differ only before this.
 * Messages name the place and never the value, which may be a secret.
 */

/** What arrived cannot be a value of the type that the schema gives. */
export class WrongValue extends Error {}

/** The value of this type. Throws `WrongValue`. An object may lack attributes only where `mayLack` says so: they are null then. */
export function fromPlain(type: ValueType, plain: unknown, place: string, { mayLack = false } = {}): Value {
  if (plain === null || plain === undefined) return null;
  if (plain instanceof Unknown) return plain;
  const wrong = (what: string) => new WrongValue(`${place || "the value"}: ${what} must stand here`);
  if (type.is === "text") {
    if (typeof plain !== "string") throw wrong("a text");
    return type.secret ? new Secret(plain) : plain;
  }
  if (type.is === "bool") {
    if (typeof plain !== "boolean") throw wrong("true or false");
    return plain;
  }
  if (type.is === "number") {
    // Terraform writes as text what neither a whole number of 64 bits nor a double holds.
    const number = isNumber(plain) || typeof plain === "string" ? readNumber(String(plain)) : undefined;
    if (number === undefined) throw wrong("a number");
    return number;
  }
  if (type.is === "list" || type.is === "set") {
    if (!Array.isArray(plain)) throw wrong(`a ${type.is}`);
    return plain.map((one, index) => fromPlain(type.of, one, `${place}[${index}]`, { mayLack }));
  }
  if (typeof plain !== "object" || Array.isArray(plain) || isNumber(plain) || plain instanceof Date)
    throw wrong(type.is === "map" ? "a map" : "an object");
  return fromObject(type, plain as Record<string, unknown>, place, mayLack);
}

function fromObject(
  type: MapType | ObjectType,
  plain: Record<string, unknown>,
  place: string,
  mayLack: boolean,
): ObjectValue {
  const object: ObjectValue = Object.create(null);
  if (type.is === "map") {
    for (const [key, one] of Object.entries(plain))
      object[key] = fromPlain(type.of, one, `${place}["${key}"]`, { mayLack });
    return object;
  }
  for (const [name, of] of type.attributes) {
    const at = place === "" ? name : `${place}.${name}`;
    if (!mayLack && !Object.hasOwn(plain, name)) throw new WrongValue(`${at} is missing`);
    object[name] = fromPlain(of, Object.hasOwn(plain, name) ? plain[name] : null, at, { mayLack });
  }
  const foreign = Object.keys(plain).find((name) => !type.attributes.has(name));
  if (foreign !== undefined && !mayLack) throw new WrongValue(`${place || "the object"} has no attribute ${foreign}`);
  return object;
}
