import { randomUUID } from "node:crypto";
import { readNumber, type TerraformNumber } from "./number.ts";
import { fromPlain, WrongValue } from "./plain.ts";
import type { Value, ValueType } from "./value.ts";

/** JSON as states and the other form of a value hold it, with numbers of any size kept exactly. */

/** What JSON holds. */
export type StoredJson = null | string | boolean | TerraformNumber | StoredJson[] | { [name: string]: StoredJson };

const decoder = new TextDecoder("utf-8", { fatal: true });
/** A text, or a number: whatever looks like a number inside a text is skipped with it. */
const textOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The bytes as JSON. Throws `WrongValue`; the message repeats nothing of the text, which may hold secrets. */
export function parseJson(bytes: Uint8Array): StoredJson {
  try {
    return parseExactly(decoder.decode(bytes));
  } catch {
    throw new WrongValue("these bytes are no JSON");
  }
}

/** A value of this type from JSON. With `mayLack`, attributes that are not there are null and foreign ones are left out. */
export const decodeJson = (type: ValueType, json: StoredJson, { mayLack = false } = {}): Value =>
  fromPlain(type, json, "", { mayLack });

/** JavaScript's own reader rounds numbers, so those that it would change travel as texts that nothing else can be. */
function parseExactly(text: string): StoredJson {
  const mark = randomUUID();
  let isMarked = false;
  const marked = text.replaceAll(textOrNumber, (word) => {
    if (word.startsWith('"') || String(Number(word)) === word) return word;
    isMarked = true;
    return `"${mark}${word}"`;
  });
  if (!isMarked) return JSON.parse(text);
  return JSON.parse(marked, (_, value: StoredJson) =>
    typeof value === "string" && value.startsWith(mark)
      ? (readNumber(value.slice(mark.length)) ?? unreadable())
      : value,
  );
}

function unreadable(): never {
  throw new Error("a number has too many digits");
}
