import { Fault } from "../diagnostic.ts";
import type { Secret } from "../secret.ts";

/** What is shorter is no secret, such as the dash of a cell that holds none, and would be found in every other word. */
const secretCharactersMin = 4;

/**
 * The secrets that were filled in or read at a console. As long as the console is used, nothing that is told repeats one: a page
 * may show it later, with other white space or as part of an address.
 */
export class Unsaid {
  readonly #patterns = new Map<string, RegExp>();

  add(secret: Secret): void {
    const value = secret.reveal();
    const pattern = this.#patterns.has(value) ? undefined : patternOf(value);
    if (pattern) this.#patterns.set(value, pattern);
  }

  /** The text with each secret in it replaced. What is cut comes after this: half a secret is not recognized. */
  clean(text: string): string {
    return [...this.#patterns.values()].reduce((cleaned, pattern) => cleaned.replace(pattern, "(secret)"), text);
  }

  /** Whether a secret is in the text. */
  isIn(text: string): boolean {
    return this.clean(text) !== text;
  }

  /** A Fault in whose words and address no secret is. */
  cleanFault({ message, details }: Fault): Fault {
    const { remedy, at } = details;
    return new Fault(this.clean(message), {
      ...details,
      ...(remedy === undefined ? {} : { remedy: this.clean(remedy) }),
      ...(at === undefined ? {} : { at: this.clean(at) }),
    });
  }
}

const blank = "[\\s\\p{Cc}\\p{Cf}]";

/** It, in any letter case and with any white space, also as an address has it. Undefined for one that is too short. */
function patternOf(value: string): RegExp | undefined {
  const parts = value.split(new RegExp(`${blank}+`, "u")).filter((part) => part !== "");
  if (parts.join("").length < secretCharactersMin) return undefined;
  const forms = [parts.map(escaped).join(`${blank}*`), ...inAddresses(value.trim()).map(escaped)];
  return new RegExp(forms.join("|"), "giu");
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

function inAddresses(value: string): string[] {
  // Half of a pair of code units is in no address.
  if (/\p{Surrogate}/u.test(value)) return [];
  return [encodeURIComponent(value), encodeURI(value), new URLSearchParams([["", value]]).toString().slice(1)];
}
