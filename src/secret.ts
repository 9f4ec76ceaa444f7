import { inspect } from "node:util";

/**
 * A secret value. It cannot be printed, logged or serialised by accident: every such path shows `(secret)`.
 * `reveal()` is the only way out and is called where the value is sent, stored or shown to the person who asked.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value in clear. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "(secret)";
  }

  toJSON(): string {
    return "(secret)";
  }

  [inspect.custom](): string {
    return "(secret)";
  }
}

/** Where one issue of a secret is to be kept. */
export interface SecretTarget {
  sink: string;
  path: string;
  issueId: string;
}
