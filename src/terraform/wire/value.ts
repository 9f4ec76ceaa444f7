import { Secret } from "../../secret.ts";
import { isNumber, numberText, type TerraformNumber } from "./number.ts";

/**
 * Terraform's values in ours, and the types that they have. Null is what is not set; absent there is not: an object has each of its
 * attributes. A value of a sensitive or write-only text is a `Secret`, so that none is printed by accident.
 */

/** The type of a value. Terraform's `dynamic` and its tuples are not among them. */
export type ValueType =
  | { is: "text"; secret?: true; writeOnly?: true }
  | { is: "number"; writeOnly?: true }
  | { is: "bool"; writeOnly?: true }
  | { is: "list"; of: ValueType; writeOnly?: true }
  | { is: "set"; of: ValueType; writeOnly?: true }
  | MapType
  | ObjectType;

/** Any number of values of one type, by text. */
export interface MapType {
  is: "map";
  of: ValueType;
  writeOnly?: true;
}

/** An object with just these attributes. */
export interface ObjectType {
  is: "object";
  attributes: ReadonlyMap<string, ValueType>;
  writeOnly?: true;
}

/** What Terraform knows of a value that is not known yet. Whoever sends it back promises that it holds. */
export interface Refinement {
  /** It will, or will not, be null. */
  isNull?: boolean;
  /** A text begins with this. */
  prefix?: string;
  least?: Bound;
  greatest?: Bound;
  lengthLeast?: number;
  lengthGreatest?: number;
}
export interface Bound {
  value: TerraformNumber;
  inclusive: boolean;
}

/** A value that is known after apply. */
export class Unknown {
  readonly refinement: Refinement | undefined;

  constructor(refinement?: Refinement) {
    this.refinement = refinement;
  }

  toString(): string {
    return "(known after apply)";
  }
}

/** Nothing is known of it. */
export const unknown: Unknown = new Unknown();

/** A set is an array whose order means nothing and in which nothing stands twice. A map is an object. */
export type Value = null | string | Secret | TerraformNumber | boolean | Unknown | Value[] | ObjectValue;

/** An object or a map. It has no prototype when it was read: any name is an attribute like others. */
export interface ObjectValue {
  [name: string]: Value;
}

/** Whether this is an object or a map, and not a value of a class of ours. */
export const isObjectValue = (value: Value | undefined): value is ObjectValue =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Secret || value instanceof Unknown || isNumber(value));

/** Whether nothing in it is known only after apply. */
export function isWhollyKnown(value: Value): boolean {
  if (value instanceof Unknown) return false;
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  return !isObjectValue(value) || Object.values(value).every(isWhollyKnown);
}

/** The value with null for whatever is write-only: Terraform keeps such values in neither plan nor state, and takes none back. */
export function withoutWriteOnly(type: ValueType, value: Value): Value {
  if (type.writeOnly) return null;
  if (value === null || value instanceof Unknown) return value;
  if (type.is === "object") {
    const object: ObjectValue = Object.create(null);
    for (const [name, of] of type.attributes) object[name] = withoutWriteOnly(of, (value as ObjectValue)[name] ?? null);
    return object;
  }
  if (type.is === "list" || type.is === "set") return (value as Value[]).map((one) => withoutWriteOnly(type.of, one));
  if (type.is !== "map") return value;
  const map: ObjectValue = Object.create(null);
  for (const [name, one] of Object.entries(value as ObjectValue)) map[name] = withoutWriteOnly(type.of, one);
  return map;
}

/** Whether two values of one type mean the same: sets in any order, secrets by what they hold, an unknown value equals no known one. */
export function equalValues(type: ValueType, a: Value, b: Value): boolean {
  return meaning(type, a) === meaning(type, b);
}

/** Equal meaning, equal text; it holds secrets in clear and goes nowhere. */
function meaning(type: ValueType, value: Value): string {
  if (value === null) return "null";
  if (value instanceof Unknown) return "unknown";
  if (type.is === "object") {
    const object = value as ObjectValue;
    return `{${[...type.attributes].map(([name, of]) => meaning(of, object[name] ?? null)).join()}}`;
  }
  if (type.is === "map") {
    const entries = Object.entries(value as ObjectValue).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${meaning(type.of, one)}`).join()}}`;
  }
  if (type.is === "list" || type.is === "set") {
    const entries = (value as Value[]).map((one) => meaning(type.of, one));
    return `[${(type.is === "set" ? [...new Set(entries)].sort() : entries).join()}]`;
  }
  if (isNumber(value)) return numberText(value);
  return JSON.stringify(value instanceof Secret ? value.reveal() : value);
}
