/**
 * Numbers as Terraform has them: decimal, with 512 bits. Those that JavaScript holds exactly are a `number`, greater whole ones a `bigint`,
 * and what is left a `Decimal`. One number has one form, so that equal numbers are equal here.
 */

/** A fraction that no `number` prints as: more digits than a double has, or beyond its range. */
export class Decimal {
  /** Without exponent, without needless zeros. */
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** For `readNumber` alone, which knows that nothing simpler holds the number. */
  static of(text: string): Decimal {
    return new Decimal(text);
  }

  toString(): string {
    return this.text;
  }
}

export type TerraformNumber = number | bigint | Decimal;

/** Digits that a number may have when it is written out. A double needs 1,100 at most, and 512 bits fewer where people write them. */
const digitsMax = 10_000;
const numberForm = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

/** A decimal number in its one form; undefined when the text is none, or has more than 10,000 digits. */
export function readNumber(text: string): TerraformNumber | undefined {
  const plain = plainDecimal(text);
  if (plain === undefined) return undefined;
  if (!plain.includes(".")) {
    const value = Number(plain);
    return Number.isSafeInteger(value) ? value : BigInt(plain);
  }
  const value = Number(plain);
  return plainDecimal(String(value)) === plain ? value : Decimal.of(plain);
}

/** A number as decimal text without exponent: `0.1`, `-12`, `100000000000000000000`. Throws for what is not finite. */
export function numberText(value: TerraformNumber): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "number") return value.text;
  const text = Number.isInteger(value) ? BigInt(value).toString() : plainDecimal(String(value));
  if (text === undefined) throw new Error("Terraform has no number that is not finite");
  return text;
}

/** Whether this is a number of ours. */
export const isNumber = (value: unknown): value is TerraformNumber =>
  typeof value === "number" || typeof value === "bigint" || value instanceof Decimal;

/** Sign, whole part without leading zeros, fraction without trailing ones. */
function plainDecimal(text: string): string | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = numberForm.exec(text) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (digits === "" || digits.length + Math.abs(point) > digitsMax) return undefined;
  const padded = point < 0 ? "0".repeat(-point) + digits : digits.padEnd(point, "0");
  const at = Math.max(point, 0);
  const wholePart = padded.slice(0, at).replace(/^0+/, "") || "0";
  const fractionPart = padded.slice(at).replace(/0+$/, "");
  const unsigned = fractionPart === "" ? wholePart : `${wholePart}.${fractionPart}`;
  return sign === "-" && unsigned !== "0" ? `-${unsigned}` : unsigned;
}
