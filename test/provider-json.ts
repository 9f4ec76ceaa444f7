import { Secret } from "../src/secret.ts";
import { isNumber, numberText } from "../src/terraform/wire/number.ts";
import { Unknown, type Value } from "../src/terraform/wire/value.ts";

/** A value as Terraform writes it into a state file. */
export function jsonText(value: Value): string {
  if (value instanceof Unknown) throw new Error("no unknown value is stored");
  if (isNumber(value)) return numberText(value);
  if (value instanceof Secret) return JSON.stringify(value.reveal());
  if (Array.isArray(value)) return `[${value.map(jsonText).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}:${jsonText(one)}`)}}`;
}
