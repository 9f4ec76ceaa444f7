import type { Expression } from "../../manifest/interpolate.ts";
import { type Entry, type MapNode, type Node, TextFile } from "../../manifest/node.ts";
import type { Address, Source } from "../../resource.ts";
import { Secret } from "../../secret.ts";
import { writeOnlySuffix } from "../form.ts";
import { isNumber, numberText } from "../wire/number.ts";
import type { AttributePath } from "../wire/service.ts";
import { isObjectValue, type ObjectValue, Unknown, type Value } from "../wire/value.ts";

/**
 * A configuration that Terraform hands over, as the nodes of a manifest: the readers of the manifest read both, so that every rule stands in
 * one place. There is no text. Each value stands on a line of its own, and the number of the line leads back to the path of the attribute.
 */

/** The address that stands for what Terraform does not know yet. No resource has it: its kind has no underscore. */
const unknownAddress = "terraform.unknown";

/** The environment variable that stands for the secret at a path. */
export const secretName = (prefix: string, path: readonly string[]): string =>
  [prefix, ...path].join("_").replaceAll(/\W/g, "_").toUpperCase();

/** How the names of the secrets of one resource begin. */
export const secretPrefix = (address: Address): string => `${secretName(`STEWARD_${address}`, [])}_`;

/** Values of one configuration, by what refers to them. They live as long as the process. */
export type Held = Map<string, Secret>;

/** A configuration as a text whose lines are its values. Its secrets go into `held`, and only their names into nodes. */
export class ConfigText extends TextFile {
  override readonly language = "terraform";
  readonly #paths: AttributePath[] = [];
  readonly #held: Held;
  readonly #prefix: string;

  /** Names of secrets begin with `prefix`. */
  constructor(path: string, held: Held, prefix: string) {
    super(path, "");
    this.#held = held;
    this.#prefix = prefix;
  }

  override source(at: number): Source {
    return { file: this.path, line: at + 1, column: 1, length: 1 };
  }

  override offset(line: number): number {
    return line - 1;
  }

  override lineSpan(line: number): { at: number; end: number } {
    return { at: line - 1, end: line - 1 };
  }

  /** Where a diagnostic belongs; undefined for a place of another text, or of the whole. */
  pathOf(source: Source | undefined): AttributePath | undefined {
    if (source?.file !== this.path) return undefined;
    const path = this.#paths[source.line - 1];
    return path && path.length > 0 ? path : undefined;
  }

  /** An object as a map; what is not set is a node of nothing. */
  mapOf(value: ObjectValue, path: AttributePath = []): MapNode {
    const at = this.#place(path);
    const entries = Object.entries(value).map(([key, one]): Entry => {
      const node = this.nodeOf(one, [...path, key]);
      return { key, at: node.at, end: node.end, value: node };
    });
    return { type: "map", file: this, at, end: at, entries };
  }

  nodeOf(value: Value, path: AttributePath): Node {
    if (isObjectValue(value)) return this.mapOf(value, path);
    const at = this.#place(path);
    const span = { file: this, at, end: at };
    if (Array.isArray(value))
      return { type: "list", ...span, items: value.map((one, index) => this.nodeOf(one, [...path, index])) };
    if (value === null) return { type: "scalar", ...span, value: null };
    // A secret that is not known yet is the same reference then and now.
    if (value instanceof Unknown && String(path.at(-1)).endsWith(writeOnlySuffix))
      return this.#expression(span, { kind: "secret", from: "env", name: secretName(this.#prefix, path.map(String)) });
    if (value instanceof Unknown) return this.#expression(span, { kind: "reference", ...unknownRef(path) });
    if (value instanceof Secret)
      return this.#expression(span, { kind: "secret", from: "env", name: this.#hold(value, path) });
    if (isNumber(value)) return { type: "scalar", ...span, value: Number(numberText(value)), evaluated: {} };
    if (typeof value === "boolean") return { type: "scalar", ...span, value, evaluated: {} };
    return { type: "scalar", ...span, value, evaluated: { parts: value === "" ? [] : [value] } };
  }

  #expression(span: { file: TextFile; at: number; end: number }, part: ExpressionPart): Node {
    return { type: "scalar", ...span, value: "", evaluated: { parts: [{ ...part, at: 0, end: 0 } as Expression] } };
  }

  /** The name is that of an environment variable, so that whoever goes on by hand can bring the value by it. */
  #hold(secret: Secret, path: AttributePath): string {
    const name = secretName(this.#prefix, path.map(String));
    this.#held.set(name, secret);
    return name;
  }

  #place(path: AttributePath): number {
    return this.#paths.push(path) - 1;
  }
}

type ExpressionPart =
  | { kind: "reference"; address: string; attribute: string }
  | { kind: "secret"; from: "env"; name: string };

const unknownRef = (path: AttributePath) => ({ address: unknownAddress, attribute: path.map(String).join(".") });
