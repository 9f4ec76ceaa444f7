/** What a piece of text means, which decides its color. */
export type Tone = "add" | "change" | "remove" | "wait" | "good" | "bad" | "strong" | "quiet";

/** Colors text by its meaning, or leaves it as it is. */
export type Style = (tone: Tone, text: string) => string;

const codes: Record<Tone, [number, number]> = {
  add: [32, 39],
  change: [33, 39],
  remove: [31, 39],
  wait: [36, 39],
  good: [32, 39],
  bad: [31, 39],
  strong: [1, 22],
  quiet: [2, 22],
};

/** No color: for files, pipes and people who asked for none. */
export const plainStyle: Style = (_tone, text) => text;

/** ANSI colors. The caller decides by terminal, NO_COLOR and FORCE_COLOR. */
export const colorStyle: Style = (tone, text) =>
  text === "" ? "" : `\u001b[${codes[tone][0]}m${text}\u001b[${codes[tone][1]}m`;

/** Color only when asked. */
export function styleFor(color: boolean): Style {
  return color ? colorStyle : plainStyle;
}
