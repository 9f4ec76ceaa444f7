import { randomUUID } from "node:crypto";
import { readNumber, type TerraformNumber } from "./number.ts";
import { fromPlain, WrongValue } from "./plain.ts";
import type { Value, ValueType } from "./value.ts";

/** JSON as states and the other form of a value hold it, with numbers of any size kept exactly. */

/** What JSON holds. */
export type StoredJson = null | string | boolean | TerraformNumber | StoredJson[] | { [name: string]: StoredJson };

const decoder = new TextDecoder("utf-8", { fatal: true });
const numberOrQuote = /"|-?\d[\d.eE+-]*/g;
const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

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
  const marked = markNumbers(text, mark);
  if (marked === text) return JSON.parse(text);
  return JSON.parse(marked, (_, value: StoredJson) =>
    typeof value === "string" && value.startsWith(mark)
      ? (readNumber(value.slice(mark.length)) ?? unreadable())
      : value,
  );
}

/** The text with every number in quotes, behind the mark, that is not the shortest form of a `number`. */
function markNumbers(text: string, mark: string): string {
  const parts: string[] = [];
  let copied = 0;
  numberOrQuote.lastIndex = 0;
  for (let found = numberOrQuote.exec(text); found; found = numberOrQuote.exec(text)) {
    const [word] = found;
    if (word === '"') {
      numberOrQuote.lastIndex = endOfText(text, found.index + 1);
    } else if (String(Number(word)) !== word && numberForm.test(word)) {
      parts.push(text.slice(copied, found.index), `"${mark}${word}"`);
      copied = found.index + word.length;
    }
  }
  return parts.join("") + text.slice(copied);
}

/** Where the text that begins at `from` has ended. One expression for a whole text would overflow at some megabytes. */
function endOfText(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  for (; quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let before = quote;
    while (text[before - 1] === "\\" && before > from) before--;
    if ((quote - before) % 2 === 0) return quote + 1;
  }
  return text.length;
}

function unreadable(): never {
  throw new Error("a number cannot be read");
}
