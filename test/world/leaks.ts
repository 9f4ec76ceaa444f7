/** Finds secrets in text, in clear and in every usual disguise. */

/** A secret that was found, by its name and the way it was written. Never its value. */
export interface Leak {
  secret: string;
  as: string;
}

/** Shorter pieces turn up by chance. */
const pieceCharactersMin = 10;

/** Every way of writing a value that a program could fall into, by name. */
export const encodings: Record<string, (value: string) => string> = {
  plain: (value) => value,
  "base64, alone": (value) => Buffer.from(value).toString("base64"),
  "base64, one byte in": (value) => Buffer.from(`:${value}:`).toString("base64"),
  "base64, two bytes in": (value) => Buffer.from(`u:${value}:`).toString("base64"),
  base64url: (value) => Buffer.from(`a:${value}`).toString("base64url"),
  "base64 in lines": (value) => Buffer.from(value).toString("base64").replace(/.{16}/g, "$&\n"),
  "in a URL": (value) => encodeURIComponent(value),
  "in a form": (value) => new URLSearchParams({ v: value }).toString(),
  "in a URL, byte by byte": (value) => Buffer.from(value).toString("hex").replace(/../g, "%$&"),
  JSON: (value) => JSON.stringify(value),
  "JSON in JSON": (value) => JSON.stringify(JSON.stringify({ value })),
  "JSON, escaped": (value) =>
    [...value].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  hex: (value) => Buffer.from(value).toString("hex"),
  "hex in capitals": (value) => Buffer.from(value).toString("hex").toUpperCase(),
  "HTML, escaped": (value) => value.replace(/[&<>"'`]/g, (each) => `&#${each.charCodeAt(0)};`),
  "cut in half": (value) => value.slice(0, Math.ceil(value.length / 2)),
};

/** Looks for each secret (name to value) in a text. */
export function findLeaks(text: string, secrets: ReadonlyMap<string, string>): Leak[] {
  const folded = text.toLowerCase();
  const joined = folded.replace(/\s+/g, "");
  const leaks: Leak[] = [];
  for (const [secret, value] of secrets) {
    const as = [...needlesOf(value)].find(([, needle]) => folded.includes(needle) || joined.includes(needle))?.[0];
    if (as !== undefined) leaks.push({ secret, as });
  }
  return leaks;
}

const kept = new Map<string, [as: string, needle: string][]>();

/** What to look for, in small letters. Each half of a value counts: an error text may have cut it. */
function needlesOf(value: string): [as: string, needle: string][] {
  const known = kept.get(value);
  if (known) return known;
  if (value.length < pieceCharactersMin) throw new Error("a canary is too short to be told from chance");
  const middle = Math.ceil(value.length / 2);
  const pieces = [value.slice(0, middle), value.slice(middle)]
    // A pair that was cut in two is no character.
    .map((piece) => piece.replace(/\p{Cs}/gu, ""))
    .filter((piece) => piece.length >= pieceCharactersMin);
  const needles = (pieces.length > 0 ? pieces : [value]).flatMap(disguises);
  const folded = needles.map(([as, needle]): [string, string] => [as, needle.toLowerCase().replace(/\s+/g, "")]);
  const telling = folded.filter(([, needle]) => needle.length >= pieceCharactersMin);
  kept.set(value, telling);
  return telling;
}

/** Without what depends on the bytes before and behind. */
function disguises(value: string): [as: string, needle: string][] {
  const bytes = Buffer.from(value);
  const aligned = [0, 1, 2].map((offset) => insideBase64(bytes, offset));
  const escaped = JSON.stringify(value).slice(1, -1);
  return [
    ["plain", value],
    ...aligned.map((needle): [string, string] => ["base64", needle]),
    ...aligned.map((needle): [string, string] => ["base64url", needle.replace(/\+/g, "-").replace(/\//g, "_")]),
    ["in a URL", encodeURIComponent(value)],
    ["in a form", new URLSearchParams({ v: value }).toString().slice(2)],
    ["in a URL, byte by byte", bytes.toString("hex").replace(/../g, "%$&")],
    ["JSON", escaped],
    ["JSON in JSON", JSON.stringify(escaped).slice(1, -1)],
    ["JSON, escaped", encodings["JSON, escaped"]!(value)],
    ["hex", bytes.toString("hex")],
    ["HTML, escaped", encodings["HTML, escaped"]!(value)],
  ];
}

/** The characters of base64 that only these bytes decide, when `offset` bytes stand before them. */
function insideBase64(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const bits = (offset + bytes.length) * 8;
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(bits / 6));
}
