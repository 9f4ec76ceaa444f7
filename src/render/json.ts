const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{DI}]/gu;

/** Indented JSON with a line end. What a terminal obeys or hides is escaped; the parsed value is the same. */
export function stringify(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(unseen, (character) => (character === "\n" ? character : escapeUnits(character)))}\n`;
}

/** Every UTF-16 unit as `\u202e`, which JSON reads back. */
function escapeUnits(character: string): string {
  let escaped = "";
  for (let index = 0; index < character.length; index++) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
