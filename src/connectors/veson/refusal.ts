import type { Fault } from "../../diagnostic.ts";
import type { Value } from "../../resource.ts";
import type { Step } from "../../step.ts";

/**
 * A save that is refused for want of a license. No document says with which words: that they speak of a license is assumed
 * (VES-09). A page may repeat what was filled in, and a name that speaks of a license means nothing.
 */
export function isForWantOfLicense({ message, details }: Fault, { input }: Pick<Step, "input">): boolean {
  return details.code === "refused" && /\blicen[cs]es?\b/i.test(withoutValues(message, Object.values(input)));
}

/** The longest first: one value may be part of another. */
function withoutValues(message: string, values: readonly Value[]): string {
  const texts = values.flatMap(textsIn).sort((a, b) => b.length - a.length);
  return texts.reduce((left, text) => left.replace(wholeWords(text), " "), message);
}

function textsIn(value: Value): string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value.trim()];
  return typeof value === "object" ? Object.values(value).flatMap((one) => textsIn(one as Value)) : [];
}

/** Initials of one letter are part of every word. */
function wholeWords(text: string): RegExp {
  const literal = text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/\s+/g, "\\s+");
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "giu");
}
