/**
 * Text from outside, made fit for a screen: what a terminal would obey or hide is spelled out as `\u001b`, so that a value
 * on a remote system cannot move the cursor, recolor a plan or turn its reading direction.
 */

const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{DI}]|(?! )\p{Zs}/gu;

/** Characters of one phrase; addresses and reasons are far shorter. */
const phraseCharactersMax = 1_000;

/** One line of text in which every control, format, bidi and invisible character is spelled out. */
export function visible(text: string): string {
  return text.replace(unseen, spellOut);
}

/** Words from outside on one line: visible, and cut where nobody would read on. */
export function phrase(text: string): string {
  return visible(shorten(text, phraseCharactersMax));
}

/** Our own text may have several lines; each of them is made visible on its own. */
export function visibleLines(text: string): string[] {
  return text.split("\n").map(visible);
}

/** A character as `\n`, `\u202e` or `\u{e0041}`. */
export function spellOut(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  const code = character.codePointAt(0)!;
  const hex = code.toString(16).padStart(4, "0");
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex}`;
}

/** Cuts text to `charactersMax` and says how long it was. Never cuts a character in two. */
export function shorten(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const characters = [...text];
  if (characters.length <= charactersMax) return text;
  return `${characters.slice(0, charactersMax).join("")}… (${characters.length} characters)`;
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Columns that text takes on a terminal. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += wide.test(character) ? 2 : /\p{M}/u.test(character) ? 0 : 1;
  return columns;
}

/** Fills with blanks up to `columns`. */
export function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}

/** `1 step`, `2 steps`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** With a capital letter, as at the beginning of a sentence. */
export function capital(text: string): string {
  const [first = ""] = text;
  return first.toUpperCase() + text.slice(first.length);
}
