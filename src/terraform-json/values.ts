import type { Expression as OurExpression } from "../manifest/interpolate.ts";
import { ExpressionError } from "./expression.ts";

/** A text of which parts are known only later: references to resources, or where a secret comes from. */
export class Pending {
  readonly parts: readonly (string | OurExpression)[];

  constructor(parts: readonly (string | OurExpression)[]) {
    this.parts = parts;
  }

  /** The one expression that this is; undefined when it is a text around expressions. */
  get whole(): OurExpression | undefined {
    const [first] = this.parts;
    return this.parts.length === 1 && typeof first === "object" ? first : undefined;
  }
}

/** What an expression comes to. */
export type Evaluated = Known | Pending;
/** The same, where at least the outermost is known. A map keeps no key of the language that we are written in. */
export type Known = string | number | boolean | null | readonly Evaluated[] | ReadonlyMap<string, Evaluated>;
/** Known to the last part. */
export type Plain = string | number | boolean | null | readonly Plain[] | ReadonlyMap<string, Plain>;

export const isList = (value: Evaluated): value is readonly Evaluated[] => Array.isArray(value);
export const isMap = (value: Evaluated): value is ReadonlyMap<string, Evaluated> => value instanceof Map;

/** What messages call a value; never the value itself, which may be a secret. */
export function nameOf(value: Evaluated): string {
  if (value === null) return "null";
  if (value instanceof Pending) return "a value that is known only later";
  if (isList(value)) return "a list";
  if (isMap(value)) return "a map";
  return typeof value === "string" ? "text" : typeof value === "number" ? "a number" : "true or false";
}

/** A known value as text, as Terraform converts it. Throws an ExpressionError for lists, maps and null. */
export function textOf(value: Known): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new ExpressionError(`${nameOf(value)} cannot be made text`);
}

/** A known value as a number; text that spells one is one. */
export function numberOf(value: Known): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" && /^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$/.test(value)) return Number(value);
  throw new ExpressionError(`${nameOf(value)} is not a number`);
}

/** A known value as a truth; the words true and false are one. */
export function truthOf(value: Known): boolean {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new ExpressionError(`${nameOf(value)} is not true or false`);
}

/** Whether two known values are the same; a number is never the same as text. */
export function isSame(left: Plain, right: Plain): boolean {
  if (isList(left) && isList(right))
    return left.length === right.length && left.every((item, index) => isSame(item as Plain, right[index] as Plain));
  if (isMap(left) && isMap(right)) {
    const other = right as ReadonlyMap<string, Plain>;
    return left.size === other.size && [...left].every(([key, item]) => hasSame(other, key, item as Plain));
  }
  return left === right;
}

const hasSame = (map: ReadonlyMap<string, Plain>, key: string, item: Plain): boolean =>
  map.has(key) && isSame(item, map.get(key)!);

/** Below what the stack of calls bears. */
const stepsDepthMax = 200;

/**
 * How much evaluating may make. Locals that double one another would fill any memory, so everything that is made is counted: characters
 * of texts, entries of lists and maps.
 */
export class Budget {
  #left: number;
  #depth = 0;
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
    this.#left = max;
  }

  /** Throws an ExpressionError when it is used up. */
  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0)
      throw new ExpressionError(
        "these expressions make more than is allowed",
        undefined,
        `at most ${this.#max} characters`,
      );
  }

  /** Runs one step further inside: calls, locals and references that need one another. Throws an ExpressionError when that goes too deep. */
  deeper<T>(run: () => T): T {
    this.#depth += 1;
    try {
      if (this.#depth > stepsDepthMax) throw new ExpressionError("these expressions need one another too deeply");
      return run();
    } finally {
      this.#depth -= 1;
    }
  }
}
